"""Sphinx, for `make docs`.

The source is the checkout, so that the pages that lie elsewhere are pages,
too, and the links between all of them are checked.
"""
import datetime

project = 'T-MAD'
author = 'the authors of tmad_mmedit'
copyright = f'{datetime.date.today().year}, {author}'

extensions = ['myst_parser']
root_doc = 'docs/index'
include_patterns = [
    'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/*.md',
    'demo/LICENCES.md', 'tmad_mmedit/weights/README.md'
]
myst_heading_anchors = 3
nitpicky = True
html_theme = 'furo'

"""What the pages say is there: files, options, names. What they say of configs
and of the plug's commands: test_openmmlab/test_docs_of_plug.py."""
import re
from importlib import import_module

import pytest

from tests.conftest import ROOT
from tmad_mmedit.cli.main import OF_PLUG, build_parser

PAGES = [ROOT / 'README.md', ROOT / 'CONTRIBUTING.md', ROOT / 'CHANGELOG.md',
         ROOT / 'tmad_mmedit/weights/README.md',
         *sorted((ROOT / 'docs').glob('*.md'))]
EVERY_PAGE = pytest.mark.parametrize('page', PAGES, ids=lambda x: x.stem)


def code(page, language):
    """The blocks of a page in a language."""
    return re.findall(rf'```{language}\n(.*?)```', page.read_text(), re.S)


def test_the_readme_is_read_in_minutes():
    assert len(PAGES[0].read_text().splitlines()) <= 120


@EVERY_PAGE
def test_links_to_files_lead_somewhere(page):
    links = re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', page.read_text())
    for link in links:
        assert (page.parent / link).exists(), link


def options_on(page):
    """Commands of `tmad` that a page names, and the options it gives them."""
    text = page.read_text().replace('\\\n', ' ')
    for command, rest in re.findall(r'(?:^|`) *tmad ([a-z]+)(.*)', text, re.M):
        for option in re.findall(r'(?<= )--[a-z-]+', rest.split('#')[0]):
            yield command, option


def help_of(command):
    """Of a command of the plug, if that is there."""
    parser = build_parser(command)
    return parser._subparsers._group_actions[0].choices[command].format_help()


@EVERY_PAGE
def test_the_options_of_the_command_exist(page):
    for command, option in options_on(page):
        if command not in OF_PLUG:
            assert option in help_of(command), f'tmad {command} {option}'


@EVERY_PAGE
def test_the_commands_exist(page):
    commands = build_parser()._subparsers._group_actions[0].choices
    for command, _ in options_on(page):
        assert command in commands


IMPORT = re.compile(r'^from (tmad_mmedit[\w.]*) import (.+)$', re.M)


@EVERY_PAGE
def test_what_python_imports_is_there(page):
    for block in code(page, 'python'):
        for module, names in IMPORT.findall(block):
            if 'openmmlab' not in module:
                for name in names.split(','):
                    assert hasattr(import_module(module), name.strip())


def named_places():
    """Files, and symbols in them, that the table of the paper names."""
    text = (ROOT / 'docs/paper_to_code.md').read_text()
    for place in re.findall(r'`([\w./]+(?:\.py|/)(?:: [\w.]+)?)`', text):
        file, _, symbol = place.partition(': ')
        yield file, symbol


def test_the_tests_that_the_page_names_are_there():
    text = (ROOT / 'docs/paper_to_code.md').read_text()
    tests = ''.join(path.read_text() for path in ROOT.glob('tests/**/*.py'))
    for name in re.findall(r'`(test_\w+)`', text):
        assert f'def {name}(' in tests, name


def test_the_tables_of_settings_are_those_of_the_code(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import settings_tables
    page = settings_tables.PAGE.read_text()
    assert page.count('<!-- settings: ') == 6
    assert settings_tables.with_tables(page) == page, (
        'run `python tools/settings_tables.py`')


@pytest.mark.parametrize('file, symbol', sorted(set(named_places())))
def test_what_the_paper_became_is_where_the_page_says(file, symbol):
    roots = ('', 'tmad_mmedit', 'tmad_mmedit/models', 'tests',
             'tests/test_models')
    found = [ROOT / root / file for root in roots
             if (ROOT / root / file).exists()]
    assert found, file
    for name in symbol.split('.') if symbol else ():
        assert re.search(rf'\b{name}\b', found[0].read_text()), name

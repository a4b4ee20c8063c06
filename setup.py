"""Puts the top-level configs/ under tmad_mmedit/.mim/configs, where
OpenMMLab's tools look for the configs of an installed package."""
import os
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = os.path.dirname(os.path.abspath(__file__))


class BuildWithConfigs(build_py):
    def run(self):
        super().run()
        editable = getattr(self, 'editable_mode', False)
        package = os.path.join(ROOT if editable else self.build_lib,
                               'tmad_mmedit')
        place_configs(os.path.join(package, '.mim', 'configs'), link=editable)


def place_configs(target, link):
    """A wheel gets a copy. A checkout installed with `pip install -e` gets a
    link, so that an edited config counts at once."""
    if os.path.islink(target):
        os.remove(target)
    # a config deleted since the last build must not survive in it
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if link:
        try:
            return os.symlink(
                os.path.join('..', '..', 'configs'),
                target,
                target_is_directory=True)
        except OSError:
            # Windows without the right to make links: a copy, made anew at
            # each `pip install -e .`
            pass
    shutil.copytree(
        os.path.join(ROOT, 'configs'),
        target,
        ignore=shutil.ignore_patterns('__pycache__'))


setup(cmdclass={'build_py': BuildWithConfigs})

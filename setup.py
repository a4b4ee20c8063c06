"""What pip cannot read from setup.cfg: which OpenCV is asked for, and what of
the checkout the wheel carries beside the package."""
import os
import shutil
import sysconfig
from importlib.metadata import distributions

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = os.path.dirname(os.path.abspath(__file__))
# What painting needs
REQUIRES = [
    'torch>=2.0', 'numpy>=1.21', 'Pillow>=9.1', 'safetensors>=0.4', 'rich>=12'
]
# OpenCV has four names. Each has all that is called here, and one laid over
# another breaks both.
OPENCVS = [
    'opencv-python', 'opencv-contrib-python', 'opencv-contrib-python-headless',
    'opencv-python-headless'
]
# The configs lie where OpenMMLab's tools look for those of an installed
# package, the sample photographs where the page does
CARRIED = {'configs': '.mim/configs', 'demo': '.demo'}


def opencv():
    """The OpenCV that is there, else the one without windows.

    An isolated build sees its own packages first; sysconfig names the
    environment that is installed into.
    """
    folders = {sysconfig.get_path('purelib'), sysconfig.get_path('platlib')}
    there = {
        dist.metadata['Name'].lower().replace('_', '-')
        for dist in distributions(path=list(folders)) if dist.metadata['Name']
    }
    name = next((x for x in OPENCVS if x in there), OPENCVS[-1])
    return f'{name}>=4.5'


class BuildWithConfigs(build_py):

    def run(self):
        super().run()
        editable = getattr(self, 'editable_mode', False)
        package = os.path.join(ROOT if editable else self.build_lib,
                               'tmad_mmedit')
        for folder, target in CARRIED.items():
            place(folder, os.path.join(package, target), link=editable)


def place(folder, target, link):
    """A wheel gets a copy. A checkout installed with `pip install -e` gets a
    link, so that an edited file counts at once."""
    if os.path.islink(target):
        os.remove(target)
    # what was deleted since the last build must not survive in it
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if link:
        try:
            return os.symlink(
                os.path.relpath(
                    os.path.join(ROOT, folder), os.path.dirname(target)),
                target,
                target_is_directory=True)
        except OSError:
            # Windows without the right to make links: a copy, made anew at
            # each `pip install -e .`
            pass
    shutil.copytree(
        os.path.join(ROOT, folder),
        target,
        ignore=shutil.ignore_patterns('__pycache__', 'out'))


setup(
    install_requires=[*REQUIRES, opencv()],
    cmdclass={'build_py': BuildWithConfigs})

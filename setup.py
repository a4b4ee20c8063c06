"""Say what pip cannot read from setup.cfg: which OpenCV and which NumPy are
asked for, and what of the checkout the wheel carries beside the package."""
import os
import shutil
import sysconfig
from importlib.metadata import distributions

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = os.path.dirname(os.path.abspath(__file__))
# OpenCV has four names. Each has all that is called here, and one laid over
# another breaks both.
OPENCVS = [
    'opencv-python', 'opencv-contrib-python', 'opencv-contrib-python-headless',
    'opencv-python-headless'
]
# The configs lie where OpenMMLab's tools look for those of an installed
# package, the sample photographs where the page does
CARRIED = {'configs': '.mim/configs', 'demo': '.demo'}


def requires():
    """Return what painting needs, as it goes with what is there.

    An isolated build sees its own packages first; sysconfig names the
    environment that is installed into.
    """
    folders = {sysconfig.get_path('purelib'), sysconfig.get_path('platlib')}
    there = {
        dist.metadata['Name'].lower().replace('_', '-'): dist.version
        for dist in distributions(path=list(folders)) if dist.metadata['Name']
    }
    opencv = next((x for x in OPENCVS if x in there), OPENCVS[-1])
    # today's OpenCV brings NumPy 2, under packages built for NumPy 1
    old = numbers(there.get('torch', '99')) < (2, 3) or (
        numbers(there.get('numpy', '99')) < (2, ))
    return [
        'torch>=2.0', 'numpy>=1.21' + ',<2' * old, 'Pillow>=9.1',
        'safetensors>=0.4', 'rich>=12', f'{opencv}>=4.5'
    ]


def numbers(version):
    """'2.0.1+cu117' as (2, 0)."""
    return tuple(int(x) for x in version.split('+')[0].split('.')[:2]
                 if x.isdigit())


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
    install_requires=requires(),
    cmdclass={'build_py': BuildWithConfigs})

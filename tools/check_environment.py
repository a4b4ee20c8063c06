"""Says whether the packages in this Python fit together: a line per
component, then one sentence on the first thing that does not fit.

    python tools/check_environment.py            # imports everything
    python tools/check_environment.py --quick    # versions and files only

Exit status 1 goes with the sentence.
"""
import argparse
import importlib
import importlib.util
import os
import platform
import re
import sys
from importlib import metadata

PYTHON = sys.executable
if PYTHON.startswith(os.getcwd() + os.sep):
    PYTHON = os.path.relpath(PYTHON)
PIP = f'{PYTHON} -m pip'
MMCV = (f'MMCV_WITH_OPS=1 {PIP} install --no-build-isolation --no-cache-dir '
        '--force-reinstall --no-deps mmcv==2.0.1')
SET_UP = 'run `make env`, then use .venv/bin/python'


def main(argv=None):
    parser = argparse.ArgumentParser(
        description='Do the packages in this Python fit together?')
    parser.add_argument(
        '--quick',
        action='store_true',
        help='versions and files only; silent when all is well')
    quick = parser.parse_args(argv).quick

    versions = installed()
    if not quick:
        versions.update(imported())
        for component, found in versions.items():
            print(f'{component:20} {found or "missing"}')
    sentence = verdict(versions)
    if sentence:
        print(sentence, file=sys.stderr)
    return 1 if sentence else 0


def verdict(versions):
    """What is wrong with a set of packages, and what mends it.

    Args:
        versions (dict[str, str | None]): Component -> version, or 'yes' or
            'no'; None: it is not there. Components that are absent from the
            dict are taken for unknown and pass.

    Returns:
        str | None: One sentence, on the first fault; None if the set is good.
    """

    def missing(component):
        return component in versions and versions[component] is None

    def minor(component):
        return _minor(versions.get(component))

    def found(component):
        return f'{component} {versions.get(component) or "(missing)"}'

    for component in ('torch', 'torchvision', 'numpy', 'mmengine'):
        if missing(component):
            return f'{component} is not installed in {PYTHON}: {SET_UP}.'
    if minor('numpy') >= (2, 0) and (0, 0) < minor('torch') < (2, 3):
        return (f'NumPy {versions["numpy"]} is too new for {found("torch")}, '
                f'which is built for NumPy 1.x: run `{PIP} install "numpy<2" '
                '"opencv-python<4.12"`.')
    if missing('pkg_resources'):
        return (f'{found("setuptools")} has no pkg_resources, which mmengine '
                f'and mim import: run `{PIP} install "setuptools<81"`.')
    if missing('mmcv') and not versions.get('mmcv-lite'):
        return f'mmcv is not installed: run `{MMCV}`.'
    if versions.get('mmcv-lite'):
        return (f'{found("mmcv-lite")} is an mmcv without the compiled '
                f'operators that mmedit imports: run `{PIP} uninstall -y '
                f'mmcv-lite mmcv`, then `{MMCV}`.')
    if (minor('mmedit') == (1, 0) and minor('mmcv')
            and not (2, 0) <= minor('mmcv') < (2, 1)):
        return (f'{found("mmcv")} does not go with {found("mmedit")}, which '
                f'asserts 2.0.0rc1 <= mmcv < 2.1: run `{MMCV}`.')
    if missing('mmcv ops'):
        return (f'{found("mmcv")} is here without its compiled operators, or '
                f'they do not load with this torch: run `{MMCV}`.')
    if missing('mmedit'):
        return (f'mmedit is not installed: run `{PIP} install '
                'mmedit==1.0.0rc7` (it is a pre-release, so pip needs the '
                'exact version).')
    if versions.get('mmedit import', 'yes') != 'yes':
        return (f'mmedit does not import ({versions["mmedit import"]}): run '
                f'`{PIP} install -r requirements/reference.txt`.')
    if missing('tmad_mmedit'):
        return (f'tmad_mmedit is not installed: run `{PIP} install --no-deps '
                '-e .` in the checkout.')
    if versions.get('tmad_mmedit import', 'yes') != 'yes':
        return ('tmad_mmedit does not import '
                f'({versions["tmad_mmedit import"]}): run `{PYTHON} -c '
                '"import tmad_mmedit"` to see where.')
    return None


def installed():
    """Versions as pip recorded them, and the two files that matter; imports
    nothing, so a broken package cannot break it."""
    versions = {'python': platform.python_version()}
    for name in ('torch', 'torchvision', 'numpy', 'setuptools', 'mmcv',
                 'mmcv-lite', 'mmengine', 'mmedit', 'tmad_mmedit'):
        versions[name] = _version(name)
    if not versions['mmcv-lite']:
        del versions['mmcv-lite']
    has_pkg_resources = importlib.util.find_spec('pkg_resources')
    versions['pkg_resources'] = 'yes' if has_pkg_resources else None
    versions['mmcv ops'] = 'yes' if _has_extension('mmcv') else None
    return versions


def imported():
    """What only an import tells. A failed one is a value here: its reason in
    one line, or None where `verdict` has a sentence of its own."""
    found = {}
    if _import_error('torch') is None:
        cuda = importlib.import_module('torch').cuda.is_available()
        found['cuda'] = 'yes' if cuda else 'no'
    found['mmcv ops'] = None
    if _import_error('mmcv.ops') is None:
        found['mmcv ops'] = 'yes'
        cuda = importlib.import_module('mmcv.ops').get_compiling_cuda_version()
        found['CARAFE CUDA kernel'] = (
            'no (ours stands in)'
            if cuda == 'not available' else f'yes (CUDA {cuda})')
    for package, module in (('mmedit', 'mmedit.models'),
                            ('tmad_mmedit', 'tmad_mmedit')):
        if importlib.util.find_spec(package):
            found[f'{package} import'] = _import_error(module) or 'yes'
    return found


def _version(distribution):
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _has_extension(package):
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    return any(
        name.startswith('_ext.') for folder in folders if os.path.isdir(folder)
        for name in os.listdir(folder))


def _import_error(module):
    try:
        importlib.import_module(module)
    except Exception as error:  # whatever a broken package throws
        return f'{type(error).__name__}: {error}'.splitlines()[0]
    return None


def _minor(version):
    """'2.0.1+cu117' -> (2, 0); () when unknown."""
    match = re.match(r'(\d+)\.(\d+)', version or '')
    return tuple(map(int, match.groups())) if match else ()


if __name__ == '__main__':
    sys.exit(main())

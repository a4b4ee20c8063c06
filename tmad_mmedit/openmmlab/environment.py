"""Whether the packages in this Python fit together. Needs the standard library
only, so that it can speak where nothing else imports."""
import importlib
import importlib.util
import os
import platform
import re
import sys
from importlib import metadata
from typing import Optional

PYTHON = sys.executable
if PYTHON.startswith(os.getcwd() + os.sep):
    PYTHON = os.path.relpath(PYTHON)
PIP = f'{PYTHON} -m pip'
MMCV = (f'MMCV_WITH_OPS=1 {PIP} install --no-build-isolation --no-cache-dir '
        '--force-reinstall --no-deps mmcv==2.0.1')
CXX_17 = 'CXX="$PWD/tools/mmcv_cxx"'  # torch >= 2.1 needs C++17
SET_UP = 'run `make env`, then use .venv/bin/python'

Versions = dict[str, Optional[str]]


def demand() -> None:
    """Import mmcv's operators and mmedit.

    Raises:
        ModuleNotFoundError: Without mmengine: the plug is not installed.
        ImportError: One sentence: what does not fit, and what mends it.
    """
    if "No module named 'mmengine'" in (_import_error('mmengine') or ''):
        raise ModuleNotFoundError(f'mmengine is not installed in {PYTHON}: '
                                  f'{SET_UP}.', name='mmengine')
    errors = {module: _import_error(module)
              for module in ('mmcv.ops', 'mmedit.models')}
    if not any(errors.values()) and importlib.util.find_spec('pkg_resources'):
        return
    versions = installed()
    if errors['mmcv.ops']:
        versions['mmcv ops'] = None
    versions['mmedit import'] = errors['mmedit.models'] or 'yes'
    raise ImportError(verdict(versions))


def verdict(versions: Versions) -> Optional[str]:
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

    stack, run_mmcv = 'reference', f'run `{MMCV}`'
    if minor('torch') >= (2, 1):
        stack, run_mmcv = 'modern', f'in a checkout run `{CXX_17} {MMCV}`'

    for component in ('torch', 'torchvision', 'numpy', 'mmengine'):
        if missing(component):
            return f'{component} is not installed in {PYTHON}: {SET_UP}.'
    if minor('numpy') >= (2, 0):
        needs = 'mmedit 1.0.0rc7, which names np.bool8 when it is imported'
        if (0, 0) < minor('torch') < (2, 3):
            needs = f'{found("torch")}, which is built for NumPy 1.x'
        return (f'NumPy {versions["numpy"]} is too new for {needs}: run '
                f'`{PIP} install "numpy<2" "opencv-python<4.12"`.')
    if missing('pkg_resources'):
        return (f'{found("setuptools")} has no pkg_resources, which mmengine '
                f'and mim import: run `{PIP} install "setuptools<81"`.')
    if missing('mmcv') and not versions.get('mmcv-lite'):
        return f'mmcv is not installed: {run_mmcv}.'
    if versions.get('mmcv-lite'):
        return (f'{found("mmcv-lite")} is an mmcv without the compiled '
                f'operators that mmedit imports: run `{PIP} uninstall -y '
                f'mmcv-lite mmcv`, then {run_mmcv}.')
    if (minor('mmedit') == (1, 0) and minor('mmcv')
            and not (2, 0) <= minor('mmcv') < (2, 1)):
        return (f'{found("mmcv")} does not go with {found("mmedit")}, which '
                f'asserts 2.0.0rc1 <= mmcv < 2.1: {run_mmcv}.')
    if missing('mmcv ops'):
        return (f'{found("mmcv")} is here without its compiled operators, or '
                f'they do not load with this torch: {run_mmcv}.')
    if missing('mmedit'):
        return (f'mmedit is not installed: run `{PIP} install '
                'mmedit==1.0.0rc7` (it is a pre-release, so pip needs the '
                'exact version).')
    if versions.get('mmedit import', 'yes') != 'yes':
        return (f'mmedit does not import ({versions["mmedit import"]}): run '
                f'`{PIP} install -r requirements/{stack}.txt`.')
    if missing('tmad_mmedit'):
        return (f'tmad_mmedit is not installed: run `{PIP} install --no-deps '
                '-e .` in the checkout.')
    if versions.get('tmad_mmedit import', 'yes') != 'yes':
        return ('tmad_mmedit does not import '
                f'({versions["tmad_mmedit import"]}): run `{PYTHON} -c '
                '"import tmad_mmedit.openmmlab"` to see where.')
    return None


def installed() -> Versions:
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


def imported() -> Versions:
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
                            ('tmad_mmedit', 'tmad_mmedit.openmmlab')):
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

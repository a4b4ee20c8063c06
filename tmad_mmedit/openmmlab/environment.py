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
# MMEditing and MMagic, its later name: the release that is tested, and the
# first minor version of mmcv that it refuses
HOSTS = {'mmedit': ('1.0.0rc7', '2.1'), 'mmagic': ('1.2.0', '2.2')}
MMCV = (f'MMCV_WITH_OPS=1 {PIP} install --no-build-isolation --no-cache-dir '
        '--force-reinstall --no-deps mmcv==2.0.1')
CXX_17 = 'CXX="$PWD/tools/mmcv_cxx"'  # torch >= 2.1 needs C++17
SET_UP = 'run `make env`, then use .venv/bin/python'

Versions = dict[str, Optional[str]]


def demand() -> None:
    """Import mmcv's operators and the host, mmedit or mmagic.

    Raises:
        ModuleNotFoundError: Without mmengine: the plug is not installed.
        ImportError: One sentence: what does not fit, and what mends it.
    """
    if "No module named 'mmengine'" in (_import_error('mmengine') or ''):
        raise ModuleNotFoundError(f'mmengine is not installed in {PYTHON}: '
                                  f'{SET_UP}.', name='mmengine')
    versions = installed()
    host = _host(versions)
    errors = {module: _import_error(module)
              for module in ('mmcv.ops', f'{host}.models')}
    if not any(errors.values()) and importlib.util.find_spec('pkg_resources'):
        return
    if errors['mmcv.ops']:
        versions['mmcv ops'] = None
    versions[f'{host} import'] = errors[f'{host}.models'] or 'yes'
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

    host = _host(versions)
    release, refused = HOSTS[host]
    stack, run_mmcv = 'reference', f'run `{MMCV}`'
    if minor('torch') >= (2, 1):
        stack, run_mmcv = 'modern', f'in a checkout run `{CXX_17} {MMCV}`'
    if host == 'mmagic':
        stack = 'mmagic'

    for component in ('torch', 'torchvision', 'numpy', 'mmengine'):
        if missing(component):
            return f'{component} is not installed in {PYTHON}: {SET_UP}.'
    if minor('numpy') >= (2, 0):
        needs = f'{host} {release}, which names np.bool8 when it is imported'
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
                f'operators that {host} imports: run `{PIP} uninstall -y '
                f'mmcv-lite mmcv`, then {run_mmcv}.')
    if (minor(host) == _minor(release) and minor('mmcv')
            and not (2, 0) <= minor('mmcv') < _minor(refused)):
        return (f'{found("mmcv")} does not go with {found(host)}, which '
                f'asserts 2.0 <= mmcv < {refused}: {run_mmcv}.')
    if missing('mmcv ops'):
        return (f'{found("mmcv")} is here without its compiled operators, or '
                f'they do not load with this torch: {run_mmcv}.')
    if missing(host):
        return (f'{host} is not installed: run `{PIP} install '
                f'{host}=={release}` (it is a pre-release, so pip needs the '
                'exact version), or take MMagic.')
    if versions.get(f'{host} import', 'yes') != 'yes':
        return (f'{host} does not import ({versions[f"{host} import"]}): run '
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
                 'mmcv-lite', 'mmengine', *HOSTS, 'tmad_mmedit'):
        versions[name] = _version(name)
    for name in ('mmcv-lite', *(HOSTS.keys() - {_host(versions)})):
        if not versions[name]:
            del versions[name]
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
    for package, module in (*((host, f'{host}.models') for host in HOSTS),
                            ('tmad_mmedit', 'tmad_mmedit.openmmlab')):
        if importlib.util.find_spec(package):
            found[f'{package} import'] = _import_error(module) or 'yes'
    return found


def _host(versions):
    """The one that is there; of both, the one that host.py takes, too; of
    neither, mmedit."""
    there = sorted((host for host in HOSTS if versions.get(host)),
                   key=lambda host: (host != os.environ.get('TMAD_HOST'),
                                     host not in sys.modules))
    return there[0] if there else 'mmedit'


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

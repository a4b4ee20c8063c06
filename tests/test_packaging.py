import subprocess
import sys

from tests.conftest import ROOT


def test_the_package_carries_configs_and_weights(tmp_path):
    subprocess.run([sys.executable, 'setup.py', '--quiet', 'build_py',
                    '--build-lib', str(tmp_path)], cwd=ROOT, check=True)

    def files(folder, kind='*.py'):
        return {path.relative_to(folder): path.read_bytes()
                for path in folder.rglob(kind)}

    carried = files(tmp_path / 'tmad_mmedit/.mim/configs')
    assert carried and carried == files(ROOT / 'configs')
    assert files(tmp_path / 'tmad_mmedit').keys() >= files(
        ROOT / 'tmad_mmedit').keys()
    assert (tmp_path / 'tmad_mmedit/py.typed').is_file()
    weights = files(tmp_path / 'tmad_mmedit/weights', '*.safetensors')
    assert weights and weights == files(
        ROOT / 'tmad_mmedit/weights', '*.safetensors')
    plugin = 'tmad_mmedit/krita/plugin'
    for kind in '*.desktop', '*.html':
        there = files(tmp_path / plugin, kind)
        assert there and there == files(ROOT / plugin, kind)

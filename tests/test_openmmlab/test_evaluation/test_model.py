import numpy as np
import pytest
import torch
from mmengine.registry import MODELS

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.evaluation import method
from tmad_mmedit.openmmlab.evaluation.model import Model
from tmad_mmedit.openmmlab.evaluation.samples import Sample
from tmad_mmedit.openmmlab.host import HOST


def painted(config, seed=0):
    rng = np.random.default_rng(0)
    hole = np.zeros((40, 48), bool)
    hole[10:20, 10:30] = True
    image = rng.integers(256, size=(40, 48, 3), dtype=np.uint8)
    model = Model('a', str(config), None, 'cpu', seed, False)
    return model.load()(Sample('a', image, hole))


def test_random_weights_are_those_of_the_seed(tmp_path):
    slim_config().dump(str(tmp_path / 'slim.py'))
    first, other = (painted(tmp_path / 'slim.py', seed) for seed in (0, 1))
    torch.manual_seed(7)
    again = painted(tmp_path / 'slim.py')
    assert all(np.array_equal(x, y) for x, y in zip(first, again))
    assert not np.array_equal(first[0], other[0])


def test_beside_random_weights_a_coarse_stage_has_its_own(tmp_path):
    config = slim_config()
    own = MODELS.build(config.model).coarse.inpaintor
    torch.save(own.state_dict(), tmp_path / 'own.pth')
    slim_config(coarse_cfg=dict(
        frozen=True, checkpoint=f'{tmp_path}/own.pth')).dump(
            str(tmp_path / 'slim.py'))
    (one, coarse), (other, same) = (
        painted(tmp_path / 'slim.py', seed) for seed in (0, 1))
    assert np.array_equal(coarse, same) and not np.array_equal(one, other)


def test_what_is_painted_depends_on_the_source(tmp_path, monkeypatch):
    slim_config().dump(str(tmp_path / 'slim.py'))
    settings = Model(
        'a', str(tmp_path / 'slim.py'), None, 'cpu', 0, False).settings
    assert settings['source'] == method.digest_of_package()

    package = tmp_path / 'package'
    for name in ('inpainter.py', 'models/paper.py',
                 'openmmlab/evaluation/method.py'):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text('x = 1\n')
    monkeypatch.setattr(
        method, '__file__', str(package / 'openmmlab/evaluation/method.py'))
    digest = method.digest_of_package.__wrapped__
    seen = {digest()}
    assert digest() in seen
    (package / 'notes.txt').write_text('no source')
    assert digest() in seen
    for name in ('inpainter.py', 'models/paper.py', 'models/new.py'):
        (package / name).write_text('x = 2\n')
        assert digest() not in seen
        seen.add(digest())


def test_a_config_of_ours_by_its_name_and_one_of_the_hosts(tmp_path):
    ours = Model('a', 'tmad-coherent_natural', None, 'cpu', 0, False)
    assert ours.is_ours and ours.rows == ['a', 'a coarse']
    theirs = Model(
        'b', f'{HOST}::deepfillv2/deepfillv2_8xb2_places-256x256.py', None,
        'cpu', 0, False)
    assert not theirs.is_ours and theirs.rows == ['b']


def test_a_config_of_a_package_that_is_not_there_is_one_sentence():
    with pytest.raises(ImportError, match='nowhere::a.py needs nowhere, which '
                       f'is not installed: give {HOST}::a.py'):
        Model('b', 'nowhere::a.py', None, 'cpu', 0, False)

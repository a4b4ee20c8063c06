import numpy as np
import pytest

from tmad_mmedit.openmmlab.datasets import Seeded

MASKS = [
    dict(
        mask_mode='bbox',
        mask_config=dict(img_shape=(96, 96), max_bbox_shape=(48, 48))),
    dict(mask_mode='irregular', mask_config=dict(img_shape=(96, 96))),
    dict(mask_mode='ff', mask_config=dict(img_shape=(96, 96))),
]


def mask(config, index, seed=0):
    seeded = Seeded([dict(type='LoadMask', **config)], seed)
    return seeded(dict(sample_idx=index))['mask']


@pytest.mark.parametrize('config', MASKS, ids=lambda c: c['mask_mode'])
def test_every_mask_mode_is_fixed_per_image(config):
    first = mask(config, 3)
    np.random.seed(5)
    assert np.array_equal(first, mask(config, 3))
    assert not np.array_equal(first, mask(config, 4))
    assert not np.array_equal(first, mask(config, 3, seed=1))
    assert set(np.unique(first)) == {0, 1}


def test_numpys_own_state_is_left_as_it_was():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    mask(MASKS[0], 0)
    assert np.random.rand() == expected

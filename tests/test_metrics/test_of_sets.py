import numpy as np
import pytest
import torch
from torch import nn

from tmad_mmedit.metrics import InpaintingFID, InpaintingSWD
from tmad_mmedit.metrics.inpainting_swd import hole_windows


def samples(blur):
    """Four noisy images; in the hole, predictions lose their noise."""
    generator = torch.Generator().manual_seed(0)
    for i in range(4):
        gt = torch.rand(3, 64, 64, generator=generator) * 255
        mask = torch.zeros(1, 64, 64)
        mask[:, 10:50, 10:50] = 1
        flat = gt.mean((1, 2), keepdim=True).expand_as(gt)
        pred = gt + mask * blur * (flat - gt)
        yield dict(gt_img=gt, mask=mask, output=dict(pred_img=pred))


def swd(blur, batch=1, **kwargs):
    metric = InpaintingSWD(image_shape=(3, 64, 64), **kwargs)
    data = list(samples(blur))
    for i in range(0, 4, batch):
        metric.process(None, data[i:i + batch])
    return metric.evaluate()


def test_swd_grows_with_what_is_lost():
    near, far = swd(0.), swd(0.9)
    hole_near, hole_far = (
        swd(blur, mask_key='mask', cell=16) for blur in (0., 0.9))
    assert near['SWD/avg'] < far['SWD/avg']
    assert hole_near['HoleSWD/avg'] < hole_far['HoleSWD/avg']


def test_swd_is_the_same_whatever_the_random_state_and_the_batch():
    first = swd(0.5)
    np.random.seed(7)
    expected = np.random.rand()
    np.random.seed(7)
    assert swd(0.5, batch=4) == first
    assert np.random.rand() == expected


def test_swd_of_an_odd_size_is_refused():
    with pytest.raises(ValueError, match='60 x 64.*power of two'):
        InpaintingSWD(image_shape=(3, 64, 60))


def test_cells_are_those_half_full_or_the_fullest():
    mask = torch.zeros(1, 8, 10)
    mask[:, :4, :6] = 1  # a cell, and a half
    assert hole_windows(mask, 4) == [(0, 0, 4, 4), (0, 4, 4, 4)]
    mask = torch.zeros(1, 8, 8)
    mask[:, 5, 5:7] = 1
    assert hole_windows(mask, 4) == [(4, 4, 4, 4)]


class Colours(nn.Module):
    """Stands in for Inception: the mean of each colour."""

    def forward(self, x, return_features: bool = False):
        return x.float().mean(dim=[2, 3])


def test_fid_with_weights_of_a_file(tmp_path):
    path = tmp_path / 'inception.pt'
    torch.jit.script(Colours()).save(str(path))
    metric = InpaintingFID(inception_path=path)
    data = list(samples(0.))
    metric.process(None, data)
    assert metric.evaluate()['fid'] == pytest.approx(0, abs=1e-3)
    for sample in data:
        sample['output']['pred_img'] = sample['gt_img'] * 0
    metric.process(None, data)
    assert metric.evaluate()['mean'] > 1000


def test_fid_never_downloads(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.pt are not there'):
        InpaintingFID(inception_path=tmp_path / 'nowhere.pt')

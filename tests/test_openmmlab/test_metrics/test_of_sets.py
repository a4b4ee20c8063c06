import numpy as np
import pytest
import torch
from torch import nn

from tmad_mmedit.openmmlab.host import SlicedWassersteinDistance
from tmad_mmedit.openmmlab.metrics import (
    InpaintingFID,
    InpaintingSWD,
    streamed,
)
from tmad_mmedit.openmmlab.metrics.inpainting_swd import hole_windows, seeded


def samples(blur, count=4):
    """Noisy images; in the hole, predictions lose their noise."""
    generator = torch.Generator().manual_seed(0)
    for _ in range(count):
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


def test_swd_of_a_small_set_is_mmeditings_of_all_patches():
    metric = SlicedWassersteinDistance(-1, (3, 64, 64), prefix='SWD')
    for i, sample in enumerate(samples(0.5)):
        with seeded(i):
            metric.process(None, [dict(
                gt_img=sample['gt_img'], fake_img=sample['output']['pred_img'])
            ])
    with seeded(0):
        expected = metric.evaluate()
    assert swd(0.5) == pytest.approx(expected, abs=2e-4)


def test_swd_keeps_so_many_patches_and_no_more():
    metric = InpaintingSWD(image_shape=(3, 64, 64), max_patches=200)
    for sample in samples(0.5, 20):
        metric.process(None, [sample])
        assert sum(len(x) for x, _ in metric.reservoir.parts) <= 250
    ranks, levels = metric.kept()
    assert {len(x) for x in (ranks, *levels)} == {200}
    assert metric.evaluate()['SWD/avg'] > 0


def swd_of(data, metric):
    metric.process(None, list(data))
    return metric.evaluate()


def in_two_processes(monkeypatch, build, data):
    """What both find together, the second with a repetition of a sample."""
    kept = []
    for rank in range(2):
        monkeypatch.setattr(streamed, 'get_dist_info',
                            lambda rank=rank: (rank, 2))
        metric = build()
        metric.size = len(data)
        metric.process(None, (data + data[:1])[rank::2])
        kept.append(metric.kept())
    return metric.merged(kept)


@pytest.mark.parametrize('max_patches', [300, 10000])
@pytest.mark.parametrize('mask_key', [None, 'mask'])
def test_swd_is_the_same_to_the_bit_in_two_processes(
        monkeypatch, max_patches, mask_key):
    def build():
        return InpaintingSWD(image_shape=(3, 64, 64), mask_key=mask_key,
                             cell=16, max_patches=max_patches)

    data = list(samples(0.5, 5))
    alone = swd_of(data, build())
    assert in_two_processes(monkeypatch, build, data) == {
        name.split('/')[1]: value for name, value in alone.items()}


def test_an_evaluation_leaves_nothing_to_the_next():
    metric = InpaintingSWD(image_shape=(3, 64, 64))
    first = swd_of(samples(0.5), metric)
    swd_of(samples(0.), metric)
    assert swd_of(samples(0.5), metric) == first


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


def test_fid_is_the_same_in_two_processes_and_of_numpys_moments(
        monkeypatch, tmp_path):
    path = tmp_path / 'inception.pt'
    torch.jit.script(Colours()).save(str(path))
    data = list(samples(0.5, 5))
    for sample in data:  # colours that differ
        sample['output']['pred_img'] *= torch.rand(3, 1, 1)
    alone = InpaintingFID(inception_path=path)
    alone.process(None, data)
    features = np.stack([
        sample['output']['pred_img'].round().byte().float().mean((1, 2))
        for sample in data])[:, ::-1]
    mean, cov = alone.fake.mean_and_cov()
    assert mean == pytest.approx(features.mean(0), rel=1e-6)
    assert cov == pytest.approx(np.cov(features, rowvar=False), rel=1e-4)
    assert in_two_processes(
        monkeypatch, lambda: InpaintingFID(inception_path=path), data) == (
            pytest.approx(alone.evaluate(), rel=1e-6))


def test_fid_never_downloads(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.pt are not there'):
        InpaintingFID(inception_path=tmp_path / 'nowhere.pt')

import pytest
import torch
from mmengine.registry import METRICS

from tmad_mmedit.openmmlab.features import (
    EfficientNetLite,
    perceptual_distance,
)

pytest.importorskip('efficientnet_lite_pytorch')


@pytest.fixture
def sample():
    """Waves, and the same with a grey square in a wider hole."""
    y, x = torch.meshgrid(torch.arange(96.), torch.arange(96.), indexing='ij')
    gt = torch.stack([(x * step + y * 3) % 256 for step in (2, 5, 7)])
    mask = torch.zeros(1, 96, 96)
    mask[:, 20:70, 30:80] = 1
    pred = gt.clone()
    pred[:, 30:60, 40:70] = 128
    return dict(gt_img=gt, mask=mask, output=dict(pred_img=pred))


def value(sample, **kwargs):
    metric = METRICS.build(dict(
        type='PerceptualDistance', prefix='x', **kwargs))
    metric.process(None, [sample])
    return metric.compute_metrics(metric.results)['Perceptual']


def test_a_number_that_stays(sample):
    assert value(sample, mask_key='mask') == pytest.approx(0.44031, rel=1e-3)
    assert value(sample) == pytest.approx(0.15054, rel=1e-3)


def test_it_is_the_distance_of_rgb_in_0_1(sample):
    fake, real = (x.flip(0)[None] / 255
                  for x in (sample['output']['pred_img'], sample['gt_img']))
    assert value(sample, mask_key='mask', version=0) == pytest.approx(
        perceptual_distance(fake, real, sample['mask'][None],
                            EfficientNetLite(0)).item(), rel=1e-5)


def test_the_truth_has_0(sample):
    sample['output']['pred_img'] = sample['gt_img'].clone()
    assert value(sample, mask_key='mask') == value(sample) == 0

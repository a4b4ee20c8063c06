import math

import numpy as np
import pytest
import torch

from tests.conftest import ROOT
from tmad_mmedit.openmmlab.evaluation.samples import fitted, read_rgb
from tmad_mmedit.openmmlab.host import of_host
from tmad_mmedit.openmmlab.metrics import HolePSNR, HoleSSIM

PSNR, SSIM = (of_host('evaluation', name) for name in ('PSNR', 'SSIM'))


@pytest.fixture
def images():
    """A photograph, and it with noise, as metrics get them."""
    gt = fitted(read_rgb(ROOT / 'demo/photos/coffee.jpg'), (48, 64), None)
    gt = torch.from_numpy(gt.transpose(2, 0, 1).astype(np.float32))
    noise = torch.randn(gt.shape) * 20
    return gt, (gt + noise).clamp(0, 255).round()


def value(metric, gt, pred, mask):
    metric.process(None, [dict(
        gt_img=gt, mask=mask, output=dict(pred_img=pred))])
    return metric.results[0][metric.metric]


def test_psnr_of_four_pixels_by_hand():
    gt = torch.zeros(3, 2, 2)
    pred = torch.tensor([[255., 51.], [0., 0.]]).expand(3, 2, 2)
    mask = torch.tensor([[[0., 1.], [0., 0.]]])
    assert value(HolePSNR(), gt, pred, mask) == pytest.approx(
        20 * math.log10(5))
    assert value(HolePSNR(), gt, gt, mask) == math.inf


def test_psnr_of_a_hole_that_is_everything_is_mmeditings(images):
    mask = torch.ones(1, 48, 64)
    assert value(HolePSNR(), *images, mask) == pytest.approx(
        value(PSNR(), *images, mask))


def test_ssim_away_from_the_border_is_mmeditings(images):
    mask = torch.zeros(1, 48, 64)
    mask[:, 5:-5, 5:-5] = 1
    assert value(HoleSSIM(), *images, mask) == pytest.approx(
        value(SSIM(), *images, mask), abs=1e-6)


def test_what_is_far_from_the_hole_does_not_count(images):
    gt, pred = images
    mask = torch.zeros(1, 48, 64)
    mask[:, 20:30, 20:30] = 1
    other = pred.clone()
    other[:, :, 50:] = 0
    for metric in (HolePSNR, HoleSSIM):
        assert value(metric(), gt, pred, mask) == value(
            metric(), gt, other, mask)

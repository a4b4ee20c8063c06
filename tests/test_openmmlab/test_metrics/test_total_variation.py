import pytest
import torch
from mmengine.registry import METRICS

from tmad_mmedit.openmmlab.metrics import TotalVariation


def sample(pred, gt, mask):
    return dict(
        gt_img=torch.tensor(gt), mask=torch.tensor(mask),
        output=dict(pred_img=torch.tensor(pred)))


STEP = [[[0., 51.], [0., 51.], [0., 51.]]]  # a fifth of the range across
FLAT = [[[51., 51.], [51., 51.], [51., 51.]]]
HALF = [[[0., 25.5], [0., 25.5], [0., 25.5]]]
TOP = [[[1., 1.], [0., 0.], [0., 0.]]]


def evaluated(samples, **kwargs):
    metric = METRICS.build(dict(type='TotalVariation', prefix='x', **kwargs))
    metric.process(None, samples)
    return metric.compute_metrics(metric.results)


def test_it_is_the_mean_step_in_percent_of_the_range():
    result = evaluated([sample(STEP, FLAT, TOP), sample(FLAT, FLAT, TOP)])
    assert result == {'TV': pytest.approx(10)}


def test_in_the_hole_steps_with_an_end_there_count():
    seam = [[[0., 0.], [0., 0.], [255., 255.]]]  # far from the hole
    assert evaluated([sample(seam, FLAT, TOP)], mask_key='mask') == {'TV': 0}
    edge = [[[0., 0.], [255., 255.], [255., 255.]]]
    assert evaluated([sample(edge, FLAT, TOP)], mask_key='mask') == {
        'TV': pytest.approx(100)}


def test_the_ratio_is_that_of_the_means():
    samples = [sample(HALF, STEP, TOP), sample(HALF, FLAT, TOP)]
    assert evaluated(samples, mask_key='mask', relative=True) == {
        'TVRatio': pytest.approx(1)}
    assert TotalVariation(relative=True, prefix='x').metric == 'TVRatio'

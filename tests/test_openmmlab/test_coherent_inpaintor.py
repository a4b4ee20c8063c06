from copy import deepcopy

import pytest
import torch
from mmengine.optim import OptimWrapper, OptimWrapperDict

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.models.coherent import Coherent
from tmad_mmedit.models.crops import CropSettings
from tmad_mmedit.openmmlab.host import DataSample

L1 = dict(type='L1Loss')
TRAINING = dict(loss_patch_l1=L1)
PAPERS = slim_config().model.training.to_dict()
PLAIN = dict(PAPERS['loss_patch_dist'], relativistic=False)


@pytest.fixture
def build_coherent(build_model):
    """Builds a small one; arguments are added to its config."""

    def built(**changes):
        return build_model(**deepcopy(dict(
            _delete_=True,
            type='CoherentInpaintor',
            data_preprocessor=dict(
                type='TMADDataPreprocessor', mean=[127.5], std=[127.5],
                output_channel_order='RGB'),
            coarse=dict(
                type='OneStageInpaintor',
                data_preprocessor=dict(
                    type='TMADDataPreprocessor', mean=[127.5], std=[127.5],
                    output_channel_order='RGB'),
                encdec=dict(type='TMADCoarseNet', widths=(8, 8, 8, 8),
                            dilations=(1, 2))),
            correspondence=dict(
                type='CorrespondenceNet', widths=(8, 8, 8), dilations=(1, 2),
                attention=(0, ), embed_channels=8),
            **changes)))

    return built


def test_it_is_trained_by_the_paper_s_losses_but_those_of_windows(
        build_coherent):
    model = build_coherent(training=dict(PAPERS, loss_patch_dist=PLAIN))
    assert model.objective and model.patch_disc and model.image_disc


@torch.no_grad()
def test_it_is_the_library_s_method(build_coherent):
    model = build_coherent(crops=dict(pixels=48), test_cfg=dict(
        coarse_pixels=32 * 32)).eval()
    library = Coherent(
        model.coarse, model.correspondence, crops=CropSettings(48),
        coarse_pixels=32 * 32).eval()
    mask = torch.zeros(1, 1, 60, 90)
    mask[..., 10:20, 12:24] = mask[..., 40:50, 70:78] = 1
    masked = (torch.rand(1, 3, 60, 90) * 2 - 1) * (1 - mask)
    comp, out = model(masked, DataSample(mask=mask))
    done = library.inpaint(masked, mask)
    assert torch.equal(comp, done.comp) and torch.equal(out, done.out)
    assert not model.paints_patches


def test_the_result_alone_trains_coarse_network_and_correspondence(
        build_coherent, batch):
    """Without the losses of either: through the shifts' soft choice, and
    through the guess's part in blending."""
    model = build_coherent(training=TRAINING)
    before = {k: v.clone() for k, v in model.named_parameters()}
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    optim = OptimWrapperDict(generator=OptimWrapper(adam))
    for _ in range(2):  # attention learns to speak before it learns to look
        losses = model.train_step(batch, optim)
    assert set(losses) == {'loss', 'loss_patch_l1'}
    for name, parameter in model.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_nothing_is_chosen_for_losses_that_do_not_look_at_the_result(
        build_coherent, batch, monkeypatch):
    model = build_coherent(training=dict(
        loss_coarse_hole=L1,
        loss_correspondence=dict(type='CorrespondenceLoss')))
    monkeypatch.setattr(type(model), 'complete', None)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = model.train_step(
        batch, OptimWrapperDict(generator=OptimWrapper(adam)))
    assert set(losses) == {'loss', 'loss_coarse_hole', 'loss_correspondence'}


@pytest.mark.parametrize('changes, says', [
    (dict(training=PAPERS), 'relativistic=False'),
    (dict(crops=dict(times=(1, 4))), 'two numbers from 2 on'),
    (dict(crops=dict(times=(4, 3))), 'the smaller first'),
    (dict(crops=dict(pixels=0)), 'pixels of 2 or more'),
    (dict(crops=dict(time=3)), 'use times, which is the nearest'),
    (dict(shifts=dict(block_sizes=8)), 'use block_size, which is'),
    (dict(blend=dict(tolerence=1.)), 'use tolerance, which is'),
    (dict(shifts=dict(block_size=7)), 'block_size=7'),
])
def test_settings_that_cannot_be_are_one_sentence(
        build_coherent, changes, says):
    with pytest.raises(ValueError, match=says):
        build_coherent(**changes)


@pytest.mark.parametrize('changes, says', [
    (dict(test_cfg=dict(crops=dict(time=3))),
     'use times, which is the nearest'),
    (dict(test_cfg=dict(crops=dict(times=(1, 4)))), 'two numbers from 2 on'),
    (dict(retriever=dict(_delete_=True, type='CoherentRetriever')),
     "type='CoherentInpaintor'"),
])
def test_so_are_those_of_the_paper_s(build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**deepcopy(changes))

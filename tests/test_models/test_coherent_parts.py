from copy import deepcopy

import pytest
import torch
from mmengine.optim import OptimWrapper, OptimWrapperDict

NET = dict(type='CorrespondenceNet')
BLEND = dict(type='GradientBlend')
COHERENT = dict(_delete_=True, type='CoherentRetriever', patch_size=16)
PLAIN = dict(loss_patch_dist=dict(relativistic=False))


@pytest.mark.parametrize('changes, says', [
    (dict(retriever=COHERENT, training=PLAIN), 'correspondence is not given'),
    (dict(correspondence=NET), 'TextureMemoryRetriever'),
    (dict(blend=BLEND), 'model.blend is given'),
    (dict(retriever=COHERENT, correspondence=NET), 'relativistic=False'),
])
def test_parts_that_do_not_go_together_are_one_sentence(
        build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**deepcopy(changes))  # merging takes _delete_ out


def test_those_that_do_are_built(build_model):
    for blend in (None, BLEND):
        model = build_model(**deepcopy(dict(
            retriever=COHERENT, correspondence=NET, blend=blend,
            training=PLAIN)))
        assert model.retriever.num_textures == model.psnet.num_textures


def test_the_result_alone_trains_coarse_network_and_correspondence(
        build_model, batch):
    """Without the losses of either: through the shifts' soft choice, and
    through the guess's part in blending."""
    model = build_model(**deepcopy(dict(
        retriever=COHERENT, correspondence=NET, blend=BLEND,
        psnet=dict(_delete_=True, type='ContextCentre'),
        training=dict(
            _delete_=True, loss_patch_l1=dict(type='L1Loss')))))
    before = {k: v.clone() for k, v in model.named_parameters()}
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    optim = OptimWrapperDict(generator=OptimWrapper(adam))
    for _ in range(2):  # attention learns to speak before it learns to look
        losses = model.train_step(batch, optim)
    assert set(losses) == {'loss', 'loss_patch_l1'}
    for name, parameter in model.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_autocast_reaches_neither_the_choice_nor_the_blending(build_model):
    torch.manual_seed(0)
    model = build_model(**deepcopy(dict(
        retriever=COHERENT, correspondence=NET, blend=BLEND,
        training=PLAIN))).eval()
    img = torch.rand(1, 3, 64, 80) * 2 - 1
    mask = torch.zeros(1, 1, 64, 80)
    mask[..., 20:44, 30:50] = 1
    known = img * (1 - mask)
    results = []
    with torch.no_grad():
        seen = model.correspondence(img, mask)
        for half in (False, True):
            with torch.autocast('cpu', torch.bfloat16, enabled=half):
                memory = model.retriever.remember(known, mask, img, seen)
                results.append((memory.shift, model.blend(
                    img, known, mask, memory.shift[:, 0], memory.window)))
    for whole, half in zip(*results):
        assert torch.equal(whole, half)

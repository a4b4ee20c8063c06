"""What the paper says, in the configs that are its own."""
import pytest
from mmengine.config import Config

from tests.conftest import ROOT


def test_the_papers_numbers_are_in_the_base_config():
    model = Config.fromfile(ROOT / 'configs/_base_/models/tmad.py').model
    training, retriever = model.training, model.retriever
    # Eq. (1)
    assert training.loss_coarse_hole.loss_weight == 6
    assert training.loss_coarse_valid.loss_weight == 1
    # Eq. (8)
    assert training.loss_patch_l1.loss_weight == 1
    assert training.loss_patch_percep.perceptual_weight == 0.05
    assert training.loss_patch_dist.loss_weight == 0.02
    assert training.loss_patch_percep.layer_weights == {
        '10': 1., '19': 1., '32': 1.}  # conv 5, 9, 15 before ReLU
    assert training.loss_patch_percep.style_weight == 0
    # Eq. (9)
    assert training.loss_blending.tv.loss_weight == 0.02
    assert training.loss_blending.gan.loss_weight == 0.02
    # the memory and Eqs. (3), (4)
    assert (retriever.patch_size, retriever.stride) == (32, 16)
    assert retriever.memory_size == 100
    assert retriever.top_k == model.psnet.num_textures == 4
    assert retriever.temperature == 1
    # Table I
    net = model.coarse.encdec
    assert len(net.widths) == 4 and len(net.dilations) == 8
    assert model.psnet.num_res_blocks == 5
    assert model.psnet.num_texture_res_blocks == 2
    assert model.train_cfg.patches_per_image == 25


@pytest.mark.parametrize('name', [
    'tmad_places', 'tmad_places_irregular', 'tmad_celeba-hq',
    'tmad_paris-street-view', 'deepfillv1_psnet_places',
    'deepfillv2_psnet_places'])
def test_the_papers_configs_keep_the_papers_losses(name):
    base = Config.fromfile(ROOT / 'configs/_base_/models/tmad.py').model
    model = Config.fromfile(ROOT / f'configs/{name}.py').model
    assert model.retriever.memory_size == 100 and model.retriever.top_k == 4
    if name.startswith('tmad'):
        assert model.training == base.training
    else:  # over a frozen coarse stage
        ours = {k: v for k, v in model.training.items() if 'coarse' not in k}
        theirs = {k: v for k, v in base.training.items() if 'coarse' not in k}
        assert ours == theirs

import pytest
import torch

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.building import build_untrained
from tmad_mmedit.openmmlab.host import build

PARTS = {'coarse', 'retriever', 'psnet'}


def own_children(model):
    return {name for name, _ in model.named_children()} - {
        'data_preprocessor'}


def test_what_is_not_to_be_trained_has_what_it_paints_with(build_model,
                                                           batch):
    model = build_untrained(slim_config())
    assert own_children(model) == PARTS
    assert own_children(build_model()) == PARTS | {
        'objective', 'patch_disc', 'image_disc'}
    with pytest.raises(ValueError, match='built without training=dict'):
        model.train_step(batch, {})


def test_the_config_stays_what_it_was():
    config = slim_config()
    before = config.pretty_text
    build_untrained(config)
    assert config.pretty_text == before
    assert own_children(build(config.model)) > PARTS


def test_a_checkpoint_keeps_its_names(build_model):
    groups = {key.split('.')[0] for key in build_model().state_dict()}
    assert groups == PARTS | {'patch_disc', 'image_disc'}


def test_a_checkpoint_of_training_loads_without_what_it_trained_with(
        build_model):
    weights = build_model().state_dict()
    model = build_untrained(slim_config())
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not missing
    assert {key.split('.')[0] for key in unexpected} == {
        'patch_disc', 'image_disc'}
    for key, x in model.state_dict().items():
        assert torch.equal(x, weights[key])


@pytest.mark.parametrize('name, nearest', [
    ('loss_patch_l2', 'loss_patch_l1'),
    ('loss_patch_perceptual', 'loss_patch_percep'),
    ('patch_discriminator', 'loss_patch_dist')])
def test_an_unknown_name_brings_the_nearest(build_model, name, nearest):
    says = rf'model.training has {name}, which is no loss .*use {nearest}, '
    with pytest.raises(ValueError, match=says) as raised:
        build_model(training={name: dict(type='L1Loss')})
    assert '\n' not in str(raised.value)


def test_a_loss_beside_training_is_named(build_model):
    with pytest.raises(TypeError, match='loss_patch_lpips'):
        build_model(loss_patch_lpips=dict(type='L1Loss'))

import pytest
import torch
from mmedit.registry import MODELS

from tests.conftest import slim_config
from tmad_mmedit.openmmlab.training import without_training
from tmad_mmedit.openmmlab.training.parts import with_earlier_names

PARTS = {'coarse', 'retriever', 'psnet'}


def own_children(model):
    return {name for name, _ in model.named_children()} - {
        'data_preprocessor'}


def test_what_is_not_to_be_trained_has_what_it_paints_with(build_model,
                                                           batch):
    model = MODELS.build(without_training(slim_config().model))
    assert own_children(model) == PARTS
    assert own_children(build_model()) == PARTS | {
        'objective', 'patch_disc', 'image_disc'}
    with pytest.raises(ValueError, match='built without training=dict'):
        model.train_step(batch, {})


def test_earlier_names_change_what_they_inherit():
    training = dict(
        loss_patch_percep=dict(type='PerceptualLoss'),
        loss_patch_dist=dict(type='PatchDistributionLoss', loss_weight=1.),
        loss_patch_l1=dict(type='L1Loss', loss_weight=1.))
    merged = with_earlier_names(
        training,
        dict(
            loss_patch_percep=None,
            loss_patch_dist=dict(loss_weight=2.),
            loss_patch_l1=dict(_delete_=True, type='MSELoss')))
    assert merged == dict(
        loss_patch_percep=None,
        loss_patch_dist=dict(type='PatchDistributionLoss', loss_weight=2.),
        loss_patch_l1=dict(type='MSELoss'))
    assert training['loss_patch_dist']['loss_weight'] == 1.


def test_a_config_of_earlier_names_builds_the_same_model(batch):
    config = slim_config().model
    now = MODELS.build(config)
    earlier = dict(config)
    earlier.update(earlier.pop('training'))
    model = MODELS.build(earlier)
    assert str(model) == str(now)
    assert own_children(MODELS.build(without_training(earlier))) == PARTS
    assert own_children(MODELS.build(
        dict(config, training=None, patch_disc=None))) == PARTS


def test_a_checkpoint_keeps_its_names(build_model):
    groups = {key.split('.')[0] for key in build_model().state_dict()}
    assert groups == PARTS | {'patch_disc', 'image_disc'}


def test_a_checkpoint_of_training_loads_without_what_it_trained_with(
        build_model):
    weights = build_model().state_dict()
    model = MODELS.build(without_training(slim_config().model))
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not missing
    assert {key.split('.')[0] for key in unexpected} == {
        'patch_disc', 'image_disc'}
    for key, x in model.state_dict().items():
        assert torch.equal(x, weights[key])


@pytest.mark.parametrize('changes, says', [
    (dict(loss_patch_lpips=dict()), 'model has loss_patch_lpips, which'),
    (dict(training=dict(loss_lpips=dict())),
     'model.training has loss_lpips, which TMADInpaintor'),
])
def test_an_unknown_name_is_named(build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**changes)

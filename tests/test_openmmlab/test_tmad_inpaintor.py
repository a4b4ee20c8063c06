import copy
from urllib.error import URLError

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub
from mmengine.optim.optimizer import amp_optimizer_wrapper
from mmengine.registry import MODELS
from mmengine.runner.checkpoint import load_state_dict

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.models.synthesis.patches import hole_cells, select_cells
from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor
from tmad_mmedit.openmmlab.host import DataSample


def optimizers(model, **changes):
    config = slim_config().optim_wrapper
    config.pop('constructor')
    for group in config.values():
        for key, value in changes.items():
            group[key] = value
    return GroupedOptimWrapperConstructor(config)(model)


def copied(data):
    """A batch that the data preprocessor may change."""
    return dict(
        inputs=list(data['inputs']),
        data_samples=[sample.clone() for sample in data['data_samples']])


def picture(height=64, width=48):
    """I_m and its data sample, with one hole over several cells."""
    mask = torch.zeros(1, 1, height, width)
    mask[..., height // 4:height // 2, width // 4:-width // 4] = 1
    img = torch.rand(1, 3, height, width) * 2 - 1
    return img * (1 - mask), DataSample(mask=mask)


def test_parameters_of_the_paper():
    config = Config.fromfile(ROOT / 'configs/tmad_places.py').model
    model = MODELS.build(config)  # builds without VGG-19's weights
    million = {
        name: sum(p.numel() for p in getattr(model, name).parameters()) / 1e6
        for name in ('coarse', 'retriever', 'psnet')
    }
    assert million['coarse'] == pytest.approx(2.09, abs=0.01)
    assert 3.8 < sum(million.values()) < 4.0


@pytest.mark.parametrize('size', [(64, 48), (37, 50), (16, 16), (9, 5)])
def test_any_size_and_known_pixels_stay_bit_for_bit(build_model, size):
    model = build_model().eval()
    inputs, sample = picture(*size)
    coarse, out = model(inputs, sample, mode='tensor')
    assert out.shape == coarse.shape == inputs.shape and out.isfinite().all()
    known = (sample.mask == 0).expand_as(out)
    assert torch.equal(out[known], inputs[known])
    assert not torch.equal(out, inputs)


def test_the_hole_is_painted_by_psnet_from_real_patches(build_model):
    model = build_model().eval()
    inputs, sample = picture()
    done = model.complete(inputs, sample.mask)
    assert all(map(torch.equal, done.cells,
                   select_cells(hole_cells(sample.mask, 16), 16)))
    top, left = done.cells.top[0], done.cells.left[0]
    there = (..., slice(top, top + 16), slice(left, left + 16))
    hole = sample.mask[there].bool().expand(1, 3, 16, 16)
    assert torch.equal(done.out[there][hole], done.patches[:1][hole])
    memory, textures = done.memory, done.retrieval.textures
    windows = inputs.unfold(2, 16, 1).unfold(3, 16, 1)
    for p, ranks in enumerate(done.retrieval.rank):
        for k, m in enumerate(ranks):
            assert torch.equal(
                textures[p, k],
                windows[0, :, memory.top[0, m], memory.left[0, m]])


def test_only_hole_cells_go_through_psnet(build_model, monkeypatch):
    model = build_model().eval()
    seen = []
    model.psnet.register_forward_pre_hook(
        lambda module, inputs: seen.append(len(inputs[0])))
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 20:30, 20:40] = 1  # touches the cells (1, 1) and (1, 2)
    model(torch.zeros(1, 3, 64, 64), DataSample(mask=mask))
    model(torch.zeros(1, 3, 64, 64), DataSample(mask=mask * 0))
    assert seen == [2, 0]


def test_no_hole_gives_the_image_back(build_model):
    inputs = torch.rand(1, 3, 40, 40) * 2 - 1
    sample = DataSample(mask=torch.zeros(1, 1, 40, 40))
    _, out = build_model().eval()(inputs, sample)
    assert torch.equal(out, inputs)


def test_a_hole_that_leaves_no_known_window(build_model):
    mask = torch.ones(1, 1, 40, 40)
    mask[..., :3, :] = 0
    _, out = build_model().eval()(
        torch.zeros(1, 3, 40, 40), DataSample(mask=mask))
    assert out.isfinite().all()


def test_predict_is_seeded_and_does_not_depend_on_the_batch(
        build_model, batch):
    model = build_model().eval()

    def predict(data):
        return [s.output.pred_img for s in model.test_step(copied(data))]

    both = predict(batch)
    torch.manual_seed(9)
    again = predict(batch)
    second = predict({key: value[1:] for key, value in batch.items()})
    assert torch.equal(both[0], again[0]) and torch.equal(both[1], again[1])
    assert torch.allclose(both[1], second[0], atol=1e-3)
    model.seed = 1
    assert not torch.equal(predict(batch)[0], both[0])


def test_predict_keeps_known_pixels_and_their_order(build_model, batch):
    data_sample = build_model().eval().test_step(batch)[0]
    pred_img = data_sample.output.pred_img
    known = data_sample.mask[0] == 0
    assert pred_img.shape == (3, 64, 48)
    assert 0 <= pred_img.min() and pred_img.max() <= 255
    # gt_img is BGR here, as it was loaded
    assert torch.equal(pred_img[:, known].round(),
                       data_sample.gt_img[:, known])


def test_every_parameter_is_trained_jointly(build_model, batch):
    model = build_model()
    before = {k: v.clone() for k, v in model.named_parameters()}
    losses = model.train_step(batch, optimizers(model))
    assert set(losses) == {
        'loss', 'loss_coarse_hole', 'loss_coarse_valid', 'loss_patch_l1',
        'loss_patch_dist', 'loss_blend_tv', 'loss_blend_gan',
        'loss_disc_patch', 'loss_disc_image'
    }
    for name, parameter in model.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_only_the_coarse_network_is_pretrained(build_model, batch):
    model = build_model(train_cfg=dict(pretrain_iters=5))
    before = {k: v.clone() for k, v in model.named_parameters()}
    losses = model.train_step(batch, optimizers(model))
    assert set(losses) == {'loss', 'loss_coarse_hole', 'loss_coarse_valid'}
    for name, parameter in model.named_parameters():
        trained = not torch.equal(parameter, before[name])
        assert trained == name.startswith('coarse.'), name


def test_joint_training_begins_after_the_pretraining(build_model, batch):
    model = build_model(train_cfg=dict(pretrain_iters=5))
    MessageHub.get_current_instance().update_info('iter', 5)
    assert 'loss_patch_l1' in model.train_step(batch, optimizers(model))


def test_the_generators_step_leaves_no_gradient_in_discriminators(
        build_model, batch):
    model = build_model()
    model.train_step(batch, optimizers(model))
    for disc in (model.patch_disc, model.image_disc):
        assert not any(p.grad is not None and p.grad.any()
                       for p in disc.parameters())


EQ_7 = dict(loss_patch_l1=None, loss_blending=None, image_disc=None)
EQ_8_AND_9 = dict()


@pytest.mark.parametrize('changes', [EQ_7, EQ_8_AND_9], ids=['7', '8 and 9'])
def test_patch_losses_reach_every_part(build_model, batch, changes):
    model = build_model(training=dict(
        loss_coarse_hole=None, loss_coarse_valid=None, **changes))
    before = {k: v.clone() for k, v in model.named_parameters()}
    config = slim_config().optim_wrapper
    config.pop('constructor')
    config['disc']['children'] = ['patch_disc']
    model.train_step(batch, GroupedOptimWrapperConstructor(config)(model))
    for part in ('coarse.', 'retriever.theta', 'retriever.phi', 'psnet.'):
        assert any(not torch.equal(v, before[k])
                   for k, v in model.named_parameters()
                   if k.startswith(part)), part


@pytest.mark.parametrize('changes', [
    dict(training=dict(loss_blending=None, image_disc=None)),
    dict(training=dict(loss_patch_dist=dict(relativistic=False))),
    dict(retriever=dict(mode='weighted_sum'), psnet=dict(num_textures=1)),
    dict(training=dict(loss_patch_dist=None, loss_blending=None,
                       patch_disc=None, image_disc=None)),
])
def test_the_ablations_train(build_model, batch, changes):
    model = build_model(**changes)
    config = slim_config().optim_wrapper
    config.pop('constructor')
    config['disc']['children'] = [
        name for name in ('patch_disc', 'image_disc')
        if getattr(model, name) is not None
    ]
    if not config['disc']['children']:
        del config['disc']
    losses = model.train_step(batch, GroupedOptimWrapperConstructor(config)(
        model))
    assert all(torch.isfinite(loss) for loss in losses.values())


def test_the_plain_patch_gan_judges_patches_only(build_model, batch):
    model = build_model(
        training=dict(loss_patch_dist=dict(relativistic=False)))
    judged = []
    model.patch_disc.register_forward_hook(
        lambda _, inputs, __: judged.append(len(inputs[0])))
    config = slim_config().optim_wrapper
    config.pop('constructor')
    model.train_step(batch, GroupedOptimWrapperConstructor(config)(model))
    disc_step, gen_step = judged
    assert disc_step == 2 * gen_step  # false and true ones, then false ones


def test_textures_are_judged_once_with_the_memory_they_stand_in(
        build_model, batch, monkeypatch):
    model = build_model()
    judged, compared = [], []
    model.patch_disc.register_forward_hook(
        lambda _, inputs, __: judged.append(inputs[0]))
    patch_dist = model.objective.losses['loss_patch_dist']
    gen_loss = patch_dist.gen_loss
    monkeypatch.setattr(
        patch_dist, 'gen_loss',
        lambda *logits: compared.append(logits) or gen_loss(*logits))
    complete, made = model.complete, []
    monkeypatch.setattr(
        model, 'complete',
        lambda *args, **settings: made.append(
            complete(*args, **settings)) or made[0])
    model.train_step(batch, optimizers(model))
    done, = made
    P, (N, M) = len(done.patches), done.memory.patches.shape[:2]
    assert [len(x) for x in judged] == [P + P + 4 * P, P, P + N * M]
    _, _, texture, mean = compared[0]
    model.patch_disc.eval()  # its spectral norm stays
    with torch.no_grad():
        known = model.patch_disc(
            done.memory.patches.flatten(0, 1)).view(N, M)
        apart = model.patch_disc(
            done.retrieval.textures.flatten(0, 1)).view(P, 4)
    assert torch.allclose(texture, apart, atol=1e-5)
    assert torch.allclose(mean, known.mean(1)[done.cells.image], atol=1e-5)


def test_a_frozen_coarse_stage_stays(build_model, batch):
    model = build_model(coarse_cfg=dict(frozen=True))
    before = {k: v.clone() for k, v in model.coarse.named_parameters()}
    wrapper = optimizers(model)
    model.train_step(batch, wrapper)
    assert all(torch.equal(v, before[k])
               for k, v in model.coarse.named_parameters())
    held = {id(p) for group in wrapper['generator'].param_groups
            for p in group['params']}
    assert not held & {id(p) for p in model.coarse.parameters()}


def test_a_frozen_coarse_stage_cannot_be_pretrained(build_model):
    with pytest.raises(ValueError, match='frozen.*pretrain_iters=5'):
        build_model(
            coarse_cfg=dict(frozen=True), train_cfg=dict(pretrain_iters=5))


@pytest.mark.parametrize('changes, says', [
    (dict(psnet=dict(num_textures=2)), 'gives 4 textures and psnet takes 2'),
    (dict(retriever=dict(_delete_=True, type='CoherentRetriever')),
     "no more: give model=dict.type='CoherentInpaintor'"),
    (dict(training=dict(patch_disc=None)),
     'patch_disc and model.training.loss_patch_dist need each'),
    (dict(training=dict(loss_blending=None)),
     'image_disc and model.training.loss_blending need each'),
])
def test_parts_that_do_not_go_together_are_named(build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**copy.deepcopy(changes))  # merging takes _delete_ out


def test_accumulated_steps_are_a_step_with_the_joined_batch(
        build_model, batch):
    def weights(accumulative_counts, *batches):
        torch.manual_seed(0)
        model = build_model(train_cfg=dict(pretrain_iters=5))
        wrapper = optimizers(
            model,
            accumulative_counts=accumulative_counts,
            optimizer=dict(type='SGD', lr=0.1))
        for data in batches:
            model.train_step(copied(data), wrapper)
        return dict(model.named_parameters())

    halves = [{key: value[n:n + 1] for key, value in batch.items()}
              for n in (0, 1)]
    joined = weights(1, batch)
    accumulated = weights(2, *halves)
    only_half = weights(2, halves[0])  # no step yet
    for name, weight in joined.items():
        assert torch.allclose(accumulated[name], weight, atol=1e-6), name
    assert not torch.equal(
        only_half['coarse.inpaintor.generator.conv_out.weight'],
        joined['coarse.inpaintor.generator.conv_out.weight'])


@pytest.mark.parametrize('precision', [
    dict(type='AmpOptimWrapper', dtype='bfloat16'),
    dict(type='BFloat16OptimWrapper')
])
def test_amp_steps_in_half_precision(build_model, batch, monkeypatch,
                                     precision):
    """AmpOptimWrapper refuses a CPU, though bfloat16 runs on one."""
    monkeypatch.setattr(amp_optimizer_wrapper, 'is_cuda_available',
                        lambda: True)
    model, seen = build_model(), []
    model.psnet.register_forward_hook(
        lambda module, inputs, patches: seen.append(patches.dtype))
    wrapper = optimizers(model, **precision)
    before = {k: v.clone() for k, v in model.named_parameters()}
    losses = model.train_step(batch, wrapper)
    assert seen == [torch.bfloat16]
    assert all(torch.isfinite(loss) for loss in losses.values())
    for name, parameter in model.named_parameters():
        assert parameter.dtype == torch.float32
        assert not torch.equal(parameter, before[name]), name


def test_nan_stops_before_the_weights_are_saved(build_model, batch):
    model = build_model()
    with torch.no_grad():
        model.psnet.conv_out.bias.fill_(float('nan'))
    MessageHub.get_current_instance().update_info('iter', 9)
    before = model.coarse.inpaintor.generator.conv_out.weight.clone()
    with pytest.raises(FloatingPointError, match='loss_disc_patch.* 9:'):
        model.train_step(batch, optimizers(model))
    assert torch.equal(model.coarse.inpaintor.generator.conv_out.weight,
                       before)


def test_a_draw_depends_on_the_iteration_only(build_model, batch):
    def losses(iteration):
        torch.manual_seed(0)
        model = build_model()
        torch.manual_seed(iteration + 100)  # another global state
        MessageHub.get_current_instance().update_info('iter', iteration)
        losses = model.train_step(copied(batch), optimizers(model))
        return losses['loss_patch_l1']

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


@pytest.mark.parametrize('wrapped', ['generator.', 'generator.module.'])
def test_checkpoints_of_the_bare_coarse_inpaintor_load(build_model, wrapped):
    model, other = build_model(), build_model()
    load_state_dict(model, {
        key.replace('generator.', wrapped): x
        for key, x in other.coarse.inpaintor.state_dict().items()})
    ours, theirs = (m.coarse.state_dict() for m in (model, other))
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


def test_a_coarse_stage_with_its_own_checkpoint_takes_no_other(build_model):
    model = build_model(coarse_cfg=dict(frozen=True, checkpoint='own.pth'))
    with pytest.raises(ValueError, match='own as model.coarse_cfg.checkpoint'):
        load_state_dict(model, build_model().coarse.inpaintor.state_dict())


def test_the_init_cfg_of_the_coarse_inpaintor_counts(build_model, tmp_path):
    own, path = build_model().coarse.inpaintor.state_dict(), tmp_path / 'x.pth'
    torch.save(dict(state_dict=own), path)
    model = build_model(coarse=dict(
        init_cfg=dict(type='Pretrained', checkpoint=str(path))))
    model.init_weights()
    for key, x in model.coarse.inpaintor.state_dict().items():
        assert torch.equal(x, own[key])


@pytest.mark.parametrize('state_dict, says', [
    (dict(backbone=torch.zeros(1)), 'holds backbone: not one weight'),
    ({'psnet.conv_out.bias': torch.zeros(7)},
     r'psnet.conv_out.bias as \(7,\), the config builds \(3,\)'),
])
def test_checkpoints_of_other_models_are_refused(build_model, state_dict,
                                                 says):
    with pytest.raises(ValueError, match=says):
        load_state_dict(build_model(), state_dict)


def test_missing_vgg_weights_are_one_sentence(build_model, batch,
                                              monkeypatch):
    def no_network(*args, **kwargs):
        raise URLError('no network')

    monkeypatch.setattr('torchvision.models.vgg.vgg19', no_network)
    model = build_model(
        training=dict(loss_patch_percep=dict(
            _delete_=True,
            type='PerceptualLoss',
            layer_weights={'10': 1.},
            style_weight=0)),
        train_cfg=dict(pretrain_iters=5))
    with pytest.raises(FileNotFoundError, match='VGG-19.*TORCH_HOME'):
        model.train_step(batch, optimizers(model))


def test_the_perceptual_loss_trains_and_stays_out_of_checkpoints(
        build_model, batch, monkeypatch):
    from torchvision.models import vgg
    monkeypatch.setattr(vgg, 'vgg19', lambda pretrained: vgg.VGG(
        vgg.make_layers(vgg.cfgs['A'])))
    model = build_model(
        training=dict(loss_patch_percep=dict(
            _delete_=True,
            type='PerceptualLoss',
            layer_weights={'3': 1.},
            style_weight=0)))
    keys = set(model.state_dict())
    losses = model.train_step(batch, optimizers(model))
    assert losses['loss_patch_percep'] > 0
    assert set(model.state_dict()) == keys


@pytest.mark.parametrize('change, says', [
    (lambda x, m: (x[:, :1], m), 'expected .N, 3, H, W., colour'),
    (lambda x, m: (x, m[..., :-1]), 'the mask has shape .*resize the mask'),
    (lambda x, m: (x * 255, m), r'expected \[-1, 1\]'),
    (lambda x, m: (x, m * 255), 'not binary, it holds values like 255'),
    (lambda x, m: (x, m * 0.5), 'not binary, it holds values like 0.5'),
    (lambda x, m: (x, m * 0 + 1), 'covers the whole of image 0'),
])
def test_bad_inputs_are_one_sentence(build_model, change, says):
    inputs, sample = picture()
    inputs, mask = change(inputs, sample.mask)
    with pytest.raises(ValueError, match=says):
        build_model().eval()(inputs, DataSample(mask=mask))


@pytest.mark.parametrize('where, key, nearest', [
    ('train_cfg', 'patch_per_image', 'patches_per_image'),
    ('train_cfg', 'pretrain_iter', 'pretrain_iters'),
    ('test_cfg', 'coarse_pixel', 'coarse_pixels'),
    ('test_cfg', 'max_at_once', 'patches_at_once'),
    ('test_cfg', 'overlapping', 'overlap')])
def test_a_setting_that_there_is_not_brings_the_nearest(
        build_model, where, key, nearest):
    says = f'model.{where} has {key}, .*: use {nearest}.*'
    with pytest.raises(ValueError, match=says) as raised:
        build_model(**{where: {key: 4}})
    assert '\n' not in str(raised.value)


def test_an_unknown_mode_is_named(build_model):
    with pytest.raises(ValueError, match="'loss' is unknown.*train_step"):
        build_model()(*picture(), mode='loss')


def test_another_data_preprocessor_is_named(build_model):
    with pytest.raises(ValueError, match='BGR images .*127.5'):
        build_model(data_preprocessor=dict(output_channel_order='BGR'))


@torch.no_grad()
@pytest.mark.parametrize('overlap', [False, True])
def test_prediction_does_not_depend_on_how_much_is_done_at_once(
        build_model, batch, overlap):
    outputs = []
    for at_once in (1, 64):
        torch.manual_seed(0)
        model = build_model(
            test_cfg=dict(patches_at_once=at_once, overlap=overlap)).eval()
        data = model.data_preprocessor(batch, False)
        outputs.append(model(**data)[1])
    assert torch.allclose(*outputs, atol=1e-5)


@torch.no_grad()
def test_the_coarse_stage_sees_a_reduced_copy_of_large_images(
        build_model, batch):
    model = build_model(test_cfg=dict(coarse_pixels=32 * 24)).eval()
    seen = []
    model.coarse.inpaintor.generator.register_forward_pre_hook(
        lambda _, inputs: seen.append(inputs[0].shape[-2:]))
    data = model.data_preprocessor(batch, False)
    coarse, out = model(**data)
    assert seen == [(32, 24)]
    assert coarse.shape == out.shape == data['inputs'].shape
    known = data['data_samples'].mask.expand_as(out) == 0
    assert torch.equal(out[known], data['inputs'][known])


@pytest.mark.parametrize('pretrain_iters', [0, 5])
def test_the_coarse_stage_can_be_trained_on_reduced_copies(
        build_model, batch, pretrain_iters):
    model = build_model(train_cfg=dict(
        coarse_pixels=32 * 24, pretrain_iters=pretrain_iters))
    seen = []
    model.coarse.inpaintor.register_forward_pre_hook(
        lambda _, inputs: seen.append(inputs[0].shape[-2:]))
    before = {k: v.clone() for k, v in model.coarse.named_parameters()}
    losses = model.train_step(batch, optimizers(model))
    assert seen == [(32, 24)]
    assert losses['loss_coarse_hole'] > 0
    for name, parameter in model.coarse.named_parameters():
        assert not torch.equal(parameter, before[name]), name

import pytest
import torch

from tmad_mmedit.openmmlab.coarse.coarse_stage import InpaintorStage
from tmad_mmedit.openmmlab.host import DataSample

NET = dict(type='TMADCoarseNet', widths=(4, 4, 4, 4), dilations=(1, ))


def inpaintor(**preprocessor):
    return dict(
        type='OneStageInpaintor',
        data_preprocessor=dict(type='TMADDataPreprocessor', **preprocessor),
        encdec=NET,
        disc=dict(type='NoSuchDiscriminator'),
        loss_composed_percep=dict(type='NoSuchLoss'),
        train_cfg=dict(disc_step=1))


def batch(height=16, width=16):
    mask = torch.zeros(1, 1, height, width)
    mask[..., 2:6, 3:9] = 1
    img = torch.randint(256, (1, 3, height, width)).float()
    return img * (1 - mask) + 127.5 * mask, mask


@pytest.mark.parametrize('order, zero_value', [
    ('RGB', 127.5), ('BGR', 127.5), (None, 127.5), (None, 0), ('RGB', 255)])
def test_the_inpaintor_gets_what_its_own_pipeline_hands_it(order, zero_value):
    """Bit for bit what the bare model predicts from the same pixels."""
    stage = InpaintorStage(
        inpaintor(mean=[127.5], std=[127.5], output_channel_order=order),
        zero_value=zero_value).eval()
    pixels, mask = batch()
    theirs = pixels.where(mask == 0, torch.tensor(float(zero_value)))
    bare = stage.inpaintor.test_step(
        dict(
            inputs=[theirs[0].flip(0)],  # as MMEditing loads it: BGR
            data_samples=[DataSample(mask=mask[0], gt_img=pixels[0])]))
    coarse = stage((pixels - 127.5) / 127.5, mask)
    ours = (coarse * 127.5 + 127.5).flip(1).clamp(0, 255)[0]
    assert torch.equal(ours, bare[0].output.fake_res)


def test_another_normalisation_is_translated():
    mean, std = [100., 110., 120.], [50., 60., 70.]
    stage = InpaintorStage(
        inpaintor(mean=mean, std=std, output_channel_order='RGB')).eval()
    pixels, mask = batch()
    mean, std = (torch.tensor(x).view(1, 3, 1, 1) for x in (mean, std))
    bare, _ = stage.inpaintor((pixels - mean) / std,
                              DataSample(mask=mask))
    coarse = stage((pixels - 127.5) / 127.5, mask)
    assert torch.allclose(coarse * 127.5 + 127.5, bare * std + mean, atol=1e-3)


@pytest.mark.parametrize('size', [(15, 17), (1, 1), (8, 3)])
def test_any_size(size):
    stage = InpaintorStage(inpaintor(output_channel_order='RGB'))
    x, mask = torch.zeros(1, 3, *size), torch.zeros(1, 1, *size)
    assert stage(x, mask).shape == x.shape


def test_known_pixels_of_a_reduced_copy_are_what_the_image_shows():
    """A line is hole in the image, and nowhere in a copy of a quarter."""
    stage = InpaintorStage(inpaintor(output_channel_order='RGB')).eval()
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 30, :] = 1
    img = torch.full((1, 3, 64, 64), 0.3) * (1 - mask)
    coarse = stage(img, mask, max_pixels=16 * 16)
    assert torch.allclose(coarse, torch.full_like(coarse, 0.3), atol=1e-6)
    assert not torch.allclose(stage(img, mask)[..., 30, :],
                              coarse[..., 30, :], atol=1e-2)


def test_frozen_means_frozen():
    stage = InpaintorStage(inpaintor(), frozen=True).train()
    assert not any(module.training for module in stage.modules())
    x = torch.zeros(1, 3, 16, 16, requires_grad=True)
    assert not stage(x, torch.zeros(1, 1, 16, 16)).requires_grad
    assert not any(p.requires_grad for p in stage.parameters())


@pytest.fixture
def checkpoint(tmp_path):
    """A function that saves weights as MMEditing's runner does."""

    def save(weights):
        torch.save(dict(state_dict=weights), tmp_path / 'own.pth')
        return str(tmp_path / 'own.pth')

    return save


def own_weights(**changes):
    weights = InpaintorStage(inpaintor()).inpaintor.state_dict()
    return {**weights, 'disc.weight': torch.zeros(1), **changes}


@pytest.mark.parametrize('wrapper', [
    'generator.', 'generator.module.', 'module.generator.'])
def test_weights_begin_in_the_checkpoint_of_the_inpaintor(checkpoint, wrapper):
    """Also in one that several processes saved."""
    published = own_weights()
    stage = InpaintorStage(inpaintor(), checkpoint=checkpoint({
        key.replace('generator.', wrapper): x
        for key, x in published.items()}))
    stage.init_weights()
    own = stage.state_dict()
    assert own and all(
        torch.equal(x, published[key[len('inpaintor.'):]])
        for key, x in own.items())


def test_frozen_weights_stay_out_of_other_checkpoints(checkpoint):
    published = own_weights()
    stage = InpaintorStage(
        inpaintor(), frozen=True, checkpoint=checkpoint(published))
    others = {key: x * 0 for key, x in InpaintorStage(inpaintor()).state_dict(
        ).items()}
    for state_dict in ({}, others, {'inpaintor.generator.foreign': others}):
        assert not stage.state_dict()
        stage.load_state_dict(state_dict)  # is strict
        for key, x in stage.inpaintor.state_dict().items():
            assert torch.equal(x, published[key])


def test_thawed_weights_go_on_from_a_checkpoint_that_holds_them(checkpoint):
    stage = InpaintorStage(inpaintor(), checkpoint=checkpoint(own_weights()))
    trained = InpaintorStage(inpaintor()).state_dict()
    stage.load_state_dict(trained)
    own = stage.state_dict()
    assert own and all(torch.equal(x, trained[key]) for key, x in own.items())


def test_without_its_weights_anywhere_it_is_named():
    with pytest.raises(ValueError, match='lacks inpaintor.generator.* of the '
                       'coarse OneStageInpaintor.*coarse_cfg.checkpoint'):
        InpaintorStage(inpaintor(), frozen=True).load_state_dict({})


FIRST = 'generator.conv_in.conv.weight'


@pytest.mark.parametrize('weights, says', [
    ({FIRST: torch.zeros(9, 9)},
     rf'OneStageInpaintor has {FIRST} as \(4, 4, 3, 3\), its checkpoint '
     r'.*own.pth holds \(9, 9\)'),
    ({FIRST: None}, rf'has {FIRST} as .*own.pth holds nothing'),
])
def test_a_checkpoint_that_does_not_fit(checkpoint, weights, says):
    path = checkpoint(own_weights(**weights))
    for load in (InpaintorStage.init_weights,
                 lambda stage: stage.load_state_dict({})):
        with pytest.raises(ValueError, match=says):
            load(InpaintorStage(inpaintor(), frozen=True, checkpoint=path))


def test_a_checkpoint_that_is_none(tmp_path):
    def load(path):
        InpaintorStage(inpaintor(), checkpoint=str(path)).init_weights()

    for path in (tmp_path / 'missing.pth', 'http://127.0.0.1:9/x.pth'):
        with pytest.raises(FileNotFoundError, match=f'{path}, is not to be '
                           'had .*model.coarse_cfg.checkpoint'):
            load(path)
    for content in (b'', b'no weights'):
        (tmp_path / 'bad.pth').write_bytes(content)
        with pytest.raises(ValueError, match='bad.pth, cannot be read'):
            load(tmp_path / 'bad.pth')


@pytest.mark.parametrize('config', [
    dict(type='MSELoss'),
    dict(type='MultiLayerDiscriminator', in_channels=3, max_channels=4),
])
def test_what_is_no_inpaintor_is_named(config):
    with pytest.raises(ValueError, match=f"'{config['type']}' is no "
                       'MMEditing inpaintor'):
        InpaintorStage(config)


def test_a_whole_config_is_named():
    with pytest.raises(ValueError, match='has model, train_cfg, and no type'):
        InpaintorStage(dict(model=inpaintor(), train_cfg=dict()))


def test_a_model_that_takes_no_mask_is_named_at_its_first_use():
    stage = InpaintorStage(
        dict(
            type='BaseEditModel',
            data_preprocessor=dict(type='TMADDataPreprocessor'),
            pixel_loss=dict(type='L1Loss'),
            generator=dict(type='NAFNet', img_channels=3, mid_channels=4)))
    with pytest.raises(ValueError, match="'BaseEditModel' cannot fill a hole "
                       'with its network, NAFNet'):
        stage(torch.zeros(1, 3, 16, 16), torch.zeros(1, 1, 16, 16))


PCONV = dict(
    type='PConvEncoderDecoder',
    encoder=dict(type='PConvEncoder'),
    decoder=dict(type='PConvDecoder'))


@pytest.mark.parametrize('kind, network, says', [
    ('PConvInpaintor', NET, 'PConvInpaintor.*TMADCoarseNet.*OneStageInp'),
    ('TwoStageInpaintor', NET, 'TwoStageInpaintor.*TMADCoarseNet.*OneStage'),
    ('OneStageInpaintor', PCONV, 'OneStageInp.*PConvEnc.*PConvInpaintor'),
])
def test_masks_that_are_handed_over_otherwise(kind, network, says):
    with pytest.raises(ValueError, match=says):
        InpaintorStage(dict(inpaintor(), type=kind, encdec=network))


@pytest.mark.parametrize('training', [True, False])
def test_the_hole_alone_is_the_hole_of_the_whole(training):
    stage = InpaintorStage(inpaintor(output_channel_order='RGB'))
    stage.train(training)
    img, mask = torch.rand(2, 3, 45, 70) * 2 - 1, torch.zeros(2, 1, 45, 70)
    mask[0, :, 5:20, 40:52] = mask[1, :, 9:12, 60:70] = 1
    img, hole = img * (1 - mask), mask.bool().expand_as(img)
    for max_pixels in (None, 20 * 30):
        whole = stage(img, mask, max_pixels)
        alone = stage(img, mask, max_pixels, hole_only=True)
        assert torch.allclose(alone[hole], whole[hole], atol=1e-5)
    # and what is no hole is an estimate of it
    assert not torch.allclose(stage(img, mask)[~hole], img[~hole], atol=1e-2)


def test_channel_orders_that_disagree():
    with pytest.raises(ValueError, match="channel_order='BGR'.*data_preproc"
                       "essor of the coarse OneStageInpaintor.*='RGB'"):
        InpaintorStage(
            inpaintor(output_channel_order='RGB'), channel_order='bgr')
    with pytest.raises(ValueError, match="channel_order='GBR'.*'RGB' or"):
        InpaintorStage(inpaintor(), channel_order='gbr')
    assert not InpaintorStage(inpaintor(), channel_order='rgb').reversed

import pytest
import torch
from mmedit.structures import EditDataSample

from tmad_mmedit.models.coarse_stage import CoarseStage

NET = dict(type='TMADCoarseNet', widths=(4, 4, 4, 4), dilations=(1, ))


def inpaintor(**preprocessor):
    return dict(
        type='OneStageInpaintor',
        data_preprocessor=dict(type='EditDataPreprocessor', **preprocessor),
        encdec=NET,
        disc=dict(type='NoSuchDiscriminator'),
        loss_composed_percep=dict(type='NoSuchLoss'),
        train_cfg=dict(disc_step=1))


def batch(height=16, width=16):
    mask = torch.zeros(1, 1, height, width)
    mask[..., 2:6, 3:9] = 1
    img = torch.randint(256, (1, 3, height, width)).float()
    return img * (1 - mask) + 127.5 * mask, mask


@pytest.mark.parametrize('order', ['RGB', 'BGR', None])
def test_the_inpaintor_gets_what_its_own_pipeline_hands_it(order):
    """Bit for bit what the bare model predicts from the same pixels."""
    stage = CoarseStage(
        inpaintor(mean=[127.5], std=[127.5],
                  output_channel_order=order)).eval()
    pixels, mask = batch()
    bare = stage.inpaintor.test_step(
        dict(
            inputs=[pixels[0].flip(0)],  # as MMEditing loads it: BGR
            data_samples=[EditDataSample(mask=mask[0], gt_img=pixels[0])]))
    coarse = stage((pixels - 127.5) / 127.5, mask)
    ours = (coarse * 127.5 + 127.5).flip(1).clamp(0, 255)[0]
    assert torch.equal(ours, bare[0].output.fake_res)


def test_another_normalisation_is_translated():
    mean, std = [100., 110., 120.], [50., 60., 70.]
    stage = CoarseStage(
        inpaintor(mean=mean, std=std, output_channel_order='RGB')).eval()
    pixels, mask = batch()
    mean, std = (torch.tensor(x).view(1, 3, 1, 1) for x in (mean, std))
    bare, _ = stage.inpaintor((pixels - mean) / std,
                              EditDataSample(mask=mask))
    coarse = stage((pixels - 127.5) / 127.5, mask)
    assert torch.allclose(coarse * 127.5 + 127.5, bare * std + mean, atol=1e-3)


@pytest.mark.parametrize('size', [(15, 17), (1, 1), (8, 3)])
def test_any_size(size):
    stage = CoarseStage(inpaintor(output_channel_order='RGB'))
    x, mask = torch.zeros(1, 3, *size), torch.zeros(1, 1, *size)
    assert stage(x, mask).shape == x.shape


def test_known_pixels_of_a_reduced_copy_are_what_the_image_shows():
    """A line is hole in the image, and nowhere in a copy of a quarter."""
    stage = CoarseStage(inpaintor(output_channel_order='RGB')).eval()
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 30, :] = 1
    img = torch.full((1, 3, 64, 64), 0.3) * (1 - mask)
    coarse = stage(img, mask, max_pixels=16 * 16)
    assert torch.allclose(coarse, torch.full_like(coarse, 0.3), atol=1e-6)
    assert not torch.allclose(stage(img, mask)[..., 30, :],
                              coarse[..., 30, :], atol=1e-2)


def test_frozen_means_frozen():
    stage = CoarseStage(inpaintor(), frozen=True).train()
    assert not any(module.training for module in stage.modules())
    x = torch.zeros(1, 3, 16, 16, requires_grad=True)
    assert not stage(x, torch.zeros(1, 1, 16, 16)).requires_grad
    assert not any(p.requires_grad for p in stage.parameters())


def test_what_is_no_inpaintor_is_named():
    with pytest.raises(ValueError, match="'MSELoss' is no MMEditing inpaint"):
        CoarseStage(dict(type='MSELoss'))

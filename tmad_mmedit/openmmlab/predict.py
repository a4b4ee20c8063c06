"""A picture through any inpaintor of the host, as its test loop would."""
import numpy as np
import torch
from torch import Tensor, nn

from .coarse.networks import margins
from .host import TRANSFORMS, PackInputs


@torch.no_grad()
def predict(model: nn.Module, image: np.ndarray, hole: np.ndarray) -> Tensor:
    """Return what the model predicts for a picture at its own size.

    Args:
        model (nn.Module): An inpaintor of MMEditing, or T-MAD.
        image (np.ndarray): BGR, (H, W, 3) uint8.
        hole (np.ndarray): (H, W) bool.

    Returns:
        Tensor: BGR in [0, 1], (3, H, W), on the CPU; outside the hole the
        pixels that came.
    """
    # the picture and its hole continue as their reflections
    pad = [(0, margin) for margin in margins(model, hole.shape)]
    order = _step_of_test_pipeline(model, 'LoadImageFromFile').get(
        'channel_order', 'bgr')
    gt = image[..., ::-1] if order.lower() == 'rgb' else image
    data = dict(
        gt=np.pad(gt, [*pad, (0, 0)], 'reflect'),
        gt_channel_order=order,
        mask=np.pad(hole, pad, 'reflect')[..., None].astype(np.float32))
    for step in ('GetMaskedImage', PackInputs.__name__):
        step = TRANSFORMS.build(_step_of_test_pipeline(model, step))
        data = step(data)
    data = {key: [value] for key, value in data.items()}
    painted = model.test_step(data)[0].output.pred_img.cpu()
    painted = painted[:, :hole.shape[0], :hole.shape[1]]
    known = torch.from_numpy(image.copy()).permute(2, 0, 1).float()
    return painted.where(torch.from_numpy(hole), known) / 255


def _step_of_test_pipeline(model: nn.Module, step: str) -> dict:
    """Return a transform of the model's test pipeline, or MMEditing's
    default."""
    try:
        pipeline = model.cfg.test_dataloader.dataset.pipeline
    except AttributeError:
        pipeline = []
    names = step, f'TMAD{step}'.replace('Edit', '')
    return next((dict(transform) for transform in pipeline
                 if transform['type'] in names), dict(type=step))

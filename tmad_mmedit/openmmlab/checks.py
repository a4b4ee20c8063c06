"""What comes in at the boundary is checked here, once; inside, code trusts it.

Every error says what came in, what was expected and what to do.
"""
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any, Optional

import torch
from torch import Tensor, nn


def with_defaults(given: Optional[dict[str, Any]], defaults: dict[str, Any],
                  where: str) -> dict[str, Any]:
    """Settings, and for what they do not say the defaults.

    Args:
        given (dict, optional): Of a config.
        defaults (dict): All that there are.
        where (str): How to speak of them.

    Raises:
        ValueError: For a setting that there is not, with the nearest one.
    """
    for key in given or {}:
        if key not in defaults:
            nearest, = get_close_matches(str(key), defaults, 1, 0)
            raise ValueError(
                f'{where} has {key}, which is none of its settings: use '
                f'{nearest}, which is the nearest, or another of '
                f'{", ".join(defaults)}.')
    return {**defaults, **(given or {})}


def settings_of(kind: type, given: Optional[dict[str, Any]],
                where: str) -> Any:
    """Make a dataclass of settings of what a config says of it; see
    :func:`with_defaults`."""
    return kind(**with_defaults(given, asdict(kind()), where))


def check_preprocessor(preprocessor: nn.Module) -> None:
    """T-MAD's images are RGB in [-1, 1]; its data preprocessor makes them so.

    Raises:
        ValueError: If it makes anything else.
    """
    order = getattr(preprocessor, 'output_channel_order', None)
    scaled = [
        getattr(preprocessor, name, torch.tensor(0.)).unique().tolist()
        for name in ('mean', 'std')
    ]
    if order != 'RGB' or scaled != [[127.5], [127.5]]:
        raise ValueError(
            f'the data_preprocessor gives {order} images with mean '
            f'{scaled[0]} and std {scaled[1]}: T-MAD needs '
            "type='TMADDataPreprocessor', mean=[127.5], std=[127.5], "
            "output_channel_order='RGB'.")


def check_shapes(masked_img: Tensor, mask: Tensor) -> None:
    """Check the shapes of a batch.

    Args:
        masked_img (Tensor): I_m.
        mask (Tensor): m.

    Raises:
        ValueError: If they are not those of :class:`TMADInpaintor`.
    """
    if masked_img.ndim != 4 or masked_img.shape[1] != 3:
        raise ValueError(f'the masked image has shape '
                         f'{tuple(masked_img.shape)}: expected (N, 3, H, W), '
                         'colour; repeat the channel of a grey image.')
    n, _, height, width = masked_img.shape
    if mask.shape != (n, 1, height, width):
        raise ValueError(
            f'the mask has shape {tuple(mask.shape)}, the image '
            f'{tuple(masked_img.shape)}: expected {(n, 1, height, width)}; '
            'resize the mask with nearest neighbours, or crop both alike.')


def check_values(masked_img: Tensor, mask: Tensor) -> None:
    """Check the values of a batch, for which a GPU is waited for.

    Args:
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): m, (N, 1, H, W).

    Raises:
        ValueError: If range or polarity are not those of
            :class:`TMADInpaintor`, or an image has no known pixel.
    """
    low, high = masked_img.aminmax()
    if not (-1.001 <= low and high <= 1.001):
        raise ValueError(
            f'the masked image lies in [{low:.3g}, {high:.3g}]: expected '
            '[-1, 1], as the data_preprocessor gives it.')
    if not ((mask == 0) | (mask == 1)).all():
        raise ValueError(
            f'the mask is not binary, it holds values like '
            f'{mask[(mask != 0) & (mask != 1)][0]:.3g}: expected 0 (known) '
            'and 1 (hole); threshold it.')
    full = mask.flatten(1).min(1).values.nonzero().flatten().tolist()
    if full:
        raise ValueError(
            f'the mask covers the whole of image {full[0]} of the batch: '
            'T-MAD paints from the known pixels; leave some.')


def check_losses(losses: dict[str, Tensor], iteration: int) -> None:
    """Stop before a checkpoint of spoilt weights is written.

    Args:
        losses (dict): Scalars by name.
        iteration (int): For the message.

    Raises:
        FloatingPointError: If one is NaN or infinite.
    """
    finite = torch.stack([loss.detach() for loss in losses.values()])
    finite = finite.isfinite().tolist()
    bad = [name for name, ok in zip(losses, finite) if not ok]
    if bad:
        raise FloatingPointError(
            f'{", ".join(bad)} not finite in iteration {iteration}: lower the '
            'learning rate or clip gradients, and resume from the last '
            'checkpoint.')


def check_checkpoint(own: dict[str, torch.Size],
                     state_dict: dict[str, Tensor]) -> None:
    """A checkpoint must hold weights of this model, in its shapes.

    Args:
        own (dict): The model's shapes by key.
        state_dict (dict): What is to be loaded.

    Raises:
        ValueError: If it does not.
    """
    common = [key for key in own if key in state_dict]
    if not common:
        held = sorted({key.split('.')[0] for key in state_dict})
        raise ValueError(
            f'the checkpoint holds {", ".join(held[:5]) or "nothing"}: not '
            'one weight of this model (coarse and the rest of it) nor of '
            'its coarse stage; give a checkpoint of this config, or the '
            "coarse inpaintor's own as model.coarse_cfg.checkpoint.")
    for key in common:
        if state_dict[key].shape != own[key]:
            raise ValueError(
                f'the checkpoint has {key} as {tuple(state_dict[key].shape)}, '
                f'the config builds {tuple(own[key])}: give the config that '
                'the checkpoint was trained with.')

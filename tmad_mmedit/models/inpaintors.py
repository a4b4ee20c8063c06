"""What T-MAD has to know of MMEditing's inpaintors, and asks of them."""
from typing import Dict, Optional, Tuple

import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.runner import CheckpointLoader
from torch import Tensor, nn

# What a side must be a multiple of, and its least length, by the type of the
# inpaintor's network (mmagic issue 1945), or of an inpaintor without one.
SIDES = dict(
    TMADCoarseNet=(8, 8),
    GLEncoderDecoder=(4, 4),
    DeepFillEncoderDecoder=(8, 72),  # reflects 16 at a quarter of its size
    PConvEncoderDecoder=(128, 128),  # halves 7 times
    AOTEncoderDecoder=(4, 36),  # reflects 8 at a quarter of its size
    TMADInpaintor=(1, 1))
OTHERS = (8, 8)


def margins(inpaintor: nn.Module,
            sides: Tuple[int, int],
            divisor: Optional[int] = None) -> Tuple[int, int]:
    """What an image must grow by, for an inpaintor to take it.

    Args:
        inpaintor (nn.Module): One of MMEditing's, or T-MAD.
        sides (tuple[int, int]): Height and width of the image.
        divisor (int, optional): What the sides must be multiples of, if it is
            not what the inpaintor's type is known to need.

    Returns:
        tuple[int, int]: Rows to add below, columns to add at the right.
    """
    network = getattr(inpaintor, 'generator', inpaintor)
    multiple, least = SIDES.get(type(network).__name__, OTHERS)
    multiple = divisor or multiple
    below, right = (
        max(side, least) + -max(side, least) % multiple - side
        for side in sides)
    return below, right


@torch.no_grad()
def build_inpaintor(config: dict) -> nn.Module:
    """Build an inpaintor without its discriminators and losses, in eval mode,
    and have it fill a hole once.

    Args:
        config (dict): Of the inpaintor, as MMEditing trains it.

    Raises:
        ValueError: If it is no inpaintor's, or its parts disagree.
    """
    if 'type' not in config:
        raise ValueError(
            f'the coarse config has {", ".join(list(config)[:5])}, and no '
            'type: give what a config of an inpaintor has as its model.')
    inpaintor = MODELS.build({
        key: value
        for key, value in config.items()
        if key not in ('disc', 'train_cfg') and not key.startswith('loss_')
    }).eval()
    name = type(inpaintor).__name__
    if not hasattr(inpaintor, 'forward_tensor'):
        raise ValueError(
            f'coarse={name!r} is no MMEditing inpaintor: it has no '
            'forward_tensor(inputs, data_samples). Give the config of one, '
            'such as OneStageInpaintor.')
    image, mask = torch.zeros(1, 3, 128, 128), torch.zeros(1, 1, 128, 128)
    mask[..., 48:80, 48:80] = 1
    try:
        filled, _ = inpaintor(image, EditDataSample(mask=mask), mode='tensor')
        if filled.shape != image.shape:
            raise ValueError(f'it makes {tuple(filled.shape)} of '
                             f'{tuple(image.shape)}')
    except Exception as error:  # what is no inpaintor may raise any of them
        network = type(getattr(inpaintor, 'generator', None)).__name__
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ValueError(
            f'coarse={name!r} cannot fill a hole with its network, {network} '
            f'({reason}): the two must agree on how image and mask are handed '
            'over; take both from the config of one MMEditing inpaintor.'
        ) from error
    return inpaintor


def channel_order_of(inpaintor: nn.Module, told: Optional[str]) -> str:
    """'RGB' or 'BGR', what an inpaintor expects.

    Args:
        inpaintor (nn.Module): Whose data preprocessor may say it.
        told (str, optional): What the user says.

    Raises:
        ValueError: If the two disagree, or it is something else.
    """
    order = getattr(inpaintor.data_preprocessor, 'output_channel_order', None)
    told = told and told.upper()
    if order and told and order != told:
        raise ValueError(
            f'coarse_cfg says channel_order={told!r}, the data_preprocessor '
            f'of the coarse {type(inpaintor).__name__} says '
            f'output_channel_order={order!r}: drop one of the two.')
    if told not in ('RGB', 'BGR', None):
        raise ValueError(f'coarse_cfg says channel_order={told!r}: expected '
                         "'RGB' or 'BGR'.")
    return order or told or 'BGR'


def unwrapped(key: str) -> str:
    """The key of a weight without the wrapper that several processes train a
    model or its children in: ``generator.module.conv``, ``generator.conv``."""
    return f'.{key}'.replace('.module.', '.', 1)[1:]


def own_weights(inpaintor: nn.Module, checkpoint: str) -> Dict[str, Tensor]:
    """The weights of an inpaintor that MMEditing trained or published.

    Args:
        inpaintor (nn.Module): As its config builds it.
        checkpoint (str): A file, or a URL, which stays in torch's cache. The
            discriminators and whatever else is in it are left aside.

    Raises:
        FileNotFoundError: If it is not there.
        ValueError: If it is no checkpoint, or that of another inpaintor.
    """
    try:
        content = CheckpointLoader.load_checkpoint(
            checkpoint, map_location='cpu')
        held = {unwrapped(key): x
                for key, x in content.get('state_dict', content).items()}
    except OSError as error:
        raise FileNotFoundError(
            f'the checkpoint of the coarse stage, {checkpoint}, is not to be '
            f'had ({getattr(error, "reason", error)}): give the file as '
            'model.coarse_cfg.checkpoint.') from None
    except Exception as error:  # unpickling garbage raises any of them
        reason = next(iter(str(error).splitlines()), 'it is empty')
        raise ValueError(
            f'the checkpoint of the coarse stage, {checkpoint}, cannot be '
            f'read ({reason}): give a file that torch.save wrote whole.'
        ) from None
    own = inpaintor.state_dict()
    # older checkpoints do not count batches
    held = {**{key: x for key, x in own.items()
               if key.endswith('num_batches_tracked')}, **held}
    for key, x in own.items():
        shape = getattr(held.get(key), 'shape', None)
        if shape != x.shape:
            holds = 'nothing' if shape is None else tuple(shape)
            raise ValueError(
                f'the coarse {type(inpaintor).__name__} has {key} as '
                f'{tuple(x.shape)}, its checkpoint {checkpoint} holds '
                f'{holds}: give one of the config in model.coarse.')
    return {key: held[key] for key in own}

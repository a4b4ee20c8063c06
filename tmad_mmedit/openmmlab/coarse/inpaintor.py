"""An inpaintor of MMEditing's, built for what T-MAD asks of it."""
from typing import Optional

from torch import Tensor, nn

from ..host import DataSample, build
from .networks import check_network, network_of


def build_inpaintor(config: dict) -> nn.Module:
    """Build an inpaintor without its discriminators and losses, in eval mode.

    Args:
        config (dict): Of the inpaintor, as MMEditing trains it.

    Raises:
        ValueError: If it is no inpaintor's, or its parts disagree.
    """
    if 'type' not in config:
        raise ValueError(
            f'the coarse config has {", ".join(list(config)[:5])}, and no '
            'type: give what a config of an inpaintor has as its model.')
    inpaintor = build({
        key: value
        for key, value in config.items()
        if key not in ('disc', 'train_cfg') and not key.startswith('loss_')
    }).eval()
    if not hasattr(inpaintor, 'forward_tensor'):
        raise ValueError(
            f'coarse={type(inpaintor).__name__!r} is no MMEditing inpaintor: '
            'it has no forward_tensor(inputs, data_samples). Give the config '
            'of one, such as OneStageInpaintor.')
    check_network(inpaintor)
    return inpaintor


def estimate(inpaintor: nn.Module, x: Tensor, mask: Tensor) -> Tensor:
    """What an inpaintor makes of a batch, before it is pasted.

    Args:
        inpaintor (nn.Module): As :func:`build_inpaintor` gives it.
        x (Tensor): The masked images it expects, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.

    Returns:
        Tensor: (N, 3, H, W).

    Raises:
        ValueError: If it makes something else: it is no inpaintor.
    """
    made = inpaintor(x, DataSample(mask=mask), mode='tensor')
    made = made[0] if isinstance(made, (tuple, list)) and made else None
    if getattr(made, 'shape', None) != x.shape:
        shape = tuple(made.shape) if isinstance(made, Tensor) else 'no pair'
        raise ValueError(
            f'coarse={type(inpaintor).__name__!r} cannot fill a hole with its '
            f'network, {type(network_of(inpaintor)).__name__}: of an image '
            f'{tuple(x.shape)} and its mask it makes {shape}, where two '
            'images of that shape were expected; give the config of an '
            'MMEditing inpaintor, such as OneStageInpaintor.')
    return made


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

"""The estimate of a hole, without that of the picture around it."""
from torch import Tensor, nn

from ...models.coarse.coarse_net import TMADCoarseNet
from ...models.coarse.stage import estimate_window
from ..host import OneStageInpaintor
from .inpaintor import estimate
from .networks import network_of


def estimate_hole(inpaintor: nn.Module, x: Tensor, mask: Tensor) -> Tensor:
    """Estimate as :func:`estimate`; of known pixels nothing is promised.

    T-MAD's own network makes a window at a time: it is asked for the window
    around the holes, past its inpaintor, which can only ask for everything.
    Of every other inpaintor it is the whole estimate.

    Args:
        inpaintor (nn.Module): As :func:`build_inpaintor` gives it.
        x (Tensor): The masked images it expects, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.

    Returns:
        Tensor: (N, 3, H, W), right where the mask is 1.
    """
    network = network_of(inpaintor)
    plain = getattr(type(inpaintor), 'forward_tensor',
                    None) is OneStageInpaintor.forward_tensor
    if not (plain and isinstance(network, TMADCoarseNet)):
        return estimate(inpaintor, x, mask)
    return estimate_window(network, x, mask)

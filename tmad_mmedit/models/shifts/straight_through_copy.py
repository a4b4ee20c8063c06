"""Eqs. (4) and (5) for shifts: forward a hard choice, backward a soft one."""
import torch
from torch import Tensor

from ..ops.gather import inside
from .blocks import Blocks
from .costs import CostMaps


def straight_through_copy(maps: CostMaps, candidates: Tensor, weights: Tensor,
                 blocks: Blocks) -> Tensor:
    """Return ``T - sg(T)`` of ``T = sum_j a_j I_m(x + d_j)``.

    Added to what the hard choice shows, it changes no value, and passes the
    gradient of the soft sum on to the weights; the image is data and receives
    none.

    Args:
        maps (CostMaps): Of the image.
        candidates (Tensor): (B, L, 2), shifts d.
        weights (Tensor): a, (B, L).
        blocks (Blocks): B of them.

    Returns:
        Tensor: (3, H, W), zeros.
    """
    height, width = maps.mask.shape[-2:]
    places = blocks.pixels()
    shown = maps.known.channels(slice(0, 3)).at(
        places[:, None] + candidates[:, :, None]).detach()
    soft = torch.einsum('bl,blpc->bpc', weights, shown)
    soft = soft - soft.detach()
    y, x = places.unbind(-1)
    there = inside(y, x, height, width)
    picture = soft.new_zeros(height, width, 3).index_put(
        (y[there], x[there]), soft[there])
    return picture.permute(2, 0, 1)

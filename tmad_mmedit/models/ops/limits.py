"""What colours a picture has."""
import torch
from torch import Tensor

BEYOND = 0.25  # of the range of what is known: it need not show all there is


def within_known(guess: Tensor, img: Tensor, unknown: Tensor) -> Tensor:
    """Keep a guess near what is known: of each channel, from its least to its
    greatest value there, and a quarter of that range beyond. What is all of
    one colour so stays it; a photograph of many colours limits nothing.

    Args:
        guess (Tensor): (N, C, H, W).
        img (Tensor): (N, C, H, W).
        unknown (Tensor): (N, 1, H, W), 1 or True = does not count.

    Returns:
        Tensor: (N, C, H, W); a guess of whose picture nothing is known stays.
    """
    unknown = unknown.bool()
    low = img.masked_fill(unknown, torch.inf).amin((2, 3), keepdim=True)
    high = img.masked_fill(unknown, -torch.inf).amax((2, 3), keepdim=True)
    beyond = BEYOND * (high - low)
    low, high = low - beyond, high + beyond
    some = (~unknown).flatten(1).any(1).view(-1, 1, 1, 1)
    return guess.maximum(low).minimum(high).where(some, guess)

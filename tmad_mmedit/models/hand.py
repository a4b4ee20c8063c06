"""What a person says of a hole: what it should look like, and where not to
copy from."""
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from .blend.gradient_blend import divergence, residual
from .blend.poisson import Weights, solve
from .ops.components import components
from .ops.window import Window, hole_window, whole

ITERATIONS = 30  # of the solver: a guess may cross a large hole
SMOOTH = 64  # pixels: the longer side of a guess that is smooth all over


class Hand(NamedTuple):
    """What a person says of N pictures; see :func:`hinted` for the first two.

    Attributes:
        guess (Tensor, optional): (N, 3, H, W) in [-1, 1], in place of the
            network's where ``guessed`` is 1.
        guessed (Tensor, optional): (N, 1, H, W), 0 or 1.
        hinted (Tensor, optional): (N, 1, H, W), 0 or 1: where it is a
            person's.
        barred (Tensor, optional): (N, 1, H, W), 1 = hole, or known and not to
            be copied.
        corners (Tensor, optional): (N, 4, 2), double, column and row of the
            corners, in turn, of what is a rectangle on a plane of the world;
            NaN for pictures of which nothing is said.
    """
    guess: Optional[Tensor] = None
    guessed: Optional[Tensor] = None
    hinted: Optional[Tensor] = None
    barred: Optional[Tensor] = None
    corners: Optional[Tensor] = None

    def corners_in(self, n: int, window: Window) -> Optional[Tensor]:
        """Those of picture n, (1, 4, 2), as a window of it sees them."""
        if self.corners is None:
            return None
        return self.corners[n:n + 1] - self.corners.new_tensor(
            [window.left, window.top])


NO_HAND = Hand()


def hinted(masked_img: Tensor, mask: Tensor,
           hint: Tensor) -> tuple[Tensor, Tensor]:
    """Turn strokes of colour into a guess: between strokes and rim it is
    smooth, a solution of Laplace's equation. Holes without a stroke get none.

    Args:
        masked_img (Tensor): I_m, (N, 3, H, W) in [-1, 1].
        mask (Tensor): (N, 1, H, W), 1 = hole.
        hint (Tensor): (N, 4, H, W): colours in [-1, 1], and 1 where there is
            a stroke, else 0.

    Returns:
        tuple: The guess, (N, 3, H, W), 0 where there is none, and where there
        is one, (N, 1, H, W), 0 or 1.
    """
    guess, guessed = torch.zeros_like(masked_img), torch.zeros_like(mask)
    for n in range(len(mask)):
        stroke = (hint[n, 3:] * mask[n]).bool()
        own = with_stroke(mask[n, 0].bool(), stroke[0])[None]
        if not own.any():
            continue
        window = hole_window(own[None].to(mask)).grown(1, whole(mask))
        own, stroke = window.cut(own), window.cut(stroke)
        first = window.cut(hint[n, :3]).where(
            stroke, window.cut(masked_img[n]))
        unknown = own & ~stroke
        other = window.cut(mask[n]).bool() & ~own
        made = smooth(first * ~unknown, unknown, other)
        window.cut(guess[n]).copy_(made * own)
        window.cut(guessed[n]).copy_(own)
    return guess, guessed


def smooth_too(masked_img: Tensor, mask: Tensor, hand: Hand) -> Tensor:
    """Return a guess, (N, 3, H, W), that is smooth from rim to rim, also in
    holes without a stroke. Of a large hole it is made small: it has no
    detail."""
    guess = torch.zeros_like(masked_img)
    for n in range(len(mask)):
        window = hole_window(mask[n:n + 1]).grown(1, whole(mask))
        size = window.bottom - window.top, window.right - window.left
        first, unknown = window.cut(masked_img[n]), window.cut(mask[n])
        times = -(-max(size) // SMOOTH)
        small = -(-size[0] // times), -(-size[1] // times)
        part = F.adaptive_avg_pool2d(1 - unknown, small)
        colours = F.adaptive_avg_pool2d(first * (1 - unknown), small)
        lost = part == 0
        made = smooth(colours / part.where(~lost, torch.ones_like(part)),
                      lost, torch.zeros_like(lost), ITERATIONS // 2)
        window.cut(guess[n]).copy_(F.interpolate(
            made[None], size, mode='bilinear', align_corners=False)[0])
    return guess_of(guess, hand)


def with_stroke(hole: Tensor, stroke: Tensor) -> Tensor:
    """Return the pixels of those holes, (H, W), bool, in which there is a
    stroke."""
    pixels, number = components(hole).pixels()
    total = int(number.max()) + 1 if len(number) else 0
    has = number.new_zeros(total).bool()
    has[number[stroke[tuple(pixels.T)]]] = True
    own = torch.zeros_like(hole)
    own[tuple(pixels[has[number]].T)] = True
    return own


def smooth(first: Tensor, unknown: Tensor, lost: Tensor,
           iterations: int = ITERATIONS) -> Tensor:
    """Continue an image into what is unknown, as smoothly as can be.

    Args:
        first (Tensor): (C, h, w).
        unknown (Tensor): (1, h, w), bool.
        lost (Tensor): (1, h, w), bool, which pixels have no say.
        iterations (int): Of the solver.
    """
    ones = torch.ones_like(first[:1])
    weights = Weights(ones[:, 1:], ones[..., 1:]).without(lost)
    still = torch.zeros_like(first[:, 1:]), torch.zeros_like(first[..., 1:])
    right = divergence(residual(still, first), weights) * unknown
    return first + solve(right, unknown, weights, iterations)


def guess_of(coarse: Tensor, hand: Hand) -> Tensor:
    """Put what a person says into the coarse result, (N, 3, H, W)."""
    if hand.guess is None or hand.guessed is None:
        return coarse
    return hand.guess.where(hand.guessed.bool(), coarse)

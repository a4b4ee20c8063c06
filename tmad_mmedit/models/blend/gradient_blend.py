"""Copies of a picture blended into one, in the gradient domain."""
from dataclasses import dataclass
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.blur import gaussian_blur, guess_blur, known_blur
from ..ops.gather import clamped, inside
from ..ops.holes import dilated
from ..ops.precision import in_full_precision
from ..ops.window import Window, hole_window, whole
from ..shifts.field import ShiftField
from .poisson import Weights, solve


@dataclass(frozen=True)
class BlendSettings:
    """How :func:`gradient_blend` blends.

    >>> BlendSettings(iterations=20).tolerance
    1.2

    Attributes:
        tolerance (float): The difference of two neighbours, of [-1, 1], from
            which on a step may stay; smaller keeps more steps.
        screening_weight (float): How strongly the guess's low frequencies
            hold the colours, beside each of a pixel's four gradients, where
            these contradict each other; 0 leaves them out.
        disagreement (float): From which contradiction on, of [-1, 1] a
            gradient, they have a quarter of that weight; 0: they have all,
            always.
        sigma (float): Blur, in pixels, of what of the copy is compared with
            the guess.
        hue_deadzone (float): A difference of hue between guess and copy, of
            [-1, 1], that does not count: the guess is not that sure of it.
        iterations (int): Of the solver; 12 leave less than a thousandth of
            the error.
    """
    tolerance: float = 1.2
    screening_weight: float = 0.003
    disagreement: float = 0.004
    sigma: float = 6.
    hue_deadzone: float = 0.1
    iterations: int = 12


@in_full_precision
def gradient_blend(comp: Tensor, masked_img: Tensor, mask: Tensor,
                   field: ShiftField, settings: BlendSettings,
                   wanted: Optional[Tensor] = None,
                   barred: Optional[Tensor] = None,
                   brief: bool = False) -> Tensor:
    """Fill the holes with what shifts show (method, section 8).

    The hole gets the gradients of its sources, the mean of both where two
    sources meet, and is integrated from its rim: a screened Poisson equation.
    Where that differs much from what is shown, two things meet that are not
    one: such a step may stay, so that the colour of one does not run into the
    other. Far from the rim, the guess's low frequencies hold the colours, but
    where rim and copies agree, they have nothing to say.

    Args:
        comp (Tensor): I_comp, (N, 3, H, W) in [-1, 1]; it stays where a
            shift leads to no known pixel.
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        field (ShiftField): Of these images.
        settings (BlendSettings): See there.
        wanted (Tensor, optional): (N, 1, H, W), 1 = hole pixels that have a
            shift; the others stay coarse, and have no say. Defaults to all.
        barred (Tensor, optional): (N, 1, H, W), 1 = hole, or known and not to
            be copied. Defaults to the holes.
        brief (bool): With half the iterations, about a grey level away from
            the solution. Defaults to False.

    Returns:
        Tensor: (N, 3, H, W) in [-1, 1], I_m outside the holes.
    """
    judging = settings.iterations // 3 if brief else settings.iterations
    solving = settings.iterations - judging if brief else settings.iterations
    picture, hole = whole(mask), mask.bool()
    filled = comp.clone()
    painted = mask if wanted is None else wanted * mask
    weight = settings.screening_weight
    for n in range(len(mask)):
        # its own, so that it does not depend on the batch
        own = hole_window(painted[n:n + 1])
        wide = own.grown(1, picture)
        shift = F.pad(
            own.seen_from(field.window).cut(field.shift[n]),
            (own.left - wide.left, wide.right - own.right,
             own.top - wide.top, wide.bottom - own.bottom))
        unknown = wide.cut(painted[n]).bool()
        guess = wide.cut(comp[n])
        seen = (masked_img[n], hole[n],
                None if barred is None else barred[n].bool())
        atlas = field.atlas(n)
        if atlas is not None:
            seen = atlas.img, atlas.mask.bool(), atlas.barred.bool()
        first, gradients = sources(guess, *seen[:2], shift, wide, seen[2])
        missing = residual(gradients, first)
        weights = Weights(*(
            confidence(x, settings.tolerance) for x in missing))
        weights = weights.without(wide.cut(hole[n]) & ~unknown)
        right = divergence(missing, weights) * unknown
        pull = weight * unknown
        if weight and settings.disagreement:
            with torch.no_grad():
                change = solve(right, unknown, weights, judging)
                pull = pull * contradiction(
                    residual(missing, change), weights, unknown,
                    2 * settings.sigma, settings.disagreement)
        if weight:
            differ = (guess_blur(guess[None], settings.sigma) -
                      gaussian_blur(first[None], settings.sigma))[0]
            grey = differ.mean(0, keepdim=True)
            hue = F.softshrink(differ - grey, settings.hue_deadzone)
            right += pull * (grey + hue)
        change = solve(right, unknown, weights, solving, pull)
        wide.cut(filled[n]).copy_(
            (first + change).clamp(-1, 1).where(unknown, first))
    return filled


def sources(guess: Tensor, img: Tensor, hole: Tensor, shift: Tensor,
            window: Window, barred: Optional[Tensor] = None) -> tuple[
                Tensor, tuple[Tensor, Tensor]]:
    """Look up what the shifts show, and the gradients to be had.

    Args:
        guess (Tensor): I_comp in the window, (C, h, w).
        img (Tensor): I_m, (C, H, W).
        hole (Tensor): (1, H, W), bool.
        shift (Tensor): (2, h, w), 0 where there is no hole.
        window (Window): h x w pixels.
        barred (Tensor, optional): (1, H, W), bool: hole, or not to be copied.
            Defaults to the hole.

    Returns:
        tuple: The composite (C, h, w), and of each pixel the difference to
        the next one that is wanted, down (C, h - 1, w) and right
        (C, h, w - 1).
    """
    height, width = hole.shape[-2:]
    y = torch.arange(window.top, window.bottom, device=img.device)[:, None]
    x = torch.arange(window.left, window.right, device=img.device)
    unknown = window.cut(hole)[0]
    flat = img.flatten(1)
    free = ~(hole if barred is None else barred).flatten()

    def look(dy, dx):
        """What each pixel's source has beside it, and whether it may be
        shown."""
        there = y + shift[0] + dy, x + shift[1] + dx
        at = clamped(*there, height, width)
        return flat[:, at], inside(*there, height, width) & free[at]

    shown, usable = look(0, 0)
    if barred is not None:  # pixels around the hole show themselves
        usable = usable | ~unknown
    composite = shown.where(usable, guess)
    shows = usable | ~unknown
    # where no source is near, the guess stays as it is
    near = dilated((usable & unknown)[None].to(img), 1)[0].bool() & unknown
    gradients = []
    for step, here, next_ in (((1, 0), _above, _below),
                              ((0, 1), _left, _right)):
        ahead, ahead_known = look(*step)
        behind, behind_known = look(-step[0], -step[1])
        # of both pixels of a pair, what the source of each says, if it can
        one = here(unknown & usable & ahead_known)
        other = next_(unknown & usable & behind_known)
        count = one.to(img) + other
        total = ((here(ahead) - here(shown)) * one +
                 (next_(shown) - next_(behind)) * other)
        plain = next_(composite) - here(composite)
        found = (total / count.clamp(min=1)).where(count > 0, plain)
        lost = ((count == 0) & (here(shows) | next_(shows)) &
                (here(near) | next_(near)))
        gradients.append(continued(found, lost, 1 if step[0] else 2))
    down, right = gradients
    return composite, (down, right)


def continued(gradient: Tensor, lost: Tensor, dim: int) -> Tensor:
    """Return gradients (C, h, w) in which those that no source has, ``lost``
    (h, w), are as the ones before and behind along ``dim``, the mean of
    those that are not lost; where both are, they stay.

    Where a source ends, the difference to what another one, or the guess,
    shows there is a step of which neither of them knows.
    """
    here = F.pad((~lost).to(gradient), (1, 1, 1, 1))[None]
    values = F.pad(gradient, (1, 1, 1, 1)) * here
    length = gradient.shape[dim]

    def beside(x: Tensor) -> Tensor:
        x = x.narrow(3 - dim, 1, x.shape[3 - dim] - 2)
        return x.narrow(dim, 0, length) + x.narrow(dim, 2, length)

    count = beside(here)
    return (beside(values) / count.clamp(min=1)).where(
        lost & (count > 0), gradient)


def _above(x: Tensor) -> Tensor:
    return x[..., :-1, :]


def _below(x: Tensor) -> Tensor:
    return x[..., 1:, :]


def _left(x: Tensor) -> Tensor:
    return x[..., :-1]


def _right(x: Tensor) -> Tensor:
    return x[..., 1:]


def residual(wanted: tuple[Tensor, Tensor],
            first: Tensor) -> tuple[Tensor, Tensor]:
    """Return what the gradients of ``first``, (C, h, w), lack of those wanted:
    (C, h - 1, w) and (C, h, w - 1)."""
    return wanted[0] - first.diff(dim=1), wanted[1] - first.diff(dim=2)


def confidence(missing: Tensor, tolerance: float) -> Tensor:
    """Return the weights of pairs that lack so much, (C, h, w) to (1, h, w):
    Geman and McClure's, ``1 / (1 + |missing|^2 / tolerance^2)^2``."""
    square = missing.square().sum(0, keepdim=True)
    return (1 + square / tolerance**2)**-2


def contradiction(left: tuple[Tensor, Tensor], weights: Weights,
                  unknown: Tensor, sigma: float, least: float) -> Tensor:
    """Return how much the gradients that are wanted contradict each other,
    (1, h, w): from 0, where all can be had at once, to 1.

    Args:
        left (tuple[Tensor]): What the best picture lacks of them, (C, h - 1,
            w) and (C, h, w - 1).
        weights (Weights): How much each of them counts.
        unknown (Tensor): (1, h, w), bool: where this counts.
        sigma (float): How far around, in pixels.
        least (float): The root mean square of which 1/4 is made, above 0.
    """
    down, right = (weight * x.square().mean(0, keepdim=True)
                   for weight, x in zip(weights, left))
    square = (F.pad(down, (0, 0, 1, 0)) + F.pad(down, (0, 0, 0, 1)) +
              F.pad(right, (1, 0)) + F.pad(right, (0, 1))) / 4
    square = known_blur(square[None], unknown[None].to(square), sigma)[0]
    return (square / (square + least**2)).square()


def divergence(missing: tuple[Tensor, Tensor], weights: Weights) -> Tensor:
    """Return the right side of Poisson's equation, (C, h, w)."""
    down, right = (weight * x for weight, x in zip(weights, missing))
    return (F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1)) +
            F.pad(right, (1, 0)) - F.pad(right, (0, 1)))

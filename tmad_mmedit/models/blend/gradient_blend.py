
import torch
import torch.nn.functional as F
from mmedit.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor

from ..ops.blur import gaussian_blur
from ..ops.precision import in_full_precision
from ..ops.window import Window, hole_window, whole
from .poisson import Weights, solve


@MODELS.register_module()
class GradientBlend(BaseModule):
    """Blends what shifts show, in the gradient domain (method, section 8).

    The hole gets the gradients of its sources, the mean of both where two
    sources meet, and is integrated from its rim. Where that differs much from
    what is shown, two things meet that are not one: such a step may stay, so
    that the colour of one does not run into the other. Far from the rim, the
    coarse result's low frequencies hold the colours.

    Args:
        tolerance (float): The difference of two neighbours, of [-1, 1], from
            which on a step may stay. Defaults to 1.2.
        anchor (float): How much, beside each of a pixel's four gradients.
            Defaults to 0.003.
        sigma (float): Of these low frequencies, in pixels. Defaults to 6.
        doubt (float): A difference of hue, of [-1, 1], that does not count:
            the guess is not that sure of it. Defaults to 0.1.
        iterations (int): Of the solver. Defaults to 12.
    """

    def __init__(self,
                 tolerance: float = 1.2,
                 anchor: float = 0.003,
                 sigma: float = 6.,
                 doubt: float = 0.1,
                 iterations: int = 12) -> None:
        super().__init__()
        self.tolerance = tolerance
        self.anchor = anchor
        self.sigma = sigma
        self.doubt = doubt
        self.iterations = iterations

    @in_full_precision
    def forward(self, comp: Tensor, masked_img: Tensor, mask: Tensor,
                shift: Tensor, window: Window) -> Tensor:
        """Fill the holes.

        Args:
            comp (Tensor): I_comp, (N, 3, H, W) in [-1, 1]; it stays where a
                shift leads to no known pixel.
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            shift (Tensor): (N, 2, h, w), long, down and right.
            window (Window): h x w pixels with all holes in it.

        Returns:
            Tensor: (N, 3, H, W) in [-1, 1], I_m outside the holes.
        """
        picture, hole = whole(mask), mask.bool()
        filled = masked_img.clone()
        for image in range(len(mask)):
            # its own, so that it does not depend on the batch
            own = hole_window(mask[image:image + 1])
            wide = own.grown(1, picture)
            own_shift = F.pad(
                own.seen_from(window).cut(shift[image]),
                (own.left - wide.left, wide.right - own.right,
                 own.top - wide.top, wide.bottom - own.bottom))
            unknown = wide.cut(hole[image])
            guess = wide.cut(comp[image])
            first, wanted = sources(
                guess, masked_img[image], hole[image], own_shift, wide)
            missing = lacking(wanted, first)
            weights = Weights(*(
                confidence(x, self.tolerance) for x in missing))
            right = divergence(missing, weights) * unknown
            if self.anchor:
                differ = (gaussian_blur(guess[None], 0.7 * self.sigma) -
                          gaussian_blur(first[None], self.sigma))[0]
                grey = differ.mean(0, keepdim=True)
                hue = F.softshrink(differ - grey, self.doubt)
                right += self.anchor * unknown * (grey + hue)
            change = solve(
                right, unknown, weights, self.iterations, self.anchor)
            wide.cut(filled[image]).copy_(
                (first + change).clamp(-1, 1).where(unknown, first))
        return filled


def sources(guess: Tensor, img: Tensor, hole: Tensor, shift: Tensor,
            window: Window) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """What the shifts show, and the gradients to be had.

    Args:
        guess (Tensor): I_comp in the window, (C, h, w).
        img (Tensor): I_m, (C, H, W).
        hole (Tensor): (1, H, W), bool.
        shift (Tensor): (2, h, w), 0 where there is no hole.
        window (Window): h x w pixels.

    Returns:
        tuple: The composite (C, h, w), and of each pixel the difference to
        the next one that is wanted, down (C, h - 1, w) and right
        (C, h, w - 1).
    """
    height, width = hole.shape[-2:]
    y = torch.arange(window.top, window.bottom, device=img.device)[:, None]
    x = torch.arange(window.left, window.right, device=img.device)
    unknown = window.cut(hole)[0]
    flat, known = img.flatten(1), ~hole.flatten()

    def look(dy, dx):
        """What each pixel's source has beside it, and whether it is known."""
        there_y, there_x = y + shift[0] + dy, x + shift[1] + dx
        at = (there_y.clamp(0, height - 1) * width +
              there_x.clamp(0, width - 1))
        inside = ((there_y >= 0) & (there_y < height) & (there_x >= 0) &
                  (there_x < width))
        return flat[:, at], inside & known[at]

    shown, usable = look(0, 0)
    composite = shown.where(usable, guess)
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
        gradients.append((total / count.clamp(min=1)).where(count > 0, plain))
    return composite, tuple(gradients)


def _above(x: Tensor) -> Tensor:
    return x[..., :-1, :]


def _below(x: Tensor) -> Tensor:
    return x[..., 1:, :]


def _left(x: Tensor) -> Tensor:
    return x[..., :-1]


def _right(x: Tensor) -> Tensor:
    return x[..., 1:]


def lacking(wanted: tuple[Tensor, Tensor],
            first: Tensor) -> tuple[Tensor, Tensor]:
    """What the gradients of ``first``, (C, h, w), lack of those wanted:
    (C, h - 1, w) and (C, h, w - 1)."""
    return wanted[0] - first.diff(dim=1), wanted[1] - first.diff(dim=2)


def confidence(missing: Tensor, tolerance: float) -> Tensor:
    """Weights of pairs that lack so much, (C, h, w) to (1, h, w): Geman and
    McClure's, ``1 / (1 + |missing|^2 / tolerance^2)^2``."""
    square = missing.square().sum(0, keepdim=True)
    return (1 + square / tolerance**2)**-2


def divergence(missing: tuple[Tensor, Tensor], weights: Weights) -> Tensor:
    """The right side of Poisson's equation, (C, h, w)."""
    down, right = (weight * x for weight, x in zip(weights, missing))
    return (F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1)) +
            F.pad(right, (1, 0)) - F.pad(right, (0, 1)))

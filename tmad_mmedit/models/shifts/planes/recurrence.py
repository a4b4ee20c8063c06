"""At which shifts what lies around a hole recurs."""
import torch
import torch.nn.functional as F
from torch import Tensor

from ...ops.holes import dilated
from ...ops.window import hole_window

NEAREST = 8  # pixels: at less all is alike
SEEN = 0.2  # of what is around the hole must be known at a shift


def recurring(img: Tensor, known: Tensor, hole: Tensor,
              count: int) -> Tensor:
    """Find the shifts at which what lies around a hole recurs best.

    All are compared at once, by correlations of what is known ("Masked object
    registration in the Fourier domain", Padfield, 2012).

    Args:
        img (Tensor): (3, h, w) in [0, 1].
        known (Tensor): (h, w), bool.
        hole (Tensor): (h, w), bool, somewhere.
        count (int): M, at most.

    Returns:
        Tensor: (M, 2), long, down and right, the best first.
    """
    height, width = known.shape
    side = hole_window(hole[None, None].to(img)).longer
    there = known.to(img)
    here = dilated(hole[None].to(img), side // 2 + NEAREST)[0] * there
    img = (img - 0.5) * there
    square = img.square().sum(0)
    size = 2 * height, 2 * width

    def spectrum(x: Tensor) -> Tensor:
        return torch.fft.rfft2(x, size)

    # the sum of |I(x) - I(x + d)|^2 over what is known here and there
    one, other = spectrum(here).conj(), spectrum(there)
    pairs = torch.fft.irfft2(one * other, size)
    total = torch.fft.irfft2(
        spectrum(here * square).conj() * other + one * spectrum(square) -
        2 * (spectrum(here * img).conj() * spectrum(img)).sum(0), size)
    error = total.clamp(min=0) / pairs.clamp(min=1)
    error[pairs < max(SEEN * float(here.sum()), 1.)] = torch.inf
    error = error.roll((height, width), (0, 1))
    error[height - NEAREST + 1:height + NEAREST,
          width - NEAREST + 1:width + NEAREST] = torch.inf
    around = -F.max_pool2d(-error[None, None], 7, 1, 3)[0, 0]
    least = (error == around) & error.isfinite()
    order = error[least].argsort(stable=True)[:count]
    return least.nonzero()[order] - order.new_tensor([height, width])

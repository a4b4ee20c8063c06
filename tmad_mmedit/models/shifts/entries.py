"""The entries of a coherent texture memory: shifts (method, section 8).

Entry j shows at x what the image shows at ``x + d_j``. All functions take one
image and give displacements (M, 2), long, down and right, the best first.
"""
from collections.abc import Sequence
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.blur import gaussian_blur, guess_blur, known_blur
from ..ops.gather import clamped
from ..ops.holes import dilated, touched
from ..ops.neighbours import square_offsets


def dominant_shifts(img: Tensor,
                    mask: Tensor,
                    count: int,
                    nearest: int = 16,
                    patch: int = 8,
                    queries: int = 1000,
                    sources: int = 6000,
                    components: int = 12) -> Tensor:
    """Find the commonest displacements between similar known patches
    ("Statistics of patch offsets", He and Sun, 2012).

    Found at half size: patches by their principal components, the nearest
    neighbour of each query, a histogram, its peaks.

    Args:
        img (Tensor): I_m, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        count (int): M, at most.
        nearest (int): Nearer neighbours than so many pixels do not count.
        patch (int): Side of the patches, at half size.
        queries, sources (int): Places that ask and answer, at most, drawn by
            a fixed seed.
        components (int): Principal components that are compared.
    """
    half = F.avg_pool2d(img[None], 2, ceil_mode=True)
    lost = touched(mask[None], 2).to(mask)
    height, width = lost.shape[-2:]
    if min(height, width) < patch:
        return mask.new_zeros(0, 2, dtype=torch.long)
    places = (F.max_pool2d(lost, patch, 1)[0, 0] == 0).nonzero()
    places = places[drawn(len(places), sources).to(places.device)]
    if len(places) < 2:
        return places[:0]
    windows = half.unfold(2, patch, 1).unfold(3, patch, 1)[0]
    vectors = windows[:, places[:, 0], places[:, 1]].transpose(0, 1).flatten(1)
    vectors = vectors - vectors.mean(0)
    basis = torch.linalg.eigh(vectors.T @ vectors).eigenvectors
    vectors = vectors @ basis[:, -components:]
    lengths = vectors.square().sum(1)
    votes = img.new_zeros(2 * height + 1, 2 * width + 1)
    ones = votes.new_ones(())
    middle = places.new_tensor([height, width])
    for part in torch.arange(
            min(queries, len(places)), device=places.device).split(500):
        distance = lengths - 2 * vectors[part] @ vectors.T
        near = [(place[part][:, None] - place).abs() < -(-nearest // 2)
                for place in places.short().T]
        distance.masked_fill_(near[0] & near[1], torch.inf)
        best = distance.min(1)
        shift = (places[best.indices] - places[part])[best.values.isfinite()]
        for d in (shift, -shift):
            votes.index_put_(tuple((middle + d).T), ones, accumulate=True)
    votes = gaussian_blur(votes[None, None], 1.2)
    peaks = (votes == F.max_pool2d(votes, 7, 1, 3)) & (votes > 0)
    shifts = peaks[0, 0].nonzero()
    order = votes[0, 0][peaks[0, 0]].argsort(descending=True, stable=True)
    return (shifts[order[:count]] - middle) * 2


def guided_shifts(img: Tensor,
                  mask: Tensor,
                  comp: Tensor,
                  count: int,
                  sigma: float = 4.,
                  reach: int = 12,
                  per_place: int = 3,
                  targets: int = 400,
                  sources: int = 6000,
                  barred: Optional[Tensor] = None) -> Tensor:
    """Find displacements from the hole to where the known image's low
    frequencies look like the coarse result's.

    Args:
        img, comp (Tensor): I_m and I_comp, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        count (int): M, at most, drawn by a fixed seed.
        sigma (float): Of the Gaussian over the known image, in pixels.
        reach (int): A place looks like the nine samples so far around it.
        per_place (int): Displacements that one place proposes.
        targets, sources (int): Places that ask and answer, at most.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and no
            answer. Defaults to the hole.
    """
    height, width = mask.shape[-2:]
    known = known_blur(img[None], 1 - mask[None], sigma)[0]
    guess = guess_blur(comp[None], sigma)[0]

    around = square_offsets(1, mask.device) * reach

    def looks(picture, places):
        y, x = (places[:, None] + around).unbind(-1)  # (P, 9)
        seen = picture.flatten(1)[:, clamped(y, x, height, width)]
        return seen.permute(1, 2, 0).flatten(1)

    lost = dilated(mask, reach)[0] > 0
    source = (~lost if barred is None else ~lost & (barred[0] == 0)).nonzero()
    source = source[drawn(len(source), sources).to(source.device)]
    target = mask[0].nonzero()
    target = target[::max(len(target) // targets, 1)]
    if not (len(source) and len(target)):
        return source[:0]
    asked, shown = looks(guess, target), looks(known, source)
    distance = shown.square().sum(1) - 2 * asked @ shown.T
    best = distance.topk(
        min(per_place, len(source)), dim=1, largest=False).indices
    shifts = (source[best] - target[:, None]).flatten(0, 1)
    shifts = (shifts.div(4, rounding_mode='floor') * 4).unique(dim=0)
    return shifts[drawn(len(shifts), count).to(shifts.device)]


def distinct(shifts: Sequence[Tensor]) -> Tensor:
    """Join lists of shifts; each once, and none that stays where it is."""
    joined = torch.cat(list(shifts)).unique(dim=0)
    return joined[joined.any(1)]


def shifts_inside(shifts: Tensor, height: int, width: int) -> Tensor:
    """Keep those of the shifts (M, 2) that do not lead out of any image of
    that size."""
    return shifts[(shifts.abs() < shifts.new_tensor([height, width])).all(1)]


def drawn(length: int, count: int) -> Tensor:
    """Draw at most ``count`` of ``length`` places, the same at each call."""
    generator = torch.Generator().manual_seed(0)
    return torch.randperm(length, generator=generator)[:count]

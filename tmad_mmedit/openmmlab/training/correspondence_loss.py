from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from mmengine.registry import MODELS
from torch import Tensor, nn

from ..features import EfficientNetLite


@MODELS.register_module()
class CorrespondenceLoss(nn.Module):
    """Trains theta and phi of Eq. (3) against the truth (method, section 8).

    In training the truth is known, and with it how far every known cell of
    the picture is from what a cell of the hole really shows. The a of Eq. (3)
    are to be the softmax of these distances' negatives: cross-entropy, far
    more to learn from than the gradient of one hard choice.

    The distance of two cells is that of a network's features, of unit length
    at each depth, plus that of their colours.

    >>> CorrespondenceLoss(colour=4.).temperature
    0.04

    Args:
        loss_weight (float): Defaults to 1.
        temperature (float): Of the targets. Defaults to 0.04.
        colour (float): Weight of the mean squared error, of 1, of the means
            over half a cell. Defaults to 5.
        version (int): Of the :class:`EfficientNetLite`. Defaults to 0.

    Raises:
        ImportError: If the network is not installed.
    """

    def __init__(self,
                 loss_weight: float = 1.,
                 temperature: float = 0.04,
                 colour: float = 5.,
                 version: int = 0) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.temperature = temperature
        self.colour = colour
        self._features = (EfficientNetLite(version), )  # a tuple: no child

    def _apply(self, fn, *args, **kwargs):
        self._features[0]._apply(fn, *args, **kwargs)
        return super()._apply(fn, *args, **kwargs)

    def forward(self, correspondence: NamedTuple, gt_img: Tensor,
                mask: Tensor) -> Tensor:
        """The cross-entropy, a mean over the cells that are half hole or more.

        Args:
            correspondence (Correspondence): theta and phi, (N, D, h, w), and
                their scale.
            gt_img (Tensor): I, (N, 3, H, W) in [-1, 1].
            mask (Tensor): (N, 1, H, W), 1 = hole.
        """
        theta, phi, scale = correspondence[:3]
        size = theta.shape[-2:]
        with torch.no_grad():
            distance = self.distances(gt_img, size)
            unknown = (F.adaptive_max_pool2d(mask, size) > 0).flatten(1)
            hole = (F.adaptive_avg_pool2d(mask, size) >= 0.5).flatten(1)
            # the known cells are the memory
            forbidden = unknown[:, None]
            target = (-distance / self.temperature).masked_fill(
                forbidden, -torch.inf).softmax(2).nan_to_num()
        similarity = theta.flatten(2).mT @ phi.flatten(2) * scale
        lowest = torch.finfo(similarity.dtype).min
        log_a = similarity.masked_fill(forbidden, lowest).log_softmax(2)
        entropy = -(target * log_a.masked_fill(forbidden, 0)).sum(2)
        count = hole.sum().clamp(min=1)
        return self.loss_weight * (entropy * hole).sum() / count

    def distances(self, gt_img: Tensor, size: Sequence[int]) -> Tensor:
        """Of all pairs of cells, (N, hw, hw), 0 on the diagonal.

        Args:
            gt_img (Tensor): I, (N, 3, H, W) in [-1, 1].
            size (Sequence[int]): h and w, of the cells.
        """
        # the networks' strides are powers of 2, and 8 pixels a cell give each
        # of the finer depths whole positions
        whole = [8 * side for side in size]
        if list(gt_img.shape[-2:]) != whole:
            gt_img = F.interpolate(
                gt_img, whole, mode='bilinear', align_corners=False,
                antialias=True)
        img = (gt_img + 1) / 2
        return (pair_distances(by_cell(self._features[0](img)[:5], size)) +
                self.colour * pair_distances(
                    F.pixel_unshuffle(F.avg_pool2d(img, 4), 2)) / 12)


def by_cell(maps: list[Tensor], size: Sequence[int]) -> Tensor:
    """Feature maps as vectors of cells: (N, D, h, w), whose squared distance
    is the mean over the depths of the features' mean squared distance.

    Args:
        maps (list[Tensor]): (N, C, k h, k w) each, k a whole number; coarser
            ones are enlarged.
        size (Sequence[int]): h and w.
    """
    vectors = []
    for x in maps:
        if x.shape[-2] < size[0]:
            x = F.interpolate(
                x, size, mode='bilinear', align_corners=False)
        k = x.shape[-2] // size[0]
        vectors.append(F.pixel_unshuffle(F.normalize(x), k) / k)
    return torch.cat(vectors, 1) / len(maps)**0.5


def pair_distances(vectors: Tensor) -> Tensor:
    """Squared, of all pairs of cells: (N, D, h, w) to (N, hw, hw)."""
    vectors = vectors.flatten(2)
    square = vectors.square().sum(1)
    product = vectors.mT @ vectors
    return (square[:, :, None] + square[:, None] - 2 * product).clamp(min=0)

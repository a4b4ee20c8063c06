"""Holes told apart: which pixels of a mask hang together."""
from typing import NamedTuple

import torch
from torch import Tensor


class Components(NamedTuple):
    """The pixels of a mask as R runs, each a part of a row, row by row.

    Attributes:
        row (Tensor): (R, ).
        first, last (Tensor): (R, ), the columns where each begins and ends.
        number (Tensor): (R, ), from 0 on: equal where runs touch each other,
            also across corners, in the order of the last pixels.
        total (int): K, how many components there are.
    """
    row: Tensor
    first: Tensor
    last: Tensor
    number: Tensor
    total: int

    def corners(self) -> tuple[Tensor, Tensor]:
        """Return the first and the last row and column of each component,
        (K, 2) each."""
        return (self._each([self.row, self.first], 'amin'),
                self._each([self.row, self.last], 'amax'))

    def _each(self, values: list[Tensor], how: str) -> Tensor:
        return torch.stack([
            x.new_zeros(self.total).scatter_reduce(
                0, self.number, x, how, include_self=False)
            for x in values], 1)

    def pixels(self) -> tuple[Tensor, Tensor]:
        """Return all pixels, (P, 2), row by row, and the number of each one's
        component, (P, )."""
        length = self.last - self.first + 1
        row, number, before = (x.repeat_interleave(length) for x in (
            self.row, self.number, length.cumsum(0) - length - self.first))
        column = torch.arange(len(row), device=row.device) - before
        return torch.stack([row, column], 1), number

    def only(self, which: Tensor) -> 'Components':
        """Return some components, which (K, ), bool, numbered anew."""
        kept = which[self.number]
        anew = which.cumsum(0) - 1
        return Components(
            self.row[kept], self.first[kept], self.last[kept],
            anew[self.number[kept]], int(which.sum()))


def components(mask: Tensor) -> Components:
    """Tell apart what does not touch.

    The work goes with the number of runs, not with the way through a hole.

    Args:
        mask (Tensor): (H, W), bool.
    """
    begins, ends = mask.clone(), mask.clone()
    begins[:, 1:] &= ~mask[:, :-1]
    ends[:, :-1] &= ~mask[:, 1:]
    row, first = begins.nonzero().T
    last = ends.nonzero()[:, 1]
    # a row more, and a column to each side, keep apart what is not beside
    wide = mask.shape[1] + 2
    begin, end = row * wide + first + 1, row * wide + last + 1
    # of two runs that touch, one begins beside a pixel of the other
    edges = [torch.zeros(2, 0, dtype=torch.long, device=mask.device)]
    for step in (-wide - 1, -wide, wide - 1, wide):
        look = begin + step
        there = torch.searchsorted(begin, look, right=True) - 1
        one = ((there >= 0) & (end[there] >= look)).nonzero()[:, 0]
        edges.append(torch.stack([one, there[one]]))
    label, number = _joined(len(row), *torch.cat(edges, 1)).unique(
        return_inverse=True)
    return Components(row, first, last, number, len(label))


def _joined(count: int, one: Tensor, other: Tensor) -> Tensor:
    """Give nodes that edges (E, ) join the number of their last: (count, ).
    """
    label, before = torch.arange(count, device=one.device), None
    while before is None or not torch.equal(label, before):
        before = label
        high = torch.maximum(label[one], label[other])
        # whom a node follows now follows the highest of both, and so does
        # whoever follows that one
        for end in (one, other):
            label = label.scatter_reduce(0, before[end], high, 'amax')
        jumped = label[label]
        while not torch.equal(jumped, label):
            label, jumped = jumped, jumped[jumped]
    return label

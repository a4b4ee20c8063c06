from collections.abc import Sequence

import torch
from torch import Tensor

SLACK = 1.25  # how far it is filled before what is too much is given up
Part = tuple[Tensor, list[Tensor]]


class Reservoir:
    """A sample of bounded size of a stream: the elements of least rank.

    With random ranks it is drawn uniformly, without replacement. What it
    holds, and in which order, depends on the ranks alone, neither on how the
    stream was cut nor on who saw which part. Of a stream that is not longer
    than ``size`` it holds all.

    Args:
        size (int): Of the sample, 1 or more.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[Part] = []
        self.limit = float('inf')  # greater ranks cannot come in

    def wants(self, ranks: Tensor) -> Tensor:
        """Which elements may come in, (n, ) bool, by their ranks."""
        return ranks < self.limit

    def add(self, ranks: Tensor, rows: Sequence[Tensor]) -> None:
        """Go on with the stream.

        Args:
            ranks (Tensor): (n, ) float64, none of which was there before.
            rows (Sequence[Tensor]): What is kept of the elements, (n, ...)
                each, as many at each call.
        """
        chosen = self.wants(ranks)
        if not chosen.any():
            return
        self.parts.append((ranks[chosen], [row[chosen] for row in rows]))
        if sum(len(part[0]) for part in self.parts) > SLACK * self.size:
            self.kept()

    def kept(self) -> Part:
        """The sample in the order of the ranks; :meth:`add` takes it."""
        if not self.parts:
            return torch.empty(0, dtype=torch.float64), []
        ranks = torch.cat([part[0] for part in self.parts])
        order = ranks.argsort()[:self.size]
        rows = zip(*[part[1] for part in self.parts])
        # row by row: not everything is there twice
        self.parts = [(ranks[order], [torch.cat(x)[order] for x in rows])]
        if len(order) == self.size:
            self.limit = self.parts[0][0][-1].item()
        return self.parts[0]

from abc import ABC, abstractmethod
from typing import Any

from mmengine.dist import (
    broadcast_object_list,
    collect_results,
    get_dist_info,
    get_world_size,
)
from torch import nn
from torch.utils.data import DataLoader


class Streamed(ABC):
    """Of metrics of sets: what they keep does not grow with the set, and is
    the same for any number of processes.

    It is put before a metric of MMEditing, whose lists of results it takes
    the place of. Pictures are told apart by their position in the data set.
    Like mmengine itself, this trusts in the test loader's sampler: it does
    not shuffle, rank r gets positions r, r + W, r + 2 W, ... of W processes,
    and those beyond the end repeat pictures so that all get as many.
    """

    seen = 0
    size = float('inf')

    def prepare(self, module: nn.Module, dataloader: DataLoader) -> None:
        """Learn of how many pictures there are."""
        self.size = len(dataloader.dataset)

    def positions(self, count: int) -> list[int]:
        """Where the next ``count`` pictures of this process stand in the data
        set; those beyond its ``size`` are repetitions."""
        rank, world_size = get_dist_info()
        first, self.seen = self.seen, self.seen + count
        return [i * world_size + rank for i in range(first, self.seen)]

    def evaluate(self) -> dict:
        """The metric over all processes; what was kept is given up."""
        parts = collect_results([self.kept()], get_world_size(),
                                self.collect_device)
        found = [None]
        if parts is not None:  # on the main process
            found = [{f'{self.prefix}/{name}' if self.prefix else name: value
                      for name, value in self.merged(parts).items()}]
        broadcast_object_list(found)
        self.seen = 0
        self.reset()
        return found[0]

    @abstractmethod
    def kept(self) -> Any:
        """What this process has kept, to be pickled."""

    @abstractmethod
    def merged(self, parts: list[Any]) -> dict:
        """The values by name, of what each process has kept."""

    @abstractmethod
    def reset(self) -> None:
        """Keep nothing any more."""

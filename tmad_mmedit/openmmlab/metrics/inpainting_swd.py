from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Optional

import numpy as np
import torch
from mmengine.registry import METRICS
from torch import Tensor

from ..host import SlicedWassersteinDistance
from .reservoir import Part, Reservoir
from .streamed import Streamed


@METRICS.register_module()
class InpaintingSWD(Streamed, SlicedWassersteinDistance):
    """MMEditing's sliced Wasserstein distance for an inpaintor's outputs, of
    whole images or of what fills the holes, the same at each run.

    MMEditing draws patches and directions from the global random states; here
    they depend on the seed alone. In the hole it compares cells: squares of
    the grid at stride ``cell`` that are hole to one half or more, or, where
    an image has none, the one with the most hole. Cells are as wide as the
    paper's patches and are not resized, so that the distance is one of
    texture.

    Of a large set it compares a random sample of the patches, the same for
    any number of processes.

    Args:
        image_shape (tuple[int], optional): Of whole images, (3, H, W), whose
            side is a power of two, 16 or more.
        mask_key (str, optional): With 'mask', in the hole. Defaults to None,
            the whole image.
        cell (int): Side of the cells, a power of two. Defaults to 32.
        seed (int): Of patches and directions. Defaults to 0.
        max_patches (int): That are compared at each resolution, 1.2 KB each.
            Defaults to 65,536: all of 512 whole images, or of 2,048 cells.
        **kwargs: ``collect_device`` and ``prefix``.

    Raises:
        ValueError: If a side is no power of two.
    """

    def __init__(self,
                 image_shape: Optional[tuple[int, int, int]] = None,
                 mask_key: Optional[str] = None,
                 cell: int = 32,
                 seed: int = 0,
                 max_patches: int = 2**16,
                 pred_key: str = 'pred_img',
                 prefix: Optional[str] = None,
                 **kwargs) -> None:
        self.mask_key, self.cell, self.pred_key = mask_key, cell, pred_key
        shape = (3, cell, cell) if mask_key else tuple(image_shape)
        if shape[1] != shape[2] or shape[1] < 16 or shape[1] & shape[1] - 1:
            raise ValueError(
                f'the sliced Wasserstein distance of {shape[2]} x {shape[1]} '
                'pixels cannot be had: give squares whose side is a power of '
                'two, 16 or more.')
        # 'orig', so that it shares the test loop's pass with other metrics
        super().__init__(
            -1, shape, sample_model='orig',
            prefix=prefix or ('HoleSWD' if mask_key else 'SWD'),
            **kwargs)
        if mask_key:
            # of 26 x 26 in a cell of 32 x 32; torch takes an index of fewer
            # than 32 rows for a tuple
            self.nhoods_per_image = 32
        self.seed, self.max_patches = seed, max_patches
        self.reset()

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Take patches from predictions and true images, (3, H, W), BGR in
        [0, 255]; which ones depends on the seed and on the sample's position
        in the data set."""
        positions = self.positions(len(data_samples))
        for position, sample in zip(positions, data_samples):
            pred, gt = sample['output'][self.pred_key], sample['gt_img']
            windows = [(0, 0, *gt.shape[1:])]
            if self.mask_key:
                windows = hole_windows(sample[self.mask_key], self.cell)
            ranks = torch.from_numpy(np.random.default_rng(
                [self.seed, position]).random(
                    len(windows) * self.nhoods_per_image))
            if position >= self.size or not self.reservoir.wants(ranks).any():
                continue
            pairs = [dict(gt_img=gt[:, y:y + h, x:x + w].cpu().float(),
                          fake_img=pred[:, y:y + h, x:x + w].cpu().float())
                     for y, x, h, w in windows]
            with seeded(self.seed + position):
                super().process(data_batch, pairs)
            self.reservoir.add(ranks, [level.pop() for level in (
                *self.fake_results, *self.real_results)])

    def kept(self) -> Part:
        return self.reservoir.kept()

    def merged(self, parts: list[Part]) -> dict:
        """The distance at each resolution, and their mean ``avg``; a
        thousand times the distance, as MMEditing prints it."""
        whole = Reservoir(self.max_patches)
        for part in parts:
            whole.add(*part)
        _, levels = whole.kept()
        half = len(self.resolutions)
        with seeded(self.seed):
            return self.compute_metrics(levels[:half], levels[half:])

    def reset(self) -> None:
        self.reservoir = Reservoir(self.max_patches)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """NumPy's and torch's random states set, and put back afterwards."""
    state = np.random.get_state()
    try:
        with torch.random.fork_rng(devices=[]):
            np.random.seed(seed)
            torch.manual_seed(seed)
            yield
    finally:
        np.random.set_state(state)


def hole_windows(mask: Tensor, cell: int) -> list[tuple[int, int, int, int]]:
    """Top, left, height and width of the cells of a hole.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        cell (int): Their side. What the grid leaves over at the right and
            the bottom is in no cell.
    """
    height, width = (side // cell for side in mask.shape[1:])
    grid = (mask[0, :height * cell, :width * cell] > 0).float().reshape(
        height, cell, width, cell).mean((1, 3))
    chosen = (grid >= min(0.5, grid.max().item())).nonzero()
    return [(y * cell, x * cell, cell, cell) for y, x in chosen.tolist()]

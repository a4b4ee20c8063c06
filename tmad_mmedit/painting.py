"""Pixels through a model: arrays in, arrays out."""
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Union

import numpy as np
import torch
from torch import Tensor, nn

from .masks.around import around
from .models.coherent import CoherentTrace
from .models.paper import TMADTrace
from .models.ways import way_named
from .steering import Steer, hand_of

IMPORTED_IN = os.getpid()
HEEDS_NOTHING = ('this model paints patches, and heeds no hint, not_from, '
                 'only_from, plane or way: use the default model.')


def painted(model: nn.Module, images: Sequence[np.ndarray],
            unknown: Sequence[np.ndarray], holes: Sequence[np.ndarray],
            steers: Sequence[Steer], **options: Any) -> tuple[Any, Any]:
    """Return guesses and results, (H, W, 3) in [0, 255] each; of a picture
    that is invisible in places, from around its hole alone.

    Args:
        model (nn.Module): Of either method.
        images (Sequence[np.ndarray]): N of one size, (H, W, 3) in [0, 255].
        unknown (Sequence[np.ndarray]): (H, W) bool, what is no texture.
        holes (Sequence[np.ndarray]): (H, W) bool.
        steers (Sequence[Steer]): What a person says of each.
        options: Of the method.
    """
    parts = [around(hole, x) for hole, x in zip(holes, unknown)]
    if all(x is hole for x, hole in zip(unknown, holes)):
        done = completed(model, images, unknown, steers, **options)
        return to_range(done.comp), to_range(done.out)
    both: tuple[list, list] = [], []
    for image, x, part, said in zip(images, unknown, parts, steers):
        done = completed(model, [image[part]], [x[part]], [said.cut(part)],
                         **options)
        for made, whole in zip((done.comp, done.out), both):
            whole.append(image.astype(np.float32))
            whole[-1][part] = to_range(made)[0]
    return both


@torch.no_grad()
def completed(model: Any, images: Sequence[np.ndarray],
              holes: Sequence[np.ndarray], steers: Sequence[Steer],
              way: str = 'guess',
              **options: Any) -> Union[CoherentTrace, TMADTrace]:
    """Send pixels through the model: a batch of one size, (H, W, 3) and (H,
    W) each. In place, as a large picture's copies are what its memory goes
    into.

    Raises:
        ValueError: If a person says what the model cannot heed.
    """
    masked_img, mask = _tensors(model, images, holes)
    with default_float32():
        if not model.paints_patches:
            if any(x.plane is not None for x in steers) and not way_named(
                    way).planes:
                raise ValueError(f'a plane is given, and the way {way!r} '
                                 'follows none: leave out one of them.')
            options = dict(hand=hand_of(masked_img, mask, steers), way=way)
        elif any(steers) or way != 'guess':
            raise ValueError(HEEDS_NOTHING)
        return model.inpaint(masked_img, mask, **options)


def painted_in_ways(model: nn.Module, image: np.ndarray, unknown: np.ndarray,
                    hole: np.ndarray, said: Steer, count: int) -> Iterator[
                        tuple[str, np.ndarray, np.ndarray]]:
    """Yield the way, the guess and the result of so many variants of one
    picture; see :func:`painted`."""
    if unknown is hole:
        for way, done in _in_ways(model, image, hole, said, count):
            yield way, to_range(done.comp)[0], to_range(done.out)[0]
        return
    part = around(hole, unknown)
    for way, done in _in_ways(model, image[part], unknown[part],
                              said.cut(part), count):
        both = [image.astype(np.float32) for _ in range(2)]
        for whole, made in zip(both, (done.comp, done.out)):
            whole[part] = to_range(made)[0]
        yield way, both[0], both[1]


@torch.no_grad()
def _in_ways(model: Any, image: np.ndarray, hole: np.ndarray, said: Steer,
             count: int) -> Iterator[tuple[str, CoherentTrace]]:
    if model.paints_patches:
        raise ValueError(HEEDS_NOTHING)
    masked_img, mask = _tensors(model, [image], [hole])
    with default_float32():
        yield from model.variants(masked_img, mask, count,
                                  hand_of(masked_img, mask, [said]))


def _tensors(model: nn.Module, images: Sequence[np.ndarray],
             holes: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    if os.getpid() != IMPORTED_IN:
        # a forked process has none of libgomp's threads, and would wait for
        # them for ever
        torch.set_num_threads(1)
    device = next(model.parameters()).device
    mask = torch.from_numpy(np.stack(holes))[:, None].to(device)
    masked_img = torch.from_numpy(np.stack(images)).to(device)
    masked_img = masked_img.permute(0, 3, 1, 2).float()
    masked_img.sub_(127.5).div_(127.5).masked_fill_(mask, 0)
    return masked_img, mask.float()


def to_range(x: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] to (N, H, W, 3) in [0, 255], in place."""
    x.mul_(127.5).add_(127.5)
    return x.permute(0, 2, 3, 1).float().cpu().numpy()


@contextmanager
def default_float32() -> Iterator[None]:
    """Compute in float32, whatever the program's default is."""
    default = torch.get_default_dtype()
    if default != torch.float32:
        torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        if default != torch.float32:
            torch.set_default_dtype(default)

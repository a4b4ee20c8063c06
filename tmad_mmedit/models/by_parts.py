"""A picture's holes one by one, each with its surroundings."""
from collections.abc import Sequence
from typing import Callable

import torch
from torch import Tensor

from .completion import Completion
from .crops import Part, parts
from .ops.window import hole_window, whole
from .shifts.shift_memory import ShiftMemory
from .synthesis.painting import joined


def complete_by_parts(complete: Callable[[Tensor, Tensor], Completion],
                      masked_img: Tensor, mask: Tensor, pixels: int,
                      times: Sequence[float]) -> Completion:
    """Complete each hole from what lies around it.

    Args:
        complete (Callable): Images and their masks to a completion, by a
            memory of shifts.
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        pixels, times: How far around; see :func:`parts`.

    Returns:
        Completion: Of the images, as if they had been completed at once.
    """
    todo = [(image, part) for image in range(len(mask))
            for part in parts(mask[image], pixels, times)]
    made = []
    for image, part in todo:
        cut = part.window.cut
        done = complete(cut(masked_img[image:image + 1]),
                        cut(mask[image:image + 1]))
        if part.window == whole(mask) and len(todo) == 1:
            return done  # no copies of a large picture
        made.append(moved(done, image, part))
    comp, out = masked_img.clone(), masked_img.clone()
    window = hole_window(mask)
    shift = made[0].memory.shift
    shift = shift.new_zeros(
        len(mask), *shift.shape[1:3], *window.cut(mask).shape[-2:])
    for (image, part), done in zip(todo, made):
        at = part.window
        for picture, filled in ((comp, done.comp), (out, done.out)):
            there = at.cut(picture[image])
            there.copy_(filled[0].where(part.own, there))
        own = done.memory.window.seen_from(at).cut(part.own)
        there = done.memory.window.seen_from(window).cut(shift[image])
        there.copy_(done.memory.shift[0].where(own, there))
    return Completion(
        comp, comp, ShiftMemory(masked_img, mask, window, shift),
        joined([done.cells for done in made]),
        torch.cat([done.patches for done in made]),
        joined([done.retrieval for done in made if done.retrieval]), out)


def moved(done: Completion, image: int, part: Part) -> Completion:
    """Its places those in an image of the batch, and not in a part of it."""
    top, left = part.window.top, part.window.left
    cells = done.cells.moved(top, left)
    retrieval = done.retrieval and done.retrieval._replace(
        place=done.retrieval.place + done.retrieval.place.new_tensor(
            [top, left]))
    window = done.memory.window.moved(top, left)
    return done._replace(
        cells=cells._replace(image=cells.image + image),
        retrieval=retrieval,
        memory=done.memory._replace(window=window))

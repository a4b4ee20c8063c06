"""Each hole of pictures by itself, in one way or several; these share what
does not depend on the way."""
from collections.abc import Iterator, Sequence
from typing import Any, Callable, NamedTuple

import torch
from torch import Tensor

from .crops import Crop, CropSettings, crops_of
from .hand import Hand
from .ops.once import Once
from .ops.window import Window, hole_window
from .shifts.field import to_known
from .shifts.variety import seams
from .specks.filling import fill_specks
from .specks.settings import SpeckSettings
from .ways import Way, way_named

Complete = Callable[[Tensor, Tensor, Tensor, Hand, Way, Once], Any]


class Filled(NamedTuple):
    """Pictures whose holes are completed in one way.

    Attributes:
        comp (Tensor): I_comp, (N, 3, H, W), the guess.
        out (Tensor): I_out, (N, 3, H, W).
        shift (Tensor): (N, 2, h, w), long, of the window.
    """
    comp: Tensor
    out: Tensor
    shift: Tensor


class _Piece(NamedTuple):
    """What was made of a crop, cut to what it was made for."""
    crop: Crop
    comp: Tensor
    out: Tensor
    shift: Tensor
    energy: float


class EachHole:
    """The holes of N pictures, specks filled already.

    Args:
        complete (Callable): An image and its mask, what is wanted of it,
            what a person says, the way and what ways share, to a
            :class:`CoherentTrace`.
        masked_img, mask, hand: See :meth:`Coherent.inpaint`.
        specks (SpeckSettings): Which holes are filled without networks.
        crops (CropSettings): How much is looked at around the others.
        judged (bool): Whether several ways come by their energy, but the
            first.
    """

    def __init__(self, complete: Complete, masked_img: Tensor, mask: Tensor,
                 hand: Hand, specks: SpeckSettings,
                 crops: CropSettings, judged: bool = False) -> None:
        self.complete, self.mask, self.settings = complete, mask, crops
        self.judged = judged
        self.window = hole_window(mask)
        self.said = {name: x for name, x in hand._asdict().items()
                     if x is not None and name != 'corners'}
        self.hand, self.barred = hand, hand.barred
        self.filled, self.todo = masked_img.clone(), mask.clone()
        self.shift = torch.zeros(
            len(mask), 2, *self.window.cut(mask).shape[-2:],
            dtype=torch.long, device=mask.device)
        for n in range(len(mask)):
            (y, x), colours, *into = (x.T for x in fill_specks(
                masked_img[n], mask[n], specks,
                None if hand.barred is None else hand.barred[n],
                None if hand.hinted is None else hand.hinted[n]))
            self.filled[n, :, y, x] = colours
            self.shift[n, :, y - self.window.top, x - self.window.left], = into
            self.todo[n, :, y, x] = 0
        self._crops = Once()
        self._shared: dict[int, Once] = {}

    def crops(self, settings: CropSettings) -> list[Crop]:
        """Return those of all pictures, in the order of work."""
        return self._crops(lambda: [] if not self.todo.any() else [
            crop for n in range(len(self.todo)) for crop in crops_of(
                self.todo[n], settings, n,
                None if self.barred is None else self.barred[n])], settings)

    def largest(self) -> tuple[Crop, Once]:
        """Return the crop of the largest hole that is seen as it came, and
        what ways share there.

        Raises:
            IndexError: If there is none: all holes are specks.
        """
        crop = sorted((x for x in self.crops(self.settings)
                       if not self._follows(x)),
                      key=lambda x: -int(x.own.sum()))[0]
        return crop, self._shared.setdefault(id(crop), Once())

    def asked(self, crop: Crop, out: Tensor) -> tuple[
            Tensor, Tensor, Tensor, Hand]:
        """Return image, mask, what is wanted and what a person says of a
        crop; of pictures (N, 3, H, W) as they are by now."""
        parts = (crop.window.cut(x[crop.n:crop.n + 1])
                 for x in self.said.values())
        return (*crop.seen(out), Hand(
            **dict(zip(self.said, parts)),
            corners=self.hand.corners_in(crop.n, crop.window)))

    def _follows(self, crop: Crop) -> bool:
        """Whether something that was hole is known by its turn."""
        return bool((crop.window.cut(self.todo[crop.n, 0]).bool() &
                     ~crop.hole).any())

    def in_ways(self, names: Sequence[str]) -> Iterator[tuple[str, Filled]]:
        """Complete all holes in each way; give one way after the other."""
        pieces: dict[str, list[_Piece]] = {name: [] for name in names}
        alike: dict[CropSettings, list[str]] = {}
        for name in names:
            settings = way_named(name).crops(self.settings)
            alike.setdefault(settings, []).append(name)
        for settings, group in alike.items():
            outs: dict[str, Tensor] = {}
            for crop in self.crops(settings):
                self._complete(crop, group, pieces, outs)
        order = [*names]
        if self.judged:
            order[1:] = sorted(order[1:], key=lambda name: sum(
                x.energy for x in pieces[name]))
        for name in order:
            yield name, self._joined(pieces.pop(name))

    def _complete(self, crop: Crop, names: list[str],
                  pieces: dict[str, list[_Piece]],
                  outs: dict[str, Tensor]) -> None:
        once = self._shared.pop(id(crop), Once())
        follows = self._follows(crop)
        for name in names:
            if follows:  # and sees what each way made
                once = Once()
                if name not in outs:
                    outs[name] = self._joined(pieces[name]).out
            asked = self.asked(crop, outs.get(name, self.filled))
            done = self.complete(*asked, way_named(name), once)
            energy = seams(asked[0][0], asked[1][0], done.field) if (
                self.judged) else 0.
            piece = _cut(crop, done, energy)
            pieces[name].append(piece)
            if name in outs:
                piece.crop.paste(outs[name], piece.out)

    def _joined(self, pieces: list[_Piece]) -> Filled:
        comp, out = self.filled.clone(), self.filled.clone()
        shift = self.shift.clone()
        for crop, guess, made, into, _ in pieces:
            crop.paste(comp, guess)
            crop.paste(out, made)
            there = crop.window.seen_from(self.window).cut(shift[crop.n])
            there.copy_(into.where(crop.own, there))
        hole = self.window.cut(self.mask)[:, 0].bool()
        shift = torch.stack([to_known(*x) for x in zip(shift, hole)])
        return Filled(comp, out, shift)


def _cut(crop: Crop, done: Any, energy: float) -> _Piece:
    own = hole_window(crop.own[None, None])
    there: Window = own.moved(crop.window.top, crop.window.left)
    field = own.seen_from(done.field.window)
    return _Piece(
        Crop(crop.n, there, *(own.cut(x).clone() for x in crop[2:])),
        own.cut(done.comp).clone(), own.cut(done.out).clone(),
        field.cut(done.field.shift[0]).clone(), energy)

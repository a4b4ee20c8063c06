"""Ways to complete a hole: what leads the choice, and at which scale. Where
one is wrong, another may be right; a person chooses."""
from dataclasses import replace
from typing import NamedTuple

from .crops import CropSettings
from .shifts.settings import ShiftSettings

THINNEST = 4  # pixels, of blocks that choose first


class Way(NamedTuple):
    """What differs from a model's settings.

    Attributes:
        guidance (float): Times the weight of the guess.
        smooth (bool): The guess is smooth from rim to rim, in place of the
            network's.
        blocks (float): Times the size of the blocks that choose first.
        around (float): Times what around the hole is looked at.
    """
    guidance: float = 1.
    smooth: bool = False
    blocks: float = 1.
    around: float = 1.

    def shifts(self, settings: ShiftSettings) -> ShiftSettings:
        """Return how blocks choose."""
        size = max(int(settings.block_size * self.blocks), THINNEST)
        moves = settings.moves
        if self.blocks > 1 and moves:  # to end with blocks as small
            moves = (moves[0], *moves)
        return replace(settings, guidance=settings.guidance * self.guidance,
                       block_size=size, moves=moves)

    def crops(self, settings: CropSettings) -> CropSettings:
        """Return how much around a hole is looked at."""
        least, most = settings.times
        return replace(
            settings, pixels=max(int(settings.pixels * self.around), 2),
            times=(max(least * self.around, 2.), max(most * self.around, 2.)))


WAYS = dict(
    guess=Way(),
    large=Way(blocks=2.),
    free=Way(guidance=0.),
    near=Way(around=.6),
    smooth=Way(smooth=True),
    wide=Way(around=1.7),
    small=Way(blocks=.5))


def way_named(name: str) -> Way:
    """
    >>> way_named('free').guidance
    0.0

    Raises:
        ValueError: If there is none of that name.
    """
    if name not in WAYS:
        raise ValueError(f'way is {name!r}: expected one of '
                         f'{", ".join(WAYS)}.')
    return WAYS[name]


def ways(count: int) -> list[str]:
    """Return the names of the first ways; the first is the default.

    Raises:
        ValueError: If there are not so many.
    """
    if not 1 <= count <= len(WAYS):
        raise ValueError(f'{count} variants: expected 1 to {len(WAYS)}, as '
                         'there are so many ways to fill a hole.')
    return list(WAYS)[:count]

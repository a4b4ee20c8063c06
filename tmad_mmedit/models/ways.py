"""Ways to complete a hole: what leads the choice, and at which scale. Where
one is wrong, another may be right; a person chooses."""
from dataclasses import replace
from typing import NamedTuple

from .crops import CropSettings
from .shifts.settings import Manner, ShiftSettings

THINNEST = 4  # pixels, of blocks that choose first


class Way(NamedTuple):
    """What differs from a model's settings.

    Attributes:
        guidance (float): Times the weight of the guess.
        smooth (bool): The guess is smooth from rim to rim, in place of the
            network's.
        manner (Manner): How blocks choose first.
        blocks (float): Times the size of the blocks that choose first.
        around (float): Times what around the hole is looked at.
        planes (bool): Copies follow the perspective of planes.
        brief (bool): The smallest blocks are twice as large, and blending
            takes half the steps.
    """
    guidance: float = 1.
    smooth: bool = False
    manner: Manner = Manner()
    blocks: float = 1.
    around: float = 1.
    planes: bool = True
    brief: bool = True

    def shifts(self, settings: ShiftSettings) -> ShiftSettings:
        """Return how blocks choose."""
        size = max(int(settings.block_size * self.blocks), THINNEST)
        moves = settings.moves
        if self.brief and len(moves) > 2:
            moves = moves[:-1]
        return replace(settings, guidance=settings.guidance * self.guidance,
                       block_size=size, moves=moves,
                       planes=settings.planes * self.planes)

    def crops(self, settings: CropSettings) -> CropSettings:
        """Return how much around a hole is looked at."""
        least, most = settings.times
        return replace(
            settings, pixels=max(int(settings.pixels * self.around), 2),
            times=(max(least * self.around, 2.), max(most * self.around, 2.)))

    @property
    def shares(self) -> bool:
        """Whether it sees what the default sees, and its first choice can be
        compared with the default's."""
        return self.blocks == self.around == 1


WAYS = dict(
    guess=Way(brief=False),
    large=Way(manner=Manner(large=True)),
    free=Way(guidance=0.),
    near=Way(manner=Manner(near=True)),
    smooth=Way(smooth=True),
    wide=Way(around=1.7),
    small=Way(blocks=.5),
    level=Way(planes=False, brief=False))


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


def check_count(count: int) -> int:
    """Return how many variants are asked for.

    Raises:
        ValueError: If there are not so many.
    """
    if not 1 <= count <= len(WAYS):
        raise ValueError(f'{count} variants: expected 1 to {len(WAYS)}, as '
                         'there are so many ways to fill a hole.')
    return count

from dataclasses import dataclass, replace
from typing import NamedTuple


class Manner(NamedTuple):
    """How blocks choose first, beside what the settings say.

    Attributes:
        large (bool): By fours. Defaults to False.
        near (bool): From beside the hole, where that is possible. Defaults to
            False.
    """
    large: bool = False
    near: bool = False


@dataclass(frozen=True)
class ShiftSettings:
    """How a hole's blocks choose their shifts (method, section 8).

    >>> ShiftSettings(block_size=16).moves
    (4, 1, 0)

    Attributes:
        block_size (int): b, the side of the blocks, in pixels of the copy
            that is searched; half of it where the hole is thin. A power of
            two, 4 or more.
        dominant (int): Shifts that are the commonest between similar known
            patches, at most.
        guided (int): Shifts that lead to where the picture looks like the
            guess, at most.
        boundary (int): Shifts of its own that a block at the rim has beside
            these: where its known surroundings recur.
        labels_per_block (int): L, how many of all shifts, its cheapest, a
            block chooses from; time and memory grow with its square.
        similarity (float): Weight of ``-log a``, Eq. (3), for a whole block
            of hole.
        guidance (float): Weight of the guess's low frequencies; 0 leaves them
            out.
        rim (float): Weight of the known surroundings.
        rim_width (int): How many pixels of them.
        sigma (float): Blur, in pixels, of what is compared with the guess.
        rounds (int): Of belief propagation.
        temperature (float): Of the soft minimum, and of the softmax of the
            beliefs, in the backward pass. Above 0.
        moves (tuple[int, ...]): By how many pixels a block may move its shift
            when it chooses again, for blocks of b, b/2, b/4, ... pixels,
            down to 2; without any, the first choice stays.
        planes (int): Entries that follow the perspective of planes, at most;
            0: none are looked for.
        around (float): Weight, beside these, of what is known around the
            hole, up to half its side away: where an entry comes from it
            should recur.
        around_pixels (int): Of it, how many pixels a block asks, the nearest.
        max_pixels (int): A larger picture, or crop, is searched on a copy
            reduced to so many.
        meant_for (int): Of a copy that has more than twice so many, blocks
            and low frequencies begin twice as large, and are halved once
            more; 0: never.

    Raises:
        ValueError: For a value that is none of these.
    """
    block_size: int = 8
    dominant: int = 60
    guided: int = 60
    boundary: int = 4
    labels_per_block: int = 32
    similarity: float = 4.
    guidance: float = 1.
    rim: float = 2.
    rim_width: int = 6
    sigma: float = 4.
    rounds: int = 12
    temperature: float = 1.
    moves: tuple[int, ...] = (4, 1, 0)
    planes: int = 24
    around: float = 3.
    around_pixels: int = 64
    max_pixels: int = 512 * 512
    meant_for: int = 256 * 256

    def __post_init__(self) -> None:
        object.__setattr__(self, 'moves', tuple(self.moves))
        if self.block_size < 4 or self.block_size & self.block_size - 1:
            raise ValueError(f'block_size={self.block_size}: expected a power '
                             'of two, 4 or more: blocks are halved.')
        counts = self.dominant, self.guided, self.boundary
        if min(counts) < 0 or not any(counts):
            raise ValueError(
                f'dominant={self.dominant}, guided={self.guided}, '
                f'boundary={self.boundary} leave no shift to choose from: '
                'expected numbers from 0 on, one of them above.')
        if self.labels_per_block < 1:
            raise ValueError(
                f'labels_per_block={self.labels_per_block}: expected 1 or '
                'more entries for a block to choose from.')
        if self.planes < 0 or self.around < 0 or self.around_pixels < 1:
            raise ValueError(
                f'planes={self.planes}, around={self.around}, '
                f'around_pixels={self.around_pixels}: expected planes and '
                'around of 0 or more, and 1 or more pixels.')
        if self.temperature <= 0 or any(reach < 0 for reach in self.moves):
            raise ValueError(
                f'temperature={self.temperature}, moves={self.moves}: '
                'expected a temperature above 0, and pixels, 0 or more.')

    def on(self, pixels: int) -> 'ShiftSettings':
        """Return the settings for a copy of so many pixels.

        The networks see every picture at one size, so that of a larger one
        guess and similarity say less of each pixel: blocks as large as what
        they can tell apart choose first, and are halved once more.
        """
        if not 0 < 2 * self.meant_for < pixels:
            return self
        return replace(
            self,
            block_size=2 * self.block_size,
            sigma=2 * self.sigma,
            moves=(*self.moves[:1], *(x // 2 for x in self.moves[:1]),
                   *self.moves[1:]),
            meant_for=4 * self.meant_for).on(pixels)

"""Parts of maps: what is not looked at need not be computed."""
from typing import NamedTuple

from torch import Tensor


class Window(NamedTuple):
    """Rows [top, bottom) and columns [left, right) of a map (N, C, H, W)."""
    top: int
    bottom: int
    left: int
    right: int

    @property
    def longer(self) -> int:
        """The longer of its sides."""
        return max(self.bottom - self.top, self.right - self.left)

    def holds(self, other: 'Window') -> bool:
        """Whether the other lies in it."""
        return (self.top <= other.top and other.bottom <= self.bottom and
                self.left <= other.left and other.right <= self.right)

    def scaled(self, factor: int) -> 'Window':
        """The same place on a map ``factor`` times as large."""
        return Window(*(place * factor for place in self))

    def reduced(self, factor: int) -> 'Window':
        """What covers it on a map ``factor`` times as small."""
        return Window(self.top // factor, -(-self.bottom // factor),
                      self.left // factor, -(-self.right // factor))

    def grown(self, pixels: int, inside: 'Window') -> 'Window':
        """With so many pixels around it, as far as there are any."""
        return Window(
            max(self.top - pixels, inside.top),
            min(self.bottom + pixels, inside.bottom),
            max(self.left - pixels, inside.left),
            min(self.right + pixels, inside.right))

    def seen_from(self, other: 'Window') -> 'Window':
        """Its place on a map that is cut to the other window."""
        return self.moved(-other.top, -other.left)

    def moved(self, down: int, right: int) -> 'Window':
        """The same, in a map that begins so much earlier."""
        return Window(self.top + down, self.bottom + down, self.left + right,
                      self.right + right)

    def cut(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, bottom - top, right - left), a view."""
        return x[..., self.top:self.bottom, self.left:self.right]


def size_of(x: Tensor) -> tuple[int, int]:
    """Return height and width of maps (..., H, W)."""
    return x.shape[-2], x.shape[-1]


def whole(x: Tensor) -> Window:
    """All of a map (N, C, H, W)."""
    return Window(0, x.shape[-2], 0, x.shape[-1])


def hole_window(mask: Tensor) -> Window:
    """The smallest window with the holes of all masks (N, 1, H, W) in it, or
    the first pixel, if there is no hole."""
    sides = []
    for dims in ((0, 1, 3), (0, 1, 2)):
        places = mask.amax(dims).nonzero().flatten().tolist() or [0]
        sides += [places[0], places[-1] + 1]
    return Window(*sides)

from dataclasses import dataclass


@dataclass(frozen=True)
class SpeckSettings:
    """Which holes are specks, and what they are filled from.

    >>> SpeckSettings(longest=0)  # none is
    SpeckSettings(longest=0, reach=32, rim=3, copies=16)

    Attributes:
        longest (int): A hole is a speck whose longer side has at most so many
            pixels; 0: none is, and networks paint them all.
        reach (int): How far from where it is a speck may be copied, in pixels
            down and across.
        rim (int): How many pixels around it are compared, 1 or more.
        copies (int): How many are mixed, at most, 1 or more.

    Raises:
        ValueError: For a value that is none of these.
    """
    longest: int = 10
    reach: int = 32
    rim: int = 3
    copies: int = 16

    def __post_init__(self) -> None:
        if self.longest < 0 or min(self.reach, self.rim, self.copies) < 1:
            raise ValueError(
                f'specks of longest={self.longest}, reach={self.reach}, '
                f'rim={self.rim}, copies={self.copies}: expected numbers of 1 '
                'or more, and a longest of 0 where no hole is a speck.')

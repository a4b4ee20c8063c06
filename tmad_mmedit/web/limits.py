"""What one user may ask of the machine."""
from pathlib import Path
from typing import NamedTuple, Union

from ..pictures.image_files import open_picture
from .errors import TooLarge


class Limits(NamedTuple):
    """
    Attributes:
        megapixels (float): Of a picture or a mask.
        megabytes (float): Of a file.
        seconds (float): Of a removal.
        rounds (int): On one picture.
        sessions (int): Pictures that are open at a time.
        waiting (int): Removals that wait for their turn.
    """
    megapixels: float = 64
    megabytes: float = 64
    seconds: float = 300
    rounds: int = 40
    sessions: int = 50
    waiting: int = 20

    def read(self, file: Union[str, Path], what: str) -> bytes:
        """Read a picture's file, whose samples are not decoded; see
        :meth:`check`."""
        self.check_bytes(Path(file).stat().st_size, what)
        content = Path(file).read_bytes()
        self.check(content, what)
        return content

    def check(self, content: bytes, what: str) -> None:
        """Check a picture's file, whose samples are not decoded.

        Args:
            content (bytes): The file.
            what (str): 'picture' or 'mask', for errors.

        Raises:
            ValueError: If it is no picture, or over the limits.
        """
        self.check_bytes(len(content), what)
        with open_picture(content, f'the {what}') as image:
            width, height = image.size
        if width * height > self.megapixels * 1e6:
            raise TooLarge(
                f'the {what} has {width} x {height} pixels, '
                f'{width * height / 1e6:.0f} million, and '
                f'{self.megapixels:g} million are taken here: give a smaller '
                'one, or start `tmad web` with a higher --max-megapixels.')

    def check_bytes(self, size: int, what: str) -> None:
        """Raises TooLarge if a file has more bytes than that."""
        if size > self.megabytes * 1e6:
            raise TooLarge(
                f'the {what} has {size / 1e6:.0f} megabytes, and '
                f'{self.megabytes:g} are taken here: give a smaller one, or '
                'start `tmad web` with a higher --max-megabytes.')

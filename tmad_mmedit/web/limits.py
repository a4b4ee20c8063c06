"""What one user may ask of the machine."""
from pathlib import Path
from typing import NamedTuple, Union

from ..pictures.image_files import open_picture


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
        """The content of a picture's file, whose samples are not decoded.

        Args:
            file (str or Path): A path.
            what (str): 'picture' or 'mask', for errors.

        Raises:
            ValueError: If it is no picture, or over the limits.
        """
        size = Path(file).stat().st_size
        if size > self.megabytes * 1e6:
            raise ValueError(
                f'the {what} has {size / 1e6:.0f} megabytes, and '
                f'{self.megabytes:g} are taken here: give a smaller one, or '
                'start `tmad web` with a higher --max-megabytes.')
        content = Path(file).read_bytes()
        with open_picture(content, f'the {what}') as image:
            width, height = image.size
        if width * height > self.megapixels * 1e6:
            raise ValueError(
                f'the {what} has {width} x {height} pixels, '
                f'{width * height / 1e6:.0f} million, and '
                f'{self.megapixels:g} million are taken here: give a smaller '
                'one, or start `tmad web` with a higher --max-megapixels.')
        return content

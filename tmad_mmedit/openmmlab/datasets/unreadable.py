"""Picture files that a training could not read."""
from pathlib import Path
from typing import Optional, Union

import mmcv
import numpy as np


def read_as_training_does(path: Union[str, Path]) -> np.ndarray:
    """The picture, (H, W, 3) uint8.

    Raises:
        ValueError: With what is wrong with the file.
        OSError: If it cannot be opened.
    """
    content = Path(path).read_bytes()
    if not content:
        raise ValueError('it is empty')
    try:
        image = mmcv.imfrombytes(content)
    except Exception as error:  # OpenCV's own
        raise ValueError(f'it cannot be decoded: {error}') from None
    if image is None:
        raise ValueError('it is cut off, broken, or no picture')
    return image


def fault_of(path: Union[str, Path]) -> Optional[str]:
    """What is wrong with a file; None, if it can be read."""
    try:
        read_as_training_does(path)
    except (OSError, ValueError) as error:
        return str(error)
    return None

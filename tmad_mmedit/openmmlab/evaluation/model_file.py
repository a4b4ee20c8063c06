"""The library's own models, as `tmad inpaint` has them."""
from pathlib import Path
from typing import Optional

import torch

from ...load import DEFAULT, shipped_models
from ...version import __version__
from .method import Method, Paint, digest_of, digest_of_package

SHIPPED = 'tmad'


class ModelFile(Method):
    """A model file, which holds its settings.

    Args:
        name (str): Of the row.
        file (str, optional): None: the model that ships.
        device (str): As torch names it.
        seed (int): Of the paper's method.
        trust (bool): Whether code pickled in the file may run.

    Raises:
        FileNotFoundError: If the file is not there.
    """

    def __init__(self, name: str, file: Optional[str], device: str,
                 seed: int, trust: bool) -> None:
        super().__init__([name])
        path = shipped_models()[DEFAULT] if file is None else Path(file)
        if not path.is_file():
            raise FileNotFoundError(f'model {path} is not there: give a file '
                                    'that `tmad export` wrote.')
        self.file, self.device = path, device
        self.seed, self.trust = seed, trust
        self.remark = f'{DEFAULT}, as it ships' if file is None else file
        self.settings = dict(
            weights=digest_of(path), seed=seed, device=device,
            torch=torch.__version__, tmad_mmedit=__version__,
            source=digest_of_package())

    def load(self) -> Paint:
        from ...inpainter import Inpainter
        inpainter = Inpainter(checkpoint=self.file, device=self.device,
                              trust=self.trust)
        return lambda sample: [inpainter(sample.image, sample.hole,
                                         seed=self.seed)]

"""What is compared: baselines, models, and folders of predictions."""
import hashlib
import importlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Callable, List, Optional, Sequence

import cv2
import numpy as np
import torch
from mmengine.config import Config

from ..apis.configs import read_config
from ..version import __version__
from .baselines import BASELINES
from .samples import Sample, complain, pictures_of, read_rgb

Paint = Callable[[np.ndarray, np.ndarray], Sequence[np.ndarray]]


class Method:
    """One or more rows of the table.

    Attributes:
        rows (list[str]): Their names.
        settings (dict): What its results depend on, beside the sample.
        remark (str): What a reader of the table must know.
        missing (str): What to do to have it; empty if it is there.
    """
    remark = missing = ''
    settings: dict = {}

    def __init__(self, rows: List[str]) -> None:
        self.rows = rows

    def load(self) -> Paint:
        """What paints an image, (H, W, 3) uint8, RGB, with its hole, (H, W)
        bool: an image for each row."""
        raise NotImplementedError


class Classical(Method):
    """A baseline by its name."""

    def __init__(self, name: str) -> None:
        super().__init__([name])
        self.baseline = BASELINES[name]
        self.settings = dict(
            baseline=name, opencv=cv2.__version__, **self.baseline.settings)
        self.remark = ', '.join(
            f'{key} {x}' for key, x in self.baseline.settings.items())
        try:
            importlib.import_module(self.baseline.module)
        except ImportError:
            self.missing = (f'{name} needs {self.baseline.module}: '
                            f'{self.baseline.install}.')

    def load(self) -> Paint:
        return lambda image, hole: [self.baseline.paint(
            image, hole, **self.baseline.settings)]


class Model(Method):
    """T-MAD, with a row for its coarse stage, or an inpaintor of MMEditing.

    Args:
        name (str): Of the row.
        config (str): A file, a name of ``tmad configs`` or
            ``mmedit::...``.
        checkpoint (str, optional): None: random weights, of ``seed``.
        device (str): As torch names it.
        seed (int): Of T-MAD's memory.
        trust (bool): Whether code pickled in the checkpoint may run.
    """

    def __init__(self, name: str, config: str, checkpoint: Optional[str],
                 device: str, seed: int, trust: bool) -> None:
        if config.startswith('mmedit::'):
            from mmengine.hub import get_config
            self.config = get_config(config)
        else:
            self.config = read_config(config)
        if 'model' not in self.config:
            raise ValueError(f'config {config} has no model: give that of an '
                             'inpaintor.')
        self.is_tmad = self.config.model.type == 'TMADInpaintor'
        super().__init__([name] + [f'{name} coarse'] * self.is_tmad)
        self.checkpoint, self.device = checkpoint, device
        self.seed, self.trust = seed, trust
        weights = 'random'
        if checkpoint is None:
            self.remark = 'random weights'
        elif not Path(checkpoint).is_file():
            raise FileNotFoundError(f'checkpoint {checkpoint} is not there: '
                                    'give the file that training wrote.')
        else:
            digest = hashlib.sha256()
            with open(checkpoint, 'rb') as file:
                for block in iter(lambda: file.read(1 << 20), b''):
                    digest.update(block)
            weights = digest.hexdigest()
            self.remark = f'{config}, {checkpoint}'
        self.settings = dict(
            model=Config(dict(model=self.config.model)).pretty_text,
            weights=weights, seed=seed, device=device,
            torch=torch.__version__, tmad_mmedit=__version__)

    def load(self) -> Paint:
        from mmedit.apis import init_model, inpainting_inference
        from mmedit.utils import register_all_modules, tensor2img

        from ..apis import Picture
        from ..apis.checkpoints import load_weights
        from ..apis.inpainter import check_device
        check_device(self.device)
        register_all_modules()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            if self.is_tmad:
                inpainter = self._inpainter()
            else:
                model = init_model(self.config, device=self.device)
                if self.checkpoint is not None:
                    load_weights(model, self.checkpoint, self.trust)

        def with_tmad(image: np.ndarray, hole: np.ndarray):
            filled, = inpainter.fill([Picture.of(image)], [hole], coarse=True)
            return filled.result.rgb, filled.coarse.rgb

        def with_mmedit(image: np.ndarray, hole: np.ndarray):
            return [tensor2img(inpainting_inference(
                model, np.ascontiguousarray(image[..., ::-1]),
                np.uint8(hole) * 255))]

        return with_tmad if self.is_tmad else with_mmedit

    def _inpainter(self):
        from mmedit.registry import MODELS

        from ..apis.inpainter import NOT_INFERRED, Inpainter
        with TemporaryDirectory() as folder:
            checkpoint = self.checkpoint
            if checkpoint is None:
                checkpoint = Path(folder, 'random.pth')
                model = MODELS.build(dict(
                    self.config.model, **dict.fromkeys(NOT_INFERRED)))
                torch.save(model.state_dict(), checkpoint)
            return Inpainter(self.config, checkpoint, self.device, self.seed,
                             trust=self.trust)


class Predictions(Method):
    """A folder of pictures that another program made."""

    def __init__(self, name: str, folder: str) -> None:
        super().__init__([name])
        self.folder = Path(folder)
        self.remark = f'pictures from {folder}'

    def read(self, samples: Sequence[Sample]) -> List[np.ndarray]:
        """The predictions, (H, W, 3) uint8, RGB, in the order of the samples.

        Raises:
            ValueError: If one is missing, cannot be read or has another size.
        """
        found = pictures_of(self.folder, 'predictions')
        if found.keys().isdisjoint(sample.name for sample in samples):
            raise ValueError(
                f'none of the {len(found)} pictures in {self.folder} has the '
                f'name of a sample, such as {samples[0].name}: name them '
                'after the pictures in the folder inputs.')
        complain([x.name for x in samples if x.name not in found],
                 len(samples), f'predictions are missing in {self.folder}',
                 'add them')
        predictions = [read_rgb(found[x.name]) for x in samples]
        complain(
            [f'{x.name} ({p.shape[1]} x {p.shape[0]}, not {x.image.shape[1]} '
             f'x {x.image.shape[0]})' for x, p in zip(samples, predictions)
             if p.shape != x.image.shape], len(samples),
            f'predictions in {self.folder} have the wrong size',
            'make them of the pictures in the folder inputs')
        names = {sample.name for sample in samples}
        extra = [name for name in found if name not in names]
        if extra:
            self.remark += (f'; {len(extra)} more there belong to no sample, '
                            f'among them {extra[0]}')
        changed = sum((p != x.image)[~x.hole].any()
                      for x, p in zip(samples, predictions))
        if changed:
            self.remark += (f'; {changed} of {len(samples)} change pixels '
                            'outside the hole')
        return predictions


def parse_method(spec: str, device: str = 'cpu', seed: int = 0,
                 trust: bool = False) -> Method:
    """The method that a ``--methods`` argument names.

    Args:
        spec (str): The name of a baseline; ``NAME=FOLDER`` of predictions;
            ``NAME=CONFIG,CHECKPOINT``; ``NAME=CONFIG`` for random weights.
        device (str): See :class:`Model`, as the rest.

    Raises:
        ValueError: If it is none of these.
        FileNotFoundError: If a file is not there.
    """
    name, equals, value = spec.partition('=')
    if not equals and name in BASELINES:
        return Classical(name)
    if not equals or not value or not re.fullmatch(r'\w[\w.+-]*', name):
        raise ValueError(
            f'method {spec!r} is unknown: give one of {", ".join(BASELINES)}, '
            'or NAME=FOLDER, or NAME=CONFIG,CHECKPOINT.')
    if Path(value).is_dir():
        return Predictions(name, value)
    config, _, checkpoint = value.partition(',')
    return Model(name, config, checkpoint or None, device, seed, trust)

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

Paint = Callable[[Sample], List[np.ndarray]]


class Method:
    """One or more rows of the table.

    Args:
        rows (list[str]): Their names.

    Attributes:
        settings (dict): What its results depend on, beside the sample.
        remark (str): What a reader of the table must know.
        missing (str): What to do to have it; empty if it is there.
    """
    remark = missing = ''
    settings: dict = {}

    def __init__(self, rows: List[str]) -> None:
        self.rows = rows

    def check(self, samples: Sequence[Sample]) -> None:
        """Raise a ValueError if it cannot serve these samples."""

    def load(self) -> Paint:
        """What gives a sample's picture for each row, as the sample's image,
        (H, W, 3) uint8, RGB."""
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
        return lambda sample: [sample.filled(self.baseline.paint(
            sample.image, sample.hole, **self.baseline.settings))]


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
        if checkpoint is not None and not Path(checkpoint).is_file():
            raise FileNotFoundError(f'checkpoint {checkpoint} is not there: '
                                    'give the file that training wrote.')
        self.remark = (f'{config}, {checkpoint}' if checkpoint else
                       f'{config}, random weights')
        self.settings = dict(
            model=Config(dict(model=self.config.model)).pretty_text,
            weights=digest_of(checkpoint) if checkpoint else 'random',
            seed=seed, device=device, torch=torch.__version__,
            tmad_mmedit=__version__)

    def load(self) -> Paint:
        from mmedit.utils import register_all_modules

        from ..apis.inpainter import check_device
        check_device(self.device)
        register_all_modules()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return self._tmad() if self.is_tmad else self._mmedit()

    def _tmad(self) -> Paint:
        from mmedit.registry import MODELS

        from ..apis.inpainter import NOT_INFERRED, Inpainter, Picture
        with TemporaryDirectory() as folder:
            checkpoint = self.checkpoint
            if checkpoint is None:
                checkpoint = Path(folder, 'random.pth')
                model = MODELS.build(dict(
                    self.config.model, **dict.fromkeys(NOT_INFERRED)))
                torch.save(model.state_dict(), checkpoint)
            inpainter = Inpainter(self.config, checkpoint, self.device,
                                  self.seed, trust=self.trust)

        def paint(sample: Sample) -> List[np.ndarray]:
            filled, = inpainter.fill([Picture.of(sample.image)],
                                     [sample.hole], coarse=True)
            return [filled.result.rgb, filled.coarse.rgb]

        return paint

    def _mmedit(self) -> Paint:
        from mmedit.apis import init_model, inpainting_inference
        from mmedit.utils import tensor2img

        from ..apis.checkpoints import load_weights
        model = init_model(self.config, device=self.device)
        if self.checkpoint is not None:
            load_weights(model, self.checkpoint, self.trust)

        def paint(sample: Sample) -> List[np.ndarray]:
            return [tensor2img(inpainting_inference(
                model, np.ascontiguousarray(sample.image[..., ::-1]),
                np.uint8(sample.hole)))]

        return paint


class Predictions(Method):
    """A folder of pictures that another program made."""

    def __init__(self, name: str, folder: str) -> None:
        super().__init__([name])
        self.found = pictures_of(folder, 'predictions')
        self.folder = folder
        self.settings = dict(predictions=digest_of(*self.found.values()))

    def check(self, samples: Sequence[Sample]) -> None:
        """See that there is one of the right size for each sample; remark
        upon pictures that belong to none and on known pixels that changed."""
        names = [sample.name for sample in samples]
        if self.found.keys().isdisjoint(names):
            raise ValueError(
                f'none of the {len(self.found)} pictures in {self.folder} has '
                f'the name of a sample, such as {names[0]}: name them after '
                'the pictures in the folder inputs.')
        complain([name for name in names if name not in self.found],
                 len(names), f'predictions are missing in {self.folder}',
                 'add them')
        wrong, changed = [], 0
        for name, image, hole in samples:
            picture = read_rgb(self.found[name])
            if picture.shape != image.shape:
                wrong.append('{0} ({2} x {1}, not {4} x {3})'.format(
                    name, *picture.shape[:2], *image.shape[:2]))
            else:
                changed += (picture != image)[~hole].any()
        complain(wrong, len(names),
                 f'predictions in {self.folder} have another size',
                 'make them from the pictures in the folder inputs')
        extra = sorted(self.found.keys() - set(names))
        remarks = [f'pictures from {self.folder}']
        if extra:
            remarks.append(f'{len(extra)} more there belong to no sample, '
                           f'among them {extra[0]}')
        if changed:
            remarks.append(f'{changed} of {len(names)} change pixels outside '
                           'the hole')
        self.remark = '; '.join(remarks)

    def load(self) -> Paint:
        return lambda sample: [read_rgb(self.found[sample.name])]


def digest_of(*files) -> str:
    """SHA-256 of what is in files."""
    digest = hashlib.sha256()
    for path in files:
        with open(path, 'rb') as file:
            for block in iter(lambda: file.read(1 << 20), b''):
                digest.update(block)
    return digest.hexdigest()


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

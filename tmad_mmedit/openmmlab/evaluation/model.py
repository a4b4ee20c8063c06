from pathlib import Path
from typing import Optional

import numpy as np
import torch
from mmengine.config import Config

from ...version import __version__
from ..configs import read_config
from .method import Method, Paint, digest_of
from .samples import Sample


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

        from ...inpainter import check_device
        check_device(self.device)
        register_all_modules()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return self._tmad() if self.is_tmad else self._mmedit()

    def _tmad(self) -> Paint:
        from mmedit.registry import MODELS

        from ...checkpoints import load_weights
        from ...inpainter import Inpainter, Picture
        from ..training import without_training
        model = MODELS.build(without_training(self.config.model))
        if self.checkpoint is None:
            model.init_weights()  # its coarse stage may have a checkpoint
        else:
            load_weights(model, self.checkpoint, self.trust)
        inpainter = Inpainter(model=model, device=self.device, seed=self.seed)

        def paint(sample: Sample) -> list[np.ndarray]:
            filled, = inpainter.fill([Picture.of(sample.image)],
                                     [sample.hole], coarse=True)
            return [filled.result.rgb, filled.coarse.rgb]

        return paint

    def _mmedit(self) -> Paint:
        from mmedit.apis import init_model, inpainting_inference
        from mmedit.utils import tensor2img

        from ...checkpoints import load_weights
        model = init_model(self.config, device=self.device)
        if self.checkpoint is not None:
            load_weights(model, self.checkpoint, self.trust)

        def paint(sample: Sample) -> list[np.ndarray]:
            return [tensor2img(inpainting_inference(
                model, np.ascontiguousarray(sample.image[..., ::-1]),
                np.uint8(sample.hole)))]

        return paint

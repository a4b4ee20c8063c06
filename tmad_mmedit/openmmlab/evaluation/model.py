from importlib.util import find_spec
from pathlib import Path
from typing import Optional

import numpy as np
import torch
from mmengine.config import Config

from ...version import __version__
from ..building import METHODS
from ..configs import read_config
from ..host import HOST
from .method import Method, Paint, digest_of, digest_of_package
from .samples import Sample


class Model(Method):
    """T-MAD, with a row for its coarse stage, or an inpaintor of MMEditing.

    Args:
        name (str): Of the row.
        config (str): A file, a name of ``tmad configs`` or
            ``mmedit::...`` or ``mmagic::...``.
        checkpoint (str, optional): None: random weights, of ``seed``.
        device (str): As torch names it.
        seed (int): Of T-MAD's memory.
        trust (bool): Whether code pickled in the checkpoint may run.
    """

    def __init__(self, name: str, config: str, checkpoint: Optional[str],
                 device: str, seed: int, trust: bool) -> None:
        if '::' in config:
            from mmengine.hub import get_config
            package, _, path = config.partition('::')
            if find_spec(package) is None:  # mmengine would install it
                raise ImportError(f'{config} needs {package}, which is not '
                                  f'installed: give {HOST}::{path}.')
            self.config = get_config(config)
        else:
            self.config = read_config(config)
        if 'model' not in self.config:
            raise ValueError(f'config {config} has no model: give that of an '
                             'inpaintor.')
        self.is_ours = self.config.model.type in METHODS
        super().__init__([name] + [f'{name} coarse'] * self.is_ours)
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
            tmad_mmedit=__version__, source=digest_of_package())

    def load(self) -> Paint:
        from ...machine import check_device
        from ..host import register_all_modules
        check_device(self.device)
        register_all_modules()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return self._ours() if self.is_ours else self._other()

    def _ours(self) -> Paint:
        from ...inpainter import Inpainter, Picture
        from ..building import build_untrained, load_checkpoint
        model = build_untrained(self.config)
        if self.checkpoint is None:
            model.init_weights()  # its coarse stage may have a checkpoint
        else:
            load_checkpoint(model, self.checkpoint, self.trust)
        inpainter = Inpainter(model=model, device=self.device)

        def paint(sample: Sample) -> list[np.ndarray]:
            filled, = inpainter.fill([Picture.of(sample.image)],
                                     [sample.hole], coarse=True,
                                     seed=self.seed)
            return [filled.result.rgb, filled.coarse.rgb]

        return paint

    def _other(self) -> Paint:
        from ..building import load_checkpoint
        from ..host import MODELS, tensor2img
        from ..predict import predict
        # mmedit's perceptual losses download a VGG when they are built
        model = MODELS.build({key: x for key, x in self.config.model.items()
                              if 'percep' not in key})
        model.cfg = self.config
        model.to(self.device).eval()
        if self.checkpoint is not None:
            load_checkpoint(model, self.checkpoint, self.trust)

        def paint(sample: Sample) -> list[np.ndarray]:
            bgr = np.ascontiguousarray(sample.image[..., ::-1])
            return [tensor2img(predict(model, bgr, sample.hole))]

        return paint

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Optional, Union

import numpy as np
import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmedit.utils import register_all_modules
from mmengine.config import Config
from PIL import Image
from torch import Tensor

from .checkpoints import load_weights
from .figures.steps import Steps, steps_of
from .masks.reading import check_hole, feathered, read_mask
from .models.completion import Completion
from .openmmlab.configs import DEFAULT, read_config, shipped_weights
from .openmmlab.tmad_inpaintor import TMADInpaintor
from .openmmlab.training import without_training
from .pictures.picture import Picture, Source

Result = Union[Picture, np.ndarray, Tensor, Image.Image]


class Filled(NamedTuple):
    """A picture with its hole filled, and, if asked for, the coarse one."""
    result: Picture
    coarse: Optional[Picture] = None


class Inpainter:
    """A model that stays loaded, for many pictures.

    Args:
        config (str or Path or Config, optional): A config, its file, or the
            name of a shipped one. Defaults to the one whose weights are
            shipped.
        checkpoint (str or Path, optional): Its weights; by default those that
            are shipped for the config.
        device (str, optional): As torch names it. Defaults to 'cpu', and to
            where a ``model`` is.
        seed (int): Of the texture memory's draw; the same seed gives the same
            picture. Defaults to 0.
        overlap (bool): Patches overlap by half and are blended, against
            seams, for four times the work. Defaults to False.
        trust (bool): Whether code that is pickled in the checkpoint may run.
            Defaults to False.
        model (TMADInpaintor, optional): One that is built and loaded,
            in place of a config and a checkpoint; it is put into evaluation
            mode and takes the seed and the overlap.

    Raises:
        ValueError: If the checkpoint belongs to another model or holds
            pickled code, or the device is not there.
        FileNotFoundError: If a file is not there.
    """

    def __init__(self,
                 config: Optional[Union[str, Path, Config]] = None,
                 checkpoint: Optional[Union[str, Path]] = None,
                 device: Optional[str] = None,
                 seed: int = 0,
                 overlap: bool = False,
                 trust: bool = False,
                 model: Optional[TMADInpaintor] = None) -> None:
        if device or model is None:
            check_device(device := device or 'cpu')
        options = dict(seed=seed, overlap=overlap)
        if model is None:
            model = self._built(config, checkpoint, options, trust)
        elif config is not None or checkpoint is not None:
            raise ValueError('a model was given together with a config or a '
                             'checkpoint: give one or the other.')
        elif not isinstance(model, TMADInpaintor):
            raise ValueError(f'the model is a {type(model).__name__}: '
                             'expected a TMADInpaintor; use mmedit.apis for '
                             'others.')
        model.test_cfg = {**model.test_cfg, **options}
        model.to(device or next(model.parameters()).device)
        self.model = model.eval()

    @staticmethod
    def _built(config: Optional[Union[str, Path, Config]],
               checkpoint: Optional[Union[str, Path]], options: dict,
               trust: bool) -> TMADInpaintor:
        read = read_config(config or DEFAULT)
        register_all_modules()
        if 'model' not in read:
            raise ValueError(f'config {read.filename or ""} has no model: '
                             'give that of a TMADInpaintor.')
        cfg = dict(read.model)
        if cfg.get('type') != 'TMADInpaintor':
            raise ValueError(f'the config is of a {cfg.get("type")}: expected '
                             'a TMADInpaintor; use mmedit.apis for others.')
        test_cfg = {**(cfg.get('test_cfg') or {}), **options}
        model = MODELS.build(without_training(dict(cfg, test_cfg=test_cfg)))
        load_weights(model, checkpoint or shipped_weights(read), trust)
        return model

    def __call__(self, image: Source, mask: Source,
                 feather: int = 0) -> Result:
        """Fill the hole.

        Args:
            image: A path, bytes or stream of a file, an array, a tensor or a
                PIL image; see :meth:`Picture.of`.
            mask: The same, of the upright image's size; see
                :func:`read_mask`.
            feather (int): Pixels inside the hole's edge over which the
                painting fades in, from what the image shows there. Defaults
                to 0.

        Returns:
            np.ndarray or Tensor or PIL.Image or Picture: As the image came:
            its size, mode, depth, and pixels outside the hole; a PIL image
            upright. A file gives a :class:`Picture`, to be saved.

        Raises:
            ValueError: If the two do not fit, or there is nothing known.
        """
        return self.many([(image, mask)], feather)[0]

    def many(self, pairs: Iterable[tuple[Source, Source]],
             feather: int = 0, batch_size: int = 8) -> list[Result]:
        """Fill many; those of one size share a batch. See :meth:`__call__`.
        """
        pairs = list(pairs)
        if any(isinstance(pair, (str, bytes)) or not hasattr(
                pair, '__len__') or len(pair) != 2 for pair in pairs):
            raise ValueError('expected pairs of an image and a mask: '
                             "[('a.jpg', 'a.png'), ('b.jpg', 'b.png')].")
        pictures = [Picture.of(image) for image, _ in pairs]
        holes = [read_mask(mask) for _, mask in pairs]
        filled = self.fill(pictures, holes, feather, batch_size)
        return [x.result.like(image) for x, (image, _) in zip(filled, pairs)]

    def fill(self, pictures: Sequence[Picture], holes: Sequence[np.ndarray],
             feather: int = 0, batch_size: int = 8,
             coarse: bool = False) -> list[Filled]:
        """Fill pictures that are read already.

        Args:
            pictures (Sequence[Picture]): Of any sizes.
            holes (Sequence[np.ndarray]): (H, W) bool, upright.
            feather (int): See :meth:`__call__`. Defaults to 0.
            batch_size (int): Pictures of one size at a time, fewer where they
                have more than ``test_cfg.coarse_pixels`` together.
            coarse (bool): Whether to give the coarse results too.

        Raises:
            ValueError: If a hole does not fit its picture.
        """
        same_size = defaultdict(list)
        for i, hole in enumerate(holes):
            check_hole(hole, *pictures[i].size)
            same_size[hole.shape].append(i)
        filled, budget = {}, self.model.test_cfg['coarse_pixels']
        for (height, width), group in same_size.items():
            fit = batch_size if budget is None else (
                budget // (height * width))
            at_once = max(1, min(batch_size, fit))
            for start in range(0, len(group), at_once):
                batch = group[start:start + at_once]
                images = [pictures[i].rgb for i in batch]
                done = self._complete(images, [holes[i] for i in batch])
                guesses, outs = to_range(done.comp), to_range(done.out)
                for n, i in enumerate(batch):
                    out = feathered(outs[n], images[n], holes[i], feather)
                    filled[i] = Filled(
                        pictures[i].filled(out, holes[i]),
                        pictures[i].filled(guesses[n], holes[i])
                        if coarse else None)
        return [filled[i] for i in range(len(pictures))]

    @torch.no_grad()
    def _complete(self, images: Sequence[np.ndarray],
                  holes: Sequence[np.ndarray],
                  keep_retrieval: bool = False) -> Completion:
        """Pixels through the model: a batch of one size, (H, W, 3) and (H, W)
        each. In place, as a large picture's copies are what its memory goes
        into."""
        device = next(self.model.parameters()).device
        mask = torch.from_numpy(np.stack(holes))[:, None].to(device)
        masked_img = torch.from_numpy(np.stack(images)).to(device)
        masked_img = masked_img.permute(0, 3, 1, 2).float()
        masked_img.sub_(127.5).div_(127.5).masked_fill_(mask, 0)
        return self.model.inpaint(
            masked_img, EditDataSample(mask=mask.float()), keep_retrieval)

    def steps(self, image: Source, mask: Source) -> Steps:
        """What the method makes of a picture; see :class:`Steps`.

        Raises:
            ValueError: If patches overlap, or the two do not fit.
        """
        if self.model.test_cfg['overlap']:
            raise ValueError('the steps of patches that overlap are those of '
                             'four grids: make an Inpainter without overlap.')
        picture, hole = Picture.of(image), read_mask(mask)
        check_hole(hole, *picture.size)
        done = self._complete([picture.rgb], [hole], keep_retrieval=True)
        return steps_of(picture.rgb, hole, done)


def to_range(x: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] to (N, H, W, 3) in [0, 255], in place."""
    x.mul_(127.5).add_(127.5)
    return x.permute(0, 2, 3, 1).float().cpu().numpy()


def check_device(device: str) -> None:
    """Raises ValueError if the device is not there."""
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f'device {device!r} is not there ({str(error).splitlines()[0]}): '
            "use 'cpu', or 'cuda' where torch sees a GPU.") from None


def inpaint(image: Source,
            mask: Source,
            config: Optional[Union[str, Path, Config]] = None,
            checkpoint: Optional[Union[str, Path]] = None,
            device: Optional[str] = None,
            seed: int = 0,
            model: Union[None, Inpainter, TMADInpaintor] = None,
            overlap: bool = False,
            trust: bool = False) -> Result:
    """Fill the hole of one picture, by a ``model`` that is loaded or by a
    config and a checkpoint; see :class:`Inpainter`."""
    if not isinstance(model, Inpainter):
        model = Inpainter(config, checkpoint, device, seed, overlap, trust,
                          model)
    return model(image, mask)

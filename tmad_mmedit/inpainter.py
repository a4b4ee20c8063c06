import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from .figures.steps import Steps, steps_of
from .load import DEFAULT, load_model
from .masks.around import around
from .masks.feather import feathered
from .masks.reading import check_hole, read_mask
from .models.coherent import CoherentTrace
from .models.paper import TMADTrace
from .pictures.picture import Picture, Source
from .plug import plugged

Result = Union[Picture, np.ndarray, Tensor, Image.Image]
IMPORTED_IN = os.getpid()


class Filled(NamedTuple):
    """A picture with its hole filled, and, if asked for, the coarse one."""
    result: Picture
    coarse: Optional[Picture] = None


class Inpainter:
    """A model that stays loaded, for many pictures.

    >>> wall = np.tile(np.uint8([[90, 200], [200, 90]]), (32, 32))
    >>> hole = np.zeros(wall.shape, bool)
    >>> hole[20:30, 20:30] = True
    >>> Inpainter()(wall, hole).shape
    (64, 64)

    Args:
        config (optional): A config of MMEditing or mmagic, its file, or the
            name of one of ours, for models that are no file of their own; it
            needs the plug, ``tmad_mmedit[openmmlab]``.
        checkpoint (str or Path, optional): A model file, or the name of one
            that ships with the package; with a config, its weights. Defaults
            to the model that ships for it.
        device (str, optional): As torch names it. Defaults to 'cpu', and to
            where a ``model`` is.
        trust (bool): Whether code that is pickled in the checkpoint may run.
            Defaults to False.
        model (nn.Module, optional): One that is built and loaded, in place of
            a config and a checkpoint; it is put into evaluation mode.

    Raises:
        ValueError: If a file is no model's, or the device is not there.
        FileNotFoundError: If a file is not there.
        ImportError: For a config without the plug, or a NumPy that torch does
            not know.
    """

    def __init__(self,
                 config: Any = None,
                 checkpoint: Optional[Union[str, Path]] = None,
                 device: Optional[str] = None,
                 trust: bool = False,
                 model: Optional[nn.Module] = None) -> None:
        check_numpy()
        if device or model is None:
            check_device(device := device or 'cpu')
        if model is None:
            model = self._loaded(config, checkpoint, trust)
        elif config is not None or checkpoint is not None:
            raise ValueError('a model was given together with a config or a '
                             'checkpoint: give one or the other.')
        elif not hasattr(model, 'inpaint'):
            raise ValueError(f'the model is a {type(model).__name__}: '
                             'expected a model of T-MAD; use mmedit.apis for '
                             'others.')
        model.to(device or next(model.parameters()).device)
        self.model: Any = model.eval()

    @staticmethod
    def _loaded(config: Any, checkpoint: Optional[Union[str, Path]],
                trust: bool) -> nn.Module:
        if config is None:
            return load_model(checkpoint or DEFAULT, trust)
        return plugged('build', 'a config')(config, checkpoint, trust)

    def __call__(self, image: Source, mask: Source, feather: int = 0,
                 seed: Optional[int] = None,
                 overlap: Optional[bool] = None,
                 opaque: bool = False) -> Result:
        """Fill the hole.

        Args:
            image: A path, bytes or stream of a file, an array, a tensor or a
                PIL image; see :meth:`Picture.of`.
            mask: The same, of the upright image's size; see
                :func:`read_mask`.
            feather (int): Pixels inside the hole's edge over which the
                painting fades in, from what the image shows there. Defaults
                to 0.
            seed (int, optional): Of the texture memory's draw; the same seed
                gives the same picture. A method that draws nothing, as the
                default's, has none.
            overlap (bool, optional): Patches overlap by half and are blended,
                against seams, for four times the work; for methods that paint
                patches. Both are by default as the model has them.
            opaque (bool): Whether the hole becomes opaque; else it becomes
                transparent where its surroundings are. Defaults to False.

        Returns:
            np.ndarray or Tensor or PIL.Image or Picture: As the image came:
            its size, mode, depth, and pixels outside the hole; a PIL image
            upright. A file gives a :class:`Picture`, to be saved.

        Raises:
            ValueError: If the two do not fit, or there is nothing known.
        """
        return self.many([(image, mask)], feather, 1, seed, overlap,
                         opaque)[0]

    def many(self, pairs: Iterable[tuple[Source, Source]],
             feather: int = 0, batch_size: int = 8,
             seed: Optional[int] = None,
             overlap: Optional[bool] = None,
             opaque: bool = False) -> list[Result]:
        """Fill many; those of one size share a batch. See :meth:`__call__`.
        """
        pairs = list(pairs)
        if any(isinstance(pair, (str, bytes)) or not hasattr(
                pair, '__len__') or len(pair) != 2 for pair in pairs):
            raise ValueError('expected pairs of an image and a mask: '
                             "[('a.jpg', 'a.png'), ('b.jpg', 'b.png')].")
        pictures = [Picture.of(image) for image, _ in pairs]
        holes = [read_mask(mask) for _, mask in pairs]
        filled = self.fill(pictures, holes, feather, batch_size, seed=seed,
                           overlap=overlap, opaque=opaque)
        return [x.result.like(image) for x, (image, _) in zip(filled, pairs)]

    def fill(self, pictures: Sequence[Picture], holes: Sequence[np.ndarray],
             feather: int = 0, batch_size: int = 8,
             coarse: bool = False, seed: Optional[int] = None,
             overlap: Optional[bool] = None,
             opaque: bool = False) -> list[Filled]:
        """Fill pictures that are read already.

        Args:
            pictures (Sequence[Picture]): Of any sizes.
            holes (Sequence[np.ndarray]): (H, W) bool, upright.
            feather (int): See :meth:`__call__`. Defaults to 0.
            batch_size (int): Pictures of one size at a time, fewer where they
                have more than the model's ``coarse_pixels`` together.
            coarse (bool): Whether to give the coarse results too.
            seed, overlap, opaque: See :meth:`__call__`.

        Raises:
            ValueError: If a hole does not fit its picture.
        """
        same_size = defaultdict(list)
        for i, hole in enumerate(holes):
            check_hole(hole, *pictures[i].size)
            same_size[hole.shape].append(i)
        filled, budget = {}, self.model.coarse_pixels
        for (height, width), group in same_size.items():
            fit = batch_size if budget is None else (
                budget // (height * width))
            at_once = max(1, min(batch_size, fit))
            for start in range(0, len(group), at_once):
                batch = group[start:start + at_once]
                images, unknown = zip(*(
                    pictures[i].texture(holes[i], opaque) for i in batch))
                guesses, outs = self._painted(
                    images, unknown, [holes[i] for i in batch], seed=seed,
                    overlap=overlap)
                for n, i in enumerate(batch):
                    out = feathered(outs[n], images[n], holes[i], feather,
                                    pictures[i].hidden)
                    filled[i] = Filled(
                        pictures[i].filled(out, holes[i], opaque),
                        pictures[i].filled(guesses[n], holes[i], opaque)
                        if coarse else None)
        return [filled[i] for i in range(len(pictures))]

    def _painted(self, images: Sequence[np.ndarray],
                 unknown: Sequence[np.ndarray], holes: Sequence[np.ndarray],
                 **options: Any) -> tuple[Any, Any]:
        """Return guesses and results, (H, W, 3) in [0, 255] each; of a
        picture that is invisible in places, from around its hole alone."""
        parts = [around(hole, x) for hole, x in zip(holes, unknown)]
        if all(x is hole for x, hole in zip(unknown, holes)):
            done = self._complete(images, unknown, **options)
            return to_range(done.comp), to_range(done.out)
        both: tuple[list, list] = [], []
        for image, x, part in zip(images, unknown, parts):
            done = self._complete([image[part]], [x[part]], **options)
            for made, whole in zip((done.comp, done.out), both):
                whole.append(image.astype(np.float32))
                whole[-1][part] = to_range(made)[0]
        return both

    @torch.no_grad()
    def _complete(self, images: Sequence[np.ndarray],
                  holes: Sequence[np.ndarray],
                  **options: Any) -> Union[CoherentTrace, TMADTrace]:
        """Send pixels through the model: a batch of one size, (H, W, 3) and
        (H, W) each. In place, as a large picture's copies are what its memory
        goes into."""
        if os.getpid() != IMPORTED_IN:
            # a forked process has none of libgomp's threads, and would wait
            # for them for ever
            torch.set_num_threads(1)
        device = next(self.model.parameters()).device
        mask = torch.from_numpy(np.stack(holes))[:, None].to(device)
        masked_img = torch.from_numpy(np.stack(images)).to(device)
        masked_img = masked_img.permute(0, 3, 1, 2).float()
        masked_img.sub_(127.5).div_(127.5).masked_fill_(mask, 0)
        if not self.model.paints_patches:
            options = {}
        self.model.float()  # of half precision, sums lose the picture
        with default_float32():
            return self.model.inpaint(masked_img, mask.float(), **options)

    def steps(self, image: Source, mask: Source,
              seed: Optional[int] = None) -> Steps:
        """Return what the method makes of a picture; see :class:`Steps`.

        Raises:
            ValueError: If the two do not fit.
        """
        picture, hole = Picture.of(image), read_mask(mask)
        check_hole(hole, *picture.size)
        image, unknown = picture.texture(hole)
        done = self._complete([image], [unknown], seed=seed, overlap=False,
                              keep_retrieval=True)
        return steps_of(picture.rgb, hole, done)


def to_range(x: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] to (N, H, W, 3) in [0, 255], in place."""
    x.mul_(127.5).add_(127.5)
    return x.permute(0, 2, 3, 1).float().cpu().numpy()


def check_numpy() -> None:
    """Raises ImportError if this torch does not know this NumPy."""
    try:
        torch.from_numpy(np.zeros(1))
    except RuntimeError:
        raise ImportError(
            f'torch {torch.__version__} is built for NumPy 1, and NumPy '
            f'{np.__version__} is installed: run `pip install "numpy<2"`, or '
            'take torch 2.3 or later.') from None


@contextmanager
def default_float32() -> Iterator[None]:
    """Compute in float32, whatever the program's default is."""
    default = torch.get_default_dtype()
    if default != torch.float32:
        torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        if default != torch.float32:
            torch.set_default_dtype(default)


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
            config: Any = None,
            checkpoint: Optional[Union[str, Path]] = None,
            device: Optional[str] = None,
            seed: Optional[int] = None,
            model: Union[None, Inpainter, nn.Module] = None,
            overlap: Optional[bool] = None,
            trust: bool = False,
            feather: int = 0) -> Result:
    """Fill the hole of one picture, by a ``model`` that is loaded, a model
    file, or a config and a checkpoint; see :class:`Inpainter`.

    >>> wall = np.tile(np.uint8([[90, 200], [200, 90]]), (32, 32))
    >>> hole = np.zeros(wall.shape, bool)
    >>> hole[20:30, 20:30] = True
    >>> filled = inpaint(wall, hole)
    >>> bool((filled == wall)[~hole].all())
    True
    """
    if not isinstance(model, Inpainter):
        model = Inpainter(config, checkpoint, device, trust, model)
    return model(image, mask, feather, seed, overlap)

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

import numpy as np
from PIL import Image
from torch import Tensor, nn

from .figures.steps import Steps, steps_of
from .load import DEFAULT, load_model
from .machine import check_device, check_numpy
from .masks.feather import feathered
from .masks.reading import check_hole, read_mask
from .models.ways import check_count
from .painting import completed, painted, painted_in_ways
from .pictures.picture import Picture, Source
from .plug import plugged
from .steering import NOTHING, Steer, steer

Result = Union[Picture, np.ndarray, Tensor, Image.Image]


class Filled(NamedTuple):
    """A picture with its hole filled, and, if asked for, the coarse one."""
    result: Picture
    coarse: Optional[Picture] = None


class Variant(NamedTuple):
    """One of several results for a hole, and the way that gives it again."""
    result: Result
    way: str


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
            a config and a checkpoint; it is put into evaluation mode and,
            of half precision, into float32, which its rounded weights stay.

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
                 opaque: bool = False,
                 hint: Optional[Source] = None,
                 not_from: Optional[Source] = None,
                 only_from: Optional[Source] = None,
                 plane: Optional[Sequence[Sequence[float]]] = None,
                 way: str = 'guess') -> Result:
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
            hint (optional): Colours on transparent, of the image's size: what
                the hole should look like.
            not_from, only_from (optional): Masks of its size: what is not
                copied, or what alone is.
            plane (optional): x and y of four corners, in turn, of what is a
                rectangle on a floor, a wall or a facade: copies follow its
                perspective. See :func:`.steering.steer` for all four.
            way (str): What leads, and at which scale; one of
                :data:`.models.ways.WAYS`. Defaults to 'guess'.

        Returns:
            np.ndarray or Tensor or PIL.Image or Picture: As the image came:
            its size, mode, depth, and pixels outside the hole; a PIL image
            upright. A file gives a :class:`Picture`, to be saved.

        Raises:
            ValueError: If the two do not fit, or there is nothing known.
        """
        picture, hole = Picture.of(image), read_mask(mask)
        check_hole(hole, *picture.size)
        said = steer(hole, hint, not_from, only_from, plane, picture)
        return self.fill([picture], [hole], feather, seed=seed,
                         overlap=overlap, opaque=opaque,
                         steers=[said], way=way)[0].result.like(image)

    def variants(self, image: Source, mask: Source, count: int = 4,
                 feather: int = 0, opaque: bool = False,
                 hint: Optional[Source] = None,
                 not_from: Optional[Source] = None,
                 only_from: Optional[Source] = None,
                 plane: Optional[Sequence[Sequence[float]]] = None
                 ) -> list[Variant]:
        """Fill the hole in several ways, which share their work; see
        :meth:`__call__`.

        Returns:
            list[Variant]: The first is that of :meth:`__call__`; the others
            differ from it and from each other, those first whose pieces fit
            best. Each is what its ``way`` alone gives.

        Raises:
            ValueError: If there are not so many ways.
        """
        check_count(count)
        picture, hole = Picture.of(image), read_mask(mask)
        check_hole(hole, *picture.size)
        said = steer(hole, hint, not_from, only_from, plane, picture)
        return [Variant(x.result.like(image), way) for way, x in
                self.fill_in_ways(picture, hole, count, feather, opaque=opaque,
                                  said=said)]

    def fill_in_ways(self, picture: Picture, hole: np.ndarray, count: int,
                     feather: int = 0, coarse: bool = False,
                     opaque: bool = False, said: Steer = NOTHING) -> Iterator[
                         tuple[str, Filled]]:
        """Yield so many ways to fill a picture that is read already, each
        with its result; see :meth:`variants` and :meth:`fill`."""
        check_hole(hole, *picture.size)
        self.model.float()
        image, unknown = picture.texture(hole, opaque)
        for way, guess, out in painted_in_ways(
                self.model, image, unknown, hole, said, check_count(count)):
            out = feathered(out, image, hole, feather, picture.hidden)
            yield way, Filled(
                picture.filled(out, hole, opaque),
                picture.filled(guess, hole, opaque) if coarse else None)

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
             opaque: bool = False,
             steers: Optional[Sequence[Steer]] = None,
             way: str = 'guess') -> list[Filled]:
        """Fill pictures that are read already.

        Args:
            pictures (Sequence[Picture]): Of any sizes.
            holes (Sequence[np.ndarray]): (H, W) bool, upright.
            feather (int): See :meth:`__call__`. Defaults to 0.
            batch_size (int): Pictures of one size at a time, fewer where they
                have more than the model's ``coarse_pixels`` together.
            coarse (bool): Whether to give the coarse results too.
            seed, overlap, opaque, way: See :meth:`__call__`.
            steers (Sequence[Steer], optional): What a person says of each.

        Raises:
            ValueError: If a hole does not fit its picture.
        """
        same_size = defaultdict(list)
        for i, hole in enumerate(holes):
            check_hole(hole, *pictures[i].size)
            same_size[hole.shape].append(i)
        steers = steers or [NOTHING] * len(pictures)
        filled, budget = {}, self.model.coarse_pixels
        self.model.float()  # of half precision, sums lose the picture
        for (height, width), group in same_size.items():
            fit = batch_size if budget is None else (
                budget // (height * width))
            at_once = max(1, min(batch_size, fit))
            for start in range(0, len(group), at_once):
                batch = group[start:start + at_once]
                images, unknown = zip(*(
                    pictures[i].texture(holes[i], opaque) for i in batch))
                guesses, outs = painted(
                    self.model, images, unknown, [holes[i] for i in batch],
                    [steers[i] for i in batch], way=way, seed=seed,
                    overlap=overlap)
                for n, i in enumerate(batch):
                    out = feathered(outs[n], images[n], holes[i], feather,
                                    pictures[i].hidden)
                    filled[i] = Filled(
                        pictures[i].filled(out, holes[i], opaque),
                        pictures[i].filled(guesses[n], holes[i], opaque)
                        if coarse else None)
        return [filled[i] for i in range(len(pictures))]

    def steps(self, image: Source, mask: Source,
              seed: Optional[int] = None,
              hint: Optional[Source] = None,
              not_from: Optional[Source] = None,
              only_from: Optional[Source] = None,
              plane: Optional[Sequence[Sequence[float]]] = None,
              said: Optional[Steer] = None) -> Steps:
        """Return what the method makes of a picture; see :class:`Steps`, and
        for what a person says :meth:`__call__`; ``said``, if that is read
        already.

        Raises:
            ValueError: If the two do not fit.
        """
        picture, hole = Picture.of(image), read_mask(mask)
        check_hole(hole, *picture.size)
        image, unknown = picture.texture(hole)
        said = said or steer(hole, hint, not_from, only_from, plane, picture)
        self.model.float()
        done = completed(self.model, [image], [unknown], [said], seed=seed,
                         overlap=False, keep_retrieval=True)
        return steps_of(picture.rgb, hole, done)


def inpaint(image: Source,
            mask: Source,
            config: Any = None,
            checkpoint: Optional[Union[str, Path]] = None,
            device: Optional[str] = None,
            seed: Optional[int] = None,
            model: Union[None, Inpainter, nn.Module] = None,
            overlap: Optional[bool] = None,
            trust: bool = False,
            feather: int = 0,
            hint: Optional[Source] = None,
            not_from: Optional[Source] = None,
            only_from: Optional[Source] = None,
            plane: Optional[Sequence[Sequence[float]]] = None) -> Result:
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
    return model(image, mask, feather, seed, overlap, hint=hint,
                 not_from=not_from, only_from=only_from, plane=plane)

import functools
import os
from pathlib import Path
from typing import Callable, Optional, Union

import mmcv
import numpy as np
from mmedit.apis.inferencers import inference_functions
from mmedit.apis.inferencers.inpainting_inferencer import InpaintingInferencer
from mmengine import fileio, mkdir_or_exist
from PIL import Image, ImageOps
from torch import Tensor, nn

from ...masks.reading import read_mask
from ..host import tensor2img
from ..predict import predict
from ..trained import TrainedInpaintor
from .rebind import rebind

Picture = Union[str, Path, np.ndarray, Image.Image]


def inference_skips_the_preprocessor() -> None:
    """mmedit 1.0.0rc7: ``inpainting_inference`` and ``InpaintingInferencer``
    skip the model's data preprocessor (they feed x / 255, where training feeds
    (x - 127.5) / 127.5), its channel order and its hole value, compose with a
    wrong mask, and stop at arrays and at sizes that the network cannot halve.

    For our models both go through ``predict``, as the test loop does; mmagic
    pull request 1833 mended it so after the rename. Others are left as they
    are.
    """

    @functools.wraps(inpainting_inference)
    def by_whose_it_is(model: nn.Module, masked_img: Picture,
                       mask: Picture) -> Tensor:
        is_ours = isinstance(model, TrainedInpaintor)
        return (inpainting_inference if is_ours else upstream)(
            model, masked_img, mask)

    upstream = rebind(
        inference_functions.inpainting_inference, to=by_whose_it_is)
    for name, ours in (('preprocess', preprocess), ('forward', forward),
                       ('visualize', visualize)):
        setattr(InpaintingInferencer, name,
                _for_our_models(getattr(InpaintingInferencer, name), ours))


def _for_our_models(upstream: Callable, ours: Callable) -> Callable:
    """Join two methods of an inferencer: by whose its model is."""

    @functools.wraps(upstream)
    def method(self, *args, **kwargs):
        is_ours = isinstance(self.model, TrainedInpaintor)
        return (ours if is_ours else upstream)(self, *args, **kwargs)

    return method


def inpainting_inference(model: nn.Module, masked_img: Picture,
                         mask: Picture) -> Tensor:
    """Fill the hole of a picture.

    Args:
        model (nn.Module): From ``init_model``.
        masked_img (str or Path or np.ndarray or PIL.Image): A file, BGR
            (H, W, 3) uint8, or a PIL image. What is in the hole is not seen.
        mask (str or Path or np.ndarray or PIL.Image): Of the same size; above
            half its range = hole.

    Returns:
        Tensor: BGR in [0, 1], (3, H, W), on the CPU: what ``predict`` gives
        over 255, and outside the hole the pixels that came. As ever,
        ``tensor2img(result)[..., ::-1]`` is the picture to be written.

    Raises:
        ValueError: If a picture cannot be read or the sizes differ.
        FileNotFoundError: If a file is not there.
    """
    return predict(model, **read(masked_img, mask))


def preprocess(self, img: Picture, mask: Picture) -> dict[str, np.ndarray]:
    """Read a picture and its mask; see :func:`inpainting_inference`."""
    return read(img, mask)


def forward(self, inputs: dict[str, np.ndarray]) -> Tensor:
    """Return what :func:`inpainting_inference` does, as a batch of one."""
    return predict(self.model, **inputs)[None]


def visualize(self,
              preds: Tensor,
              result_out_dir: Optional[str] = None) -> np.ndarray:
    """Return the picture, BGR (H, W, 3) uint8, written to the file
    ``result_out_dir`` if that is given."""
    result = tensor2img(preds[0])[..., ::-1]
    if result_out_dir:
        mkdir_or_exist(os.path.dirname(result_out_dir))
        mmcv.imwrite(result, result_out_dir)
    return result


def read(img: Picture, mask: Picture) -> dict[str, np.ndarray]:
    """``image``, BGR (H, W, 3) uint8, and ``hole``, (H, W) bool.

    Raises:
        ValueError: If one cannot be read or their sizes differ.
    """
    image = _decode(img, 'image', 'color', 'RGB')
    hole = _decode(mask, 'mask', 'grayscale', 'L')
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            f'the image is {image.dtype} of shape {image.shape}: expected '
            'uint8 of shape (H, W, 3), BGR.')
    hole = read_mask(hole[..., 0] if hole.ndim == 3 else hole)
    if image.shape[:2] != hole.shape:
        raise ValueError(
            f'the mask has {hole.shape[1]} x {hole.shape[0]} pixels, the '
            f'image {image.shape[1]} x {image.shape[0]}: give a mask of the '
            'same size.')
    return dict(image=image, hole=hole)


def _decode(picture: Picture, what: str, flag: str, mode: str) -> np.ndarray:
    """An array of MMEditing's channel order: files as its pipelines do."""
    if isinstance(picture, np.ndarray):
        return picture
    if isinstance(picture, Image.Image):
        array = np.array(ImageOps.exif_transpose(picture).convert(mode))
        return array[..., ::-1] if array.ndim == 3 else array
    content = fileio.get(str(picture))
    array = mmcv.imfrombytes(content, flag=flag) if content else None
    if array is None:
        raise ValueError(f'{what} {picture} cannot be decoded: give a picture '
                         'that opens elsewhere.')
    return array

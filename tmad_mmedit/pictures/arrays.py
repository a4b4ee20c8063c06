"""Arrays and tensors: what is a picture, and what is a mask."""
from typing import Union

import numpy as np
import torch
from torch import Tensor

ARRAYS = ('expected uint8, uint16 or a float in [0, 1], as array (H, W), '
          'grey, (H, W, 3), RGB, or (H, W, 4), RGBA, or as tensor (C, H, W) '
          'with C of 1, 3 or 4.')


def numpy_of(tensor: Tensor) -> np.ndarray:
    """(C, H, W) to (H, W, C), (H, W) as it is; small floats widened."""
    x = tensor.detach().cpu()
    if x.dtype in (torch.bfloat16, torch.float16):
        x = x.float()
    return np.moveaxis(x.numpy(), 0, -1) if x.ndim == 3 else x.numpy()


def array_of(source: Union[np.ndarray, Tensor]) -> np.ndarray:
    """A picture as (H, W) or (H, W, 3 or 4).

    Raises:
        ValueError: If it is no picture.
    """
    array = numpy_of(source) if isinstance(source, Tensor) else source
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    is_float = array.dtype.kind == 'f'
    if array.shape[2:] not in ((), (3, ), (4, )) or array.ndim < 2 or not (
            is_float or array.dtype in (np.uint8, np.uint16)):
        raise ValueError(f'the image is {source.dtype} of shape '
                         f'{tuple(source.shape)}: {ARRAYS}')
    if is_float and not (array.min(initial=0) >= 0 and
                         array.max(initial=0) <= 1):  # false for NaN
        raise ValueError(
            f'the image is {source.dtype} with values from {array.min():.4g} '
            f'to {array.max():.4g}: {ARRAYS}')
    return array

"""Arrays and tensors: what is a picture, and what is a mask. Tensors are told
by what they can do, as this room knows no torch."""
from typing import Any

import numpy as np

ARRAYS = ('expected uint8, uint16 or a float in [0, 1], as array (H, W), '
          'grey, (H, W, 3), RGB, or (H, W, 4), RGBA, or as tensor (C, H, W) '
          'with C of 1, 3 or 4.')
HALVES = 'torch.bfloat16', 'torch.float16'
ROUNDING = 1e-3  # of a float beyond its range; float16's, twice


def is_tensor(source: Any) -> bool:
    return hasattr(source, 'detach') and hasattr(source, 'new_tensor')


def numpy_of(tensor: Any) -> np.ndarray:
    """(C, H, W) to (H, W, C), (H, W) as it is; small floats widened."""
    x = tensor.detach().cpu()
    if str(x.dtype) in HALVES:
        x = x.float()
    return np.moveaxis(x.numpy(), 0, -1) if x.ndim == 3 else x.numpy()


def array_of(source: Any) -> np.ndarray:
    """Return a picture, an array or a tensor, as (H, W) or (H, W, 3 or 4).

    Floats may lie beyond [0, 1] by a rounding, and stay as they are.

    Raises:
        ValueError: If it is no picture.
    """
    array = numpy_of(source) if is_tensor(source) else source
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    is_float = array.dtype.kind == 'f'
    if array.shape[2:] not in ((), (3, ), (4, )) or array.ndim < 2 or not (
            is_float or array.dtype in (np.uint8, np.uint16)):
        raise ValueError(f'the image is {source.dtype} of shape '
                         f'{tuple(source.shape)}: {ARRAYS}')
    if is_float and not (array.min(initial=0) >= -ROUNDING and array.max(
            initial=0) <= 1 + ROUNDING):  # false for NaN
        raise ValueError(
            f'the image is {source.dtype} with values from '
            f'{array.min():.9g} to {array.max():.9g}: {ARRAYS}')
    return array

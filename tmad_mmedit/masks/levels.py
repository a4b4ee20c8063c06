"""How bright a mask is, by its own range."""
import numpy as np

GREY = 25, 230  # levels of 255: from the one to the other, neither black nor
# white
SHADES = 64  # of grey, more than a map has labels
SMALL = 64 * 64  # pixels: of fewer nothing can be told
ROUGH = 1.5  # levels, from which a mean second difference is no soft edge's


def full_range(values: np.ndarray) -> float:
    """What is white: 1, 255 or 65535, by the numbers' type and the largest of
    them."""
    most = values.max(initial=0)
    if values.dtype == bool or most <= 1 + 1e-3:
        return 1
    if values.dtype == np.uint16:
        return 65535
    return 255 if most <= 255 + 1e-3 else 65535


def eight_bits(values: np.ndarray) -> np.ndarray:
    """Bring numbers of any range to 0 to 255, cut as programs cut that write
    8 bits."""
    full = full_range(values)
    if full == 255 and values.dtype.kind in 'ui':
        return values
    x = np.asarray(values, np.float64) * (255 / full)
    return np.floor(x + 1e-3).clip(0, 255)


def nothing_bright(values: np.ndarray, threshold: float) -> str:
    """What to say of a mask that is not black, and has no hole."""
    full, most = full_range(values), values.max()
    part = 'half' if threshold == .5 else f'{threshold:g} parts'
    labels = np.unique(values[values > 0])
    one = f'{labels[0]:g}' if values.dtype.kind in 'bui' else ''
    ask = (f': a label map? Pass --mask-labels {one} (in Python '
           f'labels=[{one}]), or paint' if one else ': paint')
    return (f'no pixel of the mask is brighter than {part} of white; the '
            f'largest is {most:g} of {full:g}{ask} what is to be filled '
            'white.')


def check_no_photograph(values: np.ndarray) -> None:
    """Raises ValueError for levels, (H, W) in [0, 255], of which most are
    grey, in many shades, and not smooth. Of small masks nothing is said."""
    if values.size < SMALL:
        return
    counts = np.bincount(values.astype(np.uint8).ravel(), minlength=256)
    grey = counts[GREY[0]:GREY[1]]
    if 2 * grey.sum() <= values.size or (grey > 0).sum() <= SHADES:
        return
    bends = np.diff(values.astype(np.int16), 2)
    if np.abs(bends).mean() > ROUGH:
        raise ValueError(
            'the mask looks like a photograph: '
            f'{100 * grey.sum() // values.size} % of it are neither black '
            'nor white; give an image in which what is meant is white, and '
            'all else black.')

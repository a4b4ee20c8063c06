"""Inpainting without learning, from libraries.

Each takes an image, (H, W, 3) uint8, RGB, and its hole, (H, W) bool, and
gives an image of the same shape, of which only the hole counts.
"""
import importlib
from typing import Callable, NamedTuple

import cv2
import numpy as np

from .method import Method, Paint

CONTRIB = ('pip install opencv-contrib-python, of the version that '
           'opencv-python has')


class Baseline(NamedTuple):
    """A function, what it is told and says, and what it needs."""
    paint: Callable[..., np.ndarray]
    settings: dict
    module: str
    install: str


def telea(image: np.ndarray, hole: np.ndarray, radius: int) -> np.ndarray:
    return cv2.inpaint(image, np.uint8(hole), radius, cv2.INPAINT_TELEA)


def navier_stokes(image: np.ndarray, hole: np.ndarray,
                  radius: int) -> np.ndarray:
    return cv2.inpaint(image, np.uint8(hole), radius, cv2.INPAINT_NS)


def shift_map(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Statistics of patch offsets (He and Sun, 2012), in CIELab."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2Lab)
    cv2.setRNGSeed(0)
    out = np.zeros_like(lab)
    cv2.xphoto.inpaint(lab, np.uint8(~hole) * 255, out,
                       cv2.xphoto.INPAINT_SHIFTMAP)
    return cv2.cvtColor(out, cv2.COLOR_Lab2RGB)


def fsr(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Frequency selective reconstruction (Genser et al., 2018), fast."""
    out = np.zeros_like(image)
    cv2.xphoto.inpaint(image, np.uint8(~hole) * 255, out,
                       cv2.xphoto.INPAINT_FSR_FAST)
    return out


def biharmonic(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    from skimage.restoration import inpaint_biharmonic
    out = inpaint_biharmonic(image, hole, channel_axis=-1)
    return (out.clip(0, 1) * 255).round().astype(np.uint8)


def patch_match(image: np.ndarray, hole: np.ndarray, radius: int,
                seed: int) -> np.ndarray:
    import patchmatch
    patchmatch.set_random_seed(seed)
    return patchmatch.inpaint(np.ascontiguousarray(image), hole,
                              patch_size=radius)


BASELINES: dict[str, Baseline] = {
    'telea': Baseline(telea, dict(radius=3), 'cv2', ''),
    'ns': Baseline(navier_stokes, dict(radius=3), 'cv2', ''),
    'shift-map': Baseline(shift_map, {}, 'cv2.xphoto', CONTRIB),
    'fsr': Baseline(fsr, {}, 'cv2.xphoto', CONTRIB),
    'biharmonic': Baseline(biharmonic, {}, 'skimage',
                           'pip install scikit-image'),
    'patchmatch': Baseline(patch_match, dict(radius=3, seed=0), 'patchmatch',
                           'pip install pypatchmatch')
}


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

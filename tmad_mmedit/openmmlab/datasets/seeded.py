
import numpy as np
from mmcv.transforms import BaseTransform, Compose
from mmengine.registry import TRANSFORMS

from ..host import TRANSFORMS as HOST_TRANSFORMS


@TRANSFORMS.register_module()
class Seeded(BaseTransform):
    """Run transforms with a random state that belongs to the image.

    Around ``LoadMask`` this gives each validation image its own fixed mask,
    from any of MMEditing's generators, the same at each run and on each
    machine. MMEditing draws its masks from NumPy's global state, which is put
    back afterwards.

    >>> Seeded([dict(type='GetMaskedImage')], seed=3).seed
    3

    Args:
        transforms (list[dict]): What is to be the same at each run.
        seed (int): Another seed, another set of masks. Defaults to 0.
    """

    def __init__(self, transforms: list[dict], seed: int = 0) -> None:
        self.transforms = Compose(
            [HOST_TRANSFORMS.build(transform) for transform in transforms])
        self.seed = seed

    def transform(self, results: dict) -> dict:
        """Transform, seeded by ``seed`` and ``results['sample_idx']``."""
        state = np.random.get_state()
        np.random.seed([self.seed, results['sample_idx']])
        try:
            return self.transforms(results)
        finally:
            np.random.set_state(state)

    def __repr__(self) -> str:
        return f'Seeded({self.transforms}, seed={self.seed})'

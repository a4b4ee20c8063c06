from mmengine.registry import METRICS
from torch import Tensor

from ..host import (
    BaseSampleWiseMetric,
)


@METRICS.register_module()
class HoleSSIM(BaseSampleWiseMetric):
    """The map of SSIM, with MMEditing's window, averaged over the hole.

    The map is scikit-image's. MMEditing's ``SSIM`` gives the mean over the
    image only, without the 5 pixels at its border; inside of them both agree.

    >>> HoleSSIM().metric
    'HoleSSIM'

    Args:
        mask_key (str): Defaults to 'mask'.
        **kwargs: Of :class:`BaseSampleWiseMetric`.

    Raises:
        ImportError: If scikit-image is missing.
    """

    metric = 'HoleSSIM'

    def __init__(self, mask_key: str = 'mask', **kwargs) -> None:
        super().__init__(mask_key=mask_key, **kwargs)
        try:
            from skimage.metrics import structural_similarity
        except ImportError:
            raise ImportError('HoleSSIM needs scikit-image: pip install '
                              'scikit-image.') from None
        self._similarity = structural_similarity

    def process_image(self, gt: Tensor, pred: Tensor, mask: Tensor) -> float:
        """Of an image, (C, H, W) in [0, 255], 11 x 11 pixels or more;
        ``mask``, (1, H, W), has a hole."""
        _, ssim = self._similarity(
            gt.double().numpy(), pred.double().numpy(), full=True,
            channel_axis=0, data_range=255, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False)
        return ssim[:, mask[0].numpy() > 0].mean().item()

from collections.abc import Sequence
from pathlib import Path
from typing import Union

import numpy as np
import torch
from mmengine.registry import METRICS
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ..host import FrechetInceptionDistance, GenMetric
from .streamed import Streamed


@METRICS.register_module()
class InpaintingFID(Streamed, FrechetInceptionDistance):
    """MMEditing's FID of an inpaintor's outputs against their true images,
    with Inception weights from a file.

    MMEditing's own draws samples from a generator and has true images of a
    data set of its own; it downloads the weights; and it keeps the features
    of each image, where two moments are enough.

    Args:
        inception_path (str or Path): StyleGAN's ``inception-2015-12-05.pt``,
            a TorchScript file.
        pred_key (str): Defaults to 'pred_img'.
        **kwargs: ``collect_device`` and ``prefix``.

    Raises:
        FileNotFoundError: If it is not there.
    """

    SAMPLER_MODE = 'normal'

    def __init__(self, inception_path: Union[str, Path],
                 pred_key: str = 'pred_img', **kwargs) -> None:
        if not Path(inception_path).is_file():
            raise FileNotFoundError(
                f'Inception weights {inception_path} are not there: give the '
                'file inception-2015-12-05.pt of StyleGAN.')
        super().__init__(-1, inception_path=str(inception_path), **kwargs)
        self.pred_key = pred_key
        # the test loop gives metrics with this attribute a pass of their own
        del self.need_cond_input
        self.reset()

    def prepare(self, module: nn.Module, dataloader: DataLoader) -> None:
        """Nothing is computed in advance."""
        super().prepare(module, dataloader)
        self.device = module.data_preprocessor.device
        self.inception.to(self.device)

    def get_metric_sampler(self, *args) -> DataLoader:
        return GenMetric.get_metric_sampler(self, *args)

    @torch.no_grad()
    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Features of predictions and true images, (3, H, W), BGR in [0, 255].
        """
        positions = self.positions(len(data_samples))
        for position, sample in zip(positions, data_samples):
            if position >= self.size:
                continue
            for moments, image in (
                    (self.fake, sample['output'][self.pred_key]),
                    (self.real, sample['gt_img'])):
                moments.add(self.forward_inception(
                    image[None].float().round())[0])

    def kept(self) -> tuple['Moments', 'Moments']:
        return self.fake, self.real

    def merged(self, parts: list[tuple['Moments', 'Moments']]) -> dict:
        """``fid``, and its parts ``mean`` and ``cov``."""
        (mean, cov), (real_mean, real_cov) = (
            Moments.of_all(x).mean_and_cov() for x in zip(*parts))
        return dict(zip(('fid', 'mean', 'cov'), self._calc_fid(
            mean, cov, real_mean, real_cov)))

    def reset(self) -> None:
        self.fake, self.real = Moments(), Moments()


class Moments:
    """Mean and covariance of a stream of D numbers, in double precision."""

    def __init__(self) -> None:
        self.count, self.sum, self.products = 0, 0., 0.

    def add(self, x: Tensor) -> None:
        """(D, )"""
        x = x.double().cpu()
        if not self.count:
            self.sum = torch.zeros_like(x)
            self.products = torch.zeros(len(x), len(x)).to(x)
        self.count += 1
        self.sum += x
        self.products.addr_(x, x)

    @classmethod
    def of_all(cls, parts: Sequence['Moments']) -> 'Moments':
        """Of the parts' streams, one after the other."""
        whole = cls()
        for part in parts:
            whole.count += part.count
            whole.sum = whole.sum + part.sum
            whole.products = whole.products + part.products
        return whole

    def mean_and_cov(self) -> tuple[np.ndarray, np.ndarray]:
        """(D, ), (D, D); the covariance is the unbiased one."""
        mean = self.sum / self.count
        cov = (self.products - self.count * mean.outer(mean)) / (
            self.count - 1)
        return mean.numpy(), cov.numpy()

from pathlib import Path
from typing import Sequence, Union

import numpy as np
import torch
from mmedit.evaluation import FrechetInceptionDistance
from mmedit.evaluation.metrics.base_gen_metric import GenMetric
from mmedit.registry import METRICS
from torch import nn
from torch.utils.data import DataLoader


@METRICS.register_module()
class InpaintingFID(FrechetInceptionDistance):
    """MMEditing's FID of an inpaintor's outputs against their true images,
    with Inception weights from a file.

    MMEditing's own draws samples from a generator and has true images of a
    data set of its own; and it downloads the weights.

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

    def prepare(self, module: nn.Module, dataloader: DataLoader) -> None:
        """Nothing is computed in advance; only the device is chosen."""
        self.device = module.data_preprocessor.device
        self.inception.to(self.device)

    def get_metric_sampler(self, *args) -> DataLoader:
        return GenMetric.get_metric_sampler(self, *args)

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Features of predictions and true images, (3, H, W), BGR in [0, 255].
        """
        with torch.no_grad():
            for sample in data_samples:
                pred = sample['output'][self.pred_key]
                for results, image in ((self.fake_results, pred),
                                       (self.real_results, sample['gt_img'])):
                    results.append(self.forward_inception(
                        image[None].float().round()).cpu())

    def evaluate(self) -> dict:
        """``FID``, and its parts ``mean`` and ``cov``."""
        return GenMetric.evaluate(self)

    def compute_metrics(self, results_fake: list, results_real: list) -> dict:
        """From the features, one tensor an image."""
        real = torch.cat(list(results_real)).numpy()
        self.real_mean = real.mean(0)
        self.real_cov = np.cov(real, rowvar=False)
        return super().compute_metrics(list(results_fake))

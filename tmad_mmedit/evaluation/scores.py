"""From predictions to numbers."""
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

import numpy as np
import torch
from mmedit.evaluation.metrics.base_gen_metric import GenMetric
from mmedit.evaluation.metrics.base_sample_wise_metric import \
    BaseSampleWiseMetric
from mmedit.registry import METRICS
from torch import Tensor

from .samples import Sample
from .statistics import Values


class Scores(NamedTuple):
    """What a method reached; all keys are (metric, region).

    Attributes:
        each (dict): :class:`Values` of metrics that every picture has.
        of_set (dict): Of metrics that only a set has, their value by group.
    """
    each: Dict[tuple, Values]
    of_set: Dict[tuple, Dict[str, float]]


class Scorer:
    """MMEditing's metrics, and ours, over whole images and holes.

    Args:
        samples (Sequence[Sample]): The true images.
        groups (dict): Positions of the samples of each group.
        inception (str, optional): Inception's weights, for FID.
        lpips (str): LPIPS's backbone. Defaults to 'alex'.

    Attributes:
        remarks (list[str]): Which metrics cannot be had, and why.
    """

    def __init__(self, samples: Sequence[Sample],
                 groups: Dict[str, Sequence[int]],
                 inception: Optional[str] = None, lpips: str = 'alex') -> None:
        self.samples = samples
        self.groups = {name: set(which) for name, which in groups.items()}
        self.remarks: List[str] = []
        self.each = {
            ('l1 %', 'whole'): dict(type='MAE', scaling=100),
            ('l1 %', 'hole'): dict(type='MAE', scaling=100, mask_key='mask'),
            ('PSNR', 'whole'): dict(type='PSNR'),
            ('PSNR', 'hole'): dict(type='HolePSNR'),
            ('SSIM', 'whole'): dict(type='SSIM'),
            ('SSIM', 'hole'): dict(type='HoleSSIM'),
            ('TV', 'whole'): dict(type='TotalVariation'),
            ('TV', 'hole'): dict(type='TotalVariation', mask_key='mask'),
            ('LPIPS', 'whole'): dict(type='LPIPS', net=lpips),
            ('LPIPS', 'hole'): dict(type='LPIPS', net=lpips, mask_key='mask')
        }
        shapes = {sample.hole.shape for sample in samples}
        shape = (3, *next(iter(shapes)))
        self.of_set = {
            ('SWD', 'whole'): dict(type='InpaintingSWD', image_shape=shape),
            ('SWD', 'hole'): dict(type='InpaintingSWD', mask_key='mask'),
            ('FID', 'whole'): dict(
                type='InpaintingFID', inception_path=inception)
        }
        if len(shapes) > 1:
            del self.of_set['SWD', 'whole']
            self.remarks.append('SWD of whole images: they have more than '
                                'one size.')
        if min(min(shape) for shape in shapes) < 32:
            del self.of_set['SWD', 'hole']
            self.remarks.append('SWD in the hole: images are smaller than a '
                                'cell of 32 x 32.')
        if inception is None:
            del self.of_set['FID', 'whole']
            self.remarks.append('FID: no Inception weights were given.')
        for metrics in (self.each, self.of_set):
            for name, config in list(metrics.items()):
                config['prefix'] = name[1]  # without one, mmengine warns
                try:
                    METRICS.build(config)
                except (FileNotFoundError, ImportError, ValueError) as error:
                    if name[0] == 'FID':
                        raise
                    self.remarks.append(f'{name[0]}: {error}')
                    del metrics[name]
        self.remarks = list(dict.fromkeys(self.remarks))

    def __call__(self, predictions: Iterable[np.ndarray]) -> Scores:
        """Score (H, W, 3) uint8, RGB, in the order of the samples."""
        each = {name: METRICS.build(x) for name, x in self.each.items()}
        of_set = {name: {group: METRICS.build(x) for group in self.groups}
                  for name, x in self.of_set.items()}
        for i, prediction in enumerate(predictions):
            data = [data_sample(self.samples[i], prediction)]
            for metric in each.values():
                metric.process(None, data)
            for by_group in of_set.values():
                for group, metric in by_group.items():
                    if i in self.groups[group]:
                        metric.process(None, data)
        return Scores(
            {name: x for key, metric in each.items()
             for name, x in values_of(key, metric).items()},
            {name: {group: value_of_set(metric)
                    for group, metric in by_group.items()}
             for name, by_group in of_set.items()})


def values_of(name: tuple, metric: BaseSampleWiseMetric
              ) -> Dict[tuple, Values]:
    """What a metric found for each picture; of TV the ratio, too."""
    results = [x[metric.metric] for x in metric.results]
    if name[0] != 'TV':
        return {name: Values(
            np.array([float(x) for x in results]) * metric.scaling)}
    pred, gt = (np.array([x[which] for x in results])
                for which in ('pred', 'gt'))
    return {name: Values(pred), ('TV ratio', name[1]): Values(pred, gt)}


def value_of_set(metric: GenMetric) -> float:
    """The mean over resolutions for SWD, ``fid`` for FID."""
    return float(next(
        value for name, value in metric.evaluate().items()
        if name.split('/')[-1] in ('avg', 'fid')))


def data_sample(sample: Sample, prediction: np.ndarray) -> dict:
    """As the test loop hands it to metrics: BGR, in [0, 255]."""

    def tensor(image: np.ndarray) -> Tensor:
        return torch.from_numpy(
            image[..., ::-1].transpose(2, 0, 1).astype(np.float32))

    return dict(
        gt_img=tensor(sample.image),
        mask=torch.from_numpy(sample.hole[None].astype(np.float32)),
        output=dict(pred_img=tensor(prediction)))

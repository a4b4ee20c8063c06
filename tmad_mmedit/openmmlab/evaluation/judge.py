"""The judge of pictures of real size: each method paints them, and each hole
is judged in what is around it, a picture at a time."""
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np

from ...files.atomic import write_text
from ...files.progress import tracked
from ..features import EfficientNetLite, perceptual_distance
from . import views
from .cache import Painter
from .evaluate import versions
from .judge_report import write_judgement
from .kinds import groups_of
from .method import Method, digest_of
from .samples import Sample, read_rgb, read_samples
from .statistics import Estimate, Values, estimate

METHODS = ('patchmatch', 'telea', 'tmad')  # where none is named
METRICS = ('perceptual', 'psnr', 'tv', 'coherence')


def judge(images: Union[str, Path],
          masks: Union[str, Path],
          out: Union[str, Path],
          methods: Sequence[Method],
          kinds: Sequence[str] = (),
          most: Optional[int] = None,
          every: int = 10,
          blind: bool = False) -> dict:
    """Paint, judge, and write what is to be read into ``out``.

    What is painted or judged already is kept: a run that was stopped goes on.

    Args:
        images (str or Path): A folder of photographs.
        masks (str or Path): A folder of masks of their names and sizes, or a
            set of `tmad masks`.
        out (str or Path): A folder.
        methods (Sequence[Method]): The first that is there is what the others
            are compared with.
        kinds (Sequence[str]): ``FILE:COLUMN``, see :func:`groups_of`.
        most (int, optional): See :func:`read_samples`.
        every (int): A contact sheet shows every so many-th picture.
        blind (bool): Whether there is a sheet without names, too.

    Returns:
        dict: What ``judged.json`` holds.

    Raises:
        ValueError: If images, masks, predictions or kinds do not fit, or no
            method is there.
        FileNotFoundError: If something is not there.
        ImportError: Without the network of the perceptual distance.
    """
    if every < 1:
        raise ValueError(f'every {every}-th picture is none: give 1 or more.')
    out, there = Path(out), [x for x in methods if not x.missing]
    rows = [row for method in there for row in method.rows]
    if len(rows) > len(set(rows)):
        twice = next(row for row in rows if rows.count(row) > 1)
        raise ValueError(f'two methods are called {twice}: give another name.')
    if not rows:
        raise ValueError('no method is there: ' + (
            ' '.join(x.missing for x in methods) or 'name one.'))
    features = EfficientNetLite(2)
    samples = read_samples(images, masks, most=most)
    groups = groups_of(samples.names, kinds)
    for method in there:
        method.check(samples)
    painters = [Painter(x, samples, out / 'predictions') for x in there]
    (out / 'scores').mkdir(parents=True, exist_ok=True)
    each: dict[str, list[dict[str, float]]] = {row: [] for row in rows}
    for i in tracked(range(len(samples)), 'painting and judging'):
        sample = samples[i]
        for painter in painters:
            if not painter.is_there(i):
                painter.write(i, sample)
        files = [file for painter in painters for file in painter.files[i]]
        scores = kept_scores(sample, samples.digests[i], dict(
            zip(rows, files)), out / 'scores' / f'{sample.name}.json',
            features)
        for row in rows:
            each[row].append(scores[row])
    found = dict(
        settings=dict(images=str(images), masks=str(masks), most=most,
                      kinds=list(kinds)),
        versions=versions(),
        remarks=[x.missing for x in methods if x.missing],
        methods={row: dict(remark=x.remark, settings=x.settings)
                 for x in there for row in x.rows},
        samples=[dict(name=name, hole=area) for name, area in zip(
            samples.names, samples.areas)],
        summary={group: dict(count=len(which), rows=compared(each, which))
                 for group, which in groups.items()},
        each=each)
    write_judgement(found, samples, out, every, blind)
    return found


def kept_scores(sample: Sample, digest: str, files: dict[str, Path],
                path: Path, features: EfficientNetLite
                ) -> dict[str, dict[str, float]]:
    """Judge what has not been judged yet, and keep the scores in ``path``.

    Args:
        sample (Sample): The photograph and its hole.
        digest (str): Of both.
        files (dict): Of each method, what it painted.
        path (Path): Of the scores.
        features (EfficientNetLite): Of the perceptual distance.

    Returns:
        dict: Of each method, and perhaps of others, see :func:`views.judged`.
    """
    code = digest_of(views.__file__,
                     perceptual_distance.__code__.co_filename)
    keys = {row: f'{code} {digest} {digest_of(file)}'
            for row, file in files.items()}
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        kept = {}
    todo = [row for row, key in keys.items()
            if kept.get(row, {}).get('key') != key]
    if todo:
        scores = views.judged(sample.image, sample.hole,
                              [read_rgb(files[row]) for row in todo], features)
        kept.update({row: dict(key=keys[row], scores=score)
                     for row, score in zip(todo, scores)})
        write_text(path, json.dumps(kept, indent=1) + '\n')
    return {row: kept[row]['scores'] for row in files}


def compared(each: dict[str, list[dict[str, float]]], which: Sequence[int]
             ) -> dict[str, dict[str, Estimate]]:
    """Means over some pictures, and beside the first row.

    Args:
        each (dict): Of each row, the scores of all pictures.
        which (Sequence[int]): The positions of those that count.

    Returns:
        dict: Of each row the mean of each metric; of all but the first
        ``perceptual ratio`` and ``coherence ratio`` (of the means), ``psnr
        difference``, and ``nearer``, in which part of the pictures its
        perceptual distance is the smaller one. Coherence is of those pictures
        only that have known patches.
    """
    values = {row: {metric: np.array([x[metric] for x in scores], float)
                    for metric in METRICS} for row, scores in each.items()}
    first = next(iter(values.values()))
    whole = [i for i in which if np.isfinite(first['coherence'][i])]
    found: dict[str, dict[str, Estimate]] = {}
    for row, own in values.items():
        found[row] = means = {
            metric: estimate(Values(own[metric]), which)
            for metric in METRICS[:-1]}
        if whole:
            means['coherence'] = estimate(Values(own['coherence']), whole)
        if own is first:
            continue
        means['perceptual ratio'] = estimate(
            Values(own['perceptual'], first['perceptual']), which)
        means['psnr difference'] = estimate(
            Values(own['psnr']), which, reference=Values(first['psnr']))
        means['nearer'] = estimate(Values(
            (own['perceptual'] < first['perceptual']).astype(float)), which)
        if whole:
            means['coherence ratio'] = estimate(
                Values(own['coherence'], first['coherence']), whole)
    return found

"""Where people would rather look."""
from pathlib import Path
from typing import Dict, List, Sequence

import numpy as np
from PIL import Image, ImageDraw

from .samples import Sample

EACH = 2  # best, median and worst pictures of a contact sheet
CAPTION = 14  # pixels


def contact_sheet(samples: Sequence[Sample],
                  predictions: Dict[str, List[np.ndarray]],
                  each: Dict[str, Dict[str, list]], path: Path) -> None:
    """The best, median and worst pictures side by side: masked, each method's
    with its PSNR in the hole, and the photograph. What is best is the mean
    over the methods of that PSNR."""
    psnr = {row: each[row]['PSNR hole'] for row in predictions}
    order = np.argsort(-np.mean(list(psnr.values()), 0), kind='stable')
    middle = max((len(order) - EACH) // 2, 0)
    chosen = np.concatenate(
        [order[:EACH], order[middle:middle + EACH], order[-EACH:]])
    lines = []
    for i in dict.fromkeys(chosen.tolist()):
        name, image, hole = samples[i]
        masked = np.where(hole[..., None], np.uint8(255), image)
        tiles = [captioned(masked, f'{name}, {100 * hole.mean():.0f} % hole')]
        tiles += [captioned(pictures[i], f'{row}: {psnr[row][i]:.1f} dB')
                  for row, pictures in predictions.items()]
        tiles += [captioned(image, 'photograph')]
        lines.append(np.concatenate(tiles, 1))
    width = max(line.shape[1] for line in lines)
    Image.fromarray(np.concatenate([
        np.pad(line, [(0, 4), (0, width - line.shape[1]), (0, 0)],
               constant_values=255) for line in lines])).save(path)


def captioned(image: np.ndarray, text: str) -> np.ndarray:
    """With a line of text below and a white margin."""
    image = np.pad(image, [(0, CAPTION), (0, 4), (0, 0)], constant_values=255)
    picture = Image.fromarray(image)
    ImageDraw.Draw(picture).text(
        (0, image.shape[0] - CAPTION), text, fill=(0, 0, 0))
    return np.array(picture)


def curves_by_area(summary: dict, rows: Sequence[str], metric: str,
                   path: Path) -> None:
    """A metric against the hole's area, with intervals where there are."""
    from matplotlib.figure import Figure
    figure = Figure(figsize=(7, 4.5), layout='constrained')
    axes = figure.subplots()
    bins = [x for group, x in summary.items() if group != 'all']
    for row in rows:
        points = [(x['hole'], *x['means'][row][metric]) for x in bins
                  if metric in x['means'][row]]
        if points:
            area, value, low, high = (
                np.array(x, float) for x in zip(*points))
            axes.errorbar(area, value, [value - low, high - value],
                          marker='o', capsize=2, label=row)
    axes.set_xlabel('hole, % of the picture')
    axes.set_ylabel(metric)
    if axes.has_data():
        axes.legend(fontsize='small')
    figure.savefig(path, dpi=110)

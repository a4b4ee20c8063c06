"""Where people would rather look."""
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from .samples import Samples, read_rgb

EACH = 2  # best, median and worst pictures of a contact sheet
CAPTION = 14  # pixels


def contact_sheet(samples: Samples, psnr: dict[str, Sequence[float]],
                  predictions: Path, path: Path) -> None:
    """The best, median and worst pictures side by side: masked, each method's
    with its PSNR in the hole, and the photograph. What is best is the mean
    over the methods of that PSNR.

    Args:
        samples (Samples): All of them.
        psnr (dict): Of each row, for each sample.
        predictions (Path): The folder with a folder of pictures of each row.
        path (Path): What to write.
    """
    order = np.argsort(-np.mean(list(psnr.values()), 0), kind='stable')
    middle = max((len(order) - EACH) // 2, 0)
    chosen = np.concatenate(
        [order[:EACH], order[middle:middle + EACH], order[-EACH:]])
    lines = []
    for i in dict.fromkeys(chosen.tolist()):
        sample = samples[i]
        tiles = [(sample.masked,
                  f'{sample.name}, {100 * sample.hole.mean():.0f} % hole')]
        tiles += [(read_rgb(predictions / row / f'{sample.name}.png'),
                   f'{row}: {values[i]:.1f} dB')
                  for row, values in psnr.items()]
        tiles += [(sample.image, 'photograph')]
        lines.append(np.concatenate([captioned(*x) for x in tiles], 1))
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
            interval = np.stack([value - low, high - value]).tolist()
            axes.errorbar(area, value, interval, marker='o', capsize=2,
                          label=row)
    axes.set_xlabel('hole, % of the picture')
    axes.set_ylabel(metric)
    if axes.has_data():
        axes.legend(fontsize='small')
    figure.savefig(path, dpi=110)

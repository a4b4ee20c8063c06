"""A training's losses and validation metrics, from its log."""
import json
from pathlib import Path
from typing import Union

NO_CURVES = ('iter', 'epoch', 'step', 'time', 'data_time', 'memory')
MARKED = 30  # points of a curve, up to which each has a mark
Curves = dict[str, list[tuple[int, float]]]


def read_curves(work_dir: Union[str, Path]) -> Curves:
    """Iterations and values of all that MMEngine wrote into ``vis_data``.

    A resumed run goes on where the one before it was interrupted: what that
    one had beyond is left out.

    Raises:
        ValueError: If a line cannot be read.
        FileNotFoundError: If there is no log.
    """
    files = sorted(Path(work_dir).glob('**/vis_data/scalars.json'))
    if not files:
        raise FileNotFoundError(
            f'no */vis_data/scalars.json in {work_dir}: give the work dir of '
            'a training.')
    curves: Curves = {}
    for file in files:
        iteration = first = None
        for number, line in enumerate(file.read_text().splitlines(), 1):
            try:
                scalars = json.loads(line)
            except ValueError:
                raise ValueError(f'line {number} of {file} is no JSON: the '
                                 'log was cut; remove the line.') from None
            # of a validation the log gives no iteration
            iteration = scalars.get('iter', iteration)
            if first is None and iteration is not None:
                first = iteration
                for name, curve in curves.items():
                    curves[name] = [x for x in curve if x[0] < first]
            for name, value in scalars.items():
                if name not in NO_CURVES:
                    curves.setdefault(name, []).append(
                        (iteration or 0, float(value)))
    return curves


def draw_curves(curves: Curves, path: Union[str, Path]) -> None:
    """A panel for each loss and metric, with those of the coarse result in
    that of the result."""
    from matplotlib.figure import Figure
    names = [name for name in curves if not name.startswith('coarse/')]
    across = min(len(names), 4)
    down = -(-len(names) // across)
    figure = Figure(figsize=(3.6 * across, 2.6 * down), layout='constrained')
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for axes, name in zip(panels, names):
        for line in (name, f'coarse/{name}'):
            if line in curves:
                axes.plot(*zip(*curves[line]), label=line,
                          marker='.' if len(curves[line]) < MARKED else '')
        if f'coarse/{name}' in curves:
            axes.legend(fontsize='x-small')
        axes.set_title(name, fontsize='small')
    for axes in panels[len(names):]:
        axes.set_axis_off()
    figure.savefig(path, dpi=110)

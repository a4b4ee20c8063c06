"""What a training shows of itself meanwhile: metrics and pictures."""
import json
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DATASETS
from PIL import Image
from torch.utils.data import DataLoader

from tmad_mmedit.files.atomic import replacing, write_text
from tmad_mmedit.openmmlab.host import METRICS


class Validation:
    """The config's metrics on the same photographs and holes each time.

    Args:
        cfg (Config): Of the validation's data and metrics.
        count (int): Photographs, evenly spaced in the folder's order.
    """

    SHOWN = 10

    def __init__(self, cfg: Config, count: int) -> None:
        dataset = cfg.val_dataloader.dataset
        total = len(DATASETS.build(dataset))
        count = min(count, total)
        self.loader = DataLoader(
            DATASETS.build(dict(**dataset, indices=[
                i * total // count for i in range(count)])),
            collate_fn=pseudo_collate)
        self.metrics = [METRICS.build(x) for x in cfg.val_evaluator]

    @torch.no_grad()
    def __call__(self, model: torch.nn.Module, sheet: Path) -> dict:
        """The metrics by name; into ``sheet``, a PNG: a row a photograph, of
        input, coarse result, result, truth."""
        rows, count, found = [], len(self.loader), {}
        shown = {i * count // self.SHOWN for i in range(self.SHOWN)}
        for metric in self.metrics:
            metric.prepare(model, self.loader)
        for i, data in enumerate(self.loader):
            sample, = model.val_step(data)
            for metric in self.metrics:
                metric.process(data, [sample.to_dict()])
            if i in shown:
                rows.append(row_of(sample))
        with replacing(sheet) as part:
            Image.fromarray(np.concatenate(rows)).save(part)
        for metric in self.metrics:
            found.update(metric.evaluate())
        return {name: round(float(x), 4) for name, x in found.items()}


def row_of(sample) -> np.ndarray:
    made = sample.output
    tiles = (sample.input, made.coarse_img, made.pred_img, sample.gt_img)
    return torch.cat([tile.flip(0) for tile in tiles], 2).clamp(
        0, 255).round().byte().permute(1, 2, 0).cpu().numpy()


class Log:
    """Lines of JSON, as `tmad curves` reads them; those beyond the iteration
    that is gone on from are left out."""

    def __init__(self, path: Path, iteration: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.is_file() else []
        write_text(path, ''.join(
            f'{line}\n' for line in lines
            if line.endswith('}') and json.loads(line)['iter'] <= iteration))
        self.file = open(path, 'a', buffering=1)

    def __call__(self, **values) -> None:
        self.file.write(json.dumps(values) + '\n')

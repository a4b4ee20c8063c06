"""What a judge leaves to be read: tables, numbers, contact sheets."""
import json
from pathlib import Path

from ...files.atomic import write_text
from .report import csv_of, finite, table
from .samples import Samples
from .sheets import blind_sheets, contact_sheets

MEANS = dict(perceptual='perceptual', psnr='PSNR', tv='TV ratio',
             coherence='coherence')
BESIDE = {'perceptual ratio': 'perceptual, of {}', 'psnr difference':
          'PSNR less {}', 'coherence ratio': 'coherence, of {}',
          'nearer': 'nearer than {}'}


def write_judgement(found: dict, samples: Samples, out: Path, every: int,
                    blind: bool) -> None:
    """Write ``judged.json``, ``judged.md``, ``judged.csv``, contact sheets,
    and, if wanted, blind ones with their key."""
    for name, text in (
            ('judged.json', json.dumps(finite(found), indent=1) + '\n'),
            ('judged.csv', each_csv(found)),
            ('judged.md', markdown(found))):
        write_text(out / name, text)
    rows = list(found['methods'])
    contact_sheets(samples, rows, out, every)
    if blind:
        blind_sheets(samples, rows, out, every)


def markdown(found: dict) -> str:
    """Everything, for people."""
    rows = list(found['methods'])
    text = [f'# {len(found["samples"])} pictures\n',
            f'Images: `{found["settings"]["images"]}`, masks: '
            f'`{found["settings"]["masks"]}`. Judged in what is around each '
            'hole; 95 % intervals.\n']
    text += [f'- {row}: {x["remark"]}' for row, x in found['methods'].items()
             if x['remark']]
    text += [f'- {remark}' for remark in found['remarks']]
    text += ['', '## Means\n', means_table(found), '']
    for row in rows[1:]:
        text += [f'## {row} beside {rows[0]}\n', beside(found, row), '']
    return '\n'.join(text)


def means_table(found: dict) -> str:
    """Of all pictures, one line a method."""
    return table(
        {row: {name: means.get(key) for key, name in MEANS.items()}
         for row, means in found['summary']['all']['rows'].items()},
        list(MEANS.values()), intervals=True)


def beside(found: dict, row: str) -> str:
    """A method beside the first one, one line a kind of pictures."""
    first = next(iter(found['methods']))
    columns = {key: name.format(first) for key, name in BESIDE.items()}
    lines = {f'{group} ({x["count"]})': {
        name: x['rows'][row].get(key) for key, name in columns.items()}
        for group, x in found['summary'].items()}
    return table(lines, list(columns.values()), intervals=True)


def each_csv(found: dict) -> str:
    """One line a picture and method."""
    return csv_of(
        ['picture', 'hole', 'method', *MEANS],
        ([sample['name'], sample['hole'], row, *(
            scores[i][metric] for metric in MEANS)]
         for row, scores in found['each'].items()
         for i, sample in enumerate(found['samples'])))

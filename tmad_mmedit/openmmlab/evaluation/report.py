"""What is read: tables, numbers for other programs, pictures."""
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import numpy as np
from tabulate import tabulate

from ...files.atomic import replacing, write_text
from .figures import contact_sheet, curves_by_area
from .samples import Samples

# The paper's columns (Tables III, V-VII), and the regions their figures can
# only be of: l1 and PSNR of the hole, SSIM of the whole image
PAPER = ('l1 % hole', 'PSNR hole', 'SSIM whole', 'TV whole', 'FID whole')
MORE = ('perceptual hole', 'TV ratio hole', 'SWD hole')
METRICS = ('l1 %', 'PSNR', 'SSIM', 'TV', 'TV ratio', 'perceptual', 'LPIPS',
           'SWD', 'FID')


def write_report(results: dict, samples: Samples,
                 out: Path) -> None:
    """Write ``results.json``, ``table.csv``, ``each.csv``, ``table.md``, and,
    if there is any method, ``contact_sheet.png`` and a plot by hole area for
    PSNR and SWD."""
    for name, text in (
            ('results.json', json.dumps(finite(results), indent=1) + '\n'),
            ('table.csv', summary_csv(results['summary'])),
            ('each.csv', each_csv(results)),
            ('table.md', markdown(results))):
        write_text(out / name, text)
    psnr = {row: values['PSNR hole'] for row, values in results['each'].items()
            if row in results['methods']}
    if psnr:
        with replacing(out / 'contact_sheet.png') as part:
            contact_sheet(samples, psnr, out / 'predictions', part)
        for metric in ('PSNR hole', 'SWD hole'):
            name = metric.split()[0].lower()
            with replacing(out / f'{name}_by_area.png') as part:
                curves_by_area(results['summary'], list(psnr), metric, part)


def finite(x):
    """JSON has no infinity: null."""
    if isinstance(x, dict):
        return {key: finite(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [finite(value) for value in x]
    return None if isinstance(x, float) and not np.isfinite(x) else x


def markdown(results: dict) -> str:
    """Everything, for people."""
    summary, methods = results['summary'], results['methods']
    everything = summary['all']
    text = [f'# {everything["count"]} pictures, '
            f'{everything["hole"]:.1f} % hole\n']
    text += [f'Images: `{results["settings"]["images"]}`, masks: '
             f'`{results["settings"]["masks"]}`.\n']
    text += [f'- {row}: {x["remark"]}' for row, x in methods.items()
             if x['remark']]
    text += [f'- {remark}' for remark in results['remarks']]
    text += ['', "## The paper's columns, and more\n",
             table(everything['means'], PAPER + MORE), '']
    for region in ('hole', 'whole'):
        columns = [f'{metric} {region}' for metric in METRICS]
        text += [f'## {region.capitalize()}, with 95 % intervals\n',
                 table(everything['means'], columns, intervals=True), '']
        if everything['differences']:
            first = next(iter(everything['means']))
            text += [f'Paired differences from {first}:\n',
                     table(everything['differences'], columns,
                           intervals=True), '']
    text += ['## By hole area\n']
    for group, found in summary.items():
        if group != 'all':
            text += [f'{group}: {found["count"]} pictures\n',
                     table(found['means'], PAPER + MORE), '']
    return '\n'.join(text)


def table(rows: dict[str, dict], columns: Sequence[str],
          intervals: bool = False) -> str:
    """GitHub's kind of table, of the columns that any row has."""
    columns = [x for x in columns if any(x in row for row in rows.values())]
    return tabulate(
        [[name] + [cell(row.get(x), intervals) for x in columns]
         for name, row in rows.items()],
        ['', *columns], 'github', disable_numparse=True,
        colalign=['left'] + ['right'] * len(columns))


def cell(estimate: Optional[Sequence], interval: bool) -> str:
    if estimate is None:
        return ''
    value, low, high = estimate
    if interval and low is not None:
        return f'{value:.3f} [{low:.3f}, {high:.3f}]'
    return f'{value:.3f}'


def summary_csv(summary: dict) -> str:
    """One line a group of pictures, row and metric."""
    return csv_of(
        ['group', 'pictures', 'method', 'metric', 'mean', 'low', 'high',
         'difference', 'difference_low', 'difference_high'],
        ([group, found['count'], row, metric, *estimate,
          *found['differences'].get(row, {}).get(metric, [None] * 3)]
         for group, found in summary.items()
         for row, means in found['means'].items()
         for metric, estimate in means.items()))


def each_csv(results: dict) -> str:
    """One line a picture and row, with its metrics."""
    metrics = list(next(iter(results['each'].values())))
    return csv_of(
        ['picture', 'hole', 'method', *metrics],
        ([sample['name'], sample['hole'], row,
          *(values[metric][i] for metric in metrics)]
         for row, values in results['each'].items()
         for i, sample in enumerate(results['samples'])))


def csv_of(header: Sequence[str], lines) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator='\n')
    writer.writerow(header)
    writer.writerows(lines)
    return file.getvalue()

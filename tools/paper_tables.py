r"""The paper's tables with our rows beside its own: makes the mask sets,
evaluates, and writes tables.md.

    python tools/paper_tables.py PHOTOS -o OUT --methods telea \
        tmad=configs/tmad_places.py,tmad.pth k1=configs/ablations/k1.py,k1.pth

Methods are those of `tmad evaluate`. Rows k1, k2, k4, k8, w-sum belong to
Table V, no-pd and pd to Table VI, deepfill+psnet to Table VII, no-blending to
Figure 9; all others, and deepfill, to Tables III and IV. The paper's figures
are of its own data and say so.
"""
import argparse
import sys
from pathlib import Path

from tabulate import tabulate

from tmad_mmedit.files.atomic import write_text
from tmad_mmedit.openmmlab.evaluation.evaluate import TRUTH, evaluate
from tmad_mmedit.openmmlab.evaluation.mask_sets import write_mask_set
from tmad_mmedit.openmmlab.evaluation.methods import parse_method
from tmad_mmedit.openmmlab.evaluation.samples import pictures_of

L1, PSNR, SSIM, TV, FID = ('l1 % hole', 'PSNR hole', 'SSIM whole', 'TV whole',
                           'FID whole')
BOTH = [('rectangles', x) for x in (L1, PSNR, SSIM, TV, FID)] + [
    ('free-form', x) for x in (L1, PSNR, SSIM, TV, FID)]
RECTANGLES = BOTH[:5]

# Table III, Places; without FPS and #param, which no evaluator can see
PLACES = '''
PatchMatch    14.795 15.038 0.819 10.93 11.630 11.276 17.387 0.839 13.02 10.751
GL             13.806 15.659 0.821 12.04 10.379 10.269 17.403 0.855 13.50 8.295
PICNet         12.722 16.068 0.801 12.64 9.638 9.477 18.097 0.860 13.35 8.097
EdgeConnect    11.105 16.690 0.858 11.30 8.176 9.368 18.249 0.869 13.44 8.097
StructureFlow  10.915 16.850 0.861 11.18 8.156 9.348 18.279 0.872 13.24 8.080
DeepFill       10.829 16.843 0.859 11.35 8.148 9.372 18.230 0.871 13.42 8.079
CRA            10.830 16.839 0.861 11.40 8.150 9.260 18.226 0.870 13.33 8.071
T-MAD          10.334 17.203 0.867 11.04 8.131 9.261 18.351 0.873 13.27 8.058
'''
# Table IV: PSNR and SSIM on CelebA-HQ, then on Paris Street-View
FACES_AND_STREETS = '''
PatchMatch     16.014 0.750 17.216 0.801
PICNet         25.210 0.852 25.620 0.834
EdgeConnect    25.289 0.856 25.910 0.877
StructureFlow  23.644 0.839 25.821 0.875
DeepFill       25.721 0.871 26.012 0.881
T-MAD          26.138 0.882 26.153 0.880
'''
K = '''
K=1    10.341 17.119 0.852 11.52 8.151
K=2    10.336 17.130 0.859 11.46 8.147
K=4    10.334 17.203 0.867 11.23 8.131
K=8    10.335 17.210 0.864 11.24 8.130
W-Sum  10.602 16.872 0.853 11.31 8.602
'''
PATCH_DISTRIBUTION = '''
without_L_pd  10.341 17.200 0.869 8.238
with_L_pd     10.334 17.203 0.867 8.131
'''
WITH_PSNET = '''
DeepFill        10.829 16.843 0.854 8.148
DeepFill+PSNet  10.690 16.967 0.862 8.142
'''
ABLATIONS = dict(
    V=('k1', 'k2', 'k4', 'k8', 'w-sum'), VI=('no-pd', 'pd'),
    VII=('deepfill', 'deepfill+psnet'))
WITHOUT_TV = [x for x in RECTANGLES if x[1] != TV]


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('photos', help='a folder of true pictures')
    parser.add_argument('-o', '--out', required=True, help='a folder')
    parser.add_argument('--methods', nargs='+', required=True)
    parser.add_argument('--size', type=int, default=256)
    parser.add_argument('--crop', type=int)
    parser.add_argument('--sides', type=int, nargs='*', default=[],
                        help='of rectangles, to be tested with each (Fig. 10)')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--inception')
    parser.add_argument('--trust-checkpoint', action='store_true')
    args = parser.parse_args(argv)
    try:
        tables = run(args)
    except (OSError, ValueError, RuntimeError) as error:
        print(f'paper_tables: {error}', file=sys.stderr)
        return 1
    write_text(Path(args.out, 'tables.md'), tables)
    print(tables)
    return 0


def run(args):
    methods = [parse_method(x, args.device, trust=args.trust_checkpoint)
               for x in args.methods]
    count = len(pictures_of(args.photos, 'photos'))
    means = {}

    def evaluated(name, kind, side=None):
        masks = Path(args.out, 'masks', name)
        if not masks.is_dir():
            list(write_mask_set(masks, kind, count, args.size, side=side))
        results = evaluate(args.photos, masks, Path(args.out, name), methods,
                           args.crop, inception=args.inception)
        for row, metrics in results['summary']['all']['means'].items():
            if row != TRUTH:
                means.setdefault(row, {}).update(
                    {(name, metric): x[0] for metric, x in metrics.items()})

    for kind in ('rectangles', 'free-form'):
        evaluated(kind, kind)
    sides = [f'up to {side} px' for side in args.sides]
    for name, side in zip(sides, args.sides):
        evaluated(name, 'rectangles', side)
    return markdown(means, args.photos, sides)


def markdown(means, data, sides):
    """Tables III to VII, and what Figures 9 and 10 show pictures of.

    Args:
        means (dict): Of each row, values by mask set and metric.
        data (str): What they were measured on.
        sides (list[str]): Mask sets of Figure 10.
    """
    special = {x for rows in ABLATIONS.values() for x in rows} | {
        'no-blending'}
    main_rows = [x for x in means
                 if x.split()[0] not in special or x == 'deepfill']

    def ours(rows, columns):
        return [[x, data] + [number(means[x].get(c)) for c in columns]
                for x in rows]

    def section(title, paper, columns, rows, where='the paper: Places'):
        return [f'## {title}\n', tabulate(
            [[name.replace('_', ' '), where] + values
             for name, *values in parsed(paper)] + ours(rows, columns),
            ['', 'data', *(f'{metric}, {kind}' for kind, metric in columns)],
            'github', disable_numparse=True), '']

    def of(table):
        return [x for x in means if x.split()[0] in ABLATIONS[table]]

    fourth = [[name, f'the paper: {where}', *values[first:first + 2]]
              for first, where in ((0, 'CelebA-HQ'), (2, 'Paris Street-View'))
              for name, *values in parsed(FACES_AND_STREETS)]
    text = ['Rows marked as the paper\'s are copied from it and are of its '
            'data; compare ours among themselves only.\n']
    text += section('Table III', PLACES, BOTH, main_rows)
    text += ['## Table IV\n', tabulate(
        fourth + ours(main_rows, RECTANGLES[1:3] + [(
            'rectangles', 'PSNR whole')]),
        ['', 'data', 'PSNR; ours: hole, rectangles', 'SSIM',
         'PSNR whole, rectangles'], 'github', disable_numparse=True), '']
    text += section('Table V: textures per patch', K, RECTANGLES, of('V'))
    text += section('Table VI: patch distribution loss', PATCH_DISTRIBUTION,
                    WITHOUT_TV, of('VI'))
    text += section('Table VII: PSNet behind DeepFill', WITH_PSNET,
                    WITHOUT_TV, of('VII'))
    blending = [x for x in means if x.split()[0] in ('no-blending', 'tmad')]
    text += section('Figure 9: blending loss', '', RECTANGLES, blending)
    if sides:
        text += section('Figure 10: mask size', '',
                        [(name, PSNR) for name in sides], list(means))
    return '\n'.join(text)


def parsed(table):
    return [line.split() for line in table.splitlines() if line]


def number(value):
    return '' if value is None else f'{value:.3f}'


if __name__ == '__main__':
    sys.exit(main())

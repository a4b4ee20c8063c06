"""``tmad evaluate``: methods compared on the same images and holes."""
import argparse


def add_to(command: argparse.ArgumentParser) -> None:
    command.description = ('Compare methods on the same images and holes: '
                           'tables, numbers, plots and a contact sheet.')
    command.add_argument('images', help='a folder of true pictures')
    command.add_argument('masks', help='a set of `tmad masks`, or a folder '
                         'of masks with the names of the images')
    command.add_argument('-o', '--out', required=True,
                         help='a folder; what is finished in it is kept')
    command.add_argument(
        '--methods', nargs='*', default=[], metavar='METHOD',
        help='telea, ns, shift-map, fsr, biharmonic, patchmatch; tmad, what '
        '`tmad inpaint` does; NAME=FOLDER of predictions; '
        'NAME=FILE.safetensors; NAME=CONFIG,CHECKPOINT of any inpaintor; '
        'NAME=CONFIG, random weights. The first is what the others are '
        'compared with')
    command.add_argument('--most', type=int, metavar='N',
                         help='take N of the pictures, drawn by their names; '
                         'a larger N adds to them')
    command.add_argument('--real', action='store_true',
                         help='photographs of real size: judge each hole in '
                         'what is around it (default methods: patchmatch '
                         'telea tmad)')
    command.add_argument('--kinds', nargs='*', default=[],
                         metavar='FILE:COLUMN',
                         help='with --real: tables that say of which kind '
                         'each picture is, such as masks.tsv:kind')
    command.add_argument('--every', type=int, default=10, metavar='N',
                         help='with --real: the contact sheet shows each '
                         'N-th picture (default 10)')
    command.add_argument('--blind', action='store_true',
                         help='with --real: a sheet without names, too, and '
                         'its key')
    command.add_argument('--crop', type=int, metavar='PIXELS',
                         help="side of the images' centre that is resized to "
                         'the masks (default: all that has their shape)')
    command.add_argument('--by-position', action='store_true',
                         help='pair images and masks in the order of their '
                         'names')
    command.add_argument('--device', default='cpu', help='cpu, cuda, ...')
    command.add_argument('--seed', type=int, default=0,
                         help="of T-MAD's memory and of random weights "
                         '(default 0)')
    command.add_argument('--trust-checkpoint', action='store_true',
                         help='let code pickled in checkpoints run')
    command.add_argument('--inception', metavar='FILE',
                         help="StyleGAN's inception-2015-12-05.pt, for FID")
    command.add_argument('--lpips', default='alex',
                         choices=('alex', 'squeeze', 'vgg'),
                         help='backbone (default alex)')


def run(args: argparse.Namespace) -> None:
    from ..evaluation.methods import parse_method
    if not args.real and (args.kinds or args.blind):
        raise ValueError('--kinds and --blind are of --real: add it.')
    if args.real and (args.crop or args.by_position or args.inception):
        raise ValueError('--real takes photographs and masks as they are: '
                         'leave out --crop, --by-position and --inception.')
    from ..evaluation.judge import METHODS
    names = args.methods or (METHODS if args.real else [])
    methods = [parse_method(x, args.device, args.seed, args.trust_checkpoint)
               for x in names]
    (run_real if args.real else run_table)(args, methods)


def run_real(args: argparse.Namespace, methods: list) -> None:
    from ..evaluation.judge import judge
    from ..evaluation.judge_report import beside, means_table
    found = judge(args.images, args.masks, args.out, methods, args.kinds,
                  args.most, args.every, args.blind)
    print(means_table(found))
    for row in list(found['methods'])[1:]:
        print(f'\n{row}\n{beside(found, row)}')
    for remark in found['remarks']:
        print(remark)
    print(f'{len(found["samples"])} pictures; more in {args.out}/judged.md')


def run_table(args: argparse.Namespace, methods: list) -> None:
    from ..evaluation.evaluate import evaluate
    from ..evaluation.report import MORE, PAPER, table
    results = evaluate(args.images, args.masks, args.out, methods, args.crop,
                       args.by_position, args.inception, args.lpips,
                       args.most)
    print(table(results['summary']['all']['means'], PAPER + MORE))
    for row, method in results['methods'].items():
        if method['remark']:
            print(f'{row}: {method["remark"]}')
    for remark in results['remarks']:
        print(remark)
    print(f'{len(results["samples"])} pictures; more in {args.out}/table.md')

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
        help='telea, ns, shift-map, fsr, biharmonic, patchmatch; NAME=FOLDER '
        'of predictions; NAME=CONFIG,CHECKPOINT of any inpaintor; '
        'NAME=CONFIG, random weights. The first is what the others are '
        'compared with')
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
    from ..evaluation.evaluate import evaluate
    from ..evaluation.methods import parse_method
    from ..evaluation.report import MORE, PAPER, table
    methods = [parse_method(x, args.device, args.seed, args.trust_checkpoint)
               for x in args.methods]
    results = evaluate(args.images, args.masks, args.out, methods, args.crop,
                       args.by_position, args.inception, args.lpips)
    print(table(results['summary']['all']['means'], PAPER + MORE))
    for row, method in results['methods'].items():
        if method['remark']:
            print(f'{row}: {method["remark"]}')
    for remark in results['remarks']:
        print(remark)
    print(f'{len(results["samples"])} pictures; more in {args.out}/table.md')

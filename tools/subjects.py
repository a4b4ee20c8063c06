"""What the benchmark measures: inpaintors with random weights, their calls.

``args`` are the benchmark's options.
"""
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.hub import get_config
from mmengine.registry import OPTIM_WRAPPER_CONSTRUCTORS

import tmad_mmedit.openmmlab  # noqa: F401
from tmad_mmedit.openmmlab.building import METHODS
from tmad_mmedit.openmmlab.coarse.coarse_stage import InpaintorStage
from tmad_mmedit.openmmlab.host import MODELS, DataSample
from tmad_mmedit.openmmlab.trained import TrainedInpaintor

# Of both methods; each has some of them
PARTS = 'coarse', 'retriever', 'correspondence', 'psnet'


def name_of(config):
    return Path(config.split('::')[-1]).stem.split('_')[0]


def load(config, train):
    """The model's config, without what would download weights, and, if it is
    not to be trained, without all that only training needs."""
    cfg = (get_config if '::' in config else Config.fromfile)(config).model
    kept = {}
    for key, value in cfg.items():
        training = key.startswith('loss_') or key.endswith('disc')
        vgg = isinstance(value, dict) and value.get('type') == 'PerceptualLoss'
        if not vgg and (train or not training):
            kept[key] = value
    if 'training' in kept:  # a T-MAD's losses and discriminators
        kept['training'] = dict(
            kept['training'], loss_patch_percep=None) if train else None
    return kept


def half(args):
    if args.half:
        return torch.bfloat16 if args.device == 'cpu' else torch.float16


def build(config, args):
    torch.manual_seed(0)
    cfg = load(config, args.train)
    if not args.train and cfg['type'] not in METHODS:
        return InpaintorStage(cfg).to(args.device).eval()
    return MODELS.build(cfg).to(args.device).train(args.train)


def inputs_of(size, side, args):
    """Images and masks; the hole starts in the middle of a cell."""
    generator = torch.Generator().manual_seed(0)
    start = max((size - side) // 2 // 32 * 32 - 16, 0)
    mask = torch.zeros(args.batch, 1, size, size)
    mask[..., start:start + side, start:start + side] = 1
    img = torch.rand(args.batch, 3, size, size, generator=generator) * 2 - 1
    return img.to(args.device), mask.to(args.device)


def call_of(model, size, side, args):
    """What is timed: a prediction or a training step."""
    img, mask = inputs_of(size, side, args)
    if args.train:
        return training_step(model, img, mask)
    masked_img, sample = img * (1 - mask), DataSample(mask=mask)

    def predict():
        with torch.no_grad(), torch.autocast(
                args.device.split(':')[0], dtype=half(args),
                enabled=args.half):
            if isinstance(model, TrainedInpaintor):
                return model(masked_img, sample)
            return model(masked_img, mask)

    return predict


def training_step(model, img, mask):
    children = dict(
        generator=[*PARTS, 'generator'],
        disc=['patch_disc', 'image_disc', 'disc'])
    wrappers = OPTIM_WRAPPER_CONSTRUCTORS.build(
        dict(
            type='GroupedOptimWrapperConstructor',
            optim_wrapper_cfg={
                group: dict(
                    children=[n for n in names if hasattr(model, n)],
                    optimizer=dict(type='Adam', lr=1e-4))
                for group, names in children.items()
            }))(model)
    pixels = (img + 1) * 127.5

    def step():
        samples = [
            DataSample(gt_img=one.clone(), mask=hole.clone())
            for one, hole in zip(pixels, mask)
        ]
        inputs = list(pixels * (1 - mask))
        model.train_step(dict(inputs=inputs, data_samples=samples), wrappers)

    return step

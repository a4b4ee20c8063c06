"""A training's config, with what options on the command line change in it."""
from pathlib import Path

import torch
from mmengine.config import Config

from tmad_mmedit.openmmlab.configs import read_config

# What has a length in pixels, of crops and holes
LENGTHS = ('crop_size', 'scale', 'img_shape', 'max_bbox_shape',
           'max_bbox_delta', 'min_margin', 'length_range', 'brush_width')
# What MMEditing's rectangles have where a config does not say it
BBOX_DEFAULTS = dict(max_bbox_delta=40, min_margin=20)


def configured(args) -> Config:
    """The config, with what the options change in it."""
    cfg = read_config(args.config)
    cfg.merge_from_dict(args.set)
    data = cfg.train_dataloader
    data.batch_size = args.batch or data.batch_size
    if args.size:
        scale_lengths(data.dataset.pipeline, args.size / cfg.input_shape[0])
    data.dataset.pipeline[0].use_cache = True
    point_at(data.dataset, args.photos)
    point_at(cfg.val_dataloader.dataset, args.val)
    cfg.train_cfg.max_iters = args.iters or cfg.train_cfg.max_iters
    groups = {k: v for k, v in cfg.optim_wrapper.items() if 'children' in v}
    faster = args.lr / groups['generator'].optimizer.lr if args.lr else 1
    for group in groups.values():
        group.optimizer.lr *= faster
        if not args.single and has_bfloat16():
            group.type = 'BFloat16OptimWrapper'
    return cfg


def point_at(dataset: dict, folder) -> None:
    dataset.update(data_root=folder, data_prefix=dict(gt=''), ann_file='')


def scale_lengths(transforms: list, by: float) -> None:
    """Crops and holes of another size, in the same proportion."""
    for transform in transforms:
        if isinstance(transform, list):
            scale_lengths(transform, by)
            continue
        scale_lengths(transform.get('transforms', []), by)
        if transform.get('mask_mode') == 'bbox':
            transform.mask_config = {**BBOX_DEFAULTS, **transform.mask_config}
        for part in (transform, transform.get('mask_config', {})):
            for key in LENGTHS:
                # RandomResizedCrop's scale is a proportion
                if key in part and (key != 'scale' or
                                    transform.type == 'Resize'):
                    part[key] = scaled(part[key], by)


def scaled(length, by: float):
    if isinstance(length, (tuple, list)):
        return tuple(scaled(x, by) for x in length)
    return round(length * by)


def has_bfloat16() -> bool:
    """Whether the machine multiplies in it; where it does not, it is slow."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    info = Path('/proc/cpuinfo')
    return info.is_file() and any(
        name in info.read_text() for name in ('avx512_bf16', 'amx_bf16'))

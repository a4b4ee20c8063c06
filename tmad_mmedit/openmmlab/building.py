"""From configs to models, and from models that were trained to model files."""
from pathlib import Path
from typing import Any, Optional, Union

from mmengine.config import Config
from torch import nn

from ..checkpoints import TRAINING_ONLY, read_weights, write_weights
from ..load import (
    BEFORE,
    FIELD,
    NOW,
    WEIGHTS,
    build_model,
    load_weights,
    renamed,
    settings_text,
)
from . import coherent_inpaintor, tmad_inpaintor
from .configs import read_config
from .host import HOST, build, register_all_modules
from .trained import TrainedInpaintor

TEST_CFG = dict(paper=tmad_inpaintor.TEST_CFG,
                coherent=coherent_inpaintor.TEST_CFG)
METHODS = dict(TMADInpaintor='paper', CoherentInpaintor='coherent')


def build_from_config(config: Union[str, Path, Config],
                      checkpoint: Optional[Union[str, Path]] = None,
                      trust: bool = False) -> TrainedInpaintor:
    """Build the model of a config, without what only training needs, and load
    its weights.

    Args:
        config (str or Path or Config): A config, its file, or the name of one
            of ours.
        checkpoint (str or Path, optional): Of its training, or a model file.
            Defaults to what ships for the config.
        trust (bool): Whether code that is pickled in it may run.

    Raises:
        ValueError: If it is no config of ours, or the checkpoint is another
            model's.
        FileNotFoundError: If a file is not there.
    """
    config = read_config(config)
    model = build_untrained(config)
    load_checkpoint(model, checkpoint or shipped_weights(config), trust)
    return model


def build_untrained(config: Config) -> TrainedInpaintor:
    """Build the model of a config, without what only training needs.

    Raises:
        ValueError: If it is no config of ours.
    """
    register_all_modules()
    method_of(config)
    return build(dict(config.model, training=None))


def method_of(config: Config) -> str:
    """Return the name of a config's method.

    Raises:
        ValueError: If it is no config of ours.
    """
    kind = config.get('model', {}).get('type')
    if kind not in METHODS:
        what = f'is of a {kind}' if kind else 'has no model'
        raise ValueError(
            f'config {config.filename or ""} {what}: expected one of '
            f'{" or ".join(METHODS)}; use {HOST}.apis for others.')
    return METHODS[kind]


def shipped_weights(config: Config) -> Path:
    """Return the weights that are shipped for a config.

    Raises:
        FileNotFoundError: If there are none.
    """
    name = Path(config.filename or 'of no file').stem
    path = WEIGHTS / f'{name}.safetensors'
    if not path.is_file():
        raise FileNotFoundError(
            f'no weights are shipped for config {name}: give a checkpoint of '
            'its training.')
    return path


def load_checkpoint(model: nn.Module, path: Union[str, Path],
                    trust: bool = False) -> None:
    """Load what inference needs, all of it; see :func:`read_weights`.

    Raises:
        ValueError: If the checkpoint belongs to another model.
    """
    weights = {BEFORE + key[len(NOW):] if key.startswith(NOW) else key: x
               for key, x in read_weights(path, trust).items()}
    own = model.state_dict()
    missing = [key for key in own if key not in weights and
               not key.startswith(TRAINING_ONLY)]
    if missing:
        raise ValueError(
            f'checkpoint {path} lacks {len(missing)} of the {len(own)} '
            f'weights of this config, among them {missing[0]}: give a '
            'checkpoint that was trained with it.')
    model.load_state_dict(
        {key: weights[key] for key in own if key in weights}, strict=False)


def export_model(checkpoint: Union[str, Path],
                 out: Union[str, Path],
                 config: Optional[Union[str, Path, Config]] = None,
                 half: bool = False) -> None:
    """Keep of a training checkpoint what painting needs.

    Args:
        checkpoint (str or Path): Trusted: what is pickled in it runs.
        out (str or Path): ``*.safetensors``, or ``*.pth`` for programs that
            know no other.
        config (optional): The config that it was trained with, whose settings
            make of ``out`` a model file, which paints by itself. Without one
            it holds weights only.
        half (bool): Store in half precision. Defaults to False.

    Raises:
        OSError: If ``out`` cannot be written.
        ValueError: If it has another suffix, or a model file cannot hold what
            the config builds, or the checkpoint lacks some of its weights.
    """
    if config is not None and Path(out).suffix == '.pth':
        raise ValueError(f'{out} has no place for the settings of a config: '
                         'name a file *.safetensors, or leave --config out.')
    weights = {key: x.half() if half and x.is_floating_point() else x
               for key, x in read_weights(checkpoint, trust=True).items()
               if not key.startswith(TRAINING_ONLY)}
    metadata = {}
    if config is not None:
        settings = settings_of(read_config(config))
        metadata[FIELD] = settings_text(settings)
        weights = renamed(weights)
        load_weights(build_model(settings), weights,
                     f'checkpoint {checkpoint}')
    write_weights(weights, out, metadata)


def settings_of(config: Config) -> dict[str, Any]:
    """Return the settings that a model file has of a config's model.

    Raises:
        ValueError: If its coarse stage is not the paper's network: its code
            is not in the library.
    """
    model = config.model.to_dict()
    method = method_of(config)
    network = dict(model['coarse'].get('encdec') or {})
    options = {k: x for k, x in (model.get('coarse_cfg') or {}).items()
               if k not in ('frozen', 'checkpoint')}
    if model['coarse'].get('type') != 'OneStageInpaintor' or options or (
            network.pop('type', None) != 'TMADCoarseNet'):
        raise ValueError(
            f'the coarse stage of config {config.filename or ""} is a '
            f'{model["coarse"].get("type")}, which needs OpenMMLab: a model '
            'file holds a TMADCoarseNet only; export without --config, and '
            'paint with config and checkpoint.')
    settings = dict(method=method, coarse=network)
    for part in ('correspondence', 'retriever', 'psnet'):
        if part in model:
            settings[part] = {
                k: x for k, x in model[part].items() if k != 'type'}
    for part in ('shifts', 'blend', 'crops', 'specks', 'thin'):
        if model.get(part) is not None:
            settings[part] = model[part]
    return {**settings, **TEST_CFG[method], **(model.get('test_cfg') or {})}

"""Which method an argument names."""
import re
from pathlib import Path

from .baselines import BASELINES, Classical
from .method import Method
from .model import Model
from .model_file import SHIPPED, ModelFile
from .predictions import Predictions


def parse_method(spec: str, device: str = 'cpu', seed: int = 0,
                 trust: bool = False) -> Method:
    """The method that a ``--methods`` argument names.

    Args:
        spec (str): The name of a baseline; ``tmad``, what `tmad inpaint`
            does; ``NAME=FOLDER`` of predictions; ``NAME=FILE.safetensors``, a
            model file; ``NAME=CONFIG,CHECKPOINT``; ``NAME=CONFIG`` for random
            weights.
        device (str): See :class:`Model`, as the rest.

    Raises:
        ValueError: If it is none of these.
        FileNotFoundError: If a file is not there.
    """
    name, equals, value = spec.partition('=')
    if not equals and name in BASELINES:
        return Classical(name)
    if spec == SHIPPED:
        return ModelFile(name, None, device, seed, trust)
    if not equals or not value or not re.fullmatch(r'\w[\w.+-]*', name):
        raise ValueError(
            f'method {spec!r} is unknown: give one of {", ".join(BASELINES)}, '
            f'{SHIPPED}, or NAME=FOLDER, or NAME=FILE.safetensors, or '
            'NAME=CONFIG,CHECKPOINT.')
    if Path(value).is_dir():
        return Predictions(name, value)
    if Path(value).suffix == '.safetensors':
        return ModelFile(name, value, device, seed, trust)
    config, _, checkpoint = value.partition(',')
    return Model(name, config, checkpoint or None, device, seed, trust)

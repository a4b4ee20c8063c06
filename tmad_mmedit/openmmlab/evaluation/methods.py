"""Which method an argument names."""
import re
from pathlib import Path

from .baselines import BASELINES, Classical
from .method import Method
from .model import Model
from .predictions import Predictions


def parse_method(spec: str, device: str = 'cpu', seed: int = 0,
                 trust: bool = False) -> Method:
    """The method that a ``--methods`` argument names.

    Args:
        spec (str): The name of a baseline; ``NAME=FOLDER`` of predictions;
            ``NAME=CONFIG,CHECKPOINT``; ``NAME=CONFIG`` for random weights.
        device (str): See :class:`Model`, as the rest.

    Raises:
        ValueError: If it is none of these.
        FileNotFoundError: If a file is not there.
    """
    name, equals, value = spec.partition('=')
    if not equals and name in BASELINES:
        return Classical(name)
    if not equals or not value or not re.fullmatch(r'\w[\w.+-]*', name):
        raise ValueError(
            f'method {spec!r} is unknown: give one of {", ".join(BASELINES)}, '
            'or NAME=FOLDER, or NAME=CONFIG,CHECKPOINT.')
    if Path(value).is_dir():
        return Predictions(name, value)
    config, _, checkpoint = value.partition(',')
    return Model(name, config, checkpoint or None, device, seed, trust)

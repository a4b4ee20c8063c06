"""Weights in and out, without running what others pickled."""
import os
import pickle
import warnings
from pathlib import Path
from typing import Dict, Union
from zipfile import is_zipfile

import torch
from mmengine.runner.checkpoint import load_state_dict
from torch import Tensor, nn

from ..models.training import KEYS

# What inference does without
TRAINING_ONLY = *(f'{key}.' for key in KEYS), 'data_preprocessor.'


def read_weights(path: Union[str, Path], trust: bool = False
                 ) -> Dict[str, Tensor]:
    """The state dict of a checkpoint.

    Args:
        path (str or Path): What training or ``tmad export`` wrote.
        trust (bool): Whether code that is pickled in it may run.

    Raises:
        ValueError: If it holds pickled code, or no weights.
        FileNotFoundError: If it is not there.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'checkpoint {path} is not there: give the file that training '
            'wrote, such as work_dirs/tmad_demo/iter_90.pth.')
    try:
        with warnings.catch_warnings():
            # torch 2.0 warns of what its own loader does
            warnings.filterwarnings('ignore', 'TypedStorage is deprecated')
            checkpoint = torch.load(
                path, map_location='cpu', weights_only=not trust)
    except Exception as error:  # unpickling garbage raises any of them
        if (isinstance(error, pickle.UnpicklingError) and not trust and
                is_zipfile(path)):  # as torch.save writes
            raise ValueError(
                f'checkpoint {path} holds pickled code beside its weights, as '
                'training checkpoints do: if you trust its maker, convert it '
                'once with `tmad export` or pass --trust-checkpoint '
                '(trust=True).') from None
        reason = next(iter(str(error).splitlines()), 'it is empty')
        raise ValueError(f'checkpoint {path} cannot be read ({reason}): give '
                         'a file that torch.save wrote whole.') from None
    weights = checkpoint.get('state_dict', checkpoint) if isinstance(
        checkpoint, dict) else {}
    weights = {key[len('module.'):] if key.startswith('module.') else key: x
               for key, x in weights.items() if isinstance(x, Tensor)}
    if not weights:
        raise ValueError(f'checkpoint {path} holds no weights: give the file '
                         'that training or `tmad export` wrote.')
    return weights


def load_weights(model: nn.Module, path: Union[str, Path],
                 trust: bool = False) -> None:
    """Load what inference needs, all of it; see :func:`read_weights`.

    Raises:
        ValueError: If the checkpoint belongs to another model.
    """
    weights = read_weights(path, trust)
    own = model.state_dict()
    missing = [key for key in own if key not in weights and
               not key.startswith(TRAINING_ONLY)]
    if missing:
        raise ValueError(
            f'checkpoint {path} lacks {len(missing)} of the {len(own)} '
            f'weights of this config, among them {missing[0]}: give a '
            'checkpoint that was trained with it.')
    load_state_dict(model, {key: weights[key] for key in own
                            if key in weights})


def export_weights(checkpoint: Union[str, Path], out: Union[str, Path],
                   half: bool = False) -> None:
    """Keep of a training checkpoint what inference needs.

    Args:
        checkpoint (str or Path): Trusted: what is pickled in it runs.
        out (str or Path): Holds tensors only.
        half (bool): Store in half precision. Defaults to False.

    Raises:
        OSError: If ``out`` cannot be written.
    """
    weights = {key: x.half() if half and x.is_floating_point() else x
               for key, x in read_weights(checkpoint, trust=True).items()
               if not key.startswith(TRAINING_ONLY)}
    out = Path(out)
    unfinished = out.with_name(f'.{out.name}.part')
    try:
        with open(unfinished, 'wb') as file:
            torch.save(dict(state_dict=weights), file)
        os.replace(unfinished, out)
    except OSError as error:
        raise OSError(f'{out} cannot be written ({error.strerror}): give a '
                      'file in a folder that is writable.') from None
    finally:
        if unfinished.is_file():
            unfinished.unlink()

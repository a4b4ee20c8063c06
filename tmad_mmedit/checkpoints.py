"""Weights in and out, as safetensors: tensors and no code."""
import pickle
import warnings
from pathlib import Path
from typing import Optional, Union

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from .files.atomic import replacing

# What inference does without
TRAINING_ONLY = ('patch_disc.', 'image_disc.', 'objective.', 'losses.',
                 'data_preprocessor.')
SUFFIXES = ('.safetensors', '.pth')
# How files of torch.save begin: today's, and those of its old format
ZIP, PICKLE = b'PK\x03\x04', b'\x80'


def read_weights(path: Union[str, Path],
                 trust: bool = False) -> dict[str, Tensor]:
    """Return the state dict of a checkpoint.

    Args:
        path (str or Path): Of ``tmad export`` or of a training: safetensors,
            or a file that torch.save wrote.
        trust (bool): Whether code that is pickled in it may run.

    Raises:
        ValueError: If it may hold code, cannot be read, or holds no weights.
        FileNotFoundError: If it is not there.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f'checkpoint {path} is not there: give the file that training '
            'wrote, such as work_dirs/tmad_demo/iter_90.pth.')
    if path.suffix == '.safetensors':
        weights = _read_safetensors(path)
    else:
        weights = _read_pickle(path, trust)
    if not weights:
        raise ValueError(f'checkpoint {path} holds no weights: give the file '
                         'that training or `tmad export` wrote.')
    return weights


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(f'checkpoint {path} cannot be read as safetensors '
                         f'({error}): give a whole file.') from None


def _read_pickle(path: Path, trust: bool) -> dict[str, Tensor]:
    if not trust:
        check_plain(path)
    try:
        with warnings.catch_warnings():
            # torch 2.0 warns of what its own loader does
            warnings.filterwarnings('ignore', 'TypedStorage is deprecated')
            checkpoint = torch.load(
                path, map_location='cpu', weights_only=not trust)
    except Exception as error:  # unpickling garbage raises any of them
        if isinstance(error, pickle.UnpicklingError) and not trust:
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
    return {unwrapped(key): x
            for key, x in weights.items() if isinstance(x, Tensor)}


def unwrapped(key: str) -> str:
    """Return the key of a weight without the wrapper that several processes
    train a model or its children in.

    >>> unwrapped('generator.module.conv'), unwrapped('module.generator.conv')
    ('generator.conv', 'generator.conv')
    """
    return f'.{key}'.replace('.module.', '.', 1)[1:]


def check_plain(path: Union[str, Path]) -> None:
    """Check that a checkpoint is safetensors, or such a zip of torch.save that
    torch reads it by its unpickler, which ``weights_only`` restrains.

    It is not so of TorchScript archives: torch before 2.6 runs what is in
    them, whatever ``weights_only`` says.

    Raises:
        ValueError: If it is something else.
    """
    path = Path(path)
    if path.suffix == '.safetensors':
        return
    with open(path, 'rb') as file:
        start = file.read(4)
    if start[:1] == PICKLE:
        raise ValueError(
            f'checkpoint {path} is no safetensors and no zip of torch.save, '
            'but a pickle that may hold code: give a file of `tmad export`, '
            'or, if you trust its maker, pass --trust-checkpoint '
            '(trust=True).')
    if start != ZIP:
        raise ValueError(
            f'checkpoint {path} is none, nor the whole of one: give a file '
            'that training or `tmad export` wrote.')
    try:  # by the reader that torch.load asks
        reader = torch._C.PyTorchFileReader(str(path))
        records = reader.get_all_records()  # type: ignore[attr-defined]
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f'checkpoint {path} cannot be read ({reason}): give '
                         'a file that torch.save wrote whole.') from None
    if any(name == 'constants.pkl' or name.startswith('code/')
           for name in records):
        raise ValueError(
            f'checkpoint {path} is a TorchScript archive, which is a program '
            'and no state dict: give the file that training or `tmad export` '
            'wrote.')


def write_weights(weights: dict[str, Tensor], out: Union[str, Path],
                  metadata: Optional[dict[str, str]] = None) -> None:
    """Write weights, whole or not at all.

    Args:
        weights (dict): By name.
        out (str or Path): ``*.safetensors``, or ``*.pth`` for programs that
            know no other.
        metadata (dict, optional): What a safetensors file says beside them.

    Raises:
        OSError: If ``out`` cannot be written.
        ValueError: If it has another suffix.
    """
    out = Path(out)
    if out.suffix not in SUFFIXES:
        raise ValueError(f'{out} has the suffix {out.suffix!r}: name a file '
                         f'{" or ".join("*" + x for x in SUFFIXES)}.')
    try:
        with replacing(out) as part, open(part, 'wb') as file:
            if out.suffix == '.safetensors':
                # tensors that share memory are stored apart
                file.write(save({key: x.clone().contiguous()
                                 for key, x in weights.items()},
                                dict(format='pt', **(metadata or {}))))
            else:
                torch.save(dict(state_dict=weights), file)
    except OSError as error:
        raise OSError(f'{out} cannot be written ({error.strerror}): give a '
                      'file in a folder that is writable.') from None

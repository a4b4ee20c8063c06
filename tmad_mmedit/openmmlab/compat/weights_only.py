import functools
from pickle import UnpicklingError
from typing import Callable

import numpy as np
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import CheckpointLoader


def mmengines_own_checkpoints_are_refused() -> None:
    """torch >= 2.6 loads with ``weights_only=True``; mmengine 0.10.7 puts its
    logs, ``HistoryBuffer`` of NumPy arrays, beside the weights, and so neither
    resumes from nor tests what it has saved.

    While mmengine loads, these types are allowed as well, and of Python's
    ``getattr``, by which a buffer names its statistics, only that. Other code
    in a checkpoint is still refused, and outside mmengine so are these.
    """
    upstream = CheckpointLoader._get_checkpoint_loader('')

    @functools.wraps(upstream)
    def load_from_local(filename, map_location):
        with torch.serialization.safe_globals(_types_of_logs()):
            return upstream(filename, map_location)

    CheckpointLoader.register_scheme('', load_from_local, force=True)


def _types_of_logs() -> list:
    numbers = np.typecodes['AllInteger'] + np.typecodes['AllFloat'] + '?'
    makers = [np.float64().__reduce__()[0], np.empty(0).__reduce__()[0]]
    return [
        HistoryBuffer, np.ndarray, np.dtype,
        *{type(np.dtype(code)) for code in numbers},
        (_statistic, 'builtins.getattr'), (_statistic, '__builtin__.getattr'),
        # NumPy 2 has them under another name than NumPy 1
        *((maker, f'numpy.{core}.multiarray.{maker.__name__}')
          for maker in makers for core in ('core', '_core'))]


def _statistic(owner: type, name: str) -> Callable:
    if owner is HistoryBuffer and name in ('min', 'max', 'current', 'mean'):
        return getattr(HistoryBuffer, name)
    raise UnpicklingError(f'getattr of {owner} was not an allowed call.')

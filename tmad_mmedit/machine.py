"""What the torch of this machine can do."""
import numpy as np
import torch


def check_numpy() -> None:
    """Raises ImportError if this torch does not know this NumPy."""
    try:
        torch.from_numpy(np.zeros(1))
    except RuntimeError:
        raise ImportError(
            f'torch {torch.__version__} is built for NumPy 1, and NumPy '
            f'{np.__version__} is installed: run `pip install "numpy<2"`, or '
            'take torch 2.3 or later.') from None


def check_device(device: str) -> None:
    """Raises ValueError if the device is not there."""
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f'device {device!r} is not there ({str(error).splitlines()[0]}): '
            "use 'cpu', or 'cuda' where torch sees a GPU.") from None

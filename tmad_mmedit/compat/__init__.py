"""Repairs of faults upstream, one file a fault, each function named after its
fault, and each only where the fault is. Nothing but the package's ``__init__``
imports this."""
from .pytorch_launcher import pytorch_launcher_without_gpu

__all__ = ['repair']


def repair() -> None:
    """Apply every repair that the installed versions need."""
    pytorch_launcher_without_gpu()

from pickle import UnpicklingError
from typing import Dict

from mmengine.runner import CheckpointLoader
from torch import Tensor, nn


def published_weights(checkpoint: str,
                      inpaintor: nn.Module) -> Dict[str, Tensor]:
    """The weights of an inpaintor, from a checkpoint that MMEditing wrote.

    What the inpaintor was built without (discriminators, losses) is left in
    the checkpoint.

    Args:
        checkpoint (str): Path or URL, whatever mmengine loads.
        inpaintor (nn.Module): The inpaintor.

    Returns:
        dict[str, Tensor]: One for each of the inpaintor's, on the CPU.

    Raises:
        FileNotFoundError: If it cannot be read.
        ValueError: If it is another model's.
    """
    try:
        held = CheckpointLoader.load_checkpoint(checkpoint, map_location='cpu')
    except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
        raise FileNotFoundError(
            f'the coarse checkpoint {checkpoint} cannot be read ({error}): '
            'download it elsewhere, or give the path of another in '
            'model.coarse_cfg.checkpoint.') from None
    held = held.get('state_dict', held)
    # older checkpoints lack this counter, which nothing reads
    weights = {
        key: held.get(key, own if key.endswith('num_batches_tracked') else None)
        for key, own in inpaintor.state_dict().items()
    }
    for key, own in inpaintor.state_dict().items():
        if weights[key] is None or weights[key].shape != own.shape:
            has = ('lacks it' if weights[key] is None else
                   f'has it as {tuple(weights[key].shape)}')
            raise ValueError(
                f'the checkpoint {checkpoint} does not fit the coarse stage '
                f'{type(inpaintor).__name__}: that has {key} as '
                f'{tuple(own.shape)}, the checkpoint {has}; name one of this '
                'model in model.coarse_cfg.checkpoint.')
    return weights

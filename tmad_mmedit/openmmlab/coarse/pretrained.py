"""The weights of an inpaintor that MMEditing trained or published."""

from mmengine.runner import CheckpointLoader
from torch import Tensor, nn

from ...checkpoints import unwrapped


def pretrained(inpaintor: nn.Module, checkpoint: str) -> dict[str, Tensor]:
    """Return the weights of an inpaintor that MMEditing trained or published.

    Args:
        inpaintor (nn.Module): As its config builds it.
        checkpoint (str): A file, or a URL, which stays in torch's cache. The
            discriminators and whatever else is in it are left aside.

    Raises:
        FileNotFoundError: If it is not there.
        ValueError: If it is no checkpoint, or that of another inpaintor.
    """
    try:
        content = CheckpointLoader.load_checkpoint(
            checkpoint, map_location='cpu')
        held = {unwrapped(key): x
                for key, x in content.get('state_dict', content).items()}
    except OSError as error:
        raise FileNotFoundError(
            f'the checkpoint of the coarse stage, {checkpoint}, is not to be '
            f'had ({getattr(error, "reason", error)}): give the file as '
            'model.coarse_cfg.checkpoint.') from None
    except Exception as error:  # unpickling garbage raises any of them
        reason = next(iter(str(error).splitlines()), 'it is empty')
        raise ValueError(
            f'the checkpoint of the coarse stage, {checkpoint}, cannot be '
            f'read ({reason}): give a file that torch.save wrote whole.'
        ) from None
    own = inpaintor.state_dict()
    # older checkpoints do not count batches
    held = {**{key: x for key, x in own.items()
               if key.endswith('num_batches_tracked')}, **held}
    for key, x in own.items():
        shape = getattr(held.get(key), 'shape', None)
        if shape != x.shape:
            holds = 'nothing' if shape is None else tuple(shape)
            raise ValueError(
                f'the coarse {type(inpaintor).__name__} has {key} as '
                f'{tuple(x.shape)}, its checkpoint {checkpoint} holds '
                f'{holds}: give one of the config in model.coarse.')
    return {key: held[key] for key in own}

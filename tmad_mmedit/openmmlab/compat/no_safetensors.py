from typing import Optional

from mmengine.runner import CheckpointLoader
from safetensors.torch import load_file
from torch import Tensor


def mmengine_reads_no_safetensors() -> None:
    """mmengine 0.10.7 knows checkpoints that torch.save wrote, and no others;
    ours are safetensors.

    Wherever it takes the path of a checkpoint (``load_from``,
    ``--checkpoint``, ``init_model``, ``init_cfg``), it takes the path of a
    file ``*.safetensors``, too.
    """
    CheckpointLoader.register_scheme(
        r'.+\.safetensors$', load_from_safetensors, force=True)


def load_from_safetensors(path: str,
                          map_location: Optional[str] = None
                          ) -> dict[str, Tensor]:
    """The tensors of a file, wherever mmengine wants them."""
    return load_file(path, device=str(map_location or 'cpu'))

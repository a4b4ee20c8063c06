import copy
from pathlib import Path
from typing import Optional, Union

from mmedit.apis.inferencers import inference_functions
from mmedit.apis.inferencers.inpainting_inferencer import InpaintingInferencer
from mmengine.config import Config
from torch import nn

from .rebind import rebind


def inference_builds_perceptual_losses() -> None:
    """mmedit 1.0.0rc7: whoever builds PConv or AOT-GAN builds their perceptual
    losses, too, and ``PerceptualVGG`` downloads a VGG, whatever its
    ``pretrained`` says: no network, no inference.

    For inference the inpaintors are built without these losses.
    """

    def init_model(config: Union[str, Path, Config],
                   checkpoint: Optional[str] = None,
                   device: str = 'cuda:0') -> nn.Module:
        """Build a model for inference.

        Args:
            config (str or Path or Config): Its config, or the file.
            checkpoint (str, optional): Its weights.
            device (str): As torch names it. Defaults to 'cuda:0'.

        Returns:
            nn.Module: The model, in eval mode, with its config as ``cfg``.
        """
        if isinstance(config, (str, Path)):
            config = Config.fromfile(config)
        model = upstream(_without_perceptual_losses(config), checkpoint,
                         device)
        model.cfg = config
        return model

    upstream = rebind(inference_functions.init_model, to=init_model)
    upstream_method = InpaintingInferencer._init_model

    def _init_model(self, cfg, ckpt, device):
        model = upstream_method(self, _without_perceptual_losses(cfg), ckpt,
                                device)
        model.cfg = cfg
        return model

    InpaintingInferencer._init_model = _init_model


def _without_perceptual_losses(config: Config) -> Config:
    if 'loss_composed_percep' not in getattr(config, 'model', {}):
        return config
    config = copy.deepcopy(config)
    for loss in ('loss_composed_percep', 'loss_out_percep'):
        config.model.pop(loss, None)
    return config

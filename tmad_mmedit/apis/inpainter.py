from pathlib import Path
from typing import Union

import numpy as np
import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmedit.utils import register_all_modules
from mmengine.config import Config
from mmengine.runner import load_checkpoint

from .files import read_image, read_mask

Picture = Union[str, Path, np.ndarray]


class Inpainter:
    """A model that stays loaded, for many pictures.

    Args:
        config (str or Path or Config): A T-MAD config.
        checkpoint (str or Path): Its weights.
        device (str): As torch names it. Defaults to 'cpu'.
        seed (int): Of the texture memory's draw; the same seed gives the same
            picture. Defaults to 0.
        overlap (bool): Patches overlap by half and are blended, against
            seams, for four times the work. Defaults to False.

    Raises:
        ValueError: If the checkpoint belongs to another model.
        FileNotFoundError: If a file is not there.
    """

    def __init__(self,
                 config: Union[str, Path, Config],
                 checkpoint: Union[str, Path],
                 device: str = 'cpu',
                 seed: int = 0,
                 overlap: bool = False) -> None:
        if not Path(checkpoint).is_file():
            raise FileNotFoundError(
                f'checkpoint {checkpoint} is not there: give the file that '
                'training wrote, such as work_dirs/tmad_demo/iter_90.pth.')
        if not isinstance(config, Config):
            config = Config.fromfile(config)
        register_all_modules()
        model = MODELS.build(
            dict(
                config.model,
                test_cfg=dict(
                    config.model.get('test_cfg') or {},
                    seed=seed,
                    overlap=overlap)))
        load_checkpoint(model, str(checkpoint), map_location='cpu')
        self.model = model.to(device).eval()

    @torch.no_grad()
    def __call__(self, image: Picture, mask: Picture) -> np.ndarray:
        """Fill the hole.

        Args:
            image (str or Path or np.ndarray): A file, or RGB, (H, W, 3) uint8.
            mask (str or Path or np.ndarray): A file, bright = hole, or
                (H, W), above half its range = hole.

        Returns:
            np.ndarray: RGB, (H, W, 3) uint8, the image's pixels outside the
            hole.

        Raises:
            ValueError: If the two do not fit, or there is nothing known.
        """
        image, hole = read_image(image), read_mask(mask)
        if image.shape[:2] != hole.shape:
            raise ValueError(
                f'the mask has {hole.shape[1]} x {hole.shape[0]} pixels, the '
                f'image {image.shape[1]} x {image.shape[0]}: give a mask of '
                'the same size.')
        device = next(self.model.parameters()).device
        mask = torch.from_numpy(hole)[None, None].to(device)
        # as the model's data preprocessor would, in place: a large picture's
        # copies are what its memory goes into
        masked_img = torch.from_numpy(image).to(device).permute(2, 0, 1)[None]
        masked_img = masked_img.float().sub_(127.5).div_(127.5)
        masked_img.masked_fill_(mask, 0)
        _, out = self.model(masked_img, EditDataSample(mask=mask.float()))
        painted = out.mul_(127.5).add_(127.5).clamp_(0, 255).round_().byte()
        painted = painted[0].permute(1, 2, 0).cpu().numpy()
        return np.where(hole[..., None], painted, image)


def inpaint(image: Picture,
            mask: Picture,
            config: Union[str, Path, Config],
            checkpoint: Union[str, Path],
            device: str = 'cpu',
            seed: int = 0,
            overlap: bool = False) -> np.ndarray:
    """Fill the hole of one picture; see :class:`Inpainter`."""
    return Inpainter(config, checkpoint, device, seed, overlap)(image, mask)

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

    Raises:
        ValueError: If the checkpoint belongs to another model.
        FileNotFoundError: If a file is not there.
    """

    def __init__(self,
                 config: Union[str, Path, Config],
                 checkpoint: Union[str, Path],
                 device: str = 'cpu',
                 seed: int = 0) -> None:
        if not Path(checkpoint).is_file():
            raise FileNotFoundError(
                f'checkpoint {checkpoint} is not there: give the file that '
                'training wrote, such as work_dirs/tmad_demo/iter_90.pth.')
        if not isinstance(config, Config):
            config = Config.fromfile(config)
        register_all_modules()
        model = MODELS.build(
            dict(config.model, test_cfg=dict(seed=seed)))
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
        pixels = torch.from_numpy(image).permute(2, 0, 1).float()
        holes = torch.from_numpy(hole)[None].float()
        masked = pixels * (1 - holes) + 127.5 * holes
        sample = EditDataSample(
            mask=holes,
            gt_img=masked,  # MMEditing's preprocessor warns if it is missing
            metainfo=dict(img_channel_order='RGB'))
        result = self.model.test_step(
            dict(inputs=[masked], data_samples=[sample]))[0].output.pred_img
        painted = result.flip(0).permute(1, 2, 0).round().byte().cpu().numpy()
        return np.where(hole[..., None], painted, image)


def inpaint(image: Picture,
            mask: Picture,
            config: Union[str, Path, Config],
            checkpoint: Union[str, Path],
            device: str = 'cpu',
            seed: int = 0) -> np.ndarray:
    """Fill the hole of one picture; see :class:`Inpainter`."""
    return Inpainter(config, checkpoint, device, seed)(image, mask)

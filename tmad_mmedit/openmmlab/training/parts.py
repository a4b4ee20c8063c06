"""What only training needs, from one entry of the config."""
from typing import Any, NamedTuple, Optional

from mmedit.registry import MODELS
from mmengine.config import Config
from torch import nn

from .objective import Objective

DISCRIMINATORS = 'patch_disc', 'image_disc'
LOSSES = ('loss_coarse_hole', 'loss_coarse_valid', 'loss_patch_l1',
          'loss_patch_percep', 'loss_patch_dist', 'loss_blending',
          'loss_coarse_pyramid', 'loss_correspondence')
# What of it a checkpoint may hold ('losses' is an earlier name)
KEYS = *DISCRIMINATORS, 'objective', 'losses'


class TrainingParts(NamedTuple):
    """None, each, where it is not asked for."""
    objective: Optional[Objective] = None
    patch_disc: Optional[nn.Module] = None
    image_disc: Optional[nn.Module] = None


def build_training(training: Optional[dict]) -> TrainingParts:
    """Build the objective and its discriminators.

    Args:
        training (dict, optional): Their configs; see :class:`TMADInpaintor`.
            Nothing is built for None.

    Raises:
        ValueError: If a discriminator comes without its loss, or a loss
            without its discriminator.
    """
    if training is None:
        return TrainingParts()
    check_names(training, 'model.training')
    for disc, loss in (('patch_disc', 'loss_patch_dist'),
                       ('image_disc', 'loss_blending')):
        if bool(training.get(disc)) != bool(training.get(loss)):
            raise ValueError(
                f'model.training.{disc} and model.training.{loss} need each '
                'other, and one is None: give both, or neither.')
    discs = [
        MODELS.build(training[name]) if training.get(name) else None
        for name in DISCRIMINATORS
    ]
    losses = {name: training.get(name) for name in LOSSES}
    return TrainingParts(Objective(**losses), *discs)


def check_names(given: dict[str, Any], where: str) -> None:
    """Raises ValueError if names other than these are given."""
    unknown = [
        name for name in given if name not in (*DISCRIMINATORS, *LOSSES)
    ]
    if unknown:
        raise ValueError(
            f'{where} has {", ".join(unknown)}, which TMADInpaintor does not '
            f'know: expected some of {", ".join((*DISCRIMINATORS, *LOSSES))} '
            'in model.training.')


def with_earlier_names(training: Optional[dict],
                       given: dict[str, Any]) -> Optional[dict]:
    """Put what stands beside ``training`` into it.

    Before there was one entry for all that only training needs, its parts
    stood in the model's config itself, and configs say, for example, ``model =
    dict(loss_patch_percep=None)``. They change what they inherit, as ever.

    Args:
        training (dict, optional): The entry.
        given (dict): Arguments of the model by their earlier names.

    Returns:
        dict, optional: None, if there is nothing to train with.

    Raises:
        ValueError: If an argument was never one.
    """
    if not given:
        return training
    check_names(given, 'model')
    config = Config(dict(training=training or {}))
    config.merge_from_dict(dict(training=given))
    merged = config.training.to_dict()
    return merged if any(merged.values()) else None


def without_training(model: dict) -> dict:
    """A model's config, (``TMADInpaintor``), for what is not to be trained."""
    earlier = (*DISCRIMINATORS, *LOSSES)
    return {**{k: v for k, v in model.items() if k not in earlier},
            'training': None}

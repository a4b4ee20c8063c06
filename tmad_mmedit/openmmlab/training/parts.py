"""What only training needs, from one entry of the config."""
from typing import NamedTuple, Optional

from torch import nn

from ..host import build
from .objective import Objective, unknown

# By the loss that each is trained with
DISCRIMINATORS = dict(
    patch_disc='loss_patch_dist', image_disc='loss_blending')


class TrainingParts(NamedTuple):
    """None, each, where it is not asked for."""
    objective: Optional[Objective] = None
    patch_disc: Optional[nn.Module] = None
    image_disc: Optional[nn.Module] = None


def build_training(training: Optional[dict]) -> TrainingParts:
    """Build the objective and its discriminators.

    Args:
        training (dict, optional): Their configs; nothing is built for None.
            ``patch_disc``, the discriminator C of single patches: (P, 3, s,
            s) to (P, 1); ``image_disc``, of whole images; losses by name, see
            :class:`Objective`. One that is None is not asked for.

    Raises:
        ValueError: If a discriminator comes without its loss, or a loss
            without its discriminator; or for a name that is no loss's.
    """
    if training is None:
        return TrainingParts()
    training = dict(training)
    discs = {name: training.pop(name, None) for name in DISCRIMINATORS}
    for disc, loss in DISCRIMINATORS.items():
        if bool(discs[disc]) != bool(training.get(loss)):
            raise ValueError(
                f'model.training.{disc} and model.training.{loss} need each '
                'other, and one is None: give both, or neither.')
    for name in training:
        if not name.startswith('loss_'):
            raise unknown(name)
    return TrainingParts(
        Objective({name: x for name, x in training.items() if x}),
        *(build(config) if config else None for config in discs.values()))

from typing import Any, NamedTuple, Optional

import torch
from mmengine.registry import MODELS
from torch import Tensor

from ..models.blend.gradient_blend import BlendSettings
from ..models.coherent import Coherent
from ..models.crops import CropSettings
from ..models.ops.cells import Cells
from ..models.refine.thin import RefineThin
from ..models.shifts.correspondence_net import Correspondence
from ..models.shifts.settings import ShiftSettings
from ..models.specks.settings import SpeckSettings
from ..models.synthesis.patches import extract
from .checks import settings_of, with_defaults
from .host import build
from .trained import TrainedInpaintor

TEST_CFG = dict(coarse_pixels=1024 * 1024)


class TrainedTrace(NamedTuple):
    """What losses see: a :class:`CoherentTrace` of which some cells are
    looked at as patches. Those that are not asked for are None."""
    coarse: Tensor
    correspondence: Correspondence
    out: Optional[Tensor] = None
    cells: Optional[Cells] = None
    patches: Optional[Tensor] = None


@MODELS.register_module()
class CoherentInpaintor(TrainedInpaintor):
    """Inpainting with copies that continue each other; not the paper's:
    :class:`~tmad_mmedit.models.coherent.Coherent`.

    >>> from tmad_mmedit.openmmlab.configs import read_config
    >>> config = read_config('tmad-coherent_natural').model
    >>> build(dict(config, training=None)).shifts.block_size
    8

    Args:
        correspondence (dict): Config of the :class:`CorrespondenceNet`.
        shifts (dict, optional): See :class:`ShiftSettings`.
        blend (dict, optional): See :class:`BlendSettings`.
        crops (dict, optional): See :class:`CropSettings`.
        specks (dict, optional): See :class:`SpeckSettings`.
        thin (dict, optional): Arguments of :class:`RefineThin`. Defaults to
            None: nothing is added to thin holes.
        test_cfg (dict, optional): ``coarse_pixels`` (1024 x 1024), of which
            the coarse stage sees a reduced copy of a crop.
        settings: See :class:`TrainedInpaintor`.
    """
    paints_patches = Coherent.paints_patches
    complete = Coherent.complete
    led = Coherent.led
    inpaint = Coherent.inpaint
    variants = Coherent.variants
    _different = Coherent._different
    _each_hole = Coherent._each_hole
    _traced = Coherent._traced

    def __init__(self,
                 *args: Any,
                 correspondence: dict,
                 shifts: Optional[dict] = None,
                 blend: Optional[dict] = None,
                 crops: Optional[dict] = None,
                 specks: Optional[dict] = None,
                 thin: Optional[dict] = None,
                 test_cfg: Optional[dict] = None,
                 **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.correspondence = build(correspondence)
        self.shifts = settings_of(ShiftSettings, shifts, 'model.shifts')
        self.blend = settings_of(BlendSettings, blend, 'model.blend')
        self.crops = settings_of(CropSettings, crops, 'model.crops')
        self.specks = settings_of(SpeckSettings, specks, 'model.specks')
        self.thin = None if thin is None else RefineThin(**thin)
        self.test_cfg = with_defaults(test_cfg, TEST_CFG, 'model.test_cfg')
        self.coarse_pixels = self.test_cfg['coarse_pixels']
        dist = self.objective and self.objective.losses.get('loss_patch_dist')
        if dist is not None and dist.relativistic:
            raise ValueError(
                'loss_patch_dist compares with the memory\'s windows, and '
                'copies have none: set its relativistic=False.')

    def complete_for_training(self, masked_img: Tensor, mask: Tensor,
                              cells: Cells, draw: torch.Generator,
                              settings: dict[str, Any]) -> TrainedTrace:
        """See :class:`TrainedInpaintor`; nothing is chosen or blended for
        losses that do not look at the result."""
        if not self.objective.judges_result:
            coarse = self.coarse(masked_img, mask, settings['coarse_pixels'],
                                 settings['hole_only'])
            comp = coarse.where(mask.bool(), masked_img)
            return TrainedTrace(coarse, self.correspondence(comp, mask))
        done = self.complete(masked_img, mask, **settings)
        return TrainedTrace(done.coarse, done.correspondence, done.out, cells,
                            extract(done.out, cells, self.patch_size))

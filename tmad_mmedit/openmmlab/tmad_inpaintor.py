from typing import Any, NamedTuple, Optional, Union

import torch
from mmengine.registry import MODELS
from torch import Tensor

from ..models.crops import CropSettings
from ..models.ops.cells import Cells
from ..models.paper import TMAD, TMADTrace, check_textures
from ..models.synthesis.patches import extract
from ..models.windows.texture_memory import TextureMemory
from ..models.windows.texture_retriever import Retrieval
from .checks import settings_of, with_defaults
from .host import build
from .trained import TrainedInpaintor

TEST_CFG = dict(
    seed=0,
    coarse_pixels=1024 * 1024,
    patches_at_once=64,
    overlap=False,
    crops=None)


class Retrieved(NamedTuple):
    """What losses see that do not look at the result; see
    :class:`TMADTrace`."""
    coarse: Tensor
    memory: TextureMemory
    cells: Cells
    retrieval: Retrieval


@MODELS.register_module()
class TMADInpaintor(TrainedInpaintor):
    """Texture Memory-Augmented Deep Patch-Based Image Inpainting, as
    published: :class:`~tmad_mmedit.models.paper.TMAD`.

    >>> from tmad_mmedit.openmmlab.configs import read_config
    >>> build(dict(read_config('tmad_demo').model, training=None)).patch_size
    32

    Args:
        retriever (dict): Config of the :class:`TextureMemoryRetriever`.
        psnet (dict): Config of the :class:`PSNet`.
        test_cfg (dict, optional): ``seed`` of the memory's draw (0), and
            ``overlap`` of the patches by half (False), of predictions that do
            not say them; what bounds a prediction's memory: ``coarse_pixels``
            (1024 x 1024), and ``patches_at_once`` (64); ``crops``,
            ``dict(pixels=256, times=(2.5, 4.))``, from how much around a hole
            it is painted (None: from all).
        settings: See :class:`TrainedInpaintor`.
    """
    paints_patches = TMAD.paints_patches
    complete = TMAD.complete
    inpaint = TMAD.inpaint

    def __init__(self,
                 *args: Any,
                 retriever: dict,
                 psnet: dict,
                 test_cfg: Optional[dict] = None,
                 **settings: Any) -> None:
        super().__init__(*args, **settings)
        if retriever.get('type') == 'CoherentRetriever':
            raise ValueError(
                'a TMADInpaintor has a CoherentRetriever no more: give '
                "model=dict(type='CoherentInpaintor', ...), as "
                'configs/tmad-coherent_natural.py does.')
        self.retriever = build(retriever)
        self.psnet = build(psnet)
        check_textures(self.retriever, self.psnet)
        self.patch_size = self.retriever.patch_size
        self.test_cfg = with_defaults(test_cfg, TEST_CFG, 'model.test_cfg')
        crops = self.test_cfg['crops']
        self.crops = None if crops is None else settings_of(
            CropSettings, crops, 'model.test_cfg.crops')
        for name in ('seed', 'overlap', 'coarse_pixels', 'patches_at_once'):
            setattr(self, name, self.test_cfg[name])

    def complete_for_training(self, masked_img: Tensor, mask: Tensor,
                              cells: Cells, draw: torch.Generator,
                              settings: dict[str, Any]
                              ) -> Union[TMADTrace, Retrieved]:
        """See :class:`TrainedInpaintor`; nothing is painted for losses that do
        not look at the result."""
        if not self.objective.judges_result:
            coarse = self.coarse(masked_img, mask, settings['coarse_pixels'],
                                 settings['hole_only'])
            comp = coarse.where(mask.bool(), masked_img)
            remember = getattr(
                self.retriever, 'module', self.retriever).remember
            memory = remember(masked_img, mask, draw)
            queries = extract(comp, cells, self.patch_size)
            return Retrieved(coarse, memory, cells,
                             self.retriever(queries, memory, cells))
        return self.complete(masked_img, mask, cells, draw, **settings)

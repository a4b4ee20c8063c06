from typing import Dict, List, Optional, Tuple, Union

import torch
from mmedit.models.utils import set_requires_grad
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.dist import get_rank, get_world_size
from mmengine.logging import MessageHub
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.runner.checkpoint import get_state_dict
from torch import Tensor

from .checks import (check_checkpoint, check_inputs, check_losses,
                     check_parts, check_preprocessor)
from .coarse_stage import CoarseStage
from .inpaintors import unwrapped
from .painter import Painter
from .patches import Cells, extract, hole_cells, paste, sample_cells
from .tmad_losses import Completion, TMADLosses


@MODELS.register_module()
class TMADInpaintor(BaseModel):
    """Texture Memory-Augmented Deep Patch-Based Image Inpainting.

    Coarse stage, texture retrieval, patch synthesis, paste. Images are RGB in
    [-1, 1], masks 1 = hole, and the hole of a masked image is 0.

    Args:
        data_preprocessor (dict): Mean and std 127.5, order RGB.
        coarse (dict): Config of any MMEditing inpaintor, unchanged.
        retriever (dict): Config of the texture retriever.
        psnet (dict): Config of the patch synthesis network.
        coarse_cfg (dict, optional): How T-MAD uses the coarse inpaintor,
            arguments of :class:`CoarseStage`.
        patch_disc (dict, optional): The discriminator C of single patches:
            (P, 3, s, s) to (P, 1).
        image_disc (dict, optional): The discriminator of whole images.
        loss_coarse_hole, loss_coarse_valid (dict, optional): Eq. (1).
        loss_patch_l1, loss_patch_percep, loss_patch_dist (dict, optional):
            Eq. (8).
        loss_blending (dict, optional): Eq. (9).
        train_cfg (dict, optional): ``pretrain_iters``, in which only the
            coarse stage is trained (0); ``patches_per_image``, P (25);
            ``coarse_pixels``, of which the coarse stage sees a reduced copy
            (None: it sees the image); ``seed`` of the draws (0).
        test_cfg (dict, optional): ``seed`` of the memory's draw (0), and what
            bounds a prediction's memory: ``coarse_pixels``, of which the
            coarse stage sees a reduced copy (1024 x 1024), and
            ``patches_at_once`` (64); ``overlap`` of the patches by half,
            blended against seams, for four times the work (False).
        init_cfg (dict, optional): As for every mmengine module.
    """

    def __init__(self,
                 data_preprocessor: dict,
                 coarse: dict,
                 retriever: dict,
                 psnet: dict,
                 coarse_cfg: Optional[dict] = None,
                 patch_disc: Optional[dict] = None,
                 image_disc: Optional[dict] = None,
                 loss_coarse_hole: Optional[dict] = None,
                 loss_coarse_valid: Optional[dict] = None,
                 loss_patch_l1: Optional[dict] = None,
                 loss_patch_percep: Optional[dict] = None,
                 loss_patch_dist: Optional[dict] = None,
                 loss_blending: Optional[dict] = None,
                 train_cfg: Optional[dict] = None,
                 test_cfg: Optional[dict] = None,
                 init_cfg: Optional[dict] = None) -> None:
        super().__init__(data_preprocessor, init_cfg)
        check_preprocessor(self.data_preprocessor)
        self.coarse = CoarseStage(coarse, **(coarse_cfg or {}))
        self.retriever = MODELS.build(retriever)
        self.psnet = MODELS.build(psnet)
        self.patch_size = self.retriever.patch_size

        self.patch_disc = MODELS.build(patch_disc) if patch_disc else None
        self.image_disc = MODELS.build(image_disc) if image_disc else None
        self.losses = TMADLosses(loss_coarse_hole, loss_coarse_valid,
                                 loss_patch_l1, loss_patch_percep,
                                 loss_patch_dist, loss_blending)
        self.train_cfg = {
            **dict(
                pretrain_iters=0,
                patches_per_image=25,
                coarse_pixels=None,
                seed=0),
            **(train_cfg or {})
        }
        self.test_cfg = {
            **dict(
                seed=0,
                coarse_pixels=1024 * 1024,
                patches_at_once=64,
                overlap=False),
            **(test_cfg or {})
        }
        check_parts(self)
        self._register_load_state_dict_pre_hook(self._accept_checkpoint)

    def _accept_checkpoint(self, state_dict: Dict[str, Tensor], prefix: str,
                           *_) -> None:
        """Let a checkpoint of the bare coarse inpaintor load as the coarse
        stage, and refuse those of other models."""
        own = get_state_dict(self)  # sees through wrappers of the children
        if not any(prefix + key in state_dict for key in own):
            for key in list(state_dict):
                stands = f'coarse.inpaintor.{unwrapped(key)}'
                if stands in own:
                    state_dict[prefix + stands] = state_dict.pop(key)
        check_checkpoint({prefix + k: v.shape for k, v in own.items()},
                         state_dict)

    def forward(
        self,
        inputs: Tensor,
        data_samples: EditDataSample,
        mode: str = 'tensor'
    ) -> Union[Tuple[Tensor, Tensor], List[EditDataSample]]:
        """Inpaint a batch, as MMEditing's inpaintors do.

        Args:
            inputs (Tensor): I_m, (N, 3, H, W), any size, RGB in [-1, 1], 0
                in the hole: what ``data_preprocessor`` returns.
            data_samples (EditDataSample): Stacked; ``mask``, (N, 1, H, W),
                1 = hole.
            mode (str): ``tensor`` or ``predict``. Defaults to ``tensor``.

        Returns:
            tuple[Tensor, Tensor] or list[EditDataSample]: For ``tensor`` I_c
            and I_out, (N, 3, H, W). For ``predict`` the data samples with
            ``output.pred_img``, BGR in [0, 255], (3, H, W), and
            ``output.coarse_img``, I_comp, beside it.

        Raises:
            ValueError: For another mode, or inputs that do not fit.
        """
        if mode == 'tensor':
            return self.forward_tensor(inputs, data_samples)
        if mode == 'predict':
            return self.predict(inputs, data_samples)
        raise ValueError(f"mode {mode!r} is unknown to TMADInpaintor: use "
                         "'tensor' or 'predict'; training goes through "
                         'train_step.')

    def forward_tensor(
            self, inputs: Tensor,
            data_samples: EditDataSample) -> Tuple[Tensor, Tensor]:
        """I_c and I_out, (N, 3, H, W) each; see :meth:`forward`."""
        mask = data_samples.mask.to(inputs)
        check_inputs(inputs, mask)
        coarse = self.coarse(inputs, mask, self.test_cfg['coarse_pixels'])
        hole = mask.bool()
        comp = coarse.where(hole, inputs)
        painter = self._painter(inputs, mask,
                                self._generator(self.test_cfg['seed']))
        paint = (
            painter.paint_overlapped
            if self.test_cfg['overlap'] else painter.paint)
        out = paint(comp, mask, self.test_cfg['patches_at_once'])
        return coarse, out.where(hole, inputs)

    def predict(self, inputs: Tensor,
                data_samples: EditDataSample) -> List[EditDataSample]:
        """Data samples with their outputs; see :meth:`forward`."""
        coarse, out = self.forward_tensor(inputs, data_samples)
        comp = coarse.where(data_samples.mask.bool(), inputs)

        def destruct(x):
            return self.data_preprocessor.destruct(x, data_samples)

        out = destruct(out)
        predictions = EditDataSample(
            fake_res=out, fake_img=out, pred_img=out,
            coarse_img=destruct(comp)).split()
        data_samples.set_tensor_data(dict(input=destruct(inputs)))
        data_samples = data_samples.split()
        for data_sample, prediction in zip(data_samples, predictions):
            data_sample.output = prediction
        return data_samples

    def complete(self, masked_img: Tensor, mask: Tensor, cells: Cells,
                 generator: Optional[torch.Generator]) -> Completion:
        """The steps of T-MAD, in their order.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            cells (Cells): Which cells to synthesise.
            generator (torch.Generator, optional): Of the memory's draw.

        Returns:
            Completion: Hole pixels outside the cells keep the coarse result;
            known pixels are the input's.
        """
        hole = mask.bool()
        coarse = self.coarse(masked_img, mask,
                             self.train_cfg['coarse_pixels'])
        comp = coarse.where(hole, masked_img)
        painter = self._painter(masked_img, mask, generator)
        patches, retrieval = painter.synthesise(comp, mask, cells)
        out = paste(comp, patches, cells).where(hole, masked_img)
        return Completion(coarse, out, cells, patches, retrieval)

    def _painter(self, *known) -> Painter:
        return Painter(self.retriever, self.psnet, self.patch_size, *known)

    @staticmethod
    def _generator(seed: int, step: int = 0) -> torch.Generator:
        return torch.Generator().manual_seed(seed * 1_000_003 + step)

    def train_step(self, data: Union[dict, list],
                   optim_wrapper: OptimWrapperDict) -> Dict[str, Tensor]:
        """Coarse pre-training, then a discriminator and a generator step.

        One generator forward serves both. The draws depend on the seed, the
        iteration and the rank only, so that a resumed run draws the same.

        Args:
            data (dict): A batch from the data loader.
            optim_wrapper (OptimWrapperDict): ``generator`` and ``disc``.

        Returns:
            dict[str, Tensor]: Losses by name, for the logger.
        """
        data = self.data_preprocessor(data, True)
        masked_img, gt_img = data['inputs'], data['data_samples'].gt_img
        mask = data['data_samples'].mask.to(masked_img)
        check_inputs(masked_img, mask)
        self.losses.prepare(masked_img.device)
        generator = optim_wrapper['generator']
        if self._iteration < self.train_cfg['pretrain_iters']:
            with generator.optim_context(self):
                coarse = self.coarse(masked_img, mask,
                                     self.train_cfg['coarse_pixels'])
                losses = self.losses.coarse(coarse, gt_img, mask)
            return self._update(generator, losses)

        draw = self._generator(
            self.train_cfg['seed'],
            self._iteration * get_world_size() + get_rank())
        cells = sample_cells(
            hole_cells(mask, self.patch_size),
            self.train_cfg['patches_per_image'], draw)
        discs = [d for d in (self.patch_disc, self.image_disc) if d]
        log_vars = {}
        with generator.optim_context(self):
            done = self.complete(masked_img, mask, cells, draw)
            gt_patches = extract(gt_img, cells, self.patch_size)
        if discs:
            set_requires_grad(discs, True)
            with optim_wrapper['disc'].optim_context(self):
                losses = self.losses.disc(done, gt_img, gt_patches,
                                          self.patch_disc, self.image_disc)
            log_vars.update(self._update(optim_wrapper['disc'], losses))
            set_requires_grad(discs, False)
        with generator.optim_context(self):
            losses = {
                **self.losses.coarse(done.coarse, gt_img, mask),
                **self.losses.patch(done, gt_patches, self.patch_disc),
                **self.losses.blend(done, mask, self.image_disc)
            }
        log_vars.update(self._update(generator, losses))
        return log_vars

    @property
    def _iteration(self) -> int:
        """The runner's; it survives a resume."""
        return MessageHub.get_current_instance().get_info('iter', 0)

    def _update(self, optim_wrapper: OptimWrapper,
                losses: Dict[str, Tensor]) -> Dict[str, Tensor]:
        check_losses(losses, self._iteration)
        loss, log_vars = self.parse_losses(losses)
        optim_wrapper.update_params(loss)
        return log_vars

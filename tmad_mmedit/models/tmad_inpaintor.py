from functools import cached_property
from typing import Dict, List, NamedTuple, Optional, Tuple, Union
from urllib.error import URLError

import torch
from mmedit.models.utils import set_requires_grad
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.dist import get_rank, get_world_size
from mmengine.logging import MessageHub
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from torch import Tensor
from torch.nn import Module

from .checks import (check_checkpoint, check_inputs, check_losses,
                     check_preprocessor)
from .coarse_stage import CoarseStage
from .patches import (Cells, extract, hole_cells, paste, sample_cells,
                      select_cells)
from .texture_retriever import Retrieval


class Completion(NamedTuple):
    """One pass of T-MAD and all it made on its way.

    Attributes:
        coarse (Tensor): I_c, (N, 3, H, W).
        out (Tensor): I_out, (N, 3, H, W).
        cells (Cells): The P cells that were synthesised.
        patches (Tensor): PSNet's result, (P, 3, s, s).
        retrieval (Retrieval): Their textures.
    """
    coarse: Tensor
    out: Tensor
    cells: Cells
    patches: Tensor
    retrieval: Retrieval


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
            ``seed`` of the draws (0).
        test_cfg (dict, optional): ``seed`` of the memory's draw (0).
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

        def build(cfg):
            return MODELS.build(cfg) if cfg else None

        self.patch_disc = build(patch_disc)
        self.image_disc = build(image_disc)
        self.loss_coarse_hole = build(loss_coarse_hole)
        self.loss_coarse_valid = build(loss_coarse_valid)
        self.loss_patch_l1 = build(loss_patch_l1)
        self.loss_patch_dist = build(loss_patch_dist)
        self.loss_blending = build(loss_blending)
        self.percep_cfg = loss_patch_percep
        self.train_cfg = {
            **dict(pretrain_iters=0, patches_per_image=25, seed=0),
            **(train_cfg or {})
        }
        self.test_cfg = {**dict(seed=0), **(test_cfg or {})}
        if self.coarse.frozen and self.train_cfg['pretrain_iters']:
            raise ValueError(
                'the coarse stage is frozen, and is to be trained alone for '
                f'pretrain_iters={self.train_cfg["pretrain_iters"]} '
                'iterations: set model.train_cfg.pretrain_iters=0.')
        self._register_load_state_dict_pre_hook(self._accept_checkpoint)

    def _accept_checkpoint(self, state_dict: Dict[str, Tensor], prefix: str,
                           *_) -> None:
        """Let a checkpoint of the bare coarse inpaintor load as the coarse
        stage, and refuse those of other models."""
        own = self.state_dict()
        if not any(prefix + key in state_dict for key in own):
            for key in list(state_dict):
                if f'coarse.inpaintor.{key}' in own:
                    state_dict[f'{prefix}coarse.inpaintor.{key}'] = (
                        state_dict.pop(key))
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
        cells = select_cells(hole_cells(mask, self.patch_size))
        done = self.complete(inputs, mask, cells,
                             self._generator(self.test_cfg['seed']))
        return done.coarse, done.out

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
        s, hole = self.patch_size, mask.bool()
        coarse = self.coarse(masked_img, mask)
        comp = coarse.where(hole, masked_img)
        retrieval = self.retriever(
            extract(comp, cells, s), cells.image, masked_img, mask, generator)
        context = extract(torch.cat([comp, mask], 1), cells, s, margin=s // 2)
        patches = self.psnet(context, retrieval.textures)
        out = paste(comp, patches, cells).where(hole, masked_img)
        return Completion(coarse, out, cells, patches, retrieval)

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
        percep = self.loss_patch_percep  # fails now if its weights are missing
        generator = optim_wrapper['generator']
        if self._iteration < self.train_cfg['pretrain_iters']:
            with generator.optim_context(self):
                losses = self.coarse_losses(
                    self.coarse(masked_img, mask), gt_img, mask)
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
                losses = self.disc_losses(done, gt_img, gt_patches)
            log_vars.update(self._update(optim_wrapper['disc'], losses))
            set_requires_grad(discs, False)
        with generator.optim_context(self):
            losses = {
                **self.coarse_losses(done.coarse, gt_img, mask),
                **self.patch_losses(done, gt_patches, percep),
                **self.blending_losses(done, mask)
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

    def coarse_losses(self, coarse: Tensor, gt_img: Tensor,
                      mask: Tensor) -> Dict[str, Tensor]:
        """Eq. (1)."""
        losses = {}
        if self.loss_coarse_hole:
            losses['loss_coarse_hole'] = self.loss_coarse_hole(
                coarse, gt_img, weight=mask)
        if self.loss_coarse_valid:
            losses['loss_coarse_valid'] = self.loss_coarse_valid(
                coarse, gt_img, weight=1 - mask)
        return losses

    def disc_losses(self, done: Completion, gt_img: Tensor,
                    gt_patches: Tensor) -> Dict[str, Tensor]:
        """Eq. (6), and the image discriminator's side of Eq. (9)."""
        losses = {}
        if self.loss_patch_dist:
            textures = done.retrieval.textures.detach()
            fake, real, texture = self._patch_logits(
                done.patches.detach(), gt_patches, textures.flatten(0, 1))
            losses['loss_disc_patch'] = self.loss_patch_dist.disc_loss(
                fake, real, texture.view(textures.shape[:2]))
        if self.loss_blending:
            fake, real = self.image_disc(
                torch.cat([done.out.detach(), gt_img])).chunk(2)
            losses['loss_disc_image'] = self.loss_blending.disc_loss(
                fake, real)
        return losses

    def patch_losses(self, done: Completion, gt_patches: Tensor,
                     percep: Optional[Module]) -> Dict[str, Tensor]:
        """Eq. (8), with Eq. (7) in it."""
        losses = {}
        if self.loss_patch_l1:
            losses['loss_patch_l1'] = self.loss_patch_l1(
                done.patches, gt_patches)
        if percep:
            losses['loss_patch_percep'], _ = percep(done.patches, gt_patches)
        if self.loss_patch_dist:
            textures, memory = (done.retrieval.textures,
                                done.retrieval.memory.patches)
            fake, = self._patch_logits(done.patches)
            with torch.no_grad():
                real, texture, memory_logits = self._patch_logits(
                    gt_patches, textures.flatten(0, 1), memory.flatten(0, 1))
                mean = memory_logits.view(memory.shape[:2]).mean(1)
            losses['loss_patch_dist'] = self.loss_patch_dist.gen_loss(
                fake, real, texture.view(textures.shape[:2]),
                mean[done.cells.image])
        return losses

    def blending_losses(self, done: Completion,
                        mask: Tensor) -> Dict[str, Tensor]:
        """Eq. (9)."""
        if not self.loss_blending:
            return {}
        return dict(
            loss_blend_tv=self.loss_blending.tv_loss(done.out, mask),
            loss_blend_gan=self.loss_blending.gen_loss(
                self.image_disc(done.out)))

    def _patch_logits(self, *groups: Tensor) -> Tuple[Tensor, ...]:
        """C of several groups of patches, in one call."""
        logits = self.patch_disc(torch.cat(groups)).flatten()
        return logits.split([len(group) for group in groups])

    @cached_property
    def loss_patch_percep(self) -> Optional[Module]:
        """MMEditing's perceptual loss; ready at the first training step.

        Only training needs its VGG-19, and no checkpoint should carry it: it
        is built when it is first asked for, and is no child of the model.
        """
        if not self.percep_cfg:
            return None
        try:
            loss = MODELS.build(self.percep_cfg)
        except (URLError, OSError) as error:
            raise FileNotFoundError(
                'the VGG-19 weights of loss_patch_percep are neither cached '
                f'nor downloadable ({error}): put vgg19-dcbb9e9d.pth into '
                '$TORCH_HOME/hub/checkpoints (~/.cache/torch without '
                'TORCH_HOME), or set model.loss_patch_percep=None.') from None
        return loss.to(self.data_preprocessor.device)

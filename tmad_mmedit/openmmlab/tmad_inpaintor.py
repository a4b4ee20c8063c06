from contextlib import AbstractContextManager
from functools import partial
from typing import Optional, Union

import torch
from mmedit.models.utils import set_requires_grad
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.dist import get_rank, get_world_size
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.runner.checkpoint import get_state_dict
from torch import Tensor

from ..models.by_parts import complete_by_parts
from ..models.checks import (
    check_checkpoint,
    check_losses,
    check_parts,
    check_preprocessor,
    check_shapes,
    check_values,
    with_defaults,
)
from ..models.completion import Completion
from ..models.ops.cells import Cells
from ..models.synthesis.painting import paint, paint_overlapped
from ..models.synthesis.patches import extract, hole_cells, sample_cells
from .coarse.coarse_stage import CoarseStage
from .coarse.pretrained import unwrapped
from .training.parts import build_training, with_earlier_names
from .training.stepping import check_is_due, gradients_apart, iteration

TRAIN_CFG = dict(
    pretrain_iters=0,
    patches_per_image=25,
    coarse_pixels=None,
    seed=0,
    check_interval=10)
TEST_CFG = dict(
    seed=0,
    coarse_pixels=1024 * 1024,
    patches_at_once=64,
    overlap=False,
    surroundings=None)
SURROUNDINGS = dict(pixels=256, times=(2.5, 4.))


@MODELS.register_module()
class TMADInpaintor(BaseModel):
    """Texture Memory-Augmented Deep Patch-Based Image Inpainting.

    Coarse stage, texture memory, retrieval, patch synthesis, paste:
    :meth:`complete` says in which order, and all else goes through it. Images
    are RGB in [-1, 1], masks 1 = hole, and the hole of a masked image is 0.

    Args:
        data_preprocessor (dict): Mean and std 127.5, order RGB.
        coarse (dict): Config of any MMEditing inpaintor, unchanged.
        retriever (dict): Config of the texture retriever.
        psnet (dict): Config of the patch synthesis network.
        correspondence (dict, optional): Config of a
            :class:`CorrespondenceNet`, for a :class:`CoherentRetriever`.
        blend (dict, optional): Config of what makes a picture of the shifts
            that such a retriever chooses. PSNet then sees that picture in
            place of the coarse result.
        coarse_cfg (dict, optional): How T-MAD uses the coarse inpaintor,
            arguments of :class:`CoarseStage`.
        training (dict, optional): All that inference does not need, None for
            a model that is not to be trained. ``patch_disc``, the
            discriminator C of single patches: (P, 3, s, s) to (P, 1);
            ``image_disc``, of whole images; the losses ``loss_coarse_hole``,
            ``loss_coarse_valid`` of Eq. (1), ``loss_patch_l1``,
            ``loss_patch_percep``, ``loss_patch_dist`` of Eq. (8) and
            ``loss_blending``, Eq. (9); not the paper's,
            ``loss_coarse_pyramid`` and ``loss_correspondence``. One that is
            None is not asked for.
        train_cfg (dict, optional): ``pretrain_iters``, in which only the
            coarse stage is trained (0); ``patches_per_image``, P (25);
            ``coarse_pixels``, of which the coarse stage sees a reduced copy
            (None: it sees the image); ``seed`` of the draws (0);
            ``check_interval`` (10), in iterations: checks of what is on the
            device wait for it, and are made in the first and each 10th.
        test_cfg (dict, optional): ``seed`` of the memory's draw (0), and what
            bounds a prediction's memory: ``coarse_pixels``, of which the
            coarse stage sees a reduced copy (1024 x 1024), and
            ``patches_at_once`` (64); ``overlap`` of the patches by half,
            blended against seams, for four times the work (False); for a
            memory of shifts ``surroundings``, ``dict(pixels=256,
            times=(2.5, 4.))``, from how much around a hole it is painted,
            see :func:`parts` (None: from all).
        init_cfg (dict, optional): As for every mmengine module.
        earlier: What belongs into ``training``, where configs had it before.
    """

    def __init__(self,
                 data_preprocessor: dict,
                 coarse: dict,
                 retriever: dict,
                 psnet: dict,
                 correspondence: Optional[dict] = None,
                 blend: Optional[dict] = None,
                 coarse_cfg: Optional[dict] = None,
                 training: Optional[dict] = None,
                 train_cfg: Optional[dict] = None,
                 test_cfg: Optional[dict] = None,
                 init_cfg: Optional[dict] = None,
                 **earlier: Optional[dict]) -> None:
        super().__init__(data_preprocessor, init_cfg)
        check_preprocessor(self.data_preprocessor)
        self.coarse = CoarseStage(coarse, **(coarse_cfg or {}))
        self.retriever = MODELS.build(retriever)
        self.psnet = MODELS.build(psnet)
        self.correspondence, self.blend = (
            MODELS.build(part) if part else None
            for part in (correspondence, blend))
        self.patch_size = self.retriever.patch_size

        # discriminators are children of the model: wrappers for several
        # processes and optimizers are made of these
        self.objective, self.patch_disc, self.image_disc = build_training(
            with_earlier_names(training, earlier))
        self.train_cfg = with_defaults(
            train_cfg, TRAIN_CFG, 'model.train_cfg')
        self.test_cfg = with_defaults(test_cfg, TEST_CFG, 'model.test_cfg')
        if self.test_cfg['surroundings'] is not None:
            self.test_cfg['surroundings'] = with_defaults(
                self.test_cfg['surroundings'], SURROUNDINGS,
                'model.test_cfg.surroundings')
        check_parts(self)
        # a frozen stage that no loss of known pixels judges
        self._hole_only = self.coarse.frozen and not (
            self.objective and self.objective.coarse_valid)
        self._register_load_state_dict_pre_hook(self._accept_checkpoint)

    def complete(self,
                 masked_img: Tensor,
                 mask: Tensor,
                 cells: Optional[Cells] = None,
                 generator: Optional[torch.Generator] = None,
                 coarse_pixels: Optional[int] = None,
                 hole_only: bool = False,
                 shared_draw: bool = False,
                 overlap: bool = False,
                 at_once: Optional[int] = None,
                 keep_retrieval: bool = True) -> Completion:
        """The steps of T-MAD, in their order.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            cells (Cells, optional): Which cells to synthesise. Defaults to
                all that touch the hole.
            generator (torch.Generator, optional): Of the memory's draw.
            coarse_pixels (int, optional): Of a larger image the coarse stage
                sees a copy reduced to so many.
            hole_only (bool): Of the coarse result only the hole is wanted.
            shared_draw (bool): One draw for all images, so that the result
                does not depend on the batch.
            overlap (bool): Patches overlap by half, on four grids of their
                own.
            at_once (int, optional): Patches at a time. Defaults to all.
            keep_retrieval (bool): Whether the textures of all patches are
                kept.

        Returns:
            Completion: Hole pixels outside the cells keep the coarse result;
            known pixels are the input's.
        """
        hole = mask.bool()
        coarse = self.coarse(masked_img, mask, coarse_pixels, hole_only)
        comp = coarse.where(hole, masked_img)
        if hole_only:
            coarse = comp

        # in a wrapper for several processes only calls reach a child; its call
        # below has the gradients of phi exchanged as well
        retriever = getattr(self.retriever, 'module', self.retriever)
        known = masked_img, mask, comp
        if self.correspondence:
            known = *known, self.correspondence(comp, mask)
        memory = retriever.remember(
            *known, generator=generator, shared_draw=shared_draw)

        context = comp
        if self.blend:
            context = self.blend(comp, masked_img, mask, memory.shift[:, 0],
                                 memory.window)
            if memory.soft is not None:
                context = context + memory.soft

        def retrieve(query, cells):
            return self.retriever(query, memory, cells)

        painted = paint_overlapped if overlap else partial(paint, cells=cells)
        out, *made = painted(
            context,
            mask,
            self.patch_size,
            self.psnet,
            retrieve,
            at_once=at_once,
            keep_retrieval=keep_retrieval)
        return Completion(coarse, comp, memory, *made,
                          out.where(hole, masked_img))

    def inpaint(self,
                inputs: Tensor,
                data_samples: EditDataSample,
                keep_retrieval: bool = False) -> Completion:
        """:meth:`complete` as ``test_cfg`` says, after a check of the batch.

        Args:
            inputs, data_samples: See :meth:`forward`.
            keep_retrieval (bool): See :meth:`complete`. Defaults to False.
        """
        mask = data_samples.mask.to(inputs)
        check_shapes(inputs, mask)
        check_values(inputs, mask)
        cfg = self.test_cfg
        complete = partial(
            self.complete,
            generator=self._generator(cfg['seed']),
            coarse_pixels=cfg['coarse_pixels'],
            hole_only=True,
            shared_draw=True,
            overlap=cfg['overlap'],
            at_once=cfg['patches_at_once'],
            keep_retrieval=keep_retrieval)
        if cfg['surroundings'] is None:
            return complete(inputs, mask)
        return complete_by_parts(complete, inputs, mask, **cfg['surroundings'])

    def forward(
        self,
        inputs: Tensor,
        data_samples: EditDataSample,
        mode: str = 'tensor'
    ) -> Union[tuple[Tensor, Tensor], list[EditDataSample]]:
        """Inpaint a batch, as MMEditing's inpaintors do.

        Args:
            inputs (Tensor): I_m, (N, 3, H, W), any size, RGB in [-1, 1], 0
                in the hole: what ``data_preprocessor`` returns.
            data_samples (EditDataSample): Stacked; ``mask``, (N, 1, H, W),
                1 = hole.
            mode (str): ``tensor`` or ``predict``. Defaults to ``tensor``.

        Returns:
            tuple[Tensor, Tensor] or list[EditDataSample]: For ``tensor``
            I_comp and I_out, (N, 3, H, W), both the image outside the hole.
            For ``predict`` the data samples with ``output.pred_img``, BGR in
            [0, 255], (3, H, W), and ``output.coarse_img``, I_comp, beside it.

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
            data_samples: EditDataSample) -> tuple[Tensor, Tensor]:
        """I_comp and I_out, (N, 3, H, W) each; see :meth:`forward`."""
        done = self.inpaint(inputs, data_samples)
        return done.comp, done.out

    def predict(self, inputs: Tensor,
                data_samples: EditDataSample) -> list[EditDataSample]:
        """Data samples with their outputs; see :meth:`forward`."""
        done = self.inpaint(inputs, data_samples)

        def destruct(x):
            return self.data_preprocessor.destruct(x, data_samples)

        out = destruct(done.out)
        predictions = EditDataSample(
            fake_res=out, fake_img=out, pred_img=out,
            coarse_img=destruct(done.comp)).split()
        data_samples.set_tensor_data(dict(input=destruct(inputs)))
        data_samples = data_samples.split()
        for data_sample, prediction in zip(data_samples, predictions):
            data_sample.output = prediction
        return data_samples

    def train_step(self, data: Union[dict, list],
                   optim_wrapper: OptimWrapperDict) -> dict[str, Tensor]:
        """Coarse pre-training, then a discriminator and a generator step.

        One generator forward serves both. The draws depend on the seed, the
        iteration and the rank only, so that a resumed run draws the same.

        Args:
            data (dict): A batch from the data loader.
            optim_wrapper (OptimWrapperDict): ``generator`` and ``disc``.

        Returns:
            dict[str, Tensor]: Losses by name, for the logger.
        """
        if self.objective is None:
            raise ValueError('the model was built without training=dict(...): '
                             'give it the losses to be trained by.')
        data = self.data_preprocessor(data, True)
        masked_img, gt_img = data['inputs'], data['data_samples'].gt_img
        mask = data['data_samples'].mask.to(masked_img)
        check_shapes(masked_img, mask)
        if check_is_due(self.train_cfg['check_interval']):
            check_values(masked_img, mask)
        self.objective.prepare(masked_img.device)
        generator = optim_wrapper['generator']
        coarse_pixels = self.train_cfg['coarse_pixels']
        if iteration() < self.train_cfg['pretrain_iters']:
            with generator.optim_context(self):
                coarse = self.coarse(masked_img, mask, coarse_pixels)
                losses = self.objective.coarse(coarse, gt_img, mask)
            return self._update(generator, losses)
        if not self.objective.judges_patches:
            with generator.optim_context(self):
                coarse = self.coarse(masked_img, mask, coarse_pixels)
                comp = coarse.where(mask.bool(), masked_img)
                losses = {
                    **self.objective.coarse(coarse, gt_img, mask),
                    **self.objective.match(
                        self.correspondence(comp, mask), gt_img, mask)
                }
            return self._update(generator, losses)

        draw = self._generator(
            self.train_cfg['seed'],
            iteration() * get_world_size() + get_rank())
        cells = sample_cells(
            hole_cells(mask, self.patch_size), self.patch_size,
            self.train_cfg['patches_per_image'], draw)
        discs = [d for d in (self.patch_disc, self.image_disc) if d]
        log_vars = {}
        with generator.optim_context(self):
            done = self.complete(masked_img, mask, cells, draw, coarse_pixels,
                                 self._hole_only)
            gt_patches = extract(gt_img, cells, self.patch_size)
        if discs:
            set_requires_grad(discs, True)
            with optim_wrapper['disc'].optim_context(self):
                losses = self.objective.disc(done, gt_img, gt_patches,
                                             self.patch_disc, self.image_disc)
            log_vars.update(self._update(optim_wrapper['disc'], losses))
            set_requires_grad(discs, False)
        with generator.optim_context(self):
            losses = {
                **self.objective.coarse(done.coarse, gt_img, mask),
                **self.objective.match(
                    getattr(done.memory, 'correspondence', None), gt_img,
                    mask),
                **self.objective.patch(done, gt_patches, self.patch_disc),
                **self.objective.blend(done, mask, self.image_disc)
            }
        log_vars.update(self._update(generator, losses))
        return log_vars

    def no_sync(self) -> AbstractContextManager:
        """The context that optimizer wrappers enter while they accumulate
        gradients."""
        return gradients_apart(self)

    def _update(self, optim_wrapper: OptimWrapper,
                losses: dict[str, Tensor]) -> dict[str, Tensor]:
        if check_is_due(self.train_cfg['check_interval']):
            check_losses(losses, iteration())
        loss, log_vars = self.parse_losses(losses)
        optim_wrapper.update_params(loss)
        return log_vars

    @staticmethod
    def _generator(seed: int, step: int = 0) -> torch.Generator:
        return torch.Generator().manual_seed(seed * 1_000_003 + step)

    def _accept_checkpoint(self, state_dict: dict[str, Tensor], prefix: str,
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

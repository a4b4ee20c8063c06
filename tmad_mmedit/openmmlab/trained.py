"""What the registered inpaintors share: MMEditing's calls, and one train
step."""
from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Optional, Union

import torch
from mmengine.dist import get_rank, get_world_size
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.runner.checkpoint import get_state_dict
from torch import Tensor

from ..checkpoints import unwrapped
from ..load import BEFORE, NOW
from ..models.ops.cells import Cells
from ..models.paper import draw_generator
from ..models.synthesis.patches import hole_cells, sample_cells
from .checks import (
    check_checkpoint,
    check_losses,
    check_preprocessor,
    check_shapes,
    check_values,
    with_defaults,
)
from .coarse.coarse_stage import InpaintorStage
from .host import DataSample, set_requires_grad
from .training.parts import build_training
from .training.schedule import check_is_due, gradients_apart, iteration

TRAIN_CFG = dict(
    pretrain_iters=0,
    patches_per_image=25,
    coarse_pixels=None,
    seed=0,
    check_interval=10)


class TrainedInpaintor(BaseModel):
    """A method of T-MAD as an inpaintor of MMEditing.

    The registered classes have the parts of their method as children of their
    own, since mmengine wraps and optimises the children of a model; its steps,
    ``complete`` and ``inpaint``, are those of the method's class.

    Args:
        data_preprocessor (dict): Mean and std 127.5, order RGB.
        coarse (dict): Config of any inpaintor of MMEditing's, unchanged.
        coarse_cfg (dict, optional): How T-MAD uses the coarse inpaintor,
            arguments of :class:`InpaintorStage`.
        training (dict, optional): All that inference does not need, None for
            a model that is not to be trained; see :func:`build_training`.
        train_cfg (dict, optional): ``pretrain_iters``, in which only the
            coarse stage is trained (0); ``patches_per_image``, P (25);
            ``coarse_pixels``, of which the coarse stage sees a reduced copy
            (None: it sees the image); ``seed`` of the draws (0);
            ``check_interval`` (10), in iterations: checks of what is on the
            device wait for it, and are made in the first and each 10th.
        init_cfg (dict, optional): As for every mmengine module.
    """
    patch_size = 32  # of the cells that losses of patches look at

    def __init__(self,
                 data_preprocessor: dict,
                 coarse: dict,
                 coarse_cfg: Optional[dict] = None,
                 training: Optional[dict] = None,
                 train_cfg: Optional[dict] = None,
                 init_cfg: Optional[dict] = None) -> None:
        super().__init__(data_preprocessor, init_cfg)
        check_preprocessor(self.data_preprocessor)
        self.coarse = InpaintorStage(coarse, **(coarse_cfg or {}))
        self.train_cfg = with_defaults(
            train_cfg, TRAIN_CFG, 'model.train_cfg')
        pretrain_iters = self.train_cfg['pretrain_iters']
        if self.coarse.frozen and pretrain_iters:
            raise ValueError(
                'the coarse stage is frozen, and is to be trained alone for '
                f'pretrain_iters={pretrain_iters} iterations: set '
                'model.train_cfg.pretrain_iters=0.')
        # discriminators are children of the model: wrappers for several
        # processes and optimizers are made of these
        self.objective, self.patch_disc, self.image_disc = build_training(
            training)
        # a frozen stage that no loss of known pixels judges
        self._hole_only = self.coarse.frozen and not (
            self.objective and self.objective.judges_known)
        self._register_load_state_dict_pre_hook(self._accept_checkpoint)

    @abstractmethod
    def complete_for_training(self, masked_img: Tensor, mask: Tensor,
                              cells: Cells, draw: torch.Generator,
                              settings: dict[str, Any]) -> NamedTuple:
        """Take the steps of the method as training needs them.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            cells (Cells): Which losses of patches look at.
            draw (torch.Generator): Of what is drawn.
            settings (dict): ``coarse_pixels`` and ``hole_only``.

        Returns:
            NamedTuple: The method's trace, with ``cells`` and ``patches``.
        """

    def forward(self,
                inputs: Tensor,
                data_samples: Any,
                mode: str = 'tensor') -> Union[tuple[Tensor, Tensor], list]:
        """Inpaint a batch, as MMEditing's inpaintors do.

        Args:
            inputs (Tensor): I_m, (N, 3, H, W), any size, RGB in [-1, 1], 0
                in the hole: what ``data_preprocessor`` returns.
            data_samples: Stacked; ``mask``, (N, 1, H, W), 1 = hole.
            mode (str): ``tensor`` or ``predict``. Defaults to ``tensor``.

        Returns:
            tuple[Tensor, Tensor] or list: For ``tensor`` I_comp and I_out,
            (N, 3, H, W), both the image outside the hole. For ``predict`` the
            data samples with ``output.pred_img``, BGR in [0, 255], (3, H, W),
            and ``output.coarse_img``, I_comp, beside it.

        Raises:
            ValueError: For another mode, or inputs that do not fit.
        """
        if mode == 'tensor':
            return self.forward_tensor(inputs, data_samples)
        if mode == 'predict':
            return self.predict(inputs, data_samples)
        raise ValueError(f'mode {mode!r} is unknown to '
                         f"{type(self).__name__}: use 'tensor' or 'predict'; "
                         'training goes through train_step.')

    def forward_tensor(self, inputs: Tensor,
                       data_samples: Any) -> tuple[Tensor, Tensor]:
        """Return I_comp and I_out, (N, 3, H, W) each; see :meth:`forward`."""
        done = self._checked(inputs, data_samples)
        return done.comp, done.out

    def predict(self, inputs: Tensor, data_samples: Any) -> list:
        """Return data samples with their outputs; see :meth:`forward`."""
        done = self._checked(inputs, data_samples)

        def destruct(x):
            return self.data_preprocessor.destruct(x, data_samples)

        out = destruct(done.out)
        predictions = DataSample(
            fake_res=out, fake_img=out, pred_img=out,
            coarse_img=destruct(done.comp)).split()
        data_samples.set_tensor_data(dict(input=destruct(inputs)))
        data_samples = data_samples.split()
        for data_sample, prediction in zip(data_samples, predictions):
            data_sample.output = prediction
        return data_samples

    def _checked(self, inputs: Tensor, data_samples: Any) -> NamedTuple:
        mask = data_samples.mask.to(inputs)
        check_shapes(inputs, mask)
        check_values(inputs, mask)
        return self.inpaint(inputs, mask)

    def train_step(self, data: Union[dict, list],
                   optim_wrapper: OptimWrapperDict) -> dict[str, Tensor]:
        """Take a step: first of the coarse stage alone, later of the
        discriminators and the generator.

        One generator forward serves both. The draws depend on the seed, the
        iteration and the rank only, so that a resumed run draws the same.

        Args:
            data (dict): A batch from the data loader.
            optim_wrapper (OptimWrapperDict): ``generator`` and ``disc``.

        Returns:
            dict[str, Tensor]: Losses by name, for the logger.
        """
        objective, cfg = self.objective, self.train_cfg
        if objective is None:
            raise ValueError('the model was built without training=dict(...): '
                             'give it the losses to be trained by.')
        data = self.data_preprocessor(data, True)
        masked_img, gt_img = data['inputs'], data['data_samples'].gt_img
        mask = data['data_samples'].mask.to(masked_img)
        check_shapes(masked_img, mask)
        if check_is_due(cfg['check_interval']):
            check_values(masked_img, mask)
        objective.prepare(masked_img.device)
        generator = optim_wrapper['generator']
        if iteration() < cfg['pretrain_iters']:
            with generator.optim_context(self):
                coarse = self.coarse(masked_img, mask, cfg['coarse_pixels'])
                losses = objective.coarse(coarse, gt_img, mask)
            return self._update(generator, losses)

        draw = draw_generator(
            cfg['seed'], iteration() * get_world_size() + get_rank())
        cells = sample_cells(
            hole_cells(mask, self.patch_size), self.patch_size,
            cfg['patches_per_image'], draw)
        with generator.optim_context(self):
            done = self.complete_for_training(
                masked_img, mask, cells, draw,
                dict(coarse_pixels=cfg['coarse_pixels'],
                     hole_only=self._hole_only))
        discs = [d for d in (self.patch_disc, self.image_disc) if d]
        log_vars = {}
        if discs:
            set_requires_grad(discs, True)
            with optim_wrapper['disc'].optim_context(self):
                losses = objective.disc(done, gt_img, self.patch_disc,
                                        self.image_disc)
            log_vars.update(self._update(optim_wrapper['disc'], losses))
            set_requires_grad(discs, False)
        with generator.optim_context(self):
            losses = objective(done, gt_img, mask, self.patch_disc,
                               self.image_disc)
        log_vars.update(self._update(generator, losses))
        return log_vars

    def no_sync(self) -> AbstractContextManager:
        """Return the context that optimizer wrappers enter while they
        accumulate gradients."""
        return gradients_apart(self)

    def _update(self, optim_wrapper: OptimWrapper,
                losses: dict[str, Tensor]) -> dict[str, Tensor]:
        if check_is_due(self.train_cfg['check_interval']):
            check_losses(losses, iteration())
        loss, log_vars = self.parse_losses(losses)
        optim_wrapper.update_params(loss)
        return log_vars

    def _accept_checkpoint(self, state_dict: dict[str, Tensor], prefix: str,
                           *_) -> None:
        """Let a model file, or a checkpoint of the bare coarse inpaintor, load
        as the coarse stage, and refuse those of other models."""
        own = get_state_dict(self)  # sees through wrappers of the children
        for key in list(state_dict):
            if key.startswith(prefix + NOW):
                stands = BEFORE + key[len(prefix + NOW):]
                state_dict[prefix + stands] = state_dict.pop(key)
        if not any(prefix + key in state_dict for key in own):
            for key in list(state_dict):
                stands = f'coarse.inpaintor.{unwrapped(key)}'
                if stands in own:
                    state_dict[prefix + stands] = state_dict.pop(key)
        check_checkpoint({prefix + k: v.shape for k, v in own.items()},
                         state_dict)

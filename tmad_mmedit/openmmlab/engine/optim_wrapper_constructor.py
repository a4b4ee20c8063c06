from collections.abc import Sequence

from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapperDict
from mmengine.registry import OPTIM_WRAPPER_CONSTRUCTORS
from torch import nn


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class GroupedOptimWrapperConstructor:
    """One optimizer wrapper for several children of the model.

    MMEditing's ``MultiOptimWrapperConstructor`` makes a wrapper per child.
    One loss that reaches several children needs one wrapper over them: AMP
    scales a loss once, and it is accumulated once. Children that are frozen
    get no optimizer state.

    Args:
        optim_wrapper_cfg (dict): A config of an optimizer wrapper per group,
            each with ``children``, the names of the model's children in it,
            and optionally ``paramwise_cfg``.
        paramwise_cfg (None): To be given in the groups.

    Raises:
        ValueError: If a named child does not exist.
    """

    def __init__(self, optim_wrapper_cfg: dict[str, dict],
                 paramwise_cfg: None = None) -> None:
        if paramwise_cfg is not None:
            raise ValueError(
                'paramwise_cfg belongs into the groups of optim_wrapper '
                f'({", ".join(optim_wrapper_cfg)}).')
        self.groups = optim_wrapper_cfg

    def __call__(self, model: nn.Module) -> OptimWrapperDict:
        model = getattr(model, 'module', model)
        return OptimWrapperDict(
            **{
                name: self._build(model, **cfg)
                for name, cfg in self.groups.items()
            })

    @staticmethod
    def _build(model: nn.Module, children: Sequence[str],
               paramwise_cfg: dict = None, **cfg):
        modules = dict(model.named_children())
        missing = [name for name in children if name not in modules]
        if missing:
            raise ValueError(
                f'optim_wrapper names {", ".join(missing)}, but the model has '
                f'{", ".join(modules)}: drop it from children.')
        trained = nn.ModuleDict({
            name: modules[name]
            for name in children
            if any(p.requires_grad for p in modules[name].parameters())
        })
        return DefaultOptimWrapperConstructor(cfg, paramwise_cfg)(trained)

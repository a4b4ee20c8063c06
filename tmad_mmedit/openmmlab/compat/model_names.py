from typing import Any, Optional

from mmedit.apis.inferencers import MMEditInferencer
from mmedit.edit import MMEdit
from mmengine.registry import init_default_scope

from .. import published


def mmedit_does_not_find_its_models() -> None:
    """mmedit 1.0.0rc7: ``MMEdit`` looks for its configs beside the package,
    where a checkout has them, and not where a wheel has them (mmagic issue
    1814), and stops before it looks for ours.

    ``MMEdit('tmad')`` goes past that; every other name is left to it.
    """
    upstream = MMEdit.__init__

    def __init__(self,
                 model_name: Optional[str] = None,
                 model_setting: Optional[int] = None,
                 model_config: Optional[str] = None,
                 model_ckpt: Optional[str] = None,
                 device: Any = None,
                 extra_parameters: Optional[dict] = None,
                 seed: int = 2022,
                 **kwargs: Any) -> None:
        if model_name != published.NAME:
            upstream(self, model_name, model_setting, model_config,
                     model_ckpt, device, extra_parameters, seed, **kwargs)
            return
        init_default_scope('mmedit')
        self.inferencer = MMEditInferencer(
            **published.inferencer_settings(model_setting, model_config,
                                            model_ckpt),
            device=device,
            seed=seed,
            extra_parameters=extra_parameters)

    MMEdit.__init__ = __init__

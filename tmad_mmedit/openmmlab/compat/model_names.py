from pathlib import Path
from typing import Any, Optional

import yaml
from mmedit.apis.inferencers import MMEditInferencer
from mmedit.edit import MMEdit
from mmengine.registry import init_default_scope

from ..configs import PACKAGE, configs_folder

OURS = 'tmad'


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
        if model_name != OURS:
            upstream(self, model_name, model_setting, model_config,
                     model_ckpt, device, extra_parameters, seed, **kwargs)
            return
        setting = setting_of(model_setting)
        init_default_scope('mmedit')
        checkpoint = model_ckpt or setting['Weights']
        if checkpoint is None:
            raise ValueError(
                f'no weights of {setting["Name"]} are published yet: give '
                'model_ckpt, the checkpoint of your training.')
        self.inferencer = MMEditInferencer(
            config=model_config or setting['Config'],
            ckpt=checkpoint,
            task=setting['Results'][0]['Task'],
            device=device,
            seed=seed,
            extra_parameters=extra_parameters)

    MMEdit.__init__ = __init__


def setting_of(number: Optional[int]) -> dict[str, Any]:
    """Return an entry of our metafile, with files where they are.

    Args:
        number (int, optional): Which; None: the first with weights.

    Raises:
        ValueError: If there is none of that number.
    """
    folder = configs_folder()
    text = (folder / 'metafile.yml').read_text(encoding='utf-8')
    settings = yaml.safe_load(text)['Models']
    for setting in settings:
        weights = setting.setdefault('Weights')
        if weights:  # shipped with us
            setting['Weights'] = str(PACKAGE.parent / weights)
        setting['Config'] = str(folder.parent / Path(setting['Config']))
    if number is None:
        return next((x for x in settings if x['Weights']), settings[0])
    if number not in range(len(settings)):
        raise ValueError(f'model_setting={number}: expected one of our '
                         f'configs, 0 to {len(settings) - 1}.')
    return settings[number]

"""Our models as the hosts' calls by name want them."""
from pathlib import Path
from typing import Any, Optional, Union

import yaml

from .configs import PACKAGE, configs_folder

NAME = 'tmad'  # of all of ours


def inferencer_settings(setting: Union[int, str, None] = None,
                        config: Optional[str] = None,
                        checkpoint: Optional[str] = None) -> dict[str, str]:
    """Return ``config``, ``ckpt`` and ``task`` of a host's inferencer.

    Args:
        setting (int or str, optional): Which entry of our metafile, its number
            or its name; None: the first with weights.
        config (str, optional): In place of the entry's.
        checkpoint (str, optional): In place of the entry's.

    Raises:
        ValueError: If there is no such entry, or no checkpoint.
    """
    entry = setting_of(setting)
    checkpoint = checkpoint or entry['Weights']
    if checkpoint is None:
        raise ValueError(
            f'no weights of {entry["Name"]} are published yet: give '
            'model_ckpt, the checkpoint of your training.')
    return dict(config=config or entry['Config'], ckpt=checkpoint,
                task=entry['Results'][0]['Task'])


def setting_of(setting: Union[int, str, None]) -> dict[str, Any]:
    """Return an entry of our metafile, with files where they are.

    Args:
        setting (int or str, optional): See :func:`inferencer_settings`.

    Raises:
        ValueError: If there is none of that number or name.
    """
    folder = configs_folder()
    text = (folder / 'metafile.yml').read_text(encoding='utf-8')
    settings = yaml.safe_load(text)['Models']
    for entry in settings:
        weights = entry.setdefault('Weights')
        if weights:  # shipped with us
            entry['Weights'] = str(PACKAGE.parent / weights)
        entry['Config'] = str(folder.parent / Path(entry['Config']))
    if setting is None:
        return next((x for x in settings if x['Weights']), settings[0])
    if isinstance(setting, str):
        named = {entry['Name']: entry for entry in settings}
        if setting not in named:
            raise ValueError(f'config_name={setting}: expected one of '
                             f'{", ".join(named)}.')
        return named[setting]
    if setting not in range(len(settings)):
        raise ValueError(f'model_setting={setting}: expected one of our '
                         f'configs, 0 to {len(settings) - 1}.')
    return settings[setting]

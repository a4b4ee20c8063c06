"""The configs and weights that the package carries."""
from pathlib import Path
from typing import Dict, Union

from mmengine.config import Config

DEFAULT = 'tmad_natural_half_grain'
WEIGHTS = Path(__file__).parents[1] / 'weights'


def shipped_configs() -> Dict[str, Path]:
    """Leaf configs by name, of a wheel or of a checkout."""
    package = Path(__file__).parents[1]
    folder = package / '.mim' / 'configs'
    if not folder.is_dir():
        folder = package.parent / 'configs'
    return {path.stem: path for path in sorted(folder.glob('*.py'))}


def read_config(config: Union[str, Path, Config]) -> Config:
    """A config, its file, or the name of a shipped one.

    Raises:
        FileNotFoundError: If there is none.
    """
    if isinstance(config, Config):
        return config
    path = Path(config)
    if not path.is_file():
        shipped = shipped_configs()
        if str(config) not in shipped:
            raise FileNotFoundError(
                f'config {config} is not there: give a file, or one of '
                f'{", ".join(shipped)}.')
        path = shipped[str(config)]
    return Config.fromfile(path)


def shipped_weights(config: Config) -> Path:
    """The weights that are shipped for a config.

    Raises:
        FileNotFoundError: If there are none.
    """
    name = Path(config.filename or 'of no file').stem
    path = WEIGHTS / f'{name}.safetensors'
    if not path.is_file():
        raise FileNotFoundError(
            f'no weights are shipped for config {name}: give a checkpoint of '
            f'its training, or the config {DEFAULT}.')
    return path

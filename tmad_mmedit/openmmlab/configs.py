"""The configs and weights that the package carries."""
from pathlib import Path
from typing import Union

from mmengine.config import Config

DEFAULT = 'tmad-coherent_natural'
WEIGHTS = Path(__file__).parents[1] / 'weights'


def configs_folder() -> Path:
    """Where the configs are: in a wheel, else in a checkout."""
    package = Path(__file__).parents[1]
    carried = package / '.mim' / 'configs'
    return carried if carried.is_dir() else package.parent / 'configs'


def shipped_configs() -> dict[str, Path]:
    """Leaf configs by name; the file's own name, which no two share."""
    folder = configs_folder()
    paths = sorted(path for path in folder.rglob('*.py')
                   if '_base_' not in path.relative_to(folder).parts)
    # those of the folder itself first
    paths.sort(key=lambda path: path.parent != folder)
    return {path.stem: path for path in paths}


def find_config(name: str) -> Path:
    """The file of a shipped config.

    Args:
        name (str): Such as 'tmad_places', or 'ablations/k1', or 'k1'.

    Raises:
        FileNotFoundError: If there is none.
    """
    shipped = shipped_configs()
    path = shipped.get(name.rsplit('/', 1)[-1])
    if path is None or name not in (path.stem, listed(path)):
        raise FileNotFoundError(f'config {name} is not there: give a file, or '
                                f'one of {", ".join(shipped)}.')
    return path


def listed(path: Path) -> str:
    """A shipped config's name with its folder: 'ablations/k1'."""
    return path.relative_to(configs_folder()).with_suffix('').as_posix()


def read_config(config: Union[str, Path, Config]) -> Config:
    """A config, its file, or the name of a shipped one.

    Raises:
        FileNotFoundError: If there is none.
    """
    if isinstance(config, Config):
        return config
    path = Path(config)
    if not path.is_file():
        path = find_config(str(config))
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

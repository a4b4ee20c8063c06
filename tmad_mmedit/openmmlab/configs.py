"""The configs that the package carries."""
from pathlib import Path
from typing import Union

from mmengine.config import Config

PACKAGE = Path(__file__).parents[1]


def configs_folder() -> Path:
    """Return where the configs are: in a wheel, else in a checkout."""
    carried = PACKAGE / '.mim' / 'configs'
    return carried if carried.is_dir() else PACKAGE.parent / 'configs'


def shipped_configs() -> dict[str, Path]:
    """Return leaf configs by name; the file's own name, which no two share."""
    folder = configs_folder()
    paths = sorted(path for path in folder.rglob('*.py')
                   if '_base_' not in path.relative_to(folder).parts)
    # those of the folder itself first
    paths.sort(key=lambda path: path.parent != folder)
    return {path.stem: path for path in paths}


def find_config(name: str) -> Path:
    """Find the file of a shipped config.

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
    """Return a shipped config's name with its folder: 'ablations/k1'."""
    return path.relative_to(configs_folder()).with_suffix('').as_posix()


def read_config(config: Union[str, Path, Config]) -> Config:
    """Read a config, its file, or the one of a name of ours.

    Raises:
        FileNotFoundError: If there is none.
    """
    if isinstance(config, Config):
        return config
    path = Path(config)
    if not path.is_file():
        path = find_config(str(config))
    return Config.fromfile(path)

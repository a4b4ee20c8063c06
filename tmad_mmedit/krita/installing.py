"""From this package to Krita's folder."""
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Optional

PLUGIN = Path(__file__).parent / 'plugin'


def resources(environ: Mapping = os.environ, platform: str = sys.platform,
              home: Optional[Path] = None) -> Path:
    """Return the folder where Krita keeps what a user adds to it.

    >>> resources({}, 'linux', Path('/home/ann')).as_posix()
    '/home/ann/.local/share/krita'
    """
    home = home or Path.home()
    if platform == 'win32':
        return Path(environ.get('APPDATA') or home / 'AppData/Roaming',
                    'krita')
    if platform == 'darwin':
        return home / 'Library/Application Support/krita'
    return Path(environ.get('XDG_DATA_HOME') or home / '.local/share',
                'krita')


def install(folder: Path) -> Path:
    """Copy the plug-in, and write down which Python has ``tmad``.

    Args:
        folder (Path): Krita's resource folder, which need not be there yet.

    Returns:
        Path: What the plug-in's code is in. An earlier one is replaced.

    Raises:
        OSError: If it cannot be written, in a sentence.
    """
    target = folder / 'pykrita'
    command = [sys.executable, '-m', __package__.partition('.')[0]]
    try:
        shutil.rmtree(target / 'tmad', ignore_errors=True)
        shutil.copytree(PLUGIN, target, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns('__pycache__'))
        (target / 'tmad/command.json').write_text(json.dumps(command))
    except OSError as error:
        raise OSError(f'the plug-in cannot be written to {target} '
                      f'({error.strerror}): give another --folder, the '
                      'resource folder that Krita names in Settings > '
                      'Manage Resources.') from None
    return target / 'tmad'

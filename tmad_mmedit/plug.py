"""The plug, by its entry points: what needs OpenMMLab is imported where it is
asked for, and nothing here knows what it is."""
from importlib.metadata import EntryPoint, distribution
from typing import Any

GROUP = 'tmad_mmedit.openmmlab'
INSTALL = "`pip install 'tmad_mmedit[openmmlab]'`"


def plugged(name: str, what: str) -> Any:
    """Return what the plug has by a name.

    Args:
        name (str): Of its entry point.
        what (str): What asks for it, for the sentence.

    Raises:
        ImportError: If the plug, or what it needs, is not there.
    """
    for point in entry_points():
        if point.name == name:
            try:
                return point.load()
            except ModuleNotFoundError as error:
                if (error.name or '').startswith('tmad_mmedit'):
                    raise
                raise ImportError(f'{what} needs {INSTALL} ({error.name} is '
                                  'missing here).') from None
    raise ImportError(f'{what} needs {INSTALL}.')


def entry_points() -> list[EntryPoint]:
    """Return all entry points of the plug."""
    return [point for point in distribution('tmad_mmedit').entry_points
            if point.group == GROUP]

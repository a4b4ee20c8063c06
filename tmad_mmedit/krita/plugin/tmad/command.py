"""The command ``tmad``: where it is, running it, and what it says."""
import json
import os
import shutil
import subprocess
from pathlib import Path

BESIDE = Path(__file__).with_name('command.json')  # `tmad krita` writes it
MISSING = ('The command tmad was not found: install it (pip install '
           'tmad_mmedit), then run: tmad krita')
# Krita's own, with which another Python finds the wrong libraries
KRITAS = ('PYTHONHOME', 'PYTHONPATH')
APPIMAGES = ('LD_LIBRARY_PATH', 'QT_PLUGIN_PATH')


class Refusal(Exception):
    """Something that the user can mend, in a sentence."""


def find(beside=BESIDE):
    """Return the command, a list of words.

    Raises:
        Refusal: If there is none.
    """
    try:
        command = json.loads(Path(beside).read_text())
    except (OSError, ValueError):
        command = ['tmad']
    if not shutil.which(command[0]):
        raise Refusal(MISSING)
    return command


def environment(environ):
    """Return it without what is only Krita's."""
    left_out = KRITAS + APPIMAGES * ('APPDIR' in environ)
    return {name: x for name, x in environ.items() if name not in left_out}


class Run:
    """``tmad inpaint`` at work.

    Args:
        folder (Path): With ``photo.png`` and ``mask.png``; takes
            ``result.png`` and ``patch.png``, the hole alone.
        command (list[str]): As :func:`find` returns it.

    Raises:
        Refusal: If it cannot be started.
    """

    def __init__(self, folder, command):
        self.patch = Path(folder, 'patch.png')
        self.said = Path(folder, 'said.txt')
        with open(self.said, 'wb') as said:
            try:
                self.process = subprocess.Popen(
                    [*command, 'inpaint', 'photo.png', 'mask.png', '-o',
                     'result.png', '--patch', self.patch.name], cwd=folder,
                    env=environment(os.environ), stdin=subprocess.DEVNULL,
                    stdout=said, stderr=said, creationflags=getattr(
                        subprocess, 'CREATE_NO_WINDOW', 0))
            except OSError:
                raise Refusal(MISSING) from None

    def done(self):
        return self.process.poll() is not None

    def stop(self):
        self.process.kill()
        self.process.wait()

    def check(self):
        """Return the patch's path.

        Raises:
            Refusal: If there is none, with what the command said.
        """
        code = self.process.wait()
        if code or not self.patch.is_file():
            raise Refusal(sentence(self.said.read_text(errors='replace'),
                                   code))
        return self.patch


def sentence(said, code):
    """Return what went wrong.

    >>> sentence('tmad: mask.png is white all over.', 1)
    'Mask.png is white all over.'
    >>> sentence('...No module named tmad_mmedit', 1) == MISSING
    True
    """
    lines = [x.strip() for x in said.splitlines() if x.strip()]
    if lines and lines[-1].endswith('No module named tmad_mmedit'):
        return MISSING
    own = [x[6:] for x in lines if x.startswith('tmad: ')]
    if own:
        return own[-1][:1].upper() + own[-1][1:]
    last = f' Its last line was: {lines[-1]}' if lines else ''
    return (f'The command tmad ended with {code} before there was a '
            f'result.{last}')

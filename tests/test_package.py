"""What a user imports, and what that imports."""
import re
import subprocess
import sys

import pytest

import tmad_mmedit

OPENMMLAB = {'mmengine', 'mmcv', 'mmedit', 'mmagic', 'mim'}


def imported_by(code):
    """Names of what a fresh process imports for it."""
    done = subprocess.run(
        [sys.executable, '-c', f'import sys\n{code}\n'
         'print(*{name.split(".")[0] for name in sys.modules})'],
        text=True, capture_output=True)
    assert not done.returncode, done.stderr
    return set(done.stdout.split())


def test_the_package_imports_nothing_until_a_name_is_asked_for():
    assert not imported_by('import tmad_mmedit') & {
        'torch', 'numpy', 'PIL', 'cv2', *OPENMMLAB}


def test_painting_imports_nothing_of_openmmlab():
    found = imported_by('from tmad_mmedit import Inpainter, inpaint, Picture')
    assert 'torch' in found and not found & OPENMMLAB


def test_its_names_are_there_and_others_are_not():
    for name in tmad_mmedit.__all__:
        assert getattr(tmad_mmedit, name) is not None
    assert re.match(r'\d+\.\d+', tmad_mmedit.__version__)
    with pytest.raises(AttributeError, match="has no attribute 'Inpaintor'"):
        tmad_mmedit.Inpaintor  # noqa: B018

"""``tmad inpaint --close`` and ``--dilate auto``."""
from argparse import Namespace

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.cli.main import build_parser
from tmad_mmedit.cli.painting import read
from tmad_mmedit.files.jobs import Job
from tmad_mmedit.masks.growing import grown


@pytest.fixture
def job(tmp_path):
    mask = np.zeros((300, 750), bool)
    mask[100:150, 200:250] = mask[100:150, 255:300] = True
    Image.new('RGB', (750, 300)).save(tmp_path / 'photo.png')
    Image.fromarray(mask).save(tmp_path / 'mask.png')
    return Job(tmp_path / 'photo.png', tmp_path / 'mask.png',
               tmp_path / 'out.png'), mask


def options(*given) -> Namespace:
    return build_parser().parse_args(
        ['inpaint', 'photo.png', 'mask.png', '-o', 'out.png', *given])


@pytest.mark.parametrize('given, close, dilate', [
    ([], 0, 0), (['--dilate', 'auto'], 0, 3),
    (['--close', '6', '--dilate', '5'], 6, 5), (['--close', 'auto'], 3, 0)])
def test_the_mask_is_mended(job, given, close, dilate):
    job, mask = job
    _, hole, _ = read(job, options(*given))
    assert np.array_equal(hole, grown(mask, close, dilate=dilate))


@pytest.mark.parametrize('given', [['--close', 'much'], ['--dilate', '-1']])
def test_what_is_no_number_of_pixels_is_said(given, capsys):
    with pytest.raises(SystemExit):
        options(*given)
    assert 'no number of pixels' in capsys.readouterr().err

"""The callable for engines that spread work over machines."""
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, write_model
from tmad_mmedit import Inpainter
from tmad_mmedit.batch import Fill


@pytest.fixture
def model(tmp_path):
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    return tmp_path / 'slim.safetensors'


@pytest.fixture
def rows():
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 80, 60))
    hole = np.zeros((60, 80), np.uint8)
    hole[20:35, 20:45] = 255
    return np.asarray(photo), hole


def as_png(array):
    file = BytesIO()
    Image.fromarray(array).save(file, 'png')
    return file.getvalue()


def test_arrays_and_files_come_back_as_they_came(model, rows):
    photo, hole = rows
    fill = Fill(model)
    one = Inpainter(checkpoint=model)(photo, hole)
    given = dict(image=np.stack([photo, photo]), mask=[hole, hole > 0],
                 name=['a', 'b'])
    made = fill(given)
    assert set(made) == {'name', 'result', 'error'}
    assert made['name'] == ['a', 'b'] and made['error'] == ['', '']
    assert all((x == one).all() for x in made['result'])
    made = fill(dict(image=[as_png(photo)], mask=[as_png(hole)]))
    file = Image.open(BytesIO(made['result'][0]))
    assert file.format == 'PNG' and (np.asarray(file) == one).all()


def test_a_row_that_fails_stops_no_other(model, rows):
    photo, hole = rows
    made = Fill(model)(dict(image=[photo, b'no picture', photo],
                            mask=[hole, as_png(hole), hole * 0]))
    assert made['error'][0] == '' and made['result'][0].shape == photo.shape
    assert made['result'][1] is None and 'no picture' not in made['error'][1]
    assert 'black all over' in made['error'][2]
    with pytest.raises(ValueError, match="no column 'mask'"):
        Fill(model)(dict(image=[photo]))


def test_rows_may_be_led_by_hand(model, rows):
    photo, hole = rows
    hint = np.zeros((60, 80, 4), np.uint8)
    hint[hole > 0] = 0, 90, 0, 255
    made = Fill(model)(dict(image=[photo, photo], mask=[hole, hole],
                            hint=[None, hint]))
    assert made['error'] == ['', '']
    assert (made['result'][0] != made['result'][1]).any()

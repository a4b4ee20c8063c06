"""Pieces of a picture to look at."""
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.web.errors import Gone
from tmad_mmedit.web.session import Session
from tmad_mmedit.web.tiles import SIDE, Tiles, colours_of, levels_of, shown


@pytest.fixture
def session(tmp_path):
    rows, columns = np.mgrid[:700, :1100]
    pixels = np.stack([rows // 5, columns // 8, rows * 0 + 90], -1)
    file = BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, 'PNG')
    return Session(tmp_path, file.getvalue(), 'a.png', 3)


def decoded(tile):
    content, kind = tile
    with Image.open(BytesIO(content)) as image:
        assert image.get_format_mimetype() == kind
        return np.array(image).astype(int)


@pytest.mark.parametrize('size, levels', [
    ((1, 1), 1), ((512, 512), 1), ((513, 2), 2), ((1024, 9), 2),
    ((3000, 4000), 4), ((8000, 8000), 5)])
def test_a_picture_is_halved_until_it_is_one_tile(size, levels):
    assert levels_of(size) == levels
    assert max(-(-x // 2**(levels - 1)) for x in size) <= SIDE


def test_tiles_cover_the_picture(session):
    tiles = Tiles()
    whole = session.picture().stored.astype(int)
    for row in range(2):
        for column in range(3):
            tile = decoded(tiles.tile(session, 0, 0, column, row))
            part = whole[row * SIDE:, column * SIDE:][:SIDE, :SIDE]
            assert tile.shape == part.shape
            assert np.abs(tile - part).max() < 6
    assert decoded(tiles.tile(session, 0, 2, 0, 0)).shape == (175, 275, 3)


@pytest.mark.parametrize('place', [(3, 0, 0), (-1, 0, 0), (0, 3, 0),
                                   (0, 0, 2), (0, -1, 0)])
def test_there_is_no_tile_beyond_it(session, place):
    with pytest.raises(Gone):
        Tiles().tile(session, 0, *place)
    with pytest.raises(Gone):
        Tiles().tile(session, 5, 0, 0, 0)


def test_what_was_looked_at_last_stays(session, monkeypatch):
    tiles = Tiles(most=6e6)  # two of them are 6.1
    hole = np.zeros((700, 1100), bool)
    hole[:9, :9] = True
    for _ in range(2):
        session.add(hole, np.zeros((81, 3), np.uint8), None)
    for version in 0, 1, 0, 2:
        tiles.of(session, version)
    assert list(tiles._kept) == [(session.token, 2)]
    tiles.forget(session.token)
    assert not tiles._kept


@pytest.mark.parametrize('array, channels', [
    (np.zeros((50, 80), np.uint8), 3), (np.zeros((50, 80), np.uint16), 3),
    (np.zeros((50, 80, 3), np.uint16), 3),
    (np.zeros((50, 80, 4), np.uint8), 4)],
    ids=['grey', 'grey16', 'rgb16', 'rgba'])
def test_colours_are_of_8_bits(array, channels):
    colours = colours_of(Picture.of(array))
    assert colours.shape == (50, 80, channels) and colours.dtype == np.uint8


def test_a_profile_goes_along():
    picture = Picture.of(np.zeros((5, 8, 3), np.uint8))
    picture.info['icc_profile'] = b'a profile'
    assert shown(picture).profile == b'a profile'

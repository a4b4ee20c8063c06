"""What is drawn beside the hole: colours, and where not to copy from."""
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT

GREEN, BLUE = (30, 160, 60), (20, 40, 200)
INSIDE = (120, 100), (180, 100)


@pytest.fixture
def halves(tmp_path):
    """A PNG of 300 x 200 pixels, blue, and green at the left."""
    image = Image.new('RGB', (300, 200), BLUE)
    image.paste(GREEN, (0, 0, 60, 200))
    image.save(tmp_path / 'halves.png')
    return tmp_path / 'halves.png'


def said(grey):
    """With the removal that was asked for last."""
    return grey.worker.said[-1]


def layer(page, name):
    return page.of(f'tmad.work.past.of("{name}").length')


def test_a_press_outside_takes_a_colour_up_and_a_stroke_puts_it_down(
        page, grey, halves):
    page.open(halves)
    page.of('tmad.tools.set(60)')
    page.stroke(*INSIDE)
    page.wait_for_growth()
    page.of('tmad.tools.set(10)')
    page.key('c')
    page.stroke((150, 100), (160, 100))
    assert 'Press outside the hole first' in page.error()
    x = page.of('tmad.view.x')
    page.stroke((30, 150), (20, 150))  # takes it up, and does not pan
    assert page.of('tmad.view.x') == x and layer(page, 'hint') == 0
    colour = page.of('tmad.tools.colour')
    taken = [int(colour[n:n + 2], 16) for n in (1, 3, 5)]
    assert np.abs(np.subtract(taken, GREEN)).max() < 4
    page.stroke((140, 100), (160, 100))
    assert layer(page, 'hint') == 1 and page.strokes == 1
    assert np.abs(page.looks(150, 100) - GREEN).max() < 30
    page.remove()
    hint = said(grey).hint
    assert said(grey).barred is None
    assert hint[100, 150, 3] and not hint[110, 150, 3]
    assert np.abs(hint[100, 150, :3] - GREEN).max() < 4
    assert layer(page, 'hint') == 0  # the round has it
    page.press('undo')
    page.wait_for_rounds(0)
    assert layer(page, 'hint') == 1 and page.strokes == 1
    page.press('undo')
    assert layer(page, 'hint') == 0 and page.strokes == 1


@pytest.mark.parametrize('key, name', [('n', 'not_from'), ('o', 'only_from')])
def test_an_area_is_drawn_and_stays_over_rounds(page, grey, halves, key,
                                                name):
    page.open(halves)
    plain = page.looks(250, 50)
    page.key(key)
    page.key('l')
    page.stroke((210, 10), (290, 10), (290, 190), (210, 190))
    assert layer(page, name) == 1 and page.strokes == 0
    assert not page.can('remove')  # there is no hole yet
    assert np.abs(page.looks(250, 50) - plain).max() > 30
    page.key(key)  # again: the hole
    page.key('b')
    for rounds in 1, 2:
        page.stroke((100, 50 * rounds), (120, 50 * rounds))
        page.remove(rounds)
        barred = said(grey).barred
        assert barred[100, 250] == (name == 'not_from')
        assert barred[100, 30] == (name == 'only_from')
    page.press('clear')
    page.stroke((100, 150), (120, 150))
    page.remove(3)
    assert not said(grey)


def test_the_eraser_takes_from_what_is_drawn_on(page, grey, halves):
    page.open(halves)
    page.stroke((100, 100), (200, 100))
    page.key('n')
    page.stroke((100, 40), (200, 40))
    page.key('e')
    page.stroke((90, 100), (210, 100))  # the hole stays
    page.stroke((150, 40), (210, 40))
    page.remove()
    assert page.of('tmad.tools.layer') == 'not_from'
    barred = said(grey).barred
    assert barred[40, 110] and not barred[40, 180]
    assert grey.worker.jobs[-1][0][100, 110:190].all()


def test_layers_are_saved_and_loaded(page, grey, halves, tmp_path):
    page.open(halves)
    page.key('n')
    page.stroke((210, 50), (290, 50))
    page.press('settings')
    with page.page.expect_download() as waiting:
        page.press('saveMask')
    assert waiting.value.suggested_filename == 'halves_not_from.png'
    saved = waiting.value.path().read_bytes()
    with Image.open(BytesIO(saved)) as image:
        assert image.size == (300, 200)
    page.press('clear')
    load(page, saved)
    page.until('tmad.work.past.of("not_from").length === 1')
    page.key('c')
    hint = Image.new('RGBA', (300, 200))
    hint.paste((9, 90, 9, 255), (140, 90, 160, 110))
    file = BytesIO()
    hint.save(file, 'PNG')
    load(page, file.getvalue())
    page.until('tmad.work.past.of("hint").length === 1')
    page.key('m')
    page.key('Escape')
    page.stroke(*INSIDE)
    page.remove()
    assert said(grey).barred[50, 250] and not said(grey).barred[100, 250]
    assert said(grey).hint[100, 150].tolist() == [9, 90, 9, 1]


def load(page, content):
    page.page.set_input_files('#mask', dict(
        name='m.png', mimeType='image/png', buffer=content))


@pytest.mark.parametrize('key, image, sentence', [
    ('c', Image.new('RGB', (300, 200)), 'the hint has no transparency'),
    ('c', Image.new('RGBA', (300, 200)), 'transparent all over'),
    ('c', Image.new('RGBA', (9, 9)), 'hint has 9 x 9 pixels'),
    ('n', Image.new('L', (9, 9), 255), 'not_from has 9 x 9 pixels'),
    ('o', Image.new('L', (300, 200)), 'only_from is black all over'),
    ('n', Image.open(ROOT / 'demo/photos/coffee.jpg').resize((300, 200)),
     'not_from: the mask looks like a photograph')])
def test_a_file_that_says_nothing_is_a_sentence(page, halves, key, image,
                                                sentence):
    page.open(halves)
    page.key(key)
    file = BytesIO()
    image.save(file, 'PNG')
    load(page, file.getvalue())
    page.page.wait_for_selector('#messages p')
    assert sentence.lower() in page.error().lower()
    assert not page.of('tmad.work.past.kept.length')


def test_too_little_to_copy_from_is_said_and_all_stays(page, halves):
    page.open(halves)
    page.stroke(*INSIDE)
    page.key('o')
    page.of('tmad.tools.set(5)')
    page.stroke((20, 20), (30, 20))
    page.press('remove')
    page.page.wait_for_selector('#messages p')
    assert 'leave too little to copy from' in page.error()
    page.until('!tmad.work.busy && !tmad.work.past.pending')
    assert page.strokes == 1 and layer(page, 'only_from') == 1


def test_a_press_on_a_piece_forbids_its_source(page, grey, halves):
    page.open(halves)
    page.stroke(*INSIDE)
    page.remove()
    hole = grey.worker.jobs[-1][0]
    page.press('settings')
    page.press('made')
    page.page.wait_for_selector('#made img >> nth=1')
    page.until('document.querySelector("#made img").naturalWidth')
    box = page.page.locator('#made img').first.bounding_box()
    assert page.page.is_hidden('#again')
    scale = box['height'] / 200
    page.page.mouse.click(box['x'] + (600 + 150) * scale,
                          box['y'] + 100 * scale)
    page.page.wait_for_selector('#again')
    page.page.click('#again')
    page.until('tmad.work.past.of("not_from").length === 1')
    page.wait_for_rounds(1)
    assert len(grey.worker.jobs[-1][0]) and (
        grey.worker.jobs[-1][0] == hole).all()
    barred = said(grey).barred
    rows = np.flatnonzero((barred & ~hole)[:, 150])
    above = np.flatnonzero(hole[:, 150]) - 40
    assert rows[0] == above[0] - 4 and rows[-1] == above[-1] + 4
    page.press('undo')  # the round
    page.wait_for_rounds(0)
    assert page.strokes == 1 and layer(page, 'not_from') == 1


def test_a_press_beside_the_pieces_is_a_sentence(page, halves):
    page.open(halves)
    page.stroke(*INSIDE)
    page.remove()
    page.press('settings')
    page.press('made')
    page.page.wait_for_selector('#made img >> nth=1')
    page.until('document.querySelector("#made img").naturalWidth')
    page.page.locator('#made img').first.click(position=dict(x=5, y=5))
    page.until('document.querySelector("#messages p")')
    assert page.of('document.querySelector("#messages p").innerText'
                   ).startswith('Nothing was painted there')

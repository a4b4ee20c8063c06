"""Masks that help: grown, lasso, snap, saved and loaded; and what buttons,
keys and dialogs do."""
from io import BytesIO

import numpy as np
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.masks.growing import grown
from tmad_mmedit.masks.reading import read_mask

LINE = (60, 100), (140, 100)
BLUE = (20, 40, 200)


def test_the_growth_is_shown_before_it_counts(page, grey, striped):
    page.open(striped)
    page.of('tmad.tools.set(20)')
    page.page.click('[data-act=settings]')
    page.page.fill('[name=dilate]', '8')
    page.page.press('[name=dilate]', 'Enter')
    page.key('Escape')
    page.page.click('[data-act=settings]')
    page.stroke((100, 200), (200, 200))
    page.wait_for_growth()
    page.of('tmad.stage.frame()')
    near, far = page.looks(150, 214), page.looks(150, 240)
    page.press('undo')
    page.until('!tmad.work.grown')
    plain = page.looks(150, 214)
    assert np.abs(near - plain).max() > 30
    assert np.abs(far - page.looks(150, 240)).max() < 4
    page.press('redo')
    page.wait_for_growth()
    page.remove()
    strokes = page.hole((400, 600))
    painted = grey.worker.jobs[-1][0]
    assert np.array_equal(painted, grown(strokes, 'auto', dilate=8))
    assert painted[214, 150] and not strokes[214, 150]


def test_by_default_missed_edges_are_grown_over(page, grey, striped):
    page.open(striped)
    page.stroke((100, 200), (200, 200))
    page.remove()
    strokes, painted = page.hole((400, 600)), grey.worker.jobs[-1][0]
    assert np.array_equal(painted, grown(strokes, 'auto', dilate='auto'))
    assert len(np.flatnonzero(painted.any(1))) == len(
        np.flatnonzero(strokes.any(1))) + 4  # .4 % of 600, on both sides


def test_the_eraser_takes_away_along_its_path(page, striped):
    page.open(striped)
    page.stroke((100, 200), (500, 200))
    page.press('eraser')
    page.stroke((300, 200), (550, 200))
    page.press('brush')
    page.remove()
    columns = np.flatnonzero(page.hole((400, 600))[200])
    assert 85 <= columns[0] <= 100 and 280 <= columns[-1] <= 300


def test_the_lasso_takes_what_it_goes_around(page, blue):
    page.open(blue)
    page.key('l')
    page.stroke((50, 50), (150, 50), (150, 150), (50, 150))
    page.remove()
    hole = page.hole((200, 300))
    assert hole[60:140, 60:140].all() and not hole[:, 155:].any()


def test_snap_finds_the_thing_and_shows_it_before_it_counts(page, tmp_path):
    random = np.random.default_rng(0)
    pixels = random.integers(90, 110, (200, 300, 3), np.uint8)
    pixels[60:140, 100:200] = random.integers(200, 220, (80, 100, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / 'thing.png')
    page.open(tmp_path / 'thing.png')
    page.of('tmad.tools.set(40)')
    page.stroke((120, 80), (180, 120))
    page.key('s')
    page.until('tmad.work.preview')
    page.press('refuse')
    assert page.strokes == 1 and not page.of('tmad.work.preview')
    page.press('snap')
    page.until('tmad.work.preview && !tmad.work.busy')
    page.press('accept')
    page.remove()
    hole = page.hole((200, 300))
    assert (hole != (pixels[..., 0] > 150)).mean() < .01
    page.press('undo')
    page.wait_for_rounds(0)
    page.press('undo')
    assert page.strokes == 1  # the stroke that was snapped


def test_a_mask_is_saved_and_loaded(page, blue, tmp_path):
    page.open(blue)
    page.stroke(*LINE)
    page.press('settings')
    with page.page.expect_download() as waiting:
        page.press('saveMask')
    saved = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename == 'blue_mask.png'
    hole = read_mask(saved)
    assert hole.shape == (200, 300) and hole[100, 60:140].all()
    page.press('clear')
    page.page.set_input_files('#mask', dict(
        name='m.png', mimeType='image/png', buffer=saved))
    page.wait_for_growth()
    page.key('Escape')
    page.remove()
    assert np.array_equal(page.hole((200, 300)), hole)


def test_a_mask_of_another_size_is_said_and_strokes_stay(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.page.set_input_files('#mask', ROOT / 'demo/masks/brick.png')
    page.page.wait_for_selector('#messages p')
    assert '512 x 512 pixels, the image 300 x 200' in page.error()
    assert page.strokes == 1


def test_settings_that_do_nothing_are_not_shown(page, blue):
    page.open(blue)
    page.press('settings')
    assert page.page.is_hidden('#seed') and page.page.is_hidden('#overlap')
    page.page.select_option('#model', 'seeded')
    page.page.wait_for_selector('#seed')
    assert page.page.is_visible('#overlap')
    page.page.select_option('#model', 'grey')
    page.page.wait_for_selector('#seed', state='hidden')


def test_buttons_that_have_nothing_to_do_are_off(page, blue):
    page.open(blue)
    off = ['undo', 'redo', 'remove', 'snap', 'clear']
    assert not any(map(page.can, off))
    assert page.page.is_disabled('#original')
    assert page.page.is_disabled('[data-ending=png]')
    page.stroke(*LINE)
    assert all(map(page.can, ['undo', 'remove', 'snap', 'clear']))
    page.remove()
    assert page.page.is_enabled('#original') and not page.can('remove')


def test_the_original_is_shown_while_it_is_held(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    grey = page.looks(100, 100)
    page.page.keyboard.down('Tab')
    page.until('tmad.stage.original && tmad.stage.shown === 0')
    assert np.abs(page.looks(100, 100) - BLUE).max() < 8
    page.page.keyboard.up('Tab')
    assert np.array_equal(page.looks(100, 100), grey)
    button = page.page.locator('#original').bounding_box()
    page.page.mouse.move(button['x'] + 9, button['y'] + 9)
    page.page.mouse.down()
    page.until('tmad.stage.original')
    page.page.mouse.up()
    page.until('!tmad.stage.original')


def test_the_comparison_is_never_blank(page, grey, striped):
    """What was there stays while what is new is on its way."""
    page.open(striped)
    page.stroke((100, 200), (200, 200))
    page.page.route('**/tiles/1/**', lambda route: None)  # never comes
    page.press('remove')
    page.until('tmad.work.picture.rounds === 1')
    page.of('tmad.stage.frame()')
    assert page.of('tmad.stage.shown') is None
    assert page.looks(400, 300).min() > 20  # neither white nor black
    page.page.unroute_all()


def test_the_figure_has_no_white_half(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    page.press('settings')
    page.press('made')
    page.page.wait_for_selector('#made img >> nth=1')
    page.until('''[...document.querySelectorAll('#made img')]
        .every((x) => x.naturalWidth)''')
    sizes = page.of('''[...document.querySelectorAll('#made img')]
        .map((x) => [x.naturalWidth, x.naturalHeight])''')
    assert sizes == [[900, 200], [40, 16]]
    page.page.click('#made .primary')


def test_a_key_shows_all_keys(page, blue):
    page.open(blue)
    page.key('?')
    text = page.page.inner_text('#keys')
    for key in 'Ctrl Z', 'Enter', 'Escape', 'Tab', '[', 'Space', 'Wheel':
        assert key in text
    page.key('Escape')
    assert page.page.is_hidden('#keys')


def test_a_button_that_was_clicked_does_not_take_enter(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.press('hand')
    page.press('brush')
    page.key('Enter')
    page.wait_for_rounds(1)


def test_an_example_needs_one_click_and_its_thumbnail_stays(page, tmp_path):
    page.page.click('#examples button >> nth=4')
    page.wait_for_rounds(1)
    assert page.of('tmad.work.picture.name') == 'rocket.jpg'
    thumbnail = page.page.request.get(f'{page.url}/api/examples/rocket')
    (tmp_path / 'rocket.jpg').write_bytes(thumbnail.body())
    page.download()
    page.open(tmp_path / 'rocket.jpg')  # the file of an example
    page.of('tmad.work.clear()')
    page.of('tmad.work.changed()')
    again = page.page.request.get(f'{page.url}/api/examples/rocket')
    assert again.ok and again.body() == thumbnail.body()
    page.page.click('#examples button >> nth=4')
    page.wait_for_rounds(1)


def test_the_result_has_the_kind_and_data_of_the_picture(page, striped):
    page.open(striped)
    page.stroke((100, 200), (200, 200))
    page.remove()
    with Image.open(BytesIO(page.download('jpg'))) as file:
        assert file.format == 'JPEG' and file.size == (600, 400)
        assert file.getexif()[0x010e] == 'of stripes'

"""Zoom, place, pointers and the window, in a real browser."""
import numpy as np
import pytest
from PIL import Image

from tests.test_web.chromium import Page

VIEW = '[tmad.view.scale, tmad.view.x, tmad.view.y]'


@pytest.fixture(scope='module')
def large(tmp_path_factory):
    """Of 12 megapixels, dark but for one bright pixel."""
    pixels = np.full((3000, 4000, 3), 30, np.uint8)
    pixels[1201, 2345] = 250
    path = tmp_path_factory.mktemp('photo') / 'large.png'
    Image.fromarray(pixels).save(path, compress_level=1)
    return path


@pytest.fixture(scope='module')
def phone(browser, grey):
    """A page with a touch screen."""
    page = Page(browser, grey.url, 390, 700, has_touch=True, is_mobile=True)
    yield page
    assert not page.errors
    page.close()


def test_12_megapixels_are_seen_pixel_by_pixel(page, large):
    page.open(large)
    page.key('1')
    page.of('tmad.view.zoomTo(1); tmad.view.pan(-2345 + 350, -1201 + 200)')
    page.of('''(() => { const { view } = tmad;
      const [x, y] = view.at(view.screen.width / 2, view.screen.height / 2);
      view.pan(x - 2345, y - 1201); })()''')
    page.wait_for_picture()
    assert page.of('tmad.view.scale') == 1
    assert page.looks(2345, 1201).min() > 200
    assert page.looks(2349, 1201).max() < 60
    page.stroke((2340, 1201), (2350, 1201))
    page.remove()
    hole = page.hole((3000, 4000))
    rows = np.flatnonzero(hole.any(1))
    width = page.of('tmad.tools.width')
    assert hole[1201, 2345] and abs(len(rows) - width) <= 1
    assert np.abs(page.looks(2345, 1201) - 128).max() < 8


def test_nothing_lies_beside_the_picture_at_any_place(page, photo):
    """The board that is seen through what is transparent ends with it."""
    page.open(photo)
    beside = page.of('''(() => { const { view, stage } = tmad;
      const rows = [];
      for (let step = 0; step < 20; step += 1) {
        view.scale = 1 + step / 37;
        [view.x, view.y] = [40.3 + step / 7, 30 + step / 9];
        stage.frame();
        const [left, top] = [view.x, view.y].map(Math.round);
        const right = Math.round(view.x + 64 * view.scale);
        const bottom = Math.round(view.y + 48 * view.scale);
        for (const [x, y] of [[left - 1, top + 9], [right, top + 9],
                              [left + 9, top - 1], [left + 9, bottom]]) {
          rows.push(stage.context.getImageData(x, y, 1, 1).data[3]);
        }
      }
      view.fit();
      return rows; })()''')
    assert len(beside) == 80 and not any(beside)


def test_only_the_mask_travels(page, large):
    page.open(large)
    page.of('sent.length = 0')
    page.stroke((500, 500), (3500, 2500))
    page.stroke((500, 2500), (3500, 500))
    page.wait_for_growth()
    page.remove()
    sizes = [len(x) for _, x in page.sent]
    assert len(sizes) >= 2 and max(sizes) < 24_000


def test_only_what_is_seen_is_fetched(page, large):
    page.asked.clear()
    page.open(large)
    tiles = [x for x in page.asked if '/tiles/' in x]
    assert len(tiles) <= 6  # of 63 and their halves


def test_wheel_and_keys_zoom(page, striped):
    page.open(striped)
    whole = page.of(VIEW)
    place = page.on_screen(200, 100)
    page.page.mouse.move(*place)
    page.page.mouse.wheel(0, -500)
    page.until(f'tmad.view.scale > {whole[0] * 1.5}')
    assert np.allclose(page.on_screen(200, 100), place)
    page.key('0')
    assert page.of(VIEW) == whole
    page.key('1')
    assert page.of('tmad.view.scale') == 1
    page.key('+')
    assert page.of('tmad.view.scale') == 1.25
    page.key('-')
    assert page.of('tmad.view.scale') == 1


@pytest.mark.parametrize('how', ['hand', 'space', 'middle'])
def test_a_mouse_pans_and_draws_nothing(page, striped, how):
    page.open(striped)
    before = page.on_screen(100, 100)
    if how == 'hand':
        page.press('hand')
    elif how == 'space':
        page.page.keyboard.down(' ')
    mouse = page.page.mouse
    mouse.move(300, 250)
    mouse.down(button='middle' if how == 'middle' else 'left')
    mouse.move(340, 270, steps=3)
    mouse.up(button='middle' if how == 'middle' else 'left')
    page.page.keyboard.up(' ')
    assert np.allclose(page.on_screen(100, 100), np.add(before, (40, 20)))
    assert page.strokes == 0
    page.press('brush')
    page.stroke((100, 100), (150, 100))
    assert page.strokes == 1


def test_one_finger_draws_two_pinch_and_pan(phone, striped):
    phone.fresh()
    phone.open(striped)
    x, y = phone.on_screen(300, 200)
    phone.touch('Start', (x - 40, y))
    phone.touch('Move', (x + 40, y))
    phone.touch('End')
    assert phone.strokes == 1
    scale = phone.of('tmad.view.scale')
    phone.touch('Start', (x - 50, y))
    phone.touch('Start', (x - 50, y), (x + 50, y))
    for apart in 60, 80, 100:
        phone.touch('Move', (x - apart, y + 30), (x + apart, y + 30))
    phone.touch('End')
    assert phone.strokes == 1  # what the first finger began is no stroke
    assert phone.of('tmad.view.scale') == pytest.approx(2 * scale)
    assert np.allclose(phone.on_screen(300, 200), (x, y + 30), atol=1)


def test_the_hand_pans_by_touch(phone, striped):
    phone.fresh()
    phone.open(striped)
    phone.press('hand')
    before = phone.on_screen(300, 200)
    phone.touch('Start', (200, 300))
    phone.touch('Move', (220, 310))
    phone.touch('Move', (240, 330))
    phone.touch('End')
    assert phone.strokes == 0
    assert np.allclose(phone.on_screen(300, 200), np.add(before, (40, 30)))
    phone.press('brush')


def test_a_mouse_pans_where_there_is_a_touch_screen(browser, grey, striped):
    page = Page(browser, grey.url, has_touch=True)
    page.open(striped)
    before = page.on_screen(100, 100)
    page.press('hand')
    page.page.mouse.move(300, 250)
    page.page.mouse.down()
    page.page.mouse.move(340, 270, steps=3)
    page.page.mouse.up()
    assert np.allclose(page.on_screen(100, 100), np.add(before, (40, 20)))
    page.close()


def test_the_brush_has_a_size_in_pixels_of_the_picture(page, striped):
    page.open(striped)
    assert page.page.inner_text('#pixels') == '20 px'
    page.key(']')
    page.key(']')
    assert page.page.inner_text('#pixels') == '29 px'
    page.key('[')
    page.of('tmad.tools.set(30)')
    page.page.mouse.move(*page.on_screen(300, 200))
    page.page.mouse.wheel(0, -400)
    page.stroke((300, 200), (320, 200))
    page.remove()
    hole = page.hole((400, 600))
    assert abs(len(np.flatnonzero(hole.any(1))) - 30) <= 1


def test_a_fast_hand_draws_a_curve_and_shift_a_straight_line(page, striped):
    page.open(striped)
    page.of('tmad.tools.set(10)')
    mouse = page.page.mouse
    mouse.move(*page.on_screen(100, 300))
    mouse.down()
    for place in (200, 100), (300, 300), (400, 100):
        mouse.move(*page.on_screen(*place))
    mouse.up()
    page.page.keyboard.down('Shift')
    mouse.click(*page.on_screen(500, 250))
    page.page.keyboard.up('Shift')
    page.remove()
    hole = page.hole((400, 600))
    assert hole[175, 450]  # half way of the straight line
    assert not hole[100, 200] and hole[175, 187]  # no corner


@pytest.mark.parametrize('width, height', [(1920, 1080), (1400, 900),
                                           (390, 844)])
def test_the_canvas_fills_the_window(page, striped, width, height):
    size = page.page.viewport_size
    page.page.set_viewport_size(dict(width=width, height=height))
    page.open(striped)
    box = page.page.locator('#canvas').bounding_box()
    assert box['width'] == width
    assert box['width'] * box['height'] > .66 * width * height
    page.until('tmad.view.whole')
    scale = min(box['width'] / 600, box['height'] / 400)
    assert page.of('tmad.view.scale') > .85 * scale
    beyond = page.of('document.documentElement.scrollWidth - innerWidth')
    assert beyond <= 0
    for button in page.page.locator('header button, footer button').all():
        if button.is_visible():
            box = button.bounding_box()
            assert box['x'] >= 0 and box['x'] + box['width'] <= width
            assert box['height'] >= 36
    page.page.set_viewport_size(size)


def test_fullscreen_keeps_picture_and_strokes(page, striped):
    page.open(striped)
    page.stroke((100, 100), (200, 100))
    page.key('f')
    page.until('document.fullscreenElement')
    page.until('tmad.view.screen.width === tmad.stage.canvas.width')
    assert page.strokes == 1 and page.of('tmad.view.whole')
    page.key('f')
    page.until('!document.fullscreenElement')
    assert page.strokes == 1


def test_strokes_never_add_up_to_solid_red(page, blue):
    page.open(blue)
    page.stroke((100, 100), (200, 100))
    page.wait_for_growth()
    once = page.looks(150, 100)
    for _ in range(4):
        page.stroke((100, 100), (200, 100))
    page.of('tmad.stage.frame()')
    assert np.abs(page.looks(150, 100) - once).max() < 20
    assert page.looks(150, 100)[2] > 50  # the blue is still seen through

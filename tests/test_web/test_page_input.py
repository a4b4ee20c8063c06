"""The mouse, the clipboard and files on the page, in a real browser."""
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.apis import Picture


def pixels(png):
    with Image.open(BytesIO(png)) as image:
        return np.array(image.convert('RGB')).astype(int)


def shown(page):
    """A row of what the editor shows, through the picture's middle."""
    looks = pixels(page.looks())
    return looks[len(looks) // 2, 60:-60]


def shows(page, colour):
    """That the editor shows a picture of one colour; its copy is a WebP."""
    return (np.abs(shown(page) - colour) < 9).all()


def opened(server):
    """The pictures that the server has open, as they came."""
    return [file.read_bytes() for file in server.files('original')]


def test_a_picture_can_be_dropped(page, server, tmp_path):
    red = tmp_path / 'red.jpg'
    Image.new('RGB', (1600, 160), 'red').save(red)
    page.drop(red, '#open')
    page.page.wait_for_selector('#links >> text=red.jpg, 1600 × 160 pixels')
    assert red.read_bytes() in opened(server)
    blue = tmp_path / 'blue.png'
    Image.new('RGB', (300, 200), 'blue').save(blue)
    page.drop(blue, '#brush canvas')
    page.page.wait_for_selector('#links >> text=blue.png, 300 × 200 pixels')
    assert blue.read_bytes() in opened(server)
    assert red.read_bytes() not in opened(server)
    page.until(lambda: shows(page, (0, 0, 255)))


def test_a_picture_can_be_pasted(page, server, tmp_path):
    Image.new('RGB', (320, 200), 'lime').save(tmp_path / 'green.png')
    page.paste(tmp_path / 'green.png')
    page.page.wait_for_selector('#links >> text=320 × 200 pixels')
    assert any((Picture.of(content).stored == (0, 255, 0)).all()
               for content in opened(server))
    page.until(lambda: shows(page, (0, 255, 0)))


@pytest.mark.parametrize('undo', ['undo', 'clear', 'bin', 'eraser'])
def test_a_stroke_can_be_taken_back(page, wide, undo):
    page.open(wide)
    before = shown(page)
    page.stroke((.45, .5), (.55, .5))
    if undo == 'eraser':
        for height in (.45, .5, .55):
            page.stroke((.4, height), (.6, height), tool='Erase')
    elif undo == 'undo':
        page.page.locator('#brush button[aria-label=Undo]').click()
    elif undo == 'bin':
        page.page.locator('#brush button[aria-label="Clear canvas"]').click()
    else:
        page.press('Clear')
    page.settle()
    page.press('Remove')
    assert 'Nothing is brushed' in page.error()
    assert np.abs(shown(page) - before).mean() < 3  # the picture stayed


def test_the_eraser_takes_strokes_away_along_its_path(page, inpainter, wide):
    page.open(wide)
    page.stroke((.2, .5), (.8, .5))
    page.stroke((.5, .5), (.6, .5), (.95, .5), tool='Erase')
    page.remove()
    original = Picture.of(wide)
    hole = page.drawn(original.size)
    columns = np.flatnonzero(hole.any(0))
    assert 150 < columns[0] < 400 and 600 < columns[-1] < 800
    assert (np.diff(columns) == 1).all()
    result = Picture.of(page.download('PNG')).stored
    assert np.array_equal(result, inpainter(wide, hole).stored)
    assert np.array_equal(result[:, 800:], original.stored[:, 800:])


def test_the_brush_follows_the_pointer_while_a_result_is_computed(
        page, server, inpainter, wide):
    page.open(wide)
    page.stroke((.2, .5), (.3, .5))
    with server.slow():
        page.press('Remove')
        page.settle()
        first = page.drawn(original_size := Picture.of(wide).size)
        before = pixels(page.looks())
        page.stroke((.6, .5), (.8, .5))
        changed = np.abs(pixels(page.looks()) - before).sum(2) > 60
        middle = changed[len(changed) // 2]
        width = len(middle)
        assert middle[int(.63 * width):int(.77 * width)].all()
        assert not middle[:int(.5 * width)].any()
        assert page.page.locator('#links a').count() == 0
    page.wait_for_rounds(1)
    result = page.download('PNG')
    assert np.array_equal(Picture.of(result).stored,
                          inpainter(wide, first).stored)
    page.remove(rounds=2)  # the stroke stayed
    second = page.drawn(original_size)
    assert second[80, 1000:1200].all() and not second[:, :700].any()
    assert np.array_equal(Picture.of(page.download('PNG')).stored,
                          inpainter(result, second).stored)


def test_a_stroke_ends_before_the_result_is_shown(page, server, wide):
    page.open(wide)
    page.stroke((.2, .5), (.3, .5))
    with server.slow():
        page.press('Remove')
        page.settle()
        page.stroke((.6, .5), (.7, .5), lift=False)
    page.settle()
    page.settle()
    assert page.page.locator('#links a').count() == 0
    page.move(.8, .5)
    page.page.mouse.up()
    page.wait_for_rounds(1)
    page.remove(rounds=2)
    assert page.drawn(Picture.of(wide).size)[80, 1000:1200].all()


def test_the_browser_logs_no_error(page):
    assert not page.errors

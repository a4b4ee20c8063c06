"""The page in a real browser.

The server is ``tmad web`` in a process of its own. Where there is no gradio,
no Playwright or no Chromium, these tests are skipped: ``make test-web`` says
what to install.
"""
from io import BytesIO

import numpy as np
from PIL import Image

from tests.conftest import ROOT
from tests.test_web.chromium import Page
from tmad_mmedit.apis import Picture

PHOTO = ROOT / 'demo/photos/rocket.jpg'
MASK = ROOT / 'demo/masks/rocket.png'


def test_bad_input_is_one_sentence_and_the_page_goes_on(page, tmp_path):
    page.press('Remove')
    assert 'No picture is open' in page.error()
    text = tmp_path / 'text.png'
    text.write_text('no picture')
    page.page.set_input_files('#open input[type=file]', text)
    assert 'cannot be read' in page.error()
    large = tmp_path / 'large.png'
    Image.new('1', (1200, 1200)).save(large)
    page.page.set_input_files('#open input[type=file]', large)
    assert '1200 x 1200 pixels' in page.error()


def test_a_stroke_is_removed_at_full_size(page, inpainter, wide):
    page.open(wide)
    page.press('Remove')
    assert 'Nothing is brushed' in page.error()
    page.stroke((.4, .5), (.6, .5))
    page.remove()
    picture = Picture.of(wide)
    hole = page.drawn(picture.size)
    assert hole[80, 800] and not hole[:, :200].any() and hole.mean() < .5
    expected = inpainter(wide, hole).stored
    result = Picture.of(page.download('PNG')).stored
    assert np.array_equal(result, expected)
    assert np.array_equal(result[~hole], picture.stored[~hole])
    assert (result[hole] != picture.stored[hole]).any()
    own = page.download('JPG')
    with Image.open(BytesIO(own)) as file:
        assert file.format == 'JPEG' and file.size == (1600, 160)
        assert file.getexif()[0x010e] == 'of stripes'


def test_a_second_round_and_a_step_back(page, inpainter, wide):
    first = page.download('PNG')
    page.stroke((.2, .5), (.25, .5))
    page.remove(rounds=2)
    hole = page.drawn(Picture.of(wide).size)
    assert hole[:, 200:500].any() and not hole[:, 700:].any()
    expected = inpainter(first, hole).stored
    assert np.array_equal(Picture.of(page.download('PNG')).stored, expected)
    page.press('Step back')
    page.wait_for_rounds(1)
    assert page.download('PNG') == first


def test_an_example_needs_one_click(page, inpainter):
    page.page.locator('#examples button:has(img)').nth(4).click()
    page.page.wait_for_selector('#links >> text=384 × 256')
    page.wait_for_rounds(1)
    expected = inpainter(PHOTO, MASK).stored
    assert np.array_equal(Picture.of(page.download('PNG')).stored, expected)


def test_the_steps_are_drawn(page):
    page.page.get_by_text('How it was made', exact=True).click()
    page.page.wait_for_selector('#figure img')
    width = page.page.evaluate(
        "document.querySelector('#figure img').naturalWidth")
    assert width == 3 * 384


def test_two_at_once_get_their_own(page, browser, server, inpainter, wide):
    other = Page(browser, server.url)
    with server.slow():
        other.page.locator('#examples button:has(img)').nth(3).click()
        other.page.wait_for_selector('#brush canvas')
        page.page.locator('#examples button:has(img)').nth(1).click()
        page.settle()
    for one, name in (page, 'brick'), (other, 'coffee'):
        one.page.wait_for_selector(f'#links >> text=/{name}.*1 round/')
        expected = inpainter(ROOT / f'demo/photos/{name}.jpg',
                             ROOT / f'demo/masks/{name}.png').stored
        assert np.array_equal(Picture.of(one.download('PNG')).stored,
                              expected)
    # how another picture was made is gone, and is drawn when asked again
    page.page.wait_for_selector('#figure img', state='detached')
    for _ in range(2):
        page.page.get_by_text('How it was made', exact=True).click()
    page.page.wait_for_selector('#figure img')
    link = other.page.get_attribute('#links a', 'href')
    assert link != page.page.get_attribute('#links a', 'href')
    assert not other.errors
    other.page.context.close()


def test_when_the_models_process_dies_the_page_says_so_and_goes_on(
        page, server, wide):
    page.open(wide)
    page.stroke((.4, .5), (.6, .5))
    with server.slow():
        page.press('Remove')
        page.settle()
        server.worker.kill()
        assert 'process died' in page.error()
    page.remove()


def test_a_mask_of_another_size_is_said(page):
    page.page.get_by_text('Settings', exact=True).click()
    page.page.set_input_files('#mask input[type=file]',
                              ROOT / 'demo/masks/brick.png')
    page.settle()
    page.press('Remove')
    assert '512 x 512 pixels, the image 1600 x 160' in page.error()


def test_a_mask_file_stands_in_for_the_brush(
        page, inpainter, wide, tmp_path):
    page.open(wide)  # which puts the other mask away
    hole = np.zeros(Picture.of(wide).size, bool)
    hole[60:100, 700:780] = True
    Image.fromarray(hole).save(tmp_path / 'mask.png')
    page.page.set_input_files('#mask input[type=file]',
                              tmp_path / 'mask.png')
    page.settle()
    page.remove()
    assert np.array_equal(Picture.of(page.download('PNG')).stored,
                          inpainter(wide, hole).stored)


def test_nothing_is_fetched_from_elsewhere(page, server):
    asked = [url for url in page.asked
             if not url.startswith(('blob:', 'data:'))]
    assert asked and all(url.startswith(server.url) for url in asked)


def test_the_browser_logs_no_error(page):
    assert not page.errors

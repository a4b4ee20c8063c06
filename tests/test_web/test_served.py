"""The command, its model and the page together."""
import numpy as np

from tests.conftest import ROOT
from tests.test_web.chromium import Page
from tmad_mmedit import Picture
from tmad_mmedit.masks.growing import grown

PHOTO, MASK = (ROOT / f'demo/{x}' for x in (
    'photos/rocket.jpg', 'masks/rocket.png'))


def test_the_page_paints_what_the_terminal_does(
        browser, server, inpainter, striped):
    page = Page(browser, server.url)
    page.open(PHOTO)
    page.page.set_input_files('#mask', MASK)
    page.wait_for_growth()
    page.remove()
    holes = [grown(page.hole((256, 384)), 'auto', dilate='auto')]
    page.stroke((60, 60), (100, 80))
    page.remove(rounds=2)
    holes.append(grown(page.hole((256, 384)), 'auto', dilate='auto'))
    expected = PHOTO
    for hole in holes:
        expected = inpainter(np.array(
            expected if isinstance(expected, np.ndarray)
            else Picture.of(expected).stored), hole)
    result = Picture.of(page.download()).stored
    assert np.array_equal(result, expected)
    page.press('settings')
    page.press('made')
    page.page.wait_for_selector('#made img >> nth=1')
    page.close()


def test_a_worker_that_is_killed_is_said_and_it_goes_on(
        browser, server, striped):
    page = Page(browser, server.url)
    page.open(striped)
    page.stroke((100, 200), (200, 200))
    with server.slow():
        page.press('remove')
        page.until('tmad.work.picture.job?.state === "painting"')
        server.worker.kill()
        page.page.wait_for_selector('#messages p')
    assert 'process died' in page.error()
    assert page.strokes == 1
    page.remove()
    page.close()

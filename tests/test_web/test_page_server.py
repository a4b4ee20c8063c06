"""What the page says and does while the server works, or is gone."""
import numpy as np
import pytest
from PIL import Image

from tests.test_web.chromium import Page
from tests.test_web.grey import Grey, Running

LINE = (60, 100), (140, 100)


def test_remove_cannot_start_twice(page, grey, blue, gate):
    page.open(blue)
    page.stroke(*LINE)
    jobs = len(grey.worker.jobs)
    page.page.click('[data-act=remove]', click_count=3)
    page.until('tmad.work.picture.job?.state === "painting"')
    assert not page.can('remove')
    page.key('Enter')
    gate.set()
    page.wait_for_rounds(1)
    assert len(grey.worker.jobs) == jobs + 1


def test_a_removal_can_be_cancelled_and_gives_its_strokes_back(
        page, blue, gate):
    page.open(blue)
    page.stroke(*LINE)
    for how in (lambda: page.page.click('#cancel'),
                lambda: page.key('Escape'), lambda: page.key('Control+z')):
        page.press('remove')
        page.until('tmad.work.picture.job?.state === "painting"')
        assert 'Painting' in page.page.inner_text('#doing')
        how()
        page.until('!tmad.work.past.pending')
        assert page.strokes == 1 and page.of('tmad.work.picture.rounds') == 0
    gate.set()
    page.remove()


def test_progress_has_one_clock_that_begins_with_the_painting(
        page, browser, grey, blue, gate):
    other = Page(browser, grey.url)
    for each in page, other:
        each.open(blue)
        each.stroke(*LINE)
        each.press('remove')
        each.until('tmad.work.picture.job')
    page.until('parseInt(clock.textContent) > 0')
    other.until('doing.textContent === "Waiting: 1 before this one"')
    gate.set()
    for each in page, other:
        each.wait_for_rounds(1)
        assert each.page.is_hidden('#state')
    other.close()


def test_two_pages_get_their_own(page, browser, grey, blue, striped, gate):
    other = Page(browser, grey.url)
    page.open(blue)
    other.open(striped)
    for each in page, other:
        each.stroke(*LINE)
        each.press('remove')
    gate.set()
    for each, width in (page, 300), (other, 600):
        each.wait_for_rounds(1)
        assert each.of('tmad.work.picture.width') == width
    assert page.looks(200, 150)[2] > 180 > other.looks(200, 150)[0] - 100
    assert (page.of('tmad.work.picture.token')
            != other.of('tmad.work.picture.token'))
    other.close()


def test_two_windows_on_one_picture_do_not_mix(page, grey, blue):
    page.open(blue)
    token = page.of('tmad.work.picture.token')
    page.stroke(*LINE)
    with page.page.context.expect_page() as opened:
        page.of(f'window.open("/?{token}")')
    second = opened.value
    second.wait_for_selector('html[data-ready]')
    second.evaluate(f'tmad.work.resume("{token}")')
    second.wait_for_function('tmad.work.picture')
    second.evaluate('''tmad.work.add({kind: 'line', width: 20,
                       points: [[200, 50], [250, 50]]}); tmad.work.remove()''')
    second.wait_for_function('tmad.work.picture.rounds === 1')
    page.until('tmad.work.picture.rounds === 1 && tmad.stage.shown === 1')
    assert 'changed in another window' in page.error()
    assert page.strokes == 1
    page.remove(rounds=2)  # upon what is seen now
    assert np.abs(page.looks(220, 50) - 128).max() < 8
    second.close()


def test_what_was_not_seen_is_not_painted_on(page, grey, blue):
    """As the round of another window came a moment before."""
    page.open(blue)
    page.stroke(*LINE)
    page.of('tmad.work.picture = { ...tmad.work.picture, version: 7 }')
    page.press('remove')
    page.page.wait_for_selector('#messages p')
    assert 'changed elsewhere' in page.error()
    page.until('!tmad.work.busy')
    assert page.strokes == 1 and not page.of('tmad.work.past.pending')


def test_bad_files_are_one_sentence_and_the_page_goes_on(
        page, blue, tmp_path):
    text = tmp_path / 'text.png'
    text.write_text('no picture')
    page.choose(text)
    assert 'cannot be read' in page.error()
    huge = tmp_path / 'huge.png'
    Image.new('1', (4000, 4000)).save(huge)
    page.choose(huge)
    assert '4000 x 4000 pixels' in page.error()
    page.open(blue)
    page.choose(text)  # what was open stays
    assert 'cannot be read' in page.error()
    assert page.of('tmad.work.picture.name') == 'blue.png'


def test_what_goes_wrong_is_said_and_the_strokes_are_back(
        page, grey, blue, gate):
    page.open(blue)
    page.stroke(*LINE)
    grey.worker.error = RuntimeError("the model's process died.")
    gate.set()
    page.press('remove')
    page.page.wait_for_selector('#messages p')
    assert page.error() == "The model's process died."
    grey.worker.error = None
    assert page.strokes == 1
    page.remove()


def test_nothing_brushed_is_said_at_once(page, blue):
    page.open(blue)
    page.key('Enter')
    assert 'Nothing is brushed' in page.error()
    page.stroke((-20, 100), (-30, 100))  # outside
    page.press('remove')
    page.page.wait_for_selector('#messages p')
    assert 'Nothing is brushed' in page.error()


def test_more_rounds_than_are_kept_are_said(page, blue):
    page.open(blue)
    for rounds in range(1, 5):
        page.stroke(*LINE)
        page.remove(rounds)
    page.stroke(*LINE)
    page.press('remove')
    page.page.wait_for_selector('#messages p')
    assert '4 rounds are painted' in page.error()
    assert page.strokes == 1


@pytest.fixture
def short(tmp_path):
    """A server that the test ends."""
    running = Running(tmp_path, Grey())
    yield running
    running.close()


def test_a_server_that_is_gone_is_said_and_found_again(
        browser, short, blue):
    page = Page(browser, short.url)
    page.open(blue)
    page.stroke(*LINE)
    page.page.context.set_offline(True)
    page.until('doing.textContent.includes("does not answer")')
    page.press('remove')
    page.until('!tmad.work.busy')
    page.page.context.set_offline(False)
    page.until('!tmad.work.away && !tmad.work.past.pending')
    assert 'did not reach the server' in page.error()
    assert page.strokes == 1
    page.remove()
    page.page.context.close()


def test_a_picture_that_is_no_longer_there_is_said_and_opened_again(
        browser, short, blue):
    page = Page(browser, short.url)
    page.open(blue)
    page.stroke(*LINE)
    token = page.of('tmad.work.picture.token')
    page.of(f'fetch("api/pictures/{token}", {{method: "DELETE"}})')
    page.until('doing.textContent.includes("no longer open")')
    assert not page.can('remove')
    page.press('reopen')
    page.until('tmad.work.picture && !tmad.work.over && !tmad.work.busy')
    assert page.strokes == 1
    page.remove()
    page.page.context.close()


def test_nothing_is_fetched_from_elsewhere_and_the_seal_holds(
        browser, grey, blue):
    page = Page(browser, grey.url, bypass_csp=False)
    page.choose(blue)
    page.page.wait_for_selector('#name >> text=blue.png')
    page.page.wait_for_selector('#pixels >> text=10 px')
    asked = [url for url in page.asked
             if not url.startswith(('blob:', 'data:'))]
    assert asked and all(url.startswith(grey.url) for url in asked)
    assert any('/tiles/' in url for url in asked)
    assert not page.errors
    page.close()

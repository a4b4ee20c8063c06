"""Strokes and rounds, undone and done again, in a real browser."""
import numpy as np
import pytest

from tmad_mmedit import Picture
from tmad_mmedit.masks.growing import grown

GREY, BLUE = (128, 128, 128), (20, 40, 200)
LINE, OTHER = ((60, 100), (140, 100)), ((200, 50), (260, 50))


def shows(page, place, colour):
    """Whether it does so soon: tiles come after what is known of them."""
    for _ in range(20):
        if np.abs(page.looks(*place) - colour).max() < 8:
            return True
        page.page.wait_for_timeout(50)
    return False


def test_a_stroke_is_removed_at_full_size(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.wait_for_growth()
    page.remove()
    hole = grown(page.hole((200, 300)), 'auto', dilate='auto')
    assert hole[100, 60:140].all() and hole.sum() < 3000
    result = Picture.of(page.download()).stored
    assert (result[hole] == 128).all() and (result[~hole] == BLUE).all()
    assert shows(page, (100, 100), GREY)


def test_undo_on_an_untouched_picture_leaves_it(page, blue):
    page.open(blue)
    assert not page.can('undo') and not page.can('redo')
    page.key('Control+z')
    page.key('Control+Shift+z')
    assert shows(page, (150, 100), BLUE)
    assert page.of('tmad.work.picture.name') == 'blue.png'


def test_undo_does_not_reach_over_pictures(page, blue, striped):
    page.open(striped)
    page.stroke(*LINE)
    page.choose(blue)
    page.page.click('#question [value=yes]')
    page.until('tmad.work.picture.name === "blue.png" && !tmad.work.busy')
    page.key('Control+z')
    assert page.of('tmad.work.picture.name') == 'blue.png'
    assert page.strokes == 0 and not page.can('undo')
    assert shows(page, (150, 100), BLUE)


def test_undo_takes_strokes_one_by_one_then_rounds_with_theirs(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.stroke(*OTHER)
    page.remove()
    page.stroke(*LINE)
    page.key('Control+z')
    assert page.strokes == 0 and shows(page, (100, 100), GREY)
    page.key('Control+z')  # the round, whose strokes are there again
    page.wait_for_rounds(0)
    assert page.strokes == 2
    page.key('Control+z')
    assert page.strokes == 1
    assert not shows(page, (100, 100), BLUE)  # the first stroke lies there
    assert shows(page, (230, 50), BLUE)


def test_redo_brings_back_rounds_and_strokes(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    first = page.download()
    page.press('undo')
    page.wait_for_rounds(0)
    page.press('undo')
    assert page.strokes == 0
    page.key('Control+Shift+z')
    assert page.strokes == 1
    page.key('Control+Shift+z')
    page.wait_for_rounds(1)
    assert page.strokes == 0 and page.download() == first
    assert not page.can('redo')


def test_a_new_stroke_after_an_undo_is_another_way(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    page.press('undo')
    page.wait_for_rounds(0)
    page.press('clear')
    page.stroke(*OTHER)
    assert not page.can('redo')
    page.remove()
    assert shows(page, (230, 50), GREY) and shows(page, (100, 100), BLUE)
    assert page.of('tmad.work.picture.redo') == 0


def test_clear_can_be_undone(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.press('clear')
    assert shows(page, (100, 100), BLUE) and not page.can('remove')
    page.key('Control+z')
    assert not shows(page, (100, 100), BLUE)


def test_strokes_that_are_drawn_while_it_is_painted_stay(page, blue, gate):
    page.open(blue)
    page.stroke(*LINE)
    page.press('remove')
    page.until('tmad.work.picture.job?.state === "painting"')
    page.stroke(*OTHER)
    page.stroke((20, 180), (60, 180), lift=False)  # while the result comes
    gate.set()
    page.wait_for_rounds(1)
    page.page.mouse.move(*page.on_screen(100, 180), steps=3)
    page.page.mouse.up()
    assert page.strokes == 2
    page.remove(rounds=2)
    hole = page.hole((200, 300))
    assert hole[50, 200:260].all() and hole[180, 20:100].all()
    assert not hole[100].any()
    page.press('undo')
    page.wait_for_rounds(1)
    assert page.strokes == 2  # and not the first one
    page.press('undo')
    page.press('undo')
    page.press('undo')
    page.wait_for_rounds(0)
    assert page.strokes == 1


def test_zoom_and_place_stay_over_rounds_and_undo(page, blue):
    page.open(blue)
    page.page.mouse.move(*page.on_screen(100, 100))
    page.page.mouse.wheel(0, -600)
    place = '[tmad.view.scale, tmad.view.x, tmad.view.y]'
    before = page.of(place)
    page.stroke((90, 100), (110, 100))
    page.remove()
    assert page.of(place) == before
    page.press('undo')
    page.wait_for_rounds(0)
    assert page.of(place) == before


def test_opening_another_over_work_asks_first(page, blue, striped):
    page.open(blue)
    page.stroke(*LINE)
    for other in (lambda: page.choose(striped),
                  lambda: page.drop(striped)):
        other()
        assert 'blue.png' in page.page.inner_text('#question p')
        page.page.click('#question [value=no]')
    assert page.strokes == 1
    assert page.of('tmad.work.picture.name') == 'blue.png'
    page.press('settings')
    page.press('close')
    page.page.click('#question [value=yes]')
    page.until('!tmad.work.picture')
    page.page.click('#examples button >> nth=1')  # nothing to lose: at once
    page.wait_for_rounds(1)


def test_what_is_downloaded_is_no_longer_asked_for(page, blue, striped):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    assert page.of('tmad.work.unsaved')
    page.download()
    assert not page.of('tmad.work.unsaved')
    page.open(striped)


def test_leaving_with_unsaved_rounds_asks(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    asked = []
    page.page.on('dialog', lambda x: (asked.append(x.type), x.accept()))
    page.page.reload()
    page.page.wait_for_selector('html[data-ready]')
    assert asked == ['beforeunload']


def test_a_reload_finds_the_picture_and_its_rounds(page, blue):
    page.open(blue)
    page.stroke(*LINE)
    page.remove()
    page.page.on('dialog', lambda x: x.accept())
    page.page.reload()
    page.page.wait_for_selector('html[data-ready]')
    page.wait_for_rounds(1)
    assert shows(page, (100, 100), GREY)
    page.press('undo')
    page.wait_for_rounds(0)
    assert shows(page, (100, 100), BLUE)


def test_the_same_picture_can_be_opened_twice(page, blue):
    page.open(blue)
    first = page.of('tmad.work.picture.token')
    page.choose(blue)
    page.until(f'tmad.work.picture.token !== "{first}" && !tmad.work.busy '
               '&& tmad.stage.shown === 0')
    assert shows(page, (150, 100), BLUE)


@pytest.mark.parametrize('how', ['drop', 'paste'])
def test_a_picture_can_be_dropped_and_pasted(page, blue, how):
    getattr(page, how)(blue)
    page.until('tmad.work.picture?.width === 300 && !tmad.work.busy && '
               'tmad.stage.shown === 0')
    assert shows(page, (150, 100), BLUE)


def test_a_reload_says_so_if_the_picture_is_gone(page, blue):
    page.open(blue)
    token = page.of('tmad.work.picture.token')
    page.of(f'fetch("api/pictures/{token}", {{ method: "DELETE" }})')
    page.page.reload()
    page.page.wait_for_selector('html[data-ready]')
    page.page.wait_for_selector('#messages p')
    assert 'no longer at the server' in page.error()

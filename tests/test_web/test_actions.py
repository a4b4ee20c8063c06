"""What the page asks for, with a worker that paints grey."""
import threading
import time

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.masks.growing import grown
from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.web.actions import Growth, apart
from tmad_mmedit.web.bits import bits_of, hole_of
from tmad_mmedit.web.errors import Busy, Changed, Gone
from tmad_mmedit.web.layers import Layers
from tmad_mmedit.web.worker import Settings

SETTINGS, PLAIN = Settings('grey'), Growth()


def brushed(rows, columns, size=(48, 64)):
    hole = np.zeros(size, bool)
    hole[rows, columns] = True
    return hole


ONE, TWO = brushed(slice(5, 9), 7), brushed(slice(20, 30), slice(30, 50))


def opened(actions, path):
    return actions.open(path.read_bytes(), path.name)


def start(actions, session, hole, name='job', growth=PLAIN, seen=None):
    seen = session.version if seen is None else seen
    actions.remove(session.token, name, seen, bits_of(hole), growth, SETTINGS)
    return session.job


def remove(actions, session, hole, growth=PLAIN):
    job = start(actions, session, hole, f'job {time.monotonic()}', growth)
    job._thread.join()
    assert job.state == 'done', job.error


def now(actions, session):
    return actions.file(session.token, '.png')[0].stored


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(.005)


def test_what_was_not_brushed_stays(actions, photo, noise):
    session = opened(actions, photo)
    remove(actions, session, ONE)
    remove(actions, session, TWO)
    expected = noise.copy()
    expected[ONE | TWO] = 128
    assert np.array_equal(now(actions, session), expected)


def test_strokes_grow_into_the_hole(actions, photo, noise):
    session = opened(actions, photo)
    growth = Growth(close=6, dilate=2)
    remove(actions, session, TWO, growth)
    hole = grown(TWO, close=6, dilate=2)
    assert np.array_equal((now(actions, session) != noise).any(2), hole)
    shown = actions.grow(session.token, bits_of(TWO), growth)
    assert np.array_equal(hole_of(shown, (48, 64)), hole)


def test_a_round_is_undone_and_done_again(actions, photo, noise):
    session = opened(actions, photo)
    remove(actions, session, ONE)
    first = session.version
    remove(actions, session, TWO)
    after = now(actions, session)
    actions.step(session.token, session.version, -1)
    assert session.version == first
    assert actions.state(session.token)['redo'] == 1
    actions.step(session.token, session.version, -1)
    assert np.array_equal(now(actions, session), noise)
    with pytest.raises(ValueError, match='nothing to undo'):
        actions.step(session.token, 0, -1)
    for _ in range(2):
        actions.step(session.token, session.version, 1)
    assert np.array_equal(now(actions, session), after)
    with pytest.raises(ValueError, match='nothing to redo'):
        actions.step(session.token, session.version, 1)


def test_a_round_upon_an_undone_one_has_a_version_of_its_own(
        actions, photo, noise):
    session = opened(actions, photo)
    remove(actions, session, ONE)
    undone = session.version
    actions.step(session.token, undone, -1)
    remove(actions, session, TWO)
    assert session.version not in (0, undone) and len(session.rounds) == 1
    changed = (now(actions, session) != noise).any(2)
    assert np.array_equal(changed, TWO)
    with pytest.raises(Gone):
        session.picture(undone)


def test_what_is_not_seen_is_not_changed(actions, photo, noise):
    session = opened(actions, photo)
    remove(actions, session, ONE)
    for act in (lambda: start(actions, session, TWO, seen=0),
                lambda: actions.step(session.token, 0, -1)):
        with pytest.raises(Changed, match='changed elsewhere'):
            act()
    assert session.at == 1


def test_one_removal_at_a_time_and_none_twice(actions, photo):
    session = opened(actions, photo)
    actions.worker.gate.clear()
    job = start(actions, session, ONE, 'a')
    assert start(actions, session, ONE, 'a') is job  # sent again
    with pytest.raises(Changed, match='being painted'):
        start(actions, session, ONE, 'b')
    with pytest.raises(Changed, match='being painted'):
        actions.step(session.token, 0, 1)
    actions.worker.gate.set()
    job._thread.join()
    start(actions, session, ONE, 'a', seen=0)  # its answer was lost
    assert session.at == 1 and len(actions.worker.jobs) == 1


def test_who_comes_first_is_served_first(actions, photo):
    sessions = [opened(actions, photo) for _ in range(3)]
    actions.worker.gate.clear()
    jobs = []
    for n, session in enumerate(sessions):
        jobs.append(start(actions, session, brushed(n, slice(0, 9))))
        until(lambda n=n: jobs[n].state == 'painting' or jobs[n].ahead == n)
    states = [actions.state(x.token)['job'] for x in sessions]
    assert [x['ahead'] for x in states] == [0, 1, 2]
    assert [x['seconds'] > 0 for x in states[1:]] == [False, False]
    actions.worker.gate.set()
    for job in jobs:
        job._thread.join()
    order = [hole.any(1).argmax() for hole, _ in actions.worker.jobs]
    assert order == [0, 1, 2]


def test_too_many_are_turned_away(actions, photo):
    actions.sessions.limits = actions.limits._replace(sessions=9)
    actions.worker.gate.clear()
    for n in range(3):
        start(actions, opened(actions, photo), ONE)
        until(lambda n=n: len(actions.turns) == n + 1)
    with pytest.raises(Busy, match='2 removals wait'):
        start(actions, opened(actions, photo), ONE)
    actions.worker.gate.set()
    until(lambda: not len(actions.turns))


@pytest.mark.parametrize('waiting', [False, True])
def test_a_removal_is_cancelled(actions, photo, noise, waiting):
    session, other = opened(actions, photo), opened(actions, photo)
    actions.worker.gate.clear()
    if waiting:
        first = start(actions, other, ONE)
        until(lambda: first.state == 'painting')
    job = start(actions, session, ONE)
    until(lambda: job.ahead == 1 if waiting else job.state == 'painting')
    actions.cancel(session.token)
    job._thread.join()
    assert job.state == 'cancelled' and not job.error
    assert np.array_equal(now(actions, session), noise)
    actions.worker.gate.set()
    remove(actions, session, ONE)
    until(lambda: not len(actions.turns))


def test_a_picture_that_is_closed_is_no_longer_painted(actions, photo):
    session = opened(actions, photo)
    actions.worker.gate.clear()
    job = start(actions, session, ONE)
    until(lambda: job.state == 'painting')
    actions.sessions.close(session.token)
    job._thread.join()
    assert job.state == 'cancelled'
    assert not list(actions.sessions.folder.iterdir())
    with pytest.raises(Gone, match='no longer open'):
        actions.state(session.token)
    actions.worker.gate.set()


def test_what_goes_wrong_is_a_sentence(actions, photo):
    session = opened(actions, photo)
    actions.worker.error = KeyError('x')
    job = start(actions, session, ONE)
    job._thread.join()
    state = actions.state(session.token)
    assert state['job']['state'] == 'failed' and state['rounds'] == 0
    assert state['job']['error'] == "KeyError: 'x'"


def test_depth_exif_profile_and_own_format_stay(actions, tmp_path):
    deep = np.random.default_rng(0).integers(0, 65536, (48, 64), np.uint16)
    Image.fromarray(deep).save(tmp_path / 'deep.png')
    session = opened(actions, tmp_path / 'deep.png')
    remove(actions, session, ONE)
    result, _ = actions.file(session.token, '.png')
    assert result.stored.dtype == np.uint16
    assert np.array_equal(result.stored != deep, ONE)

    exif = Image.Exif()
    exif[0x010e], exif[0x0112] = 'of the sea', 6  # lies on its side
    Image.new('RGB', (48, 64), 'red').save(
        tmp_path / 'a.JPG', exif=exif, icc_profile=b'a profile')
    session = opened(actions, tmp_path / 'a.JPG')
    assert session.size == (48, 64)
    assert session.endings == ['.png', '.jpg']
    remove(actions, session, ONE)
    picture, name = actions.file(session.token, '.jpg')
    picture.save(tmp_path / name)
    with Image.open(tmp_path / 'a_removed.jpg') as file:
        assert file.size == (48, 64) and file.format == 'JPEG'
        assert file.getexif()[0x010e] == 'of the sea'
        assert file.info['icc_profile'] == b'a profile'


@pytest.mark.parametrize('mode, kind, endings', [
    ('RGB', 'webp', ['.png', '.webp']), ('CMYK', 'jpg', ['.tif', '.jpg']),
    ('RGB', 'png', ['.png']), ('P', 'gif', ['.png', '.gif'])])
def test_a_result_can_be_had_without_loss_and_in_its_own_kind(
        actions, tmp_path, mode, kind, endings):
    Image.new(mode, (64, 48)).save(tmp_path / f'a.{kind}')
    session = opened(actions, tmp_path / f'a.{kind}')
    assert session.endings == endings
    remove(actions, session, ONE)
    for ending in endings:
        picture, name = actions.file(session.token, ending)
        picture.save(tmp_path / name)


def test_a_mask_file_is_shown_as_strokes(actions, photo, tmp_path):
    session = opened(actions, photo)
    Image.fromarray(TWO).save(tmp_path / 'mask.png')
    bits = actions.mask(session.token, (tmp_path / 'mask.png').read_bytes())
    assert (bits.left, bits.top) == (30, 20)
    assert np.array_equal(hole_of(bits, (48, 64)), TWO)
    Image.new('L', (9, 9), 255).save(tmp_path / 'small.png')
    with pytest.raises(ValueError, match='has 9 x 9 pixels, the image 64'):
        actions.mask(session.token, (tmp_path / 'small.png').read_bytes())


def test_the_figure_is_of_the_round_that_is_seen(actions, photo):
    session = opened(actions, photo)
    with pytest.raises(ValueError, match='nothing is painted'):
        actions.figure(session.token, 0)
    remove(actions, session, ONE)
    remove(actions, session, TWO)
    pictures, pieces = actions.figure(session.token,
                                      session.version).parts
    assert pictures.shape == (48, 3 * 64, 3) and pieces.shape == (16, 40, 3)
    assert (pictures[:, :64][TWO] == 0).all()
    assert (pictures[:, :64][ONE] == 128).all()


def test_a_figure_of_pictures_alone_stays():
    figure = np.zeros((4, 9, 3), np.uint8)
    assert len(apart(figure)) == 1
    assert len(apart(np.pad(figure, [(0, 3), (0, 0), (0, 0)],
                            constant_values=255))) == 1


def test_what_cannot_be_done_is_said(actions, photo, tmp_path):
    with pytest.raises(Gone, match='no picture is open'):
        actions.state('')
    session = opened(actions, photo)
    with pytest.raises(ValueError, match='nothing is brushed'):
        start(actions, session, brushed(0, slice(0, 0)))
    with pytest.raises(ValueError, match='covers the whole image'):
        start(actions, session, brushed(slice(None), slice(None)))
    outside = bits_of(ONE)._replace(left=64)
    with pytest.raises(ValueError, match='must lie inside'):
        actions.grow(session.token, outside, Growth())
    for act in (lambda x: actions.open(x, 'text.jpg'),
                lambda x: actions.mask(session.token, x)):
        with pytest.raises(ValueError, match='cannot be read'):
            act(b'no picture')
    remove(actions, session, ONE)
    remove(actions, session, TWO)
    with pytest.raises(ValueError, match='2 rounds are painted'):
        start(actions, session, ONE)


def test_a_picture_over_the_limits_is_not_decoded(actions, tmp_path,
                                                  monkeypatch):
    Image.new('RGB', (200, 100)).save(tmp_path / 'wide.png')
    monkeypatch.setattr(Picture, 'of', None)
    with pytest.raises(ValueError, match='200 x 100 pixels'):
        opened(actions, tmp_path / 'wide.png')
    with pytest.raises(ValueError, match='megabytes'):
        actions.open(bytes(200_000), 'heavy.png')
    assert not list(actions.sessions.folder.iterdir())


def test_two_pictures_do_not_meet(actions, photo, tmp_path, noise):
    Image.fromarray(255 - noise).save(tmp_path / 'other.png')
    one, two = (opened(actions, x) for x in (photo, tmp_path / 'other.png'))
    remove(actions, one, ONE)
    remove(actions, two, TWO)
    for session, before, hole in (one, noise, ONE), (two, 255 - noise, TWO):
        assert np.array_equal(
            (now(actions, session) != before).any(2), hole)


def test_the_oldest_gives_way_and_so_does_who_is_idle(actions, photo,
                                                      monkeypatch):
    tokens = [opened(actions, photo).token for _ in range(4)]
    assert len(list(actions.sessions.folder.iterdir())) == 3
    with pytest.raises(Gone, match='no longer open'):
        actions.state(tokens[0])
    actions.sessions.close_idle()
    assert len(list(actions.sessions.folder.iterdir())) == 3
    monkeypatch.setattr('tmad_mmedit.web.sessions.IDLE', -1)
    actions.sessions.close_idle()
    assert not list(actions.sessions.folder.iterdir())


def test_a_program_gets_its_result_and_nothing_is_kept(actions, photo,
                                                       tmp_path, noise):
    Image.fromarray(TWO).save(tmp_path / 'mask.png')
    picture, name = actions.once(str(photo), str(tmp_path / 'mask.png'), 0,
                                 SETTINGS)
    assert name == 'photo_removed.png'
    assert np.array_equal((picture.stored != noise).any(2), TWO)
    assert not list(actions.sessions.folder.iterdir())
    with pytest.raises(ValueError, match='picture and a mask'):
        actions.once(str(photo), None, 0, SETTINGS)


def test_four_at_once_get_their_own(actions, tmp_path):
    actions.sessions.limits = actions.limits._replace(sessions=9, rounds=9)
    actions.limits = actions.sessions.limits._replace(waiting=9)
    actions.turns.most = 9
    holes = [brushed(n, slice(n, n + 9)) for n in range(4)]
    results = [None] * 4

    def work(n):
        path = tmp_path / f'{n}.png'
        Image.new('RGB', (64, 48), (n, n, n)).save(path)
        session = opened(actions, path)
        for hole in holes:
            remove(actions, session, hole)
        results[n] = now(actions, session)

    threads = [threading.Thread(target=work, args=(n, )) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, result in enumerate(results):
        expected = np.full((48, 64, 3), n)
        expected[np.any(holes, 0)] = 128
        assert np.array_equal(result, expected)


def test_what_a_model_uses_is_asked_for_once(actions, photo):
    assert actions.uses('seeded') == ['seed', 'overlap']
    actions.worker.gate.clear()
    job = start(actions, opened(actions, photo), ONE)
    until(lambda: job.state == 'painting')
    assert actions.uses('seeded') == ['seed', 'overlap']  # without its turn
    assert actions.worker.loads == 1
    actions.worker.gate.set()
    job._thread.join()


def test_layers_reach_the_model_and_the_figure(actions, photo, monkeypatch):
    session = opened(actions, photo)
    area = brushed(slice(0, 40), slice(0, 20))
    layers = Layers(not_from=bits_of(area))
    actions.remove(session.token, 'a', 0, bits_of(TWO), PLAIN, SETTINGS,
                   layers)
    session.job._thread.join()
    said, = actions.worker.said
    assert np.array_equal(said.barred, area) and said.hint is None
    asked = []
    figure = actions.worker.figure
    monkeypatch.setattr(
        actions.worker, 'figure',
        lambda *given, said: asked.append(said) or figure(*given, said=said))
    actions.figure(session.token, session.version)
    assert np.array_equal(asked[0].barred, area)


def test_what_is_said_in_vain_paints_nothing(actions, photo):
    session = opened(actions, photo)
    for layers, sentence in (
            (Layers(only_from=bits_of(ONE)), 'too little to copy from'),
            (Layers(hint=bits_of(ONE)), 'no colour in the hole'),
            (Layers(not_from=bits_of(ONE)._replace(left=64)), 'inside')):
        with pytest.raises(ValueError, match=sentence):
            actions.remove(session.token, 'a', 0, bits_of(TWO), PLAIN,
                           SETTINGS, layers)
    assert session.job is None and not actions.worker.jobs


def test_a_program_may_say_it_too(actions, photo, tmp_path):
    Image.fromarray(TWO).save(tmp_path / 'mask.png')
    area = brushed(slice(0, 40), slice(0, 20))
    Image.fromarray(area).save(tmp_path / 'area.png')
    files = [str(x) for x in (photo, tmp_path / 'mask.png')]
    actions.once(*files, 0, SETTINGS, not_from=str(tmp_path / 'area.png'),
                 hint=None)
    assert np.array_equal(actions.worker.said[-1].barred, area)
    with pytest.raises(ValueError, match='no transparency'):
        actions.once(*files, 0, SETTINGS, hint=str(photo))


def test_the_source_of_a_piece(actions, photo):
    session = opened(actions, photo)
    low = brushed(slice(42, 46), slice(10, 20))
    remove(actions, session, low)
    source = hole_of(actions.source(session.token, session.version, 12, 44),
                     (48, 64))
    # 40 pixels above, and 4 pixels beside that
    assert np.array_equal(source, brushed(slice(0, 10), slice(6, 24)))
    with pytest.raises(ValueError, match='nothing was painted there'):
        actions.source(session.token, session.version, 0, 0)
    session.figure = session.figure._replace(sources=None)
    with pytest.raises(ValueError, match='copies no'):
        actions.source(session.token, session.version, 12, 44)

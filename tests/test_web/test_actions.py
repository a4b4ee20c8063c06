"""The buttons, with a worker that paints grey."""
import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.web.actions import Example
from tmad_mmedit.web.brush import OPACITY
from tmad_mmedit.web.worker import Settings

SETTINGS = Settings('grey')


def brushed(rows, columns, size=(48, 64)):
    layer = np.zeros((*size, 4), np.uint8)
    layer[rows, columns, 3] = round(OPACITY * 255)
    return [layer]


ONE, TWO = brushed(slice(5, 9), 7), brushed(slice(20, 30), slice(30, 50))


def remove(actions, token, layers=None, mask=None, dilate=0):
    actions.remove(token, layers or [], mask, dilate, SETTINGS)
    return actions.painted(token, layers or [])


def now(actions, token):
    return actions.file(token, '.png')[0].stored


def test_what_was_not_brushed_stays(actions, photo, noise):
    token = actions.open(photo).session.token
    remove(actions, token, ONE)
    remove(actions, token, TWO)
    expected = noise.copy()
    expected[5:9, 7] = expected[20:30, 30:50] = 128
    assert np.array_equal(now(actions, token), expected)


def test_a_step_back_is_the_picture_before(actions, photo, noise):
    token = actions.open(photo).session.token
    one = remove(actions, token, ONE)
    before = now(actions, token), one.after.read_bytes()
    remove(actions, token, TWO)
    back = actions.step_back(token)
    assert np.array_equal(now(actions, token), before[0])
    assert back.after.read_bytes() == before[1]
    again = remove(actions, token, brushed(0, slice(0, 60)))
    assert again.after.read_bytes() != before[1]
    actions.step_back(token)
    actions.step_back(token)
    assert np.array_equal(now(actions, token), noise)
    with pytest.raises(ValueError, match='no step back'):
        actions.step_back(token)


def test_depth_exif_profile_and_own_format_stay(actions, tmp_path):
    deep = np.random.default_rng(0).integers(0, 65536, (48, 64), np.uint16)
    Image.fromarray(deep).save(tmp_path / 'deep.png')
    token = actions.open(str(tmp_path / 'deep.png')).session.token
    remove(actions, token, ONE)
    result, _ = actions.file(token, '.png')
    assert result.stored.dtype == np.uint16
    changed = result.stored != deep
    assert changed[5:9, 7].all() and changed.sum() == 4

    exif = Image.Exif()
    exif[0x010e], exif[0x0112] = 'of the sea', 6  # lies on its side
    Image.new('RGB', (48, 64), 'red').save(
        tmp_path / 'a.JPG', exif=exif, icc_profile=b'a profile')
    session = actions.open(str(tmp_path / 'a.JPG')).session
    assert session.size == (48, 64)
    assert session.endings == ['.png', '.jpg']
    remove(actions, session.token, ONE)
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
    session = actions.open(str(tmp_path / f'a.{kind}')).session
    assert session.endings == endings
    remove(actions, session.token, ONE)
    for ending in endings:
        picture, name = actions.file(session.token, ending)
        picture.save(tmp_path / name)


def test_a_mask_file_takes_the_place_of_the_brush(actions, photo, tmp_path,
                                                  noise):
    mask = np.zeros((48, 64), np.uint8)
    mask[10:20, 10:20] = 255
    Image.fromarray(mask).save(tmp_path / 'mask.png')
    token = actions.open(photo).session.token
    remove(actions, token, TWO, str(tmp_path / 'mask.png'), dilate=2)
    changed = (now(actions, token) != noise).any(2)
    assert changed[8, 15] and changed[15, 21] and not changed[25, 40]
    assert np.array_equal(Picture.of(photo).stored, noise)


def test_an_example_opens_with_its_strokes(actions, photo, tmp_path):
    mask = np.zeros((48, 64), np.uint8)
    mask[10:20, 10:20] = 255
    Image.fromarray(mask).save(tmp_path / 'mask.png')
    view = actions.example(Example(photo, tmp_path / 'mask.png'))
    with Image.open(view.strokes) as strokes:
        assert np.array_equal(np.array(strokes)[..., 3] > 0, mask > 0)
    assert view.session.rounds == 0


def test_strokes_that_were_drawn_meanwhile_stay(actions, photo):
    token = actions.open(photo).session.token
    actions.remove(token, ONE, None, 0, SETTINGS)
    meanwhile = [np.maximum(*ONE, *TWO)]
    with Image.open(actions.painted(token, meanwhile).strokes) as strokes:
        assert np.array_equal(np.array(strokes)[..., 3], TWO[0][..., 3])
    assert actions.painted(token, ONE).strokes is None
    actions.step_back(token)
    assert actions.painted(token, meanwhile).strokes is None


def test_the_figure_is_of_the_last_round(actions, photo):
    token = actions.open(photo).session.token
    with pytest.raises(ValueError, match='nothing is painted'):
        actions.figure(token)
    remove(actions, token, ONE)
    remove(actions, token, TWO)
    figure = actions.figure(token)
    assert (figure[20:30, 30:50] == 0).all()
    assert (figure[5:9, 7] == 128).all()


def test_what_cannot_be_done_is_said(actions, photo, tmp_path):
    with pytest.raises(ValueError, match='no picture is open'):
        remove(actions, '', ONE)
    token = actions.open(photo).session.token
    with pytest.raises(ValueError, match='nothing is brushed'):
        remove(actions, token)
    with pytest.raises(ValueError, match='covers the whole image'):
        remove(actions, token, brushed(slice(None), slice(None)))
    Image.new('L', (9, 9), 255).save(tmp_path / 'small.png')
    with pytest.raises(ValueError, match='has 9 x 9 pixels, the image 64'):
        remove(actions, token, mask=str(tmp_path / 'small.png'))
    (tmp_path / 'text.jpg').write_text('no picture')
    for act in (lambda x: actions.open(x),
                lambda x: remove(actions, token, mask=x)):
        with pytest.raises(ValueError, match='cannot be read'):
            act(str(tmp_path / 'text.jpg'))
    remove(actions, token, ONE)
    remove(actions, token, TWO)
    with pytest.raises(ValueError, match='2 rounds are painted'):
        remove(actions, token, ONE)


def test_a_picture_over_the_limits_is_not_decoded(actions, tmp_path,
                                                  monkeypatch):
    Image.new('RGB', (200, 100)).save(tmp_path / 'wide.png')
    (tmp_path / 'heavy.png').write_bytes(bytes(200_000))
    monkeypatch.setattr(Picture, 'of', None)
    with pytest.raises(ValueError, match='200 x 100 pixels'):
        actions.open(str(tmp_path / 'wide.png'))
    with pytest.raises(ValueError, match='megabytes'):
        actions.open(str(tmp_path / 'heavy.png'))
    assert not list(actions.sessions.folder.iterdir())


def test_pictures_that_are_closed_leave_nothing(actions, photo):
    first = actions.open(photo).session
    second = actions.open(photo, first.token).session
    with pytest.raises(ValueError, match='no longer open'):
        actions.step_back(first.token)
    actions.sessions.close(second.token)
    actions.sessions.close(second.token)
    assert not list(actions.sessions.folder.iterdir())


def test_two_pictures_do_not_meet(actions, photo, tmp_path, noise):
    Image.fromarray(255 - noise).save(tmp_path / 'other.png')
    one = actions.open(photo).session.token
    two = actions.open(str(tmp_path / 'other.png')).session.token
    remove(actions, one, ONE)
    remove(actions, two, TWO)
    for token, before, rows in (one, noise, [5, 6, 7, 8]), (
            two, 255 - noise, list(range(20, 30))):
        changed = (now(actions, token) != before).any(2)
        assert np.flatnonzero(changed.any(1)).tolist() == rows


def test_the_oldest_gives_way_and_so_does_who_is_idle(actions, photo,
                                                      monkeypatch):
    tokens = [actions.open(photo).session.token for _ in range(4)]
    assert len(list(actions.sessions.folder.iterdir())) == 3
    with pytest.raises(ValueError, match='no longer open'):
        actions.view(tokens[0])
    monkeypatch.setattr('tmad_mmedit.web.session.IDLE', -1)
    last = actions.open(photo).session
    assert [x.name for x in actions.sessions.folder.iterdir()] == [last.token]


class Meanwhile:
    """Does something else while it paints."""

    def __init__(self, worker, act):
        self.worker, self.act = worker, act

    def fill(self, *job):
        self.act()
        return self.worker.fill(*job)


def test_what_was_painted_on_another_state_is_dropped(actions, photo):
    session = actions.open(photo).session
    remove(actions, session.token, ONE)
    grey = actions.worker
    actions.worker = Meanwhile(
        grey, lambda: actions.step_back(session.token))
    with pytest.raises(ValueError, match='step back came in between'):
        remove(actions, session.token, TWO)
    assert session.rounds == 0
    actions.worker = Meanwhile(
        grey, lambda: actions.open(photo, session.token))
    with pytest.raises(ValueError, match='no longer open'):
        remove(actions, session.token, TWO)


def test_a_program_gets_its_result_and_nothing_is_kept(actions, photo,
                                                       tmp_path, noise):
    mask = np.zeros((48, 64), np.uint8)
    mask[10:20, 10:20] = 255
    Image.fromarray(mask).save(tmp_path / 'mask.png')
    picture, name = actions.once(photo, str(tmp_path / 'mask.png'), 0,
                                 SETTINGS)
    assert name == 'photo_removed.png'
    assert np.array_equal((picture.stored != noise).any(2), mask > 0)
    assert not list(actions.sessions.folder.iterdir())
    with pytest.raises(ValueError, match='picture and a mask'):
        actions.once(photo, None, 0, SETTINGS)

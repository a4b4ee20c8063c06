"""A person's hand: hints, and where not to copy from."""
import numpy as np
import pytest
import torch
from PIL import Image

from tests.slim import SLIM_COHERENT
from tmad_mmedit import Inpainter, Picture
from tmad_mmedit.load import build_model
from tmad_mmedit.models.crops import CropSettings, crops_of
from tmad_mmedit.models.hand import hinted
from tmad_mmedit.steering import steer

LEFT = np.s_[:, :70]


@pytest.fixture(scope='module')
def inpainter():
    torch.manual_seed(0)
    return Inpainter(model=build_model(SLIM_COHERENT))


def two_textures(size=(120, 140)):
    """Red noise at the left, blue noise at the right."""
    rng = np.random.default_rng(0)
    photo = np.zeros((*size, 3), np.uint8)
    noise = rng.integers(60, 200, size)
    photo[LEFT][..., 0] = noise[LEFT]
    photo[:, 70:, 2] = noise[:, 70:]
    hole = np.zeros(size, bool)
    hole[45:75, 55:85] = True
    return photo, hole


def sources(inpainter, photo, hole, **said):
    """Where each hole pixel is copied from: row and column, (2, P)."""
    from tmad_mmedit.painting import completed
    with torch.no_grad():
        done = completed(inpainter.model, [photo], [hole],
                         [steer(hole, **said)])
    (top, _, left, _), shift = done.field[:2]
    y, x = hole.nonzero()
    d = shift[0][:, y - top, x - left].numpy()
    return np.stack([y, x]) + d, d.any(0)


@pytest.mark.parametrize('holes', ['one', 'specks', 'long'])
def test_nothing_is_copied_from_where_it_is_not_allowed(inpainter, holes):
    photo, hole = two_textures((120, 420) if holes == 'long' else (120, 140))
    if holes == 'specks':
        hole = np.zeros_like(hole)
        hole[50:55, 66:72] = hole[90:97, 80:84] = True
    if holes == 'long':
        hole = np.zeros_like(hole)
        hole[60:66, 10:410] = True
    area = np.zeros(hole.shape, np.uint8)
    area[LEFT] = 255
    free = (area == 0) & ~hole
    for said in (dict(not_from=area), dict(only_from=255 - area)):
        (y, x), copied = sources(inpainter, photo, hole, **said)
        assert copied.mean() > .9
        assert free[y[copied], x[copied]].all()
    (y, x), copied = sources(inpainter, photo, hole)
    assert not free[y[copied], x[copied]].all()  # it would, unless told


def test_an_area_that_is_far_away_widens_the_crop():
    mask = torch.zeros(1, 600, 600)
    mask[:, 20:60, 20:60] = 1
    barred = torch.ones(1, 600, 600)
    barred[:, 500:560, 500:560] = 0
    crop, = crops_of(mask, CropSettings(), 0, barred)
    assert crop.window.bottom >= 540 and crop.window.right >= 540
    crop, = crops_of(mask, CropSettings(), 0, torch.zeros(1, 600, 600))
    assert crop.window.bottom == 160


def test_a_hint_is_the_guess_and_between_strokes_it_is_smooth():
    mask = torch.zeros(1, 1, 20, 41)
    mask[..., :, 10:31] = 1
    masked_img = torch.zeros(1, 3, 20, 41)
    masked_img[..., 31:] = .8
    masked_img = masked_img * (1 - mask)
    hint = torch.zeros(1, 4, 20, 41)
    hint[:, 0, :, 20], hint[:, 3, :, 20] = -1, 1
    guess, guessed = hinted(masked_img, mask, hint)
    assert torch.equal(guessed, mask)
    # red is a straight line from 0 to the stroke's -1, and on to .8
    line = torch.cat([torch.linspace(0, -1, 12)[1:],
                      torch.linspace(-1, .8, 12)[1:-1]])
    torch.testing.assert_close(guess[0, 0, 7, 10:31], line,
                               atol=2e-3, rtol=0)
    assert (guess[0, :, :, 20] == torch.tensor([-1., 0, 0])[:, None]).all()


def test_a_hole_without_a_stroke_keeps_its_guess():
    mask = torch.zeros(1, 1, 30, 30)
    mask[..., 3:9, 3:9] = mask[..., 15:25, 15:25] = 1
    hint = torch.zeros(1, 4, 30, 30)
    hint[..., 18, 18] = 1
    guess, guessed = hinted(torch.zeros(1, 3, 30, 30), mask, hint)
    assert guessed[..., 15:25, 15:25].all() and guessed.sum() == 100
    assert not guess[..., :12, :].any()


def test_a_hint_leads(inpainter):
    photo, hole = two_textures((160, 200))
    hint = np.zeros((160, 200, 4), np.uint8)
    means = []
    for colour in ((130, 0, 0), (0, 0, 130)):
        hint[hole] = (*colour, 255)
        made = inpainter(photo, hole, hint=hint)
        assert (made[~hole] == photo[~hole]).all()
        means.append(made[hole].mean(0))
    assert means[0][0] > means[1][0] + 30 and means[1][2] > means[0][2] + 30


def test_a_hint_counts_as_much_as_a_network_s_guess(inpainter):
    photo, hole = two_textures()
    hint = np.zeros((*hole.shape, 4), np.uint8)
    guess = inpainter.fill(
        [Picture.of(photo)], [hole], coarse=True)[0].coarse.rgb
    hint[hole] = np.dstack([guess, np.full(hole.shape, 255)])[hole]
    # but for its rounding to 8 bits, the hint is the network's guess
    like, alone = (inpainter(photo, hole, **said).astype(int)
                   for said in (dict(hint=hint), {}))
    assert np.abs(like - alone).mean() < 0.5


def test_what_is_not_said_changes_nothing(inpainter):
    photo, hole = two_textures()
    nowhere = np.ones(hole.shape, np.uint8) * 255
    assert (inpainter(photo, hole, only_from=nowhere) ==
            inpainter(photo, hole)).all()


@pytest.mark.parametrize('said, sentence', [
    (dict(hint=np.zeros((9, 9, 4), np.uint8)), 'hint has 9 x 9 pixels'),
    (dict(hint=np.zeros((120, 140, 3), np.uint8)), 'no transparency'),
    (dict(hint=np.zeros((120, 140, 4), np.uint8)), 'transparent all over'),
    (dict(not_from=np.zeros((120, 140), np.uint8)), 'not_from is black'),
    (dict(only_from=np.ones((9, 140), bool)), 'only_from has 140 x 9'),
    (dict(not_from=np.ones((120, 140), bool)), 'too little to copy from'),
])
def test_what_cannot_be_meant_is_a_sentence(inpainter, said, sentence):
    photo, hole = two_textures()
    with pytest.raises(ValueError, match=sentence):
        inpainter(photo, hole, **said)


def test_a_hint_outside_the_hole_is_a_sentence(inpainter):
    photo, hole = two_textures()
    hint = Image.new('RGBA', (140, 120))
    hint.putpixel((3, 3), (9, 9, 9, 255))
    with pytest.raises(ValueError, match='no colour in the hole'):
        inpainter(photo, hole, hint=hint)
    with pytest.raises(ValueError, match='too little to copy from'):
        inpainter(photo, hole, only_from=hole)

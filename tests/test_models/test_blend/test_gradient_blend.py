import pytest
import torch

from tmad_mmedit.models.blend.gradient_blend import (
    BlendSettings,
    continued,
    gradient_blend,
    sources,
)
from tmad_mmedit.models.ops.blur import gaussian_blur
from tmad_mmedit.models.ops.window import hole_window, whole
from tmad_mmedit.models.shifts.field import ShiftField


def picture():
    """A slope down the rows, and a hole in it."""
    img = torch.linspace(-0.8, 0.8, 40)[:, None].expand(1, 3, 40, 32)
    mask = torch.zeros(1, 1, 40, 32)
    mask[..., 14:26, 8:20] = 1
    return img, mask


def shifted(mask, *d):
    """One shift for all pixels of the holes."""
    window = hole_window(mask)
    shift = torch.tensor(d).view(1, 2, 1, 1)
    height = window.bottom - window.top
    width = window.right - window.left
    return ShiftField(window, shift.repeat(1, 1, height, width))


def blended(comp, known, mask, field, screening_weight=0., disagreement=0.,
            **settings):
    return gradient_blend(
        comp, known, mask, field,
        BlendSettings(screening_weight=screening_weight,
                      disagreement=disagreement, **settings))


def test_a_source_of_another_brightness_is_brought_to_its_place():
    """13 rows below, the slope has the same gradients and other values."""
    img, mask = picture()
    known = img * (1 - mask)
    out = blended(known, known, mask, shifted(mask, 13, 0))
    assert torch.allclose(out, img, atol=1e-4)


def test_a_shift_into_the_hole_shows_the_guess():
    img, mask = picture()
    known = img * (1 - mask)
    out = blended(img, known, mask, shifted(mask, 0, 0))
    assert torch.allclose(out, img, atol=1e-4)


def test_what_is_blended_is_what_the_shifts_show():
    img, mask = torch.rand(3, 30, 40), torch.zeros(1, 30, 40)
    mask[:, 10:20, 12:25] = 1
    window, hole = whole(mask), mask.bool()
    shift = torch.randint(-30, 30, (2, 30, 40)) * hole
    guess = torch.rand(3, 30, 40)
    composite, _ = sources(guess, img, hole, shift, window)
    for y, x in hole[0].nonzero().tolist():
        there = y + shift[0, y, x].item(), x + shift[1, y, x].item()
        inside = 0 <= there[0] < 30 and 0 <= there[1] < 40
        usable = inside and not hole[0][there]
        assert torch.equal(
            composite[:, y, x],
            img[:, there[0], there[1]] if usable else guess[:, y, x])
    known = ~hole.expand_as(img)
    assert torch.equal(composite[known], img[known])


def test_the_screening_brings_the_guess_colours():
    img, mask = picture()
    known = img * (1 - mask)
    comp = (img + 0.5).clamp(max=1).where(mask.bool(), known)
    brighter = [
        (blended(comp, known, mask, shifted(mask, 13, 0), weight) -
         img)[mask.expand_as(img) == 1].mean() for weight in (0., 0.02, 0.5)]
    assert brighter[0].abs() < 1e-4
    assert 0.02 < brighter[1] < brighter[2] < 0.7


def test_a_guess_that_is_slightly_off_in_hue_does_not_tint():
    img, mask = picture()
    img = img.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    known = img * (1 - mask)
    hue = torch.tensor([0.06, 0., -0.06])[:, None, None]

    def tint(guess, **changes):
        comp = guess.where(mask.bool(), known)
        out = blended(comp, known, mask, shifted(mask, 13, 0), 0.5, **changes)
        return (out[:, 0] - out[:, 2]).abs().amax()

    assert tint(img + hue) < 1e-4
    assert tint(img + hue, hue_deadzone=0.) > 0.02
    assert tint(img + 10 * hue) > 0.2


def test_a_guess_as_smooth_as_guesses_are_changes_nothing():
    """Its low frequencies are taken by a narrower Gaussian, 0.7 of the
    picture's: a guess that is blurred by the rest of it already, sigmas
    adding as squares, says what the picture says."""
    wave = (torch.arange(180) * 2 * torch.pi / 20).sin() * 0.8
    img = wave.expand(1, 3, 120, 180)
    mask = torch.zeros(1, 1, 120, 180)
    mask[..., 20:100, 10:90] = 1
    known = img * (1 - mask)

    def change(blur):
        comp = gaussian_blur(img, blur).where(mask.bool(), known)
        out = blended(comp, known, mask, shifted(mask, 0, 80), 10.)
        return (out - img)[..., 45:75, 35:65].abs().amax()

    assert change(0.51**0.5 * 6) < 5e-3
    assert change(1e-3) > 0.05 < change(6.)


def test_holes_apart_are_blended_apart():
    img, mask = picture()
    two = mask.clone()
    two[..., 2:6, 24:30] = 1
    known = img * (1 - two)
    out = blended(known, known, two, shifted(two, 0, -8))
    assert torch.allclose(out[..., 2:6, 24:30], img[..., 2:6, 24:30],
                          atol=1e-4)


def test_a_step_between_two_things_stays_and_a_slight_one_is_blended():
    """A dark thing whose source is dark, too, beside a rim that is not: with
    a wide tolerance, the rim's colour runs into it."""
    mask = torch.zeros(1, 1, 24, 24)
    mask[..., 8:16, 12:20] = 1
    img = torch.full((1, 3, 24, 24), 0.8)
    known = img * (1 - mask)

    def inside(level, tolerance):
        picture = known.clone()
        picture[..., :, :11] = level  # what the shift shows
        comp = (picture * 0 + level).where(mask.bool(), picture)
        out = blended(comp, picture, mask, shifted(mask, 0, -10), 0.001,
                      tolerance=tolerance)
        return out[0, 0, 12, 15]

    assert inside(-0.8, 0.15) < -0.6
    assert inside(-0.8, 100.) > 0.7
    assert inside(0.75, 0.15) > 0.79


@pytest.mark.parametrize('colour', [1., -1., 0.3])
@pytest.mark.parametrize('box', [(0, 30, 0, 40), (5, 55, 4, 64)])
def test_where_rim_and_copies_agree_a_wrong_guess_says_nothing(colour, box):
    top, bottom, left, right = box
    img = torch.full((1, 3, 60, 80), colour)
    mask = torch.zeros(1, 1, 60, 80)
    mask[..., top:bottom, left:right] = 1
    known = img * (1 - mask)
    comp = (img + 0.2).where(mask.bool(), known)
    field = shifted(mask, 0, 0)
    y, x = (torch.arange(n) for n in field.shift.shape[-2:])
    field.shift[:, 0] = (bottom + 1 - top - y)[:, None]  # all show known ones
    field.shift[:, 1] = (right + 1 - left - x)
    out = gradient_blend(comp, known, mask, field, BlendSettings())
    assert torch.equal(out, img)


def test_where_copies_contradict_each_other_the_guess_counts():
    torch.manual_seed(0)
    img, mask = torch.rand(1, 3, 60, 80) * 0.4, torch.zeros(1, 1, 60, 80)
    mask[..., 10:50, 10:50] = 1
    known = img * (1 - mask)
    comp = (img + 0.4).where(mask.bool(), known)
    window = hole_window(mask)
    # each pixel from a column of its own
    shift = torch.zeros(1, 2, 40, 40, dtype=torch.long)
    shift[:, 1] = 41 + torch.randint(0, 20, (40, 40)) - torch.arange(40) % 20

    def brighter(**changes):
        out = gradient_blend(comp, known, mask, ShiftField(window, shift),
                             BlendSettings(**changes))
        return (out - known)[..., 25:35, 25:35].mean()

    without = brighter(screening_weight=0.)
    always = brighter(disagreement=0.)
    assert always - without > 0.05
    assert brighter() - without > 0.9 * (always - without)


def test_what_is_not_wanted_has_no_say():
    img, mask = picture()
    known = img * (1 - mask)
    wanted = mask.clone()
    wanted[..., 14:] = 0
    comp = (img * 0 + 0.9).where(mask.bool(), known)
    field = shifted(mask, 13, 0)
    field.shift[..., 6:] = 0  # it has no shift, and shows the guess
    out = gradient_blend(comp, known, mask, field,
                         BlendSettings(screening_weight=0.), wanted)
    expected = comp.where((mask > wanted).expand_as(img), img)
    assert torch.allclose(out, expected, atol=1e-3)


@pytest.mark.parametrize('across', [False, True])
def test_where_a_source_ends_there_is_no_step_to_the_guess(across):
    """A row of pixels whose shift leads into the hole shows the guess, which
    is wrong: the slope goes on through it all the same."""
    img, mask = picture()
    field = shifted(mask, 13, 0)
    field.shift[:, 0, 6] = 3
    known = img * (1 - mask)
    comp = torch.where(mask.bool(), img + 0.3, img)
    if across:
        img, mask, known, comp = (
            x.transpose(2, 3) for x in (img, mask, known, comp))
        field = ShiftField(hole_window(mask),
                           field.shift.flip(1).transpose(2, 3))
    out = blended(comp, known, mask, field)
    assert (comp - img).abs().max() > 0.29
    assert torch.allclose(out, img, atol=1e-4)


def test_it_goes_on_along_the_line_that_crosses_the_end():
    """Beside a row that shows the guess, at the hole's left end."""
    img, mask = torch.rand(3, 40, 32), picture()[1][0]
    field = shifted(mask[None], 13, 0)
    field.shift[:, 0, 6] = 3
    window, hole = whole(mask[None]), mask.bool()
    shift = torch.zeros(2, 40, 32, dtype=torch.long)
    shift[:, 14:26, 8:20] = field.shift[0]
    _, (_, right) = sources(img, img, hole, shift, window)
    row = right[:, 20]
    assert torch.allclose(row[:, 7], (row[:, 6] + row[:, 8]) / 2)


def test_a_gradient_that_no_source_has_is_as_those_beside_it():
    slope = torch.arange(4.)[None, :, None].expand(1, 4, 3).clone()
    lost = torch.zeros(4, 3, dtype=torch.bool)
    lost[1, 0] = lost[3, 1] = lost[0, 2] = lost[1, 2] = True
    slope[:, lost] = 9
    assert continued(slope, lost, 1)[0].tolist() == [
        [0, 0, 9], [1, 1, 2], [2, 2, 2], [3, 2, 3]]
    assert continued(slope.mT, lost.T, 2)[0].T.tolist() == [
        [0, 0, 9], [1, 1, 2], [2, 2, 2], [3, 2, 3]]

import torch

from tmad_mmedit.models.blend.gradient_blend import GradientBlend
from tmad_mmedit.models.ops.window import hole_window


def picture():
    """A slope down the rows, and a hole in it."""
    img = torch.linspace(-0.8, 0.8, 40)[:, None].expand(1, 3, 40, 32)
    mask = torch.zeros(1, 1, 40, 32)
    mask[..., 14:26, 8:20] = 1
    return img, mask, hole_window(mask)


def shifted(window, *d):
    shift = torch.tensor(d).view(1, 2, 1, 1)
    height = window.bottom - window.top
    width = window.right - window.left
    return shift.expand(1, 2, height, width)


def test_a_source_of_another_brightness_is_brought_to_its_place():
    """13 rows below, the slope has the same gradients and other values."""
    img, mask, window = picture()
    known = img * (1 - mask)
    out = GradientBlend(anchor=0.)(known, known, mask,
                                   shifted(window, 13, 0), window)
    assert torch.allclose(out, img, atol=1e-4)


def test_a_shift_into_the_hole_shows_the_guess():
    img, mask, window = picture()
    known = img * (1 - mask)
    out = GradientBlend(anchor=0.)(img, known, mask, shifted(window, 0, 0),
                                   window)
    assert torch.allclose(out, img, atol=1e-4)


def test_the_anchor_brings_the_guess_colours():
    img, mask, window = picture()
    known = img * (1 - mask)
    comp = (img + 0.5).clamp(max=1).where(mask.bool(), known)
    shift = shifted(window, 13, 0)
    brighter = [
        (GradientBlend(anchor=a)(comp, known, mask, shift, window) -
         img)[mask.expand_as(img) == 1].mean() for a in (0., 0.02, 0.5)]
    assert brighter[0].abs() < 1e-4
    assert 0.02 < brighter[1] < brighter[2] < 0.7


def test_a_guess_that_is_slightly_off_in_hue_does_not_tint():
    img, mask, window = picture()
    img = img.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    known = img * (1 - mask)
    hue = torch.tensor([0.06, 0., -0.06])[:, None, None]
    shift = shifted(window, 13, 0)

    def tint(guess, **changes):
        comp = guess.where(mask.bool(), known)
        out = GradientBlend(anchor=0.5, **changes)(
            comp, known, mask, shift, window)
        return (out[:, 0] - out[:, 2]).abs().amax()

    assert tint(img + hue) < 1e-4
    assert tint(img + hue, doubt=0.) > 0.02
    assert tint(img + 10 * hue) > 0.2


def test_holes_apart_are_blended_apart():
    img, mask, _ = picture()
    two = mask.clone()
    two[..., 2:6, 24:30] = 1
    known = img * (1 - two)
    window = hole_window(two)
    out = GradientBlend(anchor=0.)(known, known, two,
                                   shifted(window, 0, -8), window)
    assert torch.allclose(out[..., 2:6, 24:30], img[..., 2:6, 24:30],
                          atol=1e-4)


def test_a_step_between_two_things_stays_and_a_slight_one_is_blended():
    """A dark thing whose source is dark, too, beside a rim that is not: with
    a wide tolerance, the rim's colour runs into it."""
    mask = torch.zeros(1, 1, 24, 24)
    mask[..., 8:16, 12:20] = 1
    img = torch.full((1, 3, 24, 24), 0.8)
    known = img * (1 - mask)
    window = hole_window(mask)

    def inside(level, tolerance):
        picture = known.clone()
        picture[..., :, :11] = level  # what the shift shows
        comp = (picture * 0 + level).where(mask.bool(), picture)
        out = GradientBlend(tolerance, anchor=0.001)(
            comp, picture, mask, shifted(window, 0, -10), window)
        return out[0, 0, 12, 15]

    assert inside(-0.8, 0.15) < -0.6
    assert inside(-0.8, 100.) > 0.7
    assert inside(0.75, 0.15) > 0.79

import pytest
import torch

from tmad_mmedit.models.blend.gradient_blend import (
    BlendSettings,
    gradient_blend,
)
from tmad_mmedit.models.shifts import search
from tmad_mmedit.models.shifts.correspondence_net import CorrespondenceNet
from tmad_mmedit.models.shifts.settings import ShiftSettings


def holed(img, top, bottom, left, right):
    """An image (3, H, W), its hole and itself as a batch of one."""
    mask = torch.zeros(1, 1, *img.shape[1:])
    mask[..., top:bottom, left:right] = 1
    return img[None] * (1 - mask), mask


@torch.no_grad()
def searched(img, mask, comp, **changes):
    torch.manual_seed(0)  # the same weights each time
    net = CorrespondenceNet((4, 4, 8), (1, ), embed_channels=4,
                            max_pixels=64 * 64).eval()
    settings = ShiftSettings(**{**dict(similarity=0.), **changes})
    return search.search_shifts(img, mask, comp, net(comp, mask), settings)


@torch.no_grad()
def filled(img, mask, comp, **changes):
    field = searched(img, mask, comp, **changes)
    blend = BlendSettings(screening_weight=0.)
    return gradient_blend(comp, img, mask, field, blend), field


def periodic(height=64, width=64, period=8):
    """A texture that repeats every ``period`` pixels, both ways."""
    tile = torch.rand(3, period, period) * 2 - 1
    return tile.repeat(1, height // period, width // period)


def test_a_periodic_texture_is_continued_exactly():
    img = periodic()
    masked, mask = holed(img, 20, 44, 16, 37)
    out, _ = filled(masked, mask, masked, guidance=0.)
    assert torch.allclose(out[0], img, atol=1e-4)


def test_two_half_planes_stay_two():
    img = torch.full((3, 64, 64), -0.5)
    img[:, :, 32:] = 0.7
    masked, mask = holed(img, 24, 40, 24, 40)
    out, _ = filled(masked, mask, img[None])
    assert torch.allclose(out[0], img, atol=1e-3)


def test_a_constant_picture_stays_constant():
    img = torch.full((3, 48, 64), 0.25)
    masked, mask = holed(img, 10, 30, 0, 64)
    out, _ = filled(masked, mask, img[None])
    assert torch.allclose(out[0], img, atol=1e-4)


@pytest.mark.parametrize('box', [
    (20, 40, 20, 40),  # inside
    (0, 30, 0, 30),  # in a corner
    (0, 64, 30, 34),  # a stroke from border to border
    (4, 60, 4, 60),  # hardly anything known
])
def test_no_shift_leads_into_the_hole_or_out_and_known_pixels_stay(box):
    img = torch.rand(3, 64, 64) * 2 - 1
    masked, mask = holed(img, *box)
    comp = (torch.rand(1, 3, 64, 64) * 2 - 1).where(mask.bool(), masked)
    out, field = filled(masked, mask, comp, similarity=2.)
    window, shift = field.window, field.shift[0]
    hole = window.cut(mask[0, 0]).nonzero()
    d = shift[:, hole[:, 0], hole[:, 1]].T
    place = hole + d + torch.tensor([window.top, window.left])
    chosen = d.any(1)  # the others keep the coarse result
    assert ((place >= 0) & (place < 64)).all()
    assert mask[0, 0][tuple(place[chosen].T)].sum() == 0
    known = mask[0, 0] == 0
    assert torch.equal(out[0][:, known], img[:, known])
    assert out.isfinite().all()
    if box == (20, 40, 20, 40):
        assert chosen.all()


def test_without_a_usable_entry_the_coarse_result_stays():
    img = torch.rand(3, 32, 32) * 2 - 1
    masked, mask = holed(img, 0, 32, 0, 30)
    comp = torch.full_like(masked, 0.3).where(mask.bool(), masked)
    # the two known columns are too narrow for any known patch of 8 x 8
    out, field = filled(masked, mask, comp, guided=0)
    assert not field.shift.any()
    # its gradients are the guess's: none, but for the step to the rim, which
    # the blend keeps
    inside = out[0, :, :, :20]
    assert torch.allclose(inside, comp[0, :, :, :20], atol=2e-2)


def test_a_picture_alone_is_as_in_a_batch():
    imgs = torch.rand(2, 3, 64, 64) * 2 - 1
    imgs[1] = periodic()
    mask = torch.zeros(2, 1, 64, 64)
    mask[0, :, 10:30, 20:50] = 1
    mask[1, :, 30:60, 5:25] = 1
    masked = imgs * (1 - mask)
    both, _ = filled(masked, mask, masked, similarity=2.)
    for i in range(2):
        alone, _ = filled(masked[i:i + 1], mask[i:i + 1], masked[i:i + 1],
                          similarity=2.)
        assert torch.allclose(alone[0], both[i], atol=1e-5)


def test_pieces_are_moved_until_they_fit():
    """Shifts that lead to where the guess is shown are multiples of four
    pixels, and the texture has a period of eleven."""
    angle = torch.arange(96) * 2 * torch.pi / 11
    img = (angle.sin()[:, None] * angle.cos()).expand(3, 96, 96) * 0.8
    masked, mask = holed(img, 32, 64, 32, 64)
    wrong = []
    for moves in (), (4, 1, 0):
        out, _ = filled(masked, mask, img[None], dominant=0, moves=moves)
        wrong.append((out - img).abs().mean() / mask.mean())
    assert wrong[1] < 0.6 * wrong[0]


def test_labels_of_a_copy_are_refined_at_full_size():
    """A period of 11 pixels is 7.3 of the copy's: scaled shifts are off."""
    angle = torch.arange(96) * 2 * torch.pi / 11
    img = (angle.sin()[:, None] + angle.cos()).expand(3, 96, 96) * 0.4
    masked, mask = holed(img, 30, 62, 30, 62)
    out, field = filled(masked, mask, masked, max_pixels=64 * 64,
                         guidance=0.)
    assert torch.allclose(out[0], img, atol=1e-3)
    assert (field.shift % 11 == 0).all()


@pytest.mark.parametrize('scale', [1, 2])
def test_the_soft_choice_speaks_of_holes_in_the_range_of_pictures(
        monkeypatch, scale):
    """Choices are made of copies in [0, 1]; pictures are in [-1, 1]."""
    masked, mask = holed(torch.rand(3, 32, 32), 8, 20, 10, 22)
    side = 32 // scale
    soft = torch.rand(3, side, side, requires_grad=True)
    shift = torch.zeros(2, side, side, dtype=torch.long)
    monkeypatch.setattr(search, 'choose_shifts',
                        lambda *given: (shift, soft - soft.detach()))
    with torch.enable_grad():
        field = searched.__wrapped__(
            masked, mask, masked, max_pixels=side * side)
    wanted = torch.rand(1, 3, 32, 32)
    grad, = torch.autograd.grad((field.soft * wanted).sum(), soft)
    of_copy = (wanted * mask)[0].view(3, side, scale, side, scale).sum((2, 4))
    assert torch.allclose(grad, 2 * of_copy)

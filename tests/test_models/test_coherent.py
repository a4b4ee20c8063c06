import pytest
import torch

from tests.slim import SLIM_COHERENT
from tmad_mmedit.load import build_model
from tmad_mmedit.models.blend.gradient_blend import gradient_blend
from tmad_mmedit.models.coherent import Coherent
from tmad_mmedit.models.crops import CropSettings, crops_of
from tmad_mmedit.models.shifts.search import search_shifts
from tmad_mmedit.models.specks.filling import fill_specks

AROUND = dict(pixels=112, times=(3., 3.))
HOLES = [(12, 10, 14, 12), (80, 130, 16, 18)]
SMALL = [(30, 40, 36, 36), (40, 84, 6, 6)]  # beside a hole that shows it


def built(**changes):
    torch.manual_seed(0)
    return build_model({**SLIM_COHERENT, **changes}).eval()


@pytest.fixture
def model():
    return built(crops=AROUND, specks=dict(longest=0))


def pictures(n=1, holes=HOLES):
    generator = torch.Generator().manual_seed(3)
    img = torch.rand(n, 3, 110, 160, generator=generator)
    img = torch.nn.functional.avg_pool2d(img, 5, 1, 2) * 4 - 2
    mask = torch.zeros(n, 1, 110, 160)
    for top, left, h, w in holes:
        mask[:, :, top:top + h, left:left + w] = 1
    return img.clamp(-1, 1) * (1 - mask), mask


@torch.no_grad()
@pytest.mark.parametrize('holes', [HOLES, SMALL])
def test_each_hole_is_painted_from_what_lies_around_it_alone(model, holes):
    masked_img, mask = pictures(holes=holes)
    done = model.inpaint(masked_img, mask)
    found = crops_of(mask[0], CropSettings(**AROUND))
    assert len(found) == 2
    for _, window, own, *_ in found:
        alone = model.complete(
            window.cut(masked_img), window.cut(mask), hole_only=True)
        for whole, one in ((done.out, alone.out), (done.comp, alone.comp)):
            assert torch.equal(window.cut(whole)[..., own], one[..., own])
        y, x = own.nonzero().T
        one, whole = (
            shift[..., y - at.top, x - at.left] for shift, at in (
                (alone.field.shift, alone.field.window),
                (done.field.shift, done.field.window.seen_from(window))))
        assert torch.equal(one, whole)
    known = (mask == 0).expand_as(masked_img)
    assert torch.equal(done.out[known], masked_img[known])
    assert torch.equal(done.comp[known], masked_img[known])
    assert done.out[~known].any()


@torch.no_grad()
def test_what_is_far_away_does_not_matter(model):
    masked_img, mask = pictures(holes=HOLES[:1])
    other = masked_img.clone()
    other[..., 60:, 60:] = -other[..., 60:, 60:]
    one, two = (model.inpaint(x, mask).out for x in (masked_img, other))
    assert torch.equal(one * mask, two * mask)


@torch.no_grad()
def test_shifts_are_where_the_picture_has_them(model):
    masked_img, mask = pictures()
    done = model.inpaint(masked_img, mask)
    window, shift = done.field.window, done.field.shift[0]
    assert shift.shape == (2, *window.cut(mask).shape[-2:])
    assert not shift[:, window.cut(mask)[0, 0] == 0].any()
    y, x = (window.cut(mask)[0, 0] * shift.any(0)).nonzero().T  # 0: no entry
    assert len(y) > 0.7 * mask.sum()
    there = (torch.stack([y, x]) + shift[:, y, x] +
             torch.tensor([[window.top], [window.left]]))
    inside = ((there >= 0) & (there < torch.tensor([[110], [160]]))).all()
    assert inside and not mask[0, 0][tuple(there)].any()


@torch.no_grad()
def test_pictures_of_a_batch_are_each_as_alone(model):
    masked_img, mask = pictures(3)
    masked_img[1] = masked_img[1].flip(-1)
    mask[1] = mask[1].flip(-1)
    masked_img[2, :, :40] = 0.5  # one without a hole at the top
    mask[2, :, :40] = 0
    done = model.inpaint(masked_img, mask)
    for i in range(3):
        one = model.inpaint(masked_img[i:i + 1], mask[i:i + 1])
        assert torch.allclose(done.out[i], one.out[0], atol=1e-6)
        there = one.field.window.seen_from(done.field.window)
        assert torch.equal(there.cut(done.field.shift[i]), one.field.shift[0])


@torch.no_grad()
def test_specks_ask_no_network():
    model, calls = built(crops=AROUND), []
    for part in (model.coarse, model.correspondence):
        part.register_forward_pre_hook(lambda *_: calls.append(1))
    masked_img, mask = pictures(2, holes=[(40, 84, 6, 6), (3, 3, 1, 2)])
    mask[1] = mask[1].flip(-1)
    masked_img[1] = masked_img[1].flip(-1)
    done = model.inpaint(masked_img, mask)
    assert not calls
    for n in range(2):
        own = fill_specks(masked_img[n], mask[n], model.specks)
        y, x = own.pixels.T
        assert len(y) == 38
        assert torch.equal(done.out[n, :, y, x], own.colours.T)
        assert torch.equal(done.comp[n], done.out[n])
        window = done.field.window
        assert torch.equal(done.field.shift[
            n, :, y - window.top, x - window.left], own.shift.T)
    known = (mask == 0).expand_as(masked_img)
    assert torch.equal(done.out[known], masked_img[known])


@torch.no_grad()
def test_specks_come_first_and_are_known_to_other_holes():
    model, seen = built(crops=AROUND), []
    model.coarse.register_forward_pre_hook(
        lambda _, inputs: seen.append(inputs))
    masked_img, mask = pictures(holes=SMALL)
    done = model.inpaint(masked_img, mask)
    (img, hole, *_), = seen
    assert hole.sum() == 36 * 36
    alone = mask.clone()
    alone[:, :, 30:66, 40:76] = 0
    known = (alone == 1).expand_as(done.out)
    assert img.abs().sum() > 0 and done.out[known].any()
    y, x = (mask[0, 0] * done.field.shift.new_ones(())).nonzero().T
    window = done.field.window
    to = torch.stack([y, x]) + done.field.shift[
        0, :, y - window.top, x - window.left]
    moved = (to != torch.stack([y, x])).any(0)
    assert not mask[0, 0][tuple(to[:, moved])].any()


@torch.no_grad()
def test_a_speck_that_can_be_shown_nowhere_is_left_to_the_networks():
    model = built(crops=AROUND)
    masked_img, mask = pictures(holes=[(2, 2, 8, 8)])
    small = [x[..., :11, :11] for x in (masked_img, mask)]
    assert not len(fill_specks(*(x[0] for x in small), model.specks).pixels)
    done = model.inpaint(*small)
    assert done.out[..., 2:10, 2:10].any()


@torch.no_grad()
def test_a_picture_without_a_hole_stays(model):
    masked_img, mask = pictures(2, holes=[])
    done = model.inpaint(masked_img, mask)
    assert torch.equal(done.out, masked_img)
    assert not done.field.shift.any()


@torch.no_grad()
def test_the_steps_of_the_method_follow_each_other(model):
    masked_img, mask = pictures(2)
    done = model.complete(masked_img, mask)
    hole = mask.bool()
    assert torch.equal(done.coarse, model.coarse(masked_img, mask))
    assert torch.equal(done.comp, done.coarse.where(hole, masked_img))
    seen = model.correspondence(done.comp, mask)
    assert torch.equal(done.correspondence.theta, seen.theta)
    field = search_shifts(masked_img, mask, done.comp, seen, model.shifts)
    assert torch.equal(done.field.shift, field.shift)
    assert done.field.soft is None
    out = gradient_blend(done.comp, masked_img, mask, field, model.blend)
    assert torch.equal(done.out, out.where(hole, masked_img))


@torch.no_grad()
def test_a_large_crop_is_seen_by_the_coarse_stage_as_a_copy():
    model, sizes = built(crops=AROUND, coarse_pixels=56 * 56), []
    model.coarse.net.register_forward_pre_hook(
        lambda net, inputs: sizes.append(tuple(inputs[0].shape[-2:])))
    masked_img, mask = pictures(holes=[(30, 40, 36, 36)])
    model.inpaint(masked_img, mask)
    assert sizes == [(56, 56)]


def test_calling_it_is_inpainting():
    assert Coherent.forward is Coherent.inpaint
    assert not Coherent.paints_patches


def test_the_result_alone_trains_coarse_network_and_correspondence():
    """Without the losses of either: through the shifts' soft choice, and
    through the guess's part in blending."""
    model = built().train()
    generator = torch.Generator().manual_seed(1)
    img = torch.rand(2, 3, 64, 48, generator=generator) * 2 - 1
    mask = torch.zeros(2, 1, 64, 48)
    for n, (top, left) in enumerate(((10, 4), (30, 20))):
        mask[n, :, top:top + 20, left:left + 22] = 1
    before = {k: v.clone() for k, v in model.named_parameters()}
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(2):  # attention learns to speak before it learns to look
        done = model.complete(img * (1 - mask), mask)
        adam.zero_grad()
        (done.out - img).abs().mean().backward()
        adam.step()
    assert not done.field.soft.any()
    for name, parameter in model.named_parameters():
        assert not torch.equal(parameter, before[name]), name


@torch.no_grad()
def test_autocast_reaches_neither_the_choice_nor_the_blending():
    model = built()
    img = torch.rand(1, 3, 64, 80) * 2 - 1
    mask = torch.zeros(1, 1, 64, 80)
    mask[..., 20:44, 30:50] = 1
    known = img * (1 - mask)
    seen, results = model.correspondence(img, mask), []
    for half in (False, True):
        with torch.autocast('cpu', torch.bfloat16, enabled=half):
            field = search_shifts(known, mask, img, seen, model.shifts)
            results.append((field.shift, gradient_blend(
                img, known, mask, field, model.blend)))
    for whole, half in zip(*results):
        assert torch.equal(whole, half)

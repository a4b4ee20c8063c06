from copy import deepcopy

import pytest
import torch
from mmedit.structures import EditDataSample

from tmad_mmedit.models.crops import parts
from tmad_mmedit.models.synthesis.patches import extract

CONFIG = dict(
    retriever=dict(
        _delete_=True, type='CoherentRetriever', patch_size=16),
    correspondence=dict(type='CorrespondenceNet'),
    blend=dict(type='GradientBlend'),
    psnet=dict(_delete_=True, type='ContextCentre'),
    training=None)
AROUND = dict(pixels=112, times=(3., 3.))
HOLES = [(12, 10, 14, 12), (80, 130, 16, 18)]
SPECK = [(30, 40, 36, 36), (40, 84, 6, 6)]  # beside a hole that shows it


@pytest.fixture
def model(build_model):
    torch.manual_seed(0)
    return build_model(**deepcopy(CONFIG), test_cfg=dict(
        surroundings=AROUND)).eval()


def pictures(n=1, holes=HOLES):
    generator = torch.Generator().manual_seed(3)
    img = torch.rand(n, 3, 110, 160, generator=generator)
    img = torch.nn.functional.avg_pool2d(img, 5, 1, 2) * 4 - 2
    mask = torch.zeros(n, 1, 110, 160)
    for top, left, h, w in holes:
        mask[:, :, top:top + h, left:left + w] = 1
    return img.clamp(-1, 1) * (1 - mask), mask


@torch.no_grad()
def inpainted(model, masked_img, mask):
    return model.inpaint(masked_img, EditDataSample(mask=mask), True)


@torch.no_grad()
@pytest.mark.parametrize('holes', [HOLES, SPECK])
def test_each_hole_is_painted_from_what_lies_around_it_alone(model, holes):
    masked_img, mask = pictures(holes=holes)
    done = inpainted(model, masked_img, mask)
    found = parts(mask[0], **AROUND)
    assert len(found) == 2
    for window, own in found:
        alone = model.complete(
            window.cut(masked_img), window.cut(mask), hole_only=True)
        for whole, one in ((done.out, alone.out), (done.comp, alone.comp)):
            assert torch.equal(window.cut(whole)[..., own], one[..., own])
        y, x = own.nonzero().T
        one, whole = (
            shift[..., y - at.top, x - at.left] for shift, at in (
                (alone.memory.shift, alone.memory.window),
                (done.memory.shift, done.memory.window.seen_from(window))))
        assert torch.equal(one, whole)
    known = (mask == 0).expand_as(masked_img)
    assert torch.equal(done.out[known], masked_img[known])
    assert done.out[~known].any()


def test_what_is_far_away_does_not_matter(model):
    masked_img, mask = pictures(holes=HOLES[:1])
    other = masked_img.clone()
    other[..., 60:, 60:] = -other[..., 60:, 60:]
    one, two = (inpainted(model, x, mask).out for x in (masked_img, other))
    assert torch.equal(one * mask, two * mask)


def test_textures_and_shifts_are_where_the_picture_has_them(model):
    masked_img, mask = pictures()
    done = inpainted(model, masked_img, mask)
    window, shift = done.memory.window, done.memory.shift[0, 0]
    y, x = (window.cut(mask)[0, 0] * shift.any(0)).nonzero().T  # 0: no entry
    assert len(y) > 0.7 * mask.sum()
    there = (torch.stack([y, x]) + shift[:, y, x] +
             torch.tensor([[window.top], [window.left]]))
    inside = ((there >= 0) & (there < torch.tensor([[110], [160]]))).all()
    assert inside and not mask[0, 0][tuple(there)].any()
    assert len(done.cells.image) == len(done.patches) == len(
        done.retrieval.textures)
    painted = extract(done.out, done.cells, 16)
    hole = extract(mask, done.cells, 16).bool().expand_as(painted)
    assert hole.sum() == 3 * mask.sum()
    assert torch.equal(painted[hole], done.patches[hole])
    # the middle of the best texture is what its place shows
    top, left = done.retrieval.place[:, 0].T
    assert torch.equal(done.retrieval.textures[:, 0, :, 8, 8],
                       masked_img[0][:, top + 8, left + 8].T)


def test_pictures_of_a_batch_are_each_as_alone(model):
    masked_img, mask = pictures(3)
    masked_img[1] = masked_img[1].flip(-1)
    mask[1] = mask[1].flip(-1)
    masked_img[2, :, :40] = 0.5  # one without a hole at the top
    mask[2, :, :40] = 0
    done = inpainted(model, masked_img, mask)
    for i in range(3):
        one = inpainted(model, masked_img[i:i + 1], mask[i:i + 1])
        assert torch.allclose(done.out[i], one.out[0], atol=1e-6)
        assert len(one.cells.image) == (done.cells.image == i).sum()


def test_a_picture_without_a_hole_stays(model):
    masked_img, mask = pictures(2, holes=[])
    done = inpainted(model, masked_img, mask)
    assert torch.equal(done.out, masked_img) and not len(done.patches)


@pytest.mark.parametrize('changes, says', [
    (dict(surroundings=dict(times=(1, 4))), 'two numbers from 2 on'),
    (dict(surroundings=dict(times=(4, 3))), 'the smaller first'),
    (dict(surroundings=dict(pixels=0)), 'pixels of 2 or more'),
    (dict(surroundings=dict(time=3)), 'use times, which is the nearest'),
])
def test_settings_that_cannot_be_are_one_sentence(
        build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**deepcopy(CONFIG), test_cfg=changes)


def test_a_memory_of_windows_is_of_the_whole_picture(build_model):
    with pytest.raises(ValueError, match='TextureMemoryRetriever.*None'):
        build_model(test_cfg=dict(surroundings=AROUND))

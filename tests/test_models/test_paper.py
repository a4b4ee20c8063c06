"""What makes T-MAD fast does not change what it computes: here it is written
down without any of that, and in the plain memory layout."""
import pytest
import torch
import torch.nn.functional as F

from tests.slim import SLIM_PAPER
from tmad_mmedit.load import build_model
from tmad_mmedit.models import PSNet, TextureMemoryRetriever
from tmad_mmedit.models.crops import CropSettings, crops_of
from tmad_mmedit.models.ops import carafe as carafe_module
from tmad_mmedit.models.paper import TMAD, check_textures, draw_generator
from tmad_mmedit.models.synthesis.patches import extract

SIZE = 16
AROUND = dict(pixels=96, times=(3., 3.))
HOLES = [(12, 10, 14, 12), (80, 130, 16, 18)]


def built(**changes):
    torch.manual_seed(0)
    return build_model({**SLIM_PAPER, **changes}).eval()


def plain_carafe(features, masks, kernel_size, group_size, scale_factor):
    """All windows, enlarged, times the masks."""
    assert (kernel_size, group_size, scale_factor) == (5, 1, 2)
    n, c, height, width = features.shape
    windows = F.unfold(features, 5, padding=2)
    windows = windows.view(n, c * 25, height, width)
    windows = F.interpolate(windows, scale_factor=2, mode='nearest')
    windows = windows.view(n, c, 25, 2 * height, 2 * width)
    return (windows * masks[:, None]).sum(2)


def coarse(net, masked_img, mask):
    """The whole picture."""
    x = net.conv_in(torch.cat([masked_img, mask], 1))
    return net.conv_out(net.up(net.res(net.down(x))))


def retrieve(retriever, query, memory):
    """One-hot rows times the memory."""
    theta = F.normalize(retriever.theta(query).flatten(1))
    phi = F.normalize(retriever.phi(memory).flatten(1))
    ranks = (theta @ phi.T).softmax(1).topk(retriever.num_textures).indices
    one_hot = F.one_hot(ranks, len(memory)).float()
    return (one_hot @ memory.flatten(1)).view(*ranks.shape, 3, SIZE, SIZE)


def psnet(net, context, textures):
    """The whole window, of which the centre is cut."""
    half = net.texture_half(textures.flatten(1, 2))
    x = net.res(net.down(net.conv_in(context)))
    x = net.up1(torch.cat([x, net.texture_quarter(half)], 1))
    x = net.conv_out(net.up3(net.up2(torch.cat([x, half], 1))))
    return F.pad(x, [-SIZE // 2] * 4)


def straightforward(model, masked_img, mask, memory):
    comp = coarse(model.coarse.net, masked_img, mask)
    comp = comp * mask + masked_img * (1 - mask)
    around = F.pad(torch.cat([comp, mask], 1), [SIZE // 2] * 4, 'reflect')
    out = comp.clone()
    for top in range(0, mask.shape[2], SIZE):
        for left in range(0, mask.shape[3], SIZE):
            cell = (..., slice(top, top + SIZE), slice(left, left + SIZE))
            context = around[..., top:top + 2 * SIZE, left:left + 2 * SIZE]
            textures = retrieve(model.retriever, comp[cell], memory)
            out[cell] = psnet(model.psnet, context, textures)
    return comp, out * mask + masked_img * (1 - mask)


@torch.no_grad()
def test_same_results_as_the_straightforward_implementation(monkeypatch):
    model = built()
    masked_img = torch.rand(1, 3, 96, 128) * 2 - 1
    mask = torch.zeros(1, 1, 96, 128)
    mask[..., 20:60, 70:120] = mask[..., 9:12, 50:55] = 1
    masked_img = masked_img * (1 - mask)
    done = model.inpaint(masked_img, mask)

    model.to(memory_format=torch.contiguous_format)
    monkeypatch.setattr(carafe_module, 'carafe', plain_carafe)
    expected = straightforward(model, masked_img, mask,
                               done.memory.patches[0])
    assert torch.allclose(done.comp, expected[0], atol=1e-4)
    assert torch.allclose(done.out, expected[1], atol=1e-4)
    assert not torch.allclose(done.out, done.comp, atol=1e-2)


def test_the_checkpoint_keeps_its_keys_and_values():
    model, other = built(), built()
    for parameter in other.parameters():
        parameter.data += 1
    plain = {
        key: value.contiguous()
        for key, value in other.state_dict().items()
    }
    model.load_state_dict(plain)
    assert all(
        torch.equal(value, plain[key])
        for key, value in model.state_dict().items())


def pictures(n=1, holes=HOLES):
    generator = torch.Generator().manual_seed(3)
    img = torch.rand(n, 3, 110, 160, generator=generator)
    img = F.avg_pool2d(img, 5, 1, 2) * 4 - 2
    mask = torch.zeros(n, 1, 110, 160)
    for top, left, h, w in holes:
        mask[:, :, top:top + h, left:left + w] = 1
    return img.clamp(-1, 1) * (1 - mask), mask


@torch.no_grad()
def test_of_crops_each_hole_is_painted_from_what_lies_around_it():
    model = built(crops=AROUND)
    masked_img, mask = pictures()
    done = model.inpaint(masked_img, mask, seed=3)
    found = crops_of(mask[0], CropSettings(**AROUND))
    assert len(found) == 2
    for _, window, own, *_ in found:
        alone = model.complete(
            window.cut(masked_img), window.cut(mask),
            generator=draw_generator(3), hole_only=True, shared_draw=True)
        for whole, one in ((done.out, alone.out), (done.comp, alone.comp)):
            assert torch.equal(window.cut(whole)[..., own], one[..., own])
    known = (mask == 0).expand_as(masked_img)
    assert torch.equal(done.out[known], masked_img[known])
    assert torch.equal(done.comp[known], masked_img[known])
    other = masked_img.clone()
    other[..., 50:, 110:] = -other[..., 50:, 110:]  # around the second alone
    near = model.inpaint(other, mask, seed=3).out
    assert torch.equal(near[..., :50, :50], done.out[..., :50, :50])


@torch.no_grad()
@pytest.mark.parametrize('crops', [None, AROUND])
def test_patches_and_textures_are_where_the_picture_has_them(crops):
    model = built(crops=crops)
    masked_img, mask = pictures()
    done = model.inpaint(masked_img, mask, keep_retrieval=True)
    assert len(done.cells.image) == len(done.patches) == len(
        done.retrieval.textures)
    painted = extract(done.out, done.cells, 16)
    hole = extract(mask, done.cells, 16).bool().expand_as(painted)
    assert hole.sum() == 3 * mask.sum()
    assert torch.equal(painted[hole], done.patches[hole])
    # a texture is what its place shows, and what stands in the memory
    windows = masked_img.unfold(2, 16, 1).unfold(3, 16, 1)[0]
    top, left = done.retrieval.place.unbind(-1)
    assert torch.equal(done.retrieval.textures,
                       windows[:, top, left].permute(1, 2, 0, 3, 4))
    memory = done.memory
    assert len(memory.patches) == (1 if crops is None else 2)
    assert torch.equal(memory.patches.flatten(0, 1)[done.retrieval.rank],
                       done.retrieval.textures)
    top, left = memory.top.flatten(), memory.left.flatten()
    assert torch.equal(memory.patches.flatten(0, 1),
                       windows[:, top, left].movedim(1, 0))
    assert model.inpaint(masked_img, mask).retrieval is None


@torch.no_grad()
@pytest.mark.parametrize('crops', [None, AROUND])
def test_pictures_of_a_batch_are_each_as_alone(crops):
    model = built(crops=crops)
    masked_img, mask = pictures(3)
    masked_img[1] = masked_img[1].flip(-1)
    mask[1] = mask[1].flip(-1)
    masked_img[2, :, :40] = 0.5  # one without a hole at the top
    mask[2, :, :40] = 0
    done = model.inpaint(masked_img, mask)
    for i in range(3):
        one = model.inpaint(masked_img[i:i + 1], mask[i:i + 1])
        assert torch.allclose(done.out[i], one.out[0], atol=1e-6)
        assert len(one.cells.image) == (done.cells.image == i).sum()


@torch.no_grad()
@pytest.mark.parametrize('crops', [None, AROUND])
def test_a_picture_without_a_hole_stays(crops):
    masked_img, mask = pictures(2, holes=[])
    done = built(crops=crops).inpaint(masked_img, mask)
    assert torch.equal(done.out, masked_img) and not len(done.patches)


@torch.no_grad()
@pytest.mark.parametrize('crops', [None, AROUND])
def test_a_draw_depends_on_the_seed_alone(crops):
    masked_img, mask = pictures()
    model = built(crops=crops)
    first = model.inpaint(masked_img, mask).out
    torch.manual_seed(9)
    again, other = (model.inpaint(masked_img, mask, seed=s).out
                    for s in (0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)
    model.seed = 1
    assert torch.equal(model.inpaint(masked_img, mask).out, other)


@torch.no_grad()
def test_overlapping_patches_are_as_the_model_has_it_or_the_call_says():
    masked_img, mask = pictures(holes=HOLES[:1])
    plain, overlapped = built(), built(overlap=True)
    one, two = (x.inpaint(masked_img, mask).out for x in (plain, overlapped))
    assert not torch.equal(one, two)
    assert torch.equal(
        plain.inpaint(masked_img, mask, overlap=True).out, two)
    assert torch.equal(
        overlapped.inpaint(masked_img, mask, overlap=False).out, one)


@torch.no_grad()
def test_how_much_is_done_at_once_changes_nothing():
    masked_img, mask = pictures(2)
    one, two = (built(patches_at_once=n).inpaint(masked_img, mask)
                for n in (1, 64))
    assert torch.allclose(one.out, two.out, atol=1e-6)


@torch.no_grad()
def test_of_a_large_picture_the_coarse_stage_sees_a_copy():
    sizes = []
    model = built(coarse_pixels=55 * 80)
    model.coarse.net.register_forward_pre_hook(
        lambda net, inputs: sizes.append(tuple(inputs[0].shape[-2:])))
    masked_img, mask = pictures()
    model.inpaint(masked_img, mask)
    assert sizes == [(56, 80)]


def test_calling_it_is_inpainting():
    assert TMAD.forward is TMAD.inpaint
    assert TMAD.paints_patches


def test_parts_that_do_not_go_together_are_one_sentence():
    with pytest.raises(ValueError, match='gives 3 textures and psnet takes 4'):
        built(retriever=dict(SLIM_PAPER['retriever'], top_k=3))
    with pytest.raises(ValueError, match='gives 1 textures'):
        check_textures(TextureMemoryRetriever(mode='weighted_sum'),
                       PSNet(num_textures=4))

"""What makes T-MAD fast does not change what it computes: here it is written
down without any of that, and in the plain memory layout."""
import torch
import torch.nn.functional as F
from mmedit.structures import EditDataSample

from tmad_mmedit.models.ops.carafe import CARAFEPack

SIZE = 16


def plain_carafe(self, features, masks):
    """All windows, enlarged, times the masks."""
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
    comp = coarse(model.coarse.inpaintor.generator, masked_img, mask)
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
def test_same_results_as_the_straightforward_implementation(
        build_model, monkeypatch):
    model = build_model().eval()
    masked_img = torch.rand(1, 3, 96, 128) * 2 - 1
    mask = torch.zeros(1, 1, 96, 128)
    mask[..., 20:60, 70:120] = mask[..., 9:12, 50:55] = 1
    masked_img = masked_img * (1 - mask)
    done = model.inpaint(masked_img, EditDataSample(mask=mask))

    model.to(memory_format=torch.contiguous_format)
    monkeypatch.setattr(CARAFEPack, 'feature_reassemble', plain_carafe)
    expected = straightforward(model, masked_img, mask,
                               done.memory.patches[0])
    assert torch.allclose(done.comp, expected[0], atol=1e-4)
    assert torch.allclose(done.out, expected[1], atol=1e-4)
    assert not torch.allclose(done.out, done.comp, atol=1e-2)


def test_the_checkpoint_keeps_its_keys_and_values(build_model):
    model, other = build_model(), build_model()
    plain = {
        key: value.contiguous()
        for key, value in other.state_dict().items()
    }
    model.load_state_dict(plain)
    assert all(
        torch.equal(value, plain[key])
        for key, value in model.state_dict().items())

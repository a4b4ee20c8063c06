import torch
from torch import nn

from tmad_mmedit.models.painter import Painter
from tmad_mmedit.models.texture_retriever import TextureMemoryRetriever


class Copy(nn.Module):
    """Gives the middle of its window back, and where it lay at the edge of
    its patch, what is added to it."""

    def __init__(self, edge=0):
        super().__init__()
        self.edge = edge

    def forward(self, context, textures):
        s = textures.shape[-1]
        patch = context[:, :3, s // 2:-(s // 2), s // 2:-(s // 2)].clone()
        patch[..., 0, :] += self.edge
        return patch


def painter(size=(21, 30), **psnet):
    torch.manual_seed(0)
    img, mask = torch.rand(2, 3, *size), torch.zeros(2, 1, *size)
    mask[:, :, 3:18, 5:27] = 1
    retriever = TextureMemoryRetriever(8, 4, 6, 2).eval()
    return Painter(retriever, Copy(**psnet), 8, img * (1 - mask), mask,
                   torch.Generator().manual_seed(0)), img, mask


@torch.no_grad()
def test_a_patch_lands_where_it_was_cut():
    one, img, mask = painter()
    assert torch.equal(one.paint(img, mask, at_once=100), img)
    assert torch.allclose(
        one.paint_overlapped(img, mask, at_once=100), img, atol=1e-6)


@torch.no_grad()
def test_the_memory_is_drawn_once():
    one, img, mask = painter()
    one.paint(img, mask, at_once=5)
    memory = one.memory
    one.paint(img, mask, at_once=5)
    assert one.memory is memory


@torch.no_grad()
def test_overlapped_patches_leave_no_seam():
    """What is wrong at the edge of patches shows at most where it is the
    middle of others, and then little."""
    one, img, mask = painter(edge=1.)
    plain = (one.paint(img, mask, 100) - img).abs()
    blended = (one.paint_overlapped(img, mask, 100) - img).abs()
    assert abs(plain.max() - 1) < 1e-5
    assert blended.max() < 0.15


@torch.no_grad()
def test_no_hole_no_change():
    one, img, mask = painter()
    none = torch.zeros_like(mask)
    assert torch.equal(one.paint(img, none, 100), img)

from functools import partial

import torch
from torch import nn

from tmad_mmedit.models import TextureMemoryRetriever
from tmad_mmedit.models.synthesis.painting import paint, paint_overlapped


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


def painters(size=(21, 30), **psnet):
    """Both ways to paint, an image and its mask."""
    torch.manual_seed(0)
    img, mask = torch.rand(2, 3, *size), torch.zeros(2, 1, *size)
    mask[:, :, 3:18, 5:27] = 1
    retriever = TextureMemoryRetriever(8, 4, 6, 2)
    memory = retriever.remember(img * (1 - mask), mask,
                                generator=torch.Generator().manual_seed(0))

    def retrieve(query, cells):
        return retriever(query, memory, cells)

    def bound(painted, img, mask, **how):
        return painted(img, mask, 8, Copy(**psnet), retrieve, **how)

    return partial(bound, paint), partial(bound, paint_overlapped), img, mask


@torch.no_grad()
def test_a_patch_lands_where_it_was_cut():
    plain, overlapped, img, mask = painters()
    assert torch.equal(plain(img, mask).picture, img)
    assert torch.allclose(overlapped(img, mask).picture, img, atol=1e-6)


@torch.no_grad()
def test_overlapped_patches_leave_no_seam():
    """What is wrong at the edge of patches shows at most where it is the
    middle of others, and then little."""
    plain, overlapped, img, mask = painters(edge=1.)
    plain = (plain(img, mask).picture - img).abs()
    blended = (overlapped(img, mask).picture - img).abs()
    assert abs(plain.max() - 1) < 1e-5
    assert blended.max() < 0.15


@torch.no_grad()
def test_no_hole_no_change():
    for painted in painters()[:2]:
        _, _, img, mask = painters()
        painting = painted(img, torch.zeros_like(mask))
        assert torch.allclose(painting.picture, img, atol=1e-6)
        assert len(painting.patches) == 0


@torch.no_grad()
def test_how_many_at_once_does_not_change_what_is_made():
    for painted in painters()[:2]:
        _, _, img, mask = painters()
        once, often = (painted(img, mask, at_once=n) for n in (None, 3))
        assert torch.equal(once.picture, often.picture)
        assert torch.equal(once.patches, often.patches)
        for found in zip(once.retrieval, often.retrieval):
            assert torch.allclose(*found, atol=1e-6)
        assert len(once.patches) == len(once.retrieval.textures)


@torch.no_grad()
def test_cells_say_where_patches_lie_on_all_four_grids():
    _, overlapped, img, mask = painters()
    _, cells, patches, _ = overlapped(img, mask)
    for image, top, left, patch in zip(*cells, patches):
        rows, columns = slice(max(top, 0), top + 8), slice(
            max(left, 0), left + 8)
        there = img[image, :, rows, columns]
        assert torch.equal(
            patch[:, max(-top, 0):][:, :there.shape[1],
                                    max(-left, 0):][..., :there.shape[2]],
            there)
    assert {(top % 8, left % 8) for top, left in zip(
        cells.top.tolist(), cells.left.tolist())} == {
            (0, 0), (0, 4), (4, 0), (4, 4)}


@torch.no_grad()
def test_textures_of_a_large_hole_need_not_be_kept():
    for painted in painters()[:2]:
        _, _, img, mask = painters()
        assert painted(img, mask, keep_retrieval=False).retrieval is None

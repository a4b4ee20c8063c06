import torch

from tmad_mmedit.models.windows.straight_through import (
    own_memory,
    straight_through_top_k,
    weighted_sum,
)

N, M, P, K = 2, 5, 4, 3
IMAGE = torch.tensor([0, 1, 1, 0])


def inputs():
    memory = torch.randn(N, M, 1, 2, 2, dtype=torch.double)
    scores = torch.randn(P, M, dtype=torch.double, requires_grad=True)
    return scores, scores.softmax(1), memory


def test_textures_are_memory_patches_bit_for_bit_rank_by_rank():
    _, weights, memory = inputs()
    textures, rank = straight_through_top_k(weights, memory, IMAGE, K)
    order = weights.argsort(1, descending=True)
    for p in range(P):
        for k in range(K):
            assert rank[p, k] == order[p, k]
            assert torch.equal(textures[p, k],
                               memory[IMAGE[p], order[p, k]])


def test_gradient_is_that_of_the_soft_weighted_sum():
    """Eq. (5), against autograd through Eq. (4) as it is written."""
    scores, weights, memory = inputs()
    textures, rank = straight_through_top_k(weights, memory, IMAGE, K)
    upstream = torch.randn_like(textures)
    ours, = torch.autograd.grad((textures * upstream).sum(), scores)

    a = scores.softmax(1)
    d = torch.nn.functional.one_hot(rank, M)
    w = d + (a - a.detach())[:, None]
    written = torch.einsum('pkm,pmchw->pkchw', w, memory[IMAGE])
    assert torch.allclose(written, textures)
    theirs, = torch.autograd.grad((written * upstream).sum(), scores)
    assert torch.allclose(ours, theirs, atol=1e-12)

    soft = torch.einsum('pm,pmchw->pchw', scores.softmax(1), memory[IMAGE])
    summed, = torch.autograd.grad((soft * upstream.sum(1)).sum(), scores)
    assert torch.allclose(ours, summed, atol=1e-12)
    assert ours.abs().max() > 1e-3


def test_no_gradient_for_the_memory():
    _, weights, memory = inputs()
    memory.requires_grad_()
    textures, _ = straight_through_top_k(weights, memory, IMAGE, K)
    textures.sum().backward()
    assert memory.grad is None


def test_weighted_sum_by_hand():
    memory = torch.tensor([1., 2., 10., 20.]).view(2, 2, 1, 1, 1)
    weights = torch.tensor([[0.5, 0.5], [0.25, 0.75]])
    soft = weighted_sum(weights, memory, torch.tensor([0, 1]))
    assert soft.flatten().tolist() == [1.5, 17.5]


def test_rows_meet_their_own_memory_only():
    rows, memory = torch.randn(P, 7), torch.randn(N, M, 7)
    products = own_memory(rows, memory, IMAGE)
    assert torch.allclose(products,
                          torch.einsum('pd,pmd->pm', rows, memory[IMAGE]))
    assert own_memory(rows[:0], memory, IMAGE[:0]).shape == (0, M)

"""The differentiable sampling of Eqs. (4) and (5)."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def own_memory(rows: Tensor, memory: Tensor, image: Tensor) -> Tensor:
    """Products of every row with the M vectors of its own image.

    One matrix product with all memories, of which each row keeps its block:
    the rows need not come image by image, nor equally many from each.

    Args:
        rows (Tensor): (P, D).
        memory (Tensor): (N, M, D).
        image (Tensor): (P, ), the image each row belongs to.

    Returns:
        Tensor: (P, M).
    """
    n, m, _ = memory.shape
    products = (rows @ memory.flatten(0, 1).T).view(-1, n, m)
    return products[torch.arange(len(rows), device=rows.device), image]


class _StraightThroughTopK(Function):

    @staticmethod
    def forward(ctx: Any, weights: Tensor, memory: Tensor, image: Tensor,
                k: int) -> tuple[Tensor, Tensor]:
        index = weights.topk(k, dim=1).indices
        ctx.save_for_backward(memory, image)
        ctx.mark_non_differentiable(index)
        return memory[image[:, None], index], index

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor, _: Any) -> tuple:
        memory, image = ctx.saved_tensors
        # d t_k / d a_j = memory_j for every k (the one-hot d_k and the
        # detached a are constants), so the K gradients may be summed first
        grad = grad.sum(1).flatten(1)
        return own_memory(grad, memory.flatten(2), image), None, None, None


def straight_through_top_k(weights: Tensor, memory: Tensor, image: Tensor,
                           k: int) -> tuple[Tensor, Tensor]:
    """Eq. (4): ``t_k = sum_j w_k[j] memory[j]``, ``w_k = d_k + a - sg(a)``.

    Forward, t_k is the k-th best patch of the memory, bit for bit: a gather.
    Backward, Eq. (5), weights receive the gradient of the soft weighted sum;
    the memory is data and receives none.

    Args:
        weights (Tensor): a, (P, M), softmax over the M patches.
        memory (Tensor): (N, M, C, s, s).
        image (Tensor): (P, ), the image each row of ``weights`` belongs to.
        k (int): K <= M.

    Returns:
        tuple[Tensor]: Textures (P, K, C, s, s), best first, and their index
        in the memory (P, K).
    """
    return _StraightThroughTopK.apply(weights, memory, image, k)


def weighted_sum(weights: Tensor, memory: Tensor, image: Tensor) -> Tensor:
    """The ablation's W-Sum: ``sum_j a[j] memory[j]``, one soft texture.

    Args:
        weights (Tensor): a, (P, M).
        memory (Tensor): (N, M, C, s, s).
        image (Tensor): (P, ).

    Returns:
        Tensor: (P, 1, C, s, s).
    """
    n, m = memory.shape[:2]
    own = image[:, None] == torch.arange(n, device=image.device)
    spread = (own[:, :, None] * weights[:, None]).flatten(1)
    return (spread @ memory.reshape(n * m, -1)).view(-1, 1, *memory.shape[2:])

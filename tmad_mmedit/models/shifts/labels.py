"""One hard choice a block: min-sum belief propagation and iterated conditional
modes, in dense tensors.

B nodes with L labels each; an edge joins two nodes and costs what its pair of
labels costs. With a soft minimum the beliefs are differentiable, and a softmax
of their negatives is the ``a`` of Eqs. (4) and (5).
"""
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Edges(NamedTuple):
    """E edges of one direction, of which no two have one end in common.

    Attributes:
        first, second (Tensor): (E, ), the nodes that each joins.
        cost (Tensor): (E, L, L), by the labels of the first and the second.
    """
    first: Tensor
    second: Tensor
    cost: Tensor


def soft_min(x: Tensor, dim: int, temperature: float) -> Tensor:
    """Return the minimum along a dimension, soft where the temperature is not
    0."""
    if temperature == 0:
        return x.amin(dim)
    return -temperature * (-x / temperature).logsumexp(dim)


def min_sum(unary: Tensor,
            edges: Sequence[Edges],
            rounds: int = 25,
            damping: float = 0.5,
            temperature: float = 0.) -> Tensor:
    """Return what each node believes that its labels cost, all others at
    their best.

    Args:
        unary (Tensor): (B, L).
        edges (Sequence[Edges]): Of any number of directions.
        rounds (int): Of messages between all neighbours. Defaults to 25.
        damping (float): The part of a message that stays. Defaults to 0.5.
        temperature (float): Of the soft minimum; 0 is the hard one.

    Returns:
        Tensor: (B, L). Exact, up to a constant a node, on a chain or tree
        after as many rounds as it is long.
    """
    forth = [edge.cost.new_zeros(edge.cost.shape[:2]) for edge in edges]
    back = list(forth)

    def beliefs():
        total = unary
        for edge, ahead, behind in zip(edges, forth, back):
            total = total.index_add(0, edge.second, ahead)
            total = total.index_add(0, edge.first, behind)
        return total

    def sent(costs, dim, before):
        message = soft_min(costs, dim, temperature)
        message = message - message.amin(1, keepdim=True)
        return damping * before + (1 - damping) * message

    for _ in range(rounds):
        total = beliefs()
        # a message holds all that its sender knows, but for what came from
        # its receiver
        forth, back = (
            [
                sent((total[edge.first] - behind)[:, :, None] + edge.cost, 1,
                     ahead) for edge, ahead, behind in zip(edges, forth, back)
            ],
            [
                sent((total[edge.second] - ahead)[:, None] + edge.cost, 2,
                     behind) for edge, ahead, behind in zip(edges, forth, back)
            ])
    return beliefs()


def icm(labels: Tensor, unary: Tensor, edges: Sequence[Edges],
            colour: Tensor, rounds: int = 5) -> Tensor:
    """Change labels one by one, as long as that lowers the total cost:
    iterated conditional modes (Besag, 1986), on a checkerboard.

    Args:
        labels (Tensor): (B, ), long.
        unary (Tensor): (B, L).
        edges (Sequence[Edges]): As for :func:`min_sum`.
        colour (Tensor): (B, ), 0 or 1; no edge joins nodes of one colour, so
            that all nodes of a colour can change at once.
        rounds (int): Over both colours. Defaults to 5.

    Returns:
        Tensor: (B, ). Their cost is never above that of ``labels``.
    """
    for step in range(2 * rounds):
        cost = unary
        for edge in edges:
            which = torch.arange(len(edge.first), device=labels.device)
            cost = cost.index_add(
                0, edge.second, edge.cost[which, labels[edge.first]])
            cost = cost.index_add(
                0, edge.first, edge.cost[which, :, labels[edge.second]])
        labels = torch.where(colour == step % 2, cost.argmin(1), labels)
    return labels

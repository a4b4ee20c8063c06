import itertools

import torch
from torch.autograd import gradcheck

from tmad_mmedit.models.shifts.labels import Edges, icm, min_sum


def total_cost(labels, unary, edges):
    cost = unary.gather(1, labels[:, None]).sum()
    for edge in edges:
        which = torch.arange(len(edge.first))
        cost += edge.cost[which, labels[edge.first], labels[edge.second]].sum()
    return cost


def chain(nodes=4, labels=3):
    generator = torch.Generator().manual_seed(3)
    unary = torch.rand(nodes, labels, generator=generator)
    cost = torch.rand(nodes - 1, labels, labels, generator=generator)
    first = torch.arange(nodes - 1)
    return unary, [Edges(first, first + 1, cost)]


def best_of_all(unary, edges):
    every = itertools.product(range(unary.shape[1]), repeat=len(unary))
    every = [torch.tensor(labels) for labels in every]
    return min(every, key=lambda labels: total_cost(labels, unary, edges))


def test_min_sum_is_exact_on_a_chain():
    unary, edges = chain()
    beliefs = min_sum(unary, edges, rounds=8, damping=0.)
    assert torch.equal(beliefs.argmin(1), best_of_all(unary, edges))
    for node, label in itertools.product(range(4), range(3)):
        least = min(
            total_cost(torch.tensor(labels), unary, edges)
            for labels in itertools.product(range(3), repeat=4)
            if labels[node] == label)
        best = total_cost(best_of_all(unary, edges), unary, edges)
        assert torch.isclose(beliefs[node, label] - beliefs[node].min(),
                             least - best, atol=1e-5)


def test_seams_outvote_a_unary():
    unary = torch.tensor([[0., 1.], [1., 0.9], [0., 1.]])
    cost = torch.tensor([[0., 1.], [1., 0.]]).expand(2, 2, 2)
    edges = [Edges(torch.tensor([0, 1]), torch.tensor([1, 2]), cost)]
    assert min_sum(unary, edges).argmin(1).tolist() == [0, 0, 0]
    assert unary.argmin(1).tolist() == [0, 1, 0]


def test_an_edge_that_is_not_symmetric_is_read_the_right_way_round():
    unary = torch.tensor([[0., 0.], [0., 0.]])
    cost = torch.tensor([[[5., 0.], [5., 5.]]])  # first 0, second 1 is free
    edges = [Edges(torch.tensor([0]), torch.tensor([1]), cost)]
    assert min_sum(unary, edges).argmin(1).tolist() == [0, 1]


def test_single_changes_never_cost():
    unary, edges = chain(nodes=6)
    colour = torch.arange(6) % 2
    for labels in (torch.zeros(6, dtype=torch.long),
                   torch.full((6, ), 2)):
        better = icm(labels, unary, edges, colour)
        assert (total_cost(better, unary, edges) <=
                total_cost(labels, unary, edges))
        assert torch.equal(icm(better, unary, edges, colour), better)


def test_a_soft_minimum_has_gradients_and_comes_near_the_hard_one():
    unary, edges = chain(nodes=3, labels=2)
    unary = unary.double().requires_grad_()
    edge = Edges(edges[0].first, edges[0].second,
                 edges[0].cost.double().requires_grad_())

    def beliefs(unary, cost):
        return min_sum(unary, [edge._replace(cost=cost)], rounds=3,
                       temperature=0.5)

    assert gradcheck(beliefs, (unary, edge.cost))
    soft = min_sum(unary, [edge], temperature=1e-3).softmax(1)
    hard = min_sum(unary, [edge]).softmax(1)
    assert torch.allclose(soft, hard, atol=1e-2)

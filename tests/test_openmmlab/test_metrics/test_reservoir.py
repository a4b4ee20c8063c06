import torch

from tmad_mmedit.openmmlab.metrics.reservoir import Reservoir


def filled(size, ranks, step):
    reservoir = Reservoir(size)
    for part in torch.tensor(ranks).double().split(step) if ranks else ():
        reservoir.add(part, [part * 10, part[:, None] + 1])
        assert sum(len(x) for x, _ in reservoir.parts) <= 1.25 * size
    return reservoir


def test_it_holds_the_least_in_order_however_the_stream_was_cut():
    ranks = [5, 1, 9, 3, 7, 0, 8, 2]
    for step in (1, 2, 3, 4):
        held, (tens, more) = filled(4, ranks, step).kept()
        assert held.tolist() == [0, 1, 2, 3]
        assert tens.tolist() == [0, 10, 20, 30]
        assert more.tolist() == [[1], [2], [3], [4]]


def test_of_a_short_stream_it_holds_all():
    assert filled(9, [2, 0, 1], 1).kept()[0].tolist() == [0, 1, 2]
    assert len(Reservoir(3).kept()[0]) == 0


def test_parts_merged_are_the_whole():
    ranks = torch.rand(100).tolist()
    merged = Reservoir(10)
    for part in (ranks[:30], ranks[30:35], [], ranks[35:]):
        merged.add(*filled(10, part, 4).kept())
    for ours, whole in zip(merged.kept()[1], filled(10, ranks, 7).kept()[1]):
        assert torch.equal(ours, whole)


def test_it_wants_nothing_that_could_not_stay():
    reservoir = filled(2, [3, 1, 2], 1)
    reservoir.kept()
    assert reservoir.wants(torch.tensor([0.5, 2.5])).tolist() == [True, False]

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import benchmark_holes
    return benchmark_holes


def test_cases_are_what_their_names_say(benchmark):
    for name, (size, draw) in benchmark.CASES.items():
        hole = draw(size)
        assert hole.shape == size[::-1] and hole.dtype == bool
        assert np.array_equal(hole, draw(size))
        count, _, stats, _ = cv2.connectedComponentsWithStats(
            hole.astype(np.uint8))
        if name.startswith('dust'):
            number = int(name.split('-')[1])
            assert 0.8 * number < count - 1 <= number
            sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
            assert np.quantile(sides, 0.8) <= 10
        else:
            assert hole.size > 1e5 and 0.1 < hole.mean() < 0.3


def test_calls_take_turns_after_a_warm_up(benchmark):
    made = []
    calls = {name: lambda n=name: made.append(n) for name in 'ab'}
    took = benchmark.interleaved(calls, 2)
    assert ''.join(made) == 'ab' + 'ab' + 'ab'
    assert all(len(x) == 2 and len(x[0]) == 2 for x in took.values())


def test_the_table_has_a_row_for_each_way(benchmark, capsys, monkeypatch):
    monkeypatch.setitem(benchmark.CASES, 'dust-300', (
        (96, 64), lambda size: benchmark.dust(size, 4)))
    benchmark.main(['--cases', 'dust-300', '--longest', '10', '--rounds', '1'])
    head, specks, telea = capsys.readouterr().out.splitlines()
    assert 'CPU s' in head and 'specks <= 10' in specks and 'Telea' in telea

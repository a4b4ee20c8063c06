import subprocess
import sys
import time

import pytest
import torch
from torch import nn

from tests.conftest import ROOT
from tmad_mmedit.models.ops.carafe import CARAFEPack


@pytest.fixture
def measure(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import measure
    return measure


def test_every_call_has_its_rounds_and_a_slow_one_only_one(measure):
    made = []
    calls = {name: lambda n=name: made.append(n) for name in 'ab'}
    found = measure.interleaved(calls, 2)
    assert ''.join(made) == 'ab' + 'ab' + 'ab'
    assert [len(took.times) for took in found.values()] == [2, 2]
    made.clear()
    found = measure.interleaved(calls, 2, patience=0)
    assert ''.join(made) == 'ab'
    assert [len(took.times) for took in found.values()] == [1, 1]


def test_a_call_takes_as_long_as_it_takes(measure):
    took = measure.interleaved({'nap': lambda: time.sleep(0.05)}, 3)['nap']
    assert 0.05 <= min(took.times) <= took.median < 0.2


@pytest.mark.parametrize('module, shape, expected', [
    (nn.Conv2d(2, 3, 3, padding=1), (1, 2, 4, 5), 4 * 5 * 3 * 2 * 9),
    (nn.Conv2d(4, 4, 3, groups=2, stride=2), (1, 4, 5, 5), 4 * 4 * 2 * 9),
    (nn.ConvTranspose2d(2, 3, 2, stride=2), (1, 2, 4, 4), 16 * 2 * 3 * 4),
    (nn.Linear(5, 7), (2, 5), 2 * 5 * 7),
    # its two convolutions, and 25 taps a value
    (CARAFEPack(2, 2, compressed_channels=3), (1, 2, 4, 4),
     16 * 2 * 3 + 16 * 3 * 100 * 9 + 2 * 64 * 25),
])
def test_multiply_adds(measure, module, shape, expected):
    with torch.no_grad(), measure.MultiplyAdds(module) as counter:
        module(torch.zeros(shape))
    assert counter.count == expected


IN_A_FRESH_PROCESS = """  # another one may have 128 MiB to spare
import sys
import torch
sys.path[:0] = ['.', 'tools']
import measure
before = measure.process_memory('VmRSS')
peak = measure.peak_memory(lambda: torch.ones(2**25), 'cpu')
print(peak - before, peak - measure.process_memory('VmRSS'))
"""


def test_peak_memory_is_that_of_the_call():
    grown, freed = map(int, subprocess.check_output(
        [sys.executable, '-c', IN_A_FRESH_PROCESS], cwd=ROOT).split())
    assert 2**26 < grown < 2**28 and freed > 2**26  # of 128 MiB

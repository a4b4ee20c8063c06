import pytest

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, write_model


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import benchmark_folder
    return benchmark_folder


def test_each_row_is_timed_and_compared(benchmark, tmp_path, capsys):
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    benchmark.main(['--pictures', '3', '--side', '48', '--workers', '0', '1',
                    '--options', '--checkpoint',
                    f'{tmp_path}/slim.safetensors'])
    lines = capsys.readouterr().out.splitlines()
    assert [x.split()[0] for x in lines[2:]] == ['none', '1']
    assert all(x.endswith('3, the same') for x in lines[2:])
    assert all(float(x.split()[2]) > .5 for x in lines[2:])


def test_other_results_are_told(benchmark, monkeypatch, capsys):
    def painted(place, count, args):
        (place / f'{count}').mkdir()
        (place / f'{count}/000.png').write_text(f'{count}')
        return 3 - count, 1., 1 << 10

    monkeypatch.setattr(benchmark, 'timed', painted)
    benchmark.main(['--pictures', '1', '--workers', '0', '1'])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith('the same') and lines[3].endswith('OTHERS')
    assert lines[3].split()[4] == '1.50'

"""mmengine's own checkpoints under torch's weights_only, on every torch."""
import builtins
import pickle
import zipfile

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer, MessageHub
from mmengine.runner import CheckpointLoader
from mmengine.utils import digit_version

TORCH_REFUSES = digit_version(torch.__version__) >= digit_version('2.6')


@pytest.fixture
def checkpoint(tmp_path):
    """As mmengine's runner saves it: logs, and the best of a metric."""
    hub = MessageHub('logs')
    hub.update_scalar('loss', 0.5)
    hub.update_scalar('loss', 0.25, count=3)
    hub.update_info('best_score', np.float64(23.5))
    path = tmp_path / 'iter_2.pth'
    torch.save(dict(state_dict=dict(weight=torch.ones(2)),
                    message_hub=hub.state_dict()), path)
    return str(path)


def test_mmengine_loads_what_it_saved(checkpoint):
    loaded = CheckpointLoader.load_checkpoint(checkpoint, 'cpu')
    logs = loaded['message_hub']['log_scalars']['loss']
    assert logs.data[0].tolist() == [0.5, 0.25]
    assert logs.data[1].tolist() == [1, 3]
    assert logs.statistics('max') == 0.5
    assert loaded['message_hub']['runtime_info']['best_score'] == 23.5


def test_outside_mmengine_its_logs_are_refused(checkpoint):
    """The fault, where torch has it; everywhere what weights_only promises."""
    CheckpointLoader.load_checkpoint(checkpoint, 'cpu')
    with pytest.raises(pickle.UnpicklingError, match='HistoryBuffer|getattr'):
        torch.load(checkpoint, weights_only=True)


@pytest.mark.skipif(not TORCH_REFUSES, reason='this torch runs all code')
@pytest.mark.parametrize('name, arguments', [
    ('open', ('ran', 'w')),
    ('getattr', (HistoryBuffer, '__init__')),
    ('getattr', (np.ndarray, 'tofile')),
])
def test_other_code_is_refused_and_does_not_run(
        tmp_path, monkeypatch, name, arguments):

    class Code:

        def __reduce__(self):
            return getattr(builtins, name), arguments

    monkeypatch.chdir(tmp_path)
    torch.save(dict(state_dict={}, hub=Code()), tmp_path / 'bad.pth')
    with pytest.raises(pickle.UnpicklingError, match=name):
        CheckpointLoader.load_checkpoint(str(tmp_path / 'bad.pth'))
    assert not (tmp_path / 'ran').exists()


@pytest.mark.parametrize('core', ['core', '_core'])
def test_logs_of_either_numpy_load(checkpoint, tmp_path, core):
    """NumPy 1 writes numpy.core, NumPy 2 numpy._core."""
    other = tmp_path / 'other.pth'
    with zipfile.ZipFile(checkpoint) as old, zipfile.ZipFile(
            other, 'w') as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith('data.pkl'):
                data = data.replace(b'numpy._core.', b'numpy.core.').replace(
                    b'numpy.core.', f'numpy.{core}.'.encode())
            new.writestr(name, data)
    loaded = CheckpointLoader.load_checkpoint(str(other), 'cpu')
    assert loaded['message_hub']['runtime_info']['best_score'] == 23.5

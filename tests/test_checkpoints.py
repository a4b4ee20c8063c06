import os
import stat

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from tmad_mmedit.checkpoints import (
    check_plain,
    read_weights,
    write_weights,
)
from tmad_mmedit.load import load_weights


class Code:
    """Pickled, it opens a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, 'w')


@pytest.fixture
def weights():
    weights = dict(nn.Conv2d(3, 4, 3).state_dict())
    weights['steps'] = torch.tensor(7)
    return weights


@pytest.fixture
def trained(tmp_path, weights):
    """As a training leaves it, its code included."""
    path = tmp_path / 'iter_2.pth'
    state_dict = {**weights, 'patch_disc.weight': torch.ones(1)}
    torch.save(dict(state_dict=state_dict, hub=Code(tmp_path / 'ran')), path)
    return path


@pytest.mark.parametrize('name', ['own.safetensors', 'own.pth'])
@pytest.mark.parametrize('half', [False, True])
def test_what_is_written_is_read_again(tmp_path, weights, name, half):
    expected = {key: x.half() if half and x.is_floating_point() else x
                for key, x in weights.items()}
    write_weights(expected, tmp_path / name)
    read = read_weights(tmp_path / name)
    assert read.keys() == weights.keys()
    for key, x in expected.items():
        assert read[key].dtype == x.dtype
        assert torch.equal(read[key], x)
    (tmp_path / 'other').touch()
    mode = stat.S_IMODE((tmp_path / name).stat().st_mode)
    assert mode == stat.S_IMODE((tmp_path / 'other').stat().st_mode)
    assert {x.name for x in tmp_path.iterdir()} == {name, 'other'}


def test_tensors_that_share_memory_are_written(tmp_path):
    x = torch.arange(6.).view(2, 3)
    write_weights(dict(a=x, b=x.t()), tmp_path / 'own.safetensors')
    read = load_file(tmp_path / 'own.safetensors')
    assert torch.equal(read['a'], x) and torch.equal(read['b'], x.t())


def test_metadata_stands_beside_the_weights(tmp_path, weights):
    path = tmp_path / 'own.safetensors'
    write_weights(weights, path, dict(mine='{"a": 1}'))
    with safe_open(path, 'pt') as file:
        assert file.metadata() == dict(format='pt', mine='{"a": 1}')


def test_code_does_not_run_unless_trusted(tmp_path, trained):
    with pytest.raises(ValueError, match='tmad export.*--trust-checkpoint'):
        read_weights(trained)
    assert not (tmp_path / 'ran').exists()
    assert 'weight' in read_weights(trained, trust=True)
    assert (tmp_path / 'ran').exists()


class Program(nn.Module):

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def test_a_torchscript_archive_is_refused(tmp_path, monkeypatch):
    """torch before 2.6 runs it, whatever weights_only says."""
    torch.jit.save(torch.jit.script(Program()), tmp_path / 'renamed.pth')
    monkeypatch.setattr(torch, 'load', None)  # not even asked
    with pytest.raises(ValueError, match='renamed.pth is a TorchScript'):
        read_weights(tmp_path / 'renamed.pth')


def test_the_old_format_needs_trust(tmp_path, weights):
    path = tmp_path / 'old.pth'
    torch.save(weights, path, _use_new_zipfile_serialization=False)
    with pytest.raises(ValueError, match='no zip .* --trust-checkpoint'):
        read_weights(path)
    assert read_weights(path, trust=True).keys() == weights.keys()


def test_safetensors_and_plain_zips_are_plain(tmp_path, weights):
    save_file(weights, tmp_path / 'a.safetensors')
    torch.save(dict(state_dict=weights), tmp_path / 'a.pth')
    check_plain(tmp_path / 'a.safetensors')
    check_plain(tmp_path / 'a.pth')


@pytest.mark.parametrize('name', ['bad.safetensors', 'bad.pth'])
@pytest.mark.parametrize('content', [b'', b'text\n', b'PK\x03\x04cut',
                                     b'\xff' * 64])
def test_what_is_cut_is_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=f'{name} .*whole') as raised:
        read_weights(tmp_path / name)
    assert '\n' not in str(raised.value)


@pytest.mark.parametrize('trust', [False, True])
def test_a_picture_for_a_checkpoint_is_one_sentence(tmp_path, trust):
    """Without torch's advice to turn its safeguard off."""
    Image.new('L', (4, 4)).save(tmp_path / 'm.png')
    with pytest.raises(ValueError, match='m.png .* give a file') as raised:
        read_weights(tmp_path / 'm.png', trust)
    for word in 'weights_only', 'trust', '\n':
        assert word not in str(raised.value)


def test_another_kind_of_file_is_refused(tmp_path, weights):
    with pytest.raises(ValueError, match=r'\.bin.*\*\.safetensors'):
        write_weights(weights, tmp_path / 'own.bin')
    with pytest.raises(OSError, match='cannot be written'):
        write_weights(weights, tmp_path / 'nowhere' / 'own.safetensors')


def test_an_interrupted_write_leaves_what_was_there(
        tmp_path, weights, monkeypatch):
    out = tmp_path / 'own.safetensors'
    out.write_bytes(b'before')

    def full(*_):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'replace', full)
    with pytest.raises(OSError, match='No space left'):
        write_weights(weights, out)
    assert out.read_bytes() == b'before'
    assert not list(tmp_path.glob('.*'))


def test_a_model_takes_its_weights_and_no_others(weights):
    model = nn.Conv2d(3, 4, 3)
    load_weights(model, weights, 'own.safetensors')
    assert torch.equal(model.weight, weights['weight'])
    assert model.bias.dtype == torch.float32
    with pytest.raises(ValueError, match='less lacks 1 of the 2 .* weight'):
        load_weights(model, dict(bias=weights['bias']), 'less')
    with pytest.raises(ValueError, match=r'weight as \(4, 3, 1, 1\), its set'):
        load_weights(model, dict(
            weights, weight=torch.zeros(4, 3, 1, 1)), 'other')

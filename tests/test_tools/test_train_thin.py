import numpy as np
import pytest
import torch

from tests.conftest import ROOT
from tmad_mmedit.load import load_model

pytest.importorskip('efficientnet_lite_pytorch')


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / 'tools'))
    import train_thin
    return train_thin


@pytest.fixture
def pairs(tmp_path):
    """Filled with a grey that the truth is darker than."""
    folder = tmp_path / 'pairs'
    folder.mkdir()
    for i in range(2):
        truth = np.full((40, 48, 3), 90, np.uint8)
        mask = np.zeros((40, 48), bool)
        mask[18:24, 4:40] = True
        filled = truth + np.uint8(60) * mask[..., None]
        np.savez(folder / f'{i}.npz', truth=truth, filled=filled,
                 guess=filled, mask=mask)
    return folder


def test_it_learns_goes_on_after_a_stop_and_writes_a_model(
        tool, pairs, tmp_path, monkeypatch, capsys):
    def options(folder):
        return [str(x) for x in (
            '--pairs', pairs, '--val', pairs, '--work-dir',
            tmp_path / folder, '--iters', 6, '--batch', 2, '--size', 32,
            '--save-every', 3, '--lr', 3e-3, '--single')]

    monkeypatch.setattr(tool, 'WARM_UP', 1)
    tool.main(options('whole'))
    step = tool.Training.step

    def stopped(training):
        if training.iteration == 4:
            raise KeyboardInterrupt
        return step(training)

    monkeypatch.setattr(tool.Training, 'step', stopped)
    with pytest.raises(KeyboardInterrupt):
        tool.main(options('cut'))
    monkeypatch.setattr(tool.Training, 'step', step)
    capsys.readouterr()
    tool.main(options('cut'))
    assert '6/6' in capsys.readouterr().out
    whole, again = (torch.load(tmp_path / x / 'latest.pth')
                    for x in ('whole', 'cut'))
    for name, x in whole['average'].items():
        assert torch.equal(x, again['average'][name]), name
    model = load_model(tmp_path / 'cut/model.safetensors')
    found = tool.validated(model.thin, pairs)
    assert found['psnr'] > found['psnr, filled'] + 0.05


def test_pairs_are_of_their_number_alone(tool, tmp_path, monkeypatch):
    from thin_pairs import NARROWEST, Crops, make_pairs
    monkeypatch.setattr('thin_pairs.SIDE', 72)
    photos = ROOT / 'demo/photos'
    make_pairs(photos, tmp_path, 1, 3)
    with np.load(tmp_path / '00000.npz') as file:
        first = {name: file[name] for name in file}
    known = ~first['mask']
    for name in ('filled', 'guess'):
        assert np.array_equal(first[name][known], first['truth'][known])
        assert not np.array_equal(first[name], first['truth'])
    (tmp_path / '00000.npz').unlink()
    make_pairs(photos, tmp_path, 1, 3)
    with np.load(tmp_path / '00000.npz') as file:
        assert all(np.array_equal(file[name], x)
                   for name, x in first.items())
    truth, filled, guess, mask = Crops(tmp_path, 4, 32, 0)[5]
    assert truth.shape == (4, 3, 32, 32) and mask.amax((1, 2, 3)).all()
    assert NARROWEST == 4 and truth.abs().max() <= 1
    around = (mask == 0).expand_as(truth)
    assert torch.equal(truth[around], filled[around])


def test_detail_is_what_blur_takes_away(tool):
    torch.manual_seed(0)
    fine = torch.rand(1, 3, 32, 32)
    soft = torch.nn.functional.avg_pool2d(fine, 3, 1, 1)
    assert (tool.detail(fine) > 2 * tool.detail(soft)).all()
    mask = torch.ones(1, 1, 32, 32)
    found = tool.losses(soft, fine, mask, lambda x: [x])
    assert found['detail'] > 0 and found['l1'] > 0
    same = tool.losses(fine, fine, mask, lambda x: [x])
    assert sum(same.values()) == pytest.approx(0, abs=1e-6)


def test_it_says_what_it_lacks(tool, tmp_path, capsys):
    for options, said in (
            ('--make 3', '--make needs --photos'),
            ('', 'training needs --work-dir'),
            ('--work-dir w --size 70', 'a multiple of 4')):
        with pytest.raises(SystemExit):
            tool.main(['--pairs', str(tmp_path), *options.split()])
        assert said in capsys.readouterr().err
    with pytest.raises(ValueError, match='make some with --make'):
        tool.main(['--pairs', str(tmp_path), '--work-dir',
                   str(tmp_path / 'w')])

import pytest
import torch
from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1

from tmad_mmedit.openmmlab.metrics import LPIPS


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Where torchvision looks for weights: a backbone with random ones."""
    monkeypatch.setenv('TORCH_HOME', str(tmp_path))
    folder = tmp_path / 'hub/checkpoints'
    folder.mkdir(parents=True)
    name = SqueezeNet1_1_Weights.IMAGENET1K_V1.url.rsplit('/', 1)[1]
    torch.save(squeezenet1_1().state_dict(), folder / name)
    return folder


def value(metric, gt, pred, mask):
    metric.process(None, [dict(
        gt_img=gt, mask=mask, output=dict(pred_img=pred))])
    return metric.results[-1]['LPIPS']


def test_it_is_zero_for_the_same_and_greater_in_the_hole(hub):
    gt = torch.rand(3, 64, 64) * 255
    mask = torch.zeros(1, 64, 64)
    mask[:, 20:44, 20:44] = 1
    pred = gt * (1 - mask)
    whole = LPIPS(net='squeeze', prefix='x')
    hole = LPIPS(net='squeeze', mask_key='mask', prefix='x')
    assert value(whole, gt, gt, mask) == value(hole, gt, gt, mask) == 0
    assert 0 < value(whole, gt, pred, mask) < value(hole, gt, pred, mask)


def test_without_a_backbone_it_says_where_it_belongs(tmp_path, monkeypatch):
    monkeypatch.setenv('TORCH_HOME', str(tmp_path))
    with pytest.raises(FileNotFoundError, match='alexnet-owt-.*put https'):
        LPIPS()

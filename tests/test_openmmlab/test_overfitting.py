"""Training does what it is for: on four pictures, losses fall."""
import pytest
import torch
from mmengine.logging import MessageHub
from mmengine.registry import MODELS
from PIL import Image
from torchvision.transforms.functional import pil_to_tensor

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor
from tmad_mmedit.openmmlab.host import DataSample, register_all_modules

pytestmark = pytest.mark.slow
PRETRAINING, STEPS = 40, 70


def pictures():
    """Four photographs of 48 x 48 pixels, a hole of 20 x 20 in each."""
    inputs, samples = [], []
    for i, path in enumerate(sorted((ROOT / 'demo/photos').glob('*.jpg'))[:4]):
        image = Image.open(path).convert('RGB').resize((48, 48))
        gt_img, mask = pil_to_tensor(image).float(), torch.zeros(1, 48, 48)
        mask[:, 8 + 4 * i:28 + 4 * i, 12:32] = 1
        inputs.append(gt_img * (1 - mask) + 127.5 * mask)
        samples.append(DataSample(gt_img=gt_img, mask=mask))
    return inputs, samples


@pytest.fixture(scope='module')
def history():
    """Losses by step."""
    register_all_modules()
    torch.manual_seed(0)
    config = slim_config(
        coarse=dict(encdec=dict(widths=(16, 16, 16, 16))),
        train_cfg=dict(pretrain_iters=PRETRAINING, patches_per_image=9))
    model = MODELS.build(config.model)
    wrapper = config.optim_wrapper
    wrapper.pop('constructor')
    wrapper.generator.optimizer = dict(type='Adam', lr=4e-3)
    wrapper = GroupedOptimWrapperConstructor(wrapper)(model)
    losses = []
    for i in range(STEPS):
        MessageHub.get_current_instance().update_info('iter', i)
        inputs, samples = pictures()
        done = model.train_step(
            dict(inputs=inputs, data_samples=samples), wrapper)
        losses.append({name: float(x) for name, x in done.items()})
    MessageHub.get_current_instance().update_info('iter', 0)
    return losses


def mean(steps, name):
    return sum(step[name] for step in steps) / len(steps)


def mean_colour_loss():
    """Eq. (1)'s hole term for holes of the mean colour around them."""
    errors = []
    for sample in pictures()[1]:
        hole = sample.mask[0].bool()
        mean = sample.gt_img[:, ~hole].mean(1, keepdim=True)
        errors.append((sample.gt_img[:, hole] - mean).abs().mean() / 127.5)
    return 6 * sum(errors) / len(errors)


def test_the_coarse_loss_falls(history):
    last = mean(history[PRETRAINING - 5:PRETRAINING], 'loss_coarse_hole')
    assert last < 0.85 * mean_colour_loss() < 0.85 * history[0][
        'loss_coarse_hole']


def test_then_the_patch_loss_falls(history):
    joint = history[PRETRAINING:]
    assert 'loss_patch_l1' not in history[PRETRAINING - 1]
    assert mean(joint[-5:], 'loss_patch_l1') < 0.75 * joint[0][
        'loss_patch_l1']

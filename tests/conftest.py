from pathlib import Path

import pytest
import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmedit.utils import register_all_modules
from mmengine.config import Config
from mmengine.logging import MessageHub

import tmad_mmedit  # noqa: F401

ROOT = Path(__file__).parent.parent
SLIM = dict(
    coarse=dict(
        encdec=dict(widths=(8, 8, 8, 8), dilations=(1, 2))),
    retriever=dict(patch_size=16, stride=8, memory_size=12, embed_channels=4),
    psnet=dict(widths=(8, 8, 8), up_widths=(8, 8, 8), num_res_blocks=1),
    training=dict(
        patch_disc=dict(num_convs=3, max_channels=8, fc_in_channels=8 * 2 * 2),
        image_disc=dict(num_convs=2, max_channels=8)),
    train_cfg=dict(pretrain_iters=0, patches_per_image=4))


def pytest_configure(config):
    config.addinivalue_line('markers', 'cuda: needs a GPU; else it is skipped')


@pytest.fixture(autouse=True)
def fresh_start():
    """Fixed weights and inputs; no iteration left over from another run."""
    register_all_modules()
    torch.manual_seed(0)
    hub = MessageHub.get_current_instance()
    hub.update_info('iter', 0)


def slim_config(**changes) -> Config:
    """The demo's config, with few channels and 16-pixel patches."""
    config = Config.fromfile(ROOT / 'configs/tmad_demo.py')
    config.merge_from_dict(dict(model=SLIM))
    config.merge_from_dict(dict(model=changes))
    return config


@pytest.fixture
def build_model():
    """Builds a small T-MAD; arguments are merged into its config."""

    def build(**changes):
        return MODELS.build(slim_config(**changes).model)

    return build


@pytest.fixture
def batch():
    """What a data loader gives: two images with different holes."""
    generator = torch.Generator().manual_seed(1)
    inputs, samples = [], []
    for top, left in ((10, 4), (30, 20)):
        gt_img = torch.randint(
            256, (3, 64, 48), generator=generator).float()
        mask = torch.zeros(1, 64, 48)
        mask[:, top:top + 20, left:left + 22] = 1
        inputs.append(gt_img * (1 - mask) + 127.5 * mask)
        samples.append(EditDataSample(gt_img=gt_img, mask=mask))
    return dict(inputs=inputs, data_samples=samples)

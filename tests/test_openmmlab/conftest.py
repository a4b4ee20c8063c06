from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub

import tmad_mmedit.openmmlab  # noqa: F401
from tests.conftest import ROOT
from tmad_mmedit.openmmlab.host import (
    DataSample,
    build,
    register_all_modules,
)

HERE = Path(__file__).parent
SLIM = dict(
    coarse=dict(
        encdec=dict(widths=(8, 8, 8, 8), dilations=(1, 2))),
    retriever=dict(patch_size=16, stride=8, memory_size=12, embed_channels=4),
    psnet=dict(widths=(8, 8, 8), up_widths=(8, 8, 8), num_res_blocks=1),
    training=dict(
        patch_disc=dict(num_convs=3, max_channels=8, fc_in_channels=8 * 2 * 2),
        image_disc=dict(num_convs=2, max_channels=8)),
    train_cfg=dict(pretrain_iters=0, patches_per_image=4))


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker('host')


@pytest.fixture(autouse=True)
def fresh_run(fresh_start):
    """No iteration left over from another run."""
    register_all_modules()
    MessageHub.get_current_instance().update_info('iter', 0)


def slim_config(**changes) -> Config:
    """The demo's config, with few channels and 16-pixel patches."""
    config = Config.fromfile(ROOT / 'configs/tmad_demo.py')
    config.merge_from_dict(dict(model=SLIM))
    config.merge_from_dict(dict(model=changes))
    return config


@pytest.fixture
def build_model():
    """Builds a small T-MAD; arguments are merged into its config."""

    def built(**changes):
        return build(slim_config(**changes).model)

    return built


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
        samples.append(DataSample(gt_img=gt_img, mask=mask))
    return dict(inputs=inputs, data_samples=samples)

"""MMEditing's five inpaintors, from our configs, as the coarse stage."""
import copy

import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.hub import get_config
from mmengine.model import revert_sync_batchnorm
from mmengine.registry import MODELS
from mmengine.runner.checkpoint import load_state_dict
from PIL import Image

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import SLIM
from tmad_mmedit.openmmlab.engine import GroupedOptimWrapperConstructor
from tmad_mmedit.openmmlab.host import HOST

pytestmark = pytest.mark.slow
# config: MMEditing's own, and a size that is not square and no multiple of 32
# where its network takes such
MODELS_OF = {
    'gl_psnet_places': ('global_local/gl_8xb12_places-256x256', (132, 100)),
    'deepfillv1_psnet_places':
    ('deepfillv1/deepfillv1_8xb2_places-256x256', (104, 88)),
    'deepfillv2_psnet_places':
    ('deepfillv2/deepfillv2_8xb2_places-256x256', (104, 88)),
    'pconv_psnet_places':
    ('partial_conv/pconv_stage2_4xb2_places-256x256', (128, 256)),
    'aot-gan_psnet_places':
    ('aot_gan/aot-gan_smpgan_4xb4_places-512x512', (132, 100)),
}
EVERY_MODEL = pytest.mark.parametrize('name', MODELS_OF)


def upstream(name):
    return get_config(f'{HOST}::{MODELS_OF[name][0]}.py')


def build_bare(name):
    """The inpaintor as MMEditing builds it for its own tests."""
    return MODELS.build({
        key: value
        for key, value in upstream(name).model.items() if 'percep' not in key
    }).eval()


def build(name, **coarse_cfg):
    """Our config, with few channels in all but the coarse stage."""
    config = Config.fromfile(ROOT / f'configs/{name}.py')
    slim = {key: value for key, value in SLIM.items() if key != 'coarse'}
    config.merge_from_dict(dict(model=slim))
    config.model.coarse_cfg.checkpoint = None
    config.model.coarse_cfg.update(coarse_cfg)
    config.model.training.loss_patch_percep = None
    return revert_sync_batchnorm(MODELS.build(config.model))


def picture(folder, height, width):
    """A photograph and a mask of that size, as files."""
    photo = Image.open(ROOT / 'demo/photos/chelsea.jpg')
    photo.crop((90, 30, 90 + width, 30 + height)).save(folder / 'photo.png')
    mask = Image.new('L', (width, height))
    mask.paste(255, (20, 30, 20 + width // 2, 30 + height // 2))
    mask.save(folder / 'mask.png')
    return dict(
        gt_path=folder / 'photo.png', mask_path=folder / 'mask.png')


def load(files, pipeline):
    """What a data loader makes of files by a config's own loader."""
    return pseudo_collate([Compose([
        pipeline[0],
        dict(type='LoadMask', mask_mode='file'),
        dict(type='GetMaskedImage'),
        dict(type='TMADPackInputs')
    ])(dict(files))])


@EVERY_MODEL
@pytest.mark.parametrize('square', [True, False])
@torch.no_grad()
def test_the_coarse_image_is_what_the_bare_model_predicts(
        tmp_path, name, square):
    """Bit for bit, from the files on, each through its own pipeline."""
    model, bare = build(name).eval(), build_bare(name)
    bare.load_state_dict(model.coarse.inpaintor.state_dict(), strict=False)
    files = picture(tmp_path, *((256, 256) if square else MODELS_OF[name][1]))
    theirs, = bare.test_step(
        load(files, upstream(name).test_dataloader.dataset.pipeline))
    ours, = model.test_step(
        load(files, [dict(type='LoadImageFromFile', key='gt')]))
    assert torch.equal(ours.output.coarse_img, theirs.output.pred_img)
    hole = theirs.mask[0] > 0
    assert theirs.output.pred_img[:, hole].std() > 0
    assert not torch.equal(ours.output.pred_img, theirs.output.pred_img)


def optimizers(name, model):
    config = Config.fromfile(ROOT / f'configs/{name}.py').optim_wrapper
    config.pop('constructor')
    return GroupedOptimWrapperConstructor(config)(model)


@EVERY_MODEL
def test_frozen_means_frozen(tmp_path, name):
    model = build(name).train()
    assert not any(m.training for m in model.coarse.modules())
    before = copy.deepcopy(model.coarse.state_dict())
    wrappers = optimizers(name, model)
    batch = load(picture(tmp_path, 128, 128),
                 [dict(type='LoadImageFromFile', key='gt')])
    psnet = copy.deepcopy(model.psnet.state_dict())
    model.train_step(batch, wrappers)
    assert not any(
        torch.equal(x, psnet[key])
        for key, x in model.psnet.state_dict().items())
    for key, x in model.coarse.state_dict().items():
        assert torch.equal(x, before[key]), key
    optimized = {
        id(p) for wrapper in wrappers.values()
        for group in wrapper.param_groups for p in group['params']
    }
    for p in model.coarse.parameters():
        assert p.grad is None and id(p) not in optimized


@EVERY_MODEL
def test_thawed_it_is_trained_with_the_rest(tmp_path, name):
    model = build(name, frozen=False).train()
    before = copy.deepcopy(model.coarse.state_dict())
    batch = load(picture(tmp_path, 128, 128),
                 [dict(type='LoadImageFromFile', key='gt')])
    model.train_step(batch, optimizers(name, model))
    for key, x in model.coarse.named_parameters():
        assert x.requires_grad != torch.equal(x, before[key]), key


@EVERY_MODEL
def test_a_published_checkpoint_is_taken_and_stays_where_it_is(
        tmp_path, build_model, name):
    """With its discriminator, as MMEditing saves it; PSNet comes from a T-MAD
    over another coarse stage."""
    published, checkpoint = build_bare(name).state_dict(), tmp_path / 'x.pth'
    torch.save(dict(state_dict=published), checkpoint)
    trained = build_model().state_dict()
    model = build(name, checkpoint=str(checkpoint))
    load_state_dict(model, trained, strict=True)
    for key, x in model.coarse.inpaintor.state_dict().items():
        assert torch.equal(x, published[key]), key
    saved = model.state_dict()
    assert set(saved) == {
        key for key in trained if not key.startswith('coarse.')}
    for key, x in saved.items():
        assert torch.equal(x, trained[key]), key


@EVERY_MODEL
def test_a_config_of_mmediting_may_be_the_base(tmp_path, name):
    path = tmp_path / 'mine.py'
    path.write_text(f"""
_base_ = '{HOST}::{MODELS_OF[name][0]}.py'
model = dict(
    _delete_=True, type='TMADInpaintor', coarse={{{{_base_.model}}}})
""")
    mine = Config.fromfile(path).model.coarse.to_dict()
    mine.pop('_scope_')
    ours = Config.fromfile(ROOT / f'configs/{name}.py').model.coarse.to_dict()
    assert mine == ours == upstream(name).model.to_dict()


def test_five_lines_are_enough_for_a_users_own(tmp_path):
    """As the README has them."""
    own, mine = upstream('deepfillv1_psnet_places'), tmp_path / 'mine.py'
    own.dump(mine)
    code = (ROOT / 'README.md').read_text().split('```python\n')
    code = next(x for x in code if "fromfile('mine.py')" in x).split('```')[0]
    path = tmp_path / 'psnet_mine.py'
    path.write_text(code.replace("'mine.py'", repr(str(mine))).replace(
        "_base_ = '", f"_base_ = '{ROOT}/configs/"))
    config = Config.fromfile(path)
    assert config.model.coarse.to_dict() == own.model.to_dict()
    assert config.train_cfg.max_iters == 10000
    coarse = MODELS.build(config.model).coarse
    assert coarse.keeps_weights and coarse.checkpoint == 'mine.pth'

"""mmagic's own calls, for our models and for its own."""
from pathlib import Path

import mmcv
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.fileio import load
from PIL import Image

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit import Inpainter
from tmad_mmedit.openmmlab.host import HOST, build

if HOST != 'mmagic':
    pytest.skip('the host is another', allow_module_level=True)

from mmagic.apis import MMagicInferencer, init_model  # noqa: E402

ON_CPU = dict(device='cpu')
METAFILE = load(ROOT / 'configs/metafile.yml')['Models']


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """A photograph of a size that no network of mmagic's takes, its mask, and
    a small model of ours with its checkpoint."""
    folder = tmp_path_factory.mktemp('mmagic')
    photo = Image.open(ROOT / 'demo/photos/chelsea.jpg')
    photo.crop((100, 60, 229, 187)).save(folder / 'photo.png')
    mask = np.zeros((127, 129), np.uint8)
    mask[40:90, 30:80] = 255
    Image.fromarray(mask).save(folder / 'mask.png')
    config = slim_config()
    config.dump(folder / 'slim.py')
    torch.save(dict(state_dict=build(config.model).state_dict()),
               folder / 'slim.pth')
    return folder


def inferred(folder, editor):
    out = folder / 'out/painted.png'
    result, image = editor.infer(
        img=str(folder / 'photo.png'), mask=str(folder / 'mask.png'),
        result_out_dir=str(out))
    assert np.array_equal(mmcv.imread(out), image)
    photo = mmcv.imread(folder / 'photo.png')
    hole = mmcv.imread(folder / 'mask.png', 'grayscale') > 127
    assert np.array_equal(image[~hole], photo[~hole])
    assert image[hole].std() > 0
    return image, result['infer_results']


def test_the_inferencer_by_name_is_what_the_test_loop_predicts(folder):
    config, checkpoint = str(folder / 'slim.py'), str(folder / 'slim.pth')
    image, _ = inferred(folder, MMagicInferencer(
        'tmad', model_config=config, model_ckpt=checkpoint, **ON_CPU))
    data = Compose([
        dict(type='LoadImageFromFile', key='gt'),
        dict(type='LoadMask', mask_mode='file'),
        dict(type='GetMaskedImage'),
        dict(type='TMADPackInputs')
    ])(dict(gt_path=folder / 'photo.png', mask_path=folder / 'mask.png'))
    predicted, = init_model(config, checkpoint, **ON_CPU).test_step(
        {key: [value] for key, value in data.items()})
    assert np.array_equal(
        image, predicted.output.pred_img.permute(1, 2, 0).round().byte())


def test_what_ships_is_found_by_name_and_paints_as_the_inpainter(folder):
    image, sample = inferred(folder, MMagicInferencer('tmad', **ON_CPU))
    photo = Image.open(folder / 'photo.png')
    painted = Inpainter()(photo, Image.open(folder / 'mask.png'))
    assert np.array_equal(image[..., ::-1], np.asarray(painted))
    assert sample.output.pred_img.shape == (3, 127, 129)


def kwargs_of(*, name='tmad', setting=None, config_name=None, checkpoint=None):
    return MMagicInferencer._get_inferencer_kwargs(
        MMagicInferencer.__new__(MMagicInferencer), name, setting,
        config_name, None, checkpoint, None)


@pytest.mark.parametrize('number', range(len(METAFILE)))
def test_every_entry_of_the_metafile_is_found(number):
    entry = METAFILE[number]
    for how in dict(setting=number), dict(config_name=entry['Name']):
        kwargs = kwargs_of(**how, checkpoint='own.pth')
        assert kwargs['task'] == 'Inpainting' and kwargs['ckpt'] == 'own.pth'
        assert Path(kwargs['config']).samefile(ROOT / entry['Config'])


@pytest.mark.parametrize('how, says', [
    (dict(setting=0), 'no weights of tmad_places are published yet: give '
     'model_ckpt'),
    (dict(setting=99), 'model_setting=99: expected one of our configs, 0 to'),
    (dict(config_name='tmad_moon'), 'config_name=tmad_moon: expected one of '
     'tmad_places, '),
])
def test_what_is_not_there_is_one_sentence(how, says):
    with pytest.raises(ValueError, match=says):
        kwargs_of(**how)


def test_other_names_are_left_to_mmagic():
    kwargs = kwargs_of(name='deepfillv2')
    assert Config.fromfile(kwargs['config']).model.type == 'TwoStageInpaintor'
    assert kwargs['ckpt'].startswith('https://download.openmmlab.com/')
    with pytest.raises(ValueError, match='Model moon is not supported'):
        kwargs_of(name='moon')


def test_a_checkpoint_from_a_gpu_loads_without_one(
        folder, tmp_path, monkeypatch):
    weights = torch.load(folder / 'slim.pth')
    with monkeypatch.context() as on_a_gpu:
        on_a_gpu.setattr(
            torch.serialization, 'location_tag', lambda _: 'cuda:0')
        torch.save(weights, tmp_path / 'gpu.pth')
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    model = init_model(str(folder / 'slim.py'), str(tmp_path / 'gpu.pth'),
                       **ON_CPU)
    for name, weight in weights['state_dict'].items():
        assert torch.equal(model.state_dict()[name], weight)

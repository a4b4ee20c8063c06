"""Each repair of mmedit, through the calls that a user makes."""
import functools
import inspect
import subprocess
import sys
from pathlib import Path

import mmcv
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.fileio import load
from mmengine.registry import MODELS
from PIL import Image
from safetensors.torch import save_file

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab.evaluation.model import Model
from tmad_mmedit.openmmlab.evaluation.samples import Sample
from tmad_mmedit.openmmlab.host import HOST, register_all_modules
from tmad_mmedit.openmmlab.predict import predict

if HOST != 'mmedit':
    pytest.skip('the host is another', allow_module_level=True)

import mmedit  # noqa: E402
from mmedit.apis import (  # noqa: E402
    MMEditInferencer,
    init_model,
    inpainting_inference,
)
from mmedit.edit import MMEdit  # noqa: E402

MIM = Path(mmedit.__file__).parent / '.mim'
UPSTREAM = dict(
    global_local='gl_8xb12_places-256x256',
    deepfillv1='deepfillv1_8xb2_places-256x256',
    deepfillv2='deepfillv2_8xb2_places-256x256',
    partial_conv='pconv_stage2_4xb2_places-256x256',
    aot_gan='aot-gan_smpgan_4xb4_places-512x512')
EVERY_MODEL = pytest.mark.parametrize('name', ['tmad', *UPSTREAM])
ON_CPU = dict(device='cpu')
METAFILE = load(ROOT / 'configs/metafile.yml')['Models']


@pytest.fixture(autouse=True)
def no_network(monkeypatch, tmp_path):
    """And no VGG that was fetched earlier."""

    def refuse(*_, **__):
        raise AssertionError('a download')

    monkeypatch.setenv('TORCH_HOME', str(tmp_path))
    monkeypatch.setattr(torch.hub, 'download_url_to_file', refuse)


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """A photograph of a size that each network takes, and its mask."""
    folder = tmp_path_factory.mktemp('inference')
    photo = Image.open(ROOT / 'demo/photos/chelsea.jpg')
    photo.crop((100, 60, 228, 188)).save(folder / 'photo.png')
    mask = np.zeros((128, 128), np.uint8)
    mask[40:90, 30:80] = 255
    Image.fromarray(mask).save(folder / 'mask.png')
    return folder


@pytest.fixture(scope='module')
def photo(folder):
    return mmcv.imread(folder / 'photo.png')


@pytest.fixture(scope='module')
def mask(folder):
    return mmcv.imread(folder / 'mask.png', 'grayscale')


@pytest.fixture(scope='module')
def trained(folder):
    """By name: a config, a checkpoint and what the model predicts when
    MMEditing's own transforms read the files."""

    @functools.lru_cache(None)
    def get(name):
        config, checkpoint = folder / f'{name}.py', folder / f'{name}.pth'
        if name == 'tmad':
            slim_config().dump(config)
        else:
            config = MIM / 'configs' / name / f'{UPSTREAM[name]}.py'
        register_all_modules()
        cfg = Config.fromfile(config)
        model = MODELS.build({
            key: value
            for key, value in cfg.model.items() if 'percep' not in key
        }).eval()
        torch.save(dict(state_dict=model.state_dict()), checkpoint)
        data = Compose([
            cfg.test_dataloader.dataset.pipeline[0],
            dict(type='LoadMask', mask_mode='file'),
            dict(type='GetMaskedImage'),
            dict(type='TMADPackInputs')
        ])(dict(gt_path=folder / 'photo.png', mask_path=folder / 'mask.png'))
        with torch.no_grad():
            predicted = model.test_step(
                {key: [value] for key, value in data.items()})
        return str(config), str(checkpoint), predicted[0].output.pred_img

    return get


def as_written(predicted):
    return predicted.permute(1, 2, 0).round().byte().numpy()


def built(config, checkpoint):
    """Any inpaintor; without perceptual losses, which upstream's init_model
    would build and download."""
    cfg = config if isinstance(config, Config) else Config.fromfile(config)
    model = MODELS.build({key: value for key, value in cfg.model.items()
                          if 'percep' not in key})
    model.load_state_dict(torch.load(checkpoint)['state_dict'])
    model.cfg = cfg
    return model.eval()


@pytest.mark.slow
@pytest.mark.parametrize('name', UPSTREAM)
def test_evaluate_paints_as_the_test_loop(trained, photo, mask, name):
    config, checkpoint, predicted = trained(name)
    paint = Model('a', config, checkpoint, 'cpu', 0, False).load()
    hole = mask > 127
    painted, = paint(Sample('a', photo[..., ::-1], hole))
    assert np.array_equal(painted[..., ::-1], as_written(predicted))


@EVERY_MODEL
def test_predict_is_the_test_loops(trained, photo, mask, name):
    """Of any inpaintor: `tmad evaluate` compares them by it."""
    predicted = trained(name)[2]
    out = predict(built(*trained(name)[:2]), photo, mask > 127)
    assert out.shape == (3, 128, 128) and out.device.type == 'cpu'
    assert torch.allclose(out * 255, predicted, atol=1e-3)
    assert predicted[:, torch.from_numpy(mask) > 0].std() > 0


def test_inpainting_inference_is_predict(trained, folder):
    config, checkpoint, predicted = trained('tmad')
    model = init_model(config, checkpoint, **ON_CPU)
    assert model.cfg.filename == config
    out = inpainting_inference(
        model, str(folder / 'photo.png'), str(folder / 'mask.png'))
    assert out.shape == (3, 128, 128) and out.device.type == 'cpu'
    assert torch.allclose(out * 255, predicted, atol=1e-3)


def test_the_inferencer_is_predict(trained, folder):
    config, checkpoint, predicted = trained('tmad')
    inferencer = MMEditInferencer(
        task='inpainting', config=config, ckpt=checkpoint, **ON_CPU)
    out = folder / 'new' / 'tmad.png'
    result, image = inferencer(
        img=str(folder / 'photo.png'), mask=str(folder / 'mask.png'),
        result_out_dir=str(out))
    assert np.array_equal(image, as_written(predicted))
    assert np.array_equal(mmcv.imread(out), image)
    assert torch.allclose(result['infer_results'] * 255, predicted, atol=1e-3)


def test_mmedit_by_name_is_predict(trained, folder):
    config, checkpoint, predicted = trained('tmad')
    # its own config would be the large one
    editor = MMEdit(model_name='tmad', model_ckpt=checkpoint,
                    model_config=config, **ON_CPU)
    _, image = editor.infer(img=folder / 'photo.png',
                            mask=folder / 'mask.png')
    assert np.array_equal(image, as_written(predicted))


UPSTREAMS = """
import hashlib, sys
import mmcv.ops
import mmedit.models
import numpy as np, torch
from mmedit.apis import MMEditInferencer, init_model
from mmedit.edit import MMEdit
from mmedit.registry import MODELS
from mmedit.utils import register_all_modules

config, checkpoint = sys.argv[1:]
register_all_modules()
image = mmcv.imread('photo.png')


def tried(call):  # what it gives, or how it fails
    torch.manual_seed(0)
    try:
        made = call()
    except Exception as error:
        return type(error).__name__, str(error).split('\\\\n')[0]
    made = made[1] if isinstance(made, tuple) else made
    return hashlib.sha256(np.ascontiguousarray(made).tobytes()).hexdigest()


def all_calls():
    from mmedit.apis import inpainting_inference  # as a user has it now
    model = init_model(config, checkpoint, device='cpu')
    inferencer = MMEditInferencer(
        task='inpainting', config=config, ckpt=checkpoint, device='cpu')
    paths = 'photo.png', 'mask.png'
    return dict(
        function=tried(lambda: inpainting_inference(model, *paths)),
        array=tried(lambda: inpainting_inference(model, image, paths[1])),
        inferencer=tried(lambda: inferencer(img=paths[0], mask=paths[1])),
        written=tried(lambda: (inferencer(
            img=paths[0], mask=paths[1], result_out_dir='out.png'),
            mmcv.imread('out.png'))),
        by_name=tried(lambda: MMEdit('deepfillv1', device='cpu')),
        no_name=tried(lambda: MMEdit('nothing', device='cpu')))


def state():  # all that modules and classes of upstream are, by name
    held = {}
    for module in list(sys.modules.values()):
        name = getattr(module, '__name__', '')
        if name.split('.')[0] not in ('mmedit', 'mmengine', 'mmcv'):
            continue
        for key, x in vars(module).items():
            held[name, key] = x
            if isinstance(x, type) and x.__module__ == name:
                for member, value in vars(x).items():
                    if callable(value):
                        held[name, f'{key}.{member}'] = value
    return held


before = all_calls()
registered = dict(MODELS.module_dict)
held = state()
import tmad_mmedit.openmmlab

now = state()
assert {k: MODELS.module_dict.get(k) for k in registered} == registered
after = all_calls()
print('---')
for (module, key), x in held.items():
    if now.get((module, key)) is not x:
        print(module, key)
print('---')
for name, made in before.items():
    print(name, made, after[name] == made, sep=' | ')
"""


@pytest.fixture(scope='module')
def upstreams(trained, folder):
    """What the process of UPSTREAMS prints: what importing us changed in the
    host, and the calls of a DeepFill model before and after."""
    config, checkpoint, _ = trained('deepfillv1')
    done = subprocess.run(
        [sys.executable, '-c', UPSTREAMS, config, checkpoint], cwd=folder,
        text=True, capture_output=True)
    assert not done.returncode, done.stderr[-3000:]
    _, changed, calls = done.stdout.split('---\n')
    calls = [line.split(' | ') for line in calls.splitlines()]
    return changed.splitlines(), {name: made for name, *made in calls}


@pytest.mark.slow
def test_models_of_others_stay_as_upstream_has_them(upstreams):
    _, calls = upstreams
    assert len(calls) == 6
    print(calls)
    assert {name: same for name, (_, same) in calls.items()} == dict.fromkeys(
        calls, 'True')
    painted = {name for name, (made, _) in calls.items()
               if not made.startswith('(')}
    assert painted >= {'function', 'inferencer', 'written'}
    # what upstream cannot, it cannot still: the repairs are not for it
    assert calls['array'][0].startswith('(')


@pytest.mark.slow
def test_importing_us_changes_what_is_named_here_and_no_more(upstreams):
    changed, _ = upstreams
    print('\n'.join(changed))
    assert {x.split()[1] for x in changed} == {
        'inpainting_inference', 'load_checkpoint', 'MMEdit.__init__',
        'InpaintingInferencer.preprocess', 'InpaintingInferencer.forward',
        'InpaintingInferencer.visualize'} | (
            set() if torch.cuda.is_available() else {'_init_dist_pytorch'})


@pytest.mark.slow
def test_upstreams_demo_script_writes_what_predict_gives(trained, folder):
    """It imports mmedit's functions before the config brings us."""
    config, checkpoint, predicted = trained('tmad')
    done = subprocess.run(
        [sys.executable, str(MIM / 'demo/inpainting_demo.py'), config,
         checkpoint, 'photo.png', 'mask.png', 'demo.png', '--device', '-1'],
        cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert not done.returncode, done.stdout[-3000:]
    assert np.array_equal(
        mmcv.imread(folder / 'demo.png'), as_written(predicted))


@pytest.mark.slow
@EVERY_MODEL
@pytest.mark.parametrize('size', [(61, 75), (1, 2)])
def test_any_size(trained, photo, mask, name, size):
    model = built(*trained(name)[:2])
    image, hole = (x[-size[0]:, -size[1]:] for x in (photo, mask.copy()))
    hole[0, 0] = 255
    out = as_written(predict(model, image, hole > 127) * 255)
    assert out.shape == image.shape
    assert np.array_equal(out[hole == 0], image[hole == 0])


@pytest.fixture
def model(trained):
    return init_model(*trained('tmad')[:2], **ON_CPU)


@pytest.mark.parametrize('kind', [
    lambda path: path, lambda path: mmcv.imread(path), Image.open])
def test_paths_arrays_and_pil_images_are_taken(trained, model, folder, kind):
    out = inpainting_inference(
        model, kind(folder / 'photo.png'), kind(folder / 'mask.png'))
    assert torch.allclose(out * 255, trained('tmad')[2], atol=1e-3)


@pytest.mark.parametrize('soft', [1, 60, 127])
def test_a_jpeg_masks_grey_edges_do_not_grow_the_hole(
        model, photo, mask, soft):
    grey = mask.copy()
    grey[39, 30:80] = soft
    assert torch.equal(inpainting_inference(model, photo, grey),
                       inpainting_inference(model, photo, mask))


def test_a_mask_of_zeros_and_ones_is_a_mask(model, photo, mask, folder):
    Image.fromarray(mask // 255).save(folder / 'ones.png')
    assert torch.equal(
        inpainting_inference(model, photo, folder / 'ones.png'),
        inpainting_inference(model, photo, mask))


def test_the_hole_value_is_the_configs(trained, photo, mask):
    config, checkpoint, predicted = trained('global_local')
    config = Config.fromfile(config)
    for step in config.test_dataloader.dataset.pipeline:
        if step.type == 'GetMaskedImage':
            step.zero_value = 0
    out = predict(built(config, checkpoint), photo, mask > 127)
    assert not torch.allclose(out * 255, predicted, atol=1)


def test_bad_pictures_are_one_sentence(model, photo, mask, tmp_path):
    with pytest.raises(ValueError, match='mask has 127 x 128 .* 128 x 128'):
        inpainting_inference(model, photo, mask[:, 1:])
    with pytest.raises(ValueError, match='expected uint8 .* BGR'):
        inpainting_inference(model, mask, mask)
    for content in (b'', b'no picture'):
        (tmp_path / 'bad.png').write_bytes(content)
        with pytest.raises(ValueError, match='bad.png cannot be decoded'):
            inpainting_inference(model, tmp_path / 'bad.png', mask)


def test_what_was_repaired_still_says_what_it_takes():
    assert list(inspect.signature(init_model).parameters) == [
        'config', 'checkpoint', 'device']
    assert list(inspect.signature(inpainting_inference).parameters) == [
        'model', 'masked_img', 'mask']
    assert 'BGR in [0, 1]' in inpainting_inference.__doc__
    with pytest.raises(TypeError, match='must be a filename or Config'):
        init_model(1)


def test_a_checkpoint_from_a_gpu_loads_without_one(
        trained, tmp_path, monkeypatch):
    config, checkpoint, _ = trained('tmad')
    weights = torch.load(checkpoint)
    with monkeypatch.context() as on_a_gpu:
        on_a_gpu.setattr(
            torch.serialization, 'location_tag', lambda _: 'cuda:0')
        torch.save(weights, tmp_path / 'gpu.pth')
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    model = init_model(config, str(tmp_path / 'gpu.pth'), **ON_CPU)
    for name, weight in weights['state_dict'].items():
        assert torch.equal(model.state_dict()[name], weight)


def test_init_model_reads_safetensors(trained, tmp_path):
    config, checkpoint, _ = trained('tmad')
    weights = torch.load(checkpoint)['state_dict']
    save_file({name: x.contiguous() for name, x in weights.items()},
              tmp_path / 'own.safetensors')
    model = init_model(config, str(tmp_path / 'own.safetensors'), **ON_CPU)
    for name, weight in weights.items():
        assert torch.equal(model.state_dict()[name], weight)


def arguments_of_the_inferencer(monkeypatch, number=None, **given):
    """What MMEdit('tmad') builds its inferencer of."""
    from tmad_mmedit.openmmlab.compat import model_names
    made = []
    monkeypatch.setattr(model_names, 'MMEditInferencer',
                        lambda **kwargs: made.append(kwargs))
    MMEdit('tmad', model_setting=number, **given)
    return made[0]


def test_mmedit_finds_every_setting_of_ours(monkeypatch):
    for number, entry in enumerate(METAFILE):
        kwargs = arguments_of_the_inferencer(
            monkeypatch, number, model_ckpt='x.pth', device='cpu')
        assert kwargs['ckpt'] == 'x.pth' and kwargs['device'] == 'cpu'
        assert kwargs['task'] == 'Inpainting'
        assert Path(kwargs['config']).name == Path(entry['Config']).name
        assert Config.fromfile(kwargs['config']).model


def test_every_config_of_ours_has_a_name():
    configs = {path.relative_to(ROOT).as_posix()
               for folder in ('configs', 'configs/recipes')
               for path in (ROOT / folder).glob('*.py')}
    assert configs - {'configs/tmad_demo.py'} == {
        entry['Config'] for entry in METAFILE}


def test_mmedit_takes_the_weights_that_are_shipped(monkeypatch):
    kwargs = arguments_of_the_inferencer(monkeypatch)
    assert Path(kwargs['config']).stem == Path(kwargs['ckpt']).stem
    assert Path(kwargs['ckpt']).is_file()


def test_mmedit_without_weights_is_one_sentence():
    with pytest.raises(ValueError, match='no weights of tmad_places .*ckpt'):
        MMEdit(model_name='tmad', model_setting=0, **ON_CPU)


def test_a_setting_of_mmedit_that_there_is_not_is_one_sentence():
    with pytest.raises(ValueError, match='model_setting=99: expected one of '
                       f'our configs, 0 to {len(METAFILE) - 1}'):
        MMEdit('tmad', model_setting=99, model_ckpt='x.pth', **ON_CPU)

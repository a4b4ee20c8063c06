"""From configs and trainings to models, and to model files."""
import numpy as np
import pytest
import torch
from mmengine.config import Config
from PIL import Image
from safetensors.torch import load_file, save_file

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit import Inpainter, inpaint
from tmad_mmedit.load import (
    BEFORE,
    DEFAULT,
    NOW,
    load_model,
    read_settings,
    shipped_models,
)
from tmad_mmedit.load import build_model as build_from_settings
from tmad_mmedit.openmmlab.building import (
    build_untrained,
    export_model,
    load_checkpoint,
    settings_of,
)
from tmad_mmedit.openmmlab.configs import read_config
from tmad_mmedit.openmmlab.host import DataSample, build

DEFAULT_FILE = shipped_models()[DEFAULT]
PHOTO = ROOT / 'demo/photos/chelsea.jpg'
COHERENT = dict(
    coarse=dict(encdec=dict(widths=(8, 8, 8, 8), dilations=(1, 2))),
    correspondence=dict(
        widths=(4, 4, 8), dilations=(1, 2), attention=(1, ),
        embed_channels=4),
    shifts=dict(rounds=3), training=None)


def coherent_config():
    config = read_config(DEFAULT)
    config.merge_from_dict(dict(model=COHERENT))
    return config


def thin_config():
    config = coherent_config()
    config.model.thin = dict(widths=(4, 6, 8), dilations=(1, ), widest=40)
    return config


@pytest.fixture
def picture():
    image = np.array(Image.open(PHOTO))[:70, :90]
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    return image, mask


class Code:
    """Pickled, it opens a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, 'w')


def train(config, path, **beside):
    """What a training leaves; the model, too."""
    model = build(config.model)
    torch.save(dict(state_dict=model.state_dict(), **beside), path)
    return model


@pytest.fixture
def checkpoint(tmp_path):
    train(slim_config(), tmp_path / 'slim.pth')
    return tmp_path / 'slim.pth'


@torch.no_grad()
def test_it_is_the_picture_that_predict_gives(checkpoint, picture):
    image, mask = picture
    inpainter = Inpainter(slim_config(), checkpoint)
    x = torch.from_numpy(image).permute(2, 0, 1)[None] / 127.5 - 1
    m = torch.from_numpy(mask)[None, None] / 255.
    _, out = inpainter.model(x * (1 - m), DataSample(mask=m))
    expected = ((out[0] + 1) * 127.5).clamp(0, 255).round().byte()
    assert np.abs(inpainter(image, mask).astype(int) -
                  expected.permute(1, 2, 0).numpy()).max() <= 1


def test_pixels_outside_the_mask_leave_as_they_came(checkpoint, picture):
    image, mask = picture
    out = inpaint(image, mask, slim_config(), checkpoint)
    assert out.shape == image.shape and out.dtype == np.uint8
    assert np.array_equal(out[mask == 0], image[mask == 0])
    assert not np.array_equal(out[mask > 0], image[mask > 0])


def test_the_seed_decides(checkpoint, picture):
    first = Inpainter(slim_config(), checkpoint)(*picture)
    torch.manual_seed(3)
    again = Inpainter(slim_config(), checkpoint)(*picture)
    other = Inpainter(slim_config(), checkpoint)(*picture, seed=1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@torch.no_grad()
def test_the_test_cfg_of_a_config_is_obeyed(checkpoint, picture):
    """By calls that say nothing, whoever makes them."""
    config = slim_config(test_cfg=dict(seed=7, overlap=True))
    own = Inpainter(config, checkpoint)
    plain = Inpainter(slim_config(), checkpoint)
    said = plain(*picture, seed=7, overlap=True)
    for other in (plain(*picture), plain(*picture, seed=7),
                  plain(*picture, overlap=True)):
        assert not np.array_equal(other, said)
    assert np.array_equal(own(*picture), said)
    assert np.array_equal(own.many([picture])[0], said)
    assert np.array_equal(own(*picture, seed=0, overlap=False),
                          plain(*picture))
    x = torch.from_numpy(picture[0]).permute(2, 0, 1)[None] / 127.5 - 1
    m = torch.from_numpy(picture[1])[None, None] / 255.
    sample = DataSample(mask=m)
    assert torch.equal(own.model(x * (1 - m), sample)[1],
                       plain.model.inpaint(x * (1 - m), m, 7, True).out)


def test_inpainters_over_one_model_share_no_seed(checkpoint, picture):
    model = Inpainter(slim_config(), checkpoint).model
    first, second = Inpainter(model=model), Inpainter(model=model)
    plain, one = first(*picture), first(*picture, seed=1)
    assert not np.array_equal(plain, one)
    assert np.array_equal(second(*picture), plain)
    second(*picture, seed=2, overlap=True)
    assert np.array_equal(first(*picture, seed=1), one)
    assert np.array_equal(first(*picture), plain)


def test_a_config_without_shipped_weights_is_one_sentence():
    for config in (Config(dict(model=slim_config().model)), 'tmad_places'):
        with pytest.raises(FileNotFoundError, match='no weights are shipped '
                           'for config .*: give a checkpoint') as raised:
            Inpainter(config)
        assert '\n' not in str(raised.value)


@pytest.mark.parametrize('config, says', [
    (dict(model=dict(type='DeepFillv1Inpaintor')), 'is of a DeepFillv1Inp'),
    (dict(train_cfg=dict()), 'has no model')])
def test_a_config_of_others_is_one_sentence(config, says):
    with pytest.raises(ValueError, match=f'config .*{says}.*: expected one of '
                       'TMADInpaintor or CoherentInpaintor') as raised:
        Inpainter(Config(config))
    assert '\n' not in str(raised.value)


def test_the_config_of_what_ships_is_what_ships(picture):
    by_config = Inpainter(DEFAULT)
    by_file = Inpainter(checkpoint=DEFAULT)
    assert np.array_equal(by_config(*picture), by_file(*picture))
    for name in ('shifts', 'blend', 'crops', 'coarse_pixels'):
        assert getattr(by_config.model, name) == getattr(by_file.model, name)
    settings = read_settings(shipped_models()[DEFAULT])
    assert str(load_model(DEFAULT)) == str(build_from_settings(
        settings_of(read_config(DEFAULT))))
    assert settings['coarse_pixels'] == by_config.model.coarse_pixels


@pytest.mark.parametrize('name', ['own.safetensors', 'own.pth'])
@pytest.mark.parametrize('half', [False, True])
def test_what_is_exported_is_read_again(tmp_path, name, half):
    """Without what only training needs, and without its code."""
    model = train(slim_config(), tmp_path / 'iter_2.pth',
                  hub=Code(tmp_path / 'ran'))
    export_model(tmp_path / 'iter_2.pth', tmp_path / name, half=half)
    (tmp_path / 'ran').unlink()  # the maker was trusted
    own = build_untrained(slim_config())
    load_checkpoint(own, tmp_path / name)
    weights = model.state_dict()
    assert own.state_dict().keys() < weights.keys()
    for key, x in own.state_dict().items():
        expected = weights[key].half().float() if half else weights[key]
        assert torch.equal(x, expected), key
    assert {x.name for x in tmp_path.iterdir()} == {name, 'iter_2.pth'}
    if name.endswith('.safetensors'):
        stored = load_file(tmp_path / name)
        assert stored.keys() == own.state_dict().keys()
        assert {x.dtype for x in stored.values()} == {
            torch.float16 if half else torch.float32}
        assert read_settings(tmp_path / name) is None


@pytest.mark.parametrize('half', [False, True])
@pytest.mark.parametrize('config', [
    slim_config, coherent_config, thin_config])
def test_a_model_file_paints_as_its_config_does(
        tmp_path, picture, config, half):
    config = config()
    train(config, tmp_path / 'iter_2.pth')
    out = tmp_path / 'model.safetensors'
    export_model(tmp_path / 'iter_2.pth', out, config, half)
    by_file = Inpainter(checkpoint=out)
    assert type(by_file.model).__module__.startswith('tmad_mmedit.models.')
    by_config = Inpainter(config, out)
    assert type(by_config.model).__name__ == config.model.type
    painted = by_file(*picture)
    assert np.array_equal(painted, by_config(*picture))
    assert not np.array_equal(painted, picture[0])
    if not half:
        plain = Inpainter(config, tmp_path / 'iter_2.pth')
        assert np.array_equal(painted, plain(*picture))


def test_all_that_a_config_says_stands_in_the_file(tmp_path, picture):
    config = slim_config(
        test_cfg=dict(seed=7, overlap=True, coarse_pixels=900,
                      patches_at_once=5, crops=dict(pixels=64)),
        retriever=dict(temperature=0.5))
    model = train(config, tmp_path / 'iter_2.pth')
    out = tmp_path / 'model.safetensors'
    export_model(tmp_path / 'iter_2.pth', out, config)
    own = load_model(out)
    for name in ('seed', 'overlap', 'coarse_pixels', 'patches_at_once',
                 'crops'):
        assert getattr(own, name) == getattr(model, name)
        assert getattr(own, name) != getattr(
            build_untrained(slim_config()), name)
    assert own.retriever.temperature == 0.5
    config = coherent_config()
    config.merge_from_dict(
        dict(model=dict(blend=dict(sigma=5.), crops=dict(pixels=64))))
    model = train(config, tmp_path / 'iter_2.pth')
    export_model(tmp_path / 'iter_2.pth', out, config)
    own = load_model(out)
    for name in ('shifts', 'blend', 'crops', 'coarse_pixels'):
        assert getattr(own, name) == getattr(model, name)
    assert own.shifts.rounds == 3 and own.blend.sigma == 5


@pytest.mark.parametrize('config', [slim_config, coherent_config])
def test_what_a_config_leaves_out_is_as_its_model_has_it(tmp_path, config):
    config = config()
    del config.model['test_cfg']
    model = train(config, tmp_path / 'iter_2.pth')
    out = tmp_path / 'model.safetensors'
    export_model(tmp_path / 'iter_2.pth', out, config)
    own = load_model(out)
    assert own.coarse_pixels == model.coarse_pixels == 1024 * 1024
    assert own.crops == model.crops


def test_a_checkpoint_of_another_config_is_no_model_file(
        tmp_path, checkpoint):
    out = tmp_path / 'own.safetensors'
    for changes, says in (
            (dict(psnet=dict(num_res_blocks=2)), r'slim.pth lacks \d+ of'),
            (dict(retriever=dict(embed_channels=8)),
             r'slim.pth has retriever.* as .*, its settings build')):
        with pytest.raises(ValueError, match=says):
            export_model(checkpoint, out, slim_config(**changes))
    assert not out.exists()


@pytest.mark.parametrize('changes', [
    dict(coarse=dict(_delete_=True, type='AOTInpaintor', encdec=dict(
        type='AOTEncoderDecoder'))),
    dict(coarse_cfg=dict(zero_value=0.)),
    dict(coarse=dict(encdec=dict(
        _delete_=True, type='GLEncoderDecoder'))),
])
def test_a_coarse_stage_of_others_is_not_for_a_model_file(
        checkpoint, tmp_path, changes):
    with pytest.raises(ValueError, match='the coarse stage of config .* is a '
                       '.*export without --config') as raised:
        export_model(checkpoint, tmp_path / 'own.safetensors',
                     slim_config(**changes))
    assert '\n' not in str(raised.value)
    assert not (tmp_path / 'own.safetensors').exists()


def test_an_export_of_another_kind_is_refused(tmp_path, checkpoint):
    with pytest.raises(ValueError, match=r'\.bin.*\*\.safetensors'):
        export_model(checkpoint, tmp_path / 'own.bin')
    with pytest.raises(OSError, match='cannot be written'):
        export_model(checkpoint, tmp_path / 'nowhere' / 'own.safetensors')


def test_settings_do_not_go_into_a_pickle(tmp_path, checkpoint):
    """A .pth has no place for them, and is no model file."""
    with pytest.raises(ValueError, match=r'own.pth .*\*\.safetensors'):
        export_model(checkpoint, tmp_path / 'own.pth', slim_config())
    assert not (tmp_path / 'own.pth').exists()


def test_a_model_takes_its_weights_and_no_others(tmp_path, checkpoint):
    model = build_untrained(slim_config())
    weights = model.state_dict()
    missing = next(iter(weights))
    less = {key: x.contiguous() for key, x in weights.items()
            if key != missing}
    save_file(less, tmp_path / 'less.safetensors')
    with pytest.raises(ValueError, match=rf'lacks 1 of the {len(weights)} '
                       f'.* {missing}'):
        load_checkpoint(model, tmp_path / 'less.safetensors')
    with pytest.raises(ValueError, match='builds|lacks'):
        Inpainter(slim_config(), DEFAULT_FILE)


def test_weights_of_before_model_files_load_by_config(tmp_path, picture):
    """Under the names of the inpaintor, as trainings have them still."""
    old = tmp_path / f'{DEFAULT}.safetensors'
    save_file({BEFORE + key[len(NOW):] if key.startswith(NOW) else key: x
               for key, x in load_file(DEFAULT_FILE).items()}, old)
    now, before = (Inpainter(DEFAULT, path)(*picture)
                   for path in (DEFAULT_FILE, old))
    assert np.array_equal(now, before)

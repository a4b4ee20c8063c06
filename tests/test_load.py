"""A model is one file: what it is made of stands in it."""
import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, SLIM_PAPER, write_model
from tmad_mmedit import Inpainter
from tmad_mmedit.checkpoints import write_weights
from tmad_mmedit.load import (
    BEFORE,
    DEFAULT,
    FIELD,
    NOW,
    VERSION,
    build_model,
    full_settings,
    load_model,
    read_settings,
    settings_text,
    shipped_models,
)
from tmad_mmedit.models import TMAD, Coherent, CropSettings, ShiftSettings

SHIPPED = shipped_models()[DEFAULT]
EVERY_METHOD = pytest.mark.parametrize(
    'settings', [SLIM_PAPER, SLIM_COHERENT], ids=['paper', 'coherent'])


def rewritten(path, settings=None, text=None, weights=None):
    """A file of the same weights under other metadata."""
    if settings is not None:
        text = json.dumps(settings)
    save_file(load_file(path) if weights is None else weights, path,
              None if text is None else {FIELD: text})
    return path


def in_file(path):
    return dict(version=VERSION, **read_settings(path))


@EVERY_METHOD
def test_a_model_comes_back_from_its_file(tmp_path, settings):
    model = build_model(settings)
    path = write_model(tmp_path / 'own.safetensors', settings, model)
    again = load_model(path)
    assert type(again) is type(model) is (
        TMAD if settings is SLIM_PAPER else Coherent)
    assert again.state_dict().keys() == model.state_dict().keys()
    for key, x in model.state_dict().items():
        assert torch.equal(again.state_dict()[key], x), key
    assert str(again) == str(model)


def test_what_the_settings_say_is_what_the_model_does(tmp_path):
    path = write_model(tmp_path / 'own.safetensors', dict(
        SLIM_COHERENT, shifts=dict(rounds=3, moves=[2, 0]),
        blend=dict(sigma=5.), crops=dict(pixels=128), coarse_pixels=1024))
    model = load_model(path)
    assert model.shifts == ShiftSettings(rounds=3, moves=(2, 0))
    assert model.blend.sigma == 5 and model.coarse_pixels == 1024
    assert model.crops == CropSettings(pixels=128)
    assert model.correspondence.theta.weight.shape[0] == 4
    model = load_model(write_model(tmp_path / 'own.safetensors', dict(
        SLIM_PAPER, seed=7, overlap=True, patches_at_once=3)))
    assert (model.seed, model.overlap, model.patches_at_once) == (7, True, 3)
    assert model.crops is None and model.patch_size == 16


@EVERY_METHOD
def test_a_file_writes_all_settings_out(settings):
    full = full_settings(settings)
    assert full == json.loads(json.dumps(full))  # plain
    assert full_settings(full) == full
    # those of the parts, and the defaults, too
    for part, given in settings.items():
        if isinstance(given, dict):
            assert full[part].items() >= given.items()
            assert len(full[part]) > len(given)
    if settings is SLIM_COHERENT:
        assert full['shifts'] == json.loads(json.dumps(
            asdict(ShiftSettings())))


def test_what_ships_has_all_settings_written_out():
    settings = read_settings(SHIPPED)
    assert settings == full_settings(settings)
    assert settings['method'] == 'coherent'
    assert settings['coarse_pixels'] == 64 * 64


def test_a_default_that_changes_does_not_change_a_model(
        tmp_path, monkeypatch):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    monkeypatch.setattr(ShiftSettings.__init__, '__defaults__', tuple(
        5 if x == 12 else x for x in ShiftSettings.__init__.__defaults__))
    assert ShiftSettings().rounds == 5
    assert load_model(path).shifts.rounds == 12


def test_half_precision_is_read_into_full(tmp_path):
    model = build_model(SLIM_PAPER).half()
    path = write_model(tmp_path / 'own.safetensors', SLIM_PAPER, model)
    assert {x.dtype for x in load_file(path).values()} == {torch.float16}
    for key, x in load_model(path).state_dict().items():
        assert x.dtype == torch.float32
        assert torch.equal(x, model.state_dict()[key].float())


def test_a_shipped_model_goes_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert torch.equal(load_model(DEFAULT).coarse.net.conv_out.weight,
                       load_model(SHIPPED).coarse.net.conv_out.weight)
    with pytest.raises(FileNotFoundError, match='tmad-natural is not there'):
        load_model('tmad-natural')


@pytest.fixture(scope='module')
def before_settings(tmp_path_factory):
    """What shipped before files had settings: weights under other names."""
    path = tmp_path_factory.mktemp('old') / f'{DEFAULT}.safetensors'
    save_file({BEFORE + key[len(NOW):] if key.startswith(NOW) else key: x
               for key, x in load_file(SHIPPED).items()}, path)
    assert read_settings(path) is None
    return path


def test_what_shipped_before_paints_the_same_bytes(before_settings):
    assert any(key.startswith('coarse.inpaintor.generator.')
               for key in load_file(before_settings))
    photo = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:200, :200]
    hole = np.zeros(photo.shape[:2], bool)
    hole[60:110, 50:120] = True
    now, old = (Inpainter(checkpoint=path)(photo, hole)
                for path in (SHIPPED, before_settings))
    assert np.array_equal(now, old)
    assert not np.array_equal(now, photo)


def test_what_shipped_before_is_the_same_model(before_settings):
    now, old = load_model(SHIPPED), load_model(before_settings)
    assert str(now) == str(old)
    for name in ('shifts', 'blend', 'crops', 'coarse_pixels'):
        assert getattr(now, name) == getattr(old, name)
    for key, x in now.state_dict().items():
        assert torch.equal(old.state_dict()[key], x), key


def refused(path, says, error=ValueError):
    with pytest.raises(error, match=says) as raised:
        load_model(path)
    assert '\n' not in str(raised.value)
    assert path.name in str(raised.value)


@pytest.mark.parametrize('name', ['own.safetensors', 'own.pth'])
@EVERY_METHOD
def test_a_file_without_settings_says_how_to_write_one(tmp_path, name,
                                                       settings):
    path = tmp_path / name
    write_weights(build_model(settings).state_dict(), path)
    refused(path, 'has no settings: write one with `tmad export .*--config '
            'CONFIG -o MODEL.safetensors`, or .*--config')


@pytest.mark.parametrize('version', [0, VERSION + 1, '1', None])
def test_settings_of_another_version_are_refused(tmp_path, version):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    rewritten(path, dict(in_file(path), version=version))
    refused(path, f'is of version {version}, this tmad_mmedit reads version '
            f'{VERSION}: take the one')


@pytest.mark.parametrize('text', ['', '{"version": 1', '[1, 2]', '3', 'null'])
def test_settings_that_are_none_are_refused(tmp_path, text):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    rewritten(path, text=text)
    refused(path, 'the settings of model file .* cannot be read')


@pytest.mark.parametrize('part, key, nearest', [
    ('method coherent', 'coarse_pixel', 'coarse_pixels'),
    ('method coherent', 'crop', 'crops'),
    ('shifts', 'round', 'rounds'),
    ('crops', 'pixel', 'pixels'),
    ('blend', 'sigmas', 'sigma'),
    ('correspondence', 'width', 'widths'),
    ('coarse', 'dilation', 'dilations')])
def test_a_setting_that_there_is_not_brings_the_nearest(
        tmp_path, part, key, nearest):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    settings = in_file(path)
    settings.get(part, settings)[key] = 4
    rewritten(path, settings)
    refused(path, f'{part} has {key}, which is none of its settings: use '
            f'{nearest}, which is the nearest')


def test_a_method_that_there_is_not_is_named(tmp_path):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    rewritten(path, dict(in_file(path), method='diffusion'))
    refused(path, "method 'diffusion' is unknown: expected coherent or paper")
    settings = in_file(path)
    del settings['method']
    rewritten(path, settings)
    refused(path, 'method None is unknown')


@pytest.mark.parametrize('changes, says', [
    (dict(coarse=dict(widths=[8, 8, 8, 16])),
     r'has coarse.net.* as \(.*\), its settings build \(.*\): give the sett'),
    (dict(coarse=dict(dilations=[1, 2, 4])),
     r'lacks \d+ of the \d+ weights that its settings ask for, among them '
     'coarse.net'),
    (dict(method='paper'), 'method paper has correspondence, which is none'),
    (dict(shifts=dict(rounds=3, block_size=6)), 'block_size=6: expected a'),
])
def test_settings_that_do_not_fit_the_weights_are_refused(
        tmp_path, changes, says):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    settings = in_file(path)
    for key, value in changes.items():
        settings[key] = {**settings[key], **value} if isinstance(
            value, dict) else value
    rewritten(path, settings)
    refused(path, says)


@pytest.mark.parametrize('changes', [
    dict(shifts=3), dict(coarse=[[1]]), dict(coarse=dict(widths=3)),
    dict(correspondence=dict(widths='abc')), dict(crops=dict(pixels='many')),
    dict(crops=dict(times=None)), dict(blend='soft')])
def test_settings_of_another_kind_are_refused(tmp_path, changes):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    rewritten(path, {**in_file(path), **changes})
    refused(path, 'model file .*( build no model|, which is none of its sett)')


def test_half_a_file_is_refused(tmp_path):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    whole = path.read_bytes()
    for size in (0, 4, 100, len(whole) // 2):
        path.write_bytes(whole[:size])
        refused(path, 'give a whole file')
    less = load_file(write_model(path, SLIM_COHERENT))
    missing = sorted(less)[3]
    del less[missing]
    text = settings_text(SLIM_COHERENT)
    save_file(less, path, {FIELD: text})
    refused(path, f'lacks 1 of the .* among them {missing}')


def test_weights_that_are_not_asked_for_are_left_aside(tmp_path):
    path = write_model(tmp_path / 'own.safetensors', SLIM_COHERENT)
    weights = load_file(path)
    rewritten(path, in_file(path), weights={
        **weights, 'patch_disc.conv.weight': torch.ones(2)})
    assert load_model(path).state_dict().keys() == weights.keys()

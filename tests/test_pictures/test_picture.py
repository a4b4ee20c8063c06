"""Kinds of pictures: run with -s for the table."""
import copy
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from PIL import Image, ImageCms

from tests.conftest import ROOT
from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.apis import Inpainter, Picture
from tmad_mmedit.openmmlab.host import build, register_all_modules

RGB = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:41, :57]
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()


def pil(mode, suffix='.png', orientation=1, **info):
    def make(path):
        image = Image.fromarray(RGB).convert(
            'RGBA' if mode == 'LA' else mode).convert(mode)
        if mode in ('LA', 'RGBA'):
            image.putalpha(Image.fromarray(RGB[..., 0]))
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(path.with_suffix(suffix), exif=exif, **info)
        return path.with_suffix(suffix)
    return make


def deep(channels, suffix='.png'):
    def make(path):
        array = np.random.default_rng(0).integers(
            65536, size=(41, 57, channels), dtype=np.uint16)
        cv2.imwrite(str(path.with_suffix(suffix)), array.squeeze())
        return path.with_suffix(suffix)
    return make


KINDS = {
    '1-bit PNG': pil('1'), 'grey PNG': pil('L'), 'grey + alpha PNG': pil('LA'),
    'palette PNG': pil('P'),
    'RGB PNG, profile, dpi': pil('RGB', icc_profile=PROFILE, dpi=(300, 300)),
    'RGBA PNG': pil('RGBA'), '16-bit grey PNG': deep(1),
    '16-bit RGB PNG': deep(3), '16-bit RGBA PNG': deep(4),
    '16-bit RGB TIFF': deep(3, '.tif'), '16-bit grey TIFF': deep(1, '.tif'),
    'CMYK TIFF': pil('CMYK', '.tif'), 'RGB TIFF': pil('RGB', '.tif'),
    'RGB WebP': pil('RGB', '.webp'), 'RGBA WebP': pil('RGBA', '.webp'),
    'RGB JPEG to PNG': pil('RGB', '.jpg', icc_profile=PROFILE),
    **{f'RGB PNG, EXIF {o}': pil('RGB', orientation=o) for o in range(2, 9)},
    'RGB JPEG, EXIF 6, to PNG': pil('RGB', '.jpg', orientation=6)
}


@pytest.fixture(scope='module')
def inpainter(tmp_path_factory):
    register_all_modules()
    path = tmp_path_factory.mktemp('weights') / 'slim.pth'
    torch.manual_seed(0)
    torch.save(build(slim_config().model).state_dict(), path)
    return Inpainter(slim_config(), path)


@pytest.mark.parametrize('kind', KINDS)
def test_size_mode_depth_profile_and_known_pixels_stay(tmp_path, kind):
    path = KINDS[kind](tmp_path / 'in')
    came = Picture.of(path)
    height, width = came.rgb.shape[:2]
    hole = np.zeros((height, width), bool)
    hole[8:20, 10:30] = True
    out = tmp_path / ('out.png' if path.suffix == '.jpg' else
                      f'out{path.suffix}')
    painted = np.random.default_rng(1).uniform(0, 255, (height, width, 3))
    came.filled(painted, hole, opaque=True).save(out)
    left = Picture.of(out)
    known = np.array_equal(left.stored[~hole], came.stored[~hole])
    changed = not np.array_equal(left.stored, came.stored)
    print(f'\n| {kind} | {Image.open(path).size} {Image.open(out).size} | '
          f'{came.mode} {left.mode} | {came.stored.dtype} '
          f'{left.stored.dtype} | {known} |', end='')
    assert Image.open(path).size == Image.open(out).size
    assert came.mode == left.mode and came.stored.dtype == left.stored.dtype
    assert known and changed
    assert left.orientation == came.orientation
    assert left.info.get('icc_profile') == came.info.get('icc_profile')
    if came.mode in ('LA', 'RGBA'):
        full = np.iinfo(left.stored.dtype).max
        assert (left.stored[hole, -1] == full).all()
    if 'dpi' in came.info:
        assert [round(float(x)) for x in left.info['dpi']] == [
            round(float(x)) for x in came.info['dpi']]


def test_sixteen_bit_colours_keep_their_profile(tmp_path):
    picture = Picture(np.full((3, 4, 3), 40000, np.uint16), 'RGB',
                      dict(icc_profile=PROFILE, dpi=(300, 300)))
    picture.save(tmp_path / 'deep.png')
    again = Picture.of(tmp_path / 'deep.png')
    assert again.info['icc_profile'] == PROFILE
    assert np.array_equal(again.stored, picture.stored)


@pytest.mark.parametrize('size', [(1, 2), (2, 1), (7, 130), (33, 31)])
def test_any_size(inpainter, size):
    image = np.random.default_rng(0).integers(
        256, size=(*size, 3), dtype=np.uint8)
    hole = np.zeros(size, bool)
    hole[0, 0] = True
    out = inpainter(image, hole)
    assert np.array_equal(out[~hole], image[~hole])


def kinds_in_memory():
    upright, file = Image.fromarray(RGB), BytesIO()
    upright.save(file, 'PNG')
    yield from (RGB, RGB[..., 0], RGB[..., :1], RGB.astype(np.uint16) * 257,
                RGB / 255, (RGB / 255).astype(np.float16))
    chw = torch.from_numpy(RGB).permute(2, 0, 1)
    yield from (chw, chw[:1], chw / 255., (chw / 255.).half())
    yield from (upright, file.getvalue(), BytesIO(file.getvalue()))


def test_it_answers_as_it_was_asked(inpainter):
    """Types and shapes as they came, and what is known bit for bit."""
    hole = np.zeros((41, 57), bool)
    hole[8:20, 10:30] = True
    images = list(kinds_in_memory())
    masks = [hole, hole[None], hole[..., None], torch.from_numpy(hole),
             torch.from_numpy(hole)[None].float(), Image.fromarray(hole)]
    pairs = [[x, masks[i % len(masks)]] for i, x in enumerate(images)]
    for image, out in zip(images, inpainter.many(pairs)):
        if isinstance(image, (bytes, BytesIO)):
            assert np.array_equal(out.stored[~hole], RGB[~hole])
            continue
        assert type(out) in (type(image), Image.Image)
        if isinstance(image, torch.Tensor):
            assert out.dtype == image.dtype and out.shape == image.shape
            image, out = image.movedim(0, -1), out.movedim(0, -1)
        image, out = np.array(image), np.array(out)
        assert out.dtype == image.dtype and out.shape == image.shape
        assert np.array_equal(out[~hole], image[~hole])
        assert not np.array_equal(out, image)


def test_a_built_model_is_taken_and_its_coarse_copy_may_be_of_any_size(
        inpainter):
    hole = np.zeros((41, 57), bool)
    hole[8:20, 10:30] = True
    model = copy.deepcopy(inpainter.model)
    model.test_cfg['coarse_pixels'] = None
    out = Inpainter(model=model)(RGB, hole)
    assert np.array_equal(out, inpainter(RGB, hole))
    with pytest.raises(ValueError, match='one or the other'):
        Inpainter('tmad_demo', model=model)
    with pytest.raises(ValueError, match='is a Linear: expected a model of '):
        Inpainter(model=torch.nn.Linear(1, 1))


def test_a_config_without_a_model_is_one_sentence():
    with pytest.raises(ValueError, match='has no model'):
        Inpainter(Config(dict(data=1)))


def test_what_is_no_pair_is_one_sentence(inpainter):
    with pytest.raises(ValueError, match='expected pairs'):
        inpainter.many(['a.jpg', 'a.png'])


def test_a_stream_takes_a_picture_of_a_named_format():
    file = BytesIO()
    Picture(RGB, 'RGB').save(file, format='png')
    assert np.array_equal(Picture.of(file.getvalue()).stored, RGB)
    for name in (None, 'txt'):
        with pytest.raises(ValueError, match="give format='png'"):
            Picture(RGB, 'RGB').save(BytesIO(), format=name)


def test_many_are_what_each_is(inpainter):
    hole = np.zeros((41, 57), bool)
    hole[8:20, 10:30] = True
    pairs = [(RGB, hole), (RGB[:30], hole[:30]), (RGB[::-1], hole)]
    for one, (image, mask) in zip(inpainter.many(pairs), pairs):
        apart = inpainter(image, mask)
        assert np.abs(one.astype(int) - apart).max() <= 1


def test_a_feather_stays_inside_the_hole(inpainter):
    hole = np.zeros((41, 57), bool)
    hole[8:24, 10:30] = True
    hard, soft = (inpainter(RGB, hole, feather=x).astype(int) for x in (0, 4))
    assert np.array_equal(soft[~hole], RGB[~hole])
    assert np.array_equal(soft[14:18, 16:24], hard[14:18, 16:24])
    assert (np.abs(soft - RGB)[8, 10:30].sum() <
            np.abs(hard - RGB)[8, 10:30].sum())


def test_the_steps_say_where_textures_came_from(inpainter):
    hole = np.zeros((41, 57), bool)
    hole[8:20, 10:30] = True
    steps = inpainter.steps(RGB, hole)
    s = steps.patches.shape[1]
    for texture, (top, left) in zip(steps.textures[0], steps.places[0]):
        window = np.where(hole[..., None], 128, RGB)[
            top:top + s, left:left + s]
        assert np.abs(window.astype(int) - texture).max() <= 1
    assert steps.cells.tolist() == [[0, 0], [0, 16], [16, 0], [16, 16]]
    assert np.array_equal(steps.memory[steps.ranks], steps.textures)


def test_pictures_and_steps_in_several_threads_are_each_its_own(inpainter):
    holes = []
    for top in range(4, 24, 4):
        holes.append(np.zeros((41, 57), bool))
        holes[-1][top:top + 12, 10:30] = True
    alone = [inpainter.steps(RGB, hole) for hole in holes]
    plain = [inpainter(RGB, hole) for hole in holes]
    with ThreadPoolExecutor(3) as pool:
        together = pool.map(inpainter.steps, [RGB] * 5, holes)
        plain_together = pool.map(inpainter, [RGB] * 5, holes)
    assert all(map(np.array_equal, plain, plain_together))
    for one, other in zip(alone, together):
        for name, array in vars(one).items():
            assert np.array_equal(array, getattr(other, name)), name


def test_a_file_of_several_pictures_is_one_sentence(tmp_path):
    frames = [Image.fromarray(x) for x in (RGB, RGB[::-1])]
    frames[0].save(tmp_path / 'two.gif', save_all=True,
                   append_images=frames[1:])
    with pytest.raises(ValueError, match='two.gif holds 2 pictures as an'):
        Picture.of(tmp_path / 'two.gif')

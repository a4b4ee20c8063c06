"""What says how colours are meant, and people's words, stay or are missed."""
import pickle
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.pictures.png import chunks, colours_of

PIXELS = np.random.default_rng(0).integers(60, 200, (40, 56, 3), np.uint8)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
COLOURS = {
    'gAMA': struct.pack('>I', 100000), 'cICP': bytes([9, 16, 0, 1]),
    'cHRM': struct.pack('>8I', 31270, 32900, 68000, 32000, 26500, 69000,
                        15000, 6000), 'sRGB': b'\0',
    'mDCV': bytes(range(24)), 'cLLI': bytes(8)}


def with_chunk(path, name, data, pixels=PIXELS, **options):
    """A PNG with a chunk of ours after its first."""
    picture = Picture(pixels, 'RGB')
    picture.save(path)
    content = path.read_bytes()
    name = name.encode()
    path.write_bytes(content[:33] + struct.pack('>I', len(data)) + name +
                     data + struct.pack('>I', zlib.crc32(name + data)) +
                     content[33:])
    return path


def resaved(path, out):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always')
        Picture.of(path).save(out)
    return [str(x.message) for x in said]


@pytest.mark.parametrize('bits', [8, 16])
@pytest.mark.parametrize('name', COLOURS)
def test_colours_of_a_png_stay(tmp_path, name, bits):
    pixels = PIXELS if bits == 8 else PIXELS.astype(np.uint16) * 257
    path = with_chunk(tmp_path / 'in.png', name, COLOURS[name], pixels)
    assert resaved(path, tmp_path / 'out.png') == []
    assert colours_of((tmp_path / 'out.png').read_bytes()) == {
        name: COLOURS[name]}
    names = [x for x, _ in chunks((tmp_path / 'out.png').read_bytes())]
    assert names[0] == 'IHDR' and names.index(name) < names.index('IDAT')
    again = Picture.of(tmp_path / 'out.png')
    assert np.array_equal(again.stored, pixels)


@pytest.mark.parametrize('suffix', ['jpg', 'webp', 'tif', 'avif', 'bmp'])
def test_a_kind_without_them_says_so_once_unless_they_are_srgb(
        tmp_path, suffix):
    out = tmp_path / f'out.{suffix}'
    path = with_chunk(tmp_path / 'in.png', 'gAMA', COLOURS['gAMA'])
    line, = resaved(path, out)
    assert 'gAMA (its colours will look different)' in line
    for name, data in (('sRGB', b'\1'), ('cICP', b'\1\x0d\0\1'),
                       ('gAMA', struct.pack('>I', 45455))):
        path = with_chunk(tmp_path / 'srgb.png', name, data)
        assert resaved(path, out) == []


def test_words_of_a_png_stay_also_those_of_generators(tmp_path):
    info = PngImagePlugin.PngInfo()
    words = {'parameters': 'a wall, bricks\nSteps: 20', 'Title': 'A wall',
             'Sp\u00e4t': '\u58c1', 'Comment': 'Stra\u00dfe'}
    for key, value in words.items():
        info.add_itxt(key, value) if key != 'Title' else info.add_text(
            key, value, zip=True)
    Image.fromarray(PIXELS).save(tmp_path / 'in.png', pnginfo=info)
    assert resaved(tmp_path / 'in.png', tmp_path / 'out.png') == []
    again = Image.open(tmp_path / 'out.png')
    again.load()
    assert again.text == words
    line, = resaved(tmp_path / 'in.png', tmp_path / 'out.webp')
    assert 'text (parameters, Title' in line and 'WEBP' in line


def test_words_after_the_samples_are_read(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'in.png')
    content = (tmp_path / 'in.png').read_bytes()
    data = b'Title\0A wall'
    late = struct.pack('>I', len(data)) + b'tEXt' + data + struct.pack(
        '>I', zlib.crc32(b'tEXt' + data))
    (tmp_path / 'in.png').write_bytes(content[:-12] + late + content[-12:])
    assert Picture.of(tmp_path / 'in.png').info['text'] == {'Title': 'A wall'}


def test_a_text_keeps_its_language(tmp_path):
    info = PngImagePlugin.PngInfo()
    info.add_itxt('Title', 'Eine Mauer', 'de', 'Titel')
    info.add_itxt('Author', '\u58c1', 'ja-JP', zip=True)
    info.add_itxt('Source', 'a camera', '', 'Quelle')
    info.add_itxt('Comment', 'none', 'no language', 'A' * 80)
    Image.fromarray(PIXELS).save(tmp_path / 'in.png', pnginfo=info)
    # as the page's worker and a copy get it
    picture = pickle.loads(pickle.dumps(Picture.of(tmp_path / 'in.png')))
    picture.save(tmp_path / 'out.png')
    again = Image.open(tmp_path / 'out.png')
    again.load()
    assert {key: (str(x), getattr(x, 'lang', ''), getattr(x, 'tkey', ''))
            for key, x in again.text.items()} == {
        'Title': ('Eine Mauer', 'de', 'Titel'),
        'Author': ('\u58c1', 'ja-JP', ''),
        'Source': ('a camera', '', 'Quelle'), 'Comment': ('none', '', '')}


def test_of_several_texts_of_one_key_the_last_stays_and_that_is_said(tmp_path):
    info = PngImagePlugin.PngInfo()
    for text in ('first', 'second', 'third'):
        info.add_text('Comment', text)
    info.add_text('Title', 'a wall')
    Image.fromarray(PIXELS).save(tmp_path / 'in.png', pnginfo=info)
    said, = resaved(tmp_path / 'in.png', tmp_path / 'out.png')
    assert "all but the last text 'Comment'" in said and 'Title' not in said
    assert Picture.of(tmp_path / 'out.png').info['text'] == {
        'Comment': 'third', 'Title': 'a wall'}


@pytest.mark.parametrize('suffix', ['jpg', 'gif', 'png'])
def test_a_comment_stays(tmp_path, suffix):
    Image.fromarray(PIXELS).convert('L').save(
        tmp_path / 'in.jpg', comment=b'by Ann')
    assert resaved(tmp_path / 'in.jpg', tmp_path / f'out.{suffix}') == []
    again = Picture.of(tmp_path / f'out.{suffix}')
    assert 'by Ann' in (again.info.get('comment'),
                        again.info.get('text', {}).get('Comment'))


def test_a_gifs_comment_stays(tmp_path):
    Image.fromarray(PIXELS).convert('P').save(
        tmp_path / 'in.gif', comment='by Ann')
    for suffix in ('gif', 'png'):
        assert resaved(tmp_path / 'in.gif', tmp_path / f'out.{suffix}') == []
    line, = resaved(tmp_path / 'in.gif', tmp_path / 'out.webp')
    assert 'without comment' in line


@pytest.mark.parametrize('mode', ['RGB', 'RGBA'])
def test_sixteen_bit_tiffs_keep_profile_and_words(tmp_path, mode):
    exif = Image.Exif()
    exif[271], exif[34665] = 'A maker', {36867: '2020:01:01 00:00:00'}
    deep = np.random.default_rng(0).integers(
        65536, size=(40, 56, len(mode)), dtype=np.uint16)
    came = Picture(deep, mode, dict(
        icc_profile=PROFILE, exif=exif.tobytes(), dpi=(300, 300)))
    came.save(tmp_path / 'a.tif')
    assert resaved(tmp_path / 'a.tif', tmp_path / 'b.tif') == []
    again = Picture.of(tmp_path / 'b.tif')
    assert np.array_equal(again.stored, deep) and again.mode == mode
    image = Image.open(tmp_path / 'b.tif')
    assert image.info['icc_profile'] == PROFILE
    assert image.info['dpi'] == (300, 300)
    assert image.getexif()[271] == 'A maker'
    assert image.getexif().get_ifd(34665)[36867] == '2020:01:01 00:00:00'
    assert (338 in image.tag_v2) == (mode == 'RGBA')
    import cv2
    code = cv2.COLOR_RGB2BGR if mode == 'RGB' else cv2.COLOR_RGBA2BGRA
    assert np.array_equal(cv2.imread(str(tmp_path / 'b.tif'), -1),
                          cv2.cvtColor(deep, code))


def test_alpha_that_was_multiplied_is_divided_again(tmp_path):
    tifffile = pytest.importorskip('tifffile')
    colours = np.full((8, 8, 3), 40000, np.uint16)
    alpha = np.full((8, 8, 1), 32768, np.uint16)
    tifffile.imwrite(tmp_path / 'in.tif', np.concatenate(
        [(colours * .5).astype(np.uint16), alpha], 2), photometric='rgb',
        extrasamples=['assocalpha'])
    got = Picture.of(tmp_path / 'in.tif').stored
    assert np.abs(got[..., :3].astype(int) - 40000).max() < 3


def test_what_follows_a_profile_does_not_travel(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'in.png',
                                 icc_profile=PROFILE + b'preview' * 99)
    assert Picture.of(tmp_path / 'in.png').info['icc_profile'] == PROFILE


def test_a_pil_image_keeps_them_too(tmp_path):
    info = PngImagePlugin.PngInfo()
    info.add_text('parameters', 'a wall')
    Image.fromarray(PIXELS).save(tmp_path / 'in.png', pnginfo=info,
                                 icc_profile=PROFILE)
    out = Picture.of(Image.open(tmp_path / 'in.png')).pil()
    assert out.info['parameters'] == 'a wall'
    assert out.info['icc_profile'] == PROFILE


@pytest.mark.parametrize('suffix, most', [
    ('png', 0), ('tif', 0), ('webp', 0), ('bmp', 0), ('jp2', 0), ('tga', 0),
    ('ppm', 0), ('avif', 2), ('heic', 0), ('jpg', 30), ('mpo', 30)])
def test_what_is_outside_stays_as_near_as_the_kind_can(
        tmp_path, suffix, most):
    if suffix == 'heic':
        pytest.importorskip('pillow_heif')
    photo = np.kron(PIXELS[:20, :28], np.ones((2, 2, 1), np.uint8))
    assert resaved_array(photo, tmp_path / f'a.{suffix}') == []
    again = Picture.of(tmp_path / f'a.{suffix}').rgb
    assert np.abs(again.astype(int) - photo).max() <= most


def resaved_array(array, out):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always')
        Picture(array, 'RGB').save(out)
    return [str(x.message) for x in said]


def test_a_kind_that_changes_colours_says_by_how_much(tmp_path):
    line, = resaved_array(PIXELS, tmp_path / 'a.gif')
    assert 'changes colours, also outside the hole, by up to' in line


@pytest.mark.parametrize('suffix', ['ico', 'icns'])
def test_a_kind_of_its_own_sizes_is_refused(tmp_path, suffix):
    pixels = np.zeros((300, 260, 3), np.uint8)
    with pytest.raises(ValueError, match='instead of 260 x 300'):
        Picture(pixels, 'RGB').save(tmp_path / f'a.{suffix}')
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('suffix', ['avif', 'webp', 'gif', 'jpg', 'bmp'])
def test_sixteen_bits_of_grey_are_not_cut_silently(tmp_path, suffix):
    deep = (PIXELS[..., 0].astype(np.uint16) * 257)
    with pytest.raises(ValueError, match='cannot hold'):
        Picture(deep, 'I;16').save(tmp_path / f'a.{suffix}')

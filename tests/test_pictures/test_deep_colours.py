import struct

import cv2
import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.apis import Picture
from tmad_mmedit.pictures.orientation import upright

DEEP = np.random.default_rng(0).integers(
    65536, size=(96, 80, 3), dtype=np.uint16)


def written(path, array):
    cv2.imwrite(str(path), array[..., ::-1])
    return path


@pytest.mark.parametrize('suffix', ['png', 'tif', 'ppm', 'jp2'])
def test_colours_of_16_bits_are_not_cut(tmp_path, suffix):
    path = written(tmp_path / f'in.{suffix}', DEEP)
    picture = Picture.of(path)
    assert picture.stored.dtype == np.uint16
    if suffix == 'jp2':  # which OpenCV writes with loss
        assert np.abs(picture.stored.astype(int) - DEEP).mean() < 2000
    else:
        assert np.array_equal(picture.stored, DEEP)
    picture.save(tmp_path / 'out.png')
    assert np.array_equal(Picture.of(tmp_path / 'out.png').stored,
                          picture.stored)


def test_ten_bits_are_as_bright_as_they_were(tmp_path):
    ten = (DEEP // 64).astype('>u2')
    head = b'P6 80 96 1023\n'
    (tmp_path / 'in.ppm').write_bytes(head + ten.tobytes())
    picture = Picture.of(tmp_path / 'in.ppm')
    assert np.abs(picture.stored.astype(int) - DEEP).max() <= 64


def tiff(pixels, order, orientation):
    """An uncompressed TIFF, (H, W, 3) uint16."""
    height, width, _ = pixels.shape
    tags = {256: width, 257: height, 258: 16, 259: 1, 262: 2, 273: 140,
            274: orientation, 277: 3, 278: height, 279: pixels.size * 2}
    entries = [struct.pack(order + 'HHII', tag, 4, 1, x) if x > 65535 else
               struct.pack(order + 'HHIHxx', tag, 3, 1, x)
               for tag, x in tags.items()]
    entries[2] = struct.pack(order + 'HHII', 258, 3, 3, 134)
    return (struct.pack(order + '2sHIH', b'II' if order == '<' else b'MM',
                        42, 8, len(tags)) + b''.join(entries) + bytes(4) +
            b''.join(struct.pack(order + 'H', 16) for _ in range(3)) +
            pixels.astype(order + 'u2').tobytes())


@pytest.mark.parametrize('order', '<>')
def test_a_turned_tiff_of_16_bits_is_read_upright(tmp_path, order):
    for orientation in range(1, 9):
        content = tiff(DEEP, order, orientation)
        (tmp_path / 'in.tif').write_bytes(content)
        picture = Picture.of(tmp_path / 'in.tif')
        assert np.array_equal(picture.stored, upright(DEEP, orientation))
        picture.save(tmp_path / 'out.tif')
        assert np.array_equal(Picture.of(tmp_path / 'out.tif').stored,
                              picture.stored)


@pytest.mark.parametrize('name, content', [
    ('big-endian.tif', None), ('grey.pgm', b'P5 80 96 65535\n')])
def test_grey_of_16_bits_is_taken(tmp_path, name, content):
    grey = DEEP[..., 0]
    if content:
        (tmp_path / name).write_bytes(content + grey.astype('>u2').tobytes())
    else:
        image = Image.fromarray(grey.astype('>u2'))
        assert image.mode == 'I;16B'
        image.save(tmp_path / name)
    picture = Picture.of(tmp_path / name)
    assert picture.mode == 'I;16' and np.array_equal(picture.stored, grey)
    picture.save(tmp_path / 'out.png')
    assert np.array_equal(Picture.of(tmp_path / 'out.png').stored, grey)


def test_a_jpeg_2000_that_is_cut_is_one_sentence(tmp_path):
    content = written(tmp_path / 'in.jp2', DEEP).read_bytes()
    start = content.find(b'\xff\x4f\xff\x51')
    for end in range(start, start + 60):
        with pytest.raises(ValueError, match='cannot be'):
            Picture.of(content[:end])


def test_cmyk_of_16_bits_is_one_sentence(tmp_path):
    tifffile = pytest.importorskip('tifffile')
    tifffile.imwrite(tmp_path / 'in.tif', np.dstack([DEEP, DEEP[..., 0]]),
                     photometric='separated')
    with pytest.raises(ValueError, match='cannot be decoded: save it as'):
        Picture.of(tmp_path / 'in.tif')

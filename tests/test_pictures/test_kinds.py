"""What is a picture, and what only looks like one."""
import struct
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from tests.conftest import ROOT
from tmad_mmedit.pictures.kinds import is_picture
from tmad_mmedit.pictures.picture import Picture

PIXELS = np.random.default_rng(0).integers(60, 200, (40, 56, 3), np.uint8)


def tiff(path, **tags):
    listed = ImageFileDirectory_v2()
    for tag, value in tags.items():
        listed[int(tag[1:])] = value
    Image.fromarray(PIXELS).save(path, format='TIFF', tiffinfo=listed)
    return path


@pytest.mark.parametrize('name, tags', [
    ('a.nef', dict(t254=1)), ('a.NEF', {}), ('a.dng', {}), ('a.cr2', {}),
    ('a.tif', dict(t254=1)), ('a.tiff', dict(t50706=b'\1\4\0\0')),
    ('scan', dict(t254=1))])
def test_a_preview_or_a_raw_file_is_not_the_photograph(tmp_path, name, tags):
    path = tiff(tmp_path / name, **tags)
    assert not is_picture(path)
    with pytest.raises(ValueError, match='raw file of a camera, or begins'):
        Picture.of(path)
    if tags:
        with pytest.raises(ValueError, match='raw file of a camera'):
            Picture.of(path.read_bytes())


@pytest.mark.parametrize('begin', [
    b'FUJIFILMCCD-RAW 0201', b'\0\0\0\x18ftypcrx \0\0\0\1', b'IIU\0\x18\0',
    b'II*\0\x10\0\0\0CR\2\0', b'IIRO\x08\0\0\0', b'FOVb\0\0'])
def test_raw_files_are_known_by_how_they_begin(tmp_path, begin):
    (tmp_path / 'a.jpg').write_bytes(begin + bytes(400))
    assert not is_picture(tmp_path / 'a.jpg')
    with pytest.raises(ValueError, match='raw file of a camera'):
        Picture.of(tmp_path / 'a.jpg')


@pytest.mark.parametrize('order', '<>')
def test_a_plain_tiff_is_a_photograph(tmp_path, order):
    path = tiff(tmp_path / 'a.tif', t254=0)
    assert is_picture(path) and Picture.of(path).size == (40, 56)
    raw = struct.pack(order + '2sHIHHHIHHI', b'II' if order == '<' else b'MM',
                      42, 8, 1, 254, 4, 1, *((1, 0) if order == '<' else
                                             (0, 1)), 0)
    (tmp_path / 'b.tif').write_bytes(raw)
    assert not is_picture(tmp_path / 'b.tif')  # in either order


@pytest.mark.parametrize('begin, what', [
    (b'\xff\x0a', 'a JPEG XL'), (b'\x76\x2f\x31\x01', 'OpenEXR'),
    (b'#?RADIANCE\n', 'Radiance'), (b'%PDF-1.4', 'a PDF'),
    (b'nothing', 'of no known kind')])
def test_what_pillow_does_not_read_is_said_by_name(begin, what):
    with pytest.raises(ValueError, match=what):
        Picture.of(begin + bytes(100))
    with pytest.raises(ValueError, match='the image is empty'):
        Picture.of(b'')


def test_hdr_is_one_sentence(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'a.avif')
    content = (tmp_path / 'a.avif').read_bytes()
    at = content.find(b'colrnclx')
    for transfer in (16, 18):
        hdr = content[:at + 10] + struct.pack('>H', transfer) + content[
            at + 12:]
        with pytest.raises(ValueError, match='HDR picture'):
            Picture.of(hdr)
    assert Picture.of(content).size == (40, 56)


def test_heic_is_read_and_written_by_the_extra(tmp_path):
    pytest.importorskip('pillow_heif')
    data = Image.Exif()
    data[274], data[271] = 6, 'A maker'
    Image.fromarray(PIXELS).save(tmp_path / 'in.jpg', exif=data)
    came = Picture.of(tmp_path / 'in.jpg')
    came.save(tmp_path / 'a.heic')
    again = Picture.of(tmp_path / 'a.heic')
    assert again.size == (56, 40) and again.orientation == 1
    assert np.array_equal(again.rgb, came.rgb)
    assert Image.open(tmp_path / 'a.heic').getexif()[271] == 'A maker'


def test_without_the_extra_a_heic_names_it(tmp_path):
    pytest.importorskip('pillow_heif')
    Picture(PIXELS, 'RGB').save(tmp_path / 'a.heic')
    code = f'''import sys
sys.modules['pillow_heif'] = None
from tmad_mmedit.pictures.picture import Picture
for act in (lambda: Picture.of(r'{tmp_path}/a.heic'),
            lambda: Picture.of(r'{tmp_path}/a.heic').save('b.heic')):
    try:
        act()
    except ValueError as error:
        print(error)
'''
    said = subprocess.run([sys.executable, '-c', code], cwd=ROOT, text=True,
                          capture_output=True).stdout.splitlines()
    assert len(said) == 2
    assert all("pip install 'tmad_mmedit[heif]'" in x for x in said)


def test_pictures_know_no_torch():
    code = '''import sys
sys.modules['torch'] = None
import tmad_mmedit.pictures.picture, tmad_mmedit.masks.reading
import tmad_mmedit.masks.feather, tmad_mmedit.files.plan'''
    assert subprocess.run([sys.executable, '-c', code], cwd=ROOT
                          ).returncode == 0

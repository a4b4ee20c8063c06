"""What was removed does not travel; what describes does."""
import re
import warnings

import numpy as np
import pytest
from PIL import Image, features

from tests.test_pictures.leaks import (
    PIXELS,
    PREVIEW,
    RECORDS,
    WRITERS,
    base64,
    exif,
    found_in,
    packet,
)
from tmad_mmedit.pictures.exif import descriptive
from tmad_mmedit.pictures.iptc import datasets, descriptive_iptc
from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.pictures.words import describes, is_text, is_words
from tmad_mmedit.pictures.xmp import descriptive_xmp

HOLE = np.zeros(PIXELS.shape[:2], bool)
HOLE[8:20, 10:30] = True
OUTS = 'png', 'jpg', 'tif', 'webp', 'avif'
pytestmark = pytest.mark.skipif(not features.check('avif'),
                                reason='a Pillow without AVIF')


def passed_on(path, out):
    """What was said when it was painted, and written."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always')
        picture = Picture.of(path)
        picture.filled(np.full((*picture.size, 3), 90.), HOLE).save(out)
    return [str(x.message) for x in said]


@pytest.mark.parametrize('out', OUTS)
@pytest.mark.parametrize('kind', WRITERS)
def test_no_preview_travels(tmp_path, kind, out):
    path = WRITERS[kind](tmp_path)
    assert found_in(path.read_bytes())  # else the test tests nothing
    said = passed_on(path, tmp_path / f'out.{out}')
    content = (tmp_path / f'out.{out}').read_bytes()
    assert not found_in(content)
    line, = (x for x in said if 'as it may show' in x)
    assert kind == 'tiff' or "the maker's note" in line
    assert np.array(Image.open(tmp_path / f'out.{out}')).shape == PIXELS.shape


@pytest.mark.parametrize('kind, names', [
    ('jpeg', ['a thumbnail', 'MPF', 'JFXX', 'extended XMP', 'APP11', 'APP4',
              "Photoshop's resources", 'XMP Thumbnails', 'IPTC record 2:202',
              'UserComment', 'tag 27']),
    ('png', ['chunk caBX', 'chunk prVW', "text 'Thumb::Image'",
             "text 'workflow'", "text 'Raw profile type iptc'", 'XMP Data']),
    ('tiff', ["Photoshop's layers", "ImageJ's data", 'tag 65000',
              'tag 37500', 'ImageDescription', 'other pictures'])])
def test_what_does_not_travel_is_named(tmp_path, kind, names):
    said = passed_on(WRITERS[kind](tmp_path), tmp_path / 'out.png')
    line, = (x for x in said if 'as it may show' in x)
    assert not [name for name in names if name not in line]


@pytest.mark.parametrize('out', OUTS)
@pytest.mark.parametrize('kind', ['jpeg', 'png', 'webp', 'avif'])
def test_what_describes_travels(tmp_path, kind, out):
    path = tmp_path / f'out.{out}'
    passed_on(WRITERS[kind](tmp_path), path)
    image = Image.open(path)
    image.load()
    there = image.getexif()
    assert there[271] == 'A maker'
    assert there.get_ifd(34665)[36867] == '2020:01:01 00:00:00'
    assert there.get_ifd(34853)[2] == (48, 8, 14)
    found = image.info.get('xmp') or image.info['XML:com.adobe.xmp']
    found = found if isinstance(found, bytes) else found.encode()
    assert b'A wall' in found and b'Rating="4"' in found
    assert b'Orientation' not in found


def test_a_tiff_keeps_its_places_and_words(tmp_path):
    passed_on(WRITERS['tiff'](tmp_path), tmp_path / 'out.tif')
    tags = Image.open(tmp_path / 'out.tif').tag_v2
    assert tags[33550] == (1, 1, 0) and tags[34735] == (1, 1, 0, 0)
    assert 'GDALMetadata' in tags[42112] and tags[271] == 'A maker'
    assert b'A wall' in tags[700]
    assert [x for _, _, x in datasets(tags[33723])] == [b'A wall ok', b'Ann']


@pytest.mark.parametrize('kind, out', [
    ('jpeg', 'jpg'), ('jpeg', 'tif'), ('tiff', 'jpg'), ('tiff', 'tif')])
def test_iptc_travels_between_those_that_have_it(tmp_path, kind, out):
    path = tmp_path / f'out.{out}'
    passed_on(WRITERS[kind](tmp_path), path)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        records = Picture.of(path).info['iptc']
    assert [x for _, _, x in datasets(records)] == [b'A wall ok', b'Ann']


def test_orientation_of_xmp_is_told_once_by_exif(tmp_path):
    packet_6 = packet().replace(b'Orientation="1"', b'Orientation="6"')
    for suffix, options in (('.jpg', dict(quality=95)), ('.png', {})):
        path, out = tmp_path / f'in{suffix}', tmp_path / f'out{suffix}'
        if suffix == '.jpg':
            Image.fromarray(PIXELS).save(path, xmp=packet_6, **options)
        else:
            from PIL.PngImagePlugin import PngInfo
            info = PngInfo()
            info.add_itxt('XML:com.adobe.xmp', packet_6.decode())
            Image.fromarray(PIXELS).save(path, pnginfo=info)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            picture = Picture.of(path)
            assert picture.size == (56, 40)
            picture.save(out)
        again = Image.open(out)
        assert again.size == (56, 40) and again.getexif()[274] == 6
        assert not re.search(rb'tiff:Orientation', out.read_bytes())


@pytest.mark.parametrize('suffix', ['bmp', 'gif', 'jp2', 'tga', 'ppm'])
def test_what_knows_no_orientation_is_written_upright(tmp_path, suffix):
    data = Image.Exif()
    data[274] = 6
    Image.fromarray(PIXELS).convert('L').save(tmp_path / 'in.png', exif=data)
    picture = Picture.of(tmp_path / 'in.png')
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        picture.save(tmp_path / f'out.{suffix}')
    again = Picture.of(tmp_path / f'out.{suffix}')
    assert np.abs(again.rgb.astype(int) - picture.rgb).max() < 40
    assert again.size == (56, 40)


def test_a_packet_that_is_none_or_a_bomb_is_left_out():
    bomb = (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' +
            packet().replace(b'A wall', b'&b;'))
    for raw in (b'', b'nothing', packet()[:300], bomb, b'\xff\xd8\xff'):
        assert descriptive_xmp(raw) == (None, ['XMP that cannot be read'])
    kept, left_out = descriptive_xmp(packet())
    assert 'XMP Thumbnails' in left_out and 'XMP source' in left_out
    assert descriptive_xmp(kept) == (kept, [])  # as it is known now


def test_layers_words_and_edits_of_xmp_do_not_travel():
    extra = ('<photoshop:TextLayers xmlns:photoshop='
             '"http://ns.adobe.com/photoshop/1.0/"><rdf:Bag><rdf:li>Ann'
             '</rdf:li></rdf:Bag></photoshop:TextLayers>'
             '<photoshop:City xmlns:photoshop='
             '"http://ns.adobe.com/photoshop/1.0/">Ulm</photoshop:City>')
    kept, left_out = descriptive_xmp(packet(extra))
    assert b'Ulm' in kept and b'Ann' not in kept
    assert 'XMP TextLayers' in left_out


def test_records_that_are_cut_or_hold_pictures_are_left_out():
    kept, left_out = descriptive_iptc(RECORDS)
    assert PREVIEW not in kept and left_out == ['IPTC record 2:202']
    for end in range(len(RECORDS)):
        descriptive_iptc(RECORDS[:end])
    assert descriptive_iptc(b'8BIM') == (b'', [])


@pytest.mark.parametrize('value', [
    'a wall, bricks', 'Stra\u00dfe', '\u58c1' * 2000, 'x' * 200, 1.5,
    (48., 8., 14.), b'0231', b'ASCII\0\0\0a wall', (1, 2),
    b'UNICODE\0' + 'a wall of bricks, at noon'.encode('utf-16-le'),
    '\u0441\u0442\u0435\u043d\u0430'.encode().decode('latin-1'),
    'a wall https://example.org/' + 'x' * 300])
def test_words_and_numbers_describe(value):
    assert describes(value)


@pytest.mark.parametrize('value', [
    PREVIEW, base64(), PREVIEW.hex(), 'see ' + base64() + ' here',
    '\n'.join(re.findall('.{72}', PREVIEW.hex())), tuple(PREVIEW),
    b'ASCII\0\0\0' + PREVIEW, PIXELS.tobytes(), PIXELS.tobytes().decode(
        'latin-1'), (PIXELS | 160).tobytes(), PIXELS.tobytes()[:4000]])
def test_data_do_not(value):
    assert not describes(value)


def test_text_is_text():
    assert is_words('a\nb\tc') and not is_words('a\0b')
    assert is_text(b'JIS\0\0\0\0\0' + '\u58c1'.encode('iso2022_jp'))
    assert not is_text(b'JIS\0\0\0\0\0\xff\xfe\xfd' * 30)


def test_what_is_not_known_does_not_travel_however_short():
    data = Image.Exif()
    data[65000], data[271] = 'words', 'A maker'
    data[34665] = {37500: b'short', 41730: b'\2\0', 36867: '2020:01:01'}
    data[34853] = {1: 'N', 77: 'words'}
    read = Image.Exif()
    read.load(data.tobytes())
    kept, left_out = descriptive(read)
    assert set(kept) == {271, 34665, 34853}
    assert kept[34665] == {36867: '2020:01:01'} and kept[34853] == {1: 'N'}
    assert len(left_out) == 4


def test_a_turned_photograph_with_a_thumbnail_stays_turned(tmp_path):
    data = Image.Exif()
    data.load(exif(thumbnail=False))
    data[274] = 8
    Image.fromarray(PIXELS).save(tmp_path / 'in.jpg', exif=data)
    passed_on_turned = Picture.of(tmp_path / 'in.jpg')
    passed_on_turned.save(tmp_path / 'out.jpg')
    there = Image.open(tmp_path / 'out.jpg').getexif()
    assert there[274] == 8 and there[271] == 'A maker'

"""Files that hold a preview of what is to be removed, in every place known.

A writer takes the folder and gives the file; :data:`PREVIEW` is what must not
travel."""
import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

PIXELS = np.random.default_rng(0).integers(60, 200, (40, 56, 3), np.uint8)


def preview_of(kind='JPEG'):
    file = BytesIO()
    Image.fromarray(PIXELS[:16, :24]).save(file, kind)
    return file.getvalue()


PREVIEW = preview_of()
RESOURCE = (b'8BIM' + struct.pack('>HBBI', 1036, 0, 0, 28 + len(PREVIEW)) +
            struct.pack('>IIIIIIHH', 1, 24, 16, 72, 1152, len(PREVIEW), 24, 1)
            + PREVIEW + b'\0' * (len(PREVIEW) % 2))
RECORDS = (b'\x1c\x02\x78\x00\x09A wall ok' + b'\x1c\x02\x50\x00\x03Ann' +
           b'\x1c\x02\xca' + struct.pack('>H', len(PREVIEW)) + PREVIEW)


def base64():
    import base64
    return base64.b64encode(PREVIEW).decode()


def packet(extra=''):
    return f'''<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- {base64()} -->
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="1"
 xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"
 xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"
 GDepth:Data="{base64()}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A wall</rdf:li></rdf:Alt>
</dc:title>
<dc:source>{base64()}</dc:source>
<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource">
<xmpGImg:image>{base64()}</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>
{extra}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>'''.encode()


def exif(thumbnail=True):
    """EXIF with a maker's note, a comment that is data, and IFD1."""
    data = Image.Exif()
    data[271], data[306] = 'A maker', '2020:01:01 00:00:00'
    data[34665] = {36867: '2020:01:01 00:00:00', 37500: b'MK\0' + PREVIEW,
                   37510: b'ASCII\0\0\0' + PREVIEW, 41988: 1.5}
    data[34853] = {1: 'N', 2: (48., 8., 14.), 27: PREVIEW}
    raw = data.tobytes()
    if not thumbnail:
        return raw
    body = raw[6:]
    order = '<' if body[:2] == b'II' else '>'
    first, = struct.unpack_from(order + 'I', body, 4)
    count, = struct.unpack_from(order + 'H', body, first)
    second = len(body)
    link = first + 2 + 12 * count
    body = body[:link] + struct.pack(order + 'I', second) + body[link + 4:]
    start = second + 2 + 36 + 4
    body += struct.pack(order + 'H', 3) + b''.join(
        struct.pack(order + 'HHI', tag, kind, 1) + value for tag, kind, value
        in ((259, 3, struct.pack(order + 'HH', 6, 0)),
            (513, 4, struct.pack(order + 'I', start)),
            (514, 4, struct.pack(order + 'I', len(PREVIEW))))
    ) + bytes(4) + PREVIEW
    return raw[:6] + body


def jpeg(folder):
    """Also APP2 MPF, JFXX, Photoshop's resources, C2PA, and what follows."""
    file = BytesIO()
    Image.fromarray(PIXELS).save(file, 'JPEG', exif=exif(), quality=95)
    content = file.getvalue()
    added = b''
    for marker, data in (
            (0xe0, b'JFXX\0\x10' + PREVIEW), (0xe2, b'MPF\0' + PREVIEW),
            (0xe1, b'http://ns.adobe.com/xap/1.0/\0' + packet()),
            (0xe1, b'http://ns.adobe.com/xmp/extension/\0' + PREVIEW),
            (0xed, b'Photoshop 3.0\0' + RESOURCE + b'8BIM\x04\x04\0\0' +
             struct.pack('>I', len(RECORDS)) + RECORDS),
            (0xeb, b'JP\0\1' + PREVIEW), (0xfe, b'by Ann'),
            (0xe4, PREVIEW)):
        added += struct.pack('>BBH', 255, marker, len(data) + 2) + data
    path = folder / 'in.jpg'
    path.write_bytes(content[:2] + added + content[2:] + PREVIEW)
    return path


def png(folder):
    """Also text in each kind of chunk, and chunks of applications."""
    info = PngImagePlugin.PngInfo()
    info.add_text('Title', 'A wall')
    info.add_text('parameters', 'a wall, bricks\nSteps: 20, Seed: 1')
    info.add_text('Raw profile type iptc', f'\niptc\n  {len(RECORDS)}\n' +
                  RECORDS.hex())
    info.add_text('Thumb::Image', base64(), zip=True)
    info.add_itxt('Sp\u00e4t', 'Stra\u00dfe \u2020', 'de', zip=True)
    info.add_itxt('workflow', f'{{"image": "{base64()}"}}')
    info.add_itxt('XML:com.adobe.xmp', packet().decode())
    file = BytesIO()
    Image.fromarray(PIXELS).save(file, 'PNG', pnginfo=info, exif=exif())
    content = file.getvalue()
    added = b''
    for name in (b'caBX', b'prVW', b'zzTb'):
        added += struct.pack('>I', len(PREVIEW)) + name + PREVIEW + (
            struct.pack('>I', zlib.crc32(name + PREVIEW)))
    path = folder / 'in.png'
    path.write_bytes(content[:33] + added + content[33:] + PREVIEW)
    return path


def tiff(folder):
    """Also layers, resources, ImageJ's, other pictures, unknown tags."""
    tags = ImageFileDirectory_v2()
    for tag, value, kind in (
            (271, 'A maker', 2), (34377, RESOURCE, 1), (37724, PREVIEW, 7),
            (700, packet(), 1), (33723, RECORDS, 7), (50838, (12, ), 4),
            (50839, PREVIEW, 7), (65000, PREVIEW, 7), (330, PREVIEW, 7),
            (270, base64(), 2), (42112, '<GDALMetadata>ok</GDALMetadata>', 2),
            (33550, (1., 1., 0.), 12), (34735, (1, 1, 0, 0), 3),
            (40091, 'Title'.encode('utf-16-le'), 1), (37500, PREVIEW, 7),
            (50740, PREVIEW, 1), (320, (7, ) * 768, 3)):
        tags.tagtype[tag] = kind
        tags[tag] = value
    path = folder / 'in.tif'
    Image.fromarray(PIXELS).save(path, tiffinfo=tags)
    return path


def webp(folder):
    path = folder / 'in.webp'
    Image.fromarray(PIXELS).save(path, exif=exif(), xmp=packet(),
                                 lossless=True)
    return path


def avif(folder):
    path = folder / 'in.avif'
    Image.fromarray(PIXELS).save(path, exif=exif(), xmp=packet())
    return path


def heic(folder):
    path = folder / 'in.heic'
    Image.fromarray(PIXELS).save(path, exif=exif(), xmp=packet())
    return path


WRITERS = dict(jpeg=jpeg, png=png, tiff=tiff, webp=webp, avif=avif)


def runs_of(preview, length=24):
    """Its runs of bytes, as they are and as text."""
    import base64
    preview = preview[preview.find(b'\xff\xda'):]  # but for common tables
    runs = [preview[i:i + length] for i in range(0, len(preview) - length,
                                                 length)]
    return [*runs, *(x.hex().encode() for x in runs),
            *(base64.b64encode(preview[i:i + 24]) for i in range(
                0, len(preview) - 24, 24))]


def found_in(content):
    """Whether a file holds anything of the preview, also compressed."""
    texts = [content]
    for i in range(len(content) - 2):
        if content[i] == 0x78 and content[i + 1] in (1, 0x5e, 0x9c, 0xda):
            try:
                texts.append(zlib.decompressobj().decompress(content[i:]))
            except zlib.error:
                continue
    return any(run in text for run in runs_of(PREVIEW) for text in texts)

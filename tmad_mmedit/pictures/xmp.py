"""XMP: what is known to describe a picture; thumbnails and other pictures in
it are left out, as is its orientation, which EXIF tells."""
import xml.etree.ElementTree as ET
from typing import Optional

from .words import is_words

ADOBE, IPTC = 'http://ns.adobe.com/', 'http://iptc.org/std/'
RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
META = 'adobe:ns:meta/'
PHOTOSHOP = {
    'AuthorsPosition', 'CaptionWriter', 'Category', 'City', 'ColorMode',
    'Country', 'Credit', 'DateCreated', 'Headline', 'ICCProfile',
    'Instructions', 'Source', 'State', 'SupplementalCategories',
    'TransmissionReference', 'Urgency'}
# prefix: namespace, and the properties of it that travel, or None for all
NAMESPACES = {
    'dc': ('http://purl.org/dc/elements/1.1/', None),
    'dcterms': ('http://purl.org/dc/terms/', None),
    'xmp': (f'{ADOBE}xap/1.0/', {
        'BaseURL', 'CreateDate', 'CreatorTool', 'Identifier', 'Label',
        'MetadataDate', 'ModifyDate', 'Nickname', 'Rating'}),
    'xmpRights': (f'{ADOBE}xap/1.0/rights/', None),
    'xmpMM': (f'{ADOBE}xap/1.0/mm/', {
        'DocumentID', 'InstanceID', 'OriginalDocumentID'}),
    'photoshop': (f'{ADOBE}photoshop/1.0/', PHOTOSHOP),
    'tiff': (f'{ADOBE}tiff/1.0/', {
        'Artist', 'Copyright', 'DateTime', 'ImageDescription', 'Make',
        'Model', 'Software'}),
    'exif': (f'{ADOBE}exif/1.0/', None),
    'exifEX': ('http://cipa.jp/exif/1.0/', None),
    'aux': (f'{ADOBE}exif/1.0/aux/', None),
    'lr': (f'{ADOBE}lightroom/1.0/', {
        'hierarchicalSubject', 'weightedFlatSubject', 'privateRTKInfo'}),
    'Iptc4xmpCore': (f'{IPTC}Iptc4xmpCore/1.0/xmlns/', None),
    'Iptc4xmpExt': (f'{IPTC}Iptc4xmpExt/2008-02-29/', None),
    'plus': ('http://ns.useplus.org/ldf/xmp/1.0/', None),
    'cc': ('http://creativecommons.org/ns#', None),
    'GPano': ('http://ns.google.com/photos/1.0/panorama/', None),
    'digiKam': ('http://www.digikam.org/ns/1.0/', {'TagsList'}),
    'MicrosoftPhoto': ('http://ns.microsoft.com/photo/1.0/', {
        'Rating', 'LastKeywordXMP'}),
}
TRAVELS = {uri: names for uri, names in NAMESPACES.values()}
# Of the old file's samples: nothing is lost with them
SILENT = {f'{ADOBE}tiff/1.0/', f'{ADOBE}xap/1.0/mm/'}
MAKER = f'{{{ADOBE}exif/1.0/}}MakerNote'
BEGIN = (b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n')
END = b'\n<?xpacket end="w"?>'

for prefix, (uri, _) in {'x': (META, None), 'rdf': (RDF, None),
                         **NAMESPACES}.items():
    ET.register_namespace(prefix, uri)


def descriptive_xmp(packet: bytes) -> tuple[Optional[bytes], list[str]]:
    """Write a packet anew, of what may travel.

    Args:
        packet (bytes): As it stood in a file.

    Returns:
        tuple: The new one, None if nothing is left, and the names of what is
        left out because it may depict.
    """
    try:
        if b'<!' in packet.replace(b'<!--', b''):
            raise ET.ParseError('declarations')
        root = ET.fromstring(packet.strip(b'\0 \r\n\t'))
    except (ET.ParseError, ValueError, LookupError):
        return None, ['XMP that cannot be read']
    left_out: list[str] = []
    fresh = ET.Element(f'{{{RDF}}}RDF')
    for node in root.iter(f'{{{RDF}}}Description'):
        if is_inner(node, root):
            continue
        kept = ET.SubElement(fresh, node.tag)
        kept.set(f'{{{RDF}}}about', node.get(f'{{{RDF}}}about', ''))
        for name, value in node.attrib.items():
            if not name.startswith(f'{{{RDF}}}'):
                if travels(name) and is_words(value):
                    kept.set(name, value)
                else:
                    note(name, left_out)
        for child in node:
            if travels(child.tag) and all(map(is_plain, child.iter())):
                kept.append(child)
            else:
                note(child.tag, left_out)
        if not len(kept) and len(kept.attrib) == 1:
            fresh.remove(kept)
    if not len(fresh):
        return None, left_out
    meta = ET.Element(f'{{{META}}}xmpmeta')
    meta.append(fresh)
    return BEGIN + ET.tostring(meta, 'utf-8') + END, left_out


def is_inner(node: ET.Element, root: ET.Element) -> bool:
    """Whether a description stands inside of a property."""
    return not any(node in list(x) for x in root.iter(f'{{{RDF}}}RDF'))


def split(name: str) -> tuple[str, str]:
    uri, _, local = name[1:].rpartition('}')
    return uri, local


def travels(name: str) -> bool:
    uri, local = split(name)
    names = TRAVELS.get(uri, set())
    return name != MAKER and (names is None or local in names)


def is_plain(node: ET.Element) -> bool:
    """Whether it and its attributes are words of namespaces that travel."""
    if not isinstance(node.tag, str):  # a comment
        return False
    known = all(
        uri in TRAVELS or uri in (RDF, '') or uri.endswith('/namespace')
        for uri, _ in map(split, [node.tag, *node.attrib]))
    return known and all(is_words(x) for x in (
        node.text or '', node.tail or '', *node.attrib.values()))


def note(name: str, left_out: list[str]) -> None:
    uri, local = split(name)
    if uri not in SILENT:
        left_out.append(f'XMP {local}')

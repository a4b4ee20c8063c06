"""Raw files of cameras: what opens of them is a preview, not the picture."""
import struct
from pathlib import Path

from .tiff import PHOTOMETRIC, REDUCED, entries, number

ENDINGS = {
    '.3fr', '.ari', '.arw', '.bay', '.cap', '.cr2', '.cr3', '.crw', '.dcr',
    '.dng', '.erf', '.fff', '.gpr', '.iiq', '.k25', '.kdc', '.mdc', '.mef',
    '.mos', '.mrw', '.nef', '.nrw', '.orf', '.pef', '.ptx', '.raf', '.raw',
    '.rw2', '.rwl', '.sr2', '.srf', '.srw', '.x3f'}
BEGINS = (b'FUJIFILMCCD-RAW', b'FOVb', b'\0MRM', b'IIRO', b'IIRS', b'IIU\0',
          b'MMOR')
DNG = 50706
SENSORS = {32803, 34892}  # colour filters, linear samples


def is_raw(name: str, content: bytes) -> bool:
    """Whether a file is a camera's raw file, or a TIFF whose first picture is
    a reduced one: by its name, its beginning, or its tags."""
    if Path(name).suffix.lower() in ENDINGS or content.startswith(BEGINS) or (
            content[4:12] == b'ftypcrx ' or (
                content[:4] == b'II*\0' and content[8:10] == b'CR')):
        return True
    try:
        tags = entries(content)[1]
    except struct.error:
        return False
    return DNG in tags or bool(number(content, REDUCED) & 1) or (
        number(content, PHOTOMETRIC) in SENSORS)


def is_raw_file(path: Path) -> bool:
    """The same of a file, of which no more is read than it takes."""
    if path.suffix.lower() in ENDINGS:
        return True
    try:
        with path.open('rb') as file:
            head = file.read(16)
            if head[:4] not in (b'II*\0', b'MM\0*'):
                return is_raw('', head)
            order = '<' if head[:2] == b'II' else '>'
            start, = struct.unpack_from(order + 'I', head, 4)
            file.seek(start)
            count, = struct.unpack(order + 'H', file.read(2))
            listed = struct.pack(order + 'H', count) + file.read(12 * count)
            return is_raw('', head) or is_raw('', head[:4] + struct.pack(
                order + 'I', 8) + listed)
    except (OSError, struct.error):
        return False

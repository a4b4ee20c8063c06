"""From a document of Krita to a result on a layer of its own."""
import tempfile
from pathlib import Path

from PyQt5.QtGui import QImage

from . import command, pixels
from .command import Refusal


def remove(document, going_on):
    """Fill what is selected, on a new layer at the top.

    Args:
        document (Document): Krita's, or None if none is open.
        going_on (callable): Is called again and again while the command
            works; what it returns says whether to go on.

    Returns:
        Node: The layer; None if it was not to go on.

    Raises:
        Refusal: With a sentence for the user.
    """
    selected = check(document)
    found = command.find()
    with tempfile.TemporaryDirectory(prefix='tmad') as folder:
        write(document, selected, Path(folder))
        run = command.Run(folder, found)
        try:
            while not run.done():
                if not going_on():
                    return None
        finally:
            if not run.done():
                run.stop()
        return add(document, selected, run.check())


def check(document):
    """Return the selection; raises Refusal if there is nothing to do."""
    if document is None:
        raise Refusal('No picture is open: open one, and select what is to '
                      'be removed.')
    pixels.check_kind(document.colorModel(), document.colorDepth())
    selected = document.selection()
    if selected is None or not box(document, selected)[2]:
        raise Refusal('Nothing is selected: select what is to be removed, '
                      'its edge and its shadow.')
    return selected


def box(document, selected):
    """Return x, y, width and height of what is selected of the picture."""
    x, y = max(selected.x(), 0), max(selected.y(), 0)
    right = min(selected.x() + selected.width(), document.width())
    bottom = min(selected.y() + selected.height(), document.height())
    if right <= x or bottom <= y:
        return 0, 0, 0, 0
    return x, y, right - x, bottom - y


def write(document, selected, folder):
    """Write what is seen, and the mask, as the command reads them."""
    document.waitForDone()
    width, height = document.width(), document.height()
    whole = 0, 0, width, height
    kind = document.colorModel(), document.colorDepth()
    folder.joinpath('photo.png').write_bytes(pixels.png(
        document.pixelData(*whole), width, height, *kind))
    folder.joinpath('mask.png').write_bytes(pixels.png(
        selected.pixelData(*whole), width, height, 'A', 'U8'))


def add(document, selected, patch):
    """Add the patch as a layer, and return that."""
    model, depth = document.colorModel(), document.colorDepth()
    place = box(document, selected)
    image = QImage(str(patch)).copy(*place)
    image = image.convertToFormat(
        QImage.Format_RGBA64 if depth == 'U16' else QImage.Format_RGBA8888)
    data = image.constBits().asstring(image.sizeInBytes())
    node = document.createNode('Removed', 'paintlayer')
    node.setPixelData(pixels.layer(data, model, depth), *place)
    document.rootNode().addChildNode(node, None)
    document.refreshProjection()
    return node


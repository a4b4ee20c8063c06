"""What kritarunner runs: the plug-in upon documents, its results to files."""
import json
from pathlib import Path

from krita import InfoObject, Krita, Selection
from tmad import command
from tmad.command import Refusal
from tmad.document import remove

HOLE = 100, 60, 40, 30  # x, y, width, height


def main(arguments):
    folder = Path(arguments[0])
    said = {}
    for name, kind in dict(rgb8=('RGBA', 'U8'), rgb16=('RGBA', 'U16'),
                           grey8=('GRAYA', 'U8'),
                           grey16=('GRAYA', 'U16')).items():
        document = opened(folder / 'photo.png')
        # a file of 16 bits without a profile opens a dialog
        document.setColorSpace(*kind, '')
        export(document, folder / f'{name}.png')
        node = remove(document, lambda: True)
        document.waitForDone()
        said[name] = [document.colorModel(), document.colorDepth(),
                      layers(document),
                      node.bounds().getRect()]
        export(document, folder / f'{name}_out.png')
        document.topLevelNodes()[0].setVisible(False)
        document.refreshProjection()
        export(document, folder / f'{name}_patch.png')
    said['refused'] = dict(refused(folder))
    document = opened(folder / 'photo.png')
    said['cancelled'] = [remove(document, lambda: False),
                         layers(document)]
    (folder / 'said.json').write_text(json.dumps(said))


def opened(path, hole=HOLE):
    document = Krita.instance().openDocument(str(path))
    document.setBatchmode(True)
    if hole:
        selection = Selection()
        selection.select(*hole, 255)
        document.setSelection(selection)
    return document


def layers(document):
    """Names; the selection is a node, too."""
    return [x.name() for x in document.topLevelNodes()
            if x.type() == 'paintlayer']


def export(document, path):
    options = InfoObject()
    options.setProperties(dict(alpha=True, compression=1, forceSRGB=False))
    assert document.exportImage(str(path), options), path


def refused(folder):
    """Names and sentences."""
    path = folder / 'photo.png'

    def sentence(document):
        try:
            remove(document, lambda: True)
        except Refusal as refusal:
            return str(refusal)

    yield 'no document', sentence(None)
    yield 'no selection', sentence(opened(path, None))
    yield 'outside', sentence(opened(path, (900, 900, 9, 9)))
    yield 'everything', sentence(opened(path, (-5, -5, 900, 900)))
    for model, depth in (('CMYKA', 'U8'), ('RGBA', 'F32')):
        document = opened(path)
        document.setColorSpace(model, depth, '')
        yield model + depth, sentence(document)
    beside, command.BESIDE = command.BESIDE, folder / 'nothing.json'
    command.find.__defaults__ = command.BESIDE,
    yield 'no command', sentence(opened(path))
    command.find.__defaults__ = beside,

"""What the page shows of a picture."""
from pathlib import Path
from typing import NamedTuple, Optional

from PIL import Image

from .brush import preview_of
from .session import Session


class View(NamedTuple):
    """Small copies of it.

    Attributes:
        session (Session): Of the picture.
        before, after (Path): The picture as it came, and as it is now.
        strokes (Path, optional): What the editor shows as brushed.
    """
    session: Session
    before: Path
    after: Path
    strokes: Optional[Path] = None


def view_of(session: Session) -> View:
    """Copies, which are made once a round."""
    copies = []
    for rounds in (0, session.rounds):
        copy = session.folder / f'copy_{rounds}.webp'
        if not copy.exists():
            small = preview_of(session.picture(rounds))
            small.save(copy, quality=92,
                       icc_profile=small.info.get('icc_profile'))
        copies.append(copy)
    return View(session, *copies)


def brushed(view: View, strokes: Optional[Image.Image]) -> View:
    """A view with strokes, if there are any."""
    if strokes is None:
        return view
    file = view.session.folder / 'strokes.png'
    strokes.save(file)
    return view._replace(strokes=file)

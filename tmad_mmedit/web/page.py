"""What on the page calls what."""
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Optional

import gradio as gr
import numpy as np
from gradio.processing_utils import save_bytes_to_cache

from .actions import Actions
from .layout import Layout, examples
from .spoken import spoken, ticking
from .views import View
from .worker import Settings

# One job at a time has the models; the others wait in a queue
MODEL = dict(concurrency_id='model', concurrency_limit=1)
PRIVATE = dict(api_visibility='private')


def page_of(actions: Actions, models: list[str]) -> gr.Blocks:
    """The page, whose parts call the actions."""
    shown = examples()
    with gr.Blocks(title='T-MAD', analytics_enabled=False,
                   delete_cache=(600, 3600)) as page:
        parts = Layout(models, shown, actions.sessions.close)
        open_and_step(actions, parts)
        paint(actions, parts, shown)
        answer_programs(actions, parts)
    page.queue(max_size=actions.limits.waiting)
    return page


def open_and_step(actions: Actions, parts: Layout) -> None:
    """What needs no model."""

    @spoken
    def open_file(file: str, old: str):
        with passing(file):
            return shown_as(actions.open(file, old))

    @spoken
    def step_back(token: str):
        return shown_as(actions.step_back(token))

    @spoken
    def unbrushed(token: str):
        return editor_of(actions.view(token))

    for source in parts.opener, parts.another:
        opened = source.upload(
            open_file, [source, parts.token], view_in(parts),
            show_progress_on=[source], **PRIVATE)
        opened.failure(lambda: None, None, [parts.opener], **PRIVATE)
    parts.back.click(step_back, [parts.token], view_in(parts),
                     show_progress='hidden', **PRIVATE)
    # gradio's own bin would take the picture away, too
    for cleared in parts.clear.click, parts.editor.clear:
        cleared(unbrushed, [parts.token], [parts.editor],
                show_progress='hidden', **PRIVATE)


def paint(actions: Actions, parts: Layout, shown: list) -> None:
    """What the models do for the page."""

    @spoken
    def remove_brushed(token, drawn, mask, model, dilate, feather,
                       seed, overlap, progress=gr.Progress()):  # noqa: B008
        actions.remove(token, layers_of(drawn), mask, int(dilate),
                       settings_of(model, feather, seed, overlap),
                       ticking(progress))

    @spoken
    def example(event: gr.SelectData, old, model, dilate, feather, seed,
                overlap, progress=gr.Progress()):  # noqa: B008
        chosen = shown[event.index]
        view = actions.example(chosen, old)
        yield shown_as(view)
        actions.remove(view.session.token, [], str(chosen.mask), 0,
                       settings_of(model, feather, seed, overlap),
                       ticking(progress))
        # gradio sends the last one again, which the editor would load again
        yield [gr.skip()] * len(view_in(parts))

    @spoken
    def painted(token, drawn):
        return shown_as(actions.painted(token, layers_of(drawn)))

    @spoken
    def figure(token, progress=gr.Progress()):  # noqa: B008
        return actions.figure(token, ticking(progress))

    @spoken
    def done(token):
        return shown_as(actions.painted(token, []))

    on_slider = dict(show_progress_on=[parts.slider], **MODEL, **PRIVATE)
    removed = parts.go.click(
        remove_brushed,
        [parts.token, parts.editor, parts.mask, *parts.settings], **on_slider)
    # of what only the browser does, gradio does not see the end
    lifted = removed.success(lambda: None, js='() => brushLifted()', **PRIVATE)
    lifted.success(painted, [parts.token, parts.editor], view_in(parts),
                   show_progress='hidden', **PRIVATE)
    # an editor that is still loading an example's strokes must not be read
    parts.gallery.select(
        example, [parts.token, *parts.settings], view_in(parts),
        **on_slider).success(done, [parts.token], view_in(parts),
                             show_progress='hidden', **PRIVATE)
    parts.made.expand(figure, [parts.token], [parts.figure], **MODEL,
                      **PRIVATE)


def answer_programs(actions: Actions, parts: Layout) -> None:
    """The same through HTTP."""

    @spoken
    def remove(picture: str, mask: str, model: str, dilate: int,
               feather: int, seed: int, overlap: bool, own_kind: bool) -> str:
        with passing(picture, mask):
            image, name = actions.once(
                picture, mask, int(dilate),
                settings_of(model, feather, seed, overlap), own_kind)
        file = BytesIO()
        image.save(file, Path(name).suffix)
        path = save_bytes_to_cache(file.getvalue(), name,
                                   parts.result_file.GRADIO_CACHE)
        parts.result_file.temp_files.add(path)  # gradio removes it in time
        return path

    parts.once.click(
        remove, [parts.picture_file, parts.mask_file, *parts.settings,
                 parts.own_kind], [parts.result_file],
        api_name='remove', api_visibility='public', **MODEL)


@contextmanager
def passing(*uploads: Optional[str]) -> Iterator[None]:
    """Files that are gone afterwards; gradio alone would keep them for an
    hour."""
    try:
        yield
    finally:
        for upload in filter(None, uploads):
            Path(upload).unlink(missing_ok=True)


def view_in(parts: Layout) -> list[Any]:
    """Where :func:`shown_as` goes."""
    return [parts.token, parts.opener, parts.editor, parts.slider,
            parts.links, parts.mask, parts.figure]


def shown_as(view: View) -> tuple:
    """A view in the parts of the page."""
    painted = view.session.rounds > 0
    return (view.session.token, gr.File(None, visible=False),
            editor_of(view),
            (str(view.before), str(view.after)) if painted else None,
            links_of(view), None, None)


def settings_of(model: str, feather: int, seed: Optional[int],
                overlap: bool) -> Settings:
    """What the page's parts say; a field that was emptied says None."""
    if seed is None:
        raise ValueError('the seed is empty: give a whole number, such as 0.')
    return Settings(model, int(feather), int(seed), overlap)


def layers_of(drawn: Optional[dict]) -> list[np.ndarray]:
    """What an editor says is brushed."""
    return drawn['layers'] if drawn else []


def editor_of(view: View) -> Any:
    """The brush on an unbrushed copy, or with the strokes of an example."""
    strokes = [str(view.strokes)] if view.strokes else []
    return gr.ImageEditor(
        dict(background=str(view.after), layers=strokes, composite=None),
        visible=True)


def links_of(view: View) -> str:
    """What the picture is, and links to the result at full size, in the kinds
    it can be had in."""
    session = view.session
    height, width = session.size
    anchors = ''.join(
        f'<a download href="result/{session.token}/{ending[1:]}">Download '
        f'{ending[1:].upper()}</a>' for ending in session.endings)
    said = f'{escape(session.name.name)}, {width} × {height} pixels'
    if session.rounds:
        said += f', {session.rounds} round' + 's' * (session.rounds > 1)
    return (f'<div class="links">{anchors if session.rounds else ""}'
            f'<span>{said}</span></div>')

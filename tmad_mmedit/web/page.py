"""The page: what is where, and what calls what."""
import functools
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Optional

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from .actions import Actions, Example, View
from .brush import COLOUR, OPACITY
from .worker import Settings

DEMO = Path(__file__).parents[2] / 'demo'  # of a checkout
HEAD = f'<script>{(Path(__file__).parent / "page.js").read_text()}</script>'
CSS = (Path(__file__).parent / 'page.css').read_text()
TITLE = """# Take things out of a picture
Brush over a thing, its edge and its shadow, and press **Remove**. What you
did not brush stays as it is, to the last bit."""
MADE = """How the last round was made. Above: the picture with its hole, the
coarse guess, the result; lines lead from squares of the hole to where their
textures came from. Below: each square's guess, its textures and what was made
of them, then the texture memory where the model has one of patches."""
HEIGHT = 440  # of the brush and of the result, in pixels
FONTS = ['ui-sans-serif', 'system-ui', 'sans-serif']
MONO = ['ui-monospace', 'monospace']
# One job at a time has the models; the others wait in a queue
MODEL = dict(concurrency_id='model', concurrency_limit=1)
PRIVATE = dict(api_visibility='private')


def examples() -> list[Example]:
    """The photographs of ``demo/`` that have a mask."""
    masks = {path.stem: path for path in (DEMO / 'masks').glob('*.png')}
    return [Example(photo, masks[photo.stem])
            for photo in sorted((DEMO / 'photos').glob('*.jpg'))
            if photo.stem in masks]


def page_of(actions: Actions, models: list[str]
            ) -> tuple[gr.Blocks, dict[str, Any]]:
    """The page, and how it looks, as ``mount_gradio_app`` takes it."""
    looks = dict(css=CSS, head=HEAD, theme=gr.themes.Default(
        primary_hue='blue', font=FONTS, font_mono=MONO))
    with gr.Blocks(title='T-MAD', analytics_enabled=False,
                   delete_cache=(600, 3600)) as page:
        token = gr.State('', delete_callback=actions.sessions.close)
        gr.Markdown(TITLE)
        with gr.Tab('Remove'), gr.Row():
            with gr.Column(scale=1, min_width=320):
                opener = gr.File(
                    label='Open, drop or paste a picture', elem_id='open',
                    height=HEIGHT)
                editor = gr.ImageEditor(
                    label='Brush', elem_id='brush', visible=False, type='numpy',
                    sources=(), transforms=(), layers=False, height=HEIGHT,
                    buttons=[], brush=gr.Brush(
                        colors=[(COLOUR, OPACITY)], color_mode='fixed'))
                with gr.Row(elem_id='buttons'):
                    go = gr.Button('Remove', variant='primary', min_width=90,
                                   elem_id='remove')
                    clear = gr.Button('Clear', min_width=70)
                    back = gr.Button('Step back', min_width=90)
                    another = gr.UploadButton('Open …', min_width=80,
                                              elem_id='another')
                with gr.Accordion('Settings', open=False):
                    model = gr.Dropdown(
                        models, value=models[0], label='Model')
                    with gr.Row():
                        dilate = gr.Slider(
                            0, 64, 0, step=1, label='Dilate', min_width=200,
                            info='pixels by which the hole grows')
                        feather = gr.Slider(
                            0, 64, 0, step=1, label='Feather', min_width=200,
                            info="pixels of fading in at the hole's edge")
                    with gr.Row():
                        seed = gr.Number(
                            0, precision=0, label='Seed', min_width=200,
                            info='the same seed paints the same')
                        overlap = gr.Checkbox(
                            False, label='Overlap', min_width=200,
                            info="blend PSNet's patches, for 4 times the "
                            'work')
                    mask = gr.File(
                        label='A mask file in place of the brush, bright = '
                        'hole', elem_id='mask', height=120)
            with gr.Column(scale=1, min_width=320):
                slider = gr.ImageSlider(
                    label='Before and after', elem_id='slider',
                    interactive=False, buttons=['fullscreen'],
                    height=HEIGHT, max_height=HEIGHT)
                links = gr.HTML(elem_id='links')
                shown = examples()
                if shown:
                    gr.Markdown('Examples: one click opens and removes.')
                gallery = gr.Gallery(
                    [str(x.photo) for x in shown], columns=len(shown) or 1,
                    rows=1, height=110, allow_preview=False, buttons=[],
                    show_label=False, elem_id='examples',
                    visible=bool(shown))
        with gr.Tab('How it was made') as made:
            gr.Markdown(MADE)
            figure = gr.Image(label='Steps', format='png', elem_id='figure',
                              interactive=False, buttons=['download',
                                                          'fullscreen'])
        with gr.Column(visible=False):
            picture_file, mask_file = gr.File(), gr.File()
            own = gr.Checkbox(False)
            result_file, once = gr.File(), gr.Button()

        settings = [model, dilate, feather, seed, overlap]
        view = [token, opener, editor, slider, links, mask]

        def on(event: Callable, act: Callable, inputs: list, outputs: list,
               **options: Any) -> None:
            event(act, inputs, outputs, **{**PRIVATE, **options})

        @spoken
        def open_file(file: str, old: str):
            return shown_as(actions.open(file, old))

        for upload in opener.upload, another.upload:
            on(upload, open_file, [opener if upload == opener.upload
                                   else another, token], view,
               show_progress_on=[opener])

        @spoken
        def remove(token, drawn, mask, model, dilate, feather, seed, overlap,
                   progress=gr.Progress()):  # noqa: B008
            layers = drawn['layers'] if drawn else []
            return shown_as(actions.remove(
                token, layers, mask, int(dilate),
                Settings(model, int(feather), int(seed), overlap),
                ticking(progress)))

        on(go.click, remove, [token, editor, mask, *settings], view,
           show_progress_on=[slider], **MODEL)

        @spoken
        def example(event: gr.SelectData, old, model, dilate, feather, seed,
                    overlap, progress=gr.Progress()):  # noqa: B008
            chosen = Settings(model, int(feather), int(seed), overlap)
            for step in actions.example(shown[event.index], old, chosen,
                                        ticking(progress)):
                yield shown_as(step)

        on(gallery.select, example, [token, *settings], view,
           show_progress_on=[slider], **MODEL)

        @spoken
        def step_back(token):
            return shown_as(actions.step_back(token))

        on(back.click, step_back, [token], view, show_progress='hidden')

        @spoken
        def unbrushed(token):
            return editor_of(actions.view(token))

        for cleared in clear.click, editor.clear:
            on(cleared, unbrushed, [token], [editor], show_progress='hidden')

        @spoken
        def how(token, progress=gr.Progress()):  # noqa: B008
            return actions.figure(token, ticking(progress))

        on(made.select, how, [token], [figure], **MODEL)

        @spoken
        def remove_file(picture: str, mask: str, model: str, dilate: int = 0,
                        feather: int = 0, seed: int = 0,
                        overlap: bool = False, own_kind: bool = False) -> str:
            image, name = actions.once(
                picture, mask, int(dilate),
                Settings(model, int(feather), int(seed), overlap), own_kind)
            file = BytesIO()
            image.save(file, Path(name).suffix)
            path = save_bytes_to_cache(file.getvalue(), name,
                                       result_file.GRADIO_CACHE)
            result_file.temp_files.add(path)
            return path

        on(once.click, remove_file,
           [picture_file, mask_file, *settings, own], [result_file],
           api_name='remove', api_visibility='public', **MODEL)
    page.queue(max_size=actions.limits.waiting)
    return page, looks


def spoken(act: Callable) -> Callable:
    """What goes wrong becomes one sentence on the page."""
    import inspect

    def said(error: Exception) -> gr.Error:
        return gr.Error(sentence(error), print_exception=False)

    if inspect.isgeneratorfunction(act):
        @functools.wraps(act)
        def speaking(*inputs, **named):
            try:
                yield from act(*inputs, **named)
            except Exception as error:
                raise said(error) from None
    else:
        @functools.wraps(act)
        def speaking(*inputs, **named):
            try:
                return act(*inputs, **named)
            except Exception as error:
                raise said(error) from None
    return speaking


def sentence(error: Exception) -> str:
    """What went wrong; of what nobody foresaw, also its kind."""
    if isinstance(error, (OSError, ValueError, RuntimeError)) and str(error):
        text = str(error)
        return text[:1].upper() + text[1:]
    if isinstance(error, MemoryError):
        return 'The memory is not enough for it: give a smaller picture.'
    return f'{type(error).__name__}: {error}'


def ticking(progress: gr.Progress) -> Callable[[float], None]:
    def tick(seconds: float) -> None:
        progress((int(seconds), None), desc='Painting', unit='seconds')
    return tick


def editor_of(view: View) -> Any:
    """The brush on an unbrushed copy, or with the strokes of an example."""
    strokes = [str(view.strokes)] if view.strokes else []
    return gr.ImageEditor(
        dict(background=str(view.after), layers=strokes, composite=None),
        visible=True)


def shown_as(view: View) -> tuple:
    """Values of token, opener, editor, slider, links and mask."""
    painted = view.session.rounds > 0
    return (view.session.token, gr.File(None, visible=False),
            editor_of(view),
            (str(view.before), str(view.after)) if painted else None,
            links_of(view) if painted else '', None)


def links_of(view: View) -> str:
    """To the result at full size, by the kinds it can be had in."""
    session = view.session
    height, width = session.size
    anchors = ' '.join(
        f'<a class="lg secondary download" download '
        f'href="result/{session.token}/{ending[1:]}">Download '
        f'{ending[1:].upper()}</a>' for ending in session.endings())
    rounds = f'{session.rounds} round' + 's' * (session.rounds > 1)
    return f'{anchors} <span>{width} × {height} pixels, {rounds}</span>'

"""What is where on the page."""
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from .actions import Example
from .brush import COLOUR, OPACITY

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / 'demo'  # of a checkout
HEIGHT = 440  # of the brush and of the result, in pixels
TITLE = """# Take things out of a picture
Brush over a thing, its edge and its shadow, and press **Remove**. What you
did not brush stays as it is, to the last bit."""
MADE = """How the last round was made. Above: the picture with its hole, the
coarse guess, the result; lines lead from squares of the hole to where their
textures came from. Below: each square's guess, its textures and what was made
of them, then the texture memory where the model has one of patches."""


def looks() -> dict[str, Any]:
    """As ``mount_gradio_app`` takes them. Fonts are the machine's own."""
    return dict(
        css=(HERE / 'page.css').read_text(),
        head=f'<script>{(HERE / "page.js").read_text()}</script>',
        theme=gr.themes.Default(
            primary_hue='blue',
            font=['ui-sans-serif', 'system-ui', 'sans-serif'],
            font_mono=['ui-monospace', 'monospace']).set(
                # gradio's own grey and blue are too near to white
                body_text_color_subdued='*neutral_500',
                button_primary_background_fill='*primary_600',
                button_primary_background_fill_hover='*primary_700'))


def examples() -> list[Example]:
    """The photographs of ``demo/`` that have a mask."""
    masks = {path.stem: path for path in (DEMO / 'masks').glob('*.png')}
    return [Example(photo, masks[photo.stem])
            for photo in sorted((DEMO / 'photos').glob('*.jpg'))
            if photo.stem in masks]


class Layout:
    """The parts of the page, which are made where a ``gr.Blocks`` is open.

    Args:
        models (list[str]): To choose from.
        shown (list[Example]): To try.
        close (callable): Is given the token of a page that is gone.
    """

    def __init__(self, models: list[str], shown: list[Example],
                 close: Callable[[str], None]) -> None:
        self.token = gr.State('', delete_callback=close)
        gr.Markdown(TITLE)
        with gr.Row():
            with gr.Column(scale=1, min_width=320):
                self._brush()
                self._settings(models)
            with gr.Column(scale=1, min_width=320):
                self._result(shown)
        # no tab: gradio's page hangs when an editor of a tab that was away
        # is given a picture
        with gr.Accordion('How it was made', open=False) as self.made:
            gr.Markdown(MADE)
            self.figure = gr.Image(
                label='Steps', format='png', elem_id='figure',
                interactive=False, buttons=['download', 'fullscreen'])
        with gr.Column(visible=False):  # what only programs see
            self.picture_file = gr.File(label='The picture')
            self.mask_file = gr.File(label='Its mask, bright = hole')
            self.own_kind = gr.Checkbox(
                False, label="The result is of the picture's kind")
            self.result_file = gr.File(label='The result')
            self.once = gr.Button()

    def _brush(self) -> None:
        self.opener = gr.File(label='Open, drop or paste a picture',
                              elem_id='open', height=HEIGHT)
        # the picture itself stays at the server: no tool here may change it;
        # 'hidden', as it logs an error if it is set up with its picture
        self.editor = gr.ImageEditor(
            label='Brush', elem_id='brush', visible='hidden', type='numpy',
            sources=(), transforms=(), layers=False, height=HEIGHT,
            buttons=[], brush=gr.Brush(
                colors=[(COLOUR, OPACITY)], color_mode='fixed'))
        with gr.Row(elem_id='buttons'):
            self.go = gr.Button('Remove', variant='primary', min_width=80)
            self.clear = gr.Button('Clear', min_width=60)
            self.back = gr.Button('Step back', min_width=80)
            self.another = gr.UploadButton('Open …', min_width=70,
                                           elem_id='another')

    def _settings(self, models: list[str]) -> None:
        with gr.Accordion('Settings', open=False):
            self.model = gr.Dropdown(models, value=models[0], label='Model')
            with gr.Row():
                self.dilate = gr.Slider(
                    0, 64, 0, step=1, label='Dilate', min_width=200,
                    info='pixels by which the hole grows')
                self.feather = gr.Slider(
                    0, 64, 0, step=1, label='Feather', min_width=200,
                    info="pixels of fading in at the hole's edge")
            with gr.Row():
                self.seed = gr.Number(
                    0, precision=0, label='Seed', min_width=200,
                    minimum=0, maximum=2**32 - 1,
                    info='the same seed paints the same')
                self.overlap = gr.Checkbox(
                    False, label='Overlap', min_width=200,
                    info="blend PSNet's patches, for 4 times the work")
            self.mask = gr.File(
                label='A mask file in place of the brush, bright = hole',
                elem_id='mask', height=180)
        self.settings = [self.model, self.dilate, self.feather, self.seed,
                         self.overlap]

    def _result(self, shown: list[Example]) -> None:
        self.slider = gr.ImageSlider(
            label='Before and after', elem_id='slider', interactive=False,
            buttons=['fullscreen'], height=HEIGHT, max_height=HEIGHT)
        self.links = gr.HTML(elem_id='links', padding=False)
        if shown:
            gr.Markdown('Examples: one click opens and removes.')
        self.gallery = gr.Gallery(
            [str(x.photo) for x in shown], columns=len(shown) or 1, rows=1,
            height=128, allow_preview=False, buttons=[], show_label=False,
            elem_id='examples', visible=bool(shown))

"""The removal for programs, through gradio's queue."""
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Optional

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from gradio.processing_utils import save_bytes_to_cache
from gradio.route_utils import upload_fn
from starlette.formparsers import MultiPartException

from .actions import Actions
from .errors import sentence
from .sessions import IDLE
from .worker import Settings


def add_programs(app: FastAPI, actions: Actions, models: list[str],
                 root_path: str) -> FastAPI:
    """Add gradio's interface to an application, below its own pages."""
    blocks = blocks_of(actions, models)
    most = int(actions.limits.megabytes * 1e6)
    add_upload(app, blocks, most)
    return gr.mount_gradio_app(app, blocks, '/', max_file_size=most,
                               ssr_mode=False, root_path=root_path or None)


def add_upload(app: FastAPI, blocks: gr.Blocks, most: int) -> None:
    """Give each upload a folder of its own. gradio would give two programs
    that send one picture one file, which is gone when the first is served."""
    folder = Path(blocks.GRADIO_CACHE)

    @app.post('/gradio_api/upload')
    async def upload(request: Request) -> Any:
        try:
            files, *_ = await upload_fn(
                request, str(folder / secrets.token_hex(16)), most, None)
        except MultiPartException as error:
            return PlainTextResponse(error.message, 413)
        blocks.upload_file_set.update(files)
        return files


def blocks_of(actions: Actions, models: list[str]) -> gr.Blocks:
    with gr.Blocks(title='T-MAD', analytics_enabled=False,
                   delete_cache=(min(600, IDLE), IDLE)) as blocks:
        inputs = [
            gr.File(label='The picture'),
            gr.File(label='Its mask, bright = hole'),
            gr.Dropdown(models, value=models[0], label='Model'),
            gr.Slider(0, 64, 0, step=1, label='Dilate',
                      info='pixels by which the hole grows'),
            gr.Slider(0, 64, 0, step=1, label='Feather',
                      info="pixels of fading in at the hole's edge"),
            gr.Number(0, precision=0, label='Seed', minimum=0,
                      maximum=2**32 - 1,
                      info='the same seed paints the same'),
            gr.Checkbox(False, label='Overlap', info="blend PSNet's patches, "
                        'for 4 times the work'),
            gr.Checkbox(False, label="The result is of the picture's kind"),
            gr.File(label='A hint, colours on transparent'),
            gr.File(label='What is not copied, bright'),
            gr.File(label='What alone is copied, bright')]
        result = gr.File(label='The result')

        def remove(picture: str, mask: str, model: str, dilate: int,
                   feather: int, seed: Optional[int], overlap: bool,
                   own_kind: bool, hint: Optional[str] = None,
                   not_from: Optional[str] = None,
                   only_from: Optional[str] = None) -> str:
            layers = dict(hint=hint, not_from=not_from, only_from=only_from)
            with passing(picture, mask, *layers.values()), saying():
                settings = settings_of(model, feather, seed, overlap)
                image, name = actions.once(picture, mask, int(dilate),
                                           settings, own_kind, **layers)
                file = BytesIO()
                image.save(file, Path(name).suffix)
            path = save_bytes_to_cache(file.getvalue(), name,
                                       result.GRADIO_CACHE)
            result.temp_files.add(path)  # gradio removes it in time
            return path

        gr.Button().click(remove, inputs, [result], api_name='remove',
                          concurrency_limit=1)
    blocks.queue(max_size=actions.limits.waiting)
    return blocks


@contextmanager
def saying() -> Iterator[None]:
    """Whatever goes wrong becomes one sentence."""
    try:
        yield
    except Exception as error:
        raise gr.Error(sentence(error), print_exception=False) from None


@contextmanager
def passing(*uploads: Optional[str]) -> Iterator[None]:
    """Files that are gone afterwards; gradio alone would keep them for an
    hour."""
    try:
        yield
    finally:
        for upload in filter(None, uploads):
            Path(upload).unlink(missing_ok=True)


def settings_of(model: str, feather: int, seed: Optional[int],
                overlap: bool) -> Settings:
    """Return what was asked for; a field that is empty says None."""
    if seed is None:
        raise ValueError('the seed is empty: give a whole number, such as 0.')
    return Settings(model, int(feather), int(seed), overlap)

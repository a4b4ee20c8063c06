"""The page, and what it asks for by HTTP; ``docs/web.md`` lists it."""
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from .actions import Actions, Growth
from .bits import Bits, bits_of
from .errors import Gone, sentence, status_of
from .examples import chosen, examples
from .layers import KINDS, Layers
from .worker import Settings

STATIC = Path(__file__).parent / 'static'
KEEP = {'Cache-Control': 'private, max-age=3600, immutable'}
FRESH = {'Cache-Control': 'no-store'}
CHECK = {'Cache-Control': 'no-cache'}
Act = Callable[..., Awaitable[Any]]


class Files(StaticFiles):
    """Of the page; a browser asks whether its copy is the newest."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers.update(CHECK)
        return response


def add_page(app: FastAPI, actions: Actions, models: list[str]) -> None:
    """Add the page and what it asks for to an application."""

    @app.exception_handler(Exception)
    @app.exception_handler(OSError)
    @app.exception_handler(RuntimeError)
    @app.exception_handler(ValueError)
    async def failed(request: Request, error: Exception) -> Response:
        return JSONResponse({'error': sentence(error)}, status_of(error))

    @app.exception_handler(ClientDisconnect)
    async def away(request: Request, error: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: Any) -> Response:
        first = error.errors()[0]
        said = f'What was asked for is not right: {first["loc"][-1]}, '
        return JSONResponse({'error': said + first['msg'].lower() + '.'}, 422)

    @app.get('/')
    def page() -> Response:
        return FileResponse(STATIC / 'index.html', headers=CHECK)

    app.mount('/static', Files(directory=STATIC))
    api = APIRouter(prefix='/api')
    add_start(api, actions, models)
    add_pictures(api, actions)
    add_masks(api, actions)
    add_files(api, actions)
    app.include_router(api)


def add_start(api: APIRouter, actions: Actions, models: list[str]) -> None:
    shown = examples()

    @api.get('/start')
    def start() -> Any:
        return fresh(models=models, examples=list(shown),
                     megabytes=actions.limits.megabytes)

    @api.get('/models/{model}')
    def model(model: str) -> Any:
        return fresh(settings=actions.uses(model))

    @api.get('/examples/{name}')
    def thumbnail(name: str) -> Response:
        return Response(chosen(shown, name).thumbnail(), 200, KEEP,
                        'image/jpeg')

    @api.post('/examples/{name}')
    def example(name: str) -> Any:
        photo = chosen(shown, name).photo
        return fresh(**actions.state(
            actions.open(photo.read_bytes(), photo.name).token))

    @api.get('/examples/{name}/mask')
    def mask(name: str) -> Response:
        return mask_file(bits_of(chosen(shown, name).hole()))


def add_pictures(api: APIRouter, actions: Actions) -> None:
    @api.post('/pictures')
    async def opened(request: Request, name: str) -> Any:
        content = await body(request, actions, 'picture')
        session = await run_in_threadpool(actions.open, content, name)
        return fresh(**actions.state(session.token))

    @api.get('/pictures/{token}')
    def state(token: str) -> Any:
        return fresh(**actions.state(token))

    @api.delete('/pictures/{token}')
    def close(token: str) -> Any:
        actions.sessions.close(token)
        return fresh()

    @api.post('/pictures/{token}/remove')
    async def remove(request: Request, token: str, job: str, seen: int,
                     model: str, left: int = 0, top: int = 0,
                     close: str = '0', dilate: str = '0', feather: int = 0,
                     seed: int = 0, overlap: bool = False) -> Any:
        bits, layers = await drawn(request, actions, Bits(b'', left, top))
        await run_in_threadpool(
            actions.remove, token, job, seen, bits, growth(close, dilate),
            Settings(model, feather, seed, overlap), layers)
        return fresh(**actions.state(token))

    @api.delete('/pictures/{token}/job')
    def cancel(token: str) -> Any:
        actions.cancel(token)
        return fresh(**actions.state(token))

    @api.post('/pictures/{token}/undo')
    def undo(token: str, seen: int) -> Any:
        actions.step(token, seen, -1)
        return fresh(**actions.state(token))

    @api.post('/pictures/{token}/redo')
    def redo(token: str, seen: int) -> Any:
        actions.step(token, seen, 1)
        return fresh(**actions.state(token))


def add_masks(api: APIRouter, actions: Actions) -> None:
    def of(path: str) -> Callable[[Act], Act]:
        return api.post(f'/pictures/{{token}}/{path}')

    @of('grow')
    async def grow(request: Request, token: str, left: int = 0, top: int = 0,
                   close: str = '0', dilate: str = '0') -> Response:
        bits = Bits(await body(request, actions, 'mask'), left, top)
        return mask_file(await run_in_threadpool(
            actions.grow, token, bits, growth(close, dilate)))

    @of('snap')
    async def snap(request: Request, token: str, version: int, left: int = 0,
                   top: int = 0) -> Response:
        bits = Bits(await body(request, actions, 'mask'), left, top)
        return mask_file(await run_in_threadpool(
            actions.snap, token, bits, version))

    @of('mask')
    async def mask(request: Request, token: str) -> Response:
        content = await body(request, actions, 'mask')
        return mask_file(await run_in_threadpool(
            actions.mask, token, content))

    @of('layer/{kind}')
    async def layer(request: Request, token: str, kind: str) -> Response:
        content = await body(request, actions, kind)
        return mask_file(await run_in_threadpool(
            actions.layer, token, kind, content))


def add_files(api: APIRouter, actions: Actions) -> None:
    @api.get('/pictures/{token}/tiles/{version}/{level}/{column}/{row}')
    def tile(token: str, version: int, level: int, column: int, row: int
             ) -> Response:
        content, kind = actions.tiles.tile(
            actions.sessions.get(token), version, level, column, row)
        return Response(content, 200, KEEP, kind)

    @api.get('/pictures/{token}/figure/{version}/{part}')
    def figure(token: str, version: int, part: int) -> Response:
        parts = actions.figure(token, version).parts
        if not 0 <= part < len(parts):
            raise Gone('the figure has no such part.')
        file = BytesIO()
        Image.fromarray(parts[part]).save(file, 'PNG', compress_level=3)
        return Response(file.getvalue(), 200, KEEP, 'image/png')

    @api.get('/pictures/{token}/source/{version}')
    def source(token: str, version: int, x: int, y: int) -> Response:
        return mask_file(actions.source(token, version, x, y))

    @api.get('/pictures/{token}/file/{ending}')
    def download(token: str, ending: str) -> Response:
        picture, name = actions.file(token, f'.{ending}')
        file = BytesIO()
        picture.save(file, ending)
        return Response(file.getvalue(), 200, {
            **FRESH, 'Content-Disposition':
                f"attachment; filename*=UTF-8''{quote(name)}"},
            'application/octet-stream')


async def body(request: Request, actions: Actions, what: str) -> bytes:
    """Read what is sent, as long as it is not over the limits."""
    content = bytearray()
    async for chunk in request.stream():
        content.extend(chunk)
        actions.limits.check_bytes(len(content), what)
    return bytes(content)


async def drawn(request: Request, actions: Actions, place: Bits
                ) -> tuple[Bits, Layers]:
    """Read a mask that is sent alone, or, as a form, with layers beside it.
    A file's name in the form says where it lies, such as ``12,30``."""
    content = await body(request, actions, 'mask')
    if not request.headers.get('content-type', '').startswith('multipart/'):
        return place._replace(png=content), Layers()

    async def again() -> Any:
        return dict(type='http.request', body=content, more_body=False)

    bits = {}
    async with Request(request.scope, again).form() as form:
        for name in 'mask', *KINDS:
            file = form.get(name)
            if not isinstance(file, UploadFile):
                continue
            left, _, top = (file.filename or '').partition(',')
            if not (left.isdecimal() and top.isdecimal()):
                raise ValueError(
                    f'the file of the {name} is called {file.filename!r}: '
                    "expected where it lies, left and top, as in '12,30'.")
            bits[name] = Bits(await file.read(), int(left), int(top))
    if 'mask' not in bits:
        raise ValueError('the form has no mask: send it as a file.')
    return bits.pop('mask'), Layers(**bits)


def growth(close: str, dilate: str) -> Growth:
    return Growth(*(int(x) if x.isdigit() else x for x in (close, dilate)))


def mask_file(bits: Bits) -> Response:
    return Response(bits.png, 200, {
        **FRESH, 'X-Left': str(bits.left), 'X-Top': str(bits.top)},
        'image/png')


def fresh(**content: Any) -> Response:
    return JSONResponse(content, headers=FRESH)

"""The page's server."""
import os
import secrets
import socket
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from .limits import Limits
from .sealed import Sealed
from .worker import Named, Worker


def serve(models: dict[str, Named], device: str = 'cpu', trust: bool = False,
          host: str = '127.0.0.1', port: int = 7860,
          limits: Limits = Limits()) -> None:  # noqa: B008
    """Answer until Ctrl-C.

    Args:
        models (dict[str, Named]): To choose from; the first one is loaded.
        device (str): See :class:`Worker`, as ``trust``.
        host (str): Where to listen. Defaults to this machine only.
        port (int): 0 for any that is free. Defaults to 7860.
        limits (Limits): Of what one user may ask.

    Raises:
        ImportError: If gradio is not there.
        OSError: If the port is taken.
        ValueError: If the first model cannot be built.
    """
    demand_gradio()
    listening = listen(host, port)
    worker = Worker(models, device, trust, limits.seconds)
    try:
        with TemporaryDirectory(prefix='tmad_web_') as folder, (
                ThreadPoolExecutor(1)) as meanwhile:
            loaded = meanwhile.submit(worker.load, next(iter(models)))
            app = build(worker, limits, Path(folder))
            loaded.result()
            run(app, listening)
    except KeyboardInterrupt:
        pass
    finally:
        worker.close()
        listening.close()
    print('tmad: the page is closed.')


def demand_gradio() -> None:
    """Raises ImportError, in a sentence, if there is none."""
    if find_spec('gradio') is None:
        python = '' if sys.version_info >= (3, 10) else (
            ' in Python 3.10 or later')
        raise ImportError(
            'the page needs gradio: run `pip install "tmad_mmedit[web]"`, or '
            f'`make env` in a checkout{python}.')


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError, in a sentence, if it is not possible there."""
    try:
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise OSError(
            f'{host}:{port} cannot be listened on ({error.strerror}): give '
            'another --port, or --host.') from None


def build(worker: Worker, limits: Limits, folder: Path) -> Any:
    """The application.

    Args:
        worker (Worker): The models.
        limits (Limits): Of what one user may ask.
        folder (Path): Takes the files of the users.

    Returns:
        fastapi.FastAPI: gradio's page, and the results to download.
    """
    # gradio reads them when it is imported
    os.environ.update(GRADIO_ANALYTICS_ENABLED='False',
                      HF_HUB_DISABLE_TELEMETRY='1',
                      GRADIO_RUN_HISTORY='False',
                      GRADIO_TEMP_DIR=str(folder / 'gradio'))
    import gradio as gr
    from fastapi import FastAPI, HTTPException, Response

    from .actions import Actions
    from .layout import looks
    from .page import page_of
    from .session import Sessions
    pictures = folder / secrets.token_urlsafe(16)
    pictures.mkdir()
    actions = Actions(Sessions(pictures, limits), worker, limits)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get('/result/{token}/{ending}')
    def download(token: str, ending: str) -> Response:
        try:
            picture, name = actions.file(token, f'.{ending}')
            file = BytesIO()
            picture.save(file, ending)
        except ValueError as error:
            raise HTTPException(404, str(error)) from None
        return Response(file.getvalue(), 200, {
            'Content-Disposition':
                f"attachment; filename*=UTF-8''{quote(name)}",
            'Cache-Control': 'no-store'}, 'application/octet-stream')

    app = gr.mount_gradio_app(
        app, page_of(actions, list(worker.models)), '/',
        max_file_size=int(limits.megabytes * 1e6), ssr_mode=False,
        footer_links=['api'], **looks())
    return Sealed(app)


def run(app: Any, listening: socket.socket) -> None:
    """Serve on a socket until Ctrl-C."""
    import uvicorn
    # of what gradio uses that is to go from its own packages
    warnings.filterwarnings('ignore', module=r'gradio\.')
    host, port = listening.getsockname()[:2]
    host = f'[{host}]' if ':' in host else host
    print(f'tmad: the page is at http://{host}:{port} (Ctrl-C ends it)',
          flush=True)
    # an open page holds a connection, which is not waited for
    uvicorn.Server(uvicorn.Config(
        app, log_level='error', timeout_graceful_shutdown=1)).run([listening])

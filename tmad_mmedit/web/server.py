"""The page's server."""
import os
import secrets
import signal
import socket
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Optional

from .auth import Guarded, users_of
from .limits import Limits
from .sealed import Sealed
from .worker import Named, Worker

OFTEN = 60  # seconds between looks for pictures that nobody looks at


class Listening(NamedTuple):
    """Where to listen, and for whom.

    Attributes:
        host (str): By default this machine only.
        port (int): 0 for any that is free.
        auth (Path, optional): A file of users; see :func:`users_of`.
        root_path (str): Below which a reverse proxy shows the page.
    """
    host: str = '127.0.0.1'
    port: int = 7860
    auth: Optional[Path] = None
    root_path: str = ''


def serve(models: dict[str, Named], device: str = 'cpu', trust: bool = False,
          where: Listening = Listening(),  # noqa: B008
          limits: Limits = Limits()) -> None:  # noqa: B008
    """Answer until Ctrl-C, or until it is told to end.

    Args:
        models (dict[str, Named]): To choose from; the first one is loaded.
        device (str): See :class:`Worker`, as ``trust``.
        where (Listening): And for whom.
        limits (Limits): Of what one user may ask.

    Raises:
        ImportError: If gradio is not there.
        OSError: If the port is taken, or the users cannot be read.
        ValueError: If the first model cannot be built.
    """
    demand_gradio()
    users = users_of(where.auth) if where.auth else {}
    # else, what users left would stay
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(
        signal.SIGINT))
    listening = listen(where.host, where.port)
    worker = Worker(models, device, trust, limits.seconds)
    try:
        with TemporaryDirectory(prefix='tmad_web_') as folder, (
                ThreadPoolExecutor(1)) as meanwhile:
            loaded = meanwhile.submit(worker.load, next(iter(models)))
            app = build(worker, limits, Path(folder), where.root_path)
            loaded.result()
            run(Guarded(app, users) if users else app, listening,
                where.root_path)
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


def build(worker: Worker, limits: Limits, folder: Path,
          root_path: str = '') -> Any:
    """Build the application.

    Args:
        worker (Worker): The models.
        limits (Limits): Of what one user may ask.
        folder (Path): Takes the files of the users.
        root_path (str): See :class:`Listening`.

    Returns:
        An ASGI application: the page, and gradio's queue for programs.
    """
    # gradio reads them when it is imported
    os.environ.update(GRADIO_ANALYTICS_ENABLED='False',
                      HF_HUB_DISABLE_TELEMETRY='1',
                      GRADIO_RUN_HISTORY='False',
                      GRADIO_TEMP_DIR=str(folder / 'gradio'))
    from fastapi import FastAPI

    from .actions import Actions
    from .programs import add_programs
    from .routes import add_page
    pictures = folder / secrets.token_urlsafe(16)
    pictures.mkdir()
    actions = Actions(pictures, worker, limits)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_page(app, actions, list(worker.models))
    add_programs(app, actions, list(worker.models), root_path)

    def look() -> None:
        while True:
            threading.Event().wait(OFTEN)
            actions.sessions.close_idle()

    threading.Thread(target=look, daemon=True).start()
    return Sealed(app)


def run(app: Any, listening: socket.socket, root_path: str = '') -> None:
    """Serve on a socket until Ctrl-C."""
    import logging

    import uvicorn

    class Quiet(uvicorn.Server):
        """What is cut off at the end is no error."""

        async def shutdown(self, sockets: Any = None) -> None:
            for name in 'uvicorn.error', 'asyncio':
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            await super().shutdown(sockets)

    # of what gradio uses that is to go from its own packages
    warnings.filterwarnings('ignore', module=r'gradio\.')
    host, port = listening.getsockname()[:2]
    host = f'[{host}]' if ':' in host else host
    print(f'tmad: the page is at http://{host}:{port} (Ctrl-C ends it)',
          flush=True)
    # an open page holds a connection, which is not waited for
    Quiet(uvicorn.Config(
        app, log_level='error', timeout_graceful_shutdown=1,
        root_path=root_path)).run([listening])

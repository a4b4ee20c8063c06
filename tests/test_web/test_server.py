import asyncio
import importlib.util
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.test_web.chromium import Server
from tmad_mmedit.cli.main import build_parser, main
from tmad_mmedit.cli.web import models_of
from tmad_mmedit.web.sealed import SEAL, Sealed
from tmad_mmedit.web.server import listen

PAGE = b'''<head><link rel="preconnect" href="https://fonts.example" />
<link rel="stylesheet" href="./here.css"><script async
src="https://cdn.example/a.js"></script><script src="./b.js"></script></head>
<a href="https://example.org">a link stays</a>'''


def answered(kind, *parts):
    """What Sealed makes of an answer of a kind, in parts."""

    async def app(scope, receive, send):
        await send({'type': 'http.response.start', 'status': 200, 'headers': [
            (b'content-type', kind),
            (b'content-length', str(len(b''.join(parts))).encode())]})
        for n, part in enumerate(parts):
            await send({'type': 'http.response.body', 'body': part,
                        'more_body': n + 1 < len(parts)})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {'type': 'http', 'headers': [(b'accept', b'text/html')]}
    # in a thread, as Playwright has a loop running in this one
    with ThreadPoolExecutor() as threads:
        threads.submit(
            asyncio.run, Sealed(app)(scope, None, send)).result()
    headers = dict(sent[0]['headers'])
    return headers, [x['body'] for x in sent[1:]]


def test_a_page_names_no_other_host_in_what_it_fetches():
    headers, (body, ) = answered(b'text/html; charset=utf-8', PAGE[:90],
                                 PAGE[90:])
    assert b'fonts.example' not in body and b'cdn.example' not in body
    assert b'./here.css' in body and b'./b.js' in body
    assert b'a link stays' in body
    assert headers[b'content-length'] == str(len(body)).encode()
    assert headers[b'content-security-policy'] == SEAL.encode()


def test_what_is_no_page_passes_as_it_comes():
    headers, bodies = answered(b'text/event-stream', PAGE, b'data')
    assert bodies == [PAGE, b'data']
    assert headers[b'content-security-policy'] == SEAL.encode()


def test_a_port_that_is_taken_is_said(capsys):
    with listen('127.0.0.1', 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f'127.0.0.1:{port} cannot be list'):
            listen('127.0.0.1', port)


def test_without_gradio_one_sentence_names_the_extra(monkeypatch, capsys):
    find = importlib.util.find_spec
    monkeypatch.setattr('tmad_mmedit.web.server.find_spec',
                        lambda name: None if name == 'gradio' else find(name))
    assert main(['web', '--port', '0']) == 1
    said = capsys.readouterr().err
    assert 'tmad_mmedit[web]' in said and said.count('\n') == 1


def models(*options):
    return models_of(build_parser().parse_args(['web', *options]))


def test_the_models_are_those_of_the_options_then_the_shipped():
    assert list(models()) == ['tmad-coherent_natural']
    named = models('--config', 'tmad_demo', '--checkpoint', 'a.pth',
                   '--model', 'mine=tmad_places,b.pth')
    assert list(named) == ['tmad_demo', 'mine', 'tmad-coherent_natural']
    assert named['tmad_demo'].checkpoint == 'a.pth'
    assert named['mine'] == ('tmad_places', 'b.pth')
    with pytest.raises(ValueError, match='has no name'):
        models('--model', 'tmad_places')


def test_ctrl_c_ends_it_and_leaves_nothing(tmp_path):
    pytest.importorskip('gradio', reason='no gradio')
    server = Server(tmp_path)
    assert list(tmp_path.glob('tmad_web_*'))
    server.process.send_signal(signal.SIGINT)
    rest, _ = server.process.communicate(timeout=30)
    assert server.process.returncode == 0 and 'closed' in rest
    assert not list(tmp_path.glob('tmad_web_*'))

"""The server as a command."""
import importlib.util
import signal
import time
from io import StringIO

import pytest

from tests.test_web.chromium import Page, Server
from tests.test_web.grey import Grey, Running
from tmad_mmedit.cli.main import build_parser, main
from tmad_mmedit.cli.web import models_of
from tmad_mmedit.load import DEFAULT, shipped_models
from tmad_mmedit.web.auth import add_user, fits, users_of
from tmad_mmedit.web.server import listen


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
    assert list(models()) == [DEFAULT, *(
        x for x in shipped_models() if x != DEFAULT)]
    named = models('--checkpoint', 'a.safetensors', '--model',
                   'mine=b.safetensors', '--model', 'old=tmad_places,c.pth')
    assert list(named) == ['a', 'mine', 'old', *shipped_models()]
    assert named['a'].checkpoint == 'a.safetensors'
    assert named['mine'] == (None, 'b.safetensors')
    assert named['old'] == ('tmad_places', 'c.pth')
    with pytest.raises(ValueError, match='has no name'):
        models('--model', 'tmad_places')


@pytest.fixture(scope='module')
def users(tmp_path_factory):
    path = tmp_path_factory.mktemp('users') / 'users'
    add_user(path, 'ann', 'sesame')
    return path


@pytest.mark.parametrize('how', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_nothing(tmp_path, how, users, browser):
    """Also of an open page, of a request that is under way, and of a program
    that listens."""
    pytest.importorskip('gradio', reason='no gradio')
    import httpx
    server = Server(tmp_path, '--auth', str(users), '--root-path', '/tmad/')
    assert list(tmp_path.glob('tmad_web_*'))
    assert httpx.get(f'{server.url}/').status_code == 401
    page = Page(browser, server.url, http_credentials=dict(
        username='ann', password='sesame'))
    page.page.click('#examples button >> nth=4')
    page.wait_for_rounds(1)
    assert server.files('original')
    page.of("fetch('gradio_api/heartbeat/a').catch(() => {}); 0")
    page.page.wait_for_timeout(100)
    rest, errors = server.end(how)
    assert server.process.returncode == 0 and 'closed' in rest
    assert not errors
    assert not list(tmp_path.glob('tmad_web_*'))
    page.until('doing.textContent.includes("does not answer")')
    page.close()


def test_a_user_is_added_from_a_pipe(tmp_path, monkeypatch, capsys):
    file = tmp_path / 'users'
    monkeypatch.setattr('sys.stdin', StringIO('sesame\n'))
    assert main(['web', '--auth', str(file), '--add-user', 'ann']) == 0
    assert fits('sesame', users_of(file)['ann'])
    assert main(['web', '--add-user', 'ann']) == 1
    assert 'give --auth FILE' in capsys.readouterr().err


def test_bad_options_are_one_sentence(tmp_path, capsys):
    pytest.importorskip('gradio', reason='no gradio')
    for options, said in (
            (['--auth', str(tmp_path / 'none')], 'No such file'),
            (['--root-path', 'tmad'], 'does not begin with a slash')):
        assert main(['web', '--port', '0', *options]) == 1
        error = capsys.readouterr().err
        assert said in error and error.count('\n') == 1


def test_idle_pictures_are_looked_for(monkeypatch, tmp_path, blue):
    pytest.importorskip('gradio', reason='no gradio')
    monkeypatch.setattr('tmad_mmedit.web.server.OFTEN', .01)
    monkeypatch.setattr('tmad_mmedit.web.sessions.IDLE', -1)
    running = Running(tmp_path, Grey())
    import httpx
    httpx.post(f'{running.url}/api/pictures?name=a',
               content=blue.read_bytes())
    end = time.monotonic() + 20
    while list(tmp_path.rglob('original')):
        assert time.monotonic() < end
        time.sleep(.01)
    running.close()

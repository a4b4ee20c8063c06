"""What the page asks for by HTTP."""
import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.web.bits import bits_of
from tmad_mmedit.web.sealed import SEAL


@pytest.fixture
def client(grey):
    from starlette.testclient import TestClient
    return TestClient(grey.app, raise_server_exceptions=False)


@pytest.fixture
def opened(client, blue):
    return client.post('/api/pictures?name=blue.png',
                       content=blue.read_bytes()).json()


def mask():
    hole = np.zeros((200, 300), bool)
    hole[50:60, 70:90] = True
    bits = bits_of(hole)
    return dict(content=bits.png), f'left={bits.left}&top={bits.top}'


def test_a_picture_is_opened_painted_undone_and_had(client, opened, tmp_path):
    at = f'/api/pictures/{opened["token"]}'
    assert (opened['width'], opened['height']) == (300, 200)
    assert opened['version'] == 0 and opened['job'] is None
    content, place = mask()
    query = f'{place}&job=a&seen=0&model=grey&dilate=2'
    state = client.post(f'{at}/remove?{query}', **content).json()
    while state['job']['state'] != 'done':
        state = client.get(at).json()
    assert state['rounds'] == 1
    result = client.get(f'{at}/file/png')
    assert "filename*=UTF-8''blue_removed.png" in (
        result.headers['content-disposition'])
    (tmp_path / 'a.png').write_bytes(result.content)
    with Image.open(tmp_path / 'a.png') as image:
        assert image.getpixel((80, 55)) == (128, 128, 128)
        assert image.getpixel((10, 10)) == (20, 40, 200)
    version = state['version']
    tile = client.get(f'{at}/tiles/{version}/0/0/0')
    assert tile.headers['content-type'] == 'image/jpeg'
    assert 'immutable' in tile.headers['cache-control']
    state = client.post(f'{at}/undo?seen={version}').json()
    assert state['version'] == 0 and state['redo'] == 1
    state = client.post(f'{at}/redo?seen=0').json()
    assert state['version'] == version
    client.delete(at)
    assert client.get(at).status_code == 404


@pytest.mark.parametrize('status, method, path, content', [
    (404, 'get', '/api/pictures/nobody', b''),
    (400, 'post', '/api/pictures?name=a.png', b'no picture'),
    (413, 'post', '/api/pictures?name=a.png', bytes(65_000_000)),
    (422, 'post', '/api/pictures', b''),
    (404, 'get', '/api/pictures/{token}/tiles/0/0/9/9', b''),
    (404, 'get', '/api/pictures/{token}/tiles/9/0/0/0', b''),
    (409, 'post', '/api/pictures/{token}/undo?seen=3', b''),
    (400, 'post', '/api/pictures/{token}/undo?seen=0', b''),
    (400, 'post', '/api/pictures/{token}/grow?dilate=lots', mask),
    (400, 'post', '/api/pictures/{token}/grow?left=290', mask),
    (400, 'post', '/api/pictures/{token}/grow', b'no mask'),
    (400, 'get', '/api/pictures/{token}/file/exe', b''),
    (404, 'get', '/api/examples/nobody', b'')])
def test_what_is_wrong_is_a_status_and_a_sentence(
        client, opened, status, method, path, content):
    content = mask()[0]['content'] if callable(content) else content
    answer = client.request(method, path.format(**opened), content=content)
    assert answer.status_code == status
    said = answer.json()['error']
    assert said[0] == said[0].upper() and said.endswith('.')
    assert answer.headers['content-security-policy'] == SEAL


def test_pages_of_other_hosts_get_no_answer(client):
    answer = client.post('/api/pictures?name=a', content=b'',
                         headers={'sec-fetch-site': 'cross-site'})
    assert answer.status_code == 403


def test_the_page_names_no_other_host(client):
    page = client.get('/').text
    assert 'static/main.js' in page and 'http' not in page
    for name in 'main.js', 'style.css', 'icon.svg':
        answer = client.get(f'/static/{name}')
        assert answer.status_code == 200
        assert answer.headers['cache-control'] == 'no-cache'
    assert client.get('/static/../server.py').status_code == 404


def test_the_page_works_below_another_path(grey, tmp_path):
    from starlette.testclient import TestClient

    from tests.test_web.grey import Grey
    from tmad_mmedit.web.limits import Limits
    from tmad_mmedit.web.server import build
    app = build(Grey(), Limits(), tmp_path, '/tmad')
    client = TestClient(app, root_path='/tmad')
    assert 'src="static/main.js"' in client.get('/').text  # relative
    assert client.get('/api/start').json()['models'] == ['grey', 'seeded']
    assert client.get('/config').json()['root'].endswith('/tmad')


def test_who_vanishes_while_sending_leaves_nothing(grey):
    port = grey.listening.getsockname()[1]
    before = set(grey.folder.rglob('*'))
    with socket.create_connection(('127.0.0.1', port)) as client:
        client.sendall(b'POST /api/pictures?name=a HTTP/1.1\r\nHost: a\r\n'
                       b'Content-Length: 1000000\r\n\r\n' + bytes(1000))
    with socket.create_connection(('127.0.0.1', port)) as client:
        client.sendall(b'GET /api/start HTTP/1.0\r\nHost: a\r\n\r\n')
        assert client.recv(12).endswith(b'200')
    assert set(grey.folder.rglob('*')) <= before


def test_who_goes_away_while_it_sends_is_no_error(grey):
    async def come_and_go():
        coming = [dict(type='http.request', body=b'abc', more_body=True),
                  dict(type='http.disconnect')]

        async def receive():
            return coming.pop(0) if coming else dict(type='http.disconnect')

        async def send(message):
            sent.append(message)

        await grey.app(dict(
            type='http', method='POST', path='/api/pictures',
            query_string=b'name=a.png', headers=[], http_version='1.1',
            scheme='http', server=('127.0.0.1', 80), client=None,
            root_path=''), receive, send)

    sent = []
    with ThreadPoolExecutor() as own:  # Playwright has a loop in this thread
        # raises nothing, which would be logged
        own.submit(lambda: asyncio.run(come_and_go())).result()
    assert sent[0]['status'] == 499


def test_a_form_has_a_mask_and_layers(client, grey, opened):
    at = f'/api/pictures/{opened["token"]}'
    content, _ = mask()
    area = np.zeros((200, 300), bool)
    area[:100, 200:] = True
    bits = bits_of(area)
    query = 'job=a&seen=0&model=grey'
    files = dict(mask=('70,50', content['content']),
                 not_from=(f'{bits.left},{bits.top}', bits.png))
    state = client.post(f'{at}/remove?{query}', files=files)
    assert state.status_code == 200
    while client.get(at).json()['job']['state'] != 'done':
        pass
    assert np.array_equal(grey.worker.said[-1].barred, area)
    hole = grey.worker.jobs[-1][0]
    assert hole[50:60, 70:90].all() and hole.sum() == 200
    version = client.get(at).json()['version']
    source = client.get(f'{at}/source/{version}?x=75&y=55')
    assert source.headers['x-left'] == '66' and source.headers['x-top'] == '6'
    for sent, sentence in (
            (dict(not_from=files['not_from']), 'has no mask'),
            (dict(mask=('hole.png', b'')), 'where it lies')):
        answer = client.post(f'{at}/remove?{query}', files=sent)
        assert answer.status_code == 400
        assert sentence in answer.json()['error']
    answer = client.post(f'{at}/layer/nothing', content=b'')
    assert answer.status_code == 400

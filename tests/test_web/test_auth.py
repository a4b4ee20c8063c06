"""A password before everything."""
import base64
import stat

import pytest

from tmad_mmedit.web.auth import add_user, users_of

GOOD = base64.b64encode(b'ann:s\xc3\xa9same').decode()


@pytest.fixture
def users(tmp_path):
    add_user(tmp_path / 'users', 'ann', 'sésame')
    add_user(tmp_path / 'users', 'bob', 'other')
    return tmp_path / 'users'


def test_the_file_has_hashes_and_is_its_owners(users):
    text = users.read_text()
    assert 'sésame' not in text and text.count('scrypt:') == 2
    assert stat.S_IMODE(users.stat().st_mode) == 0o600
    before = users_of(users)
    add_user(users, 'bob', 'new')
    after = users_of(users)
    assert list(after) == ['ann', 'bob']
    assert after['ann'] == before['ann'] and after['bob'] != before['bob']


def test_only_users_get_in(users):
    pytest.importorskip('fastapi')
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    from tmad_mmedit.web.auth import Guarded
    app = Starlette(routes=[
        Route('/', lambda request: PlainTextResponse('inside'))])
    client = TestClient(Guarded(app, users_of(users)))

    def status(value=None):
        headers = {'authorization': value} if value else {}
        return client.get('/', headers=headers).status_code

    assert [status(f'Basic {GOOD}') for _ in range(3)] == [200] * 3
    wrong = base64.b64encode(b'ann:other').decode()
    nobody = base64.b64encode(b'eve:').decode()
    for value in (None, 'Basic', f'Basic {wrong}', f'Basic {nobody}',
                  'Basic !!', f'Bearer {GOOD}', 'Basic YW5u'):
        assert status(value) == 401
    asked = client.get('/').headers['www-authenticate']
    assert asked.startswith('Basic')


@pytest.mark.parametrize('text, said', [
    ('', 'has no user'), ('ann:sesame\n', 'line 1 of .* is no user'),
    ('# a remark\n\nann:md5:1:2\n', 'line 3')])
def test_a_file_that_is_none_is_said(tmp_path, text, said):
    (tmp_path / 'users').write_text(text)
    with pytest.raises(ValueError, match=said):
        users_of(tmp_path / 'users')


@pytest.mark.parametrize('name, password, said', [
    ('', 'x', 'is no name'), ('a:b', 'x', 'is no name'),
    ('ann', '', 'password is empty')])
def test_users_have_names_and_passwords(tmp_path, name, password, said):
    with pytest.raises(ValueError, match=said):
        add_user(tmp_path / 'users', name, password)

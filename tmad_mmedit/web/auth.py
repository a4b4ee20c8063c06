"""A password before everything: users in a file, of which it holds hashes."""
import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

COST = dict(n=2**14, r=8, p=1)
ASK = [(b'www-authenticate', b'Basic realm="tmad", charset="UTF-8"'),
       (b'content-type', b'text/plain; charset=utf-8')]


def hashed(password: str) -> str:
    """Return a line's second part: scrypt, a salt, the hash."""
    salt = secrets.token_bytes(16)
    key = hashlib.scrypt(password.encode(), salt=salt, **COST)
    return f'scrypt:{salt.hex()}:{key.hex()}'


def fits(password: str, line: str) -> bool:
    """Tell whether a password is that of a line's second part."""
    _, salt, key = line.split(':')
    found = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **COST)
    return hmac.compare_digest(found, bytes.fromhex(key))


def add_user(file: Path, name: str, password: str) -> None:
    """Add a user to a file, or change the password; only its owner may read
    it."""
    if not name or ':' in name or not name.isprintable():
        raise ValueError(f'{name!r} is no name: give letters, without a '
                         'colon.')
    if not password:
        raise ValueError('the password is empty: give one.')
    users = users_of(file) if file.exists() else {}
    users[name] = hashed(password)
    lines = ''.join(f'{x}:{y}\n' for x, y in users.items())
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
              'w', encoding='utf-8') as out:
        out.write(lines)


def users_of(file: Path) -> dict[str, str]:
    """Read a file of users.

    Raises:
        ValueError: If a line is of another form, or there is none.
        OSError: If it cannot be read.
    """
    users = {}
    for n, line in enumerate(file.read_text('utf-8').splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        name, _, rest = line.partition(':')
        parts = rest.split(':')
        if not name or len(parts) != 3 or parts[0] != 'scrypt':
            raise ValueError(
                f'line {n} of {file} is no user: make it by `tmad web --auth '
                f'{file} --add-user NAME`.')
        users[name] = rest
    if not users:
        raise ValueError(f'{file} has no user: add one by `tmad web --auth '
                         f'{file} --add-user NAME`.')
    return users


class Guarded:
    """An ASGI application that only users reach, by HTTP's Basic scheme.

    Args:
        app: The application.
        users (dict[str, str]): Hashes by names; see :func:`users_of`.
    """

    def __init__(self, app: Any, users: dict[str, str]) -> None:
        self.app, self.users = app, users
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()  # so that each is hashed only once
        self._one = asyncio.Lock()

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        if scope['type'] == 'lifespan' or await self._is_user(scope):
            await self.app(scope, receive, send)
        elif scope['type'] == 'websocket':
            await send({'type': 'websocket.close', 'code': 1008})
        else:
            await send({'type': 'http.response.start', 'status': 401,
                        'headers': ASK})
            await send({'type': 'http.response.body',
                        'body': b'A name and a password are needed.'})

    async def _is_user(self, scope: dict) -> bool:
        from starlette.concurrency import run_in_threadpool
        given = dict(scope['headers']).get(b'authorization', b'')
        mark = hmac.digest(self._key, given, 'sha256')
        if mark in self._known or not given:
            return bool(given)
        async with self._one:  # a page asks for many files at a time
            if mark not in self._known:
                if not await run_in_threadpool(self._fits, given):
                    return False
                self._known.add(mark)
        return True

    def _fits(self, given: bytes) -> bool:
        scheme, _, coded = given.partition(b' ')
        try:
            name, colon, password = base64.b64decode(
                coded, validate=True).decode().partition(':')
        except (binascii.Error, UnicodeDecodeError):
            return False
        if scheme.lower() != b'basic' or not colon:
            return False
        # as long for a name that is not there
        line = self.users.get(name) or hashed('')
        return fits(password, line) and name in self.users

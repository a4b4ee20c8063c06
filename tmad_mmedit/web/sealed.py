"""Nothing is fetched from elsewhere, and no other page may ask."""
from typing import Any

# What the page may fetch: what this server gives, and what it made itself
SEAL = ("default-src 'self'; img-src 'self' blob: data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'")
HEADERS = [(b'content-security-policy', SEAL.encode()),
           (b'x-content-type-options', b'nosniff'),
           (b'referrer-policy', b'no-referrer')]


class Sealed:
    """An ASGI application whose answers tell the browser to fetch nothing
    from elsewhere; pages of other hosts get no answer.

    Args:
        app: The application.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        async def sealed(message: dict) -> None:
            if message['type'] == 'http.response.start':
                own = {key for key, _ in HEADERS}
                kept = [x for x in message['headers']
                        if x[0].lower() not in own]
                message = dict(message, headers=kept + HEADERS)
            await send(message)

        if scope['type'] == 'http' and scope['method'] != 'GET' and dict(
                scope['headers']).get(b'sec-fetch-site') == b'cross-site':
            await sealed({'type': 'http.response.start', 'status': 403,
                          'headers': []})
            await sealed({'type': 'http.response.body', 'body': b''})
            return
        await self.app(scope, receive, sealed)

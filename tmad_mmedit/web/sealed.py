"""Nothing is fetched from elsewhere."""
import re
from typing import Any

# What the page may fetch: what this server gives, and what it made itself
SEAL = ("default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        "object-src 'none'; base-uri 'self'; frame-ancestors 'self'")
ELSEWHERE = re.compile(
    rb'<(?:link|script)[^>]*\b(?:href|src)="https?://(?!localhost|127\.)'
    rb'[^>]*>(?:</script>)?')


class Sealed:
    """An ASGI application whose pages fetch nothing from elsewhere: links and
    scripts of other hosts are taken out, and the browser is told to refuse
    the rest.

    Args:
        app: The application.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        headers = scope['headers']
        if any(key == b'accept' and b'text/html' in value
               for key, value in headers):  # to be read here, not packed
            headers = [x for x in headers if x[0] != b'accept-encoding']
        start: dict = {}
        body = bytearray()

        async def sealed(message: dict) -> None:
            nonlocal start
            if message['type'] == 'http.response.start':
                kept = [x for x in message['headers']
                        if x[0].lower() != b'content-security-policy']
                kept.append((b'content-security-policy', SEAL.encode()))
                message = dict(message, headers=kept)
                if dict(kept).get(b'content-type', b'').startswith(
                        b'text/html'):
                    start = message
                    return
            elif start:
                body.extend(message.get('body', b''))
                if message.get('more_body'):
                    return
                page = ELSEWHERE.sub(b'', bytes(body))
                await send(dict(start, headers=[
                    (key, str(len(page)).encode()
                     if key == b'content-length' else value)
                    for key, value in start['headers']]))
                message = dict(message, body=page)
            await send(message)

        await self.app(dict(scope, headers=headers), receive, sealed)

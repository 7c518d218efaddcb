"""Who may come in by the network: whoever holds the one-time link, from a browser of this device, and nobody else.

textual-serve asks nobody who they are. Here every request is looked at, the WebSocket too:

- Host has to be this server by its loopback address: a name that was made to point here (DNS rebinding) does not count.
- Origin, where a browser sends one, has to be this server; a WebSocket without one is refused.
- A cookie has to be there that only the one-time link gives; the link works once.

Whatever fails gets 403 and not a word about why. The sign-in of the screens stands behind all of it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

COOKIE: Final = "malbeot-screens"
_BYTES: Final = 32
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doorkeeper:
    """Looks at each request.

    Args:
        port: On which the server listens, on the loopback address.
    """

    def __init__(self, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self._link: str | None = secrets.token_urlsafe(_BYTES)
        self._cookie = secrets.token_urlsafe(_BYTES)

    @property
    def url(self) -> str:
        """The link that opens the door once.

        Raises:
            RuntimeError: It was used.
        """
        if self._link is None:
            raise RuntimeError("the link was used")
        return f"http://{self.address}/?token={self._link}"

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request in, or answer 403."""
        if not self._comes_from_here(request):
            return _refused()
        if self._has_cookie(request):
            return await handler(request)
        if request.path == "/" and request.method == "GET" and self._burn(request.query.get("token", "")):
            return self._let_in()
        return _refused()

    async def stamp(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Write on every answer that nothing from elsewhere is loaded, framed or kept."""
        response.headers.update(_HEADERS)
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
            f"img-src 'self' data:; connect-src ws://{self.address}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )

    def _comes_from_here(self, request: web.Request) -> bool:
        if request.headers.getall("Host", []) != [self.address]:
            return False
        origins = request.headers.getall("Origin", [])
        is_socket = request.headers.get("Upgrade", "").lower() == "websocket" or request.path == "/ws"
        return origins == [f"http://{self.address}"] or (not origins and not is_socket)

    def _has_cookie(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self._cookie.encode())

    def _burn(self, token: str) -> bool:
        if self._link is None or not hmac.compare_digest(token.encode(), self._link.encode()):
            return False
        self._link = None
        return True

    def _let_in(self) -> web.Response:
        """Give the cookie, and take the link out of the address bar and the history."""
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(COOKIE, self._cookie, httponly=True, samesite="Strict", path="/")
        return answer


def _refused() -> web.Response:
    return web.Response(status=403, text="403\n")

"""Where a service listens, and who may speak to one that is for this machine alone."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cleaner.web.refusal import as_json


def bound(host: str, port: int) -> socket.socket:
    """A socket at an address, not listening yet; port 0 takes one that is free. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def address_of(listening: socket.socket) -> str:
    """How a browser is told to find it: ``http://127.0.0.1:8000``."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


class OnlyThisMachine:
    """Refuses requests that name another host: a web page can have its name lead to this machine (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_here(_host(scope)):
            body = as_json("This service answers to localhost and 127.0.0.1 only, not to another name as Host.")
            await Response(body, 400, media_type="application/json")(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host(scope: Scope) -> str:
    value = next((value for name, value in scope["headers"] if name == b"host"), b"localhost").decode("latin-1")
    return value[1:].partition("]")[0] if value.startswith("[") else value.partition(":")[0].lower()


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

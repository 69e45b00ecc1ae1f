"""A secret in the address: who does not know it gets nothing, whatever they ask for."""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cleaner.web.refusal import as_json

_STRANGER = "This is not the address that cleaner review printed: it holds a secret that is new at every start."
_FOREIGN = "Only the review page itself may change anything."
_READING = frozenset({"GET", "HEAD"})


def new_token() -> str:
    """A secret of 192 bits, as characters that may stand in an address."""
    return secrets.token_urlsafe(24)


class BehindToken:
    """Lets requests through whose path begins with the token, which is then taken off.

    What is not read only must come from a page of the same origin, too, as far as the browser says where it comes from.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode("ascii")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _, first, rest = (*scope["path"].split("/", 2), "", "")[:3]
        # The whole of both is compared, whatever differs, so that the time tells nothing.
        if not secrets.compare_digest(first.encode("utf-8", "surrogateescape"), self._token):
            await _refusal(404, _STRANGER)(scope, receive, send)
        elif scope["method"] not in _READING and not _is_own(Headers(scope=scope)):
            await _refusal(403, _FOREIGN)(scope, receive, send)
        else:
            path = f"/{rest}"
            inner = {**scope, "path": path, "raw_path": path.encode("utf-8", "surrogateescape")}
            await self._app(inner, receive, send)


def _is_own(headers: Headers) -> bool:
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and (origin is None or origin == f"http://{headers.get('host', '')}")


def _refusal(status: int, sentence: str) -> Response:
    return Response(as_json(sentence), status, media_type="application/json")

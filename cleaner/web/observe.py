"""What is known of each request: its id, its line in the log, its place in the counters."""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleaner.web import logs
from cleaner.web.metrics import Metrics
from cleaner.web.refusal import as_json

GONE = 499
"""The status, in log and counters, of a request whose client left before it was answered."""
_GIVEN_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_OTHER = "other"
FAULT = "The request could not be answered: a fault of the service."


@dataclass(slots=True)
class Seen:
    """What a request comes to."""

    id: str
    status: int = GONE
    bytes_in: int = 0
    bytes_out: int = 0
    pages: int = 0
    is_whole: bool = False


class Observed:
    """Logs and counts the requests of an application. routes: the paths to name in the counters."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: frozenset[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        scope["seen"] = seen = Seen(given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex)
        begun = time.perf_counter()

        async def counted_receive() -> Message:
            message = await receive()
            seen.bytes_in += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = seen.id
            seen.bytes_out += len(message.get("body", b""))
            await send(message)
            seen.is_whole |= message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._app(scope, counted_receive, counted_send)
        except Exception:
            logs.fault()
            if seen.status != GONE:
                # The answer has begun: that it breaks off says that it is not whole.
                raise
            await Response(as_json(FAULT), 500, media_type="application/json")(scope, receive, counted_send)
        finally:
            self._tell(scope, seen, time.perf_counter() - begun)

    def _tell(self, scope: Scope, seen: Seen, seconds: float) -> None:
        route = scope["path"] if scope["path"] in self._routes else _OTHER
        status = seen.status if seen.is_whole else GONE
        self._metrics.requests.labels(route, status).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        logs.tell(
            "request",
            level=logging.ERROR if status == 500 else logging.INFO,
            id=seen.id,
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            bytes_in=seen.bytes_in,
            bytes_out=seen.bytes_out,
            pages=seen.pages,
        )

"""The service as an application: its routes, and what stands around them."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from cleaner.load.formats.http import content_type
from cleaner.version import __version__
from cleaner.web import description, logs, metrics, wanted
from cleaner.web.batch import Batch, BatchResponse
from cleaner.web.body import Gone, HeldAnswer, held_body, unless_gone
from cleaner.web.codings import accepted, coding_of, packed
from cleaner.web.docs_page import POLICY, docs_page
from cleaner.web.frames import Frame
from cleaner.web.headers import SafeHeaders
from cleaner.web.loopback import OnlyThisMachine
from cleaner.web.observe import GONE, Observed
from cleaner.web.pool import STOPPING
from cleaner.web.process import CannotStart
from cleaner.web.refusal import Refusal, as_json, busy
from cleaner.web.service import Service
from cleaner.web.settings import Settings

_JSON = "application/json"
_ARTICLE = "default-src 'none'; img-src http: https: data:; frame-ancestors 'none'; base-uri 'none'; sandbox"
"""The Content-Security-Policy of an article as HTML: it may show its pictures."""
_SENTENCES = {404: "There is nothing at this path: see /docs.", 405: "This path does not take this method."}


def create_app(settings: Settings, *, only_this_machine: bool = False) -> FastAPI:
    """The application; it has the workers up while it runs (its lifespan).

    only_this_machine: refuse requests that name another host than this machine; for what listens on loopback.
    """
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with service.running():
                yield
        except CannotStart as error:
            logs.tell("failed", level=logging.ERROR, reason=f"No worker comes up: {error}")
            raise

    app = FastAPI(
        title="Cleaner",
        version=__version__,
        description=description.ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    _add_pages(app, service)
    _add_looks(app, service)
    _add_errors(app)
    if only_this_machine:
        app.add_middleware(OnlyThisMachine)
    app.add_middleware(SafeHeaders)
    paths = frozenset(getattr(route, "path", "") for route in app.routes)
    app.add_middleware(Observed, metrics=service.metrics, routes=paths)
    return app


def _add_pages(app: FastAPI, service: Service) -> None:
    """The routes that clean."""

    @app.post("/clean", summary="The article of a page", openapi_extra=description.CLEAN, response_class=Response)
    async def clean(request: Request) -> Response:
        """A page as it was saved, or in JSON with what to do with it; answered as the document or a view of it."""
        return await _cleaned(service, request, "html")

    @app.post("/clean_text", summary="Plain text", openapi_extra=description.CLEAN_TEXT, response_class=Response)
    async def clean_text(request: Request) -> Response:
        """Plain text that was extracted already: its lines are labelled like the blocks of a page."""
        return await _cleaned(service, request, "text")

    @app.post("/batch", summary="Many pages", openapi_extra=description.BATCH, response_class=Response)
    async def batch(request: Request) -> Response:
        """JSON objects, one a line; an answer a line comes back, in order, while lines still go in.

        The client must read the answers while it sends: nobody keeps them for it.
        """
        said, _ = content_type(request.headers.get("content-type"))
        if said not in (*wanted.LINES_TYPES, _JSON):
            raise Refusal(415, f"A batch is JSON objects, one a line: send it as {wanted.LINES_TYPES[0]}.")
        query = wanted.query(request.query_params.multi_items(), "keep", "drop", "format")
        head = {"content_type": _JSON, "query": query, "fields": ["html", "text"]}
        coding = coding_of(request.headers.get("content-encoding"))
        batch = Batch(service, request, head, coding)
        return BatchResponse(service, batch, accepted(request.headers.get("accept-encoding")))


def _add_looks(app: FastAPI, service: Service) -> None:
    """The routes that tell of the service."""

    async def healthz(request: Request) -> Response:
        """Whether pages are cleaned now."""
        up = service.pool.up
        if service.stopping.is_set() or not up:
            raise busy(STOPPING if service.stopping.is_set() else "No worker is up.", 503)
        told = {"status": "ready", "workers": service.settings.workers, "up": up, "waiting": service.pool.waiting}
        return _packed(request, json.dumps(told).encode() + b"\n", _JSON)

    async def counters(request: Request) -> Response:
        """Counters for Prometheus."""
        return _packed(request, service.metrics.text(), metrics.CONTENT_TYPE)

    async def docs(request: Request) -> Response:
        """This page."""
        page = docs_page(app.openapi(), str(request.base_url).rstrip("/")).encode()
        response = _packed(request, page, "text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    async def start(_: Request) -> Response:
        return RedirectResponse("docs")

    for path, route, about in (
        ("/healthz", healthz, {"summary": "Ready or not", "openapi_extra": description.HEALTH}),
        ("/metrics", counters, {"summary": "Counters"}),
        ("/docs", docs, {"include_in_schema": False}),
        ("/", start, {"include_in_schema": False}),
    ):
        app.add_api_route(path, route, methods=["GET"], response_class=Response, **about)
        app.add_api_route(path, route, methods=["HEAD"], include_in_schema=False)


def _add_errors(app: FastAPI) -> None:
    """Every error as JSON."""

    @app.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> Response:
        return Response(as_json(error.sentence), error.status, error.headers, _JSON)

    @app.exception_handler(HTTPException)
    async def not_there(_: Request, error: HTTPException) -> Response:
        return Response(
            as_json(_SENTENCES.get(error.status_code, str(error.detail))), error.status_code, error.headers, _JSON
        )

    @app.exception_handler(Gone)
    async def gone(_: Request, __: Gone) -> Response:
        return Response(status_code=GONE)


async def _cleaned(service: Service, request: Request, *fields: str) -> Response:
    """The answer to a request with one page. Raises Refusal, or Gone."""
    said, charset = content_type(request.headers.get("content-type"))
    if said not in wanted.JSON_TYPES:
        wanted.check_type(said, is_text="text" in fields)
    head = {
        "content_type": said,
        "charset": charset,
        "coding": coding_of(request.headers.get("content-encoding")),
        "accept": accepted(request.headers.get("accept-encoding")),
        "query": wanted.query(request.query_params.multi_items(), "url", "keep", "drop", "format"),
        "fields": fields,
    }
    async with held_body(request, service.settings, service.room) as body:
        answer = await unless_gone(request, service.answer(Frame(head, body)))
    request.scope["seen"].pages = int("page_type" in answer.head)
    told = answer.head
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": told["coding"]} if told["coding"] else {})
    if told["media_type"].startswith("text/html"):
        headers["Content-Security-Policy"] = _ARTICLE
    found = HeldAnswer(answer.body, told["status"], headers, told["media_type"])
    found.room = service.room
    return found


def _packed(request: Request, body: bytes, media_type: str) -> Response:
    """An answer as the client likes it packed."""
    body, coding = packed(body, accepted(request.headers.get("accept-encoding")))
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": coding} if coding else {})
    return Response(body, 200, headers, media_type)

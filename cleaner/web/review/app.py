"""The review page as an application: its routes, and the walls around them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from cleaner.document import Document, Label
from cleaner.web.headers import SafeHeaders
from cleaner.web.loopback import OnlyThisMachine
from cleaner.web.review import frame, shown
from cleaner.web.review.book import Book
from cleaner.web.review.pile import Entry, Pile
from cleaner.web.review.token import BehindToken

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_FIRST = 1.0
"""Seconds that the first question waits for a first page."""
_MOST = 100_000


class Change(BaseModel):
    """Blocks, and the label that they get; null takes back what was set."""

    blocks: list[Annotated[int, Field(ge=0)]] = Field(max_length=_MOST)
    label: Label | None


class Finish(BaseModel):
    """The last block that a person went through; null where the page is not done after all."""

    last: Annotated[int, Field(ge=0)] | None


class Review:
    """Answers of the review page."""

    def __init__(self, pile: Pile, book: Book, file: str, keep: frozenset[Label]) -> None:
        self.pile = pile
        self.book = book
        self.about = shown.about(file, shown.kept(keep))

    def found(self, number: int) -> tuple[Entry, Document]:
        """A page. Raises LookupError or OSError."""
        return self.pile.entry(number), self.pile.document(number)

    def change(self, number: int, change: Change) -> dict[str, Any]:
        """Set labels. Raises LookupError or OSError."""
        entry, document = self.found(number)
        if any(index >= entry.blocks for index in change.blocks):
            raise LookupError(f"no such block on page {number}")
        self.book.set(number, entry.came, document, change.blocks, change.label)
        return self.after(number)

    def finish(self, number: int, finish: Finish) -> dict[str, Any]:
        """Mark a page as done. Raises LookupError or OSError."""
        entry, document = self.found(number)
        if finish.last is not None and finish.last >= entry.blocks:
            raise LookupError(f"no such block on page {number}")
        self.book.finish(number, entry.came, document, finish.last)
        return self.after(number)

    def undo(self) -> dict[str, Any]:
        """Take the last change back. Raises OSError."""
        number = self.book.undo()
        return {"page": None} if number is None else self.after(number)

    def after(self, number: int) -> dict[str, Any]:
        """What a change made of a page: its row in the list, and the labels of its blocks."""
        entries = self.pile.refresh(number)
        entry = entries[0]
        document = self.pile.document(number)
        corrections, pages = self.book.counts()
        return {
            "page": shown.entry(entry),
            "pages": [shown.entry(one) for one in entries],
            "seen": self.book.seen(entry.came),
            "labels": {str(index): label for index, label in self.book.labels(entry.came, document).items()},
            "corrections": corrections,
            "corrected": pages,
            "undoable": self.book.undoable,
        }


def create_app(pile: Pile, book: Book, file: str, keep: frozenset[Label], token: str) -> FastAPI:
    """The application; who knows the token may use it, on this machine."""
    app = FastAPI(title="Cleaner review", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    review = Review(pile, book, file, keep)
    _add_pages(app, review)
    _add_changes(app, review)
    _add_files(app)
    _add_errors(app)
    app.add_middleware(BehindToken, token=token)
    app.add_middleware(OnlyThisMachine)
    app.add_middleware(SafeHeaders, policy=_POLICY)
    return app


def _add_pages(app: FastAPI, review: Review) -> None:
    @app.get("/api/about")
    def about() -> JSONResponse:
        return JSONResponse(review.about)

    @app.get("/api/pages")
    def pages(since: Annotated[int, Query(ge=0)] = 0) -> JSONResponse:
        return JSONResponse(shown.progress(review.pile.progress(since, _FIRST), review.book))

    @app.get("/api/pages/{number}")
    def page(number: int) -> JSONResponse:
        return JSONResponse(shown.page(*review.found(number), review.book))

    @app.get("/api/pages/{number}/text")
    def text(number: int) -> JSONResponse:
        return JSONResponse(shown.text(*review.found(number), review.book))

    @app.get("/pages/{number}")
    def framed(number: int) -> HTMLResponse:
        _, document = review.found(number)
        return HTMLResponse(frame.frame(document), headers={"Content-Security-Policy": frame.POLICY})


def _add_changes(app: FastAPI, review: Review) -> None:
    @app.post("/api/pages/{number}/labels")
    def change(number: int, wanted: Change) -> JSONResponse:
        return JSONResponse(review.change(number, wanted))

    @app.post("/api/pages/{number}/done")
    def finish(number: int, wanted: Finish) -> JSONResponse:
        return JSONResponse(review.finish(number, wanted))

    @app.post("/api/undo")
    def undo() -> JSONResponse:
        return JSONResponse(review.undo())


def _add_files(app: FastAPI) -> None:
    folder = files("cleaner.web.review").joinpath("static")
    names = {file.name: file for file in folder.iterdir()}

    @app.get("/")
    def index() -> Response:
        return Response(names["index.html"].read_bytes(), media_type="text/html; charset=utf-8")

    @app.get("/palette.css")
    def palette() -> Response:
        return Response(shown.palette(), media_type="text/css")

    @app.get("/{name}")
    def file(name: str) -> Response:
        if name not in names:
            raise LookupError(f"no {name}")
        return Response(names[name].read_bytes(), media_type=_TYPES[PurePosixPath(name).suffix])


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(LookupError)
    def missing(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": f"There is {error}."}, 404)

    @app.exception_handler(OSError)
    def failed(request: Request, error: Exception) -> JSONResponse:
        what = "The page cannot be had" if request.method == "GET" else "The change is not kept"
        return JSONResponse({"error": f"{what}: {getattr(error, 'strerror', None) or error}."}, 507)

    @app.exception_handler(RequestValidationError)
    def wrong(_: Request, error: Exception) -> JSONResponse:
        told = error.errors() if isinstance(error, RequestValidationError) else []
        return JSONResponse({"error": f"That cannot be done: {told[0]['msg'] if told else 'a wrong request'}."}, 422)

"""Where a worker answers: a request's body in, the answer's body out. All that depends on content happens here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from cleaner import Cleaner, Document, Page
from cleaner.document import labels_of
from cleaner.web import wanted
from cleaner.web.codings import packed, unpacked
from cleaner.web.frames import Frame
from cleaner.web.refusal import Refusal, as_json
from cleaner.web.wanted import JSON_TYPES, Form, View, Wanted

NOT_FETCHED = "Nothing is fetched here: send the page itself as html, or have the service started with --fetch."
MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.TEXT: "text/plain; charset=utf-8",
    Form.MARKDOWN: "text/markdown; charset=utf-8",
    Form.HTML: "text/html; charset=utf-8",
}
_FIRST = b"<!doctype html><title>A</title><article><h1>A</h1><p>The first page takes longest: tables are read.</p>"


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers requests; the answer's head says its status and media type.

    An answer may be that a page must first be fetched: its head then has the address and the view for later.
    """

    max_bytes: int
    fetch: bool = False
    model: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    site: str | None = None
    corrections: str | None = None

    def open(self) -> None:
        """Read the model, the tables and what else is given. Raises OSError or ValueError where it cannot be used."""
        document = _first(self).clean(_FIRST)
        for form in Form:
            _shown(document, form)

    def answer(self, request: Frame) -> Frame:
        """The answer to a request, whatever is in it."""
        head: dict[str, Any] = request.head
        named: dict[str, Any] = {"id": head.get("id"), "line": head["line"]} if "line" in head else {}
        try:
            return self._answer(request, named)
        except Refusal as error:
            return refused(error, head, named)
        except MemoryError:
            return refused(Refusal(503, "The page took more memory than a worker may have."), head, named)
        except Exception as error:
            # A fault of ours: the service goes on, and its log says where.
            fault = f"{type(error).__name__} at {_place(error)}"
            answer = refused(Refusal(500, "The page could not be cleaned: a fault of the service."), head, named)
            return replace(answer, head=answer.head | {"fault": fault})

    def _answer(self, request: Frame, named: dict[str, Any]) -> Frame:
        head = request.head
        if "page" in head:
            asked = Wanted(_view(head["view"]), Page(request.body, **head["page"]))
        else:
            asked = self._wanted(head, unpacked(request.body, head.get("coding"), self.max_bytes), named)
        if asked.page is None:
            if not self.fetch:
                raise Refusal(422, NOT_FETCHED)
            view = {"form": asked.view.form, "keep": asked.view.keep, "drop": asked.view.drop}
            return Frame({"fetch": asked.address, "view": view} | named)
        document = _first(self).viewed(labels_of(asked.view.keep), labels_of(asked.view.drop)).clean(asked.page)
        known = {"status": 200, "page_type": str(document.page_type)}
        if named:
            return _line(known, named | {"status": 200, "result": _result(document, asked.view.form)})
        body, coding = packed(_shown(document, asked.view.form), head.get("accept"))
        return Frame(known | {"media_type": MEDIA_TYPES[asked.view.form], "coding": coding}, body)

    def _wanted(self, head: dict[str, Any], content: bytes, named: dict[str, Any]) -> Wanted:
        default = View(keep=self.keep, drop=self.drop)
        if named or head["content_type"] in JSON_TYPES:
            fields = wanted.fields_of(content)
            if named:
                named["id"] = fields.get("id")
            view = default.changed(head["query"]).changed(fields)
            return Wanted(view, *wanted.of_fields(fields, *head["fields"]))
        query = head["query"]
        url = query.get("url")
        if head["fields"] == ["text"]:
            return Wanted(default.changed(query), Page(content, url, head["charset"], kind="text"))
        return Wanted(default.changed(query), wanted.of_body(content, head["content_type"], head["charset"], url))


@lru_cache(maxsize=8)
def _first(desk: Desk) -> Cleaner:
    """What all requests share, read once."""
    return Cleaner(
        max_bytes=desk.max_bytes, model=desk.model, rules=desk.rules, site=desk.site, corrections=desk.corrections
    )


def refused(error: Refusal, head: dict[str, Any], named: dict[str, Any]) -> Frame:
    """The answer that says what is wrong, as a line where the request was one."""
    known: dict[str, Any] = {"status": error.status}
    if named:
        return _line(known, named | {"status": error.status, "error": error.sentence})
    body, coding = packed(as_json(error.sentence), head.get("accept"))
    return Frame(known | {"media_type": MEDIA_TYPES[Form.JSON], "coding": coding}, body)


def _line(known: dict[str, Any], fields: dict[str, Any]) -> Frame:
    return Frame(known, _json(fields))


def _json(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _result(document: Document, form: Form) -> Any:
    return document.to_dict() if form is Form.JSON else getattr(document, form)


def _shown(document: Document, form: Form) -> bytes:
    result = _result(document, form)
    return _json(result) if form is Form.JSON else str(result).encode("utf-8", "replace")


def _view(told: dict[str, Any]) -> View:
    return View(Form(told["form"]), tuple(told["keep"]), tuple(told["drop"]))


def _place(error: BaseException) -> str:
    """Where an error arose: the file and the line."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    module = trace.tb_frame.f_globals.get("__name__", "?")
    return f"{module}:{trace.tb_lineno}"

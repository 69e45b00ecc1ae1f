"""What ``/openapi.json`` says of the routes: bodies, parameters and answers, by JSON Schema."""

from __future__ import annotations

from typing import Any

from cleaner import Label
from cleaner.web.wanted import LINES_TYPES, Form

Schema = dict[str, Any]
ABOUT = (
    "A saved web page in, its article out; every block of the page has a label and a reason. "
    "Errors are JSON: an object with a sentence as its error."
)


def _string(what: str, **more: Any) -> Schema:
    return {"type": "string", "description": what} | more


def _labels(what: str) -> Schema:
    return {"type": "array", "items": {"type": "string", "enum": [str(label) for label in Label]}, "description": what}


_VIEW: Schema = {
    "keep": _labels("Labels to add to the views."),
    "drop": _labels("Labels to leave out of the views."),
    "format": _string("What the page is answered as.", enum=[str(form) for form in Form], default=str(Form.JSON)),
}
_URL = _string("The address of the page, for its links and metadata.", format="uri")
_HTML = _string("The page.")
_TEXT = _string("Plain text, as another program extracted it.")
_FETCHED = _string("The address of the page; without html the page is fetched from there.", format="uri")
_ID = {"type": ["string", "integer"], "description": "Comes back with the answer."}
_DOCUMENT: Schema = {
    "type": "object",
    "description": "A document, by docs/schema.md.",
    "required": ["schema", "blocks"],
}
_ERROR: Schema = {"type": "object", "properties": {"error": _string("What is wrong, as a sentence.")}}
_REASONS = {
    400: "The body is no JSON, cut short or damaged, or the request is no HTTP.",
    408: "The body did not arrive in time.",
    413: "The body is too large, or unpacks to too much.",
    415: "The Content-Type or the Content-Encoding is not one that is read.",
    422: "It can be read, but makes no sense: an unknown label, no page, a PDF, a page that cannot be fetched.",
    429: "Too much waits already: come back after Retry-After seconds.",
    503: "The worker was lost to this page twice, or took too much memory, none was free, or the service stops.",
    504: "The page took too long.",
}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _errors(*statuses: int) -> Schema:
    content = {"application/json": {"schema": _ERROR}}
    return {str(status): {"description": _REASONS[status], "content": content} for status in statuses}


def _query(**schemas: Schema) -> list[Schema]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": schema["description"]}
        for name, schema in schemas.items()
    ]


def _pages(body: Schema, fields: Schema, query: list[Schema]) -> Schema:
    """The description of a route for one page."""
    shown = {kind: {"schema": {"type": "string"}} for kind in ("text/plain", "text/markdown", "text/html")}
    answer = {"description": "The page.", "content": {"application/json": {"schema": _DOCUMENT}} | shown}
    return {
        "parameters": query,
        "requestBody": {"required": True, "content": body | {"application/json": {"schema": fields}}},
        "responses": {"200": answer} | _errors(*_REASONS),
    }


_BYTES = {"schema": {"type": "string", "format": "binary"}}
CLEAN = _pages(
    {"text/html": _BYTES, "application/xhtml+xml": _BYTES, "text/plain": _BYTES},
    _object(html=_HTML, url=_FETCHED, **_VIEW),
    _query(url=_URL, **_VIEW),
)
CLEAN_TEXT = _pages({"text/plain": _BYTES}, _object(text=_TEXT, url=_URL, **_VIEW), _query(url=_URL, **_VIEW))
_LINE = _object(id=_ID, html=_HTML, text=_TEXT, url=_FETCHED, **_VIEW)
_ANSWER = _object(
    id=_ID,
    line={"type": "integer", "description": "The number of the line, from 1."},
    status={"type": "integer", "description": "As a page alone would be answered."},
    result={"type": ["object", "string"], "description": "The document, or the view as a string."},
    error=_string("What is wrong, as a sentence; then there is no result."),
)
BATCH: Schema = {
    "parameters": _query(**_VIEW),
    "requestBody": {"required": True, "content": {LINES_TYPES[0]: {"schema": _LINE}}},
    "responses": {
        "200": {"description": "An answer a line, in order.", "content": {LINES_TYPES[0]: {"schema": _ANSWER}}}
    }
    | _errors(415, 422, 429, 503),
}
HEALTH: Schema = {"responses": {"200": {"description": "Pages are cleaned."}} | _errors(503)}

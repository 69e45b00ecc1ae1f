"""What a request asks for: which page, and how it is to be shown. What is wrong with it is refused with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from cleaner import Label, Page
from cleaner.load.sniff import PAGE_TYPE, recognise
from cleaner.web.refusal import Refusal

JSON_TYPES = ("application/json",)
LINES_TYPES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
_TEXT_TYPE = re.compile(r"text/(?:plain|markdown)")
_LISTS = ("keep", "drop")
_UNTOLD = (None, "application/octet-stream")
_MOST_URL = 8_000


class Form(StrEnum):
    """What a page is answered as."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class View:
    """How a document is shown."""

    form: Form = Form.JSON
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def changed(self, fields: dict[str, Any]) -> View:
        """The view with what a request says of it. Raises Refusal."""
        said: dict[str, Any] = {name: fields[name] for name in ("keep", "drop") if fields.get(name) is not None}
        if (form := fields.get("format")) is not None:
            if form not in set(Form):
                raise Refusal(422, f"There is no format {_short(form)}; the formats are {', '.join(Form)}.")
            said["form"] = Form(form)
        return replace(self, **said)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that makes sense.

    page: what to clean, unless it is to be fetched from the address. id: what a line of a batch calls itself.
    """

    view: View
    page: Page | None = None
    address: str | None = None


def check_type(content_type: str | None, *, is_text: bool) -> None:
    """See that a body may be a page, or plain text. Raises Refusal."""
    allowed = _TEXT_TYPE if is_text else PAGE_TYPE
    if content_type is not None and content_type not in _UNTOLD and not allowed.fullmatch(content_type):
        what = "text as text/plain, or JSON with its text" if is_text else "a page as text/html, or JSON with its html"
        raise Refusal(415, f"The body is declared as {_short(content_type)}: send {what}, as application/json.")


def query(pairs: Iterable[tuple[str, str]], *names: str) -> dict[str, Any]:
    """What stands in the address of a request. Raises Refusal for names that are not expected."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in names:
            raise Refusal(422, f"There is no parameter {_short(name)}; the parameters are {', '.join(names)}.")
        found[name] = f"{found[name]},{value}" if name in _LISTS and name in found else value
    return checked(found)


def of_body(content: bytes, content_type: str | None, charset: str | None, url: str | None) -> Page:
    """The page that a body is, of the type that was declared. Raises Refusal."""
    kind = content_type if content_type not in _UNTOLD else None
    return usable(recognise(content, name="", url=url, max_bytes=len(content), charset=charset, content_type=kind))


def of_fields(fields: dict[str, Any], *names: str) -> tuple[Page | None, str | None]:
    """The page in one of the named fields, or the address to fetch it from. Raises Refusal."""
    given = [name for name in names if fields.get(name) is not None]
    url = fields.get("url")
    if len(given) > 1:
        raise Refusal(422, f"Only one of {' and '.join(given)} can be cleaned at a time.")
    if given:
        return _of_string(fields[given[0]], given[0] == "text", url), None
    if url is not None and "html" in names:
        return None, url
    raise Refusal(422, f"There is no page: give its {' or its '.join(names)}.")


def _of_string(content: str, is_text: bool, url: str | None) -> Page:
    # As bytes: of a str that names a file Cleaner warns, and so would tell which files there are.
    utf8 = content.encode("utf-8", "replace")
    if is_text:
        return Page(utf8, url, "utf-8", kind="text")
    return usable(recognise(utf8, name="", url=url, max_bytes=len(utf8), charset="utf-8"))


def usable(page: Page) -> Page:
    """The page. Raises Refusal where it is none."""
    if page.error is not None:
        reason = str(page.error)
        said = "The page" if reason.startswith("is ") else "Nothing came from its address:"
        raise Refusal(422, f"{said} {reason}.")
    return page


def fields_of(content: bytes) -> dict[str, Any]:
    """The fields of a JSON object, each of its kind. Raises Refusal."""
    try:
        found = json.loads(content)
    except RecursionError:
        raise Refusal(400, "The JSON is nested too deeply.") from None
    except UnicodeDecodeError:
        raise Refusal(400, "The JSON is not in UTF-8.") from None
    except ValueError as error:
        raise Refusal(400, f"This is no JSON: {error}.") from None
    if not isinstance(found, dict):
        raise Refusal(422, "The JSON must be an object.")
    return checked(found)


def checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, each of its kind. Raises Refusal."""
    if unknown := sorted(set(fields) - set(_CHECKS)):
        raise Refusal(422, f"There is no field {_short(unknown[0])}; the fields are {', '.join(_CHECKS)}.")
    return {name: _CHECKS[name](name, value) for name, value in fields.items() if value is not None}


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refusal(422, f"{name} must be a string.")
    return value


def _address(name: str, value: object) -> str:
    url = _string(name, value)
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= _MOST_URL
        url.encode("utf-8")
    except ValueError:
        good = False
    if not good:
        raise Refusal(422, f"{name} must be an http or https address.")
    return url


def _labels(name: str, value: object) -> tuple[str, ...]:
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise Refusal(422, f"{name} must be a list of labels, or a string of them with commas.")
    return known(name, (part for item in listed for part in item.split(",")))


def known(name: str, listed: Iterable[str]) -> tuple[str, ...]:
    """The labels of a list. Raises Refusal where one is none."""
    names = {part.strip() for part in listed} - {""}
    if wrong := sorted(names - set(Label)):
        raise Refusal(422, f"{name}: there is no label {_short(wrong[0])}; the labels are {', '.join(Label)}.")
    return tuple(sorted(names))


def _id(name: str, value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refusal(422, f"{name} must be a string or a whole number.")
    return value


_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "id": _id,
    "html": _string,
    "text": _string,
    "url": _address,
    "keep": _labels,
    "drop": _labels,
    "format": _string,
}


def _short(text: str) -> str:
    """What a client said, short enough to be said again."""
    return text if len(text) <= 40 else text[:40] + "…"

"""JSON Lines: a page in each row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cleaner.load.dates import from_iso
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import HEAD, Broken, Stream

_TEXT_FIELD = "text"
_DATE_FIELDS = ("date_saved", "fetched", "timestamp", "crawl_date")


def _read(part: Part, options: Options) -> Iterator[Page]:
    place, number = 0, 0
    while line := part.stream.readline(options.most_stored):
        number += 1
        begun, place = place, place + len(line)
        inner = part.inner(Stream.of(b""), f"line {number}")
        inner.format = "jsonl"
        if len(line) >= options.most_stored and not line.endswith(b"\n"):
            while (more := part.stream.readline(HEAD)) and not more.endswith(b"\n"):
                place += len(more)
            place += len(more)
            yield inner.failed(Broken(options.too_large().reason, begun))
        elif line.strip():
            yield _page(inner, line, options, begun, part)


def _page(inner: Part, line: bytes, options: Options, place: int, part: Part) -> Page:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return inner.failed(part.stream.untold() or Broken(f"is damaged: no JSON ({error})", place))
    if not isinstance(row, dict):
        return inner.failed(Broken("is no JSON object", place))
    is_html = isinstance(row.get(options.html_field), str)
    content = row.get(options.html_field if is_html else _TEXT_FIELD)
    if not isinstance(content, str):
        fields = ", ".join(map(str, row)) or "none"
        return inner.failed(Broken(f"has no field {options.html_field} with text in it; its fields: {fields}", place))
    address = row.get(options.url_field)
    return inner.page(
        content.encode("utf-8", "replace"),
        options,
        url=address if isinstance(address, str) else None,
        charset="utf-8",
        content_type=None if is_html else "text/plain",
        saved=_saved(row),
    )


def _saved(row: dict[str, Any]) -> str | None:
    said = (row.get(field) for field in _DATE_FIELDS)
    return next((date for value in said if isinstance(value, str) and (date := from_iso(value))), None)


READERS = {"jsonl": _read}

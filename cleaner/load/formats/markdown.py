"""Markdown, as clippers and converters save pages: headings, lists and links as in the page it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from cleaner.load.dates import from_iso
from cleaner.load.page import Page
from cleaner.load.part import Options, Part

_FRONT = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^(title|url|source|link|date|saved|created)[ \t]*:[ \t]*(.+?)[ \t]*$", re.I | re.M)


def _read(part: Part, options: Options) -> Iterator[Page]:
    from markdown_it import MarkdownIt

    text = part.whole(options).decode("utf-8-sig", "replace")
    said: dict[str, str] = {}
    if (front := _FRONT.match(text)) is not None:
        said = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    body = MarkdownIt("commonmark").enable("table").render(text)
    title = f"<title>{escape(said['title'])}</title>" if "title" in said else ""
    dated = f'<meta name="date" content="{escape(said["date"])}">' if "date" in said else ""
    page = f"<!doctype html><html><head>{title}{dated}</head><body><article>{body}</article></body></html>"
    address = next((said[name] for name in ("url", "source", "link") if name in said), "")
    yield part.page(
        page.encode("utf-8", "replace"),
        options,
        url=part.url or (address if address.startswith(("http://", "https://")) else None),
        charset="utf-8",
        content_type="text/html",
        saved=from_iso(said.get("saved") or said.get("created") or ""),
        format="markdown",
    )


READERS = {"markdown": _read}

"""Documents of trafilatura's, and the strings that it makes of them."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from trafilatura.settings import Document as Record

    from cleaner.compat.answer import Answer
    from cleaner.document import Document

_IN_HEADER = "title author url hostname description sitename date categories tags fingerprint id license".split()
_IN_HEAD = "sitename title author date url hostname description categories tags license id fingerprint language".split()
_IN_JSON = {"url": "source", "sitename": "source-hostname", "description": "excerpt"}
_YAML_WORDS = frozenset("true false yes no on off y n null none".split())
_NOT_PLAIN = re.compile(r": | #|[: ]$|[\x00-\x1f\x7f-\x9f]")


def empty() -> Record:
    """A Document of trafilatura's in which nothing is known."""
    from trafilatura.settings import Document as Record

    return Record()


def record_of(document: Document, unwanted_authors: set[str]) -> Record:
    """What the page says of itself, as trafilatura names it."""
    said, record = document.metadata, empty()
    unwanted = {name.casefold() for name in unwanted_authors}
    record.title, record.url, record.date = said.title, said.url, said.date
    record.author = "; ".join(name for name in said.authors if name.casefold() not in unwanted) or None
    record.hostname = _host(said.url)
    record.description, record.sitename = said.description, said.site_name
    record.categories, record.tags = [], list(said.tags)
    record.language, record.image = said.language, said.image
    record.pagetype = str(document.page_type)
    return record


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def with_trees(found: Answer) -> Record:
    """The record with elements: those of Cleaner's HTML, not those of trafilatura's XML."""
    from lxml import html

    record = found.record
    record.body = html.fragment_fromstring(found.article.html, create_parent="body")
    if found.comments is not None and found.comments.text:
        record.commentsbody = html.fragment_fromstring(found.comments.html, create_parent="body")
    return record


def written(found: Answer) -> str:
    """The answer as a string of the format that was asked for."""
    options, record = found.options, found.record
    if options.metadata:
        from trafilatura.deduplication import content_fingerprint

        record.fingerprint = content_fingerprint(f"{record.title} {record.raw_text}")
    if options.output_format == "json":
        return json.dumps(_for_json(record) if options.metadata else _texts(record), ensure_ascii=False)
    if options.output_format == "html":
        head = f"<head>{_metas(record)}</head>" if options.metadata else ""
        return f"<html>{head}<body>{found.article.html}</body></html>"
    text = "\n\n".join(part for part in (record.text, record.comments) if part)
    return _header(record) + text if options.metadata else text


def _texts(record: Record) -> dict[str, Any]:
    return {"text": record.text or "", "comments": record.comments or ""}


def _for_json(record: Record) -> dict[str, Any]:
    values = record.as_dict()
    del values["body"], values["commentsbody"]
    values |= {name: values.pop(old) for old, name in _IN_JSON.items()}
    return values | {name: ";".join(values[name] or ()) for name in ("categories", "tags")} | _texts(record)


def _metas(record: Record) -> str:
    values = ((name, getattr(record, name)) for name in _IN_HEAD)
    said = ((name, value if isinstance(value, str) else ";".join(value)) for name, value in values if value)
    return "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in said)


def _header(record: Record) -> str:
    """The front matter of text and Markdown."""
    values = ((name, getattr(record, name)) for name in _IN_HEADER)
    return "---\n" + "".join(f"{name}: {_yaml(value)}\n" for name, value in values if value) + "---\n"


def _yaml(value: str | list[str]) -> str:
    """A value as YAML reads it: as it is where that is plain, else as JSON."""
    if isinstance(value, str) and value[:1].isalpha() and not _NOT_PLAIN.search(value):
        return value if value.casefold() not in _YAML_WORDS else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)

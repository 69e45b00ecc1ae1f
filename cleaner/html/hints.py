"""What a page says of itself in its head and its structured data, read cheaply: for telling kinds of pages apart."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, cast

from cleaner.html.words import collapse
from cleaner.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_JSON_LD_REACH = 200_000
_MOST_HEADLINES = 8
_LONGEST_HEADLINE = 400
_FACTS = re.compile(r'"(@type|headline|name)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|\[([^\[\]]*)\])')
_AUTHORS = re.compile(r'"(?:author|creator)"\s*:\s*(\[[^\[\]]{0,2000}\]|\{[^{}]{0,1000}\}|"(?:[^"\\]|\\.)*")')
_NAMES = re.compile(r'"name"\s*:\s*"((?:[^"\\]|\\.)*)"|^\[?\s*"((?:[^"\\]|\\.)*)"')
_MOST_AUTHORS = 8
_DESCRIBING = ("description", "og:description")
_METAS = ("author", "og:type", "og:title", "og:url", "generator", *_DESCRIBING)
_TOLD = re.compile(r'"(articleBody|description|text|reviewBody)"\s*:\s*"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_TAG = re.compile(r"<[^<>]{1,300}>")
_LONGEST_TOLD = 100_000


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page says of itself; every string may be empty.

    types are the ``@type`` names of JSON-LD and the ``itemtype`` names of microdata, lower case, without their
    vocabulary. headlines are the ``headline`` strings of JSON-LD, then its ``name`` strings, the first few.
    """

    types: frozenset[str] = frozenset()
    og_type: str = ""
    generator: str = ""
    root_classes: str = ""
    """The classes of html and body, lower case."""
    url: str = ""
    """The page's address: as given, else the canonical link, else og:url."""
    language: str = ""
    title: str = ""
    headlines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Names that the structured data or a meta element give as authors."""
    body: str = ""
    """The article's text as the structured data has it, on one line."""
    description: str = ""
    """What the page says of itself in a sentence or two: of meta elements and of the structured data."""
    posts: str = ""
    """The texts of posts, answers and reviews in the structured data."""


def page_hints(root: _Element, url: str | None = None, *, microdata: bool = True) -> Hints:
    """Read the hints of a page. The tree is only read; never raises on content.

    Without *microdata* the types that elements of the body declare are not looked for.
    """
    found: Found | None = COMPILED.found_in(root, microdata) if COMPILED else None
    return _made(root, url, found or found_in(root, microdata))


def reference(root: _Element, url: str | None = None, *, microdata: bool = True) -> Hints:
    """What :func:`page_hints` gives, without its twin."""
    return _made(root, url, found_in(root, microdata))


Found = tuple[dict[str, str], str, list[str], list[str]]
"""The contents of meta elements, the canonical link, the texts of JSON-LD, the types that elements declare."""


def found_in(root: _Element, microdata: bool) -> Found:
    """Read from the tree what hints are made of."""
    metas: dict[str, str] = {}
    canonical = ""
    json_ld: list[str] = []
    for element in root.iter("meta", "link", "script"):
        tag = element.tag
        if tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                json_ld.append(element.text)
        elif tag == "link":
            if not canonical and (element.get("rel") or "").lower() == "canonical":
                canonical = element.get("href") or ""
        else:
            name = (element.get("property") or element.get("name") or "").lower()
            if name in _METAS and name not in metas:
                metas[name] = collapse(element.get("content") or "")
    types = cast("list[str]", root.xpath("//@itemtype")) if microdata else []
    return metas, canonical, json_ld, types


def _made(root: _Element, url: str | None, found: Found) -> Hints:
    metas, canonical, json_ld, declared = found
    structured = "\n".join(json_ld)[:_JSON_LD_REACH]
    types, headlines = _json_ld_facts(structured)
    told = _told(structured)
    types.update(_short(name) for value in declared for name in value.split())
    return Hints(
        types=frozenset(types) - {""},
        og_type=metas.get("og:type", "").lower(),
        generator=metas.get("generator", "").lower(),
        root_classes=_root_classes(root),
        url=url or canonical.strip() or metas.get("og:url", ""),
        language=(root.get("lang") or root.get("xml:lang") or "").strip(),
        title=metas.get("og:title") or _title(root),
        headlines=headlines,
        authors=_authors(structured, metas.get("author", "")),
        body=told["articleBody"],
        description=" ".join(filter(None, [*map(metas.get, _DESCRIBING), told["description"]])),
        posts=told["text"],
    )


def _json_ld_facts(text: str) -> tuple[set[str], tuple[str, ...]]:
    """Types and headlines by pattern rather than by parsing: quicker, and broken JSON does not matter."""
    types: set[str] = set()
    headlines: dict[str, None] = {}
    names: dict[str, None] = {}
    for key, value, several in _FACTS.findall(text):
        if key == "@type":
            types.update(_short(name) for name in (several.replace('"', " ").replace(",", " ").split() or [value]))
        elif 0 < len(value) <= _LONGEST_HEADLINE:
            found = headlines if key == "headline" else names
            if len(found) < _MOST_HEADLINES:
                found[_unescape(value)] = None
    return types, tuple({**headlines, **names})[:_MOST_HEADLINES]


def _told(json_ld: str) -> dict[str, str]:
    """The texts that structured data holds, each kind on one line."""
    told: dict[str, list[str]] = {"articleBody": [], "description": [], "text": []}
    for key, value in _TOLD.findall(json_ld):
        told.get(key, told["text"]).append(value)
    return {key: _plain(" ".join(values)) if values else "" for key, values in told.items()}


def _plain(value: str) -> str:
    """A string of JSON without escapes, elements and references of HTML."""
    text = unescape(_unescape(value[:_LONGEST_TOLD]))
    return collapse(_TAG.sub(" ", text)) if "<" in text else collapse(text)


def _authors(json_ld: str, meta: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for value in _AUTHORS.findall(json_ld):
        for named, bare in _NAMES.findall(value):
            names[_unescape(named or bare)] = None
    for name in meta.split(","):
        names[collapse(name)] = None
    return tuple(name for name in names if 0 < len(name) <= 80)[:_MOST_AUTHORS]


def _short(name: str) -> str:
    """A type without its vocabulary: ``https://schema.org/NewsArticle`` is ``newsarticle``."""
    return name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1].strip().lower()


def _unescape(value: str) -> str:
    if "\\" in value:
        with suppress(ValueError):
            value = str(json.loads(f'"{value}"', strict=False))
    return collapse(value)


def _root_classes(root: _Element) -> str:
    body = root.find("body")
    classes = [root.get("class") or "", (body.get("class") or "") if body is not None else ""]
    return " ".join(" ".join(classes).lower().split())


def _title(root: _Element) -> str:
    title = root.find("head/title")
    return collapse("".join(cast("Iterator[str]", title.itertext()))) if title is not None else ""


COMPILED = twin("cleaner.html._hints")

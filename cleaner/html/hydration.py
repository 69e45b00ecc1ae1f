"""The data that a page carries for its scripts, as JSON values. Only data is read: no script is ever run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_JSON = 5_000_000
"""How many characters of JSON are read in a page, over all its scripts."""
_LEAST_JSON = 200
_MOST_FAILURES = 300
"""How often a script may look like data and be none: an error costs as much as all the text before it."""
_JSON_TYPES = re.compile(r"json", re.I)
_ASSIGNED = re.compile(
    r"(?:(?<!\w)__[A-Za-z]\w{1,60}__"
    r"|\b\w{0,40}(?:[Ss]tate|[Dd]ata|STATE|DATA|[Pp]rops|[Aa]rticle|[Ss]tory|[Cc]ontent))[\"'\])]{0,3}\s*=\s*"
    r"|\.push\(\s*"
)
_PARSED = re.compile(r"JSON\.parse\(\s*")
_DECODED = re.compile(r"decodeURIComponent\(\s*")
_PUSHED = re.compile(r"self\.__next_f\.push\(\s*")
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),)?")
_KEYED = re.compile(
    r"\b(?:articleBody|body|bodyHtml|bodyHTML|body_html|content|contentHtml|content_html|html|htmlBody|fullText|text)"
    r"[\"']?\s*:\s*(?=\")"
)
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.S)
_DATA_ATTRIBUTES = "//@data-page|//@data-props|//@data-react-props|//@data-initial-state|//@data-state|//@data-json"
_DECODER = json.JSONDecoder(strict=False)
_FAILURES = (ValueError, RecursionError)


def json_ld(root: _Element) -> Iterator[Any]:
    """Yield the values of a page's JSON-LD scripts; of a broken one, the articleBody alone."""
    left = MOST_JSON
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        text = script.text.strip()
        left -= len(text)
        if left < 0:
            return
        value = loads(text)
        if value is not None:
            yield value
            continue
        for found in re.finditer(r'"articleBody"\s*:\s*(?=")', text):
            if body := _literal(text, found.end(), _LEAST_JSON):
                yield {"articleBody": body}


def hydration(root: _Element) -> Iterator[tuple[str, Any]]:
    """Yield a name and a value for each piece of data in a page's scripts, in page order."""
    left = MOST_JSON
    pushed: list[str] = []
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower()
        text = script.text
        if not text or len(text) < _LEAST_JSON // 4 or "ld+json" in kind:
            continue
        left -= len(text)
        if left < 0:
            break
        if _JSON_TYPES.search(kind):
            yield from _json_script(script.get("id") or "", text)
        elif "__next_f" in text:
            pushed.extend(_pushed(text))
        elif not kind or "javascript" in kind or kind == "module":
            yield from _assigned(text)
    if pushed:
        yield "next-data", _rows("".join(pushed).encode("utf-8", "replace"))
    for attribute in cast("list[str]", root.xpath(_DATA_ATTRIBUTES)):
        left -= len(attribute)
        if left >= 0 and len(attribute) >= _LEAST_JSON and (value := loads(attribute)) is not None:
            yield "hydration", value


def loads(text: str) -> Any:
    """The value of a JSON text, or None where it is not JSON."""
    try:
        return _DECODER.decode(text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"))
    except _FAILURES:
        return None


def _json_script(name: str, text: str) -> Iterator[tuple[str, Any]]:
    value = loads(text)
    if value is None:
        return
    if name == "__NUXT_DATA__" and isinstance(value, list):
        yield "nuxt-data", _revived(value)
    else:
        yield ("next-data" if name == "__NEXT_DATA__" else "hydration"), value


def _assigned(text: str) -> Iterator[tuple[str, Any]]:
    """The objects that a script assigns or pushes, and from what is no JSON, its strings under a telling key."""
    position = start = 0
    rest: list[str] = []
    failures = 0
    while failures < _MOST_FAILURES and (found := _ASSIGNED.search(text, position)):
        position = found.end()
        value, end = _value(text, position)
        if value is None:
            failures += 1
        else:
            rest.append(text[start:position])
            position = start = end
            yield ("next-data" if "__NEXT_DATA__" in found[0] else "hydration"), value
    rest.append(text[start:])
    yield from (("script", value) for value in _literals("\n".join(rest)))


def _value(text: str, position: int) -> tuple[Any, int]:
    """The JSON value at a place in a script, also as the argument of JSON.parse, and where it ends."""
    wrapped = False
    for call in (_PARSED, _DECODED):
        if found := call.match(text, position):
            position = found.end()
            wrapped = True
    if text[position : position + 1] not in ("{", "[", '"'):
        return None, position
    if text[position] == '"' and not wrapped:
        return None, position
    try:
        value, end = _DECODER.raw_decode(text, position)
    except _FAILURES:
        return None, position
    if wrapped and isinstance(value, str):
        value = loads(unquote(value) if value.startswith("%") else value)
    return value, end


def _literals(text: str) -> Iterator[dict[str, Any]]:
    for found in _KEYED.finditer(text):
        if value := _literal(text, found.end(), _LEAST_JSON):
            yield {"body": value}


def _literal(text: str, position: int, least: int) -> str | None:
    """The string literal at a place in a script, if it has at least so many characters."""
    found = _STRING.match(text, position)
    if not found or found.end() - position < least:
        return None
    literal = _HEX_ESCAPE.sub(r"\\u00\1", found[0]).replace("\\'", "'")
    try:
        value, _ = _DECODER.raw_decode(literal)
    except _FAILURES:
        return None
    return value if isinstance(value, str) else None


def _pushed(text: str) -> Iterator[str]:
    failures = 0
    for found in _PUSHED.finditer(text):
        try:
            value, _ = _DECODER.raw_decode(text, found.end())
        except _FAILURES:
            failures += 1
            if failures == _MOST_FAILURES:
                return
            continue
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]


def _rows(stream: bytes) -> list[Any]:
    """The rows of a React Server Components stream: ``id:json`` lines and ``id:Tlength,text``, lengths in bytes."""
    rows: list[Any] = []
    position = 0
    while position < len(stream):
        head = _ROW.match(stream, position)
        end = stream.find(b"\n", position)
        end = len(stream) if end < 0 else end
        if head and head[2]:
            end = head.end() + int(head[2][:8], 16)
            rows.append({"html": stream[head.end() : end].decode("utf-8", "replace")})
            position = end
            continue
        if head and stream[head.end() : head.end() + 1] in (b"{", b"["):
            rows.append(loads(stream[head.end() : end].decode("utf-8", "replace")))
        position = end + 1
    return rows


def _revived(flat: list[Any]) -> Any:
    """The value of a flat array where numbers are places in it (the format of devalue), shared parts shared."""
    made: list[Any] = [{} if isinstance(item, dict) else [] if isinstance(item, list) else item for item in flat]

    def at(place: Any) -> Any:
        return made[place] if type(place) is int and 0 <= place < len(made) else None

    for item, value in zip(flat, made, strict=True):
        if isinstance(item, dict):
            value.update((key, at(place)) for key, place in item.items())
        elif isinstance(item, list):
            # A name first: a date, a set, a wrapper around one value.
            value.extend(at(place) for place in (item[1:] if item and isinstance(item[0], str) else item))
    return made[0] if made else None

"""What a page says of its own encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.html.encodings import known_encoding

_REACH = 65_536
_BODY_REACH = 1024
# Every alternative takes what it meets to its end or to that of the page, so that no character is looked at twice.
_ATTRIBUTES = r"""(?:[^>=]|=\s*(?:"[^"]*"|'[^']*')?)*"""
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style|title|textarea|xmp)\b.*?(?:</(?P=raw)\b|\Z)"
    rf"|<meta(?=[\s/])(?P<meta>{_ATTRIBUTES})"
    r"|<(?P<body>body)\b"
    rf"|<[/a-z]{_ATTRIBUTES}",
    re.S | re.I,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_PRAGMA = ("http-equiv", "http_equiv", "httpequiv")
_CONTENT_TYPE = re.compile(r"content[-_ ]?type", re.I)
_CONTENT_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s;"']+)""", re.I)
_XML = re.compile(r"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)""", re.I)
_WORD = re.compile(r"\s*[\w.:-]+")


def declared_by_page(content: bytes) -> str | None:
    """Return the encoding that the first ``<meta>`` with a known label declares; without one, the XML declaration."""
    start = content[:_REACH].decode("latin-1")
    xml = _XML.match(start)
    for label in (*_meta_labels(start), *(xml.groups() if xml else ())):
        # Something may stand behind a label: ``koi8-r;``.
        word = _WORD.match(label)
        if found := known_encoding(label) or (known_encoding(word[0]) if word else None):
            return found
    return None


def _meta_labels(start: str) -> Iterator[str]:
    in_body = False
    for tag in _MARKUP.finditer(start):
        in_body = in_body or tag["body"] is not None
        # As browsers do: near the start of the page anywhere, further on in its head.
        if in_body and tag.start() > _BODY_REACH:
            return
        if "charset" not in (tag["meta"] or "").lower():
            continue
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(tag["meta"]):
            attributes.setdefault(name.lower(), "".join(values))
        if "charset" in attributes:
            yield attributes["charset"]
        elif any(_CONTENT_TYPE.search(attributes.get(name, "")) for name in _PRAGMA) and (
            label := _CONTENT_CHARSET.search(attributes.get("content", ""))
        ):
            yield label[1]

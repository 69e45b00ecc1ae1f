"""What bytes are, whatever their name says: a web page, plain text, or something that is neither."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath
from typing import Literal

from cleaner.load.page import Page, PageError

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"%!PS", "a PostScript file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"PK\3\4", "a zip archive"),
    (b"PK\5\6", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    *((b"BZh%d1AY&SY" % level, "bzip2 data") for level in range(1, 10)),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x7fELF", "a program"),
)
PAGE_TYPE = re.compile(r"text/(?:html|plain|markdown|xml)|application/(?:[\w.-]+\+)?xml")
"""The content types that pages are declared as."""
PLAIN_SUFFIXES = (".txt", ".text")
PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_PLAIN_TYPES = ("text/plain", "text/markdown")
EMPTY = "is empty"
_UNKNOWN = "binary data"
BINARY = f"is {_UNKNOWN}, not a web page"
_SAMPLE = 65_536
# As file(1) has it: bell, backspace, tab, line feed, form feed, carriage return and escape occur in text.
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"
# Compressed or encrypted bytes hold about one control byte in ten; a damaged page a few in thousands.
_CONTROL_SHARE = 0.04
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)

_ELEMENTS = (
    "html head body title meta link base script style noscript template main article section nav aside header footer "
    "address div p span a b i u s em strong small big mark sub sup font center br hr wbr img picture figure figcaption "
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd menu table thead tbody tfoot tr td th caption blockquote q cite pre code kbd "
    "samp var time abbr del ins form input button select option textarea label fieldset iframe object embed svg math "
    "video audio source details summary dialog frameset frame"
)
# Only known elements count as a lone opening tag, so that List<String> in plain text is no markup.
_TAG = re.compile(
    rb"<(?:!doctype\b|!--|\?xml\b|/[a-z][a-z0-9:-]*\s*>|(?:" + _ELEMENTS.replace(" ", "|").encode() + rb")(?=[\s/>]))",
    re.I,
)


def recognise(
    content: bytes,
    *,
    name: str,
    url: str | None,
    max_bytes: int,
    charset: str | None = None,
    content_type: str | None = None,
) -> Page:
    """Make the page of *content*: its kind, or the error that says why it is none.

    More bytes than max_bytes are an error of their own, after what the first bytes say.
    """
    error = refusal(content)
    if error is None and len(content) > max_bytes:
        error = f"is larger than {max_bytes:,} bytes"
    if error is not None:
        problem = PageError(error, name)
        return Page(url=url, charset=charset, content_type=content_type, name=name, error=problem)
    return Page(content, url, charset, content_type, name, kind_of(content, name, content_type))


def kind_of(content: bytes, name: str, content_type: str | None) -> Literal["html", "text"]:
    """``text`` where the transport, else the name, says so, or where the content has no tag."""
    plain = content_type in _PLAIN_TYPES if content_type else unpacked_name(name).endswith(PLAIN_SUFFIXES)
    return "text" if plain or not has_tag(content) else "html"


def unpacked_name(name: str) -> str:
    """The name in lower case, without the suffix of a compression."""
    lower = name.lower()
    packed = next((suffix for suffix in PACKED_SUFFIXES if lower.endswith(suffix)), "")
    return lower.removesuffix(packed)


def plain_name(name: str) -> str:
    """The name of a member as archives of all systems have it: ``/`` between folders, no ``./`` before it."""
    return str(PurePosixPath(name.replace("\\", "/")))


def has_tag(content: bytes) -> bool:
    """Whether there is any markup: a document type, a comment, an HTML element, a closing tag."""
    if content.startswith(_WIDE_BOMS) or content.find(b"\0", 0, _SAMPLE) >= 0:
        content = content.replace(b"\0", b"")
    return _TAG.search(content) is not None


def refusal(content: bytes) -> str | None:
    """Why these bytes are no page, to stand after the page's name (``is a PDF, not a web page``); None for a page."""
    head = content[:_SAMPLE]
    text = content.removeprefix(codecs.BOM_UTF8)
    if not text or text.isspace():
        return EMPTY
    if (other := _other(head)) is not None:
        return BINARY if other == _UNKNOWN else f"is {other}, not a web page"
    return None


def _other(head: bytes) -> str | None:
    """The kind of file, if it is known or looks binary."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for magic, what in _MAGIC:
        if head.startswith(magic) or start.startswith(magic):
            return what
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a WebP image"
    if head.startswith(b"\0\0\0") and head[4:8] == b"ftyp":
        return "an image or video file"
    return _UNKNOWN if _is_binary(head) else None


def _is_binary(head: bytes) -> bool:
    if head.startswith(_WIDE_BOMS) or _is_wide(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _CONTROL_SHARE * len(head)


def _is_wide(head: bytes) -> bool:
    """Whether it is UTF-16 without a byte order mark: markup in it has a NUL beside nearly every character."""
    if 0 not in head:
        return False
    even, odd = head[::2], head[1::2]
    for low, high in ((even, odd), (odd, even)):
        text = len(low.translate(None, _CONTROLS))
        if low and high.count(0) > 0.3 * len(high) and text > 0.96 * len(low) and b"<" in low:
            return True
    return False

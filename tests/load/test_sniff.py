"""What is a page and what is not, told by the bytes."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"
HTML = b"<!doctype html><title>Harbour</title><p>The ferry is back.</p>"


def load_one(content: bytes) -> cleaner.Page:
    (page,) = cleaner.load(content)
    return page


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("page.html", HTML)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF, not a web page"),
        (b"\n%PDF-1.4\n<html>", "is a PDF, not a web page"),
        (PNG, "is a PNG image, not a web page"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a JPEG image, not a web page"),
        (b"GIF89a\1\0\1\0", "is a GIF image, not a web page"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "is a WebP image, not a web page"),
        (b"\0\0\0\x1cftypavif", "is an image or video file, not a web page"),
        (random.Random(1).randbytes(5000), "is binary data, not a web page"),
    ],
)
def test_what_is_no_page(content: bytes, error: str) -> None:
    page = load_one(content)
    assert str(page.error) == error
    assert not page.content


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        b"\n\n  <HTML><BODY>Ferry",
        b"Ferry is back.<br>The harbour is open.",
        b"words, and then <p>a paragraph",
        b"<!-- saved -->words",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<x-story>words</x-story>",
        HTML.decode().encode("utf-16"),
        HTML.decode().encode("utf-32"),
        HTML.decode().encode("utf-16-le"),
        "<p>Die Fähre fährt".encode("latin-1"),
        "<p>港のフェリー".encode("iso-2022-jp"),
        "<p>港のフェリー".encode("shift-jis"),
        HTML * 50 + b"\0\1",
    ],
)
def test_markup(content: bytes) -> None:
    page = load_one(content)
    assert (page.error, page.kind) == (None, "html")
    assert page.content == content


@pytest.mark.parametrize(
    "content",
    [
        b"The ferry is back.",
        b"a < b, and b <c or d> e",
        b"Write to <desk@harbour.example> or see <https://harbour.example/x>.",
        b"A List<String> is no markup.",
        "Die Fähre".encode(),
        "Die Fähre, nun wieder im Dienst".encode("utf-16"),
        b"GIFs are not allowed. RIFF raff.",
        b"Note: the content follows.\n\nThe ferry is back.",
    ],
)
def test_plain_text(content: bytes) -> None:
    page = load_one(content)
    assert (page.error, page.kind) == (None, "text")


@given(st.text(min_size=1).filter(str.strip))
def test_utf8_text_without_controls_is_a_page(text: str) -> None:
    words = "".join(char for char in text if ord(char) >= 32 and ord(char) != 127)
    page = load_one(("Words " + words).encode("utf-8", "ignore"))
    assert page.error is None


@given(st.binary())
def test_any_bytes_give_one_page(content: bytes) -> None:
    page = load_one(content)
    assert (page.error is None) == (page.content == content and bool(content))
    assert (page.error is None) == (page.kind is not None)

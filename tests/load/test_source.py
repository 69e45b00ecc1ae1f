"""The ways to name a source, and what happens where it cannot be opened."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import cleaner

HTML = b"<h1>Harbour</h1><p>The ferry is back.</p>"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(HTML)
    return path


def test_path(saved: Path) -> None:
    for source in (saved, str(saved)):
        (page,) = cleaner.load(source)
        assert page == cleaner.Page(HTML, name=str(saved), kind="html")


def test_address_given_with_a_path(saved: Path) -> None:
    (page,) = cleaner.load(saved, url="https://harbour.example/ferry")
    assert page.url == "https://harbour.example/ferry"


def test_bytes() -> None:
    for content in (HTML, bytearray(HTML), memoryview(HTML)):
        (page,) = cleaner.load(content)  # type: ignore[arg-type]
        assert page == cleaner.Page(HTML, kind="html")


def test_open_file(saved: Path) -> None:
    with saved.open("rb") as stream:
        (page,) = cleaner.load(stream)
        assert (page.content, page.name) == (HTML, str(saved))
        assert not stream.closed
    (page,) = cleaner.load(io.BytesIO(HTML))
    assert (page.content, page.name) == (HTML, "")


def test_a_stream_that_gives_little_at_a_time() -> None:
    class Drops(io.RawIOBase):
        left = HTML

        def read(self, size: int = -1) -> bytes:  # noqa: ARG002
            drop, self.left = self.left[:3], self.left[3:]
            return drop

    (page,) = cleaner.load(Drops())  # type: ignore[arg-type]
    assert page.content == HTML


def test_a_txt_name_makes_it_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "NOTES.TXT"
    path.write_bytes(HTML)
    (page,) = cleaner.load(path)
    assert page.kind == "text"


def test_larger_than_the_limit(saved: Path) -> None:
    (page,) = cleaner.load(saved, max_bytes=len(HTML))
    assert page.error is None
    for source in (saved, HTML, io.BytesIO(HTML)):
        (page,) = cleaner.load(source, max_bytes=len(HTML) - 1)
        assert str(page.error) == "is larger than 40 bytes"
        assert not page.content


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        cleaner.load(tmp_path / "missing.html")
    with pytest.raises(IsADirectoryError):
        cleaner.load(tmp_path)
    for name in ("", "a\0b"):
        with pytest.raises(FileNotFoundError):
            cleaner.load(name)
    with pytest.raises(OSError, match="file addresses are not fetched"):
        cleaner.load("file:///page.html")


def test_content_is_not_a_path() -> None:
    with pytest.raises(OSError):  # noqa: PT011
        cleaner.load("<p>" + "The ferry is back. " * 500)


@pytest.mark.parametrize("source", [None, 7, ["page.html"], io.StringIO("<p>text")])
def test_other_types(source: object) -> None:
    with pytest.raises(TypeError):
        cleaner.load(source)  # type: ignore[arg-type]

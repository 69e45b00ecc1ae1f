"""The ways to name a source, and what happens where it cannot be opened."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import requests
from packing import zipped

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
    with pytest.raises(FileNotFoundError, match="holds no file that is named like a page"):
        cleaner.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="no file matches"):
        cleaner.load(tmp_path / "*.html")
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.html", "a.html", "below/c.html", "[d].html", "picture.png"):
        path = tmp_path / "saved" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(HTML)
    (tmp_path / "saved/e.zip").write_bytes(zipped(("in.html", HTML), ("picture.png", b"\x89PNG")))
    return tmp_path / "saved"


def test_a_folder_gives_the_pages_below_it(folder: Path) -> None:
    for source in (folder, str(folder)):
        pages = cleaner.load(source)
        names = [str(folder / name) for name in ("[d].html", "a.html", "b.html", "below/c.html", "e.zip/in.html")]
        assert [page.name for page in pages] == names
        assert pages.kind == "folder"
        assert sum(pages.skipped.values()) == 1


def test_a_glob_gives_what_it_matches(folder: Path) -> None:
    assert [page.name for page in cleaner.load(f"{folder}/[ab].html")] == [
        str(folder / "a.html"),
        str(folder / "b.html"),
    ]
    assert [page.name for page in cleaner.load(folder / "**/c.*")] == [str(folder / "below/c.html")]
    assert [page.name for page in cleaner.load(folder / "[d].html")] == [str(folder / "[d].html")]


def test_a_file_of_a_folder_that_goes_away_is_a_page_with_an_error(folder: Path) -> None:
    pages = cleaner.load(f"{folder}/?.html")
    assert next(pages).error is None
    (folder / "b.html").unlink()
    (gone,) = pages
    assert (gone.name, str(gone.error)) == (str(folder / "b.html"), "No such file or directory")


def test_an_answer_of_an_http_library_is_told_what_to_give() -> None:
    for take in (cleaner.load, cleaner.clean):
        with pytest.raises(TypeError, match=r"not Response: give its \.content, the bytes$"):
            take(requests.Response())  # type: ignore[operator]


def test_a_path_is_no_content(saved: Path) -> None:
    with pytest.raises(TypeError, match=r"not \w*Path: cleaner\.load opens files$"):
        cleaner.clean(saved)  # type: ignore[arg-type]
    with saved.open("rb") as file, pytest.raises(TypeError, match=r"cleaner\.load opens files$"):
        cleaner.clean(file)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", ["https://harbour.example/ferry", "HTTP://harbour.example\n"])
def test_an_address_as_content_is_a_warning(content: str) -> None:
    said = f"The content is an address, {content.strip()}: to fetch it, use cleaner.load."
    assert said in cleaner.clean(content).warnings
    assert said not in cleaner.clean_text(content).warnings


def test_a_sentence_with_an_address_is_none() -> None:
    assert not cleaner.clean("See https://harbour.example/ferry for the timetable.").warnings

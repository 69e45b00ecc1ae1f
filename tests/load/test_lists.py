"""JSON Lines, a page in each row, and exports of bookmarks and read-later programs, an address in each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from local_site import HTML, Site
from packing import OTHER, errors, said, zipped

import cleaner
from cleaner.load.page import UNFETCHED
from tests.test_cli import files, page, run

ROW = {"url": "https://harbour.example/a", "html": HTML.decode(), "date_saved": "2026-11-24T10:00:00Z"}
LAST = {"url": "https://harbour.example/z", "html": OTHER.decode()}


def lines(*rows: object) -> bytes:
    """Rows as JSON Lines; bytes are written as they are."""
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "pages.jsonl"
    path.write_bytes(content)
    return path


def test_a_page_a_row() -> None:
    pages = cleaner.load(lines(ROW, LAST))
    first, last = pages
    assert (first.name, first.url, first.content) == ("line 1", ROW["url"], HTML)
    assert (first.saved, first.charset, first.format) == ("2026-11-24T10:00:00Z", "utf-8", "jsonl")
    assert (last.name, last.url, last.saved) == ("line 2", LAST["url"], None)
    assert pages.kind == "jsonl"


def test_other_names_of_the_fields(tmp_path: Path) -> None:
    path = saved(tmp_path, lines({"id": 7, "address": ROW["url"], "body": page()}))
    (found,) = cleaner.load(path, url_field="address", html_field="body")
    assert (found.url, found.kind) == (ROW["url"], "html")
    assert errors(path) == ["has no field html with text in it; its fields: id, address, body (at byte 0)"]
    done = run("clean", path, "-o", f"{tmp_path}/out/", "--url-field=address", "--html-field", "body")
    assert (done.returncode, files(tmp_path / "out")) == (0, ["harbour.example/a.txt"])


def test_rows_with_text_are_plain_text() -> None:
    text = "Where a < b, <p> is a tag.\nSecond line."
    (found,) = cleaner.load(lines({"url": "https://harbour.example/a", "text": text}))
    assert (found.content, found.kind) == (text.encode(), "text")
    both, none, neither = cleaner.load(lines({**ROW, "text": text}, {"url": "x", "html": None, "text": text}, {"a": 1}))
    assert (both.content, none.content) == (HTML, text.encode())
    assert str(neither.error).startswith("has no field html with text in it; its fields: a (at byte ")


def test_a_broken_row_is_told_with_its_place_and_the_others_come_out(tmp_path: Path) -> None:
    bad = [b'{"url": "https://', b"[1, 2]", b"7", b"\xff\xfe", b'{"html": "\\ud800"}x', b"[" * 100_000]
    path = saved(tmp_path, lines(ROW, *bad, LAST))
    first, *broken, last = cleaner.load(path)
    assert (first.content, last.content, last.name) == (HTML, OTHER, "line 8")
    place = len(lines(ROW))
    for number, (found, row) in enumerate(zip(broken, bad, strict=True), 2):
        assert found.error is not None
        assert (found.name, found.error.offset, found.content) == (f"line {number}", place, b"")
        place += len(row) + 1


@pytest.mark.parametrize("row", [{}, [], b"{bad", b"\xff"])
def test_a_broken_row_may_be_the_first(row: object, tmp_path: Path) -> None:
    first, last = cleaner.load(saved(tmp_path, lines(row, LAST)))
    assert first.error is not None
    assert (last.name, last.content) == ("line 2", OTHER)


@pytest.mark.parametrize("content", [HTML, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b""], ids=["page", "picture", "empty"])
def test_what_is_only_named_like_json_lines(content: bytes, tmp_path: Path) -> None:
    ((_, found),) = said(saved(tmp_path, content))
    assert found == content if content is HTML else "is damaged" not in str(found)


def test_a_row_that_is_cut_is_told(tmp_path: Path) -> None:
    (_, found), (_, error) = said(saved(tmp_path, lines(ROW, LAST)[:-20]))
    assert found == HTML
    assert str(error).startswith("is damaged: no JSON")
    assert str(error).endswith(f" (at byte {len(lines(ROW))})")


@pytest.mark.parametrize("last", [b"", lines(LAST)], ids=["last", "between"])
def test_a_row_that_is_too_long_costs_itself(last: bytes) -> None:
    for length in (200, 1000, 500_000):
        content = lines(ROW, {**ROW, "html": "x" * length})
        (_, first), (name, error), *rest = said((content + last).rstrip(b"\n"), max_bytes=100)
        assert (first, name, str(error)[:24]) == (HTML, "line 2", "is larger than 100 bytes")
        assert rest == ([("line 3", OTHER)] if last else [])


def test_empty_lines_byte_order_marks_and_line_ends(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(ROW, b"", b"  ", LAST, b"")
    for rows in (content, content.replace(b"\n", b"\r\n"), content.rstrip(b"\n"), b"\n\n" + lines(ROW, b"", LAST)):
        found = said(saved(tmp_path, rows))
        assert [content for _, content in found] == [HTML, OTHER]
        assert found[-1][0] in ("line 4", "line 5")


def test_characters_that_are_escaped() -> None:
    (found,) = cleaner.load(lines({"url": "x", "html": "<p>Fähre \ud83d\ude00 \ud800</p>"}))
    assert found.content == "<p>Fähre 😀 ?</p>".encode()


ADDRESSES = [f"https://harbour.example/{name}" for name in ("a", "b?x=1&y=2")]


def bookmarks(*addresses: str) -> bytes:
    links = "".join(
        f'<DT><A HREF="{address}" ADD_DATE="1764000000">A page</A>\n' for address in (*addresses, "javascript:alert(1)")
    )
    return f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n{links}</DL>".encode()


def pocket(*addresses: str) -> bytes:
    rows = "".join(f'"A, page",{address},1764000000,,unread\n' for address in (*addresses, "place:sort=8"))
    return f"title,url,time_added,tags,status\n{rows}".encode()


def pocket_html(*addresses: str) -> bytes:
    links = "".join(f'<li><a href="{address}" time_added="1764000000">A page</a></li>\n' for address in addresses)
    return (
        f"<!DOCTYPE html>\n<html><head><title>Pocket Export</title></head><h1>Unread</h1>"
        f'<ul>{links}<li><a href="ftp://x/">x</a></li></ul></html>'
    ).encode()


def instapaper(*addresses: str) -> bytes:
    rows = "".join(f"{address},A page,,Unread,1764000000\n" for address in (*addresses, "x:"))
    return f"\ufeffURL,Title,Selection,Folder,Timestamp\n{rows}".encode()


EXPORTS = {"bookmarks": bookmarks, "csv": pocket, "html": pocket_html, "instapaper": instapaper}
each_export = pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)


@each_export
def test_a_list_gives_addresses_and_fetches_nothing(export: Callable[..., bytes]) -> None:
    pages = cleaner.load(export(*ADDRESSES))
    for found, address in zip(pages, ADDRESSES, strict=True):
        assert (found.name, found.url, found.content, str(found.error)) == (address, address, b"", UNFETCHED)
        assert (found.saved, found.format) == ("2025-11-24T16:00:00Z", "list")
    assert pages.skipped == {"address of another kind": 1}


@each_export
def test_the_addresses_of_a_list_are_fetched(export: Callable[..., bytes], site: Site) -> None:
    story, closed, gone = (site.address + path for path in ("/story", "/closed/a", "/gone"))
    site.put("/story", b"", status=302, Location="/moved")
    site.put("/moved", HTML)
    site.put("/closed/a", HTML)
    site.put("/robots.txt", b"User-agent: *\nDisallow: /closed/\n", "text/plain")
    pages = list(cleaner.load(export(story, closed, gone), fetch=True, allow_private=True))
    assert [found.name for found in pages] == [story, closed, gone]
    reasons = [str(found.error) for found in pages]
    assert reasons[0] == "None"
    assert "robots.txt" in reasons[1]
    assert "404" in reasons[2]
    assert (pages[0].content, pages[0].url, pages[0].format) == (HTML, site.address + "/moved", "list")
    assert {found.saved for found in pages} == {"2025-11-24T16:00:00Z"}
    assert site.asked("/closed/a") == 0
    assert site.asked("/robots.txt") == 1


def test_private_addresses_of_a_list_are_not_fetched(site: Site) -> None:
    site.put("/story", HTML)
    (error,) = errors(bookmarks(site.address + "/story"), fetch=True)
    assert "is not a public address" in error
    assert not site.seen


def test_a_list_in_an_archive_of_pages() -> None:
    archive = zipped(("a.html", HTML), ("news/list.html", bookmarks(*ADDRESSES)))
    assert said(archive) == [
        ("a.html", HTML),
        *((f"news/list.html/{address}", UNFETCHED) for address in ADDRESSES),
    ]


def test_a_list_without_an_address_is_told() -> None:
    for content in (bookmarks(), pocket(), instapaper(), b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n"):
        assert said(content) == [("", "holds no address of a page")]


def test_an_article_about_exports_is_a_page() -> None:
    article = f"<title>Moving on</title><p>It begins with {'the words ' * 200}&lt;title&gt;Pocket Export&lt;/title&gt;"
    assert said(article.encode()) == [("", article.encode())]
    assert said(b"url,size\nhttps://harbour.example/,7\n")[0][1] == b"url,size\nhttps://harbour.example/,7\n"

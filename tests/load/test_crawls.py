"""WARC and WACZ: which records are pages, how their bodies are unpacked, what damage costs."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest
from backports import zstd
from packing import HTML, OTHER, chunked, errors, record, said, zipped

import cleaner
from tests.test_cli import HOME

A, B, C = (f"http://harbour.example/{name}" for name in "abc")
BODIES = {
    "gzip": gzip.compress(HTML),
    "x-gzip": gzip.compress(HTML),
    "deflate": zlib.compress(HTML),
    # As some servers have it, without the header that it should have.
    "Deflate": zlib.compress(HTML)[2:-4],
    "br": brotli.compress(HTML),
    "zstd": zstd.compress(HTML),
    "deflate, gzip": gzip.compress(zlib.compress(HTML)),
    "identity": HTML,
    "utf-8": HTML,
}


def skipped(crawl: bytes) -> dict[str, int]:
    """What was left out of a crawl that holds no page."""
    pages = cleaner.load(crawl)
    assert list(pages) == []
    return dict(pages.skipped)


def encoded(encoding: str, body: bytes, content_type: str = "text/html", **more: str) -> bytes:
    """An answer that is declared to be packed."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return record(body=body, fields={"Content-Type": content_type, "Content-Encoding": encoding, **named})


def test_the_kinds_of_records() -> None:
    crawl = b"".join(
        [
            record(kind="warcinfo", body=b"software: x\r\n", fields=None, content_type="application/warc-fields"),
            record(A, kind="request"),
            record(A),
            record(A, kind="metadata", fields=None, content_type="text/html"),
            record(A, kind="revisit"),
            record(B, kind="resource", fields=None, content_type="text/html; charset=koi8-r"),
            record(C, b"Only words.", kind="conversion", fields=None, content_type="text/plain"),
        ]
    )
    pages = cleaner.load(crawl)
    answer, resource, conversion = pages
    assert pages.skipped == {"warcinfo": 1, "request": 1, "metadata": 1, "revisit": 1}
    assert (answer.url, answer.name, answer.content, answer.kind, answer.format) == (A, A, HTML, "html", "warc")
    assert (answer.saved, answer.charset) == ("2026-11-24T10:00:00Z", None)
    assert (resource.url, resource.content, resource.charset) == (B, HTML, "koi8-r")
    assert (conversion.url, conversion.content, conversion.kind, conversion.format) == (
        C,
        b"Only words.",
        "text",
        "wet",
    )


def test_answers_that_went_wrong_are_no_pages() -> None:
    for status in ("301 Moved Permanently", "304 Not Modified", "404 Not Found", "429 Slow", "500 Oh", "100 Continue"):
        assert skipped(record(status=status)) == {f"status {status[:3]}": 1}
    for status in ("200 OK", "200", "203 By A Proxy"):
        assert said(record(status=status)) == [("http://harbour.example/a", HTML)]


@pytest.mark.parametrize(
    "declared", ["image/png", "application/json", "text/css", "application/pdf", "video/mp4", "text/javascript"]
)
def test_other_types_are_no_pages(declared: str) -> None:
    assert skipped(record(fields={"Content-Type": declared})) == {declared: 1}


@pytest.mark.parametrize(
    "declared",
    ["text/html", "TEXT/HTML ; Charset=x", "application/xhtml+xml", "text/xml", "application/octet-stream", "", None],
)
def test_pages_are_told_by_their_type_or_by_themselves(declared: str | None) -> None:
    (page,) = cleaner.load(record(fields={} if declared is None else {"Content-Type": declared}))
    assert (page.content, page.kind) == (HTML, "html")


def test_what_is_undeclared_and_no_page_is_left_out() -> None:
    assert skipped(record(body=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", fields={})) == {"a PNG image": 1}
    binary = record(body=bytes(range(8)) * 50, fields={"Content-Type": "application/octet-stream"})
    assert skipped(binary) == {"binary data": 1}
    assert skipped(record(body=b"")) == {"empty": 1}


def test_what_crawlers_need_is_no_page() -> None:
    plain = {"Content-Type": "text/plain"}
    for address in ("http://harbour.example/robots.txt", "urn:pageinfo:a", "dns:harbour.example", "metadata://x/y"):
        assert skipped(record(address, b"User-agent: *\n", fields=plain)) == {"the crawler's own": 1}
    assert said(record("http://harbour.example/news/robots.txt", b"Words.", fields=plain))


def test_addresses_between_brackets() -> None:
    assert [page.url for page in cleaner.load(record(f"<{A}>"))] == [A]


def test_the_charset_of_the_answer_is_the_page_s() -> None:
    text = "Паром вернулся в гавань, сказал начальник порта."
    crawl = record(body=f"<h1>{text}</h1>".encode("koi8-r"), fields={"Content-Type": 'text/html; charset="KOI8-R"'})
    (page,) = cleaner.load(crawl)
    assert page.charset == "koi8-r"
    assert [block.text for block in cleaner.clean(page).blocks] == [text]


@pytest.mark.parametrize("encoding", BODIES)
def test_bodies_are_unpacked(encoding: str) -> None:
    assert said(encoded(encoding, BODIES[encoding])) == [(A, HTML)]
    assert said(encoded(encoding, chunked(BODIES[encoding]), Transfer_Encoding="chunked")) == [(A, HTML)]


def test_chunks_are_joined() -> None:
    for body in (chunked(HTML), b"29;name=value\r\n" + HTML + b"\r\n0\r\nTrailer: x\r\n\r\n", chunked(HTML)[:-5], HTML):
        assert said(record(body=body, fields={"Transfer-Encoding": "chunked"})) == [(A, HTML)]


@pytest.mark.parametrize("encoding", BODIES)
def test_crawlers_unpack_and_leave_the_header(encoding: str) -> None:
    assert said(encoded(encoding, HTML, Transfer_Encoding="chunked")) == [(A, HTML)]


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_what_never_was_packed_need_not_begin_with_a_tag(encoding: str) -> None:
    assert said(encoded(encoding, b"\xef\xbb\xbf" + HTML)) == [(A, b"\xef\xbb\xbf" + HTML)]
    assert said(encoded(encoding, b"Words.", "text/plain")) == [(A, b"Words.")]


@pytest.mark.parametrize("encoding", ["deflate", "br", "gzip, br"])
@pytest.mark.parametrize(("body", "declared"), [(b"\xef\xbb\xbf" + HTML, "text/html"), (b"Words.", "text/plain")])
def test_what_never_was_packed_without_a_mark(encoding: str, body: bytes, declared: str) -> None:
    assert said(encoded(encoding, body, declared)) == [(A, body)]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_that_is_cut_gives_its_beginning(encoding: str) -> None:
    page, other = cleaner.load(encoded(encoding, BODIES[encoding][:-9]) + record(B))
    assert str(page.error).startswith("is cut short")
    assert page.content
    assert HTML.startswith(page.content)  # type: ignore[arg-type]
    assert (other.url, other.error) == (B, None)


def test_a_body_that_is_too_large_costs_itself() -> None:
    large = HTML * 100
    for first in (record(A, large), encoded("gzip", gzip.compress(large)), encoded("br", brotli.compress(large))):
        assert said(first + record(B), max_bytes=1000) == [(A, "is larger than 1,000 bytes"), (B, HTML)]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (chunked(HTML, 1), {"Transfer-Encoding": "chunked"}),
        (gzip.compress(random.Random(1).randbytes(200).hex().encode()), {"Content-Encoding": "gzip"}),
    ],
    ids=["chunked", "gzip"],
)
def test_a_body_that_is_too_large_before_it_is_unpacked(body: bytes, fields: dict[str, str]) -> None:
    most = 60
    assert len(body) > most
    ((_, found),) = said(record(A, body, fields={"Content-Type": "text/html", **fields}), max_bytes=most)
    assert found == (HTML if "Transfer-Encoding" in fields else "is larger than 60 bytes")


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_a_body_of_which_only_the_beginning_is_read(encoding: str) -> None:
    noise = random.Random(1).randbytes(20_000).hex().encode()
    body = {"gzip": gzip.compress, "br": brotli.compress, "identity": bytes}[encoding](noise)
    for sent, more in ((body, {}), (chunked(body, 1), {"Transfer_Encoding": "chunked"})):
        crawl = encoded(encoding, sent, **more) + record(B)
        assert said(crawl, max_bytes=50) == [(A, "is larger than 50 bytes"), (B, HTML)]


def test_a_crawl_that_is_cut_gives_what_there_is() -> None:
    crawl = record(A) + record(B)
    whole, cut = cleaner.load(crawl[:-20])
    assert (whole.url, whole.content) == (A, HTML)
    assert (cut.url, cut.content) == (B, HTML[:-16])
    assert str(cut.error) == f"is cut short (at byte {len(record(A))})"
    packed = gzip.compress(record(A)) + gzip.compress(record(B))
    assert said(packed[:-40])[0] == (A, HTML)
    assert errors(packed[:-40])


@pytest.mark.parametrize("mark", [b"WARC/1.1", b"WARC-Type", b"Content-Length"])
def test_a_damaged_header_costs_its_record_only(mark: bytes) -> None:
    crawl = bytearray(record(A) + record(B) + record(C))
    for shift in (1, 3):
        damaged = bytearray(crawl)
        damaged[crawl.index(mark, len(record(A))) + shift] ^= 0x10
        assert [found for found in said(bytes(damaged)) if found[1] == HTML] == [(A, HTML), (C, HTML)]
        assert "(at byte " in errors(bytes(damaged))[0]


@pytest.mark.parametrize(
    ("old", "new"), [(b"\r\n\r\nHTTP", b"\r\nM\nHTTP"), (b"Content-Length: 8", b"Content-Length: 9")]
)
def test_damage_at_the_end_of_a_header_costs_its_record_only(old: bytes, new: bytes) -> None:
    damaged = record(A) + record(B).replace(old, new) + record(C) + record(A)
    first, broken, *rest = cleaner.load(damaged)
    assert [(page.url, page.content, page.error) for page in (first, *rest)] == [(url, HTML, None) for url in (A, C, A)]
    place = len(record(A))
    assert (broken.url, broken.content) == (B, HTML)
    assert str(broken.error) == f"is damaged: it does not end where its header says (at byte {place})"


@pytest.mark.parametrize("length", [b"0", b"7", b"60", b"84", b"93", b"400", b"8500", b"8x5", b"9" * 30])
@pytest.mark.parametrize("kind", ["response", "request"])
def test_a_wrong_length_is_told_once_and_costs_its_record_only(length: bytes, kind: str) -> None:
    wrong = record(B, kind=kind).replace(b"Content-Length: 85", b"Content-Length: " + length)
    for after in ([C, A], [C], []):
        crawl = record(A) + wrong + b"".join(map(record, after))
        found = list(cleaner.load(crawl))
        assert [page.url for page in found if page.error is None] == [A, *after]
        assert {page.content for page in found if page.error is None} == {HTML}
        (broken,) = [page.error for page in found if page.error is not None]
        assert broken.offset == len(record(A))


def test_a_page_that_quotes_a_crawl_is_one_page() -> None:
    body = HTML + b"<pre>\r\n\r\n" + record(C) + b"</pre>"
    assert said(record(A, body) + record(B)) == [(A, body), (B, HTML)]


def test_many_wrong_lengths_are_not_read_again_and_again() -> None:
    wrong = record(B, kind="request").replace(b"Content-Length: 85", b"Content-Length: 9999999")
    crawl = record(A) + wrong * 20_000
    begun = time.process_time()
    found = list(cleaner.load(crawl))
    assert time.process_time() - begun < 10
    assert found[0].content == HTML
    assert len(found) > 10


def test_a_crawl_that_is_cut_in_a_record_that_is_no_page_is_told() -> None:
    image = record(B, b"\x89PNG" * 50, fields={"Content-Type": "image/png"})
    for last in (image, record(B, kind="request")):
        assert said(record(A) + last[:-30]) == [(A, HTML), ("", f"is cut short (at byte {len(record(A))})")]


def test_an_address_that_is_none() -> None:
    for address in ("http://[harbour", "http://harbour.example:x/", "//", "http://"):
        crawl = record(A) + record(address) + record(C)
        assert [content for _, content in said(crawl) if content == HTML][-2:] == [HTML, HTML]
        assert not errors(crawl)


def test_a_record_that_does_not_say_that_it_is_an_answer() -> None:
    bare = record(A).replace(b"Content-Type: application/http; msgtype=response\r\n", b"")
    (page,) = cleaner.load(bare)
    assert (page.content, page.content_type) == (HTML, "text/html")
    resource = record(B, b"HTTP/1.1 is old.\n\nWords.", kind="resource", fields=None, content_type="text/plain")
    assert said(resource) == [(B, b"HTTP/1.1 is old.\n\nWords.")]


def test_a_damaged_header_is_reported_once() -> None:
    assert len(errors(record(A) + record(B).replace(b"Content-Length", b"Contest-Length") + record(C))) == 1


def test_a_damaged_member_costs_its_record_only() -> None:
    packed = bytearray(gzip.compress(record(B)))
    packed[len(packed) // 2] ^= 0x55
    crawl = gzip.compress(record(A)) + bytes(packed) + gzip.compress(record(C))
    found = [(page.url, page.content) for page in cleaner.load(crawl) if page.error is None]
    assert (found[0], found[-1]) == ((A, HTML), (C, HTML))
    assert errors(crawl)


def test_a_crawl_streams(tmp_path: Path) -> None:
    path, number = tmp_path / "crawl.warc.gz", 3000
    body = HTML + random.Random(1).randbytes(10_000).hex().encode()
    with path.open("wb") as file:
        for i in range(number):
            file.write(gzip.compress(record(f"{A}/{i}", body), 1))
    tracemalloc.start()
    count = sum(page.error is None and len(page.content) == len(body) for page in cleaner.load(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == number
    assert peak < 30_000_000


def wacz(rows: list[object] | None, *records: bytes) -> bytes:
    """A WACZ archive; None leaves the list of pages out."""
    listed = [] if rows is None else [("pages/pages.jsonl", "\n".join(map(json.dumps, rows)).encode())]
    return zipped(("datapackage.json", b"{}"), ("archive/data.warc.gz", b"".join(map(gzip.compress, records))), *listed)


HEAD = {"format": "json-pages-1.0", "id": "pages"}
INNER = "archive/data.warc.gz/"


def test_a_wacz_gives_the_pages_that_it_lists() -> None:
    pages = cleaner.load(wacz([HEAD, {"url": B}], record(A), record(B, OTHER), record(C)))
    assert [(page.name, page.url, page.content) for page in pages] == [(INNER + B, B, OTHER)]
    assert pages.skipped == {"not listed as a page": 2}
    assert pages.kind == "wacz"


@pytest.mark.parametrize("rows", [None, [HEAD], []], ids=["none", "head", "empty"])
def test_a_wacz_without_a_list_gives_all_pages(rows: list[object] | None) -> None:
    assert said(wacz(rows, record(A), record(B))) == [(INNER + A, HTML), (INNER + B, HTML)]


def test_a_listed_page_that_is_not_there_is_told() -> None:
    found = said(wacz([HEAD, {"url": A}, {"url": C}], record(A)))
    assert found == [(INNER + A, HTML), (C, "is listed, but its record is not there")]


def test_a_listed_page_that_leads_elsewhere() -> None:
    moved = record(A, b"", status="302 Found", fields={"Location": "/b", "Content-Type": "text/html"})
    assert said(wacz([HEAD, {"url": A}], moved, record(B), record(C))) == [(INNER + B, HTML)]


def test_a_listed_page_that_leads_back() -> None:
    moved = record(A, b"", status="302 Found", fields={"Location": "/b", "Content-Type": "text/html"})
    pages = cleaner.load(wacz([HEAD, {"url": A}], record(B), record(C), moved))
    assert [(page.url, page.content) for page in pages] == [(B, HTML)]
    assert pages.skipped == {"not listed as a page": 2, "status 302": 1}


def test_a_listed_page_that_leads_back_again_and_again() -> None:
    ways = [(A, "/b"), (B, "/c"), (C, "/d"), (C, "/d#top"), (C, "http://[")]
    moved = [record(a, b"", status="301 Moved", fields={"Location": b, "Content-Type": "text/html"}) for a, b in ways]
    last = "http://harbour.example/d"
    found = said(wacz([HEAD, {"url": A}], record(last), *reversed(moved)))
    assert found == [(INNER + last, HTML), ("http://[", "is where a listed page leads, but its record is not there")]


def test_a_listed_page_that_leads_round() -> None:
    round_about = [
        record(a, b"", status="302 Found", fields={"Location": b, "Content-Type": "text/html"})
        for a, b in ((A, B), (B, A))
    ]
    assert said(wacz([HEAD, {"url": A}], *round_about)) == []
    assert said(wacz([HEAD, {"url": A}], *reversed(round_about))) == []


def test_what_is_damaged_is_told_once_where_a_listed_page_leads_back() -> None:
    moved = record(A, b"", status="302 Found", fields={"Location": "/b", "Content-Type": "text/html"})
    broken = record(C).replace(b"Content-Length", b"Contest-Length")
    found = said(wacz([HEAD, {"url": A}], record(B), broken, moved))
    assert [content for _, content in found][1:] == [HTML]
    assert str(found[0][1]).startswith("is damaged: the header of a record")


def test_a_list_with_places_in_pages() -> None:
    archive = wacz([HEAD, {"url": A + "#top"}, {"url": A + "#end"}, {"url": C + "#x"}], record(A), record(B))
    assert said(archive) == [(INNER + A, HTML), (C, "is listed, but its record is not there")]


def test_a_listed_page_that_is_a_pdf_is_there() -> None:
    other = record(A, b"%PDF-1.7\n", fields={"Content-Type": "application/pdf"})
    assert "not there" not in str(errors(wacz([HEAD, {"url": A}], other)))


def test_a_damaged_list_is_told_and_all_pages_come_out() -> None:
    archive = zipped(("datapackage.json", b"{}"), ("archive/a.warc", record(A)), ("pages/pages.jsonl", b'{"url'))
    (name, content), (_, error) = said(archive)
    assert (name, content) == ("archive/a.warc/" + A, HTML)
    assert str(error).startswith("is damaged: pages/pages.jsonl: ")


@pytest.mark.parametrize("library", ["fastwarc", "brotli", "zstd"])
def test_a_library_that_is_not_installed(library: str, tmp_path: Path) -> None:
    members = {
        "a.html": HTML,
        "b.warc": encoded("br", BODIES["br"]) + record(B) if library == "brotli" else record(B),
        "c.html.zst": zstd.compress(OTHER),
    }
    (tmp_path / "x.zip").write_bytes(zipped(*members.items()))
    code = (
        f"import sys, cleaner\nsys.modules.update(dict.fromkeys({[library, 'backports.' + library]!r}))\n"
        "for page in cleaner.load('x.zip'): print(page.name, str(page.error).partition(\" '\")[0])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": HOME})
    install = "to read it, pip install"
    expected = {"a.html": "None", "b.warc/" + B: "None", "c.html.zst": "None"}
    expected |= {
        "fastwarc": {"b.warc": f"is a WARC file: {install}"},
        "brotli": {"b.warc/" + A: f"is packed by Brotli: {install}"},
        "zstd": {"c.html.zst": f"is packed by Zstandard: {install}"},
    }[library]
    if library == "fastwarc":
        del expected["b.warc/" + B]
    assert dict(line.split(" ", 1) for line in done.stdout.splitlines()) == expected

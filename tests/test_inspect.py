"""``cleaner inspect``: what is in a file, as a table and as JSON, without cleaning anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.load.packing import HTML, OTHER, record, tarred, zipped
from tests.test_cli import environment, run

BOOKMARKS = (
    b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>"
    b'<DT><A HREF="https://harbour.example/a" ADD_DATE="1764000000">A</A>'
    b'<DT><A HREF="https://harbour.example/b">B</A></DL>'
)
PHOTO = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
KOI = {"Content-Type": "text/html; charset=koi8-r"}
CRAWL = record("http://harbour.example/a") + record("http://harbour.example/b", "<p>Порт".encode("koi8-r"), fields=KOI)
CRAWL += record("http://harbour.example/c.png", PHOTO, fields={"Content-Type": "image/png"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file of each of several kinds."""
    for name, content in {
        "crawl.warc": CRAWL,
        "notes.txt": b"Only words.",
        "page.html": HTML,
        "page_files/frame.html": HTML,
        "saved.zip": zipped(("a.html", HTML), ("news/b.html", OTHER), ("c.png", PHOTO)),
        "photo.png": PHOTO,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_table_of_a_folder(folder: Path) -> None:
    done = run("inspect", ".", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "crawl.warc: warc",
        "html utf-8 41 2026-11-24 http://harbour.example/a",
        "html koi8-r 7 2026-11-24 http://harbour.example/b",
        "2 pages; left out: 1 x image/png",
        "notes.txt: text",
        "text utf-8 11",
        "1 page",
        "page.html: html",
        "html utf-8 41",
        "1 page",
        "saved.zip: zip",
        "html utf-8 41 a.html",
        "html utf-8 45 news/b.html",
        "2 pages; left out: 1 x file of another kind",
    ]


def test_the_columns_stand_below_each_other(folder: Path) -> None:
    lines = [line for line in run("inspect", folder).stdout.splitlines() if " utf-8 " in line or " koi8-r " in line]
    assert len(lines) == 6
    assert {line.index(line.split()[1]) for line in lines} == {10}
    assert len({line.index(line.split()[-1]) for line in lines if not line.split()[-1].isdigit()}) == 1
    assert len({len(line[:35].rstrip()) for line in lines}) == 1


def test_json_of_a_folder(folder: Path) -> None:
    done = run("inspect", ".", "-f", "json", cwd=folder)
    found = rows(done.stdout)
    assert [(row["file"], row["name"]) for row in found if "name" in row] == [
        ("crawl.warc", "http://harbour.example/a"),
        ("crawl.warc", "http://harbour.example/b"),
        ("notes.txt", "notes.txt"),
        ("page.html", "page.html"),
        ("saved.zip", "a.html"),
        ("saved.zip", "news/b.html"),
    ]
    assert found[1] == {
        "file": "crawl.warc",
        "name": "http://harbour.example/b",
        "kind": "html",
        "encoding": "koi8-r",
        "size": 7,
        "url": "http://harbour.example/b",
        "saved": "2026-11-24T10:00:00Z",
        "error": None,
    }
    assert found[2] == {"file": "crawl.warc", "format": "warc", "page": 2, "left_out": {"image/png": 1}}
    assert found[-1] == {"file": "saved.zip", "format": "zip", "page": 2, "left_out": {"file of another kind": 1}}


def test_a_list(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    path.write_bytes(BOOKMARKS)
    done = run("inspect", path)
    assert (done.returncode, done.stderr) == (0, "")
    head, first, second, end = (" ".join(line.split()) for line in done.stdout.splitlines())
    assert len({line.index("0") for line in done.stdout.splitlines()[1:3]}) == 1
    assert head == f"{path}: bookmarks"
    assert first == "address 0 2025-11-24 https://harbour.example/a"
    assert second == "address 0 https://harbour.example/b"
    assert end == "2 addresses"
    *found, sums = rows(run("inspect", path, "--format", "json").stdout)
    assert [(row["kind"], row["url"], row["error"]) for row in found] == [
        ("address", "https://harbour.example/a", None),
        ("address", "https://harbour.example/b", None),
    ]
    assert sums == {"file": str(path), "format": "bookmarks", "address": 2, "left_out": {}}


def test_what_is_broken_is_told_with_its_place_and_the_rest_is_listed(tmp_path: Path) -> None:
    crawl = record("http://harbour.example/a") + record("http://harbour.example/b")
    (tmp_path / "cut.warc").write_bytes(crawl[:-20])
    archive = zipped(("a.html", HTML), ("b.html", OTHER))
    (tmp_path / "cut.zip").write_bytes(archive[:-30])
    done = run("inspect", "cut.warc", "cut.zip", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"cut.warc: http://harbour.example/b: is cut short (at byte {len(crawl) // 2})",
        f"cut.zip: is cut short or damaged: its directory is gone (at byte {len(archive) - 30})",
    ]
    shown = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert shown == [
        "cut.warc: warc",
        "html utf-8 41 2026-11-24 http://harbour.example/a",
        "html utf-8 25 2026-11-24 http://harbour.example/b",
        "1 page, 1 error",
        "cut.zip: zip",
        "html utf-8 41 a.html",
        "html utf-8 45 b.html",
        "2 pages, 1 error",
    ]
    found = rows(run("inspect", "cut.zip", "-f", "json", cwd=tmp_path).stdout)
    assert [(row["name"], row["error"]) for row in found[:2]] == [("a.html", None), ("b.html", None)]
    assert found[2]["error"] == f"is cut short or damaged: its directory is gone (at byte {len(archive) - 30})"
    assert found[3] == {"file": "cut.zip", "format": "zip", "page": 2, "error": 1, "left_out": {}}


def test_standard_input() -> None:
    archive = zipped(("a.html", HTML), ("news/b.html", OTHER))
    done = run("inspect", "-", stdin=archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "-: zip",
        "html utf-8 41 a.html",
        "html utf-8 45 news/b.html",
        "2 pages",
    ]
    (found, sums) = rows(run("inspect", "-", "-f", "json", stdin=HTML).stdout)
    assert (found["file"], found["size"], sums["format"]) == ("-", len(HTML), "html")


def test_files_that_are_not_there_or_no_pages(folder: Path) -> None:
    done = run("inspect", "missing.html", "photo.png", "page.html", "*.pdf", cwd=folder)
    assert done.returncode == 1
    assert sorted(done.stderr.splitlines()) == [
        "*.pdf: no file matches",
        "missing.html: No such file or directory",
        "photo.png: is a PNG image, not a web page",
    ]
    assert "page.html: html" in done.stdout.splitlines()
    assert run("inspect").returncode == 2


def test_a_file_without_a_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "photos.tar").write_bytes(tarred(("a.png", PHOTO)))
    (tmp_path / "photos.warc").write_bytes(record(body=PHOTO, fields={"Content-Type": "image/png"}))
    done = run("inspect", "photos.tar", "photos.warc", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "photos.tar: tar",
        "  1 error; left out: 1 x file of another kind",
        "photos.warc: warc",
        "  no page; left out: 1 x image/png",
    ]
    assert (done.returncode, done.stderr) == (1, "photos.tar: holds no page\n")


def test_names_and_addresses_drive_no_terminal(tmp_path: Path) -> None:
    rtl = "\u202elmth"
    (tmp_path / "x.tar").write_bytes(tarred((f"\x1b[2J{rtl}.html", HTML), ("\udcff.html", HTML)))
    (tmp_path / "rows.jsonl").write_text(json.dumps({"url": f"http://h\n\x1b]0;x\x07{rtl}", "html": "<p>Words"}) + "\n")
    done = run("inspect", tmp_path)
    assert done.returncode == 0
    assert not set("\x1b\x07\u202e") & set(done.stdout)
    assert "\\x1b[2J\\u202elmth.html" in done.stdout
    assert len(rows(run("inspect", tmp_path, "-f", "json").stdout)) == 5


def test_nothing_is_cleaned_to_inspect(folder: Path) -> None:
    code = (
        "import sys, cleaner.cli as c\n"
        "sys.argv[1:] = ['inspect', '.']\n"
        "try: c.main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({'onnxruntime', 'requests', 'trafilatura', 'numpy'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True, check=False)
    assert done.stderr.strip() == b""

"""zip and tar archives: what is odd about a member costs that member, and what would be too much is not opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd
from packing import HTML, OTHER, errors, patched, said, tarred, zipped

import cleaner
from cleaner.load.part import Limits
from tests.test_cli import BODY, complaints, environment, page, run

BOMB = b"<p>" + b" " * 40_000_000
TOO_MUCH = "would unpack to over 250 times its size: not opened"
PACKINGS = [gzip.compress, bz2.compress, lzma.compress, zstd.compress]


@pytest.mark.parametrize("pack", PACKINGS, ids=["gzip", "bzip2", "xz", "zstd"])
def test_a_packed_page_is_not_unpacked_without_end(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "bomb.html"
    path.write_bytes(pack(BOMB))
    ((name, error),) = said(path)
    assert name == str(path)
    assert str(error).startswith(TOO_MUCH)


def test_a_bomb_in_a_zip_is_not_unpacked() -> None:
    archive = zipped(("a.html", HTML), ("bomb.html", BOMB), ("c.html", OTHER))
    tracemalloc.start()
    found = said(archive)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    place = archive.index(b"PK\3\4", 1)
    assert found == [("a.html", HTML), ("bomb.html", f"{TOO_MUCH} (at byte {place})"), ("c.html", OTHER)]


def test_a_bomb_in_a_tar_ends_it_behind_the_pages_before() -> None:
    archive = tarred(("a.html", HTML), ("bomb.html", BOMB), ("c.html", HTML), mode="w:gz")
    (name, content), (_, error) = said(archive)
    assert (name, content) == ("a.html", HTML)
    assert str(error).startswith(TOO_MUCH)


def test_a_bomb_in_a_zip_without_directory_costs_itself() -> None:
    archive = zipped(("a.html", HTML), ("bomb.html", BOMB), ("c.html", OTHER))
    first, bomb, last, _ = said(archive[: archive.rindex(b"PK\1\2")])
    assert first == ("a.html", HTML)
    assert last == ("c.html", OTHER)
    assert (bomb[0], str(bomb[1])[: len(TOO_MUCH)]) == ("bomb.html", TOO_MUCH)


def test_members_that_lie_over_each_other_count_each() -> None:
    content = b"<p>" + b" " * 1_000_000
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush()
    about = struct.pack("<HHHHHLLL", 20, 0, 8, 0, 0, zlib.crc32(content), len(packed), len(content))
    own = b"PK\3\4" + about + struct.pack("<HH", 6, 0) + b"a.html" + packed
    listed = b"PK\1\2\x14\0" + about + struct.pack("<HHHHHLL", 6, 0, 0, 0, 0, 0, 0) + b"a.html"
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 300, 300, 300 * len(listed), len(own), 0)
    assert said(own + 300 * listed + end) == [("", TOO_MUCH)]


def test_a_member_that_is_larger_than_its_header_says_is_damaged() -> None:
    archive = patched(zipped(("a.html", b"<p>" + b" " * 50_000), ("b.html", HTML)), b"a.html", "size", 100)
    assert said(archive) == [("a.html", "is damaged or cut short (at byte 0)"), ("b.html", HTML)]


def test_a_packing_in_a_packing_in_a_packing() -> None:
    content = HTML
    for _ in range(3):
        content = gzip.compress(content)
    assert said(content, limits=Limits(depth=2)) == [("", HTML)]
    assert said(content, limits=Limits(depth=1)) == [("", "is an archive in 1 others: not opened")]
    for _ in range(50):
        content = gzip.compress(content)
    assert said(content) == [("", "is an archive in 5 others: not opened")]


def test_an_archive_in_an_archive_in_an_archive() -> None:
    archive = zipped(("page.html", HTML))
    for level in range(1, 50):
        archive = zipped(("page.html", HTML), (f"{level}.zip", archive))
    assert said(archive, limits=Limits(depth=2)) == [
        ("page.html", HTML),
        ("49.zip/page.html", HTML),
        ("49.zip/48.zip/page.html", HTML),
        ("49.zip/48.zip/47.zip", "is an archive in 2 others: not opened"),
    ]


def test_an_archive_behind_a_page_is_an_archive() -> None:
    content = HTML
    for _ in range(50):
        content = HTML + zipped(("page.html", content), method=zipfile.ZIP_STORED)
    assert errors(content, limits=Limits(depth=2)) == ["is an archive in 2 others: not opened"]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_too_many_members(make: Callable[..., bytes]) -> None:
    archive = make(*((f"{number}.html", HTML) for number in range(4)))
    assert len(said(archive)) == 4
    first = [(f"{number}.html", HTML) for number in range(3)]
    error = ("", "holds more than 3 members: the rest was not opened")
    assert said(archive, limits=Limits(members=3)) == [*first, error]
    if make is zipped:
        assert said(archive[: archive.index(b"PK\1\2")], limits=Limits(members=3)) == [*first, error]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_member_that_is_too_large_costs_itself(make: Callable[..., bytes]) -> None:
    archive = make(("a.html", HTML), ("b.html", HTML + OTHER), ("c.html", OTHER))
    found = said(archive, max_bytes=len(OTHER))
    assert found == [("a.html", HTML), ("b.html", f"is larger than {len(OTHER)} bytes"), ("c.html", OTHER)]


def test_an_archive_that_is_too_large_to_be_copied_is_not_opened() -> None:
    inner = zipped(("page.html", HTML))
    assert said(inner, limits=Limits(spool=10)) == [("page.html", HTML)]
    found = said(zipped(("in.zip", inner), ("b.html", OTHER)), limits=Limits(spool=10))
    assert found == [("in.zip", "is larger than 10 bytes"), ("b.html", OTHER)]


def test_an_encrypted_member_is_told() -> None:
    archive = patched(zipped(("a.html", HTML), ("b.html", OTHER)), b"a.html", "flags", 1)
    assert said(archive) == [("a.html", "is encrypted (at byte 0)"), ("b.html", OTHER)]


@pytest.mark.parametrize(("field", "value", "reason"), [("flags", 1, "is encrypted"), ("method", 97, "is packed in")])
def test_an_inner_archive_that_cannot_be_unpacked_is_told(field: str, value: int, reason: str) -> None:
    archive = zipped(("in.zip", zipped(("x.html", HTML))), ("b.html", OTHER))
    (name, error), other = said(patched(archive, b"in.zip", field, value))
    assert (name, other) == ("in.zip", ("b.html", OTHER))
    assert str(error).startswith(reason)


def test_a_packed_page_that_cannot_be_read_is_told_once() -> None:
    archive = patched(zipped(("a.html.gz", gzip.compress(HTML)), ("b.html", OTHER)), b"a.html.gz", "flags", 1)
    assert said(archive) == [("a.html.gz", "is encrypted (at byte 0)"), ("b.html", OTHER)]


def test_a_packing_that_nobody_knows_is_told() -> None:
    (name, error), other = said(patched(zipped(("a.html", HTML), ("b.html", OTHER)), b"a.html", "method", 97))
    assert (name, other) == ("a.html", ("b.html", OTHER))
    assert str(error).startswith("is packed in a way that is not known")


@pytest.mark.parametrize("make", [zipped, tarred])
def test_what_systems_leave_in_archives_is_no_page(make: Callable[..., bytes]) -> None:
    left = [("__MACOSX/._a.html", b"\0\5\x16\7"), (".DS_Store", b"\0\0\0\1"), (".x.html", HTML), (".git/y.html", HTML)]
    archive = make(("a.html", HTML), *left, ("../b.html", HTML))
    pages = cleaner.load(archive)
    assert [found.name for found in pages] == ["a.html", "../b.html"]
    assert pages.skipped == {"file of another kind": 4}


def test_a_member_without_a_name_costs_itself() -> None:
    archive = zipped(("?a.html", HTML), ("b.html", OTHER)).replace(b"?a.html", b"\0a.html")
    assert ("b.html", OTHER) in said(archive)


def test_names_with_other_separators() -> None:
    archive = zipped(("news\\a.html", HTML), ("news\\b.png", b"\x89PNG"), ("C:\\c.html", OTHER))
    assert said(archive) == [("news\\a.html", HTML), ("C:\\c.html", OTHER)]


def test_a_name_that_begins_with_this_folder() -> None:
    for archive in (tarred(("./a.html", HTML)), zipped(("./a.html", HTML))):
        assert said(archive) == [("./a.html", HTML)]


def test_a_name_from_windows_that_begins_with_this_folder() -> None:
    assert said(zipped((".\\a.html", HTML))) == [(".\\a.html", HTML)]


def test_members_of_one_name_both_come_out() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zipped(("a.html", HTML), ("a.html", OTHER))
    assert said(archive) == [("a.html", HTML), ("a.html", OTHER)]


def test_members_of_one_name_in_a_tar_both_come_out() -> None:
    assert said(tarred(("a.html", HTML), ("a.html", OTHER))) == [("a.html", HTML), ("a.html", OTHER)]


def test_names_that_are_no_utf_8() -> None:
    archive = zipped(("?.html", HTML)).replace(b"?.html", b"\x82.html")
    assert said(archive) == [("é.html", HTML)]
    assert said(tarred(("\udcff.html", HTML))) == [("\udcff.html", HTML)]


def test_a_file_without_suffix_is_a_page_where_it_is_html() -> None:
    archive = zipped(("story", HTML), ("README", b"Only words."), ("photo", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))
    assert said(archive) == [("story", HTML)]


@pytest.mark.parametrize("make", [zipped, tarred, lambda *members: tarred(*members, mode="w:gz")])
def test_archives_come_through_pipes(make: Callable[..., bytes], tmp_path: Path) -> None:
    archive = make(("news/a.html", page().encode()), ("b.html", page(body=BODY * 2).encode()))
    done = run("clean", "-", "-o", tmp_path, stdin=archive)
    assert (done.returncode, complaints(done.stderr)) == (0, "")
    assert (tmp_path / "stdin/news/a.txt").read_text() == "\n\n".join(BODY) + "\n"
    assert (tmp_path / "stdin/b.txt").read_text().startswith(BODY[0])


def test_a_zip_that_standard_input_was_led_from(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(("a.html", page().encode()), ("b.html", page().encode())))
    with (tmp_path / "x.zip").open("rb") as file:
        command = [sys.executable, "-m", "cleaner", "clean", "-"]
        done = subprocess.run(command, stdin=file, capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, complaints(done.stderr)) == (0, "")
    assert done.stdout.startswith(f"==> -: a.html <==\n{BODY[0]}")


def test_a_zip_that_cannot_go_back() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    archive = zipped(("a.html", HTML), ("b.html", OTHER))
    assert said(Pipe(archive)) == said(archive)
    assert said(Pipe(archive), limits=Limits(spool=len(archive) - 1)) == [
        ("", f"is larger than {len(archive) - 1} bytes")
    ]


def test_an_archive_in_the_middle_of_an_open_file() -> None:
    stream = io.BytesIO(b"before" + zipped(("a.html", HTML)))
    stream.seek(6)
    assert said(stream) == [("a.html", HTML)]


def test_a_damaged_header_in_a_tar_is_reported() -> None:
    archive = bytearray(tarred(("a.html", HTML), ("b.html", HTML), ("c.html", HTML)))
    archive[1024 + 150] ^= 1
    assert said(bytes(archive)) == [
        ("a.html", HTML),
        ("", "is damaged: no header of a member (at byte 1,024)"),
    ]
    archive[150] ^= 1
    ((_, error),) = said(bytes(archive))
    assert "is damaged: " in str(error)


def test_a_tar_that_is_cut_in_a_member_gives_its_beginning() -> None:
    archive = tarred(("a.html", HTML), ("b.html", OTHER))
    first, last = cleaner.load(archive[: 1024 + 512 + 20])
    assert (first.name, first.content, first.error) == ("a.html", HTML, None)
    assert (last.name, last.content) == ("b.html", OTHER[:20])
    assert last.error is not None
    assert last.error.offset is not None


def test_a_packed_tar_that_is_cut_in_a_member_gives_its_beginning() -> None:
    noise = "".join(random.Random(1).choices("0123456789abcdef", k=50_000)).encode()
    whole = HTML + noise
    packed = tarred(("a.html", HTML), ("b.html", whole), mode="w:gz")
    cut = len(packed) // 2
    first, last = cleaner.load(packed[:cut])
    assert (first.name, first.content, first.error) == ("a.html", HTML, None)
    assert isinstance(last.content, bytes)
    assert 10_000 < len(last.content) < len(whole)
    assert whole.startswith(last.content)
    assert (last.name, str(last.error)) == ("b.html", f"is cut short (at byte {cut:,})")


def test_a_tar_that_is_cut_in_a_member_that_is_no_page_is_told_once() -> None:
    archive = tarred(("a.html", HTML), ("b.png", bytes(5000)))
    assert said(archive[:2000]) == [("a.html", HTML), ("", "is cut short (at byte 2,000)")]
    assert said(archive[:1024]) == [("a.html", HTML), ("", "is cut short (at byte 1,024)")]


def test_an_archive_in_a_tar_that_is_cut_is_told_once() -> None:
    archive = tarred(("a.html", HTML), ("in.zip", zipped(("x.html", OTHER), ("y.png", bytes(range(256)) * 40))))
    assert said(archive[:2000]) == [
        ("a.html", HTML),
        ("in.zip/x.html", OTHER),
        ("in.zip", "is cut short (at byte 2,000)"),
    ]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_links_and_devices_in_a_tar_are_no_pages_and_names_may_be_long(form: int) -> None:
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    long = "d" * 150 + "/" + "x" * 150 + ".html"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for kind in (tarfile.REGTYPE, *kinds):
            member = tarfile.TarInfo(long if kind == tarfile.REGTYPE else f"{ord(kind)}.html")
            member.type, member.linkname = kind, "" if kind == tarfile.REGTYPE else long
            member.size = len(HTML) if kind == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(HTML))
    assert said(made.getvalue()) == [(long, HTML)]


def test_archives_in_archives() -> None:
    inner = zipped(("x.html", HTML), ("y.html.gz", gzip.compress(OTHER)))
    pages = cleaner.load(tarred(("news/in.zip", inner), ("b.html", OTHER), mode="w:gz"))
    assert [(found.name, found.content) for found in pages] == [
        ("news/in.zip/x.html", HTML),
        ("news/in.zip/y.html.gz", OTHER),
        ("b.html", OTHER),
    ]
    assert pages.kind == "gzip tar"


def test_an_office_document_is_no_page(tmp_path: Path) -> None:
    word = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"))
    open_document = zipped(("mimetype", b"application/vnd.oasis"), ("META-INF/manifest.xml", b"<manifest/>"))
    for content in (word, open_document):
        assert said(content) == [("", "is an office document, not a web page")]
    (tmp_path / "report.docx").write_bytes(word)
    done = run("clean", "report.docx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "report.docx: is an office document, not a web page\n")


def test_a_zip_without_a_page_is_told() -> None:
    for archive in (zipped(), zipped(("a.png", b"\x89PNG"), ("b/", b""))):
        assert said(archive) == [("", "holds no page")]


def test_a_tar_without_a_page_is_told() -> None:
    assert said(tarred(("a.png", b"\x89PNG"))) == [("", "holds no page")]

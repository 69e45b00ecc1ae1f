"""Large archives in parts: together they are exactly the pages of the whole, wherever it is cut."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from corpora import Row, address, article, captured, crawl_in, errors, line, notices, ran, rows, shards, titles
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.packing import record

HERE = ("source", "start", "record", "name")
"""What depends on where a file was cut."""
LENGTHS = (1, 3, 1, 6, 1, 1)


def besides(name: str) -> list[bytes]:
    """Records of a crawl that are no page."""
    return [
        record(address(name), b"software: x\r\n", kind="warcinfo", fields=None, content_type="application/warc-fields"),
        record(address(name), kind="request"),
        record(address(name), kind="revisit"),
    ]


def archives(folder: Path) -> list[Path]:
    """One of each format that can be cut, with records of many lengths, and with what is between them."""
    names = [f"{number}" for number in range(len(LENGTHS))]
    found = []
    for suffix in ("warc.gz", "warc"):
        records = [each for n, size in zip(names, LENGTHS, strict=True) for each in (*besides(n), captured(n, size))]
        found.append(crawl_in(folder / f"crawl.{suffix}", records))
    words = [record(address(n), f"Only words, {n}.".encode(), kind="conversion", fields=None) for n in names]
    typed = [each.replace(b"application/http; msgtype=response", b"text/plain") for each in words]
    found.append(crawl_in(folder / "words.warc.wet.gz", typed))
    lines = [line(n, size) for n, size in zip(names, LENGTHS, strict=True)]
    (folder / "unix.jsonl").write_text("".join(lines))
    (folder / "windows.ndjson").write_bytes(("\ufeff" + "".join(lines).strip().replace("\n", "\r\n")).encode())
    return [*found, folder / "unix.jsonl", folder / "windows.ndjson"]


def without_place(found: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in HERE} for row in found]


class Whole:
    """The archives, and the rows of a run that cuts none."""

    def __init__(self, folder: Path) -> None:
        self.inputs = archives(folder)
        self.size = sum(path.stat().st_size for path in self.inputs)
        assert ran(self.inputs, folder / "whole").errors == 0
        self.rows = rows(folder / "whole")
        assert len(self.rows) == len(self.inputs) * len(LENGTHS)
        assert {row["start"] for row in self.rows} == {0}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("archives"))


@settings(max_examples=4, deadline=None, derandomize=True)
@given(split=st.one_of(st.integers(1, 300), st.integers(300, 6000)), group=st.sampled_from([1, 20_000]))
def test_the_parts_are_the_whole(
    whole: Whole, tmp_path_factory: pytest.TempPathFactory, split: int, group: int
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    state = ran(whole.inputs, folder, split=split, group=group, workers=2)
    found = rows(folder)
    assert without_place(found) == without_place(whole.rows)
    assert (state.pages, state.errors) == (len(found), 0)
    assert state.bytes == state.all_bytes == whole.size
    # What names a row stands for one row only.
    assert len({(row["source"], row["start"], row["record"]) for row in found}) == len(found)
    assert len({row["start"] for row in found}) > 1
    assert len(shards(folder)) == state.all_tasks > 1


def test_a_gzip_member_is_never_cut(tmp_path: Path) -> None:
    names = [str(number) for number in range(6)]
    whole, pairs = tmp_path / "whole.warc.gz", tmp_path / "pairs.warc.gz"
    whole.write_bytes(gzip.compress(b"".join(map(captured, names))))
    pairs.write_bytes(b"".join(gzip.compress(captured(n) + captured(f"{n}-too")) for n in names))
    state = ran([whole, pairs], tmp_path / "out", split=50, group=1)
    assert (state.all_tasks, state.errors) == (1 + len(names), 0)
    assert titles(tmp_path / "out") == notices(*names, *(name + also for name in names for also in ("", "-too")))


def test_marks_inside_a_payload_are_no_record(tmp_path: Path) -> None:
    packed = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    image = {"Content-Type": "image/png"}
    records = [
        captured("0"),
        record(address("1"), gzip.compress(article("1").encode()), fields=packed),
        record(address("x"), b"\x1f\x8b\x08" * 400, fields=image),
        record(address("2"), gzip.compress(article("2").encode()), fields=packed),
        record(address("3"), article("3").replace("The ferry", "WARC/1.1 is the line before the ferry").encode()),
    ]
    inputs = [tmp_path / name for name in ("stored.warc.gz", "packed.warc.gz", "plain.warc")]
    inputs[0].write_bytes(b"".join(gzip.compress(each, 0) for each in records))
    inputs[1].write_bytes(b"".join(gzip.compress(each) for each in records))
    inputs[2].write_bytes(b"".join(records))
    state = ran(inputs, tmp_path / "out", split=1, group=1)
    assert (state.errors, state.all_tasks) == (0, len(inputs) * len(records))
    assert titles(tmp_path / "out") == notices(*"0123") * len(inputs)


NESTED = (
    "a record that holds a crawl (as a payload that gzip stores, or in a .warc) is cut at the inner crawl's records"
)


@pytest.mark.xfail(strict=True, reason=NESTED)
@pytest.mark.parametrize("suffix", ["warc", "warc.gz"])
def test_a_crawl_inside_a_payload_is_not_cut(tmp_path: Path, suffix: str) -> None:
    inner = [captured("inner"), captured("other")]
    payload = b"".join(map(gzip.compress, inner)) if suffix == "warc.gz" else b"\r\n\r\n".join(inner)
    outer = [captured("a"), record(address("b"), payload, fields={"Content-Type": "application/warc"}), captured("c")]
    path = tmp_path / f"crawl.{suffix}"
    # As it is, since what is packed already cannot be packed again.
    path.write_bytes(b"".join(gzip.compress(each, 0) if suffix == "warc.gz" else each for each in outer))
    ran([path], tmp_path / "whole")
    assert titles(tmp_path / "whole") == notices("a", "c")
    ran([path], tmp_path / "out", split=1, group=1)
    assert errors(tmp_path / "out") == []
    assert titles(tmp_path / "out") == notices("a", "c")


@pytest.mark.parametrize("split", [1, 500])
def test_a_broken_line_is_an_error_wherever_the_file_is_cut(tmp_path: Path, split: int) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(
        "".join(line(name) + bad for name, bad in zip("abc", ("{broken\n", '"a string"\n', "["), strict=True))
    )
    ran([path], tmp_path / "out", split=split, group=1)
    assert titles(tmp_path / "out") == ["Notice a", None, "Notice b", None, "Notice c", None]
    assert len(errors(tmp_path / "out")) == 3


@pytest.mark.parametrize("split", [1, 900])
def test_empty_lines_are_nothing_wherever_the_file_is_cut(tmp_path: Path, split: int) -> None:
    (tmp_path / "pages.jsonl").write_text("\n\n\n".join(map(line, "abc")))
    ran([tmp_path / "pages.jsonl"], tmp_path / "out", split=split, group=1)
    assert titles(tmp_path / "out") == notices(*"abc")


def test_a_small_file_is_not_cut_and_small_files_share_a_shard(tmp_path: Path) -> None:
    size = len(line("a")) * 2
    paths = []
    for first in "acegi":
        paths.append(tmp_path / f"{first}.jsonl")
        paths[-1].write_text(line(first) + line(chr(ord(first) + 1)))
    state = ran(paths, tmp_path / "out", split=size, group=2 * size)
    assert state.all_tasks == len(shards(tmp_path / "out")) == 3
    assert titles(tmp_path / "out") == notices(*"abcdefghij")
    assert {row["start"] for row in rows(tmp_path / "out")} == {0}

"""Corpora small enough to be run in a test, runs of them, and the rows that came out."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from backports import zstd

import cleaner.corpus
from cleaner.corpus import State
from tests.load.packing import record
from tests.test_cli import BODY, environment, page

FORMS = (
    "parquet",
    "jsonl",
    "jsonl.zst",
)
Row = dict[str, Any]

_CODE = """
import json, sys
from cleaner.corpus import run
inputs, output, options = json.loads(sys.argv[1])
run(inputs, output, **options)
"""


def article(name: str, length: int = 1) -> str:
    """A page with a text that no other has."""
    return page(f"Notice {name}", [f"{text} So says notice {name}." for text in BODY * length])


def address(name: str) -> str:
    return f"http://harbour.example/{name}"


def captured(name: str, length: int = 1) -> bytes:
    """A record of a crawl."""
    return record(address(name), article(name, length).encode())


def line(name: str, length: int = 1) -> str:
    """A line of JSON Lines."""
    return json.dumps({"url": address(name), "html": article(name, length)}) + "\n"


def pages_in(folder: Path, names: Iterable[str], length: int = 1) -> Path:
    """A folder of pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.html").write_text(article(name, length))
    return folder


def crawl_in(path: Path, records: Iterable[bytes]) -> Path:
    """A crawl, each record in a gzip member of its own where the name says so."""
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(each, mtime=0) if packed else each for each in records))
    return path


def ran(inputs: Iterable[Path | str], output: Path, **options: Any) -> State:
    """Run it in this process: one worker, rules only, unless told otherwise."""
    return cleaner.corpus.run(map(str, inputs), output, **{"workers": 1, "model": False} | options)


def begun(inputs: Iterable[Path | str], output: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Begin the same in a process of its own that leads a process group."""
    asked = (list(map(str, inputs)), str(output), {"workers": 2, "model": False} | options)
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, json.dumps(asked)],
        stderr=said_by(output).open("ab"),
        env=environment(),
        start_new_session=True,
    )


def said_by(output: Path) -> Path:
    """What such runs write to standard error."""
    return output.with_name(f"{output.name}.stderr")


def completed(inputs: Iterable[Path | str], output: Path, **options: Any) -> None:
    """Run it to its end in a process of its own."""
    assert begun(inputs, output, **options).wait(60) == 0, said_by(output).read_text()


def alive(group: int) -> list[int]:
    """The processes of a process group that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = status.read_text("ascii", "replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(int(status.parent.name))
    return found


def end_of(group: int, seconds: float) -> bool:
    """Whether a process group is gone so soon."""
    deadline = time.monotonic() + seconds
    while alive(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*"))


def rows(folder: Path) -> list[Row]:
    """The rows of all shards in their order, alike for all forms."""
    found: list[Row] = []
    for shard in shards(folder):
        if shard.suffix == ".parquet":
            for row in pq.read_table(shard).to_pylist():
                found.append(row | {"digest": row["digest"] and row["digest"].hex()})
        else:
            content = shard.read_bytes()
            text = zstd.decompress(content) if shard.suffix == ".zst" else content
            found += map(json.loads, text.decode().splitlines())
    return found


def errors(folder: Path) -> list[str]:
    return [row["error"] for row in rows(folder) if row["error"]]


def titles(folder: Path) -> list[str]:
    """What tells articles from each other."""
    return [row["title"] for row in rows(folder)]


def notices(*names: str) -> list[str]:
    return [f"Notice {name}" for name in names]


def contents(folder: Path) -> dict[str, bytes]:
    """The shards, byte by byte."""
    return {shard.name: shard.read_bytes() for shard in shards(folder)}


def in_order(found: list[Row]) -> list[bytes]:
    """Rows as bytes, sorted by URL and record."""
    key = lambda row: (row["url"] or row["name"], row["source"], row["start"], row["record"])  # noqa: E731
    return [json.dumps(row, sort_keys=True).encode() for row in sorted(found, key=key)]


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """What changes for each shard that is written again."""
    return {shard.name: (shard.stat().st_ino, shard.stat().st_mtime_ns) for shard in shards(folder)}


def done_in(folder: Path) -> list[str]:
    """The shards that the manifest says are finished."""
    found = []
    for text in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        try:
            said = json.loads(text)
        except ValueError:
            continue
        if "done" in said and (folder / said["done"]["shard"]).exists():
            found.append(said["done"]["shard"])
    return found


def left_over(folder: Path) -> list[str]:
    """What is neither a shard nor the manifest."""
    known = {"manifest.jsonl", *(shard.name for shard in shards(folder))}
    return sorted(path.name for path in folder.iterdir() if path.name not in known)

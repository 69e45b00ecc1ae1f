"""Pages that hang, grow, or take their worker with them: each is a row with an error, and no other page is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from corpora import (
    Row,
    address,
    article,
    captured,
    crawl_in,
    errors,
    line,
    notices,
    pages_in,
    ran,
    rows,
    shards,
    titles,
)

from cleaner.corpus import State
from tests.load.packing import record
from tests.test_cli import environment, page

HEAVY = page("Heavy", ["<a href=/x>" + "word " * 5 + "</a> and more of them, one after another, " * 3] * 120_000)
"""Many seconds and more than a gigabyte."""


def heavy_crawl(path: Path) -> Path:
    return crawl_in(path, [captured("a"), captured("b"), record(address("heavy"), HEAVY.encode()), captured("c")])


def without_errors(found: list[Row]) -> list[str]:
    return [row["title"] for row in found if row["error"] is None]


BOUNDS: list[tuple[dict[str, Any], str]] = [({"seconds": 1.2}, "1.2 s"), ({"memory": 300_000_000}, "300 MB")]


@pytest.mark.parametrize(("bound", "said"), BOUNDS, ids=["seconds", "memory"])
def test_a_page_past_its_bound_is_a_row_with_an_error(bound: dict[str, Any], said: str, tmp_path: Path) -> None:
    crawl = heavy_crawl(tmp_path / "crawl.warc")
    (tmp_path / "more.jsonl").write_text("".join(map(line, "de")))
    folder = pages_in(tmp_path / "pages", "fg")
    # The crawl is a shard with what is small; more.jsonl would be too much for it.
    state = ran([folder, crawl, tmp_path / "more.jsonl"], tmp_path / "out", group=1, workers=2, **bound)
    found = rows(tmp_path / "out")
    assert [row["title"] for row in found] == [*notices(*"fgab"), None, *notices(*"cde")]
    (heavy,) = (row for row in found if row["error"])
    assert (heavy["url"], heavy["record"], heavy["text"]) == (address("heavy"), 2, None)
    assert heavy["error"].startswith("took more than")
    assert said in heavy["error"]
    assert (state.pages, state.errors, state.tasks) == (8, 1, len(shards(tmp_path / "out")))


def test_several_pages_past_their_bound_in_a_shard(tmp_path: Path) -> None:
    records = [record(address(f"heavy-{name}"), HEAVY.encode()) for name in "xy"]
    crawl = crawl_in(tmp_path / "crawl.warc", [records[0], captured("a"), records[1], captured("b")])
    ran([crawl], tmp_path / "out", seconds=1.2)
    found = rows(tmp_path / "out")
    assert [bool(row["error"]) for row in found] == [True, False, True, False]
    assert without_errors(found) == notices("a", "b")


class Sender:
    """Sends a signal to workers from outside while they are at pages, so many times."""

    def __init__(self, number: signal.Signals, times: int) -> None:
        self._number = number
        self._times = times
        self.told: set[int] = set()

    def __call__(self, state: State) -> None:
        # The first pages were done, so there is a page that the worker is at.
        for child in multiprocessing.active_children():
            if state.pages > 5 and len(self.told) < self._times and child.pid not in self.told:
                assert child.pid is not None
                os.kill(child.pid, self._number)
                self.told.add(child.pid)
                return


def test_a_worker_that_is_killed_costs_the_page_that_it_was_at(tmp_path: Path) -> None:
    names = [str(number) for number in range(60)]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(line(name, 60) for name in names))
    sender = Sender(signal.SIGKILL, 2)
    state = ran([path], tmp_path / "out", show=sender)
    found = rows(tmp_path / "out")
    assert len(sender.told) == 2
    assert len(found) == state.pages == len(names)
    assert [row["record"] for row in found] == list(range(len(names)))
    assert state.errors == len(errors(tmp_path / "out")) <= 2
    assert all("-9" in said for said in errors(tmp_path / "out"))
    kept = [name for name, row in zip(names, found, strict=True) if row["error"] is None]
    assert without_errors(found) == notices(*kept)


def test_pages_are_not_blamed_for_what_writing_takes(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text("".join(line(str(number), 30) for number in range(400)))
    workers: set[int | None] = set()

    def watch(_: State) -> None:
        workers.update(child.pid for child in multiprocessing.active_children())
        # Each of them does all pages again, and is ended a page later than the one before.
        assert len(workers) < 3, "the run begins again and again"

    # Enough for any of the pages, but not for the millions of characters that are written at once.
    options: dict[str, Any] = {"memory": 180 * 1024**2, "markdown": True, "show": watch}
    assert ran([tmp_path / "pages.jsonl"], tmp_path / "out", **options).errors == 0
    assert titles(tmp_path / "out") == notices(*(str(number) for number in range(400)))


def test_only_the_run_obeys_an_interrupt(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages.jsonl").write_text("".join(line(str(number), 60) for number in range(60)))
    sender = Sender(signal.SIGINT, 1)
    ran([tmp_path / "pages.jsonl"], tmp_path / "out", show=sender)
    assert len(sender.told) == 1
    assert capfd.readouterr().err == ""
    assert errors(tmp_path / "out") == []


def called(*arguments: Path | str, seconds: float) -> subprocess.CompletedProcess[str] | None:
    """What the command says, None where it does not end."""
    command = [sys.executable, "-m", "cleaner", "corpus", "--rules-only", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environment(), start_new_session=True)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.mark.parametrize("names", [["pipe.html", "a.html"], ["a.html", "pipe.html"]], ids=["first", "second"])
def test_an_input_that_does_not_open_is_a_row_with_an_error(names: list[str], tmp_path: Path) -> None:
    pages_in(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe.html")
    paths = [tmp_path / name for name in names]
    done = called(*paths, "-o", tmp_path / "out", "--seconds", "3", "--workers", "1", seconds=60)
    assert done is not None, "the run does not end"
    assert done.returncode == 1
    assert without_errors(rows(tmp_path / "out")) == notices("a")
    assert len(errors(tmp_path / "out")) == 1


def test_a_page_that_is_too_large_is_a_row_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(line("a") + line("b", 40) + line("c"))
    ran([tmp_path / "pages.jsonl"], tmp_path / "out", max_bytes=5_000)
    found = rows(tmp_path / "out")
    assert [bool(row["error"]) for row in found] == [False, True, False]
    assert without_errors(found) == notices("a", "c")


def test_the_bound_is_said_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "heavy.html").write_text(HEAVY)
    done = called(tmp_path / "heavy.html", "-o", tmp_path / "out", "--memory", "300", "-f", "jsonl", seconds=60)
    assert done is not None
    (row,) = map(json.loads, (tmp_path / "out" / "part-000000.jsonl").read_text().splitlines())
    assert "300 MB" in row["error"]


def test_a_flat_article_of_any_length_is_within_the_bounds(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_text(article("long", 3_000))
    assert ran([tmp_path / "long.html"], tmp_path / "out").errors == 0
    assert titles(tmp_path / "out") == notices("long")

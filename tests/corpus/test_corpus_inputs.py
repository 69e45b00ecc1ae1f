"""What is read and in which order, and that nothing but the inputs decides what comes out."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path
from typing import Any

import pytest
from corpora import (
    FORMS,
    captured,
    contents,
    crawl_in,
    errors,
    left_over,
    line,
    notices,
    pages_in,
    ran,
    rows,
    shards,
    titles,
)

from cleaner.corpus import State


def test_folders_globs_and_files_each_page_once_in_order(tmp_path: Path) -> None:
    pages_in(tmp_path / "site", "b")
    pages_in(tmp_path / "site" / "a below", "a")
    pages_in(tmp_path / "globs", ["g2", "g1", "other"])
    (tmp_path / "site" / "notes.css").write_text("p {}")
    crawl = crawl_in(tmp_path / "crawl.warc.gz", map(captured, "cd"))
    inputs = [crawl, tmp_path / "globs" / "g*.html", tmp_path / "site", tmp_path / "site" / "b.html"]
    state = ran(inputs, tmp_path / "out")
    assert titles(tmp_path / "out") == notices("c", "d", "g1", "g2", "a", "b")
    assert (state.pages, state.errors) == (6, 0)


def test_an_input_that_is_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_in(tmp_path, "a")
    monkeypatch.chdir(tmp_path)
    ran(["a.html", tmp_path / "a.html", "./a.html", "*.html", "."], tmp_path / "out")
    assert titles(tmp_path / "out") == notices("a")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    told: list[tuple[str, str]] = []
    inputs = [tmp_path / "*.html", tmp_path / "bare"]
    state = ran(inputs, tmp_path / "out", complain=lambda *said: told.append(said))
    assert [name for name, _ in told] == list(map(str, inputs))
    assert [what for _, what in told] == ["no file matches", "holds no file that is named like a page"]
    assert (state.pages, state.all_tasks) == (0, 0)


@pytest.mark.parametrize("form", ["parquet", "jsonl", "jsonl.zst"])
def test_without_inputs_there_is_an_empty_run(form: str, tmp_path: Path) -> None:
    for resume in (False, True):
        state = ran([], tmp_path / "new" / "out", form=form, resume=resume)
        assert (state.pages, state.errors, state.bytes, state.tasks, state.all_tasks) == (0, 0, 0, 0, 0)
    assert (shards(tmp_path / "new" / "out"), left_over(tmp_path / "new" / "out")) == ([], [])


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_container_without_pages_gives_a_shard_without_rows(form: str, tmp_path: Path) -> None:
    crawl = crawl_in(tmp_path / "crawl.warc", [captured("a").replace(b"text/html", b"image/png")])
    state = ran([crawl], tmp_path / "out", form=form)
    assert (state.pages, state.errors, state.tasks) == (0, 0, 1)
    assert len(shards(tmp_path / "out")) == 1
    assert rows(tmp_path / "out") == []


def test_the_results_are_no_inputs(tmp_path: Path) -> None:
    pages_in(tmp_path, "ab")
    for form in ("parquet", "jsonl"):
        ran([tmp_path], tmp_path / "out", form=form)
        assert titles(tmp_path / "out") == notices("a", "b")
        for path in (tmp_path / "out").iterdir():
            path.unlink()
        # What an earlier run wrote is not taken for pages either.
        (tmp_path / "out" / "old.jsonl").write_text(line("old"))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_inputs_give_the_same_shards(form: str, tmp_path: Path) -> None:
    names = [str(number) for number in range(24)]
    inputs = [crawl_in(tmp_path / "crawl.warc.gz", map(captured, names)), pages_in(tmp_path / "pages", names)]
    for workers in (1, 2):
        ran(inputs, tmp_path / f"{workers}", form=form, workers=workers, split=2_000, group=3_000, markdown=True)
    found = contents(tmp_path / "1")
    assert len(found) > 4
    assert found == contents(tmp_path / "2")
    assert errors(tmp_path / "2") == []


def test_the_state_is_shown_as_it_goes_on(tmp_path: Path) -> None:
    inputs = pages_in(tmp_path / "pages", [str(number) for number in range(40)], 30)
    seen: list[State] = []
    last = ran([inputs], tmp_path / "out", group=60_000, show=seen.append)
    assert len(seen) > 2
    assert (last.pages, last.tasks, last.bytes) == (40, last.all_tasks, last.all_bytes)
    for earlier, later in zip(seen, [*seen[1:], last], strict=True):
        assert earlier.seconds <= later.seconds
        assert earlier.tasks <= later.tasks <= later.all_tasks
        assert earlier.bytes <= later.bytes <= later.all_bytes
        assert later.pages <= 40
    assert len({state.pages for state in seen}) > 2


def resident(pid: int | None) -> int:
    """Megabytes of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def test_a_worker_does_not_grow(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text("".join(line(str(number)) for number in range(3_500)))
    grown: list[tuple[int, int]] = []

    def watch(state: State) -> None:
        for child in multiprocessing.active_children():
            grown.append((state.pages, resident(child.pid)))

    options: dict[str, Any] = {"form": "jsonl", "split": 10**9, "group": 10**9}
    assert ran([tmp_path / "pages.jsonl"], tmp_path / "out", show=watch, **options).pages == 3_500
    # Rows are gathered by the thousand.
    early = [size for pages, size in grown if 1_000 < pages < 1_800]
    late = [size for pages, size in grown if pages > 2_600]
    assert max(late) - max(early) < 15

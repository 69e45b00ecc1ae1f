"""A run that is killed at any moment: what was done stays, what was open is done again, nothing comes twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from os import killpg
from pathlib import Path

import pytest
from corpora import (
    begun,
    captured,
    completed,
    contents,
    crawl_in,
    done_in,
    end_of,
    files_of,
    in_order,
    left_over,
    line,
    pages_in,
    rows,
    said_by,
    shards,
)

from tests.test_cli import page

OPTIONS = {"split": 6_000, "group": 8_000}
KILLS = 10
PAGES = 30
"""In each of three inputs."""


class Unbroken:
    """A corpus, and the shards of a run that nobody killed."""

    def __init__(self, folder: Path) -> None:
        names = [str(number) for number in range(PAGES)]
        crawl = crawl_in(folder / "crawl.warc.gz", [captured(f"crawl-{name}", 4) for name in names])
        lines = folder / "lines.jsonl"
        lines.write_text("".join(line(f"line-{name}", 4) for name in names))
        self.inputs = [crawl, lines, pages_in(folder / "pages", [f"page-{name}" for name in names], 4)]
        self._folder = folder
        self._shards: dict[str, Path] = {}
        self.seconds = 0.0

    def shards(self, form: str) -> Path:
        if form not in self._shards:
            self._shards[form] = folder = self._folder / form
            start = time.monotonic()
            completed(self.inputs, folder, form=form, **OPTIONS)
            self.seconds = time.monotonic() - start
            assert len(rows(folder)) == 3 * PAGES
        return self._shards[form]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Unbroken:
    return Unbroken(tmp_path_factory.mktemp("unbroken"))


def ends(process: subprocess.Popen[bytes], moment: float, *, alone: bool) -> bool:
    """Whether a run comes to its end before the moment; else it is killed, alone or with its workers."""
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        if alone:
            process.kill()
        else:
            killpg(process.pid, signal.SIGKILL)
        process.wait()
        # Some are still at their imports, which nothing interrupts.
        assert end_of(process.pid, 3), "workers outlive their run"
        return False
    return True


@pytest.mark.parametrize(("form", "seed"), [("parquet", 1), ("jsonl", 2)])
def test_a_run_killed_at_random_moments_comes_to_the_same(
    form: str, seed: int, unbroken: Unbroken, tmp_path: Path
) -> None:
    whole = unbroken.shards(form)
    moments = random.Random(seed)
    kills = 0
    while kills < KILLS:
        folder = tmp_path / f"run-{kills}"
        done: dict[str, tuple[int, int]] = {}
        while True:
            resume = (folder / "manifest.jsonl").exists()
            process = begun(unbroken.inputs, folder, form=form, resume=resume, **OPTIONS)
            moment = moments.uniform(0, unbroken.seconds) if kills < KILLS else 60
            over = ends(process, moment, alone=moments.random() < 0.7)
            assert process.returncode in (0, -signal.SIGKILL), said_by(folder).read_text()
            if (folder / "manifest.jsonl").exists():
                now = files_of(folder)
                # What was done before is as it was: the same file, never written again.
                assert done.items() <= now.items()
                done = {name: now[name] for name in done_in(folder)}
            if over:
                break
            kills += 1
        assert in_order(rows(folder)) == in_order(rows(whole))
        assert contents(folder) == contents(whole)
        assert left_over(folder) == []


def test_a_worker_at_a_long_page_ends_with_its_run(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_text(page("Long", ["<a href=/x>word</a> "] * 400_000))
    process = begun([tmp_path / "long.html"], tmp_path / "out")
    while not list(tmp_path.glob("out/.part-*")):
        assert process.poll() is None, said_by(tmp_path / "out").read_text()
        time.sleep(0.02)
    time.sleep(0.3)
    process.kill()
    process.wait()
    assert end_of(process.pid, 1)
    assert shards(tmp_path / "out") == []


def test_a_run_killed_between_two_removals_of_duplicates_comes_to_the_same(tmp_path: Path) -> None:
    names = [str(number) for number in range(120)]
    inputs = [pages_in(tmp_path / "first", names), tmp_path / "second.jsonl"]
    inputs[1].write_text("".join(map(line, names)))
    options = {"form": "jsonl", "duplicates": "text", "split": 3_000, "group": 4_000}
    completed(inputs, tmp_path / "whole", **options)
    for attempt in range(5):
        folder = tmp_path / f"run-{attempt}"
        process = begun(inputs, folder, **options)
        before: dict[str, tuple[int, int]] = {}
        after = before
        while process.poll() is None:
            now = files_of(folder)
            if set(now) > set(before):
                before = now
            elif now != before:
                process.kill()
                after = files_of(folder)
            time.sleep(0.001)
        changed = {name for name in after if after[name] != before[name]}
        if changed and len(rows(folder)) > len(names):
            break
    else:
        pytest.fail("no kill came between two shards")
    completed(inputs, folder, resume=True, **options)
    assert contents(folder) == contents(tmp_path / "whole")
    # The first of each is a file of its own, which has no address.
    assert [(row["title"], row["url"]) for row in rows(folder)] == [(f"Notice {name}", None) for name in sorted(names)]
    assert left_over(folder) == []

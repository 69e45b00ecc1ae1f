"""Going on with a run: what is done stays as it is, what is not is done, and what cannot go on says why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from corpora import contents, errors, files_of, left_over, line, notices, pages_in, ran, rows, shards, titles

from cleaner.corpus import CannotResume, State, TaskFailed

NAMES = "abcdef"
SMALL = {"group": 1}
"""A page a shard."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    pages_in(folder / "pages", NAMES)
    assert ran([folder / "pages"], folder / "out", **SMALL).all_tasks == len(NAMES)
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A finished run, a copy for each test."""
    shutil.copytree(original, tmp_path / "run")
    return tmp_path / "run" / "out"


def resumed(folder: Path, **options: Any) -> State:
    return ran([folder.parent / "pages"], folder, resume=True, **SMALL | options)


def manifest(folder: Path) -> list[str]:
    return (folder / "manifest.jsonl").read_text().splitlines()


def test_a_finished_run_has_nothing_left_to_do(folder: Path) -> None:
    before, said = files_of(folder), manifest(folder)
    state = resumed(folder)
    assert (state.pages, state.before, state.tasks, state.all_tasks) == (6, 6, 6, 6)
    assert files_of(folder) == before
    assert manifest(folder) == said


def test_a_shard_that_is_gone_is_made_again_and_no_other(folder: Path) -> None:
    whole, before = contents(folder), files_of(folder)
    for number in (1, 4):
        shards(folder)[number - (number == 4)].unlink()
    state = resumed(folder)
    assert (state.pages, state.before, state.tasks) == (6, 4, 6)
    assert contents(folder) == whole
    after = files_of(folder)
    assert {name for name in after if after[name] != before[name]} == {"part-000001.parquet", "part-000004.parquet"}
    assert left_over(folder) == []


@pytest.mark.parametrize("cut", [1, 2, 30, "line"])
def test_a_torn_last_line_costs_its_shard_at_most(folder: Path, cut: int | str) -> None:
    whole, before = contents(folder), files_of(folder)
    path = folder / "manifest.jsonl"
    text = path.read_text()
    path.write_text(text[: -(len(text.splitlines()[-1]) if cut == "line" else int(cut))])
    assert resumed(folder).pages == 6
    assert contents(folder) == whole
    after = files_of(folder)
    assert {name for name in after if after[name] != before[name]} <= {"part-000005.parquet"}
    # What was written after the torn line counts.
    state = resumed(folder)
    assert (state.before, files_of(folder)) == (6, after)


def test_what_a_killed_worker_left_is_swept_away(folder: Path) -> None:
    shards(folder)[2].rename(folder / ".part-000002.parquet-0123456789ab.tmp")
    resumed(folder)
    assert left_over(folder) == []
    assert titles(folder) == notices(*NAMES)


def test_what_a_run_that_never_began_left_is_swept_away(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".cleaner-0123456789ab.tmp").write_text('{"cleaner": "0.1')
    ran(pages_in(tmp_path / "pages", "a").iterdir(), folder)
    assert left_over(folder) == []


def test_a_second_run_does_not_write_into_the_first(folder: Path) -> None:
    before, said = files_of(folder), manifest(folder)
    with pytest.raises(FileExistsError, match="holds a run already"):
        ran([folder.parent / "pages"], folder)
    assert (files_of(folder), manifest(folder)) == (before, said)


OTHERS: list[dict[str, Any]] = [
    {"form": "jsonl"},
    {"markdown": True},
    {"full_metadata": True},
    {"model": None},
    {"duplicates": "url"},
    {"html_field": "body"},
]


def test_a_run_with_other_options_does_not_go_on(folder: Path) -> None:
    before = files_of(folder)
    for others in OTHERS:
        with pytest.raises(CannotResume, match="other options"):
            resumed(folder, **others)
    assert files_of(folder) == before


def test_how_it_runs_may_change(folder: Path) -> None:
    whole = contents(folder)
    shards(folder)[0].unlink()
    assert resumed(folder, workers=2, seconds=30, memory=1_000_000_000, split=10, group=10**9).pages == 6
    assert contents(folder) == whole


def damaged_manifests() -> Iterator[str]:
    yield ""
    yield "\n"
    yield "not a manifest\n"
    yield json.dumps([1]) + "\n"
    yield json.dumps({"cleaner": "0", "schema": 1, "options": {}, "tasks": "x"}) + "\n"
    yield json.dumps({"cleaner": "0", "schema": 1, "options": {}, "tasks": 1}) + '\n{"task": {"number": 0}}\n'
    yield json.dumps({"cleaner": "0", "schema": 99, "options": {}, "tasks": 0}) + "\n"
    yield "\udcff"


@pytest.mark.parametrize("text", [None, *damaged_manifests()])
def test_without_a_run_there_is_nothing_to_go_on_with(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.jsonl").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CannotResume, match=str(tmp_path)):
        ran([], tmp_path, resume=True)


def test_a_manifest_of_something_else_cannot_go_on(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"tasks": 0}\n')
    with pytest.raises(CannotResume):
        ran([], tmp_path, resume=True)


def test_a_manifest_without_all_its_tasks_cannot_go_on(folder: Path) -> None:
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(path.read_text().splitlines()[:4]) + "\n")
    with pytest.raises(CannotResume):
        resumed(folder)


def test_other_inputs_are_not_passed_over_in_silence(folder: Path) -> None:
    extra = folder.parent / "extra.jsonl"
    extra.write_text(line("extra"))
    told: list[str] = []
    try:
        ran([extra], folder, resume=True, complain=lambda *said: told.extend(said), **SMALL)
    except CannotResume:
        return
    assert told or "Notice extra" in titles(folder)


def test_a_run_goes_on_from_another_working_directory(tmp_path: Path) -> None:
    pages_in(tmp_path / "pages", NAMES)
    with chdir(tmp_path):
        ran(["pages"], Path("out"), **SMALL)
    shards(tmp_path / "out")[0].unlink()
    (tmp_path / "elsewhere").mkdir()
    with chdir(tmp_path / "elsewhere"):
        ran(["../pages"], Path("../out"), resume=True, **SMALL)
    assert errors(tmp_path / "out") == []
    assert titles(tmp_path / "out") == notices(*NAMES)


def test_a_shard_that_cannot_be_written_fails_the_run_and_leaves_nothing(folder: Path) -> None:
    whole = contents(folder)
    shards(folder)[0].unlink()
    # A folder in its place: the shard cannot get its name.
    (folder / "part-000000.parquet").mkdir()
    (folder / "part-000000.parquet" / "file").touch()
    manifest_path = folder / "manifest.jsonl"
    manifest_path.write_text("".join(each + "\n" for each in manifest(folder) if '"done": {"task": 0,' not in each))
    with pytest.raises(TaskFailed):
        resumed(folder)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    (folder / "part-000000.parquet" / "file").unlink()
    (folder / "part-000000.parquet").rmdir()
    resumed(folder)
    assert contents(folder) == whole
    assert len(rows(folder)) == 6


def test_the_manifest_says_what_is_in_each_shard(folder: Path) -> None:
    head, *lines = map(json.loads, manifest(folder))
    assert (head["schema"], head["tasks"]) == (1, 6)
    assert [each["task"]["number"] for each in lines[:6]] == list(range(6))
    done = sorted((each["done"] for each in lines[6:]), key=lambda each: each["task"])
    assert [each["shard"] for each in done] == [shard.name for shard in shards(folder)]
    assert [(each["pages"], each["errors"]) for each in done] == [(1, 0)] * 6
    size = sum(path.stat().st_size for path in (folder.parent / "pages").iterdir())
    assert sum(each["bytes"] for each in done) == size

"""The same rows on a local Ray of two workers."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from corpora import captured, crawl_in, in_order, line, pages_in, ran, rows

from cleaner.corpus import schema
from tests.test_cli import files, run

QUIET: dict[str, Any] = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_DEDUP_LOGS": "1",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_AUTH_MODE": "disabled",
}


def on_ray(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return run("corpus", *arguments, "--engine", "ray", "--workers", "2", "--rules-only", **QUIET)


def made_by_ray(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.parquet")):
        assert pq.read_schema(path).equals(schema(markdown=True))
        found += pq.read_table(path).to_pylist()
    return [row | {"digest": row["digest"] and row["digest"].hex()} for row in found]


def test_the_rows_are_those_of_the_local_engine(tmp_path: Path) -> None:
    names = [str(number) for number in range(15)]
    (tmp_path / "pages.jsonl").write_text("".join(map(line, names)) + "{broken\n")
    inputs = [crawl_in(tmp_path / "crawl.warc.gz", map(captured, names)), pages_in(tmp_path / "pages", names)]
    inputs += [tmp_path / "pages.jsonl", tmp_path / "missing.html"]
    done = on_ray(*inputs, "-o", tmp_path / "ray", "--markdown")
    state = ran(inputs, tmp_path / "local", workers=2, markdown=True, group=10_000)
    assert (state.pages, state.errors) == (47, 2)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("47 pages, 2 with errors, ")
    assert in_order(made_by_ray(tmp_path / "ray")) == in_order(rows(tmp_path / "local"))


def test_a_second_run_does_not_write_into_the_first(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(line("a"))
    ran([tmp_path / "pages.jsonl"], tmp_path / "out")
    before = files(tmp_path / "out")
    done = on_ray(tmp_path / "pages.jsonl", "-o", tmp_path / "out")
    assert (done.returncode, files(tmp_path / "out")) == (2, before)

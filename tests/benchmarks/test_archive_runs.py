"""The benchmarks of archives and of corpus runs, over a set of two pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import archive, corpus
from cleaner.training.evaluate.process import ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "wcxb-dev"
    (folder / "html").mkdir(parents=True)
    rows = []
    for name in ("wordpress-local-news", "de-tageszeitung"):
        (folder / "html" / f"{name}.html").write_bytes((ROOT / "samples" / name / "page.html").read_bytes())
        rows.append({"id": name, "url": None, "type": "article", "gold": "words", "with": [], "without": []})
    (folder / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "data"


def test_an_archive_against_files(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert archive.main([str(data), "--records", "5"]) == 0
    printed = capsys.readouterr().out
    assert "archive: 5 pages" in printed
    assert "files: 5 pages" in printed
    assert "archive against files:" in printed


def test_a_corpus_on_one_core_and_two(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert corpus.main([str(data), "--records", "8", "--over-time", "3"]) == 0
    printed = capsys.readouterr().out
    assert "1 workers: 8 pages" in printed
    assert "2 workers: 8 pages" in printed
    assert "2 workers against 1:" in printed


def test_a_set_that_is_not_there(tmp_path: Path) -> None:
    for benchmark in (archive, corpus):
        with pytest.raises(SystemExit, match="2"):
            benchmark.main([str(tmp_path)])

"""A corpus that learns of each site as its pages come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corpora import ran, rows

from cleaner.corpus import CannotResume
from tests.site.made import DISCLAIMER, page
from tests.test_cli import run


def crawl(path: Path, count: int = 12) -> Path:
    lines = [
        {"url": f"http://gazette.example/{i}", "html": page(i, (1 + i % 3, DISCLAIMER)).decode()} for i in range(count)
    ]
    others = [{"url": f"http://mirror{i}.example/", "html": page(50 + i, (2, DISCLAIMER)).decode()} for i in range(3)]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, *others]))
    return path


def shown(folder: Path) -> list[bool]:
    return [DISCLAIMER in row["text"] for row in rows(folder)]


def test_late_pages_are_cleaned_with_what_early_ones_taught(tmp_path: Path) -> None:
    source = crawl(tmp_path / "crawl.jsonl")
    ran([source], tmp_path / "plain", workers=1)
    ran([source], tmp_path / "out", workers=1, by_site=True)
    assert all(shown(tmp_path / "plain"))
    found = shown(tmp_path / "out")
    assert found[:2] == [True, True]
    assert not any(found[3:12])
    assert all(found[12:])


def test_a_shard_is_the_same_however_many_workers_there_are(tmp_path: Path) -> None:
    sources = [crawl(tmp_path / f"{name}.jsonl", count) for name, count in (("a", 6), ("b", 9), ("c", 4))]
    ran(sources, tmp_path / "one", workers=1, by_site=True, group=1)
    ran(sources, tmp_path / "two", workers=2, by_site=True, group=1)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_a_run_goes_on_as_it_was_begun(tmp_path: Path) -> None:
    source = crawl(tmp_path / "crawl.jsonl", 4)
    ran([source], tmp_path / "out", workers=1, by_site=True)
    assert ran([source], tmp_path / "out", workers=1, by_site=True, resume=True).pages == 7
    with pytest.raises(CannotResume):
        ran([source], tmp_path / "out", workers=1, resume=True)


def test_the_option(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.jsonl", 8)
    done = run("corpus", "crawl.jsonl", "-o", "out", "--by-site", "--rules-only", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = shown(tmp_path / "out")
    assert found[0]
    assert not found[7]

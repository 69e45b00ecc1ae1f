"""``cleaner site`` and ``cleaner clean --site`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner import SiteProfile
from tests.site.made import DISCLAIMER, page
from tests.test_cli import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(6):
        (pages / f"{i}.html").write_bytes(page(i, (1 + i % 3, DISCLAIMER)))
    return pages


def test_a_profile_is_learned_and_used(folder: Path, tmp_path: Path) -> None:
    done = run("site", folder, "-o", tmp_path / "site.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("6 pages, ")
    assert SiteProfile.load(tmp_path / "site.json").pages == 6
    plain = run("clean", folder / "2.html")
    cleaned = run("clean", "--site", tmp_path / "site.json", folder / "2.html")
    assert DISCLAIMER in plain.stdout
    assert cleaned.stdout == plain.stdout.replace(DISCLAIMER + "\n\n", "")
    explained = run("clean", "--site", tmp_path / "site.json", "--explain", folder / "2.html")
    assert "site 6/6 pages" in explained.stdout


def test_profiles_are_merged(folder: Path, tmp_path: Path) -> None:
    first, all_, again = tmp_path / "first.json", tmp_path / "all.json", tmp_path / "again.json"
    run("site", *(folder / f"{i}.html" for i in range(3)), "-o", first)
    done = run("site", *(folder / f"{i}.html" for i in range(3, 6)), "--merge", first, "-o", again)
    assert (done.returncode, done.stderr) == (0, "")
    run("site", folder, "-o", all_)
    assert again.read_text() == all_.read_text()
    twice = run("site", folder, "--merge", first, "-o", again)
    assert "they count twice" in twice.stderr
    assert json.loads(again.read_text())["pages"] == 9


def test_pages_of_several_sites_are_remarked_upon(tmp_path: Path) -> None:
    rows = [{"url": f"http://{'ab'[i % 2]}.example/{i}", "html": page(i).decode()} for i in range(4)]
    (tmp_path / "crawl.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, rows[0]]))
    done = run("site", tmp_path / "crawl.jsonl", "-o", tmp_path / "site.json")
    assert done.returncode == 0
    assert "of 2: a.example 3, b.example 2" in done.stderr
    assert "1 pages are there more than once" in done.stderr


def test_what_cannot_be_read_is_named_and_the_rest_counts(folder: Path, tmp_path: Path) -> None:
    done = run("site", folder, tmp_path / "nowhere.html", "-o", tmp_path / "site.json")
    assert done.returncode == 1
    assert "nowhere.html" in done.stderr
    assert SiteProfile.load(tmp_path / "site.json").pages == 6


def test_without_pages_no_profile_is_written(tmp_path: Path) -> None:
    done = run("site", tmp_path / "nowhere.html", "-o", tmp_path / "site.json")
    assert done.returncode == 1
    assert "no page to learn from" in done.stderr
    assert not (tmp_path / "site.json").exists()


@pytest.mark.parametrize("option", ["--site", "--merge"])
def test_a_file_that_is_no_profile_is_a_wrong_call(option: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("{}")
    command = ["clean"] if option == "--site" else ["site", "-o", tmp_path / "site.json"]
    done = run(*command, option, tmp_path / "wrong.json", folder / "1.html")
    assert done.returncode == 2
    assert option in done.stderr
    assert "is no site profile" in " ".join(done.stderr.split())

"""``cleaner report`` as a user runs it: what is written where, and the exit status."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cleaner.cli import app

SAMPLES = Path(__file__).parents[2] / "samples"
NEWS, GUIDE = "wordpress-local-news", "docusaurus-guide"
TITLES = ["Retries and dead letters", "Library board restores Sunday hours, but only at two branches"]


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["report", *map(str, arguments)], input=stdin, catch_exceptions=False)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with two pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in (NEWS, GUIDE):
        shutil.copy(SAMPLES / name / "page.html", folder / f"{name}.html")
    return folder


def listed(report: str) -> list[str]:
    """The titles in the list of pages."""
    return [unescape(title) for title in re.findall(r'<th scope="row"><a href="[^"]+"><bdi>(.*?)</bdi>', report)]


def test_one_page_to_a_file(pages: Path) -> None:
    out = pages.parent / "new" / "report.html"
    done = run(pages / f"{NEWS}.html", "-o", out)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    report = out.read_text("utf-8")
    assert f"<title>{TITLES[1]}</title>" in report
    assert str(pages / f"{NEWS}.html") in report


def test_a_folder_to_a_file(pages: Path) -> None:
    out = pages.parent / "report.html"
    assert run(pages, "-o", out).exit_code == 0
    report = out.read_text("utf-8")
    assert sorted(listed(report), reverse=True) == TITLES
    assert report.count('<section class="page"') == 2


def test_a_folder_to_a_folder(pages: Path) -> None:
    assert run(pages, "-o", f"{pages.parent}/out/").exit_code == 0
    out = pages.parent / "out"
    assert len(list((out / "pages").glob("000[12]-*.html"))) == 2
    assert sorted(listed((out / "index.html").read_text("utf-8")), reverse=True) == TITLES
    assert all((out / link).is_file() for link in re.findall(r'href="(pages/[^"]+)"', (out / "index.html").read_text()))


def test_a_folder_that_is_there_needs_no_slash(pages: Path) -> None:
    assert run(pages, "-o", pages.parent).exit_code == 0
    assert (pages.parent / "index.html").is_file()


def test_a_pipe_and_standard_output(pages: Path) -> None:
    done = run("-", stdin=(pages / f"{NEWS}.html").read_bytes())
    assert done.exit_code == 0
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert TITLES[1] in done.stdout
    assert run("-", "-o", "-", stdin=(pages / f"{NEWS}.html").read_bytes()).stdout == done.stdout


def test_an_earlier_report_is_no_page(pages: Path) -> None:
    for out in (pages / "report.html", Path(f"{pages}/out/")):
        run(pages, "-o", f"{out}/" if out.name == "out" else out)
        assert run(pages, "-o", f"{out}/" if out.name == "out" else out).exit_code == 0
    assert sorted(listed((pages / "report.html").read_text("utf-8")), reverse=True) == TITLES
    # The file of the first report is a page to the second.
    assert len(listed((pages / "out" / "index.html").read_text("utf-8"))) == 3


def test_an_input_is_never_overwritten(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = pages / f"{NEWS}.html"
    before = page.read_bytes()
    done = run(page, "-o", page)
    assert (done.exit_code, page.read_bytes()) == (2, before)
    assert "is one of the inputs" in " ".join(done.stderr.split())
    (pages / "pages").mkdir()
    taken = pages / "pages" / f"0001-{NEWS}.html"
    shutil.copy(page, taken)
    monkeypatch.chdir(pages)
    done = run(f"{NEWS}.html", f"pages/0001-{NEWS}.html", "-o", f"{pages}/")
    assert (done.exit_code, taken.read_bytes()) == (1, before)


def test_what_fails_does_not_stop_the_others(pages: Path) -> None:
    (pages / "paper.html").write_bytes(b"%PDF-1.7 words")
    out = pages.parent / "report.html"
    done = run(pages, pages / "missing.html", "-o", out)
    assert done.exit_code == 1
    assert f"{pages / 'paper.html'}: is a PDF, not a web page" in done.stderr
    assert f"{pages / 'missing.html'}: No such file or directory" in done.stderr
    assert len(listed(out.read_text("utf-8"))) == 2


def test_nothing_to_report_on(pages: Path) -> None:
    out = pages.parent / "report.html"
    done = run(pages / "missing.html", "-o", out)
    assert (done.exit_code, out.exists()) == (1, False)
    (pages / "empty.jsonl").write_text("\n")
    assert run(pages / "empty.jsonl", "-o", out).exit_code == 1
    assert not out.exists()


def test_damage_is_a_warning_in_the_report(pages: Path) -> None:
    out = pages.parent / "report.html"
    done = run(SAMPLES / "formats" / "broken" / "truncated.warc.gz", "-o", out)
    assert done.exit_code == 1
    assert "is cut short" in done.stderr
    assert "The page is cut short" in out.read_text("utf-8")


def test_a_list_of_addresses_is_not_fetched(pages: Path) -> None:
    out = pages.parent / "report.html"
    done = run(SAMPLES / "formats" / "lists" / "pocket.csv", "-o", out)
    assert done.exit_code == 1
    assert "say --fetch" in done.stderr


def test_warnings_go_to_standard_error(pages: Path) -> None:
    page = pages / "empty.html"
    page.write_text("<title>Nothing</title>")
    out = pages.parent / "report.html"
    done = run(page, "-o", out)
    assert (done.exit_code, done.stderr) == (0, f"{page}: No article text was found.\n")
    assert "No article text was found." in out.read_text("utf-8")


def test_keep_and_drop(pages: Path) -> None:
    done = run(pages / f"{NEWS}.html", "--keep", "newsletter,donation", "--drop", "caption")
    assert 'class="run kept l-newsletter' in done.stdout
    assert 'class="run cruft l-caption' in done.stdout
    assert 'class="run kept l-caption' not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--keep", "adverts"],
        ["--encoding", "no-such"],
        ["--model", "no-such.onnx"],
        [str(SAMPLES / GUIDE / "page.html"), "--url", "https://a.example/"],
    ],
)
def test_wrong_calls(pages: Path, arguments: list[str]) -> None:
    out = pages.parent / "report.html"
    done = run(pages / f"{NEWS}.html", *arguments, "-o", out)
    assert (done.exit_code, out.exists()) == (2, False)


def test_a_terminal_gets_no_report(pages: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cleaner", "report", str(pages / f"{NEWS}.html")]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert "--output" in done.stderr

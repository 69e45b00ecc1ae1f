"""``cleaner corpus`` as a user runs it: what is said where, and the exit status."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from corpora import (
    FORMS,
    address,
    article,
    captured,
    contents,
    crawl_in,
    end_of,
    left_over,
    line,
    notices,
    pages_in,
    ran,
    rows,
    shards,
    titles,
)

from tests.test_cli import environment, files, on_terminal, run

SUMMARY = re.compile(
    r"([\d,]+) pages, ([\d,]+) with errors, (?:([\d,]+) duplicates dropped, )?1 shards, [\d.]+ s, .*\n"
)


def corpus(*arguments: str | Path, cwd: Path, model: bool = False) -> subprocess.CompletedProcess[str]:
    return run("corpus", *arguments, *(() if model else ("--rules-only",)), cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages_in(tmp_path / "pages", "ab")
    return tmp_path


@pytest.mark.parametrize("form", FORMS)
def test_the_shards_and_the_summary(form: str, folder: Path) -> None:
    done = corpus("pages", "-o", "out", "-f", form, "--workers", "2", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    said = SUMMARY.fullmatch(done.stdout)
    assert said is not None
    assert said.groups() == ("2", "0", None)
    assert files(folder / "out") == ["manifest.jsonl", f"part-000000.{form}"]
    assert titles(folder / "out") == notices("a", "b")


def test_the_options_reach_the_run(folder: Path) -> None:
    (folder / "more.jsonl").write_text(line("a").replace('"url"', '"address"').replace('"html"', '"body"'))
    options = ["--markdown", "--duplicates", "text", "--seconds", "20", "--memory", "1000", "-f", "jsonl"]
    fields = ["--url-field", "address", "--html-field", "body"]
    done = corpus("more.jsonl", "pages", "-o", "out", *options, *fields, cwd=folder)
    said = SUMMARY.fullmatch(done.stdout)
    assert said is not None, done.stderr
    assert said.groups() == ("3", "0", "1")
    found = rows(folder / "out")
    assert [(row["title"], row["url"]) for row in found] == [("Notice a", address("a")), ("Notice b", None)]
    assert all(row["markdown"] for row in found)


def test_the_model_is_the_default(folder: Path) -> None:
    assert corpus("pages", "-o", "out", cwd=folder, model=True).returncode == 0
    ran([folder / "pages"], folder / "same", model=None)
    assert [row["labels"] for row in rows(folder / "out")] == [row["labels"] for row in rows(folder / "same")]


def test_errors_are_counted_and_the_status_is_1(folder: Path) -> None:
    (folder / "empty.html").touch()
    done = corpus("pages/a.html", "missing.html", "empty.html", "pages/b.html", "-o", "out", cwd=folder)
    said = SUMMARY.fullmatch(done.stdout)
    assert (done.returncode, said and said.groups()) == (1, ("4", "2", None))
    assert titles(folder / "out") == ["Notice a", None, None, "Notice b"]


def test_inputs_that_are_not_there_are_named_on_standard_error(folder: Path) -> None:
    (folder / "bare").mkdir()
    done = corpus("x*.html", "bare", "pages", "-o", "out", cwd=folder)
    assert (done.returncode, titles(folder / "out")) == (1, notices("a", "b"))
    assert done.stderr.splitlines() == ["x*.html: no file matches", "bare: holds no file that is named like a page"]
    assert SUMMARY.fullmatch(done.stdout)


def test_a_list_of_inputs(folder: Path) -> None:
    crawl_in(folder / "crawl.warc.gz", map(captured, "cd"))
    (folder / "list.txt").write_bytes(b"pages/b.html\r\n\r\n  crawl.warc.gz\npages/a*.html")
    done = corpus("@list.txt", "pages/b.html", "-o", "out", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert titles(folder / "out") == notices(*"bcda")


def test_a_list_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "list.txt").write_text("pages/a.html\n", "utf-8-sig")
    assert corpus("@list.txt", "-o", "out", cwd=folder).returncode == 0


def test_a_page_from_a_pipe(folder: Path) -> None:
    done = run("corpus", "-", "-o", "out", "--rules-only", cwd=folder, stdin=article("a").encode())
    assert done.returncode == 2 or titles(folder / "out") == notices("a")


WRONG = {
    "no input": (["-o", "new"], "INPUT"),
    "no output": (["pages"], "--output"),
    "a list that is not there": (["@missing", "-o", "new"], "missing cannot be read"),
    "a form": (["pages", "-o", "new", "-f", "csv"], "csv"),
    "no workers": (["pages", "-o", "new", "--workers", "0"], "--workers"),
    "no time": (["pages", "-o", "new", "--seconds", "0"], "--seconds"),
    "no memory": (["pages", "-o", "new", "--memory", "1"], "--memory"),
    "duplicates": (["pages", "-o", "new", "--duplicates", "title"], "title"),
    "an engine": (["pages", "-o", "new", "--engine", "abacus"], "abacus"),
    "output to a file": (["pages", "-o", "pages/a.html"], "pages/a.html"),
    "nothing to go on with": (["pages", "-o", "new", "--resume"], "holds no run that could go on"),
    "a second run": (["pages", "-o", "out"], "holds a run already: go on with it (--resume), or take another folder"),
    "another form": (["pages", "-o", "out", "--resume", "-f", "jsonl"], "holds a run with other options"),
    "with the Markdown": (["pages", "-o", "out", "--resume", "--markdown"], "holds a run with other options"),
    "Ray goes on": (["pages", "-o", "new", "--engine", "ray", "--resume"], "--resume"),
    "duplicates on Ray": (["pages", "-o", "new", "--engine", "ray", "--duplicates", "url"], "--duplicates"),
    "JSON Lines on Ray": (["pages", "-o", "new", "--engine", "ray", "-f", "jsonl"], "Parquet only"),
}


@pytest.fixture(scope="module")
def done_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done")
    ran([pages_in(folder / "pages", "ab")], folder / "out", url_field="url", html_field="html")
    return folder


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_says_what_is_wrong(call: str, done_before: Path) -> None:
    arguments, said = WRONG[call]
    before = contents(done_before / "out")
    done = corpus(*arguments, cwd=done_before)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert contents(done_before / "out") == before
    assert not (done_before / "new").exists() or files(done_before / "new") == []


def test_a_run_goes_on(done_before: Path) -> None:
    whole = contents(done_before / "out")
    shards(done_before / "out")[0].unlink()
    for _ in range(2):
        done = corpus("pages", "-o", "out", "--resume", cwd=done_before)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("2 pages, 0 with errors")
        assert contents(done_before / "out") == whole


def test_a_model_that_is_not_there(folder: Path) -> None:
    done = corpus("pages", "-o", "out", "--model", "missing.onnx", cwd=folder, model=True)
    assert done.returncode == 2
    assert "missing.onnx" in done.stderr


def test_an_output_that_cannot_be_written(folder: Path) -> None:
    done = corpus("pages", "-o", "pages/a.html/out", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("pages/a.html/out: ")


def test_progress_only_on_a_terminal(folder: Path) -> None:
    pages_in(folder / "pages", [str(number) for number in range(30)], 30)
    (folder / "said").touch()
    with (folder / "said").open("wb") as said:
        arguments: list[str | Path] = ["corpus", folder / "pages", "-o", folder / "out", "--rules-only"]
        shown = "".join(on_terminal(*arguments, stdout=said.fileno(), COLUMNS="150"))
    assert "pages/s" in shown
    assert "MB/s" in shown
    summary = (folder / "said").read_text()
    assert SUMMARY.fullmatch(summary)
    assert summary not in shown.replace("\r\n", "\n")


def test_an_interrupted_run_goes_on(folder: Path) -> None:
    names = [str(number) for number in range(300)]
    inputs = pages_in(folder / "many", names, 40)
    command = [sys.executable, "-m", "cleaner", "corpus", str(inputs), "-o", str(folder / "out"), "--rules-only"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True
    )
    deadline = time.monotonic() + 30
    while not any(name.endswith(".tmp") and "part" in name for name in listed(folder / "out")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.2)
    # As the terminal does it: to the workers, too.
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert end_of(process.pid, 1)
    done = corpus("many", "-o", "out", "--resume", cwd=folder)
    assert (done.returncode, left_over(folder / "out")) == (0, [])
    assert sorted(titles(folder / "out")) == sorted(notices(*names))


def listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []

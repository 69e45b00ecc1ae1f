"""Cleaning opens no connection, and writes nothing but what it was asked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import SAMPLES

PAGE = str(SAMPLES / "wordpress-local-news" / "page.html")
CORPUS = [str(SAMPLES / name) for name in ("de-tageszeitung", "es-diario", "ja-shimbun", "wordpress-local-news")]
CALLS = ["connect", "sendto", "sendmsg", "sendmmsg", "open", "openat", "creat", "mkdir", "mkdirat"]
CALLS += ["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"]
LIBRARY = """
import sys, cleaner
page = open(sys.argv[1], "rb").read()
reused = cleaner.Cleaner()
for _ in range(20):
    document = reused.clean(page)
    document.text, document.markdown, document.html, document.to_dict(), document.title
"""
RUNS = {
    "clean": ["-m", "cleaner", "clean", PAGE],
    "clean into a folder": ["-m", "cleaner", "clean", *CORPUS, "-f", "json", "-o", "OUTPUT/"],
    "report": ["-m", "cleaner", "report", PAGE, "-o", "OUTPUT/report.html"],
    "corpus": ["-m", "cleaner", "corpus", *CORPUS, "-o", "OUTPUT/corpus", "--workers", "2"],
    "library": ["-c", LIBRARY, PAGE],
}
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^\d+ +(?:creat|mkdir|rename|link|symlink)")
_CALL = re.compile(r"^\d+ +(\w+)\(")


@pytest.mark.parametrize("name", RUNS)
def test_a_run_speaks_to_nobody_and_writes_only_its_output(name: str, tmp_path: Path) -> None:
    home, output, log = tmp_path / "home", tmp_path / "output", tmp_path / "calls"
    home.mkdir()
    output.mkdir()
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, *(part.replace("OUTPUT", str(output)) for part in RUNS[name])]
    run = subprocess.run(
        ["strace", "-f", "-qq", "-s", "300", "-e", "trace=" + ",".join(CALLS), "-o", str(log), *command],
        env=environment(home, tmp_path / "tmp"),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert list(home.iterdir()) == []
    assert list(connections(log)) == []
    assert list(written(log, (output, tmp_path / "tmp"))) == []


def test_a_home_that_cannot_be_written_gives_no_word(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    run = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", PAGE],
        env=environment(home, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def environment(home: Path, temporary: Path) -> dict[str, str]:
    """This environment without what tells a program of the user's folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    return {**kept, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}


def connections(log: Path) -> Iterator[str]:
    """The calls that reach for anything but a process of this machine.

    A socket that stays where it is opened is none: urllib3 asks by one whether there is IPv6 when it is imported.
    """
    for line in log.read_text("utf-8", "replace").splitlines():
        call = _CALL.match(line)
        if call and call[1] in ("connect", "sendto", "sendmsg", "sendmmsg") and "sa_family=AF_INET" in line:
            yield line


def written(log: Path, allowed: tuple[Path, ...]) -> Iterator[str]:
    """The calls that make or change a file outside of the folders allowed and of the devices."""
    rooms = ('"/dev/', *(f'"{folder}' for folder in allowed))
    for line in log.read_text("utf-8", "replace").splitlines():
        done = _WRITING.search(line) and "= -1" not in line and "resumed>" not in line
        if done and not any(room in line for room in rooms):
            yield line

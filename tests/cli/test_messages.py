"""What is said of files that cannot be used, and of parts that are not installed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cleaner import install
from tests.test_cli import environment, page, run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(page())
    (tmp_path / "rules.txt").write_text("words")
    return tmp_path


@pytest.mark.parametrize(
    ("option", "file", "why"),
    [
        ("--site", "nope.json", "No such file or directory"),
        ("--site", "page.html", "is no JSON"),
        ("--corrections", "nope", "No such file or directory"),
        ("--rules", "nope", "No such file or directory"),
        ("--model", "nope.onnx", "No such file or directory"),
        ("--model", "page.html", "has no model card beside it, page.json"),
        ("--model", ".", "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(saved: Path, option: str, file: str, why: str) -> None:
    done = run("clean", "page.html", option, file, cwd=saved)
    assert (done.returncode, done.stdout) == (2, "")
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"Error: Invalid value for {option}: {file}")
    assert why in said
    assert "Errno" not in said


def test_a_model_of_another_make_is_named(saved: Path) -> None:
    (saved / "page.json").write_text(json.dumps({"schema": 1}))
    done = run("clean", "page.html", "--model", "page.html", cwd=saved)
    assert done.stderr.splitlines()[-1] == (
        "Error: Invalid value for --model: page.html: the model card has schema 1, not 2"
    )


def without(modules: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line where some modules are not installed."""
    code = f"import sys; sys.modules.update(dict.fromkeys({modules.split()!r})); from cleaner.cli import main; main()"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("modules", "arguments", "extra"),
    [
        ("fastapi", "serve --port 0", "web"),
        ("fastapi", "review page.html --no-browser", "web"),
        ("pyarrow", "corpus page.html -o out", "corpus"),
        ("torch", "train . -o model.onnx", "train"),
        ("requests_cache", "clean https://harbour.example/ --cache c.sqlite", "cache"),
        ("fastwarc", "clean crawl.warc", "formats"),
    ],
)
def test_a_part_that_is_not_installed_can_be_as_it_is_said(
    saved: Path, modules: str, arguments: str, extra: str
) -> None:
    (saved / "crawl.warc").write_bytes(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    done = without(modules, *arguments.split(), cwd=saved)
    assert done.returncode in (1, 2)
    found = re.search(r"pip install .*?'.*?'", done.stderr)
    assert found, done.stderr
    what = shlex.split(found[0])[-1]
    assert what.endswith(f"[{extra}]")
    source = Path(what.removesuffix(f"[{extra}]"))
    project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    assert extra in project["optional-dependencies"]


def test_in_the_checkout_the_hint_is_short() -> None:
    done = without("fastapi", "serve", "--port", "0", cwd=ROOT)
    assert re.search(r"pip install (-e )?'\.\[web\]'", done.stderr)


@pytest.mark.parametrize(
    ("origin", "hint"),
    [
        ("", "pip install 'pagecleaner[web]'"),
        (
            '{"url": "https://files.example/p.whl", "archive_info": {}}',
            "pip install 'pagecleaner[web] @ https://files.example/p.whl'",
        ),
        (
            '{"url": "https://code.example/c.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}',
            "pip install 'pagecleaner[web] @ git+https://code.example/c.git@c0ffee'",
        ),
        ('{"url": "/srv/a%20b", "dir_info": {}}', "pip install '/srv/a b[web]'"),
        ('{"url": "/srv/a%20b", "dir_info": {"editable": true}}', "pip install -e '/srv/a b[web]'"),
        ('{"url": "/srv", "dir_info": {}}', "pip install '.[web]'"),
    ],
    ids=["index", "archive", "repository", "checkout", "editable", "here"],
)
def test_the_hint_says_where_the_package_came_from(tmp_path: Path, origin: str, hint: str) -> None:
    """As pip writes it down (PEP 610)."""
    folder = tmp_path / "pagecleaner-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: pagecleaner\nVersion: 9\n")
    if origin:
        (folder / "direct_url.json").write_text(origin.replace("/srv", tmp_path.as_uri()))
    (tmp_path / "a b").mkdir()
    # The module alone, so that it does not stand in a checkout.
    (tmp_path / "lone").mkdir()
    shutil.copy(install.__file__, tmp_path / "lone/hint.py")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, 'lone']; import hint; print(hint.command('web'))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hint.replace("/srv", str(tmp_path))


def test_every_extra_that_a_hint_names_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {
        extra
        for file in (ROOT / "cleaner").rglob("*.py")
        for extra in re.findall(r"install\.command\(['\"](\w+)['\"]\)", file.read_text("utf-8"))
    }
    assert named >= {"web", "formats", "train", "cache", "corpus"}
    assert named <= set(project["optional-dependencies"])
    assert install.command("web").endswith("[web]'")

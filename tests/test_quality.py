"""The house rules, and that the lists and the data which ship with the code are in step with it."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner.document import Label
from cleaner.tag.compile import COMPILED, SOURCES, compile_lists
from cleaner.tag.phrases import Hit, find_phrases

ROOT = Path(__file__).parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
LONGEST_MODULE = 400
HEAVY = frozenset("bs4 lxml markdownify nh3 numpy onnxruntime requests rich torch trafilatura typer".split())

MODULES = sorted((ROOT / "cleaner").rglob("*.py"))
LISTS = sorted(SOURCES.glob("*.toml"))
LABELS = {str(label) for label in Label} - {Label.TITLE, Label.BODY, Label.OTHER}
# What is no label: pieces of asks, walls that shut readers out, salutations of letters, openings of blocks.
TABLES = LABELS | {"part", "wall", "salutation", "prefix"}


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy", "--strict", "cleaner"),
        ("lint-imports",),
    ],
    ids=lambda command: "-".join(command[:2]),
)
def test_a_tool_has_nothing_to_say(command: tuple[str, ...]) -> None:
    run = subprocess.run([SCRIPTS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) < LONGEST_MODULE


def test_the_import_is_light() -> None:
    code = "import sys, cleaner; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "cleaner" in run.stdout.split()
    assert not HEAVY & set(run.stdout.split())


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_is_well_formed(path: Path) -> None:
    lists = tomllib.loads(path.read_text("utf-8"))
    assert lists.pop("language") == _language(path)
    assert set(lists) <= TABLES
    for name, table in lists.items():
        assert set(table) <= (LABELS if name == "prefix" else {"certain", "hint", "exact"}), name
        for texts in table.values():
            assert all(isinstance(text, str) and text.strip() for text in texts), name


def test_the_compiled_lists_are_in_step() -> None:
    stale = "the lists have changed: run python -m cleaner.tag.compile"
    compiled = {path.stem: json.loads(path.read_text("utf-8")) for path in COMPILED.glob("*.json")}
    # Through JSON, where tuples are lists; a bare assert would take minutes to show what differs.
    assert (compiled == json.loads(json.dumps(compile_lists()))) is True, stale


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_finds_what_publishers_write(path: Path) -> None:
    for row, hits in _found(path, "match"):
        told = {hit.phrase.label for hit in hits if row.get("hint") or hit.phrase.strength != "hint"}
        assert row["label"] in told, row["text"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_leaves_articles_alone(path: Path) -> None:
    for row, hits in _found(path, "no_match"):
        phrases = [hit.phrase for hit in hits if hit.phrase.language == _language(path) and hit.phrase.label != "part"]
        assert not [str(phrase) for phrase in phrases if phrase.strength in ("certain", "exact")], row["text"]


def _language(path: Path) -> str:
    """The language of a list; one that is written in two scripts has a file for each."""
    return path.stem.partition("-")[0]


def _found(path: Path, table: str) -> list[tuple[dict[str, Any], list[Hit]]]:
    """The blocks of a language's test data, and what the lists find in each."""
    rows = tomllib.loads((ROOT / "tests" / "phrases" / path.name).read_text("utf-8"))[table]
    return list(zip(rows, find_phrases([row["text"] for row in rows]), strict=True))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_readme_names_the_language(path: Path) -> None:
    assert f"`{_language(path)}`" in (ROOT / "README.md").read_text("utf-8")


def test_the_examples_of_the_readme_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried
    assert not failed


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_architecture_names_the_module(module: Path) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert module.stem == "__init__" or f"`{module.stem}`" in text or f"{module.name}`" in text

"""What ``--explain`` and ``--diff`` show: every block by its sign, the page's text before and after."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import Document, Kind, Label
from cleaner.cli.view import Format, View
from cleaner.document import Columns, labels_of

SAMPLES = Path(__file__).parents[2] / "samples"
HUNK = re.compile(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@")


def made(*labels: Label) -> Document:
    """A document with a block for each label, which says its number."""
    count = len(labels)
    columns = Columns(
        texts=[f"Block {i}" for i in range(count)],
        kinds=[Kind.PARAGRAPH] * count,
        xpaths=[""] * count,
        labels=labels,
        confidences=[0.5] * count,
        reasons=["by hand"] * count,
        groups=[-1] * count,
        rows=[-1] * count,
        asks=[-1] * count,
    )
    return Document(columns)


def patched(before: list[str], diff: str) -> list[str]:
    """The lines after a diff, as patch(1) would make them; every line and number of it is checked."""
    after: list[str] = []
    lines = diff.splitlines()
    assert not lines or lines[:2] == ["--- page", "+++ article"]
    at, rest = 0, lines[2:]
    while rest:
        head = HUNK.fullmatch(rest.pop(0))
        assert head
        old, old_count, new, new_count = map(int, head.groups())
        after += before[at : old - 1]
        at = old - 1
        assert len(after) == new - (new_count > 0)
        hunk, rest = rest[:old_count], rest[old_count:]
        kept = [line[1:] for line in hunk if line.startswith(" ")]
        assert len(kept) == new_count
        assert [re.sub(r"  \[\w+\]$", "", line[1:]) if line[0] in "-~" else line[1:] for line in hunk] == before[
            at : at + old_count
        ]
        after += kept
        at += old_count
    return after + before[at:]


@given(st.lists(st.sampled_from(list(Label)), max_size=60), st.sampled_from([Format.TEXT, Format.MARKDOWN]))
def test_it_is_a_diff_that_leads_from_the_page_to_the_view(labels: list[Label], form: Format) -> None:
    doc = made(*labels)
    before = [block.text for block in doc.blocks]
    shown = {Label.BODY} if form is Format.TEXT else {Label.TITLE, Label.BODY, Label.CAPTION}
    wanted = [block.text for block in doc.blocks if block.label in shown]
    assert patched(before, View(form, diff=True).of(doc)) == wanted


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize("keep", ["", "byline"])
@pytest.mark.parametrize("drop", ["", "caption"])
def test_a_plus_is_what_the_view_shows_and_a_minus_what_was_removed(form: Format, keep: str, drop: str) -> None:
    page = (SAMPLES / "wordpress-local-news" / "page.html").read_bytes()
    doc = cleaner.clean(page, keep=labels_of(keep.split()), drop=labels_of(drop.split()))
    shown = {Label.BODY} | ({Label.TITLE, Label.CAPTION} if form is not Format.TEXT else set())
    shown = (shown | doc.keep) - doc.drop
    beside = {Label.TITLE, Label.CAPTION, Label.BYLINE} - shown - doc.drop
    signs = [line[0] for line in View(form, explain=True).of(doc).splitlines()]
    assert {block.index for block in doc.removed} == {i for i, sign in enumerate(signs) if sign == "-"}
    assert [sign == "+" for sign in signs] == [block.label in shown for block in doc.blocks]
    assert ("~" in signs) == bool(beside)


@given(st.lists(st.sampled_from(list(Label)), max_size=60))
def test_explained_and_diff_agree(labels: list[Label]) -> None:
    doc = made(*labels)
    signs = "".join(line[0] for line in View(explain=True).of(doc).splitlines() if line[0] != "+")
    assert "".join(line[0] for line in View(diff=True).of(doc).splitlines()[2:] if line[0] in "-~") == signs


def test_removed_lines_name_their_label() -> None:
    doc = cleaner.clean((SAMPLES / "wordpress-local-news" / "page.html").read_bytes())
    lines = [line for line in View(diff=True).of(doc).splitlines()[2:] if line.startswith("-")]
    assert lines == [f"-{' '.join(block.text.split())}  [{block.label}]" for block in doc.removed]


def test_far_from_any_change_nothing_is_shown() -> None:
    doc = made(*[Label.BODY] * 20, Label.DONATION, *[Label.BODY] * 20)
    assert View(diff=True).of(doc) == (
        "--- page\n+++ article\n@@ -18,7 +18,6 @@\n Block 17\n Block 18\n Block 19\n-Block 20  [donation]\n"
        " Block 21\n Block 22\n Block 23\n"
    )


def test_nothing_removed_is_no_difference() -> None:
    assert View(diff=True).of(made(Label.BODY, Label.BODY)) == ""
    assert View(Format.MARKDOWN, diff=True).of(made(Label.TITLE, Label.BODY, Label.CAPTION)) == ""


def test_what_is_kept_by_wish_is_no_difference() -> None:
    doc = replace(made(Label.BODY, Label.COMMENTS), keep=frozenset({Label.COMMENTS}), drop=frozenset({Label.BODY}))
    assert "-Block 0  [body]\n Block 1\n" in View(diff=True).of(doc)


def test_no_block_drives_the_terminal() -> None:
    doc = made(Label.BODY, Label.OTHER)
    doc = replace(doc, columns=replace(doc.columns, texts=["a\x1b[2J\nb", "c\u202ed\n+++ e"]))
    assert View(diff=True).of(doc).splitlines()[3:] == [" a\\x1b[2J b", "-c\\u202ed +++ e  [other]"]


def test_its_files_are_named_as_what_they_are() -> None:
    assert View(diff=True).suffix == ".diff"


@pytest.mark.parametrize(
    ("terminal", "start"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "\x1b[38;2;204;75;72m"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, "\x1b[38;5;167m"),
        ({"TERM": "xterm", "COLORTERM": ""}, "\x1b[31m"),
    ],
    ids=["truecolour", "256", "16"],
)
def test_lines_have_the_colours_of_their_labels(terminal: dict[str, str], start: str) -> None:
    code = (
        "from cleaner import Label\nfrom cleaner.cli.paint import painted\n"
        "print(painted('-Please give', Label.DONATION))"
    )
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | terminal
    subprocess.run([sys.executable, "-c", code], stdout=theirs, env=environment, check=True)
    os.close(theirs)
    assert os.read(ours, 1000).decode().startswith(f"{start}-Please give\x1b[0m")
    os.close(ours)

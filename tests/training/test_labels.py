"""Labels kept apart from the pages."""

import json
from pathlib import Path

import pytest

from cleaner.training.labels import Labelled, read_labels, with_labels
from cleaner.training.sets import Row

PAGE = b"<html><body><nav>Home</nav><p>A story.</p><p>Sign up.</p><p>Its end.</p></body></html>"
OURS = Path(__file__).parents[2] / "training" / "labels" / "articles.jsonl"


def test_labels_come_to_their_blocks() -> None:
    row = with_labels(Row("1"), PAGE, Labelled(1, ("body", None, "body")))
    assert row.blocks == (("body", "A story."), ("body", "Its end."))
    assert (row.first, row.last) == (1, 3)


def test_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"set": "x", "id": "1", "first": 2, "labels": ["body"]}\n\n', encoding="utf-8")
    assert read_labels([path]) == {("x", "1"): Labelled(2, ("body",))}


@pytest.mark.parametrize("line", ["no json", "{}", '{"set": "x", "id": "1", "first": "a", "labels": []}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"labels\.jsonl, line"):
        read_labels([path])


def test_our_labels_hold_labels_and_no_page() -> None:
    rows = [json.loads(line) for line in OURS.read_text("utf-8").split("\n") if line]
    assert len(read_labels([OURS])) == len(rows) >= 150
    assert all(set(row) == {"set", "id", "first", "labels"} for row in rows)

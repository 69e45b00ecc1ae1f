"""Scores of title, date, authors and page type."""

import json
from pathlib import Path

import pytest

from benchmarks.metadata import Said, main, score, word_f1

PAGE = "<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>{}</article></body></html>"


def test_word_f1() -> None:
    assert word_f1("The Bridge!", "the bridge") == 1.0
    assert word_f1("the bridge", "the ferry") == 0.5
    assert word_f1("", "") == 1.0
    assert word_f1("", "the bridge") == 0.0


def test_score_takes_what_the_row_has() -> None:
    row = {"title": "The bridge", "date": "2024-05-21T10:00", "author": ["A. Dunn"], "type": "article"}
    said = Said("The bridge", "2024-05-21", "A. Dunn", "article")
    assert dict(score(said, row)) == dict.fromkeys(
        ("title, same words", "title, word F1", "date", "authors, word F1", "page type"), 1.0
    )
    assert list(score(said, {"title": None})) == []


def test_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "news-dev"
    (folder / "html").mkdir(parents=True)
    story = (
        "The bridge over the river\u2028stays closed until the spring, the council said on Monday.",
        "Its two eastern piers were hollowed out by the flood of last November, engineers found.",
        "“We had hoped to open one lane for the school bus,” said Maren Holt, who runs the works.",
        "Until then a ferry takes people across on foot, twice an hour and free of charge.",
        "The repair is to cost four million, of which the county has promised to pay a half.",
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    (folder / "html" / "1.html").write_text(PAGE.format(text), encoding="utf-8")
    row = {"id": "1", "url": None, "title": "The bridge\u2028", "type": "article"}
    (folder / "pages.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "| cleaner | 1.000 | 1.000 | 1.000 |" in out
    assert "| trafilatura |" in out

"""``doc.to_dict()`` and ``docs/schema.md`` say the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from handmade import document, plain

from cleaner import Access, Document, Kind, Label, PageType

SCHEMA = (Path(__file__).parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")
TYPES = {
    "integer": (int,),
    "number": (float,),
    "string": (str,),
    "string or null": (str, type(None)),
    "integer or null": (int, type(None)),
    "array of strings": (list,),
    "array of integers": (list,),
    "array of objects": (list,),
}
PAGE = """<html lang=en-GB><head><link rel=canonical href="https://harbourpost.example/lamp"></head><body>
<h1>The lamp is lit again</h1><p>After nine dark winters the lamp burns.</p>
<div class=is-newsletter><p>Get the Post by e-mail every Friday.</p><p>Name</p></div></body>"""


def fields(section: str) -> dict[str, str]:
    """The field table of a section: names and types."""
    text = SCHEMA.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", text, flags=re.M))


def sample() -> Document:
    doc = document(PAGE, page_type=PageType.ARTICLE, access=Access.FULL, warnings=("It rained.",))
    return replace(doc, columns=replace(doc.columns, asks=[-1, -1, 0, 0]))


def assert_like(record: dict[str, Any], section: str) -> None:
    want = fields(section)
    assert list(record) == list(want)
    for name, value in record.items():
        assert type(value) in TYPES[want[name]], name


def test_every_field_is_documented_and_of_its_type() -> None:
    for doc in (sample(), plain(("One.", Label.BODY)), plain()):
        record = doc.to_dict()
        assert_like(record, "Document")
        for block in record["blocks"]:
            assert_like(block, "Block")
        for ask in record["asks"]:
            assert_like(ask, "Ask")


def test_the_example_has_the_documented_fields() -> None:
    example = json.loads(SCHEMA.split("```json")[1].split("```")[0])
    assert_like(example, "Document")
    assert_like(example["blocks"][0], "Block")
    assert_like(example["asks"][0], "Ask")


def test_the_closed_lists_are_complete() -> None:
    for values in (Label, Kind, PageType, Access):
        assert all(f"`{value}`" in SCHEMA for value in values)


def test_what_it_holds() -> None:
    record = sample().to_dict()
    assert record == json.loads(json.dumps(record))
    assert record["schema"] == 1
    assert record["title"] == "The lamp is lit again"
    assert record["language"] == "en-GB"
    assert record["text"] == "After nine dark winters the lamp burns."
    assert [block["ask"] for block in record["blocks"]] == [None, None, 0, 0]
    assert record["asks"] == [
        {
            "label": "newsletter",
            "text": "Get the Post by e-mail every Friday.\nName",
            "blocks": [2, 3],
            "where": "below",
        }
    ]
    assert record["warnings"] == ["It rained."]


def test_metadata_of_plain_text_and_of_a_page() -> None:
    text = plain(("One.", Label.BODY), ("The lamp\nis lit", Label.TITLE))
    assert (text.title, text.authors, text.language, text.url) == ("The lamp is lit", (), None, None)
    page = document(PAGE + "<p class=is-byline>By Mara Quill, 14 March 2026</p>")
    assert (page.date, page.url) == ("2026-03-14", "https://harbourpost.example/lamp")

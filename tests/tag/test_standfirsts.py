"""The lines under a headline are of the article, however publishers mark them up."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import lxml.html
import pytest

import cleaner
from cleaner.document import Label
from cleaner.html.decode import decode

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "samples"
CASES: dict[str, Any] = tomllib.loads(HERE.joinpath("standfirsts.toml").read_text("utf-8"))
HEADLINE = "<h1>HEADLINE</h1>"


def normal(text: str | None) -> str:
    """The text in one line, without soft hyphens."""
    return " ".join((text or "").replace("\xad", "").split())


def page_without_headline(sample: str) -> tuple[str, str]:
    """A sample with HEADLINE where its headline was, and the headline."""
    content = SAMPLES.joinpath(sample, "page.html").read_bytes()
    title = normal(cleaner.clean(content).title)
    root = lxml.html.document_fromstring(decode(content)[0], parser=lxml.html.HTMLParser(encoding="utf-8"))
    found = [element for element in root.iter("h1", "h2", "h3") if normal(element.text_content()) == title]
    assert found, f"the headline of {sample} is not in it"
    headline = found[0]
    own = lxml.html.tostring(headline, encoding="unicode", with_tail=False)
    for child in list(headline):
        headline.remove(child)
    headline.text, headline.tag = "HEADLINE", "h1"
    headline.attrib.clear()
    whole = lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    assert whole.count(HEADLINE) == 1
    return whole, own


@pytest.mark.parametrize("case", CASES["texts"], ids=lambda case: case["sample"])
def test_every_markup(case: dict[str, Any]) -> None:
    whole, headline = page_without_headline(case["sample"])
    lost = []
    for markup in CASES["markups"]:
        for line in case["lines"]:
            made = markup.format(h1=headline, text=line, name=case["name"])
            doc = cleaner.clean(whole.replace(HEADLINE, made))
            block = next(block for block in doc.blocks if line in normal(block.text))
            if block.label is not Label.BODY:
                lost.append((markup, line, block.label, block.reason))
    assert not lost

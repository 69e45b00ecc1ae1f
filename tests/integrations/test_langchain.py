"""The loader that the documentation shows, run with LangChain itself."""

from __future__ import annotations

import asyncio
import doctest
import re
from typing import Any

import pytest
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

import cleaner
from tests.conftest import ROOT, SAMPLES

PAGE = ROOT / "docs/integrations/langchain.md"
CRAWL = "samples/formats/warc/encodings.warc.gz"
SAVED = "samples/wordpress-local-news/page.html"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the first block of code defines."""
    monkeypatch.chdir(ROOT)
    code = re.search(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert code is not None
    names: dict[str, Any] = {"__name__": "example"}
    exec(code[1], names)
    return names


def test_the_examples_are_true(example: dict[str, Any]) -> None:
    rest = PAGE.read_text("utf-8").partition(">>> ")
    tests = doctest.DocTestParser().get_doctest("".join(rest[1:]), example, "langchain.md", str(PAGE), 0)
    runner = doctest.DocTestRunner()
    runner.run(tests, clear_globs=False)
    assert runner.summarize() == (0, 2)


def test_every_article_of_every_source(example: dict[str, Any]) -> None:
    loader = example["CleanerLoader"](CRAWL, SAVED, "samples/formats/lists/pocket.csv", keep=["byline"])
    assert isinstance(loader, BaseLoader)
    found = loader.load()
    pages = [page for source in (CRAWL, SAVED) for page in cleaner.load(source)]
    assert [document.page_content for document in found] == [
        cleaner.clean(page, keep=["byline"]).markdown for page in pages
    ]
    assert all(isinstance(document, Document) for document in found)
    assert asyncio.run(anext(loader.alazy_load())) == found[0]
    assert found[-1].metadata == {
        "source": "https://millracebeacon.example/2024/05/21/library-board-restores-sunday-hours/",
        "title": "Library board restores Sunday hours, but only at two branches",
        "date": "2024-05-21",
        "authors": "Dana Whitcomb",
        "language": "en-US",
        "page_type": "article",
        "access": "full",
    }


def test_what_is_no_page_is_passed_over(example: dict[str, Any]) -> None:
    broken = SAMPLES / "formats/broken/truncated.warc.gz"
    picture = SAMPLES / "formats/html/img/bridge.jpg"
    assert len(list(example["CleanerLoader"](str(picture), str(broken)).lazy_load())) == 2

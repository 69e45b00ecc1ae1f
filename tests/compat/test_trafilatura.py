"""Calls that were written for trafilatura: the same arguments, kinds of results and reasons for none."""

from __future__ import annotations

import doctest
import gzip
import inspect
import json
import logging
import re
import sys
from configparser import ConfigParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
import trafilatura
from trafilatura.settings import Document as Record
from trafilatura.settings import Extractor, use_config

import cleaner
from cleaner.compat import trafilatura as compat
from tests.conftest import ROOT, SAMPLES, sample_folders

FUNCTIONS = ("extract", "bare_extraction", "extract_with_metadata", "extract_metadata")
PAGES = [folder / "page.html" for folder in sample_folders() if (folder / "page.html").is_file()]
NEWS = (SAMPLES / "wordpress-local-news/page.html").read_bytes()
ADDRESS = "https://millracebeacon.example/2024/05/21/library-board-restores-sunday-hours/"
SENTENCE = "The council voted on Monday to open the library on Sundays again, for the first time in many years."
OTHER = "Three smaller branches in the north of the town will have to wait until the end of next year."
PAGE = f"<html lang=en><body><h1>The library opens</h1><p>{SENTENCE}</p><p>{OTHER}</p></body></html>"

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def named(value: object) -> str:
    """The same in every process: without the places of objects in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))


@pytest.fixture(params=PAGES, ids=lambda path: path.parent.name)
def page(request: pytest.FixtureRequest) -> bytes:
    return Path(request.param).read_bytes()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_arguments_are_those_of_trafilatura(name: str) -> None:
    theirs, ours = (inspect.signature(getattr(module, name)).parameters for module in (trafilatura, compat))
    assert list(ours) == list(theirs)
    defaults = {key: parameter.default for key, parameter in theirs.items() if key != "config"}
    assert {key: ours[key].default for key in defaults} == defaults


def test_the_article_is_cleaners(page: bytes) -> None:
    assert compat.extract(page, include_comments=False) == cleaner.clean(page).text
    both = cleaner.clean(page).text
    if comments := cleaner.clean(page, keep={"comments"}, drop={"body"}).text:
        both += f"\n\n{comments}"
    assert compat.extract(page) == both


def shape(values: dict[str, Any]) -> dict[str, set[type]]:
    """The types of values; what can be there can also be missing."""
    return {key: {str if value is None else type(value)} for key, value in values.items()}


@pytest.mark.parametrize("metadata", [False, True])
def test_json_has_the_same_keys_and_types(page: bytes, metadata: bool) -> None:
    theirs, ours = (
        json.loads(module.extract(page, output_format="json", with_metadata=metadata, record_id="7") or "")
        for module in (trafilatura, compat)
    )
    assert shape(ours) == shape(theirs)
    assert ours.get("id") == theirs.get("id")
    if theirs.get("date") and theirs.get("author"):
        assert ours["date"]
        assert ours["author"]


@pytest.mark.parametrize("arguments", [{}, {"with_metadata": True}, {"include_comments": False}], ids=str)
def test_bare_extraction_gives_the_same_kind_of_document(page: bytes, arguments: dict[str, Any]) -> None:
    theirs, ours = (module.bare_extraction(page, **arguments) for module in (trafilatura, compat))
    assert isinstance(ours, type(theirs))
    assert isinstance(ours, Record)
    lists, trees = ("categories", "tags"), ("body", "commentsbody")
    for name, value in theirs.as_dict().items():
        if name in lists:
            assert (getattr(ours, name) is None) == (value is None), name
        elif name not in trees and value is None and not arguments.get("with_metadata"):
            assert getattr(ours, name) is None, name
    assert ours.text == ours.raw_text == cleaner.clean(page).text
    assert ours.body.tag == ours.commentsbody.tag == "body"
    assert ours.body.text_content().strip()


def test_metadata_alone_and_with_the_text() -> None:
    for record in (compat.extract_metadata(NEWS), compat.extract_with_metadata(NEWS)):
        assert record is not None
        assert (record.title, record.author) == (cleaner.clean(NEWS).title, "Dana Whitcomb")
        assert (record.date, record.url, record.hostname) == ("2024-05-21", ADDRESS, "millracebeacon.example")
    markdown = compat.extract_with_metadata(NEWS, output_format="markdown")
    assert markdown is not None
    assert markdown.text == compat.extract(NEWS, output_format="markdown", with_metadata=True)
    assert compat.extract_metadata("").as_dict().keys() == trafilatura.extract_metadata("").as_dict().keys()
    assert compat.extract_metadata(PAGE, "https://www.paper.example/a").hostname == "paper.example"


NOTHING: list[Any] = [
    None,
    17,
    "",
    b"",
    "  \n",
    "no markup at all",
    "<html></html>",
    "<html><body></body></html>",
    "<html><body><script>let a = 1</script></body></html>",
    b"%PDF-1.4 \x00\x01",
    SimpleNamespace(data=None),
]


@pytest.mark.parametrize("content", NOTHING, ids=lambda content: repr(content)[:30])
def test_nothing_where_trafilatura_gives_nothing(content: Any) -> None:
    for name in ("extract", "bare_extraction", "extract_with_metadata"):
        assert getattr(trafilatura, name)(content) is None
        assert getattr(compat, name)(content) is None
    assert compat.extract(content, prune_xpath="//p", url=ADDRESS) is None


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        PAGE.encode(),
        gzip.compress(PAGE.encode()),
        lxml.html.fromstring(PAGE),
        SimpleNamespace(data=PAGE.encode(), url=ADDRESS),
    ],
    ids=lambda content: type(content).__name__,
)
def test_whatever_trafilatura_takes(content: Any) -> None:
    for module in (trafilatura, compat):
        assert SENTENCE in (module.extract(content) or "")
        assert SENTENCE not in (module.extract(content, prune_xpath="//p[1]") or "")
        assert SENTENCE not in (module.extract(content, prune_xpath=["//h1", "//p"]) or "")
        assert SENTENCE in (module.extract(content) or ""), "the tree of the caller was changed"


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ({"only_with_metadata": True}, False),
        ({"only_with_metadata": True, "url": "https://paper.example/a"}, False),
        ({"url": "https://paper.example/a", "url_blacklist": {"https://paper.example/a"}}, False),
        ({"url": "https://paper.example/a", "url_blacklist": {"https://paper.example/b"}}, True),
        ({"target_language": "en"}, True),
        ({"target_language": "de"}, False),
        ({"author_blacklist": {"dana whitcomb"}}, True),
        ({"favor_precision": True, "favor_recall": True, "config": use_config()}, True),
    ],
    ids=named,
)
def test_what_is_filtered(arguments: dict[str, Any], kept: bool) -> None:
    metas = {"property": {"og:locale": "en_GB"}, "name": {"author": "Dana Whitcomb"}}
    named = "<html lang=en><head>" + "".join(
        f'<meta {kind}="{name}" content="{value}">' for kind, said in metas.items() for name, value in said.items()
    )
    for module in (trafilatura, compat):
        text = module.extract(PAGE.replace("<html lang=en>", named), **arguments)
        assert (text is not None) == kept, module.__name__
        assert ("Dana Whitcomb" in (text or "")) == bool(kept and "url_blacklist" in arguments), module.__name__
    assert compat.extract(NEWS, only_with_metadata=True) == compat.extract(NEWS, with_metadata=True)


def test_the_language_of_the_text_where_it_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", SimpleNamespace(classify=lambda text: ("fr", len(text))))
    assert compat.extract(PAGE, target_language="en") is None
    record = compat.bare_extraction(PAGE, target_language="fr")
    assert isinstance(record, Record)
    assert record.language == "fr"


RICH = f"""<html><body><article><h1>The library opens</h1><p>{SENTENCE} It is <a href="/b">as <b>before</b></a>.</p>
<table><tr><th>Branch<th>Hours<tr><td>Main Street<td>nine to five</table><p>{SENTENCE[:60]}</p>
<figure><img src="/c.jpg" alt="The door"><figcaption>The door of the library.</figcaption></figure><p>{SENTENCE}
</article><div class="comments" id="comments"><h2>1 comment</h2><div class="comment"><p>Good to hear it, at last.</p>
</div></div></body></html>"""


@pytest.mark.parametrize("module", [trafilatura, compat], ids=["trafilatura", "compat"])
@pytest.mark.parametrize(
    ("arguments", "has", "lacks"),
    [
        ({}, ["Main Street", "as before"], ["**", "](", "#", "The door"]),
        ({"include_tables": False}, [SENTENCE], ["Main Street"]),
        ({"output_format": "markdown"}, ["Main Street", "**before**", "Good to hear"], ["](", "<", "The door"]),
        ({"output_format": "txt", "include_formatting": True}, ["**before**"], ["]("]),
        ({"output_format": "markdown", "include_formatting": False}, ["as before"], ["**"]),
        ({"output_format": "markdown", "include_links": True}, ["](https://paper.example/b)"], ["c.jpg"]),
        ({"output_format": "markdown", "include_images": True}, ["![The door](", "c.jpg)"], ["/b)"]),
        ({"output_format": "html"}, ["<html>", "<td>Main Street</td>"], ["<a", "<img", "Good to hear"]),
        ({"output_format": "html", "include_links": True, "include_images": True}, ["<a href=", "<img"], []),
        ({"output_format": "html", "with_metadata": True}, ["<head>", '<meta name="title" content="The library'], []),
        ({"output_format": "json"}, ['"text": "', '"comments": "'], ["title"]),
        ({"include_comments": False}, [SENTENCE], ["Good to hear"]),
        ({"with_metadata": True}, ["---\ntitle: The library opens\n", "hostname: paper.example\n", "\n---\n"], []),
        ({"fast": True}, [SENTENCE], []),
    ],
    ids=named,
)
def test_what_is_in_the_views(module: Any, arguments: dict[str, Any], has: list[str], lacks: list[str]) -> None:
    text = module.extract(RICH, url="https://paper.example/a", **arguments)
    assert [part for part in has if part not in text] == []
    assert [part for part in lacks if part in text] == []


def test_the_header_is_yaml_whatever_the_page_says() -> None:
    titles = ["Yes", "- a: b", 'It\'s "so": 5 # of them', "12", "[x", "a:", "Ferry, again"]
    for title in titles:
        page = PAGE.replace("The library opens", title)
        header = (compat.extract(page, with_metadata=True) or "").split("---\n")[1]
        said = header.partition("title: ")[2].partition("\n")[0]
        assert said == title or json.loads(said) == title
        assert (said == title) == (title == "Ferry, again")


def setting(name: str, value: str) -> ConfigParser:
    config = use_config()
    config.set("DEFAULT", name, value)
    return config


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"output_format": "xml"}, "txt, markdown, json, html"),
        ({"output_format": "xmltei", "tei_validation": True}, "tei_validation"),
        ({"output_format": "csv"}, "csv"),
        ({"output_format": "python"}, "python"),
        ({"deduplicate": True}, "deduplicate"),
        ({"date_extraction_params": {"original_date": False}}, "date_extraction_params"),
        ({"max_tree_size": 100}, "max_tree_size"),
        ({"options": Extractor()}, "options"),
        ({"config": setting("MIN_OUTPUT_SIZE", "500")}, "MIN_OUTPUT_SIZE"),
        ({"include_links": True}, "markdown"),
        ({"include_images": True, "output_format": "json"}, "markdown"),
    ],
    ids=named,
)
def test_what_is_not_supported_is_said(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(compat.Unsupported, match=said):
        compat.extract(PAGE, **arguments)


def test_settings_that_do_not_concern_extraction_are_taken(tmp_path: Path) -> None:
    assert compat.extract(PAGE, config=setting("EXTRACTION_TIMEOUT", "0")) == compat.extract(PAGE)
    file = tmp_path / "settings.cfg"
    file.write_text("[DEFAULT]\nSLEEP_TIME = 1\n")
    assert compat.extract(PAGE, settingsfile=str(file)) == compat.extract(PAGE)
    file.write_text("[DEFAULT]\nMIN_EXTRACTED_SIZE = 1\n")
    with pytest.raises(compat.Unsupported, match="MIN_EXTRACTED_SIZE"):
        compat.extract(PAGE, settingsfile=str(file))


def test_what_trafilatura_deprecates() -> None:
    with pytest.warns(DeprecationWarning, match="fast") as warned:
        assert compat.extract(PAGE, no_fallback=True) == compat.extract(PAGE, fast=True)
    assert warned[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="as_dict"):
        assert isinstance(compat.bare_extraction(PAGE, as_dict=True), dict)


@pytest.mark.parametrize("name", ["fetch_url", "fetch_response", "baseline", "html2txt", "load_html"])
def test_what_stays_with_trafilatura_is_said(name: str) -> None:
    with pytest.raises(ImportError, match=name + " is not in cleaner.compat.trafilatura: "):
        getattr(compat, name)
    with pytest.raises(AttributeError):
        compat.no_such_name  # noqa: B018


def test_all_that_trafilatura_offers_is_here_or_named() -> None:
    assert set(trafilatura.__all__) <= {*compat.__all__, *compat._ELSEWHERE}


def test_the_examples_of_the_page_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs/integrations/trafilatura.md"), module_relative=False)
    assert tried
    assert not failed

"""Every kind of saved page opens, through the public names and through the command line: samples/formats."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import cleaner

FORMATS = Path(__file__).parent.parent.parent / "samples" / "formats"
SAMPLES: list[dict[str, Any]] = tomllib.loads((FORMATS / "formats.toml").read_text("utf-8"))["sample"]
IN_PAGE = ("canonical", "og:url")
"""Where the address stands in the page itself: the document has it, the loaded page does not."""
FIELDS = {"jsonl/other-names.jsonl": {"url_field": "address", "html_field": "body"}}

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["file"])


def opened(sample: dict[str, Any]) -> tuple[list[cleaner.Page], list[cleaner.Page], Any]:
    pages = cleaner.load(FORMATS / sample["file"], **FIELDS.get(sample["file"], {}))
    found = list(pages)
    return [page for page in found if not page.error], [page for page in found if page.error], pages


def moment(text: str | None) -> datetime | None:
    """To the second: formats and the list of samples differ in what they say beyond."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found.replace(microsecond=0, tzinfo=found.tzinfo or UTC)


@each_sample
def test_the_pages_come_out(sample: dict[str, Any]) -> None:
    pages, broken, _ = opened(sample)
    wanted = sample["pages"]
    assert len(pages) == len(wanted)
    assert len(broken) == sample["errors"] + len(sample.get("links", ()))
    for page, said in zip(pages, wanted, strict=True):
        doc = cleaner.clean(page)
        assert said["starts"] in " ".join(doc.text.split())
        # In Markdown the box is a quotation, and what is quoted belongs to the article.
        assert page.format == "markdown" or "newsletter" not in doc.text.lower()
        if "url" in said:
            assert (doc.url if sample.get("url_from") in IN_PAGE else page.url) == said["url"]
        if "address" in said:
            assert (page.url or "").partition("://")[2] == said["address"]
        if (saved := said.get("saved") or said.get("sent")) is not None:
            assert moment(page.saved) == moment(saved)
        if "name" in said and "/" in said["name"]:
            assert page.name == said["name"] or page.format in ("maff", "singlefile")


@each_sample
def test_what_is_left_out_is_counted(sample: dict[str, Any]) -> None:
    _, _, pages = opened(sample)
    counted: Counter[str] = Counter()
    for what, count in pages.skipped.items():
        kinds = {"not listed as a page": "not_listed", "the crawler's own": "resource"}
        name = "status" if what.startswith("status ") else "type" if "/" in what else kinds.get(what, what)
        counted[name] += count
    for name in ("file of another kind", "front matter"):
        del counted[name]
    assert counted == sample["skipped"]


@each_sample
def test_the_command_line_opens_it(sample: dict[str, Any], tmp_path: Path) -> None:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in FIELDS.get(sample["file"], {}).items()]
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "cleaner",
            "clean",
            FORMATS / sample["file"],
            "-f",
            "json",
            "-o",
            f"{tmp_path}/",
            *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    is_list = bool(sample.get("links"))
    assert run.returncode == (1 if sample["errors"] or is_list else 0), run.stderr
    assert not is_list or "--fetch" in run.stderr
    texts = [" ".join(json.loads(path.read_text("utf-8"))["text"].split()) for path in tmp_path.rglob("*.json")]
    for said in sample["pages"]:
        assert any(said["starts"] in text for text in texts)


@each_sample
def test_a_list_gives_its_addresses(sample: dict[str, Any]) -> None:
    _, listed, _ = opened(sample)
    links = sample.get("links", ())
    for page, link in zip(listed, links, strict=False):
        assert page.url == page.name == link["url"]
        assert moment(page.saved) == moment(link["saved"])


def test_the_files_beside_a_page_stay_where_they_are() -> None:
    (page,) = cleaner.load(FORMATS / "complete/chrome/harbour-bridge.html")
    assert "](harbour-bridge_files/bridge.jpg)" in cleaner.clean(page).markdown


def test_what_was_saved_as_data_stays_out_of_the_text() -> None:
    (page,) = cleaner.load(FORMATS / "singlefile/harbour-bridge.html")
    assert b"data:image" in page.content  # type: ignore[operator]
    doc = cleaner.clean(page)
    assert "data:" not in doc.markdown + doc.html + doc.text

"""The steps in real pipelines of datatrove: crawl in, articles out, with as many processes as it likes."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.writers import JsonlWriter

import cleaner
from cleaner.integrations.datatrove import CleanerExtractor, CleanerFormatter
from tests.conftest import ROOT, SAMPLES

NAMES = ("wordpress-local-news", "de-tageszeitung", "shopify-product", "locked-page", "ru-izdanie", "discourse-thread")
SHORT = "<html><body><p>After nine dark winters the old {} of the town is open for everybody again.</p></body></html>"
SPAWNED = """
import multiprocessing
from datatrove.data import Document
from cleaner.integrations.datatrove import CleanerExtractor
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    (row,) = CleanerExtractor(timeout=60).run([Document("<h1>A</h1><p>The ferry to the island is back.", "1")])
    print(row.text)
"""


def address(name: str) -> str:
    return f"https://paper.example/{name}"


def page_of(name: str) -> bytes:
    return (SAMPLES / name / "page.html").read_bytes()


def crawl(names: tuple[str, ...]) -> bytes:
    """A WARC file of samples, a gzip member for each record."""
    records = []
    for name in names:
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_of(name)
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:test:{name}>\r\n"
            f"WARC-Date: 2026-11-24T12:00:00Z\r\nWARC-Target-URI: {address(name)}\r\n"
            f"WARC-Identified-Payload-Type: text/html\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    return b"".join(records)


def rows(folder: Path) -> list[dict[str, Any]]:
    """All rows that a pipeline wrote, in the order of their addresses."""
    texts = [gzip.decompress(path.read_bytes()).decode() for path in folder.iterdir()]
    found = [json.loads(line) for text in texts for line in text.splitlines()]
    return sorted(found, key=lambda row: str(row.get("metadata", {}).get("url", row["id"])))


def extracted(step: PipelineStep, folder: Path) -> list[dict[str, Any]]:
    """What a step makes of a crawl of two files, in two processes."""
    (folder / "crawl").mkdir()
    for i in range(2):
        (folder / f"crawl/{i}.warc.gz").write_bytes(crawl(NAMES[i::2]))
    LocalPipelineExecutor(
        [WarcReader(str(folder / "crawl")), step, JsonlWriter(str(folder / "out"))],
        tasks=2,
        logging_dir=str(folder / "logs"),
    ).run()
    assert len(list((folder / "out").iterdir())) == 2
    return rows(folder / "out")


def snippet(number: int) -> str:
    page = (ROOT / "docs/integrations/datatrove.md").read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)[number]


def run_script(code: str, folder: Path) -> str:
    (folder / "script.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_crawl_comes_out_as_cleaner_cleans_it(tmp_path: Path) -> None:
    found = extracted(CleanerExtractor(), tmp_path)
    assert [row["metadata"]["url"] for row in found] == sorted(map(address, NAMES))
    for row in found:
        name = row["metadata"]["url"].rpartition("/")[2]
        doc = cleaner.clean(page_of(name), address(name))
        assert row["text"] == doc.text
        said = {key: row["metadata"][key] for key in ("page_type", "access", "asks", "date")}
        assert said == {
            "page_type": doc.page_type,
            "access": doc.access,
            "asks": len(doc.asks),
            "date": "2026-11-24T12:00:00Z",
        }
        assert row["metadata"]["title"] in {block.text for block in doc if block.label == "title"}
    log = json.loads((tmp_path / "logs/executor.json").read_text())
    assert log["pipeline"][1]["keep"] == []
    stats = json.loads((tmp_path / "logs/stats.json").read_text())
    assert stats[1]["stats"]["forwarded"] == len(NAMES)


def test_it_stands_where_trafilatura_stood(tmp_path: Path) -> None:
    found = extracted(Trafilatura(), tmp_path)
    assert [row["metadata"]["url"] for row in found] == sorted(map(address, NAMES))
    assert all(row["text"] for row in found)
    html = page_of(NAMES[0]).decode()
    assert isinstance(CleanerExtractor().extract(html), str)
    assert CleanerExtractor().extract(html) == cleaner.clean(html).text
    assert CleanerExtractor().timeout == Trafilatura().timeout


def test_the_first_example(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    # Not encodings.warc.gz: warcio stumbles over its Brotli.
    for name in ("wget", "records"):
        content = (SAMPLES / f"formats/warc/{name}.warc.gz").read_bytes()
        (tmp_path / f"crawl/{name}.warc.gz").write_bytes(content)
    run_script(snippet(0), tmp_path)
    titles = [row["metadata"]["title"] for row in rows(tmp_path / "articles")]
    assert "Die Fähre fährt wieder über den Fluss" in titles
    assert "New lamps for the slipway" in titles


def test_the_second_example(tmp_path: Path) -> None:
    texts = {name: (SAMPLES / name / "page.txt").read_text("utf-8") for name in ("wire-story-letter-text",)}
    texts["ask"] = "Sign up for our newsletter"
    (tmp_path / "extracted").mkdir()
    lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    (tmp_path / "extracted/0.jsonl").write_text("\n".join(lines), "utf-8")
    run_script(snippet(1), tmp_path)
    (row,) = rows(tmp_path / "cleaned")
    assert row["id"] == "wire-story-letter-text"
    assert row["text"] == (SAMPLES / row["id"] / "article.txt").read_text("utf-8").rstrip("\n")


def test_the_formatter_keeps_what_it_is_told_to() -> None:
    text = (SAMPLES / "wire-story-letter-text/page.txt").read_text("utf-8")
    for options in ({}, {"keep": ["title"]}, {"drop": "body"}, {"model": False}):
        formatter = pickle.loads(pickle.dumps(CleanerFormatter(**options)))
        (row,) = formatter.run([Document(text, "1")])
        assert row.text == cleaner.Cleaner(**options).clean_text(text).text


def extract(step: CleanerExtractor, *rows: Document) -> list[Document]:
    """The step as a worker gets it, run over documents in this process and the one beside it."""
    return list(pickle.loads(pickle.dumps(step)).run(iter(rows)))


def test_other_views_and_more_metadata() -> None:
    html = page_of(NAMES[0]).decode()
    options: dict[str, Any] = {"keep": {"caption"}, "drop": ["title"]}
    step = CleanerExtractor(**options, output_format="markdown", metadata=True, timeout=20)
    there = {"url": address("x"), "title": "as the crawl has it", "language": "und"}
    known, unknown = extract(step, Document(html, "1", metadata=dict(there)), Document(SHORT.format("ferry"), "2"))
    doc = cleaner.clean(html, address("x"), **options)
    assert type(known.text) is str
    assert known.text == doc.markdown
    more = {"authors": "Dana Whitcomb", "published": "2024-05-21", "site_name": "Millrace Beacon"}
    assert known.metadata == {"page_type": "article", "access": "full", "asks": len(doc.asks), **more, **there}
    assert {key for key, value in unknown.metadata.items() if value == ""} == {*more, "title", "language"}
    (row,) = extract(CleanerExtractor(output_format="html", model=False), Document(html, "1"))
    assert row.text == cleaner.Cleaner(model=False).clean(html).html


class Unruly(CleanerExtractor):
    """Hangs and dies on some pages, as a parser may."""

    def extract(self, text: str, url: str | None = None) -> Any:
        if text == "hang":
            time.sleep(60)
        if text == "die":
            os._exit(1)
        return super().extract(text, url)


def test_pages_that_hang_or_kill_are_left_out(tmp_path: Path) -> None:
    ferry, bridge, market = (SHORT.format(name) for name in ("ferry", "bridge", "market"))
    contents = [ferry, "hang", bridge, "die", "<nav>Menu</nav>", market]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/0.jsonl").write_text("\n".join(json.dumps({"text": content}) for content in contents))
    step = Unruly(timeout=1)
    texts = [row.text for row in step.run(JsonlReader(str(tmp_path / "in")).run())]
    assert texts == [cleaner.clean(page).text for page in (ferry, bridge, market)]
    counts = {name: count.total for name, count in step.stats.stats.items()}
    assert (counts["total"], counts["timeout"], counts["broken_process"], counts["dropped"]) == (6, 1, 1, 1)


def test_where_python_starts_processes_anew(tmp_path: Path) -> None:
    assert run_script(SPAWNED, tmp_path) == "The ferry to the island is back.\n"


def test_options_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="the labels are"):
        CleanerExtractor(keep=["advert"])
    with pytest.raises(ValueError, match="text, markdown, html"):
        CleanerExtractor(output_format="pdf")  # type: ignore[arg-type]
    with pytest.raises(OSError, match=r"no\.onnx"):
        CleanerFormatter(model=Path("no.onnx"))

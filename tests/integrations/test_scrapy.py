"""Scrapy: real crawls of a site on the loopback interface, and what one response gives."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse, JsonResponse, Response, XmlResponse
from scrapy.settings import Settings

from cleaner import Cleaner, Document
from cleaner.integrations.scrapy import FIELDS, CleanerPipeline, clean_response
from tests.conftest import ROOT, SAMPLES, read_sample
from tests.integrations.crawl import Card, Note, Story
from tests.load.local_site import Site, reply

CRAWL = Path(__file__).with_name("crawl.py")
STORY = read_sample(SAMPLES / "wordpress-local-news")
TEASER = read_sample(SAMPLES / "arc-metered-teaser")
MOVED = read_sample(SAMPLES / "de-tageszeitung")
PACKED = read_sample(SAMPLES / "nl-krant")
RUSSIAN = tomllib.loads((SAMPLES / "encodings/pages.toml").read_text("utf-8"))["windows-1251-ru"]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
SENTENCE = "The council voted on Monday to open the library on Sundays again, for the first time since 2020."
CARD = '<div class="card"><h3><a href="#{0}">A goat was elected mayor of Lower Wick, ward {0}</a></h3></div>'
LINKS = ("story", "teaser", "russian", "moved", "gone", "picture", "report", "packed", "tag/goats", "empty")
ARTICLES = {"/story": STORY, "/teaser": TEASER, "/hallenbad": MOVED, "/packed": PACKED}
EMPTY = {"/picture": "is a PNG image", "/report": "is a PDF", "/empty": "is empty"}
ASYNCIO = {"TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor"}
SELECT = {"TWISTED_REACTOR": "twisted.internet.selectreactor.SelectReactor"}


def russian() -> bytes:
    """A page whose encoding only the header tells."""
    body = "".join(f"<p>{text}</p>" for text in RUSSIAN["article"])
    html = f"<html><body><article><h1>{RUSSIAN['headline']}</h1>{body}</article></body></html>"
    return html.encode("windows-1251")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Several crawls knock at once; who is turned away waits for seconds.
    request_queue_size = 128


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answers.get(self.path, reply(b"<h1>Not here</h1>", status=404))(self)

        def log_message(self, *args: object) -> None: ...

    links = "".join(f'<li><a href="/{link}">{link}</a></li>' for link in LINKS)
    with Server(("127.0.0.1", 0), Handler) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        site.put("/", f"<html><body><ul>{links}</ul></body></html>".encode())
        site.put("/story", STORY.page.read_bytes())
        site.put("/teaser", TEASER.page.read_bytes())
        site.put("/russian", russian(), "text/html; charset=windows-1251")
        site.put("/moved", b"", status=301, Location="/hallenbad")
        site.put("/hallenbad", MOVED.page.read_bytes(), "text/html; charset=utf-8")
        site.put("/picture", PNG, "image/png")
        # A server that lies.
        site.put("/report", PDF, "text/html")
        site.put("/packed", gzip.compress(PACKED.page.read_bytes()), Content_Encoding="gzip")
        site.put("/tag/goats", "".join(map(CARD.format, range(30))).encode())
        site.put("/empty", b"")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield site
        server.shutdown()


def run(*command: str, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """What the Python program gave, away from any proxy."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, *command],
        input=stdin,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def crawl(site: Site, settings: dict[str, Any], **crawls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """What came of each crawl: the items that are made, and the settings."""
    told = {"address": site.address, "settings": settings, "crawls": crawls}
    done = run(str(CRAWL), stdin=json.dumps(told))
    assert "Logging error" not in done.stderr
    assert "Deprecat" not in done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture(scope="module")
def crawls(site: Site) -> dict[str, Any]:
    return crawl(
        site,
        ASYNCIO,
        dicts=("dict", {}),
        loop=("dict", {"CLEANER_THREADS": 0, "CLEANER_ONLY": "article,full"}),
        dataclasses=("dataclass", {"CLEANER_THREADS": 1}),
        attrs=("attrs", {"CLEANER_THREADS": 4}),
        items=("item", {"CLEANER_KEEP": ["newsletter"], "CLEANER_MODEL": False, "CLEANER_FIELDS": "text, page_type"}),
        html=(
            "html",
            {"CLEANER_SOURCE": "html", "CLEANER_FIELDS": {"html": "markdown", "kind": "page_type", "said": "warnings"}},
        ),
    )


def test_a_crawl_gives_the_articles_without_their_asks(crawls: dict[str, Any], site: Site) -> None:
    items = crawls["dicts"]["items"]
    for path, sample in ARTICLES.items():
        item = items[path]
        assert item["text"] + "\n" == sample.article
        for asks in sample.about["asks"].values():
            assert not [ask for ask in asks if ask in item["text"].splitlines()]
        said = {"title", "date", "authors", "language", "page_type", "access"}
        assert {name: item[name] for name in said} == {name: sample.about[name] for name in said}
        assert item["url"] == site.address + path


def test_a_crawl_fills_all_fields_and_takes_the_response_out(crawls: dict[str, Any]) -> None:
    items = crawls["dicts"]["items"]
    assert set(items) == {*ARTICLES, *EMPTY, "/", "/russian", "/tag/goats"}
    assert all(set(item) == {"type", *FIELDS} for path, item in items.items() if path != "/")
    assert items["/"] == {"type": "dict", "said": "There is no page in this."}


def test_the_header_alone_tells_an_encoding(crawls: dict[str, Any]) -> None:
    for name in ("dicts", "loop", "dataclasses", "attrs"):
        assert crawls[name]["items"]["/russian"]["text"] == "\n\n".join(RUSSIAN["article"])


def test_what_is_no_page_gives_an_empty_item(crawls: dict[str, Any]) -> None:
    for path, reason in EMPTY.items():
        item = crawls["dicts"]["items"][path]
        assert (item["text"], item["title"], item["page_type"], item["access"]) == ("", None, "other", "empty")
        assert any(reason in warning for warning in crawls["html"]["items"][path]["said"])


def test_the_stats_of_a_crawl(crawls: dict[str, Any]) -> None:
    stats = crawls["dicts"]["stats"]
    told = {key.removeprefix("cleaner/"): value for key, value in stats.items() if key.startswith("cleaner/")}
    assert 0 < told.pop("seconds") < 60
    labels = [ask.label for sample in ARTICLES.values() for ask in Cleaner().clean(sample.page.read_bytes()).asks]
    assert told == {
        "pages": 6,
        "page_type/article": 5,
        "page_type/listing": 1,
        "access/full": 5,
        "access/teaser": 1,
        "errors": 4,
        **{f"asks/{label}": labels.count(label) for label in labels},
    }
    assert {"newsletter", "donation", "paywall"} == set(labels)
    assert stats["finish_reason"] == "finished"


def test_a_mistake_in_the_spider_stops_nothing(crawls: dict[str, Any]) -> None:
    for name in ("dicts", "loop", "dataclasses", "attrs", "items"):
        assert crawls[name]["failed"] == ["a page is a response, bytes or str, not int"]
        assert crawls[name]["stats"]["item_scraped_count"] + len(crawls[name]["dropped"]) == len(LINKS)


def test_unwanted_items_are_dropped_with_a_reason(crawls: dict[str, Any], site: Site) -> None:
    loop = crawls["loop"]
    assert loop["dropped"] == {
        "/teaser": f"{site.address}/teaser: access teaser, not full",
        "/tag/goats": f"{site.address}/tag/goats: page type listing, not article",
        **{path: f"{site.address}{path}: page type other, not article" for path in EMPTY},
    }
    assert loop["stats"]["cleaner/dropped"] == loop["stats"]["item_dropped_count"] == 5
    assert loop["items"] == {path: item for path, item in crawls["dicts"]["items"].items() if path in loop["items"]}


def test_items_of_every_kind(crawls: dict[str, Any]) -> None:
    story = crawls["dataclasses"]["items"]["/story"]
    assert story == {
        "type": "Story",
        "response": None,
        "title": "The spider's own",
        "text": STORY.article.removesuffix("\n"),
        "authors": ["Dana Whitcomb"],
    }
    note = crawls["attrs"]["items"]["/teaser"]
    assert note == {
        "type": "Note",
        "response": None,
        "text": TEASER.article.removesuffix("\n"),
        "access": "teaser",
    }
    card = crawls["items"]["items"]["/story"]
    assert set(card) == {"type", "text", "page_type"}
    assert "Stay in the loop with the Monday Beacon" in card["text"], "the setting keeps newsletters"
    made = crawls["html"]["items"]["/story"]
    assert set(made) == {"type", "html", "url", "kind", "said"}
    assert made["html"].startswith("# Library board restores Sunday hours")
    assert "](http://127.0.0.1" not in made["html"]


def test_a_crawl_without_asyncio(site: Site) -> None:
    found = crawl(site, SELECT, beside=("dict", {}), inside=("dict", {"CLEANER_THREADS": 0}))
    for result in found.values():
        assert len(result["items"]) == len(LINKS)
        assert result["items"]["/story"]["text"] + "\n" == STORY.article
    assert found["beside"]["items"] == found["inside"]["items"]


def test_the_spiders_of_the_docs(site: Site, tmp_path: Path) -> None:
    text = (ROOT / "docs/integrations/scrapy.md").read_text("utf-8")
    spiders = [code for code in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S) if "scrapy.Spider" in code]
    made = []
    for number, code in enumerate(spiders):
        (tmp_path / f"spider{number}.py").write_text(code.replace("https://paper.example", site.address))
        done = run("-m", "scrapy", "runspider", f"spider{number}.py", "-O", f"{number}.jsonl", cwd=tmp_path)
        assert "ERROR" not in done.stderr
        made.append([json.loads(line) for line in (tmp_path / f"{number}.jsonl").read_text("utf-8").splitlines()])
    assert len(made) == 2
    assert {item["url"].removeprefix(site.address) for item in made[0]} == {*ARTICLES, "/russian"}
    line = json.loads(re.findall(r"^```json\n(.*?)^```", text, re.M | re.S)[0])
    story = next(item for item in made[0] if item["url"].endswith("/story"))
    assert list(line) == list(story)
    assert {**line, "text": "", "url": ""} == {**story, "text": "", "url": ""}


def header(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type}


def test_a_response_is_cleaned_with_the_options_of_a_cleaner() -> None:
    response = HtmlResponse(STORY.about["url"], body=STORY.page.read_bytes())
    assert clean_response(response) == Cleaner().clean(response.body, response.url)
    kept = clean_response(response, Cleaner(keep={"caption"}))
    assert "(Photo by Luis Ortega for the Beacon)" in kept.text


@pytest.mark.parametrize(
    ("declared", "charset", "encoding"),
    [
        ("text/html; charset=windows-1251", "", "windows-1251"),
        ('Text/HTML;Charset="CP1251"', "", "windows-1251"),
        ("text/html; charset=koi8-r", '<meta charset="windows-1251">', "koi8-r"),
        ("text/html; charset=windows-1251", "", "utf-8"),
        ("text/html", '<meta charset="koi8-r">', "koi8-r"),
        ("text/html; charset=", "", "windows-1251"),
        ("text/html; charset=b\xf6gus", "", "utf-8"),
        ("html; charset=utf-8", "", "utf-8"),
    ],
)
def test_encodings(declared: str, charset: str, encoding: str) -> None:
    # Of KOI8-R, which has no such marks.
    texts = [re.sub("[«»—]", "-", text) for text in RUSSIAN["article"]]
    html = f"<html><head>{charset}</head><body><p>{'</p><p>'.join(texts)}</p></body></html>"
    response = HtmlResponse("https://wick.example/", headers=header(declared), body=html.encode(encoding))
    assert clean_response(response).text == "\n\n".join(texts)


def test_an_encoding_that_the_bytes_do_not_tell() -> None:
    text = "Most bude do května zavřený, oznámilo ve čtvrtek město. Objížďka vede přes Dolní Lhotu."
    html = f"<p>{text}</p>".encode("iso-8859-2")
    said = Response("https://wick.example/", headers=header("text/html; charset=iso-8859-2"), body=html)
    unsaid = Response("https://wick.example/", headers=header("text/html"), body=html)
    assert [block.text for block in clean_response(said)] == [text]
    assert [block.text for block in clean_response(unsaid)] != [text]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response("https://a.example/a", headers=header("image/png"), body=PNG), "is image/png"),
        (
            Response("https://a.example/a", headers=header("application/json"), body=b'{"a": "<p>b"}'),
            "is application/json",
        ),
        (JsonResponse("https://a.example/a", headers=header("text/javascript"), body=b"go()"), "is text/javascript"),
        (HtmlResponse("https://a.example/a", headers=header("application/pdf"), body=PDF), "is a PDF"),
        (Response("https://a.example/a", body=PNG), "is a PNG image"),
        (Response("https://a.example/a", body=gzip.compress(b"<p>a")), "is gzip data"),
        (Response("https://a.example/a", status=204), "is empty"),
    ],
)
def test_a_response_that_is_no_page_gives_an_empty_document(response: Response, reason: str) -> None:
    doc = clean_response(response)
    assert (doc.text, doc.url, doc.access) == ("", "https://a.example/a", "empty")
    assert any(reason in warning for warning in doc.warnings)


@pytest.mark.parametrize(
    "response",
    [
        HtmlResponse("https://a.example/a", headers=header("application/octet-stream"), body=f"<p>{SENTENCE}".encode()),
        XmlResponse("https://a.example/a", headers=header("application/xhtml+xml"), body=f"<p>{SENTENCE}</p>".encode()),
        Response("https://a.example/a", headers=header("text/plain"), body=SENTENCE.encode()),
        Response("https://a.example/a", body=SENTENCE.encode()),
    ],
)
def test_other_responses_that_are_pages(response: Response) -> None:
    assert clean_response(response).text == SENTENCE


@given(st.binary(), st.none() | st.binary().filter(lambda value: b"\n" not in value and b"\r" not in value))
def test_never_raises(body: bytes, declared: bytes | None) -> None:
    response = Response("https://a.example/", body=body, headers={"Content-Type": declared} if declared else None)
    assert isinstance(clean_response(response), Document)


def processed(item: Any, **settings: Any) -> Any:
    """The item as the pipeline gives it."""
    pipeline = CleanerPipeline(Settings({f"CLEANER_{name}": value for name, value in settings.items()}))
    try:
        return asyncio.run(pipeline.process_item(item))
    finally:
        pipeline.close_spider()


def story() -> HtmlResponse:
    return HtmlResponse(STORY.about["url"], body=STORY.page.read_bytes())


@pytest.mark.parametrize("item", [{}, {"text": "a"}, {"response": None}, Story(None), Note(None, "a"), Card(text="a")])
def test_items_without_a_page_pass(item: Any) -> None:
    before = ItemAdapter(item).asdict()
    assert processed(item) is item
    assert ItemAdapter(item).asdict() == before


def test_what_is_filled_in() -> None:
    response = story()
    assert processed({"response": response, "title": "", "date": "once"}, FIELDS=["title", "date"]) == {
        "title": STORY.about["title"],
        "date": "once",
    }
    assert processed({"response": response}, FIELDS={"a": "title"}, KEEP_SOURCE=True) == {
        "response": response,
        "a": STORY.about["title"],
    }
    everything = processed({"response": response}, FIELDS=["asks", "blocks", "html", "warnings"])
    document = clean_response(response)
    record = document.to_dict()
    assert everything == {name: record[name] for name in ("asks", "blocks", "warnings")} | {"html": document.html}
    assert json.loads(json.dumps(everything)) == everything


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("encode", [str, str.encode])
def test_a_field_of_html_becomes_its_text(encode: Any, kept: bool) -> None:
    item = {
        "text": encode("<p>" + SENTENCE.replace("library", "<a href='/library'>library</a>")),
        "url": "https://wick.example/news",
    }
    done = processed(item, SOURCE="text", KEEP_SOURCE=kept, FIELDS="text,markdown,url")
    assert done == {
        "text": SENTENCE,
        "markdown": SENTENCE.replace("library", "[library](https://wick.example/library)"),
        "url": "https://wick.example/news",
    }


@pytest.mark.parametrize(
    ("only", "dropped"),
    [
        ("", False),
        ("article", False),
        ("full", False),
        ("article,listing, full", False),
        ("teaser", True),
        ("forum", True),
    ],
)
def test_which_items_go_on(only: str, dropped: bool) -> None:
    item = {"response": story()}
    if not dropped:
        assert processed(item, ONLY=only)["title"] == STORY.about["title"]
        return
    with pytest.raises(DropItem, match=f"{STORY.about['url']}: .* not {only}"):
        processed(item, ONLY=only)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"FIELDS": ["titel"]}, "CLEANER_FIELDS: titel not among .*title"),
        ({"FIELDS": {"title": "titel"}}, "CLEANER_FIELDS: titel not among .*title"),
        ({"ONLY": ["full", "story"]}, "CLEANER_ONLY: story not among article"),
        ({"KEEP": "captions"}, "captions.*the labels are"),
        ({"MODEL": "no/such/model.onnx"}, "no/such/model"),
        ({"THREADS": -1}, "CLEANER_THREADS"),
        ({"THREADS": "many"}, "many"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises((ValueError, OSError), match=reason):
        processed({}, **settings)


class Slow(Cleaner):
    """Cleans a page when the event loop has gone on."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = threading.Event()
        self.thread = ""

    def clean(self, page: Any, url: str | None = None) -> Document:
        self.thread = threading.current_thread().name
        assert self.goes_on.wait(10)
        return super().clean(page, url)


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_the_event_loop_goes_on(threads: int) -> None:
    pipeline = CleanerPipeline(Settings({"CLEANER_THREADS": threads}))
    pipeline.cleaner = slow = Slow()

    async def both() -> dict[str, Any]:
        if not threads:
            slow.goes_on.set()
        asyncio.get_running_loop().call_later(0.01, slow.goes_on.set)
        item: dict[str, Any] = await pipeline.process_item({"response": story()})
        return item

    assert asyncio.run(both())["title"] == STORY.about["title"]
    pipeline.close_spider()
    assert slow.thread.startswith("cleaner_" if threads else "MainThread")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("cleaner_")]


def test_many_items_at_once() -> None:
    pipeline = CleanerPipeline(Settings({"CLEANER_THREADS": 4}))
    samples = list(ARTICLES.values()) * 5

    async def everything() -> list[dict[str, str]]:
        responses = [HtmlResponse("https://a.example/", body=sample.page.read_bytes()) for sample in samples]
        return await asyncio.gather(*[pipeline.process_item({"response": response}) for response in responses])

    assert [item["text"] + "\n" for item in asyncio.run(everything())] == [sample.article for sample in samples]
    pipeline.close_spider()

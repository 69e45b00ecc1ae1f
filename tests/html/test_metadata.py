"""What a page says of its article."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from cleaner.document import Metadata
from cleaner.html.metadata import read

URL = "https://harbourpost.example/2026/lamp"


def page(head: str = "", body: str = "<h1>x</h1>", attributes: str = "") -> bytes:
    return f"<html {attributes}><head>{head}</head><body>{body}<p>Some words of an article.</p></body></html>".encode()


def json_ld(**fields: Any) -> str:
    record = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


def meta(**fields: str) -> str:
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{value}">' for name, value in fields.items())


def test_a_page_that_says_everything() -> None:
    head = meta(
        og_title="The lamp is lit | The Harbour Post",
        og_site_name="The Harbour Post",
        og_description="Nine dark winters are&#xa0;over.",
        og_image="/img/lamp.jpg",
    ) + json_ld(datePublished="2026-03-14T07:00:00+01:00", author=[{"name": "Mara Quill"}, {"name": "By Jon Oar"}])
    head += '<meta name="keywords" content="lamps, harbour, Lamps">'
    assert read(page(head, attributes="lang=en-gb"), URL, "The lamp is lit") == Metadata(
        title="The lamp is lit",
        authors=("Mara Quill", "Jon Oar"),
        date="2026-03-14",
        site_name="The Harbour Post",
        description="Nine dark winters are over.",
        tags=("lamps", "harbour"),
        language="en-GB",
        image="https://harbourpost.example/img/lamp.jpg",
        url=URL,
    )


@pytest.mark.parametrize(
    ("said", "headline", "title"),
    [
        ("The lamp is lit | The Herald", "The lamp is lit", "The lamp is lit"),
        ("The lamp is lit - The Herald", "The lamp is lit", "The lamp is lit"),
        ("The Herald – The Lamp Is Lit", "The lamp is lit", "The lamp is lit"),
        ("The lamp is lit", "The lamp is lit, and nobody knows by whom", "The lamp is lit, and nobody knows by whom"),
        ("The lamp is lit at last", "The lamp is lit", "The lamp is lit at last"),
        ("Lamp-lighters: a story", "Lamp", "Lamp-lighters: a story"),
        ("A lamp burns again | Herald", "Nine winters", "A lamp burns again"),
        ("A lamp burns again | Herald", None, "A lamp burns again"),
        ("The lamp is lit | Herald", "Herald", "The lamp is lit"),
    ],
)
def test_the_title_is_the_headline_where_only_the_site_stands_beside_it(
    said: str, headline: str | None, title: str
) -> None:
    assert read(page(meta(og_title=said, og_site_name="Herald")), URL, headline).title == title


def test_the_headline_stands_in_for_a_title() -> None:
    assert read(b"<p>words</p>", None, "The lamp is lit").title == "The lamp is lit"


@pytest.mark.parametrize(
    ("head", "attributes", "language"),
    [
        (json_ld(inLanguage="de-at"), "lang=de", "de-AT"),
        (json_ld(inLanguage={"@type": "Language", "name": "German", "alternateName": "de"}), "", "de"),
        (meta(og_locale="pt_BR"), "", "pt-BR"),
        (meta(og_locale="en_US"), "lang=zh-hant-tw", "zh-Hant-TW"),
        ('<meta http-equiv="Content-Language" content="fr">', "", "fr"),
        ("", "lang=klingonese-x", None),
        ("", "lang=und", None),
        ("", "", None),
    ],
)
def test_language(head: str, attributes: str, language: str | None) -> None:
    assert read(page(head, attributes=attributes), None, None).language == language


def test_the_day_of_publication_comes_before_the_last_change() -> None:
    head = json_ld(datePublished="2024-03-17T19:47:39+00:00", dateModified="2024-05-03")
    head += meta(article_modified_time="2024-05-03T10:57:58+00:00")
    assert read(page(head), None, None).date == "2024-03-17"


def test_a_byline_may_hold_the_date() -> None:
    assert read(page(), None, None, ["Mara Quill", "14 March 2026 · 5 min read"]).date == "2026-03-14"
    assert read(page(), None, None, ["5 min read"]).date is None


def test_the_year_of_an_imprint_is_no_date() -> None:
    assert read(page(body="<p>Words.</p><footer>© 2019 The Herald</footer>"), None, None).date is None


def test_addresses() -> None:
    head = '<link rel=canonical href="https://harbourpost.example/lamp">' + meta(og_image="img/a.jpg")
    said = read(page("<base href='/static/'>" + head), None, None)
    assert (said.url, said.image) == (
        "https://harbourpost.example/lamp",
        "https://harbourpost.example/static/img/a.jpg",
    )
    assert read(page(head), URL, None).url == URL
    assert read(page(meta(og_image="javascript:alert(1)", og_url="ftp://x/y")), None, None).image is None
    assert (
        read(page(json_ld(image=[{"url": "https://img.example/b.jpg"}])), None, None).image
        == "https://img.example/b.jpg"
    )


def test_authors_without_addresses_and_repetitions() -> None:
    names = ["Mara Quill", "mara quill", "https://social.example/mara", "mara@post.example", "", "…", "x" * 200]
    assert read(page(json_ld(author=names)), None, None).authors == ("Mara Quill",)


BROKEN = [
    b"",
    b" ",
    b"<!-- -->",
    b"<html><head><title></title></head></html>",
    page('<script type="application/ld+json">{"@type": ["NewsArticle"</script>'),
    page('<script type="application/ld+json">' + "[" * 20_000 + "</script>"),
    page('<script type="application/ld+json">null</script><script type="application/ld+json">[[1], "x"]</script>'),
    page(json_ld(author={"name": {"x": 1}}, datePublished=5, inLanguage=[], image=[[]], headline=["a"])),
    page(json_ld(author=[None, 3, {}], datePublished="2026-99-99", inLanguage=[{}], image={"url": 7})),
    page(meta(og_image="http://[bad", og_url="http://[bad", og_locale="?", article_author="")),
    page("<base href='http://[bad'><link rel=canonical href='http://[bad'>"),
    b"<div>" * 5000,
    "<title>\ud7ff\ufffe</title>".encode(),
]


@pytest.mark.parametrize("html", BROKEN)
@pytest.mark.parametrize("url", [None, URL, "http://[bad", "no address"])
def test_broken_metadata_never_raises(html: bytes, url: str | None) -> None:
    said = read(html, url, None)
    assert isinstance(said, Metadata)
    assert said.url == url or url is None


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert read(page(meta(og_url=URL, og_image=URL)), URL, None).url == URL

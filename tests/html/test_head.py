"""What a page declares, cut out of it."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from cleaner.html.head import head_of
from tests.conftest import Sample

HEAD = '<html lang="de"><head><title>Die Fähre</title><meta name="author" content="Ada > Co"></head>'


def declared(markup: bytes) -> list[str | None]:
    tree = lxml_html.document_fromstring(markup, parser=lxml_html.HTMLParser(encoding="utf-8"))
    said = [element.get("content") for element in tree.iter("meta")]
    said += [element.text for element in tree.iter("script") if element.get("type") == "application/ld+json"]
    said += [element.get("datetime") for element in tree.iter("time") if element.get("pubdate") is not None]
    return [*said, tree.findtext(".//title"), tree.get("lang")]


def test_a_sample_declares_the_same(sample: Sample) -> None:
    markup = sample.page.read_bytes()
    if b"<html" in markup:
        assert declared(head_of(markup)) == declared(markup)


def test_what_the_body_declares() -> None:
    body = (
        '<body><p>Text</p><meta itemprop="datePublished" content="2026-05-01"><script>"<meta content=no>"</script>'
        '<time datetime="2026-05-02" pubdate>Saturday</time><time datetime="2026-05-03">Sunday</time>'
        '<script type="application/ld+json">{"a": "<meta content=no>"}</script><p>More</p>'
    )
    cut = head_of(f"{HEAD}{body}".encode())
    assert b"Text" not in cut
    assert b"Saturday" not in cut
    assert declared(cut) == ["Ada > Co", "2026-05-01", '{"a": "<meta content=no>"}', "2026-05-02", "Die Fähre", "de"]


@pytest.mark.parametrize("markup", [b"", b"<p>Text", b"<meta content=1>", "Text, é".encode("latin-1")])
def test_a_page_without_head_or_body_is_left_whole(markup: bytes) -> None:
    assert head_of(markup) == markup


@pytest.mark.parametrize(
    "part", [b"<meta ", b"<meta '", b"pubdate ", b"<time ", b"<time pubdate", b"<script>ld+json", b"<script></script>"]
)
def test_what_is_never_closed_is_bounded(part: bytes) -> None:
    assert len(head_of(b"</head>" + part * 300_000)) < 5_000_000

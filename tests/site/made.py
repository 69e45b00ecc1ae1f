"""Pages of a made site: articles whose every sentence is their own, and what the site puts among them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from cleaner import Document, Label, Page
from cleaner.document import Columns, Source

DISCLAIMER = "Whoever speaks in our stories has not read them before they were printed, and we treat all of them alike."
_FORMS = """
The {0} had stood by the {1} since anybody could remember, and then one morning it {v} on its own
By noon some {n} people were waiting at the {0}, most of them with a {1} under one arm
Nobody {v} the {0} that year, so the {1} was left to the gulls
“It was only ever a {0},” said the keeper of the {1}, “and I never {v} it”
What the council wanted with a {0} it did not say, though a {1} had been {v} for {n} crowns
Behind the {1} runs a lane too narrow for any {0}, and there, in {n}, they {v} the first one
Two winters later a {0} turned up in the {1}, still wet, and was {v} within the hour
She {v} every {0} between the {1} and the sea, {n} in all, and kept a list
If the {1} is to be rebuilt, somebody has to pay for the {0}; so far {n} have {v}
Old men from the {1} {v} with a {0} until it was dark
The {0} weighs {n} pounds, about as much as the {1} that was {v} there before it
When rain {v} through the roof of the {1}, they put the {0} under it
"""
_NOUNS = (
    "ferry harbour council library orchard quarry baker pilot bridge meadow kettle lantern choir mill pier cellar loft"
)
_VERBS = "bought lost painted found sold counted carried rebuilt followed measured drew opened"


def sentences(number: int, count: int = 5) -> list[str]:
    """The paragraphs of an article: the same number gives the same, another gives others."""
    draw = random.Random(number)
    forms, nouns, verbs = _FORMS.strip().splitlines(), _NOUNS.split(), _VERBS.split()

    def sentence() -> str:
        words = [f"{draw.choice(nouns)} of {draw.choice('ABCDEFGHKLM')}{draw.choice(nouns)}" for _ in range(2)]
        return draw.choice(forms).format(*words, v=draw.choice(verbs), n=draw.randint(12, 2020)) + "."

    return [f"{sentence()} {sentence()} {sentence()}" for _ in range(count)]


def page(number: int, *extra: tuple[int, str], lead: str = "", paragraphs: Sequence[str] | None = None) -> bytes:
    """An article with more paragraphs, or markup, put in before those of these numbers (-1: at the end)."""
    own = [f"<p>{text}</p>" for text in (paragraphs if paragraphs is not None else sentences(number))]
    for place, text in sorted(extra, reverse=True):
        markup = text if text.startswith("<") else f"<p>{text}</p>"
        own.insert(len(own) if place < 0 else place, markup)
    standfirst = f'<p class="standfirst">{lead}</p>' if lead else ""
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>Story {number}</title></head><body>"
        "<nav><ul><li><a href='/'>Front page</a></li><li><a href='/sea'>At sea</a></li></ul></nav>"
        f"<main><article><h1>The story of pier {number} and those who built it</h1>{standfirst}{''.join(own)}</article>"
        "</main><footer><p>© The Pier Gazette, Harbour Street 4</p></footer></body></html>"
    ).encode()


def saved(number: int, content: bytes) -> Page:
    """A page with its address."""
    return Page(content, f"https://gazette.example/{number}", kind="html")


def labels(document: Document, text: str) -> list[str]:
    """The labels of the blocks that begin with a text."""
    return [str(block.label) for block in document.blocks if block.text.startswith(text)]


def reasons(document: Document, text: str) -> list[str]:
    """The reasons of the blocks that begin with a text."""
    return [block.reason for block in document.blocks if block.text.startswith(text)]


def plain(number: int, *blocks: tuple[str, Label], url: str | None = None) -> Document:
    """A finished document of plain text with these blocks."""
    texts, labelled = [text for text, _ in blocks], [label for _, label in blocks]
    none = [-1] * len(texts)
    columns = Columns(
        texts=texts,
        kinds=[],
        xpaths=[""] * len(texts),
        labels=labelled,
        confidences=[1.0] * len(texts),
        reasons=["tagger 1.00"] * len(texts),
        groups=none,
        rows=none,
        asks=none,
    )
    return Document(columns, Source(None, url or f"https://gazette.example/{number}"))

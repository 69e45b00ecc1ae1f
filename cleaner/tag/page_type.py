"""What kind of page this is, by rules over signals: what the page says of itself, its address, its shape.

A signal is a word with its kind before it, ``path:forum``; ``page_type.toml`` says which type each one speaks for.
Articles are the rule: another type must have enough signals of its own, and more than the article has.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from cleaner.document import Kind, PageType
from cleaner.html.blocks import Blocks
from cleaner.html.hints import Hints
from cleaner.twin import twin

ENOUGH = 3
"""The least score of a type other than article."""
ENOUGH_WITHOUT_PROSE = 2
_WEIGHTS = {"sure": 4, "likely": 2, "weak": 1, "against": -2}
PROSE_WORDS = 20
_NO_PROSE = 12
_LITTLE_PROSE = 25
LONG_LINK_WORDS = 6
SHORT = 60
_ARCHIVED = re.compile(r"^https?://[^/]+/web/\d{4,14}\w*/(?=https?://)")
_FILE_ENDING = re.compile(r"\.(?:php|html?|aspx?|jsp|cfm|cgi|md)$")
_TRACKING = re.compile(r"(?:(?:srsltid|gclid|fbclid|ref|utm_\w+)=[^&]*(?:&|$))*")
_WORD = re.compile(r"[^\W\d_]+")
_DATED = re.compile(r"/(?:19|20)\d\d[/\-.]?[01]\d(?:[/\-.]?[0-3]\d)?(?:/|-)")
_LONG_SLUG = 4
"""Hyphens in a segment that spells out a headline."""
_LONGEST_ADDRESS = 2000
_PRICE = re.compile(r"[$€£¥₹₽](?: ?\d|(?<=\d[€£₽])|(?<=\d\s[€£₽]))")
_CURRENCIES = (" zł", " Kč", " kr", "CHF ", "EUR ", " EUR")


@dataclass(frozen=True, slots=True)
class SignalTable:
    """The table of ``page_type.toml``: for each signal, the types it speaks for and how loudly."""

    votes: dict[str, tuple[tuple[PageType, int], ...]]
    says: frozenset[str]
    repeated: dict[str, tuple[str, ...]]
    """Parts of class names whose number in the page is a signal, by its name."""
    steps: dict[str, tuple[int, ...]]
    """The numbers from which a count makes a signal: ``shape:code`` from the first, ``shape:code+`` from the next."""
    together: dict[str, tuple[frozenset[str], frozenset[str]]]
    """Signals that are there where all of some others are and none of a few."""


@lru_cache(maxsize=1)
def signal_table() -> SignalTable:
    """The table, read once a process."""
    table = tomllib.loads(resources.files("cleaner.tag").joinpath("page_type.toml").read_text("utf-8"))
    votes: dict[str, list[tuple[PageType, int]]] = {}
    for page_type in PageType:
        for weight, signals in table.get(page_type, {}).items():
            for signal in signals:
                votes.setdefault(signal, []).append((page_type, _WEIGHTS[weight]))
    return SignalTable(
        {signal: tuple(said) for signal, said in votes.items()},
        frozenset(signal.removeprefix("says:") for signal in votes if signal.startswith("says:")),
        {name: tuple(parts) for name, parts in table["repeated"].items()},
        {name: tuple(numbers) for name, numbers in table["steps"].items()},
        {f"shape:{name}": _group(signals) for name, signals in table["together"].items()},
    )


def _group(signals: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    wanted = frozenset(signal for signal in signals if not signal.startswith("!"))
    return wanted, frozenset(signal[1:] for signal in signals if signal.startswith("!"))


def page_type(hints: Hints, blocks: Blocks) -> PageType:
    """Return the type of a page. Unsure is article; other where there is no prose at all and nothing speaks."""
    scores = _scores(_signals(hints, blocks))
    article = scores.pop(PageType.ARTICLE, 0)
    has_prose = max(blocks.words, default=0) >= _NO_PROSE
    best = max(scores, key=lambda name: (scores[name], name), default=PageType.ARTICLE)
    if scores[best] > article and scores[best] >= (ENOUGH if has_prose else ENOUGH_WITHOUT_PROSE):
        return best
    return PageType.ARTICLE if has_prose or article > 0 else PageType.OTHER


def _scores(signals: set[str]) -> Counter[PageType]:
    votes = signal_table().votes
    scores: Counter[PageType] = Counter()
    for signal in signals:
        for name, weight in votes.get(signal, ()):
            scores[name] += weight
    return scores


def _signals(hints: Hints, blocks: Blocks) -> set[str]:
    signals = {*_of_head(hints), *_of_address(hints.url), *_of_shape(blocks)}
    for name, (wanted, unwanted) in signal_table().together.items():
        if wanted <= signals and unwanted.isdisjoint(signals):
            signals.add(name)
    return signals


def _of_head(hints: Hints) -> Iterator[str]:
    for name in hints.types:
        yield f"type:{name}"
    if hints.og_type:
        yield f"og:{hints.og_type}"
    for word in _WORD.findall(hints.generator)[:2]:
        yield f"generator:{word}"
    for name in hints.root_classes.split():
        yield f"class:{name}"


def _of_address(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(_ARCHIVED.sub("", url[:_LONGEST_ADDRESS]).lower())
        labels = (parts.hostname or "").split(".")[:-2]
    except ValueError:
        return
    if not labels and not parts.netloc:
        return
    for label in labels:
        yield f"host:{label}"
    path = parts.path
    segments = [_FILE_ENDING.sub("", segment) for segment in path.split("/") if segment]
    if not segments or segments in (["index"], ["home"]):
        if _TRACKING.fullmatch(parts.query):
            yield "address:front"
        return
    for segment in segments:
        yield f"path:{segment}"
    for word in _WORD.findall(path):
        yield f"word:{word}"
    if _DATED.search(path):
        yield "address:dated"
    if segments[-1].count("-") >= _LONG_SLUG:
        yield "address:slug"


def _of_shape(blocks: Blocks) -> Iterator[str]:
    table = signal_table()
    counts, said = (COMPILED.shape if COMPILED else shape)(blocks, table)
    for words in said:
        yield f"says:{words}"
    for name, steps in table.steps.items():
        for i, step in enumerate(steps):
            if counts[name] >= step:
                yield f"shape:{name}{'+' * i}"
    if counts["prose_percent"] < _LITTLE_PROSE:
        yield "shape:little_prose"


def shape(blocks: Blocks, table: SignalTable) -> tuple[dict[str, int], frozenset[str]]:
    """What is counted in a page, by its name, and what short blocks say of what the table knows."""
    counts = _prose_counts(blocks)
    short = "\n".join([text for text in blocks.text if len(text) <= SHORT])
    counts["prices"] = sums(short) + named_sums(short)
    attributes = "\n".join(filter(None, blocks.containers.attributes))
    for name, parts in table.repeated.items():
        counts[name] = sum(map(attributes.count, parts))
    return counts, table.says.intersection(short.lower().split("\n"))


def sums(text: str) -> int:
    """How many figures stand by a sign of money."""
    return len(_PRICE.findall(text))


def named_sums(text: str) -> int:
    """How often a text names a currency."""
    return sum(map(text.count, _CURRENCIES))


def _prose_counts(blocks: Blocks) -> dict[str, int]:
    """How much of the page is prose, links and code. A run of prose has no other block inside."""
    prose = run = longest = headings = links = 0
    rows = zip(blocks.text, blocks.kind, blocks.words, blocks.link_chars, strict=True)
    for text, kind, words, link_chars in rows:
        linked = 2 * link_chars > len(text)
        if words >= PROSE_WORDS and not linked:
            prose += words
            run += words
        else:
            longest = max(longest, run)
            run = 0
            if linked:
                links += words >= LONG_LINK_WORDS
                headings += kind is Kind.HEADING
    return {
        "prose_percent": 100 * prose // (sum(blocks.words) or 1),
        "run_words": max(longest, run),
        "linked_headings": headings,
        "long_links": links,
        "code": blocks.kind.count(Kind.CODE),
    }


# Last, for the twin takes names from here.
COMPILED: Any = twin("cleaner.tag._page_type")

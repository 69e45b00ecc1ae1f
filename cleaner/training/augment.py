"""Asks of one page planted into the article of another, in the places and the markup that publishers use."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from lxml import etree

from cleaner.document import ASKS, Kind, Label
from cleaner.html.blocks import Blocks
from cleaner.training.examples import Example, Seen, look

MOST_BLOCKS = 14
LEAST_WORDS = 6
_LABELS = tuple(Label)
_PARAGRAPH_WORDS = 15
_BUTTON_WORDS = 5
_AT_THE_TOP = 0.15
_AT_THE_END = 0.15
_BOXES = ("box", "module", "promo-unit", "inline", "block block--wide", "c-panel", "embed", "wp-block-group", "widget")


@dataclass(frozen=True, slots=True)
class Planted:
    """An ask or a near miss to be planted: one label, the texts of its blocks, the folds it comes from."""

    label: Label
    texts: tuple[str, ...]
    folds: frozenset[int]


def asks_of(blocks: Sequence[tuple[str, str]], folds: frozenset[int]) -> list[Planted]:
    """The asks among labelled blocks: runs of one label."""
    found, run = [], list[tuple[str, str]]()
    for label, text in [*blocks, ("", "")]:
        if run and label != run[-1][0]:
            texts = tuple(t for _, t in run)
            if len(run) <= MOST_BLOCKS and sum(len(t.split()) for t in texts) >= LEAST_WORDS:
                found.append(Planted(Label(run[0][0]), texts, folds))
            run = []
        if label in ASKS:
            run.append((label, text))
    return found


def plant(html: bytes, url: str | None, host: Example, ask: Planted, chance: random.Random) -> Example | None:
    """Return the host's example with an ask planted into its page; None where that did not work out."""
    seen = look(html, url)
    if seen is None or seen.root is None or len(seen.blocks) != len(host.body):
        return None
    place = _place(seen.blocks, seen.root, host, chance)
    if place is None:
        return None
    element = place[0]
    style = _flat if ask.label is Label.BODY else chance.choice(_STYLES)
    new = style(ask, element, chance)
    if place[1]:
        for piece in reversed(new):
            element.addnext(piece)
    else:
        for piece in new:
            element.addprevious(piece)
    after = look(etree.tostring(seen.root, encoding="utf-8", method="html"), url)
    return _marked(seen, after, host, ask) if after is not None else None


def _place(
    blocks: Blocks, root: etree._Element, host: Example, chance: random.Random
) -> tuple[etree._Element, bool] | None:
    """An element of the article to plant beside, and whether behind it."""
    paragraphs = [
        i
        for i, kind in enumerate(blocks.kind)
        if host.body[i] == 1 and kind is Kind.PARAGRAPH and blocks.words[i] >= _PARAGRAPH_WORDS
    ]
    if len(paragraphs) < 3:
        return None
    dice = chance.random()
    if dice < _AT_THE_TOP:
        chosen, behind = paragraphs[0], False
    elif dice < _AT_THE_TOP + _AT_THE_END:
        chosen, behind = paragraphs[-1], True
    else:
        chosen, behind = chance.choice(paragraphs[:-1]), True
    container = blocks.container[chosen]
    path = blocks.containers.xpaths([container])[container]
    found = root.getroottree().xpath(path)
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], etree._Element):
        return None
    element = found[0]
    return (element, behind) if element.tag in ("p", "div") and element.getparent() is not None else None


def _marked(before: Seen, after: Seen, host: Example, ask: Planted) -> Example | None:
    """The example of the changed page, if its blocks are those of the host and of the ask."""
    old, new = before.blocks.text, after.blocks.text
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    count = len(new) - len(old)
    if count < 1 or list(new[first + count :]) != list(old[first:]):
        return None
    label = _LABELS.index(ask.label)
    return Example(
        set_name=host.set_name,
        id=f"{host.id}+{ask.label}",
        convention=host.convention,
        features=after.features,
        words=np.asarray(after.blocks.words, np.float32),
        body=np.insert(host.body, first, [int(ask.label is Label.BODY)] * count).astype(np.int8),
        labels=np.insert(host.labels, first, [label] * count).astype(np.int8),
        page_type=host.page_type,
        folds=host.folds | ask.folds,
    )


# How an ask is built.


def _element(tag: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    made.text = _xml_safe(text)
    return made


def _xml_safe(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\n\t")


def _flat(ask: Planted, beside: etree._Element, _: random.Random) -> list[etree._Element]:
    """Paragraphs like those of the article."""
    alike = {"class": beside.get("class") or ""} if beside.get("class") else {}
    return [_element("p", text, **alike) for text in ask.texts]


def _inside(box: etree._Element, ask: Planted, chance: random.Random) -> list[etree._Element]:
    for k, text in enumerate(ask.texts):
        short = len(text.split()) <= _BUTTON_WORDS
        if k == 0 and len(ask.texts) > 1 and chance.random() < 0.7:
            box.append(_element(chance.choice(("h2", "h3", "h4", "p")), text))
        elif short and chance.random() < 0.6:
            box.append(_element("button", text) if chance.random() < 0.5 else _link(text))
        else:
            box.append(_element("p", text))
    if ask.label is Label.NEWSLETTER and chance.random() < 0.4:
        box.append(_element("input", type="email", name="email"))
    return [box]


def _link(text: str) -> etree._Element:
    around = _element("p")
    around.append(_element("a", text, href="/go"))
    return around


def _named(ask: Planted, _: etree._Element, chance: random.Random) -> list[etree._Element]:
    """A box of a neutral name."""
    return _inside(_element(chance.choice(("div", "aside", "section")), class_=chance.choice(_BOXES)), ask, chance)


def _hashed(ask: Planted, _: etree._Element, chance: random.Random) -> list[etree._Element]:
    """A box of a name that says nothing."""
    name = f"css-{chance.randrange(1 << 30):x}"
    return _inside(_element("div", class_=name), ask, chance)


def _nameless(ask: Planted, _: etree._Element, chance: random.Random) -> list[etree._Element]:
    """A box without a name."""
    return _inside(_element(chance.choice(("div", "aside", "section"))), ask, chance)


_STYLES: tuple[Callable[[Planted, etree._Element, random.Random], list[etree._Element]], ...] = (
    *(_flat, _flat, _named),
    *(_hashed, _nameless),
)

"""Pages made of written articles: an article in some publisher's markup, with asks and near misses planted into it."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from importlib import resources
from typing import Any, NamedTuple

from cleaner.document import Label
from cleaner.training.examples import Example, LeftOut, look, look_text, marked
from cleaner.training.plain import varied, visible_text
from cleaner.training.sets import Row
from cleaner.training.written import Ask, Block, Host

STYLES = ("flat", "telling", "neutral", "hashed", "nameless", "split")
"""How an ask is set: as the article's own paragraphs, in a box of one of four kinds of name, in boxes side by side."""
_WALLS = frozenset({"metered wall", "hard wall", "login wall"})
_TEASED = 0.6
_FIELDS = 0.5
_TOGETHER = (2, 3, 4, 5, 6)


class Written(NamedTuple):
    """A page, with label and text of every block in page order."""

    html: bytes
    blocks: tuple[tuple[str, str], ...]
    language: str

    @property
    def text(self) -> str:
        """The page's visible text, a block a line."""
        return "\n".join(text for _, text in self.blocks) + "\n"


@lru_cache(maxsize=1)
def _skins() -> dict[str, Any]:
    return tomllib.loads(resources.files("cleaner.training").joinpath("skins.toml").read_text("utf-8"))


def skin_names() -> list[str]:
    """The names of the markups there are."""
    return [skin["name"] for skin in _skins()["skin"]]


def written_page(
    host: Host, plants: Sequence[Ask], chance: random.Random, *, skin: str = "", style: str = ""
) -> Written:
    """Set a host's article in a markup and plant into it; skin and style are drawn where they are not named."""
    table = _skins()
    markup = next((s for s in table["skin"] if s["name"] == skin), None) or chance.choice(table["skin"])
    page = _Page(markup, str(chance.randrange(100, 1000)))
    page.add("header", Label.NAVIGATION, [host.site], inner="p")
    page.add("menu", Label.NAVIGATION, host.menu, within="header")
    page.open(markup["main"])
    page.add("title", Label.TITLE, [host.title])
    page.add("byline", Label.BYLINE, [f"{host.byline} · {host.date}"])
    page.add("share", Label.SOCIAL, host.share)
    page.add("figure", Label.CAPTION, [host.caption], inner="figcaption")
    page.open(markup["content"])
    _article(page, host, plants, chance, style)
    page.close()
    page.add("tags", Label.NAVIGATION, host.tags)
    page.close()
    page.write("h3", Label.RELATED, host.related_heading)
    page.add("related", Label.RELATED, host.related)
    page.add("footer", Label.LEGAL, host.footer)
    direction = ' dir="rtl"' if host.language in ("ar", "fa", "he", "ur") else ""
    head = f'<meta charset="utf-8"><title>{escape(host.title)} | {escape(host.site)}</title>'
    html = f'<!DOCTYPE html><html lang="{host.language}"{direction}><head>{head}</head><body>{page.html}</body></html>'
    return Written(html.encode(), tuple(page.blocks), host.language)


def _article(page: _Page, host: Host, plants: Sequence[Ask], chance: random.Random, style: str) -> None:
    blocks = list(host.blocks)
    walls = [ask for ask in plants if ask.kind in _WALLS]
    if walls and chance.random() < _TEASED:
        blocks = blocks[: chance.randrange(2, 6)]
    else:
        walls = []
    by_place: dict[int, list[Ask]] = {}
    for ask in plants:
        last = len(blocks)
        # A near miss between two paragraphs of the article, never where an ask would be looked for first.
        place = last if ask in walls else chance.randrange(1, last) if ask.label is Label.BODY else _place(last, chance)
        by_place.setdefault(place, []).append(ask)
    for place in range(len(blocks) + 1):
        for ask in by_place.get(place, ()):
            _plant(page, ask, chance, style or chance.choice(STYLES))
        if place < len(blocks):
            page.flow([blocks[place]], Label.BODY)
    page.end_list()


def _place(last: int, chance: random.Random) -> int:
    dice = chance.random()
    return 0 if dice < 0.15 else last if dice < 0.35 else chance.randrange(1, last)


def _plant(page: _Page, ask: Ask, chance: random.Random, style: str) -> None:
    page.end_list()
    if ask.label is Label.BODY or style == "flat":
        page.flow(ask.blocks, ask.label)
        page.end_list()
        return
    roles, boxes = _skins()["roles"], _skins()["boxes"]
    if style == "split":
        for block in ask.blocks:
            page.open("div")
            _set(page, block, ask.label, roles, chance)
            page.close()
        return
    named = boxes[style]
    page.open(chance.choice(named[ask.label] if style == "telling" else named))
    for block in ask.blocks:
        _set(page, block, ask.label, roles, chance)
    page.close()


def _set(page: _Page, block: Block, label: Label, roles: dict[str, list[str]], chance: random.Random) -> None:
    role, text = block
    page.write(chance.choice(roles[role]), label, text)
    if role == "field" and label is Label.NEWSLETTER and chance.random() < _FIELDS:
        page.html += '<input type="email" name="email">'


class Deal(NamedTuple):
    """A page to be written for training, as HTML or as plain text."""

    host: Host
    plants: tuple[Ask, ...]
    seed: int
    is_text: bool


def deal(hosts: Sequence[Host], asks: Sequence[Ask], chance: random.Random) -> list[Deal]:
    """Deal each language's asks and near misses to its hosts, some to a page: once for HTML, once for plain text."""
    deals = []
    for is_text in (False, True):
        for language in sorted({host.language for host in hosts}):
            at_home = [host for host in hosts if host.language == language]
            pile = [ask for ask in asks if ask.language == language]
            chance.shuffle(pile)
            while pile:
                some = pile[: chance.choice(_TOGETHER)]
                pile = pile[len(some) :]
                deals.append(Deal(chance.choice(at_home), tuple(some), chance.randrange(1 << 30), is_text))
    return deals


def written_example(task: Deal) -> Example:
    """The example of a dealt page; of no fold, as it comes from no site."""
    chance = random.Random(task.seed)
    page = written_page(task.host, task.plants, chance)
    row = Row(f"{task.host.id}-{task.seed}", type="article", blocks=page.blocks)
    html = page.html
    seen = look_text(varied(visible_text(html.decode()), chance)) if task.is_text else look(html, None)
    made = marked("written", row, seen)
    if isinstance(made, LeftOut):
        raise ValueError(f"{row.id}: {made.why}")
    return made


@dataclass(slots=True)
class _Page:
    """A page while it is written."""

    markup: dict[str, str]
    number: str
    html: str = ""
    blocks: list[tuple[str, str]] = field(default_factory=list)
    _closing: list[str] = field(default_factory=list)
    _list: str = ""

    def open(self, path: str) -> None:
        """Open elements and leave them open."""
        first, last = self._tags(path)
        self.html += first
        self._closing.append(last)

    def close(self) -> None:
        """Close what the last call of open opened."""
        self.html += self._closing.pop()

    def write(self, path: str, label: Label, text: str) -> None:
        """One block in elements of its own."""
        first, last = self._tags(path)
        self.html += f"{first}{escape(text)}{last}\n"
        self.blocks.append((label, text))

    def add(self, part: str, label: Label, texts: Iterable[str], *, inner: str = "", within: str = "") -> None:
        """The blocks of a part: all in its outer elements, each in its innermost ones."""
        steps = [*(self.markup[within].split(" > ") if within else ()), *self.markup[part].split(" > ")]
        if inner:
            steps.append(inner)
        apart = 2 if steps[-1] == "a" and len(steps) > 1 and steps[-2].partition(".")[0] in _ROWS else 1
        self.open(" > ".join(steps[:-apart]))
        for text in texts:
            self.write(" > ".join(steps[-apart:]) if apart == 2 or steps[-1] != "a" else "div > a", label, text)
        self.close()

    def flow(self, blocks: Iterable[Block], label: Label) -> None:
        """Blocks in the markup of the article's own."""
        for role, text in blocks:
            outer, _, inner = self.markup["item"].partition(" > ")
            if role == "item" and not self._list:
                self.open(outer)
                self._list = inner
            elif role != "item":
                self.end_list()
            if role == "item":
                self.write(inner, label, text)
            else:
                self.write(self.markup[role if role in ("heading", "quote") else "text"], label, text)

    def end_list(self) -> None:
        """Close the list that items of the article stand in, if one is open."""
        if self._list:
            self.close()
            self._list = ""

    def _tags(self, path: str) -> tuple[str, str]:
        first, last = "", ""
        for step in filter(None, path.split(" > ")):
            name, sign, told = step.partition("." if "." in step else "#")
            attribute = "class" if sign == "." else "id"
            told = told.replace("{n}", self.number)
            link = ' href="/go"' if name == "a" else ""
            first += f'<{name} {attribute}="{told}"{link}>' if sign else f"<{name}{link}>"
            last = f"</{name}>{last}"
        return first, last


_ROWS = frozenset({"li", "div", "span", "p", "h2", "h3", "h4"})

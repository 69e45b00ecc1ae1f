"""What the markup says: the label of a container, from its element and the words of its attributes."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import accumulate

from cleaner.document import Label, PageType
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.elements import HEADINGS
from cleaner.tag.matcher import Matcher
from cleaner.tag.once import once
from cleaner.twin import twin

_ARTICLE_BEFORE = 150
_HALF = 0.5
_WEAK, _FORUM = "weak_", "forum_"
_PREFIXES = {PageType.PRODUCT: ("", _WEAK, "shop_"), PageType.FORUM: (_FORUM, "", _WEAK)}
"""The prefixes of the rows that count on pages of a type; on all others the first two."""
_BEFORE_FOOT = 50
_ARTICLES = frozenset({"article", "main", "li", "td"})
_REPLIES = 0.25
MOST_OF_PAGE = 0.33
"""A container with more of the page's prose than this is a frame of the page: its name says nothing of its blocks."""


_NOT_OF_HEADINGS = frozenset({Label.NAVIGATION, Label.OTHER, Label.BYLINE, Label.CAPTION, Label.LEGAL, Label.RELATED})
"""What the attributes of a heading itself do not tell: they name its anchor or its style."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a container's markup says of the blocks in it; weak signs decide only for blocks that are no prose."""

    label: Label
    weak: bool
    token: str
    always: bool = False
    """Whether it says so however much of the page's prose stands there."""


class SignTable:
    """The rows of ``structure.toml`` with some prefixes, compiled. Those that come first win, prefix by prefix."""

    def __init__(self, table: dict[str, dict[str, list[str]]], prefixes: Sequence[str]) -> None:
        self._tags: dict[str, tuple[int, Sign]] = {}
        self._signs: list[tuple[int, Sign]] = []
        self._whole: list[bool] = []
        words: list[str] = []
        rank = 0
        for prefix in prefixes:
            weak, always = prefix == _WEAK, prefix == _FORUM
            for label, rows in table.items():
                rank += 1
                for tag in rows.get(prefix + "tags", ()):
                    self._tags[tag] = (rank, Sign(Label(label), weak, tag, always))
                for column in ("roles", "parts"):
                    for word in rows.get(prefix + column, ()):
                        words.append(word)
                        self._signs.append((rank, Sign(Label(label), weak, word, always)))
                        self._whole.append(column == "roles")
        self._matcher = Matcher(words)
        signs, whole = self._signs, self._whole
        self.finder = COMPILED.SignFinder(self._tags, words, signs, whole) if COMPILED else None
        """The twin that gives the zones of a page."""

    def signs(self, containers: Containers) -> list[Sign | None]:
        """Return what each container says, or None."""
        said = self._said(set(containers.attributes))
        signs: list[Sign | None] = []
        for tag, attributes in zip(containers.tag, containers.attributes, strict=True):
            best = said.get(attributes)
            if tag in self._tags:
                by_tag = self._tags[tag]
                best = min(best, by_tag, key=_rank) if best else by_tag
            signs.append(best[1] if best else None)
        return signs

    def _said(self, texts: set[str]) -> dict[str, tuple[int, Sign]]:
        """The first sign in order of rank that each of some attributes holds; boxes alike are looked at once."""
        attributes = sorted(texts)
        best: dict[str, tuple[int, Sign]] = {}
        for i, word, start, end in self._matcher.find(attributes):
            found, text = self._signs[word], attributes[i]
            known = best.get(text)
            if known is not None and known[0] <= found[0]:
                continue
            if self._whole[word] and not _is_word(text, start, end):
                continue
            if not _is_utility(text, start, end):
                best[text] = found
        return best


def _rank(ranked: tuple[int, Sign]) -> int:
    return ranked[0]


def _is_utility(text: str, start: int, end: int) -> bool:
    """Whether a match stands in a class such as ``print:hidden`` or ``[grid-area:authors]``: style, not content."""
    if ":" not in text and "[" not in text:
        return False
    last = text.find(" ", end)
    token = text[text.rfind(" ", 0, start) + 1 : last if last >= 0 else len(text)]
    return ":" in token or "[" in token


def _is_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def sign_table(kind: PageType) -> SignTable:
    """The table of pages of a type, read once a process."""
    return _table(_PREFIXES.get(kind, ("", _WEAK)))


@once
def _table(prefixes: tuple[str, ...]) -> SignTable:
    text = resources.files("cleaner.tag").joinpath("structure.toml").read_text("utf-8")
    return SignTable(tomllib.loads(text), prefixes)


FOOT = Sign(Label.NAVIGATION, weak=False, token="footer", always=True)
"""What the page's own ``<footer>`` says."""


def mark_feet(signs: list[Sign | None], blocks: Blocks, total: Sequence[int]) -> None:
    """Set the sign of every ``<footer>`` that closes the page and no article: there is prose before it, or most blocks.

    total is the running sum of prose.
    """
    containers = blocks.containers
    tags, i = containers.tag, -1
    for _ in range(tags.count("footer")):
        i = tags.index("footer", i + 1)
        first = containers.first[i]
        if (total[first] >= _BEFORE_FOOT or first >= _HALF * len(blocks)) and not _is_of_article(containers, i):
            signs[i] = FOOT


def _is_of_article(containers: Containers, i: int) -> bool:
    while i >= 0:
        if containers.tag[i] in _ARTICLES:
            return True
        i = containers.parent[i]
    return False


def _weighed(sign: Sign, before: int, inside: int, of_page: int, share: float, kind: PageType) -> Sign | None:
    """What is left of a container's sign: before, inside count words of prose; share is that of the page's blocks."""
    if sign.always:
        return sign
    is_reply = sign.label is Label.COMMENTS and kind is not PageType.FORUM
    if is_reply and before >= max(_ARTICLE_BEFORE, _REPLIES * inside):
        return replace(sign, weak=False) if sign.weak else sign
    if inside <= MOST_OF_PAGE * of_page:
        return sign
    # On a page of little prose, the cookie dialogue is most of it.
    return sign if sign.label is Label.CONSENT and not sign.weak and share <= _HALF else None


def zones(blocks: Blocks, prose: Sequence[int], headline: int, kind: PageType) -> list[Sign | None]:
    """Return for each container the sign that it or its nearest signed ancestor gives to the blocks inside.

    prose holds the words of each block that reads like prose, else 0. A strong sign outweighs a weak one further in.
    A container that holds the headline's block is a frame of the page too. Comments below an article may be longer than
    it; in a forum they are the content. What buyers say is of a shop's page, not of its description.
    """
    total = [0, *accumulate(prose)]
    finder = sign_table(kind).finder
    if finder is None:
        return reference(blocks, total, headline, kind)
    found: list[Sign | None] = finder.zones(blocks, total, headline, kind)
    return found


def reference(blocks: Blocks, total: Sequence[int], headline: int, kind: PageType) -> list[Sign | None]:
    """What :func:`zones` gives; total is the running sum of prose."""
    containers = blocks.containers
    starts, ends, tags, most = containers.first, containers.last, containers.tag, max(1, len(blocks))
    inherited: list[Sign | None] = []
    signs = sign_table(kind).signs(containers)
    mark_feet(signs, blocks, total)
    for i, (parent, sign) in enumerate(zip(containers.parent, signs, strict=True)):
        above = inherited[parent] if parent >= 0 else None
        if sign is None:
            inherited.append(above)
            continue
        first, last = starts[i], ends[i]
        if first <= headline < last or (tags[i] in HEADINGS and sign.label in _NOT_OF_HEADINGS):
            sign = None
        else:
            share = (last - first) / most
            sign = _weighed(sign, total[first], total[last] - total[first], total[-1], share, kind)
        if sign is None or (sign.weak and above is not None and not above.weak):
            sign = above
        inherited.append(sign)
    return inherited


COMPILED = twin("cleaner.tag._structure")

"""What the markup says: the label of a container, from its element and the words of its attributes."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import accumulate

from cleaner.document import Label
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.elements import HEADINGS
from cleaner.tag.matcher import Matcher

_ARTICLE_BEFORE = 150
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


class SignTable:
    """The table of ``structure.toml``, compiled. Rows that come first win, strong ones before weak ones."""

    def __init__(self, table: dict[str, dict[str, list[str]]]) -> None:
        self._tags: dict[str, tuple[int, Sign]] = {}
        self._signs: list[tuple[int, Sign]] = []
        self._whole: list[bool] = []
        words: list[str] = []
        rank = 0
        for prefix in ("", "weak_"):
            for label, rows in table.items():
                rank += 1
                for tag in rows.get(prefix + "tags", ()):
                    self._tags[tag] = (rank, Sign(Label(label), bool(prefix), tag))
                for column in ("roles", "parts"):
                    for word in rows.get(prefix + column, ()):
                        words.append(word)
                        self._signs.append((rank, Sign(Label(label), bool(prefix), word)))
                        self._whole.append(column == "roles")
        self._matcher = Matcher(words)

    def signs(self, containers: Containers) -> list[Sign | None]:
        """Return what each container says, or None."""
        best: list[tuple[int, Sign] | None] = [self._tags.get(tag) for tag in containers.tag]
        attributes = containers.attributes
        for i, word, start, end in self._matcher.find(attributes):
            found = self._signs[word]
            known = best[i]
            if known is not None and known[0] <= found[0]:
                continue
            if self._whole[word] and not _is_word(attributes[i], start, end):
                continue
            if _is_utility(attributes[i], start, end):
                continue
            best[i] = found
        return [sign[1] if sign else None for sign in best]


def _is_utility(text: str, start: int, end: int) -> bool:
    """Whether a match stands in a class such as ``print:hidden`` or ``[grid-area:authors]``: style, not content."""
    if ":" not in text and "[" not in text:
        return False
    last = text.find(" ", end)
    token = text[text.rfind(" ", 0, start) + 1 : last if last >= 0 else len(text)]
    return ":" in token or "[" in token


def _is_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


@lru_cache(maxsize=1)
def sign_table() -> SignTable:
    """The table, read once a process."""
    text = resources.files("cleaner.tag").joinpath("structure.toml").read_text("utf-8")
    return SignTable(tomllib.loads(text))


def _is_consent_layer(sign: Sign, size: int, blocks: Blocks) -> bool:
    """Whether a box is a cookie dialogue, which may hold most of the prose on a page that has little."""
    return sign.label is Label.CONSENT and not sign.weak and 2 * size <= len(blocks)


def zones(blocks: Blocks, prose: Sequence[int], headline: int = -1, *, forum: bool = False) -> list[Sign | None]:
    """Return for each container the sign that it or its nearest signed ancestor gives to the blocks inside.

    prose holds the words of each block that reads like prose, else 0. A strong sign outweighs a weak one further in.
    A container that holds the headline's block is a frame of the page too. Comments below an article may be longer than
    it; in a forum they are the content.
    """
    containers = blocks.containers
    total = [0, *accumulate(prose)]
    limit = MOST_OF_PAGE * total[-1]
    inherited: list[Sign | None] = []
    own = sign_table().signs(containers)
    for i, parent in enumerate(containers.parent):
        above = inherited[parent] if parent >= 0 else None
        sign = own[i]
        first, last = containers.first[i], containers.last[i]
        if sign is not None and first <= headline < last:
            sign = None
        if (
            sign is not None
            and sign.label is Label.COMMENTS
            and not forum
            and total[first] >= max(_ARTICLE_BEFORE, _REPLIES * (total[last] - total[first]))
        ):
            sign = replace(sign, weak=False)
        elif (
            sign is not None
            and total[last] - total[first] > limit
            and not _is_consent_layer(sign, last - first, blocks)
        ):
            sign = None
        if sign is not None and containers.tag[i] in HEADINGS and sign.label in _NOT_OF_HEADINGS:
            sign = None
        if sign is None or (sign.weak and above is not None and not above.weak):
            sign = above
        inherited.append(sign)
    return inherited

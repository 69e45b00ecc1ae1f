"""Which value of a page's data is its article: the most prose, under the most telling key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NamedTuple

from cleaner.html.hydration import loads
from cleaner.html.rich import BLOCK_MARKUP, MARKUP, is_rich, rich_html, text_html
from cleaner.html.words import count_words

LEAST_WORDS = 40
_DEEPEST = 60
_MOST_VALUES = 1_000_000
_SHORTEST = 25
_WORDS_A_SENTENCE = 90
_MOST_SIGNS = 0.03
_LONGEST_KEY = 40
_LONG = 64


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEY_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TELLING = _names(
    """article body content text html story post paragraph paragraphs blocks elements articlebody value children"""
)
_ELSEWHERE = _names(
    """comment comments related recommended recommendations recirculation author authors bio biography byline seo meta
    metadata cookie cookies privacy consent gdpr translations translation i18n locale locales messages labels strings
    config configuration settings footer nav navigation menu menus legal terms newsletter newsletters subscription
    paywall sidebar trending popular sponsored ad ads advert modal modals dialog error errors flags features css styles
    style script scripts svg theme schema alt caption captions credit description summary excerpt abstract teaser
    teasers deck tracking analytics user users profile disclaimer faq keywords reviews"""
)
_ENTRY_KEYS = _names("headline title slug url permalink canonicalUrl publishedAt datePublished")
_SENTENCE = re.compile(r"[.!?…][\"')\]”’»]*(?:\s|$)|[。！？।؟۔]")
_UNPUNCTUATED = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
_SIGNS = re.compile(r"[{}=<>\\|~^`]")
_SPACE_OR_WIDE = re.compile(r"\s|[^\x00-\u024f]")
_NOT_TEXT = re.compile(
    r"\s*(?:https?://\S+$|[{\[<]\s*[\"{\[!]|[.#@][\w-]+\s*\{|function\b|<(?:script|style|svg|iframe)\b)", re.I
)


def plain(html: str) -> str:
    """The text of a piece of HTML, near enough to count its words."""
    return unescape(MARKUP.sub(" ", html))


def prose_words(html: str) -> int:
    """How many words of prose a piece of HTML holds; 0 where it is no prose: too short, no sentences, code."""
    text = " ".join(plain(html).split())
    words = count_words(text)
    if words < LEAST_WORDS or len(_SIGNS.findall(text)) > _MOST_SIGNS * len(text):
        return 0
    if not _UNPUNCTUATED.search(text) and len(_SENTENCE.findall(text)) * _WORDS_A_SENTENCE < words:
        return 0
    return words


@dataclass(slots=True)
class _Group:
    """Pieces that belong together: the strings at one path under one array."""

    telling: bool
    pieces: dict[str, None] = field(default_factory=dict)


class _Place(NamedTuple):
    """A value on the walk, and what the way to it says."""

    value: Any
    depth: int
    key: str
    group: tuple[int, str] | None


def best_prose(value: Any) -> str:
    """Return the article in a JSON value as HTML, or an empty string. Never raises; cost is linear in the value."""
    best, most = "", 0.0
    for group in _groups(value):
        html = "".join(group.pieces)
        score = prose_words(html) * (1.0 if group.telling else 0.6)
        if score > most:
            best, most = html, score
    return best


def _groups(root: Any) -> Iterator[_Group]:
    groups: dict[Any, _Group] = {}
    seen: set[int] = set()
    stack = [_Place(root, 0, "", None)]
    kept: list[Any] = []
    for _ in range(_MOST_VALUES):
        if not stack:
            break
        place = stack.pop()
        value = place.value
        if isinstance(value, str):
            if len(value) > _LONG and id(value) in seen:
                continue
            seen.add(id(value))
            if _is_data(value):
                # A state inside a state, as a string.
                kept.append(loads(value))
                stack.append(place._replace(value=kept[-1], depth=place.depth + 1))
            elif _is_text(value) or (place.group and BLOCK_MARKUP.match(value)):
                _add(groups, place, text_html(value))
        elif isinstance(value, (dict, list)) and value and place.depth < _DEEPEST and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, dict):
                stack.extend(reversed(list(_members(place, value))))
            elif is_rich(value := _resolved(value, root)):
                _add(groups, place._replace(key=place.key or "content"), rich_html(value))
            else:
                group = place.group or (id(value), "")
                kept.append(value)
                stack.extend(_Place(item, place.depth + 1, place.key, group) for item in reversed(value))
    yield from groups.values()


def _members(place: _Place, value: dict[str, Any]) -> Iterator[_Place]:
    group = None if len(_ENTRY_KEYS & value.keys()) > 1 else place.group
    for key, member in value.items():
        if isinstance(member, (str, dict, list)) and not _is_elsewhere(key):
            path = (group[0], f"{group[1]}/{key[:_LONGEST_KEY]}") if group else None
            yield _Place(member, place.depth + 1, key, path)


def _add(groups: dict[Any, _Group], place: _Place, html: str) -> None:
    if html:
        group = groups.setdefault(place.group or len(groups), _Group(_is_telling(place.key)))
        group.pieces[html] = None


def _resolved(items: list[Any], root: Any) -> list[Any]:
    """The list with references into a normalised cache (``{"__ref": "Paragraph:1"}``) followed."""
    if isinstance(root, dict) and isinstance(items[0], dict) and "__ref" in items[0]:
        return [root.get(item["__ref"], item) if isinstance(item, dict) and "__ref" in item else item for item in items]
    return items


def _is_elsewhere(key: str) -> bool:
    return not _ELSEWHERE.isdisjoint(_words(key))


def _is_telling(key: str) -> bool:
    return not _TELLING.isdisjoint(_words(key))


def _words(key: str) -> list[str]:
    key = key[:_LONGEST_KEY]
    return [key.lower(), *(word.lower() for word in _KEY_WORD.findall(key))]


def _is_data(text: str) -> bool:
    return len(text) > 100 and text.startswith(('{"', '[{"', '["')) and text.endswith(("}", "]"))


def _is_text(text: str) -> bool:
    return len(text) >= _SHORTEST and _SPACE_OR_WIDE.search(text) is not None and _NOT_TEXT.match(text) is None

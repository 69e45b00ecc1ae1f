"""Rules made ready: checked, and their parts compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleaner.document import Label, PageType
from cleaner.user.language.rule import ALONE, SEVERAL, WHAT, Mistake, Rule, Written
from cleaner.user.language.sites import Address, Site
from cleaner.user.language.wording import unknown
from cleaner.user.language.words import compiled, folded

if TYPE_CHECKING:
    from cleaner.user.language.conditions import Condition
    from cleaner.user.xpath import Expression

_LISTS = (list, tuple, set, frozenset)
_LONGEST_NAME = 80
_LONGEST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule that can be used."""

    written: Written
    label: Label | None
    """What the block becomes; None where it is only dropped."""
    sites: tuple[Site, ...] = ()
    page_types: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    css: Condition | None = None
    needs: tuple[frozenset[str], ...] = ()
    """Classes and ids that elements of the page must have, for its CSS to find anything: all of one of the sets."""
    xpath: Expression | None = None
    text: str = ""
    """Folded."""
    regex: str = ""
    was: frozenset[str] = frozenset()

    @property
    def on_elements(self) -> bool:
        """Whether it looks for elements."""
        return self.css is not None or self.xpath is not None

    def is_for(self, address: Address, page_type: str, language: str) -> bool:
        """Whether the page is one that the rule is for."""
        return (
            (not self.sites or any(site.holds(address) for site in self.sites))
            and (not self.page_types or page_type in self.page_types)
            and (not self.languages or any(_is_in(language, wanted) for wanted in self.languages))
        )


def made_ready(rules: Iterable[Written]) -> tuple[list[Ready], list[Mistake]]:
    """The rules that can be used, and what is wrong with the others."""
    ready: list[Ready] = []
    mistakes: list[Mistake] = []
    for written in rules:
        try:
            ready.append(_made_ready(written))
        except _Wrong as wrong:
            mistakes += [Mistake(written.lines.get(key, written.line), what) for key, what in wrong.parts]
    return ready, mistakes


class _Wrong(Exception):
    """What is wrong with a rule, by its parts."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        super().__init__(parts)
        self.parts = parts


def _made_ready(written: Written) -> Ready:
    """Check all of a rule. Raises _Wrong, with everything that is wrong."""
    rule, wrong, made = written.rule, _shape(written.rule), dict[str, Any]()
    for key, (name, make) in _MAKERS.items():
        # What is no text was said already.
        if (value := getattr(rule, key)) and key not in dict(wrong):
            try:
                made[name] = make(value)
            except ValueError as error:
                wrong.append((key, f"{key}: {error}" if key in ALONE else str(error)))
    if wrong:
        raise _Wrong(wrong)
    if rule.keep or rule.drop:
        made["label"] = Label.BODY if rule.keep else None
    if "css" in made:
        made["needs"] = made["css"].needs
    return Ready(written, **made)


def _shape(rule: Rule) -> list[tuple[str, str]]:
    """What is wrong with a rule as a whole, and with the types of its values."""
    wrong = []
    for key in (*ALONE, *SEVERAL, "label", "name"):
        value = getattr(rule, key)
        values = list(value) if isinstance(value, _LISTS) and key in SEVERAL else [value]
        if not all(isinstance(one, str) for one in values):
            wrong.append((key, f"{key} takes text"))
        elif any("\ud800" <= character <= "\udfff" for one in values for character in one):
            wrong.append((key, f"{key} is not in UTF-8"))
        elif any(len(one) > _LONGEST_TEXT for one in values) and key not in ("css", "xpath"):
            wrong.append((key, f"{key} is over {_LONGEST_TEXT:,} characters long"))
    if isinstance(rule.name, str) and len(rule.name) > _LONGEST_NAME:
        wrong.append(("name", f"the name is over {_LONGEST_NAME} characters long"))
    if not any(getattr(rule, key) for key in WHAT):
        wrong.append(("", f"it does not say which blocks: there are {', '.join(WHAT)}"))
    actions = [said for said in ("label", "keep", "drop") if getattr(rule, said)]
    if len(actions) != 1:
        said = f"says {' and '.join(actions)}" if actions else "does not say what to do"
        wrong.append(("", f"it {said}: one of label, keep and drop is wanted"))
    return wrong


def _sites(value: str | Iterable[str]) -> tuple[Site, ...]:
    return tuple(Site.of(one) for one in _listed(value))


def _page_types(value: str | Iterable[str]) -> frozenset[str]:
    return frozenset(_known("page type", one, PageType) for one in _listed(value))


def _languages(value: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(_tag(one) for one in _listed(value))


def _labels(value: str | Iterable[str]) -> frozenset[str]:
    return frozenset(_known("label", one, Label) for one in _listed(value))


def _label(value: str) -> Label:
    return Label(_known("label", value, Label))


def _known(what: str, value: str, known: Iterable[str]) -> str:
    names = list(map(str, known))
    if value not in names:
        raise ValueError(unknown(what, value, names))
    return value


def _condition(text: str) -> Condition:
    from cleaner.user.language.css import read_css

    return read_css(text)


def _expression(text: str) -> Expression:
    from cleaner.user.xpath import Expression
    from cleaner.user.xpath_syntax import Binary, Call, Path

    expression = Expression.read(text)
    match expression.tree:
        case Path(absolute=False, start=None, steps=[first, *_]) if first.axis != "self":
            raise ValueError('it begins at the top of the page: write "//" to look everywhere')
        case Path() | Binary(operator="|") | Call(name="id"):
            return expression
        case _:
            raise ValueError("it gives no elements")


def _folded(text: str) -> str:
    if not (found := folded(text)):
        raise ValueError("it is empty")
    return found


def _regex(pattern: str) -> str:
    compiled(pattern)
    return pattern


_MAKERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "site": ("sites", _sites),
    "page_type": ("page_types", _page_types),
    "language": ("languages", _languages),
    "css": ("css", _condition),
    "xpath": ("xpath", _expression),
    "text": ("text", _folded),
    "regex": ("regex", _regex),
    "was": ("was", _labels),
    "label": ("label", _label),
}
"""For each part of a rule the field that it becomes, and how."""


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _tag(language: str) -> str:
    if not (tag := language.strip().lower().replace("_", "-")):
        raise ValueError("language is empty")
    return tag


def _is_in(language: str, wanted: str) -> bool:
    return language == wanted or language.startswith(wanted + "-")

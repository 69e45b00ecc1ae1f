"""CSS selectors to conditions: Soup Sieve reads them, and we match them in linear time, those of all rules together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.user.language.conditions import (
    Attributed,
    Classed,
    Condition,
    Either,
    Every,
    Hollow,
    Identified,
    Near,
    Numbered,
    Opposite,
    Tagged,
)

if TYPE_CHECKING:
    from soupsieve import css_types

_LONGEST = 2_000
_DEEPEST = 40
_TOO_DEEP = f"it is made of more than {_DEEPEST} parts that lead on from each other"
_WHERE = {
    " ": "around",
    ">": "above",
    "~": "before",
    "+": "right before",
    ": ": "inside",
    ":>": "below",
    ":~": "after",
    ":+": "right after",
}
"""Where an element stands from the other of a selector, by its combinator; with a colon in ``:has()``."""
_EMPTY, _ROOT, _SCOPE = 0x1, 0x2, 0x10
"""What Soup Sieve marks ``:empty``, ``:root`` and ``:scope`` with."""


def read_css(text: str) -> Condition:
    """The condition of a selector. Raises ValueError, with what is wrong."""
    import soupsieve

    if len(text) > _LONGEST:
        raise ValueError(f"a selector of over {_LONGEST:,} characters")
    if ":contains(" in text or ":-soup-contains" in text:
        raise ValueError("CSS has no :contains(): use text")
    try:
        return _any_of(soupsieve.compile(text, flags=soupsieve.NOSTRICT).selectors)
    except NotImplementedError:
        raise ValueError("no element of a saved page is a pseudo-element") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(str(error).split("\n", 1)[0].rstrip(".")) from None


def _any_of(selectors: css_types.SelectorList, depth: int = 0) -> Condition:
    either = tuple(_one(selector, depth + 1) for selector in selectors)
    found = either[0] if len(either) == 1 else Either(either)
    return Opposite(found) if selectors.is_not else found


def _one(selector: css_types.Selector | css_types.SelectorNull, depth: int) -> Condition:
    from soupsieve import css_types

    if depth > _DEEPEST:
        raise ValueError(_TOO_DEEP)

    if isinstance(selector, css_types.SelectorNull):
        raise ValueError("it can hold for no element of a saved page")
    if selector.contains or selector.lang or selector.flags & ~(_EMPTY | _ROOT | _SCOPE):
        raise ValueError("it holds a pseudo-class that rules do not know")
    tag = selector.tag
    if tag is not None and tag.prefix not in (None, "*", "html"):
        raise ValueError("elements of a page have no namespaces")
    # What few elements have comes first: mostly it decides alone.
    parts: list[Condition] = [Identified(name) for name in selector.ids]
    parts += [Classed(name) for name in selector.classes]
    parts += [_attribute(one, tag.name.lower() if tag is not None else "*") for one in selector.attributes]
    if tag is not None and tag.name != "*":
        parts.append(Tagged(tag.name.lower()))
    parts += [_nth(one, depth) for one in selector.nth]
    parts += [_any_of(inner, depth) for inner in selector.selectors if len(inner)]
    if selector.flags & _EMPTY:
        parts.append(Hollow())
    if selector.flags & (_ROOT | _SCOPE):
        parts.append(Opposite(Near("above", Every(()))))
    for other in selector.relation:
        if not isinstance(other, css_types.SelectorNull) and other.rel_type is not None:
            parts.append(Near(_WHERE[other.rel_type], _one(other, depth + 1)))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _attribute(one: css_types.SelectorAttribute, tag: str) -> Condition:
    if one.prefix not in ("", "*"):
        raise ValueError("attributes of a page have no namespaces")
    return Attributed(one.attribute.lower(), tag, one.pattern, one.ignore_case, one.inverse)


def _nth(one: css_types.SelectorNth, depth: int) -> Condition:
    among = _any_of(one.selectors, depth) if len(one.selectors) else None
    place = Numbered(one.a if one.n else 0, one.b, one.last, one.of_type, among)
    return place if among is None else Every((among, place))

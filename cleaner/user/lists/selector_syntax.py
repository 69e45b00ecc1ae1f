"""The selectors of filters, read: CSS, and the operators of Adblock Plus, uBlock Origin and AdGuard."""

from __future__ import annotations

import re

from cleaner.user.lists.selectors import (
    Address,
    AnyAttribute,
    Attribute,
    Compound,
    Condition,
    Either,
    Has,
    LongText,
    Move,
    Place,
    Selector,
    Text,
    compiled,
    place_test,
)
from cleaner.user.xpath import Expression

LONGEST = 2_000
_DEEPEST = 6
_MOST_PARTS = 16
_MOST_UP = 256
_ESCAPED = r"\\[0-9a-fA-F]{1,6}[ ]?|\\."
_LETTER = rf"[^\W\d]|[^\x00-\x7f]|{_ESCAPED}"
_NAME = rf"(?:-?(?:{_LETTER})|--)(?:[\w-]|{_LETTER})*"
_TAG = re.compile(r"\*|[A-Za-z][\w-]*")
_MARK = re.compile(rf"([.#])({_NAME})")
_ATTRIBUTE = re.compile(
    r"""\[\s*([A-Za-z_][\w.:-]*)\s*(?:([~|^$*]?=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\]\s"']+)\s*([iIsS])?\s*)?\]"""
)
_PSEUDO = re.compile(r"(::?)(-?[A-Za-z][\w-]*)(\()?")
_COMBINATOR = re.compile(r"\s*([>+~])\s*|(\s)\s*")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ ]?|(.))")
_REGEX = re.compile(r"/(.+)/([a-z]*)", re.S)
_UNICODE = re.compile(r"\\u\{?([0-9a-fA-F]{2,6})\}?")
_PLACES = frozenset(
    "root empty first-child last-child only-child first-of-type last-of-type only-of-type nth-child nth-last-child "
    "nth-of-type nth-last-of-type checked disabled enabled link lang".split()
)
_HAS = frozenset({"has", "-abp-has", "if"})
_IS = frozenset({"is", "where", "matches", "any", "-webkit-any", "-moz-any"})
_NOT = frozenset({"not", "if-not"})
_TEXTS = frozenset({"has-text", "contains", "-abp-contains"})
_UP = frozenset({"upward", "nth-ancestor"})
_UNSEEN = frozenset(
    "matches-css matches-css-before matches-css-after -abp-properties matches-media matches-prop watch-attr "
    "watch-attrs others shadow style remove-attr remove-class before after hover active focus focus-within "
    "focus-visible visited target placeholder-shown first-line first-letter selection placeholder host "
    "host-context defined autofill valid invalid required optional read-only read-write in-range out-of-range "
    "fullscreen modal scope any-link".split()
)


class UnusableError(ValueError):
    """A selector that is right, and cannot be told from a saved page."""


def read_selectors(text: str) -> list[Selector]:
    """Read selectors apart by commas. Raises ValueError with what is wrong; UnusableError where nothing is."""
    if len(text) > LONGEST:
        raise ValueError(f"a selector of over {LONGEST:,} characters")
    return _Reader(text, 0).all()


class _Reader:
    """Goes through a selector from left to right."""

    def __init__(self, text: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise ValueError(f"a selector nested over {_DEEPEST} deep")
        self._text = text.strip()
        self._depth = depth
        self._place = 0

    def all(self, *, relative: bool = False) -> list[Selector]:
        found = [self._selector(relative=relative)]
        while self._text.startswith(",", self._place):
            self._place = len(self._text) - len(self._text[self._place + 1 :].lstrip())
            found.append(self._selector(relative=relative))
        if self._place < len(self._text):
            raise ValueError(f"no selector: {self._text[self._place :][:20]!r} is not understood")
        return found

    def _selector(self, *, relative: bool) -> Selector:
        compounds: list[Compound] = []
        moves: list[Move] = []
        lead = _COMBINATOR.match(self._text, self._place)
        if lead and not (relative and lead[1]):
            raise ValueError(f"no selector: it begins with {lead[0].strip()!r}")
        combinators = [(lead[1] if lead else None) or " "]
        self._place = lead.end() if lead else self._place
        while True:
            if len(compounds) == _MOST_PARTS:
                raise ValueError(f"a selector of over {_MOST_PARTS} parts")
            compounds.append(self._compound(moves))
            match = _COMBINATOR.match(self._text, self._place)
            if match is None or match.end() == len(self._text) or self._text.startswith(",", match.end()):
                break
            if moves:
                raise UnusableError("what comes after an operator that goes up is not followed")
            combinators.append(match[1] or " ")
            self._place = match.end()
        if match is not None:
            if match[1]:
                raise ValueError(f"no selector: nothing comes after {match[1]!r}")
            self._place = match.end()
        return Selector(tuple(compounds), tuple(combinators), tuple(moves))

    def _compound(self, moves: list[Move]) -> Compound:
        start, tag = self._place, ""
        if match := _TAG.match(self._text, self._place):
            tag, self._place = match[0].lower(), match.end()
        ids: list[str] = []
        classes: list[str] = []
        own: list[Condition] = []
        while self._place < len(self._text):
            here = self._text[self._place]
            if here in ".#" and (match := _MARK.match(self._text, self._place)):
                (ids if here == "#" else classes).append(_unescaped(match[2]))
            elif here == "[" and (match := _ATTRIBUTE.match(self._text, self._place)):
                own.append(_attribute(match))
            elif here == ":" and (match := _PSEUDO.match(self._text, self._place)):
                self._pseudo(match, tag, own, moves)
                continue
            else:
                break
            self._place = match.end()
        if self._place == start:
            raise ValueError(
                "no selector: "
                + (f"{self._text[start:][:20]!r} is not understood" if self._text[start:] else "it ends too soon")
            )
        return Compound("" if tag == "*" else tag, tuple(ids), tuple(classes), tuple(own))

    def _pseudo(self, match: re.Match[str], tag: str, own: list[Condition], moves: list[Move]) -> None:
        """Take up a pseudo-class or an operator."""
        name, argument = match[2].lower(), None
        self._place = match.end()
        if match[3]:
            argument = self._argument()
        if name == "remove" and not argument:
            return
        if match[1] == "::" or name in _UNSEEN:
            raise UnusableError(f"{match[1]}{name} cannot be told from a saved page")
        if name in _UP or name == "xpath":
            moves.append(self._move(name, argument or ""))
            return
        condition = self._condition(name, argument, tag)
        if moves:
            last = moves[-1]
            then = Compound(conditions=(*last.then.conditions, condition))
            moves[-1] = Move(last.up, last.to, last.xpath, then)
        else:
            own.append(condition)

    def _condition(self, name: str, argument: str | None, tag: str) -> Condition:
        if name.endswith("-of-type") and not tag:
            raise UnusableError(f":{name} without an element's name is not counted")
        if name in _PLACES:
            return _place(f"{tag or '*'}:{name}" + (f"({argument})" if argument is not None else ""))
        if not argument:
            raise ValueError(f"no pseudo-class :{name}" if argument is None else f":{name}() is empty")
        if name in _HAS:
            return Has(tuple(_Reader(argument, self._depth + 1).all(relative=True)))
        if name in _IS or name in _NOT:
            inner = tuple(_Reader(argument, self._depth + 1).all())
            if any(one.moves for one in inner):
                raise UnusableError(f"an operator that goes up inside :{name}() is not followed")
            return Either(inner, none=name in _NOT)
        if name in _TEXTS:
            text, pattern = _text_or_pattern(argument)
            return Text(text, pattern)
        if name == "min-text-length" and argument.strip().isdecimal():
            return LongText(int(argument[:9]))
        if name == "matches-attr":
            return _any_attribute(argument)
        if name == "matches-path":
            text, pattern = _text_or_pattern(argument)
            return Address(text, pattern)
        raise ValueError(f"no pseudo-class :{name}()")

    def _move(self, name: str, argument: str) -> Move:
        argument = argument.strip()
        if name == "xpath":
            return Move(xpath=Expression.read(argument))
        if argument.isdecimal():
            if not 0 < int(argument[:9]) < _MOST_UP:
                raise ValueError(f":{name}() takes a number from 1 to {_MOST_UP - 1}")
            return Move(up=int(argument))
        to = _Reader(argument, self._depth + 1).all()
        if len(to) > 1 or to[0].moves:
            raise UnusableError(f":{name}() with more than one plain selector is not followed")
        return Move(to=to[0])

    def _argument(self) -> str:
        """What stands in brackets, up to the one that closes them."""
        start, depth, place = self._place, 1, self._place
        while place < len(self._text):
            character = self._text[place]
            if character == "\\":
                place += 1
            elif character in "()":
                depth += 1 if character == "(" else -1
                if not depth:
                    self._place = place + 1
                    return self._text[start:place].strip()
            place += 1
        raise ValueError("no selector: a bracket is not closed")


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if not match[1]:
            return match[2]
        code = int(match[1], 16)
        return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"

    return _ESCAPE.sub(character, text) if "\\" in text else text


def _attribute(match: re.Match[str]) -> Attribute:
    value = match[3] or ""
    if value[:1] in ('"', "'"):
        value = value[1:-1]
    return Attribute(match[1].lower(), match[2] or "", _unescaped(value), fold=(match[4] or "").lower() == "i")


def _place(css: str) -> Place:
    from cssselect import SelectorError

    try:
        place_test(css)
    except SelectorError as error:
        raise ValueError(f"no selector: {error}") from None
    return Place(css)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _text_or_pattern(argument: str) -> tuple[str, str]:
    """A text, or where it stands between slashes a regular expression."""
    argument = _unquoted(argument)
    match = _REGEX.fullmatch(argument)
    return ("", _pattern(match[1], match[2])) if match else (argument, "")


def _pattern(source: str, flags: str) -> str:
    """A regular expression of JavaScript as one of RE2."""
    pattern = _UNICODE.sub(r"\\x{\1}", source).replace("\\/", "/")
    known = "".join(flag for flag in "ims" if flag in flags)
    pattern = f"(?{known}){pattern}" if known else pattern
    import re2

    try:
        compiled(pattern)
    except (re2.error, ValueError):
        raise UnusableError("its regular expression cannot be run in linear time") from None
    return pattern


def _any_attribute(argument: str) -> AnyAttribute:
    """``"name"="value"``, each a text or a regular expression."""
    name, equals, value = argument.partition("=")
    exact = [_whole(*_text_or_pattern(part)) for part in (name, value if equals else "/^/")]
    return AnyAttribute(exact[0], exact[1])


def _whole(text: str, pattern: str) -> str:
    import re2

    return pattern or f"^{re2.escape(text)}$"

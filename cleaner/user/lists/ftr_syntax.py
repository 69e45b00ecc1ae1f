"""The files of ftr-site-config: one for each site, a directive a line, ``name: value`` or ``name(argument): value``.

As Full-Text RSS by FiveFilters reads them; what is Instapaper's, from which the format comes, is known by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.user.lists.text import Messages, lines
from cleaner.user.xpath import Expression

_LINE = re.compile(r"([\w-]+)\s*(?:\((.*?)\))?\s*:(.*)", re.S)
_MOST = 500
"""Directives of one file."""
EXPRESSIONS = frozenset({"title", "body", "author", "date", "strip", "native_ad_clue"})
SWITCHES = frozenset({"prune", "autodetect_on_failure", "skip_json_ld"})
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
WRAPS = frozenset("b blockquote code div em figcaption figure h2 h3 h4 i li ol p pre q section strong ul".split())
NOTED = {
    "single_page_link": "names another page, and cleaning fetches none",
    "single_page_link_in_feed": "names another page, and cleaning fetches none",
    "next_page_link": "names another page, and cleaning fetches none",
    "autodetect_next_page": "is about other pages, and cleaning fetches none",
    "if_page_contains": "is a condition on links to other pages, and cleaning fetches none",
    "http_header": "is about fetching",
    "user_agent": "is about fetching",
    "referer": "is about fetching",
    "cookie": "is about fetching",
    "requires_login": "is about fetching",
    "login_uri": "is about fetching",
    "login_username_field": "is about fetching",
    "login_password_field": "is about fetching",
    "login_extra_fields": "is about fetching",
    "not_logged_in_xpath": "is about fetching",
    "parser": "chooses among parsers, and there is one here",
    "tidy": "chooses among parsers, and there is one here",
    "convert_double_br_tags": "is so anyway: two line breaks part paragraphs",
    "insert_detected_image": "is about a picture that the body does not hold",
    "strip_comments": "is so anyway: comments of the markup are left out",
    "dissolve": "is about markup that changes no text",
    "footnotes": "is about markup that changes no text",
    "move_into": "would change the order of the page",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An XPath of a file, and the place that it stands at, as ``example.com:12``."""

    place: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Test:
    """An address that the file was made for, and texts that must come out of it."""

    url: str
    contains: tuple[str, ...] = ()


@dataclass(slots=True)
class SiteConfig:
    """What one file says of a site."""

    name: str
    title: list[Said] = field(default_factory=list)
    body: list[Said] = field(default_factory=list)
    author: list[Said] = field(default_factory=list)
    date: list[Said] = field(default_factory=list)
    strip: list[Said] = field(default_factory=list)
    native_ad_clue: list[Said] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    """Parts of the addresses of pictures that are to go."""
    wraps: list[tuple[str, Said]] = field(default_factory=list)
    lazy: list[str] = field(default_factory=list)
    """Attributes that hold the address of a picture until it is loaded."""
    replacements: list[tuple[bytes, bytes]] = field(default_factory=list)
    switches: dict[str, bool] = field(default_factory=dict)
    tests: list[Test] = field(default_factory=list)

    def switch(self, name: str, usual: bool) -> bool:
        """Whether something is to be done; *usual* where the file does not say."""
        return self.switches.get(name, usual)

    @property
    def rewrites(self) -> bool:
        """Whether it changes the page before it is parsed."""
        return bool(self.replacements) or self.reshapes

    @property
    def reshapes(self) -> bool:
        """Whether it changes the page's elements."""
        return bool(self.images or self.wraps or self.lazy or self.switch("skip_json_ld", False))

    def with_more(self, other: SiteConfig) -> SiteConfig:
        """This, then what another file says."""
        joined = SiteConfig(self.name, switches={**other.switches, **self.switches}, tests=self.tests)
        for name in (
            "title",
            "body",
            "author",
            "date",
            "strip",
            "native_ad_clue",
            "images",
            "wraps",
            "lazy",
            "replacements",
        ):
            setattr(joined, name, [*getattr(self, name), *getattr(other, name)])
        return joined


def read_config(path: Path, mistakes: Messages, noted: Messages) -> SiteConfig:
    """Read one file; what cannot be used is said in *mistakes*. Raises OSError where it cannot be read."""
    reader = _Reader(path.name, mistakes, noted)
    for count, (number, line) in enumerate(lines(path, path.name, mistakes)):
        if count >= _MOST:
            mistakes.add(f"{path.name}:{number}", f"over {_MOST} lines: the rest was left out")
            break
        if not line.startswith("#"):
            reader.line(number, line)
    return reader.done()


class _Reader:
    """Goes over the lines of one file."""

    def __init__(self, name: str, mistakes: Messages, noted: Messages) -> None:
        self._name = name
        self._host = name.removesuffix(".txt")
        self._mistakes = mistakes
        self._noted = noted
        self._config = SiteConfig(self._host)
        self._find: list[tuple[int, str]] = []
        self._replace: list[str] = []

    def line(self, number: int, line: str) -> None:
        """Take up one directive."""
        match = _LINE.fullmatch(line)
        if match is None:
            self._wrong(number, f"no directive: {line[:40]!r}")
            return
        name, argument, value = match[1].lower(), match[2], match[3].strip()
        if argument is not None and name not in ("replace_string", "http_header", "wrap_in", "move_into"):
            # A colon in brackets of a value, as in an XPath of a directive that was misspelt.
            self._wrong(number, f"{name} takes nothing in brackets")
        elif not value and name != "replace_string":
            self._wrong(number, f"{name} has no value")
        elif name in NOTED:
            self._noted.add(f"{self._name}:{number}", f"{name} {NOTED[name]}")
        else:
            self._directive(number, name, argument, value)

    def _directive(self, number: int, name: str, argument: str | None, value: str) -> None:
        config = self._config
        if name in EXPRESSIONS or name == "strip_attr":
            self._expression(number, getattr(config, name.removesuffix("_attr")), value)
        elif name in SWITCHES:
            self._switch(number, name, value.lower())
        elif name == "strip_id_or_class":
            word = value.replace("'", "").replace('"', "")
            self._expression(number, config.strip, f"//*[contains(@class, '{word}') or contains(@id, '{word}')]")
        elif name == "strip_image_src":
            config.images.append(value.strip("'\""))
        elif name == "src_lazy_load_attr":
            config.lazy.append(value.lower())
        elif name == "wrap_in":
            self._wrap(number, (argument or "").strip().lower(), value)
        elif name == "find_string":
            self._find.append((number, value))
        elif name == "replace_string":
            self._replacement(argument, value)
        elif name == "test_url":
            config.tests.append(Test(value))
        elif name == "test_contains":
            self._test_contains(number, value)
        else:
            self._wrong(number, f"no directive {name!r}")

    def done(self) -> SiteConfig:
        """What the file says, once all of it was read."""
        if len(self._find) != len(self._replace):
            place = self._find[0][0] if self._find else 1
            many = f"{len(self._find)} find_string and {len(self._replace)} replace_string"
            self._wrong(place, f"{many}: each needs the other, none is used")
        else:
            pairs = zip((text for _, text in self._find), self._replace, strict=True)
            # A text that is sought can hold half of a character only where the list is damaged.
            self._config.replacements += [
                (a.encode("utf-8", "replace"), b.encode("utf-8", "replace")) for a, b in pairs
            ]
        return self._config

    def _wrong(self, number: int, what: str) -> None:
        self._mistakes.add(f"{self._name}:{number}", what)

    def _said(self, number: int, text: str) -> Said | None:
        try:
            return Said(f"{self._host}:{number}", Expression.read(text))
        except ValueError as error:
            self._wrong(number, str(error))
            return None

    def _expression(self, number: int, into: list[Said], text: str) -> None:
        if said := self._said(number, text):
            into.append(said)

    def _switch(self, number: int, name: str, value: str) -> None:
        if value not in YES | NO:
            self._wrong(number, f"{name} is yes or no, not {value[:20]!r}")
        else:
            self._config.switches[name] = value in YES

    def _wrap(self, number: int, tag: str, value: str) -> None:
        if tag not in WRAPS:
            self._wrong(number, f"wrap_in takes one of {', '.join(sorted(WRAPS))}, not {tag[:20]!r}")
        elif said := self._said(number, value):
            self._config.wraps.append((tag, said))

    def _replacement(self, sought: str | None, value: str) -> None:
        if sought is None:
            self._replace.append(value)
        elif sought:
            self._config.replacements.append((sought.encode("utf-8", "replace"), value.encode("utf-8", "replace")))

    def _test_contains(self, number: int, value: str) -> None:
        tests = self._config.tests
        if not tests:
            self._wrong(number, "test_contains before any test_url")
        else:
            tests[-1] = Test(tests[-1].url, (*tests[-1].contains, value))

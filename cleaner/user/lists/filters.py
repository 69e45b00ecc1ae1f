"""The lines of a filter list: which hide what, on which sites, and which are exceptions or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.user.lists.text import Messages, lines

_HEADER = re.compile(r"\[[^\]]*\]", re.I)
_TITLE = re.compile(r"!\s*title\s*:\s*(.+)", re.I)
_SEPARATOR = re.compile(r"#(@)?(\$\?|\?|\$|%)?#|\$(@)?\$")
_SITES = re.compile(r"[^\s/\\\"'()<>{}\[\]#$^|;=&!@]*")
_HIDING_OFF = frozenset({"generichide", "ghide", "elemhide", "ehide"})
_OPTIONS = re.compile(r"\$([\w~,|=.*-]+)$")
_PATTERN = re.compile(r"\|\|([\w.-]+)(/[^*|^]*)?[\^*|]*|\*?")
_NOT_HIDING = {"%": "scriptlets", "$": "rules of style", "$?": "rules of style"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One line that hides something: its selector, and the sites that it holds for, all where there are none."""

    line: int
    selector: str
    sites: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    """Sites that it does not hold for."""


@dataclass(frozen=True, slots=True)
class Shelter:
    """A page on which nothing is hidden, or nothing by filters for all sites."""

    host: str
    path: str = ""
    generic_only: bool = True


@dataclass(slots=True)
class FilterList:
    """What a list holds."""

    name: str
    title: str = ""
    hiding: list[Filter] = field(default_factory=list)
    exceptions: list[Filter] = field(default_factory=list)
    shelters: list[Shelter] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)
    """Lines that hide nothing in a page, counted by what they are."""

    def count(self, what: str) -> None:
        """One more line of a kind that is passed over."""
        self.passed_over[what] = self.passed_over.get(what, 0) + 1


def read_filters(path: Path, mistakes: Messages, noted: Messages) -> FilterList:
    """Read a list. Raises OSError where it cannot be read."""
    found = FilterList(path.name)
    for number, line in lines(path, path.name, mistakes):
        # Most lines hide one class everywhere.
        if line.startswith("##") and line[2:3] in ".[#":
            _hiding(found, number, "", line[2:], mistakes)
        elif line.startswith(("!", "# ")):
            _comment(found, number, line, noted)
        elif not (number == 1 and _HEADER.fullmatch(line)):
            _filter(found, number, line, mistakes, noted)
    return found


def _comment(found: FilterList, number: int, line: str, noted: Messages) -> None:
    if line.startswith(("!#", "!+")):
        noted.add(f"{found.name}:{number}", f"{line[:40]} is not followed: conditions do not count, nothing is fetched")
    elif not found.title and (match := _TITLE.match(line)):
        found.title = match[1].strip()


def _filter(found: FilterList, number: int, line: str, mistakes: Messages, noted: Messages) -> None:
    match = _SEPARATOR.search(line)
    if match is None or not _SITES.fullmatch(line[: match.start()]):
        if match is not None and line.startswith(("/", "[$")):
            noted.add(f"{found.name}:{number}", "sites by regular expression or by modifier are not told")
        elif _HEADER.fullmatch(line) or (line.startswith("#") and match is None):
            return
        elif line.startswith("@@") and (options := _options(line)) & _HIDING_OFF:
            _shelter(found, number, line, options, noted)
        else:
            found.count("rules for requests")
        return
    selector = line[match.end() :].strip()
    exception, kind = match[1] or match[3], match[2]
    if match[0].startswith("$") or selector.startswith("^"):
        found.count("rules for the markup of answers")
    elif kind in _NOT_HIDING:
        found.count(_NOT_HIDING[kind])
    elif selector.startswith(("+js(", "script:inject(")) or selector == "+js":
        found.count("scriptlets")
    elif exception:
        found.exceptions.append(_made(number, line[: match.start()], selector))
    else:
        _hiding(found, number, line[: match.start()], selector, mistakes)


def _hiding(found: FilterList, number: int, sites: str, selector: str, mistakes: Messages) -> None:
    if not selector:
        mistakes.add(f"{found.name}:{number}", "no selector")
    else:
        found.hiding.append(_made(number, sites, selector) if sites else Filter(number, selector))


def _made(number: int, sites: str, selector: str) -> Filter:
    names = [name.strip().lower() for name in sites.split(",") if name.strip()]
    inside = tuple(name for name in names if name[0] != "~" and name != "*")
    return Filter(number, selector, inside, tuple(name[1:] for name in names if name[0] == "~"))


def _options(line: str) -> frozenset[str]:
    match = _OPTIONS.search(line)
    return frozenset(match[1].lower().split(",")) if match else frozenset()


def _shelter(found: FilterList, number: int, line: str, options: frozenset[str], noted: Messages) -> None:
    """An exception for whole pages: by host, host and path, or the option ``domain=``."""
    generic_only = not options & {"elemhide", "ehide"}
    match = _PATTERN.fullmatch(line[2 : line.rindex("$")])
    domains = next((option[7:] for option in sorted(options) if option.startswith("domain=")), "")
    if match is not None and match[1]:
        found.shelters.append(Shelter(match[1].lower().strip("."), match[2] or "", generic_only))
    elif match is not None and domains and "~" not in domains:
        found.shelters += [Shelter(host, "", generic_only) for host in domains.split("|") if host]
    else:
        noted.add(f"{found.name}:{number}", "pages by such a pattern are not told")

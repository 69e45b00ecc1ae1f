"""``cleaner rules check``: what is wrong with rules, and what each of them does on pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cleaner
from cleaner import Document, Page
from cleaner.cli.options import read_rules
from cleaner.cli.reader import Reader, page_name
from cleaner.cli.terminal import Command, guarded, printable, show, tell
from cleaner.load.inputs import find_inputs

if TYPE_CHECKING:
    from cleaner.user.sources import Source
    from cleaner.user.trace import Found, Place

_MOST_SHOWN = 5
_WIDTH = 60

rules_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Rules of your own.")


@rules_app.callback()
def rules() -> None:
    """Rules of your own."""


@rules_app.command("check")
def check_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files of rules, or what else --rules takes.")],
    page: Annotated[
        list[str] | None, typer.Option(metavar="PAGE", help="Pages to try the rules on: files, folders, globs.")
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The page's address, for rules of a site.")] = None,
) -> None:
    """Say what is wrong with rules, and with --page what each of them finds there and changes."""
    check = Check(read_rules(files, "FILE"), files)
    with guarded(check.complain):
        check.run(page or [], Reader(url))
    raise typer.Exit(int(check.failed))


def complain_of(rules: Sequence[Source], command: Command) -> None:
    """Say on standard error which rules were left out, and why."""
    for source in rules:
        for mistake in source.mistakes:
            name, _, what = mistake.partition(": ")
            command.complain(name, what)


@dataclass(slots=True)
class _Tally:
    """What a rule did on all pages."""

    pages: int = 0
    blocks: int = 0
    elements: int = 0
    unasked: int = 0
    changed: int = 0
    lost_to: Counter[str] = field(default_factory=Counter)
    """Rules that decided its blocks instead."""
    shown: dict[str, list[str]] = field(default_factory=dict)
    """The first blocks, by page."""

    def add(self, found: Found, document: Document, page: str, reason: str) -> None:
        """Add what it found on a page."""
        self.pages += bool(found.touches)
        self.blocks += len(found.touches)
        self.elements += found.elements or 0
        self.unasked += not found.is_asked
        for touch in found.touches:
            block = document.blocks[touch.block]
            decided = touch.decided and (block.reason == reason or block.reason.startswith(f"{reason} from "))
            self.changed += decided and block.label is not touch.was
            if not decided:
                self.lost_to[block.reason] += 1
            if self.listed < _MOST_SHOWN:
                by = "" if decided else f"  (by {block.reason})"
                line = f"{touch.was:<13} -> {block.label:<13}  {_start(block.text)}{by}"
                self.shown.setdefault(page, []).append(line)

    @property
    def listed(self) -> int:
        """How many blocks are shown."""
        return sum(map(len, self.shown.values()))

    def summary(self) -> str:
        """What it did, in a sentence or two."""
        said = []
        if self.blocks:
            said.append(f"{_count(self.blocks, 'block')} on {_count(self.pages, 'page')}")
            lost = sum(self.lost_to.values())
            if lost == self.blocks:
                said.append(f"shadowed: all of them were decided by {', '.join(map(printable, self.lost_to))}")
            elif lost:
                said.append(f"{lost:,} of them were decided by {', '.join(map(printable, self.lost_to))}")
            if not self.changed and lost < self.blocks:
                said.append("no label changed")
        elif self.elements:
            said.append(f"selects {_count(self.elements, 'element')}, but no block that all of it holds for")
        elif not self.unasked:
            said.append("matched nothing")
        if self.unasked:
            said.append(f"not asked on {_count(self.unasked, 'page')}: too large for its XPath")
        return "; ".join(said)


class Check(Command):
    """Tells what rules do; knows whether something is wrong."""

    def __init__(self, rules: Sequence[Source], files: Sequence[Path]) -> None:
        super().__init__()
        from cleaner.user.rules import RuleSet
        from cleaner.user.trace import Trace

        self._files = files
        self._rules = rules
        # Filters and ftr-site-config are not told rule by rule.
        self._traces = [Trace(one) if isinstance(one, RuleSet) else None for one in rules]
        self._tallies = [{place.number: _Tally() for place in trace.places} if trace else {} for trace in self._traces]

    def run(self, pages: Sequence[str], reader: Reader) -> None:
        """Check the rules, and try them on the pages that the arguments name."""
        complain_of(self._rules, self)
        tried = self._try(pages, reader) if pages else 0
        for file, rules, trace, tallies in zip(self._files, self._rules, self._traces, self._tallies, strict=True):
            what = "filters or ftr-site-config" if trace is None else _count(len(tallies), "rule")
            wrong = ", and mistakes" if rules.mistakes else ""
            show(f"{printable(str(file))}: {what}{wrong}\n")
            for place in trace.places if trace is not None and tried else ():
                self._tell(place, tallies[place.number])

    def _try(self, names: Sequence[str], reader: Reader) -> int:
        """Clean the pages, and count what the rules find there; how many there were."""
        ours = cleaner.Cleaner(rules=[trace or rules for trace, rules in zip(self._traces, self._rules, strict=True)])
        tried = 0
        for item, page in reader.read(find_inputs(names, self.complain)):
            name = page_name(item, page)
            if page.error is not None:
                self.complain(name, str(page.error))
            if page.content:
                tried += 1
                self._one(ours, name, page)
        return tried

    def _one(self, ours: cleaner.Cleaner, name: str, page: Page) -> None:
        document = ours.clean(page)
        for warning in document.warnings:
            tell(name, warning)
        for trace, tallies in zip(self._traces, self._tallies, strict=True):
            if trace is not None:
                for found in trace.found(document):
                    tallies[found.number].add(found, document, name, trace.reason(found.number))

    def _tell(self, place: Place, tally: _Tally) -> None:
        show(f"\nrule {place.number}, line {place.line}: {printable(str(place.rule))}\n  {tally.summary()}\n")
        for page, lines in tally.shown.items():
            show(f"  {printable(page)}\n" + "".join(f"    {printable(line)}\n" for line in lines))
        if tally.blocks > tally.listed:
            show(f"    … and {tally.blocks - tally.listed:,} more\n")


def _start(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _WIDTH else f"{words[: _WIDTH - 1].rstrip()}…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

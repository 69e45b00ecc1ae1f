"""The phrase lists as tables that load fast: ``python -m cleaner.tag.compile`` after every change of a list.

The lists in ``phrases/*.toml`` are what people read and write; ``compiled/*.json`` holds the same, a table a script,
taken apart into the literal fragments that the matcher seeks. A test holds the two together.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cleaner.html.words import is_unspaced
from cleaner.tag.fold import fold
from cleaner.tag.packed import BETWEEN
from cleaner.tag.scripts import main_script

_HERE = Path(__file__).parent
SOURCES = _HERE / "phrases"
COMPILED = _HERE / "compiled"
_GAP = "..."
PREFIX_KEY = 5
"""Prefixes are kept by so many of their first characters; shorter ones by all they have."""


def fragments(phrase: str) -> list[tuple[str, bool]]:
    """Take a phrase apart: each literal fragment, and whether a gap of some words may stand before it.

    A fragment that ends in ``*`` may go on to the end of its word.
    """
    parts: list[tuple[str, bool]] = []
    words: list[str] = []
    gap = False
    for word in [*phrase.split(), _GAP]:
        if word == _GAP:
            if words:
                parts.append((" ".join(words), gap))
            words, gap = [], True
            continue
        words.append(word)
        if word.endswith("*"):
            parts.append((" ".join(words), gap))
            words, gap = [], False
    return [(_folded(text), gap) for text, gap in parts]


def _folded(text: str) -> str:
    star = "*" if text.endswith("*") else ""
    return fold(text.rstrip("*")) + star


class Compiler:
    """Gathers the lists into one table, laid out as the matcher uses it, so that loading it costs next to nothing."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.fragments: dict[str, int] = {}
        self.phrases: dict[tuple[tuple[int, bool], ...], list[int]] = {}
        self.exact: dict[str, list[int]] = {}
        self.prefix: dict[str, dict[str, list[int]]] = {}

    def add(self, label: str, strength: str, language: str, text: str) -> None:
        """Take up one phrase."""
        name = self.names.setdefault(f"{label}.{strength}.{language}", len(self.names))
        if strength == "exact":
            _note(self.exact.setdefault(fold(text), []), name)
        elif strength == "prefix":
            opening = fold(text)
            _note(self.prefix.setdefault(opening[:PREFIX_KEY], {}).setdefault(opening, []), name)
        else:
            parts = [(self.fragments.setdefault(t, len(self.fragments)), gap) for t, gap in fragments(text)]
            _note(self.phrases.setdefault(tuple(parts), []), name)

    def table(self) -> dict[str, Any]:
        """Return the table.

        names: ``label.strength.language``; fragments: literal strings, with ``edges`` a digit each: bit 1, the word may
        go on; bit 2, a word begins; bit 4, a word ends; phrases: names, fragments, and 1 where a gap may stand before;
        anchors: the fragments that the matcher seeks, one a phrase; uses: for each anchor the phrases and its place in
        them, in turn; hints: for each anchor the languages, if all its phrases are mere hints; exact: texts, and
        the names of each; prefix: text to
        names. Columns of strings are joined (:mod:`cleaner.tag.packed`), rows of numbers are strings, both taken apart
        only when they are needed: most never are.
        """
        fragments = list(self.fragments)
        hinted = self._hinted()
        uses: dict[int, list[int]] = {}
        for number, parts in enumerate(self.phrases):
            place = max(range(len(parts)), key=lambda k: len(fragments[parts[k][0]].encode()))
            uses.setdefault(parts[place][0], []).extend((number, place))
        return {
            "names": list(self.names),
            "fragments": BETWEEN.join(fragment.rstrip("*") for fragment in fragments),
            "edges": "".join(str(_edges(fragment)) for fragment in fragments),
            "phrases": BETWEEN.join(
                f"{_row(names)}|{_row(f for f, _ in parts)}|{_row(int(g) for _, g in parts)}"
                for parts, names in self.phrases.items()
            ),
            "anchors": _row(uses),
            "uses": BETWEEN.join(map(_row, uses.values())),
            "hints": BETWEEN.join(_together([hinted[number] for number in row[::2]]) for row in uses.values()),
            "exact": [BETWEEN.join(self.exact), BETWEEN.join(map(_row, self.exact.values()))],
            "prefix": self.prefix,
        }

    def _hinted(self) -> list[set[str]]:
        """The languages of each phrase that is a mere hint in all of them; none for the others."""
        spoken = [name.split(".") for name in self.names]
        told = [[spoken[name] for name in names] for names in self.phrases.values()]
        return [
            {language for _, _, language in rows} if all(strength == "hint" for _, strength, _ in rows) else set()
            for rows in told
        ]


def compile_lists(sources: Path = SOURCES) -> dict[str, dict[str, Any]]:
    """Return the tables of all lists in *sources*, by the script that a list is written in."""
    compilers: dict[str, Compiler] = {}
    for path in sorted(sources.glob("*.toml")):
        text = path.read_text("utf-8")
        lists = tomllib.loads(text)
        language = lists.pop("language")
        written = " ".join(phrase for rows in lists.values() for texts in rows.values() for phrase in texts)
        compiler = compilers.setdefault(main_script(written), Compiler())
        for label, rows in lists.items():
            for strength, texts in rows.items():
                for phrase in texts:
                    if label == "prefix":
                        compiler.add(strength, label, language, phrase)
                    else:
                        compiler.add(label, strength, language, phrase)
    return {script: compiler.table() for script, compiler in compilers.items()}


def _together(languages: list[set[str]]) -> str:
    return " ".join(sorted(set().union(*languages))) if all(languages) else ""


def _row(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _edges(fragment: str) -> int:
    word = fragment.rstrip("*")
    return (word != fragment) | (not is_unspaced(word[0])) << 1 | (not is_unspaced(word[-1])) << 2


def _note(names: list[int], name: int) -> None:
    if name not in names:
        names.append(name)


def main() -> None:
    """Write the tables."""
    tables = compile_lists()
    COMPILED.mkdir(exist_ok=True)
    for old in COMPILED.glob("*.json"):
        if old.stem not in tables:
            old.unlink()
    for script, table in tables.items():
        path = COMPILED / f"{script}.json"
        path.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(f"{path.name}: {table['phrases'].count(BETWEEN) + 1} phrases")


if __name__ == "__main__":
    main()

"""The phrase lists as one table that loads fast: ``python -m cleaner.tag.compile`` after every change of a list.

The lists in ``phrases/*.toml`` are what people read and write; ``phrases.json`` holds the same, taken apart into the
literal fragments that the matcher seeks. A test holds the two together.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from cleaner.tag.fold import fold

_HERE = Path(__file__).parent
SOURCES = _HERE / "phrases"
COMPILED = _HERE / "phrases.json"
_GAP = "..."
STRENGTHS = ("certain", "hint")


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


def compile_lists(sources: Path = SOURCES) -> dict[str, Any]:
    """Return the table of all lists in *sources*.

    fragments: literal strings; phrases: ``[name, [[fragment, gap], ...]]``; exact and prefix: text to names. A name
    is ``label.strength.language``.
    """
    numbers: dict[str, int] = {}
    phrases: dict[tuple[tuple[int, bool], ...], list[str]] = {}
    whole: dict[str, dict[str, list[str]]] = {"exact": {}, "prefix": {}}
    for path in sorted(sources.glob("*.toml")):
        lists = tomllib.loads(path.read_text("utf-8"))
        language = lists.pop("language")
        for label, rows in lists.items():
            for strength, texts in rows.items():
                kind, name = ("prefix", strength) if label == "prefix" else (strength, label)
                full = f"{name}.{kind}.{language}"
                for text in texts:
                    if kind in STRENGTHS:
                        parts = tuple((numbers.setdefault(t, len(numbers)), gap) for t, gap in fragments(text))
                        _note(phrases.setdefault(parts, []), full)
                    else:
                        _note(whole[kind].setdefault(fold(text), []), full)
    table = [[names, [list(part) for part in parts]] for parts, names in phrases.items()]
    return {"fragments": list(numbers), "phrases": table, **whole}


def _note(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def main() -> None:
    """Write the table."""
    table = compile_lists()
    COMPILED.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{COMPILED.name}: {len(table['phrases'])} phrases, {len(table['fragments'])} fragments")


if __name__ == "__main__":
    main()

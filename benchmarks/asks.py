"""Asks, near misses and articles that were written for the project and held out of training: what comes out of them.

``python -m benchmarks.asks FOLDER`` (``training``): every held-out ask is planted into the held-out articles of its
language, in several markups, places and settings, and the page goes through each extractor; so does its visible text.
found: planted asks of which no block of three words or more is in the output. kept: near misses that are there whole.
article: the article's own words that are there.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from cleaner.document import ASKS, Label
from cleaner.training.evaluate.cruft import has_block, tokens
from cleaner.training.evaluate.extractors import EXTRACTORS, TEXT, installed
from cleaner.training.evaluate.process import be_quiet
from cleaner.training.evaluate.table import rows
from cleaner.training.written import Ask, Host, read_asks, read_hosts
from cleaner.training.written_pages import STYLES, Written, skin_names, written_page

NAMES = ("cleaner", "cleaner-rules", TEXT, "trafilatura", "resiliparse")
TIMES = 6
"""How often each ask and near miss is planted."""
_SHORTEST = 3


class Case(NamedTuple):
    """A page with one ask and one near miss, and what is to be seen of them."""

    page: Written
    host: Host
    ask: Ask | None
    near_miss: Ask | None


class Score(NamedTuple):
    """What an extractor made of a case; None for what the case does not hold."""

    language: str
    ask: bool | None
    other: bool | None
    kept: bool | None
    article: float


def cases(folder: Path, seed: int = 1) -> Iterator[Case]:
    """All cases of a folder of written asks and hosts, the same ones for the same seed."""
    asks = [ask for ask in read_asks(folder) if ask.held_out]
    hosts = [host for host in read_hosts(folder) if host.held_out]
    skins = skin_names()
    for language in sorted({host.language for host in hosts}):
        at_home = [host for host in hosts if host.language == language]
        chance = random.Random(f"{seed} {language}")
        told = [ask for ask in asks if ask.language == language]
        pleas = [ask for ask in told if ask.label is not Label.BODY]
        others = [ask for ask in told if ask.label is Label.BODY]
        for turn in range(TIMES * max(len(pleas), len(others))):
            ask = pleas[turn % len(pleas)] if turn < TIMES * len(pleas) else None
            near = others[turn % len(others)] if turn < TIMES * len(others) else None
            plants = [one for one in (ask, near) if one is not None]
            skin, style = skins[turn % len(skins)], STYLES[(turn // len(pleas)) % len(STYLES)]
            host = at_home[turn % len(at_home)]
            yield Case(written_page(host, plants, chance, skin=skin, style=style), host, ask, near)


def score(case: Case, output: str) -> Score:
    """Look for the ask, the near miss and the article in an output."""
    shown = [_is_shown(output, text) for text in case.ask.texts] if case.ask else []
    found = not any(shown) if case.ask else None
    is_ask = case.ask is not None and case.ask.label in ASKS
    kept = all(_is_shown(output, text, unknown=True) for text in case.near_miss.texts) if case.near_miss else None
    told = {text for label, text in case.page.blocks if label == Label.BODY}
    body = [text for _, text in case.host.blocks if text in told]
    words = sum(len(tokens(text)) for text in body)
    there = sum(len(tokens(text)) for text in body if _is_shown(output, text, unknown=True))
    return Score(case.page.language, found if is_ask else None, None if is_ask else found, kept, there / max(1, words))


def _is_shown(output: str, text: str, *, unknown: bool = False) -> bool:
    """Whether a text is in the output; *unknown* is the answer for one too short to tell."""
    return has_block(output, text) if len(tokens(text)) >= _SHORTEST else unknown


def _run(task: tuple[str, Sequence[Case]]) -> list[Score]:
    be_quiet()
    name, some = task
    extract = EXTRACTORS[name].make()
    return [score(case, extract(case.page.html) or "") for case in some]


def table(scores: dict[str, list[Score]]) -> str:
    """A Markdown table: a row an extractor, then a row a language for the first of them."""
    lines = [["", "asks found", "worst language", "other cruft found", "near misses kept", "worst language", "article"]]
    for name, told in scores.items():
        lines.append([name, *_line(told)])
    first = next(iter(scores))
    by_language: dict[str, list[Score]] = defaultdict(list)
    for one in scores[first]:
        by_language[one.language].append(one)
    apart = [["", "asks found", "other cruft found", "near misses kept", "article"]]
    for language, told in sorted(by_language.items()):
        means = [_mean(s.ask for s in told), _mean(s.other for s in told), _mean(s.kept for s in told)]
        apart.append([language, *(f"{mean:.3f}" for mean in means), f"{_mean(s.article for s in told):.3f}"])
    return f"{rows(lines[0], lines[1:])}\n\n{first}, by language:\n\n{rows(apart[0], apart[1:])}"


def _line(told: list[Score]) -> list[str]:
    languages = sorted({one.language for one in told})

    def by(pick: Callable[[Score], float | bool | None]) -> tuple[str, str]:
        means = {k: _mean(pick(one) for one in told if one.language == k) for k in languages}
        worst = min(means, key=means.__getitem__)
        return f"{sum(means.values()) / len(means):.3f}", f"{means[worst]:.3f} ({worst})"

    return [
        *by(lambda one: one.ask),
        by(lambda one: one.other)[0],
        *by(lambda one: one.kept),
        by(lambda one: one.article)[0],
    ]


def _mean(values: Iterable[float | bool | None]) -> float:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asks", description="Held-out asks in held-out pages.")
    parser.add_argument("folder", type=Path, help="folder with asks/ and hosts/")
    parser.add_argument("--only", metavar="NAME,…", help=f"these extractors: {', '.join(EXTRACTORS)}")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--misses", type=Path, metavar="FILE", help="write what went wrong with the first extractor")
    options = parser.parse_args(arguments)
    names = options.only.split(",") if options.only else NAMES
    told = list(cases(options.folder))
    scores: dict[str, list[Score]] = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        for extractor in installed(names):
            tasks = [(extractor.name, told[i :: options.jobs]) for i in range(options.jobs)]
            done = [iter(part) for part in pool.map(_run, tasks)]
            scores[extractor.name] = [next(done[i % options.jobs]) for i in range(len(told))]
    print(f"{len(told)} pages\n\n{table(scores)}")
    if options.misses:
        _write_misses(options.misses, told, next(iter(scores.values())))
    return 0


def _write_misses(path: Path, told: Sequence[Case], scores: Sequence[Score]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for case, one in zip(told, scores, strict=True):
            for ask, well in ((case.ask, one.ask if one.other is None else one.other), (case.near_miss, one.kept)):
                if ask is not None and not well:
                    html = case.page.html.decode()
                    row = {"id": ask.id, "kind": ask.kind, "texts": ask.texts, "html": html}
                    lines.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())

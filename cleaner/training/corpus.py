"""All pages of all sets as examples, each with its fold; what is not learnt from is listed with its reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.html.decode import decode
from cleaner.training.augment import Planted, asks_of, plant
from cleaner.training.examples import Example, LeftOut, Seen, look, look_text, marked
from cleaner.training.folds import assign, content_key, keys
from cleaner.training.labels import Labelled, with_labels
from cleaner.training.network import CONVENTIONS
from cleaner.training.plain import cut_down, varied, visible_text
from cleaner.training.sets import Row, read_page, read_rows
from cleaner.training.written import Ask, read_asks, read_hosts
from cleaner.training.written_pages import deal, written_example

PLANTED_SHARE = 0.2
"""Pages with a planted ask of another page, for each page with gold of an article."""
WRITTEN_SHARE = 0.35
"""Pages with a planted ask or near miss that was written for the project, likewise."""
_CHUNK = 8
Progress = Callable[[str, int, int], None]


class Task(NamedTuple):
    """A page of a set, to be made an example."""

    set_name: str
    folder: Path
    row: Row
    labelled: Labelled | None = None


class TextTask(NamedTuple):
    """A page of a set, to be made an example of plain text."""

    task: Task
    seed: int


class Planting(NamedTuple):
    """A page to plant an ask into."""

    folder: Path
    row: Row
    host: Example
    ask: Planted
    seed: int


@dataclass(slots=True)
class Corpus:
    """What is learnt from, what is not, and the fold of every page: by ``set/id``, and by the digest of its content."""

    examples: list[Example] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    folds: dict[str, int] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)

    def digest(self) -> str:
        """A fingerprint of all examples: what a fit depends on besides its options."""
        total = sha256()
        for one in self.examples:
            total.update(f"{one.set_name}/{one.id} {one.convention} {one.page_type} {sorted(one.folds)}".encode())
            for array in (one.body, one.labels, one.features.numbers, one.features.stems, one.features.names):
                total.update(array.tobytes())
        return total.hexdigest()


def gather(
    folders: Mapping[str, Path],
    labels: Mapping[tuple[str, str], Labelled],
    jobs: int,
    seed: int,
    progress: Progress,
    written: Path | None = None,
) -> Corpus:
    """Read all sets. labels are of pages of these sets, and make examples of their own beside the set's gold.

    written is a folder of asks and hosts, see :mod:`cleaner.training.written`.
    """
    tasks = [Task(name, folder, row) for name, folder in folders.items() for row in read_rows(folder)]
    corpus = Corpus()
    contents = [read_page(task.folder, task.row.id) for task in tasks]
    same = [keys(task.row.id, task.row.url, page) for task, page in zip(tasks, contents, strict=True)]
    for task, page, fold in zip(tasks, contents, assign(same), strict=True):
        corpus.folds[f"{task.set_name}/{task.row.id}"] = fold
        corpus.contents[content_key(page)] = fold
    del contents
    tasks += [task._replace(labelled=labels[key]) for task in tasks if (key := (task.set_name, task.row.id)) in labels]
    asks = [ask for ask in read_asks(written) if not ask.held_out] if written else []
    chance = random.Random(seed)
    with ProcessPoolExecutor(jobs) as pool:

        def run(name: str, work: Callable[[Any], Example | LeftOut | None], items: Sequence[Any]) -> list[Any]:
            return _counted(pool.map(work, items, chunksize=_CHUNK), name, len(items), progress)

        _take(corpus, tasks, run("pages", _example, tasks))
        plantings = _plantings(corpus, tasks, asks, chance)
        corpus.examples += [one for one in run("planted asks", _plant, plantings) if one is not None]
        texts = [TextTask(task, chance.randrange(1 << 30)) for task in tasks if chance.random() < text_share(task.row)]
        _take(corpus, [text.task for text in texts], run("plain texts", _text_example, texts))
        if written:
            hosts = [host for host in read_hosts(written) if not host.held_out]
            corpus.examples += run("written pages", written_example, deal(hosts, asks, chance))
    return corpus


def _take(corpus: Corpus, tasks: Sequence[Task], made: Iterable[Example | LeftOut]) -> None:
    for task, one in zip(tasks, made, strict=True):
        if isinstance(one, LeftOut):
            corpus.left_out.append(one)
        else:
            one.folds = frozenset({corpus.folds[f"{task.set_name}/{task.row.id}"]})
            corpus.examples.append(one)


def _counted(results: Iterable[Any], name: str, total: int, progress: Progress) -> list[Any]:
    found = []
    for result in results:
        found.append(result)
        progress(name, len(found), total)
    return found


def _example(task: Task) -> Example | LeftOut:
    page = read_page(task.folder, task.row.id)
    return _marked(task, page, look(decode(page)[0], task.row.url or None))


def _marked(task: Task, page: bytes, seen: Seen | None) -> Example | LeftOut:
    if task.labelled is None:
        return marked(task.set_name, task.row, seen)
    made = marked(task.set_name, with_labels(task.row, page, task.labelled), seen)
    if isinstance(made, Example):
        # Labels follow one convention, whatever the set's own gold follows.
        made.convention = CONVENTIONS.index("cruft")
        made.id += "+labels"
        return made
    return made._replace(why=f"labels: {made.why}")


def _text_example(task: TextTask) -> Example | LeftOut:
    """A page's visible text as an example of plain text."""
    page = read_page(task.task.folder, task.task.row.id)
    chance = random.Random(task.seed)
    text = varied(visible_text(decode(page)[0].decode("utf-8", "replace")), chance)
    made = _marked(task.task, page, seen := look_text(text))
    if isinstance(made, Example) and seen is not None:
        short = cut_down(text, seen, made.body.tolist(), chance)
        if short is not text:
            made = _marked(task.task, page, look_text(short))
    if isinstance(made, LeftOut):
        return made._replace(why=f"plain text: {made.why}")
    made.id += "+text"
    return made


def text_share(row: Row) -> float:
    """How often a page is learnt from as plain text too: labelled ones each, articles more than others.

    Of a page with a few labels nobody knows which lines of its text they are for.
    """
    if row.blocks:
        return float(row.whole)
    return 0.6 if row.type in ("article", "") else 0.3


def _plantings(corpus: Corpus, tasks: Sequence[Task], asks: Sequence[Ask], chance: random.Random) -> list[Planting]:
    """Which asks go into which pages: articles with gold, each ask as often as any other of its kind."""
    rows: dict[tuple[str, str], Task] = {}
    found: list[Planted] = []
    for task in tasks:
        rows.setdefault((task.set_name, task.row.id), task)
        if task.row.whole:
            found += asks_of(task.row.blocks, frozenset({corpus.folds[f"{task.set_name}/{task.row.id}"]}))
    hosts = [one for one in corpus.examples if (one.set_name, one.id) in rows and _is_host(one, rows)]
    ours = [Planted(ask.label, ask.texts, frozenset()) for ask in asks]
    return [
        Planting(task.folder, replace(task.row, blocks=()), host, chance.choice(kinds), chance.randrange(1 << 30))
        for kinds, share in ((found, PLANTED_SHARE), (ours, WRITTEN_SHARE))
        if kinds
        for host in chance.sample(hosts, int(share * len(hosts)))
        for task in [rows[host.set_name, host.id]]
    ]


def _is_host(one: Example, rows: Mapping[tuple[str, str], Task]) -> bool:
    row = rows[one.set_name, one.id].row
    return row.gold is not None and row.type in ("article", "") and len(one.words) <= 600


def _plant(task: Planting) -> Example | None:
    page = decode(read_page(task.folder, task.row.id))[0]
    return plant(page, task.row.url or None, task.host, task.ask, random.Random(task.seed))

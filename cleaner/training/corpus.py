"""All pages of all sets as examples, each with its fold; what is not learnt from is listed with its reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cleaner.html.decode import decode
from cleaner.training.augment import Planted, asks_of, plant
from cleaner.training.examples import Example, LeftOut, example
from cleaner.training.folds import assign, content_key, keys
from cleaner.training.labels import Labelled, with_labels
from cleaner.training.network import CONVENTIONS
from cleaner.training.sets import Row, read_page, read_rows

PLANTED_SHARE = 0.2
"""Pages with a planted ask, for each page with gold of an article."""
_CHUNK = 8
Progress = Callable[[str, int, int], None]


class Task(NamedTuple):
    """A page of a set, to be made an example."""

    set_name: str
    folder: Path
    row: Row
    labelled: Labelled | None = None


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
            for array in (one.body, one.labels, one.features.numbers, one.features.words, one.features.names):
                total.update(array.tobytes())
        return total.hexdigest()


def gather(
    folders: Mapping[str, Path], labels: Mapping[tuple[str, str], Labelled], jobs: int, seed: int, progress: Progress
) -> Corpus:
    """Read all sets. labels are of pages of these sets, and make examples of their own beside the set's gold."""
    tasks = [Task(name, folder, row) for name, folder in folders.items() for row in read_rows(folder)]
    corpus = Corpus()
    contents = [read_page(task.folder, task.row.id) for task in tasks]
    same = [keys(task.row.id, task.row.url, page) for task, page in zip(tasks, contents, strict=True)]
    for task, page, fold in zip(tasks, contents, assign(same), strict=True):
        corpus.folds[f"{task.set_name}/{task.row.id}"] = fold
        corpus.contents[content_key(page)] = fold
    del contents
    told = [task._replace(labelled=labels[key]) for task in tasks if (key := (task.set_name, task.row.id)) in labels]
    with ProcessPoolExecutor(jobs) as pool:
        made = _counted(
            pool.map(_example, [*tasks, *told], chunksize=_CHUNK), "pages", len(tasks) + len(told), progress
        )
        for task, one in zip([*tasks, *told], made, strict=True):
            if isinstance(one, LeftOut):
                corpus.left_out.append(one)
            else:
                one.folds = frozenset({corpus.folds[f"{task.set_name}/{task.row.id}"]})
                corpus.examples.append(one)
        plantings = _plantings(corpus, [*tasks, *told], random.Random(seed))
        planted = _counted(pool.map(_plant, plantings, chunksize=_CHUNK), "planted asks", len(plantings), progress)
        corpus.examples += [one for one in planted if one is not None]
    return corpus


def _counted(results: Iterable[object], name: str, total: int, progress: Progress) -> list:  # type: ignore[type-arg]
    found = []
    for result in results:
        found.append(result)
        progress(name, len(found), total)
    return found


def _example(task: Task) -> Example | LeftOut:
    page = read_page(task.folder, task.row.id)
    if task.labelled is None:
        return example(task.set_name, task.row, page)
    made = example(task.set_name, with_labels(task.row, page, task.labelled), page)
    if isinstance(made, Example):
        # Labels follow one convention, whatever the set's own gold follows.
        made.convention = CONVENTIONS.index("cruft")
        made.id += "+labels"
        return made
    return made._replace(why=f"labels: {made.why}")


def _plantings(corpus: Corpus, tasks: Sequence[Task], chance: random.Random) -> list[Planting]:
    """Which asks go into which pages: articles with gold, each ask as often as any other."""
    asks: list[Planted] = []
    rows: dict[tuple[str, str], Task] = {}
    for task in tasks:
        folds = frozenset({corpus.folds[f"{task.set_name}/{task.row.id}"]})
        rows.setdefault((task.set_name, task.row.id), task)
        asks += asks_of(task.row.blocks, folds)
    hosts = [one for one in corpus.examples if (one.set_name, one.id) in rows and _is_host(one, rows)]
    if not asks or not hosts:
        return []
    chosen = chance.sample(hosts, int(PLANTED_SHARE * len(hosts)))
    return [
        Planting(task.folder, replace(task.row, blocks=()), host, chance.choice(asks), chance.randrange(1 << 30))
        for host in chosen
        for task in [rows[host.set_name, host.id]]
    ]


def _is_host(one: Example, rows: Mapping[tuple[str, str], Task]) -> bool:
    row = rows[one.set_name, one.id].row
    return row.gold is not None and row.type in ("article", "") and len(one.words) <= 600


def _plant(task: Planting) -> Example | None:
    page = decode(read_page(task.folder, task.row.id))[0]
    return plant(page, task.row.url or None, task.host, task.ask, random.Random(task.seed))

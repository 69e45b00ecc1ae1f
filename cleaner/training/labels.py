"""Labels that people gave to blocks of pages, kept apart from the pages: set, id, first block, label of each block.

A line of such a file is ``{"set": …, "id": …, "first": …, "labels": […]}``; first and the order of the labels are
those of the cut of :mod:`cleaner.training.cut`. A null label is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cleaner.training.cut import blocks
from cleaner.training.sets import Row


class Labelled(NamedTuple):
    """The labels of one page."""

    first: int
    labels: tuple[str | None, ...]


def read_labels(paths: Iterable[Path]) -> dict[tuple[str, str], Labelled]:
    """Read files of labels; the key is set and id. Raises ValueError for a line that is no such row."""
    found: dict[tuple[str, str], Labelled] = {}
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if not line:
                continue
            try:
                row = json.loads(line)
                found[row["set"], row["id"]] = Labelled(int(row["first"]), tuple(row["labels"]))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: {error!r}") from None
    return found


def with_labels(row: Row, page: bytes, labelled: Labelled) -> Row:
    """The row of a page with the labelled blocks that its labels tell."""
    cut = blocks(page)[labelled.first : labelled.first + len(labelled.labels)]
    told = tuple((label, block.text) for label, block in zip(labelled.labels, cut, strict=False) if label is not None)
    return replace(row, blocks=told, first=labelled.first, last=labelled.first + len(cut) - 1)

"""Examples as padded tensors, with what is left out at random so that the network leans on nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cleaner.tag.features import DEPTH, FIRST_STEMS, FIRST_WORDS, LAST_STEMS, LAST_WORDS, NAMES
from cleaner.tag.numbers import BOXES, RULES, WIDTH
from cleaner.training.examples import Example

MOST_BLOCKS = 900
"""Of a longer page a stretch of this many blocks is learnt from at a time."""
_POOL = 12


@dataclass(frozen=True, slots=True)
class Dropped:
    """How often something is taken away while training: shares of pages, of words, of names."""

    words_of_page: float = 0.25
    markup_of_page: float = 0.10
    rules_of_page: float = 0.20
    word: float = 0.15
    name: float = 0.20


@dataclass(slots=True)
class Batch:
    """Pages padded to one length, and what is to be said of them."""

    inputs: tuple[Tensor, ...]
    """numbers, words, stems, names, path, boxes, lengths"""
    body: Tensor
    labels: Tensor
    weight: Tensor
    convention: Tensor
    page_type: Tensor


def batches(examples: Sequence[Example], size: int, chance: random.Random, mean: Tensor) -> Iterator[Batch]:
    """Go once over all examples in random order, pages of like length together."""
    order = list(examples)
    chance.shuffle(order)
    together: list[list[Example]] = []
    for i in range(0, len(order), size * _POOL):
        pool = sorted(order[i : i + size * _POOL], key=lambda example: len(example.words))
        together += [pool[k : k + size] for k in range(0, len(pool), size)]
    chance.shuffle(together)
    for pages in together:
        yield collate(pages, chance, mean)


def collate(examples: Sequence[Example], chance: random.Random | None = None, mean: Tensor | None = None) -> Batch:
    """Pad examples into a batch; with *chance* and *mean*, stretches of long pages and with things dropped."""
    spans = [_span(example, chance) for example in examples]
    pages, blocks = len(examples), max(last - first for first, last in spans)
    rows = max(len(example.features.names) for example in examples)
    numbers = np.zeros((pages, blocks, WIDTH), np.float32)
    words = np.zeros((pages, blocks, FIRST_WORDS + LAST_WORDS), np.int64)
    stems = np.zeros((pages, blocks, FIRST_STEMS + LAST_STEMS), np.int64)
    names = np.zeros((pages, rows, NAMES), np.int64)
    path = np.zeros((pages, blocks, DEPTH), np.int64)
    boxes = np.zeros((pages, blocks, 2 * BOXES), np.int64)
    body, labels = np.full((2, pages, blocks), -1, np.int64)
    weight = np.zeros((pages, blocks), np.float32)
    for i, (example, (first, last)) in enumerate(zip(examples, spans, strict=True)):
        here, n = slice(first, last), last - first
        f = example.features
        numbers[i, :n], words[i, :n], path[i, :n] = f.numbers[here], f.words[here], f.path[here]
        stems[i, :n] = f.stems[here]
        names[i, : len(f.names)] = f.names
        boxes[i, :n] = np.clip(f.boxes[here] - first, 0, n)
        body[i, :n], labels[i, :n] = example.body[here], example.labels[here]
        weight[i, :n] = np.sqrt(example.words[here] + 1)
    if chance is not None and mean is not None:
        _drop(numbers, (words, stems), names, path, chance, mean.numpy())
    lengths = torch.tensor([last - first for first, last in spans])
    return Batch(
        inputs=(*map(torch.from_numpy, (numbers, words, stems, names, path, boxes)), lengths),
        body=torch.from_numpy(body),
        labels=torch.from_numpy(labels),
        weight=torch.from_numpy(weight),
        convention=torch.tensor([example.convention for example in examples]),
        page_type=torch.tensor([example.page_type for example in examples]),
    )


def _span(example: Example, chance: random.Random | None) -> tuple[int, int]:
    n = len(example.words)
    if chance is None or n <= MOST_BLOCKS:
        return 0, n
    first = chance.randrange(n - MOST_BLOCKS + 1)
    return first, first + MOST_BLOCKS


def _drop(
    numbers: np.ndarray,
    told: tuple[np.ndarray, ...],
    names: np.ndarray,
    path: np.ndarray,
    chance: random.Random,
    mean: np.ndarray,
    dropped: Dropped = Dropped(),
) -> None:
    """Take away the words, the markup or the rules' findings of whole pages, and single words and names."""
    for i in range(len(numbers)):
        if chance.random() < dropped.words_of_page:
            for words in told:
                words[i] = 0
        if chance.random() < dropped.markup_of_page:
            path[i] = 0
        if chance.random() < dropped.rules_of_page:
            numbers[i, :, RULES] = mean[RULES]
    dice = np.random.default_rng(chance.randrange(1 << 30))
    for words in told:
        words[dice.random(words.shape) < dropped.word] = 0
    names[dice.random(names.shape) < dropped.name] = 0

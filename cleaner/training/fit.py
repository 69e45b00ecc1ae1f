"""One fit: examples in, a model file out."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cleaner.training.batches import Batch, batches
from cleaner.training.examples import Example
from cleaner.training.export import to_onnx
from cleaner.training.network import Network
from cleaner.training.trees import fit_trees

_LEAST_DEVIATION = 0.05
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Options:
    """How a fit goes. The losses of labels and page types count beside that of body as said here."""

    runs: int = 1
    epochs: int = 4
    pages: int = 16
    rate: float = 3e-3
    decay: float = 1e-2
    warm: float = 0.15
    labels: float = 0.7
    page_types: float = 0.05
    seed: int = 1


def fit(examples: Sequence[Example], options: Options, progress: Callable[[int, int], None]) -> bytes:
    """Fit network and trees on one thread and return the model file, not yet calibrated.

    progress is called with steps done and steps in all.
    """
    torch.set_num_threads(1)
    network = fit_network(examples, options, progress)
    return to_onnx(network, fit_trees(examples, options.seed))


def fit_network(examples: Sequence[Example], options: Options, progress: Callable[[int, int], None]) -> Network:
    """Fit the network alone: the mean of the weights of several runs from one start, each with another order of pages.

    Runs from one start end near each other, so that the mean of their weights is a network too, mostly a better one
    than each (Wortsman et al. 2022, "Model soups").
    """
    torch.manual_seed(options.seed)
    start = Network(*_moments(examples))
    ends = [_run(deepcopy(start), examples, options, run, progress) for run in range(options.runs)]
    start.load_state_dict({name: torch.stack([end[name] for end in ends]).mean(0) for name in ends[0]})
    return start.eval()


def _run(
    network: Network, examples: Sequence[Example], options: Options, run: int, progress: Callable[[int, int], None]
) -> dict[str, Tensor]:
    """Fit a network by all epochs and return its weights."""
    torch.manual_seed(options.seed + run)
    chance = random.Random(options.seed + run)
    steps = options.epochs * math.ceil(len(examples) / options.pages)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=options.decay)
    # The pools of pages of like length may leave a few batches more than steps.
    spare = options.epochs * math.ceil(len(examples) / options.pages / 12) + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, total_steps=steps + spare, pct_start=options.warm
    )
    done = 0
    network.train()
    for _ in range(options.epochs):
        for batch in batches(examples, options.pages, chance, network.mean):
            optimizer.zero_grad()
            loss(network, batch, options).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            progress(run * steps + min(done, steps), options.runs * steps)
    return network.state_dict()


def _moments(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Mean and deviation of every number over all blocks."""
    count = sum(len(one.words) for one in examples)
    mean = sum(one.features.numbers.sum(0, dtype=np.float64) for one in examples) / count
    square = sum(np.square(one.features.numbers - mean).sum(0, dtype=np.float64) for one in examples) / count
    deviation = np.maximum(np.sqrt(square), _LEAST_DEVIATION)
    return torch.from_numpy(np.asarray(mean, np.float32)), torch.from_numpy(np.asarray(deviation, np.float32))


def loss(network: Network, batch: Batch, options: Options) -> Tensor:
    """Pages weigh alike, blocks as the square root of their words; what is unknown weighs nothing."""
    body, labels, types = network(*batch.inputs)
    chosen = batch.convention[:, None, None].expand(-1, body.shape[1], 1)
    wanted = batch.body.clamp(min=0).float()
    by_block = F.binary_cross_entropy_with_logits(body.gather(2, chosen).squeeze(2), wanted, reduction="none")
    total = (by_block * _share(batch.body, batch.weight)).sum() / len(body)
    of_labels = F.cross_entropy(labels.transpose(1, 2), batch.labels.clamp(min=0), reduction="none")
    total = total + options.labels * (of_labels * _share(batch.labels, batch.weight)).sum() / len(body)
    known = (batch.page_type >= 0).float()
    of_types = F.cross_entropy(types, batch.page_type.clamp(min=0), reduction="none")
    return total + options.page_types * (of_types * known).sum() / known.sum().clamp(min=1)


def _share(marks: Tensor, weight: Tensor) -> Tensor:
    known = (marks >= 0).float() * weight
    return known / known.sum(1, keepdim=True).clamp(min=_FLAT)

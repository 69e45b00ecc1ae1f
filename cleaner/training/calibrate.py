"""Making the chances mean what they say: of the blocks at 0.9, nine in ten are right.

Platt's scaling with a weight for each of the two models: their logits are weighed, added and shifted so that the log
loss over pages out of fold is least.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Floats = NDArray[np.float64]
BINS = 10
_ROUNDS = 50
_EDGE = 1e-6
_RIDGE = 1e-9
_LEAST = 5_000
"""Blocks; from fewer no weights are fitted."""


class Scaling(NamedTuple):
    """What the network's logit and the trees' are multiplied with and what is added."""

    network: float = 0.5
    trees: float = 0.5
    bias: float = 0.0

    def chances(self, logits: Floats) -> Floats:
        """The chances of body of n blocks, from n rows of both logits."""
        return np.asarray(1 / (1 + np.exp(-(logits @ np.array([self.network, self.trees]) + self.bias))))


class Answers(NamedTuple):
    """The logits of body that both models gave out of fold, n rows of two, what was right, and how much each counts."""

    logits: Floats
    marks: Floats
    weights: Floats


def scaling(answers: Answers) -> Scaling:
    """Fit by Newton's method; three numbers over hundreds of thousands of blocks."""
    if len(answers.marks) < _LEAST:
        return Scaling()
    weights = np.array([0.5, 0.5, 0.0])
    design = np.hstack([answers.logits, np.ones((len(answers.marks), 1))])
    for _ in range(_ROUNDS):
        said = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (answers.weights * (said - answers.marks))
        curve = (design * (answers.weights * said * (1 - said))[:, None]).T @ design
        step = np.linalg.solve(curve + _RIDGE * answers.weights.sum() * np.eye(3), slope)
        weights = weights - step
        if float(np.abs(step).max()) < _EDGE:
            break
    return Scaling(*map(float, weights))


def calibration_error(chances: Floats, marks: Floats) -> float:
    """Expected calibration error: how far mean chance and share that is right are apart, in ten bins of like width."""
    which = np.minimum((chances * BINS).astype(int), BINS - 1)
    error = 0.0
    for k in range(BINS):
        inside = which == k
        if inside.any():
            error += inside.mean() * abs(chances[inside].mean() - marks[inside].mean())
    return float(error)


def joined(parts: Sequence[Answers]) -> Answers:
    """Several answers as one; none as one of no blocks."""
    empty = Answers(np.zeros((0, 2)), np.zeros(0), np.zeros(0))
    return Answers(*(np.concatenate(columns) for columns in zip(empty, *parts, strict=True)))


def calibrated(model: bytes, scalings: Sequence[Scaling]) -> bytes:
    """The model file with its scalings worked in: one for each convention on pages, then for each on plain text."""
    graph = onnx.load_from_string(model)
    tables = {table.name: table for table in graph.graph.initializer}
    for name, values in zip(Scaling._fields, zip(*scalings, strict=True), strict=True):
        table = tables[f"calibration.{name}"]
        table.CopyFrom(numpy_helper.from_array(np.asarray(values, np.float32), table.name))
    return bytes(graph.SerializeToString())

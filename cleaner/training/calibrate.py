"""Making the chances mean what they say: of the blocks at 0.9, nine in ten are right.

Platt's scaling: the logit is stretched and shifted so that the log loss over pages out of fold is least.
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


class Scaling(NamedTuple):
    """What a logit is multiplied with and what is added."""

    scale: float = 1.0
    bias: float = 0.0


class Answers(NamedTuple):
    """Chances of body that a model gave out of fold, and what was right."""

    chances: Floats
    marks: Floats


def scaling(answers: Answers) -> Scaling:
    """Fit by Newton's method; two numbers over hundreds of thousands of blocks."""
    x = logit(answers.chances)
    weights = np.array([1.0, 0.0])
    design = np.stack([x, np.ones_like(x)], 1)
    for _ in range(_ROUNDS):
        said = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (said - answers.marks)
        curve = (design * (said * (1 - said))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < _EDGE:
            break
    return Scaling(float(weights[0]), float(weights[1]))


def logit(chances: Floats) -> Floats:
    """Log odds; chances of 0 and 1 are taken as nearly so."""
    near = np.clip(chances, _EDGE, 1 - _EDGE)
    return np.log(near / (1 - near))


def calibration_error(answers: Answers) -> float:
    """Expected calibration error: how far mean chance and share that is right are apart, in ten bins of like width."""
    which = np.minimum((answers.chances * BINS).astype(int), BINS - 1)
    error = 0.0
    for k in range(BINS):
        inside = which == k
        if inside.any():
            error += inside.mean() * abs(answers.chances[inside].mean() - answers.marks[inside].mean())
    return float(error)


def joined(parts: Sequence[Answers]) -> Answers:
    """Several answers as one."""
    return Answers(np.concatenate([p.chances for p in parts]), np.concatenate([p.marks for p in parts]))


def calibrated(model: bytes, scalings: Sequence[Scaling]) -> bytes:
    """The model file with one scaling a convention worked in."""
    graph = onnx.load_from_string(model)
    tables = {table.name: table for table in graph.graph.initializer}
    scale, bias = tables["calibration.scale"], tables["calibration.bias"]
    stretch = np.array([s.scale for s in scalings], np.float32)
    shift = np.array([s.bias for s in scalings], np.float32)
    for table, values in (
        (scale, numpy_helper.to_array(scale) * stretch),
        (bias, numpy_helper.to_array(bias) * stretch + shift),
    ):
        table.CopyFrom(numpy_helper.from_array(values.astype(np.float32), table.name))
    return bytes(graph.SerializeToString())

"""Gradient-boosted trees beside the network: they see a block and its neighbours, and err elsewhere than it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from cleaner.tag.characters import Floats
from cleaner.tag.numbers import WIDTH
from cleaner.training.examples import Example

NEIGHBOURS = (-2, -1, 1, 2)
SEEN_OF_NEIGHBOURS = 12
"""The first numbers of a block, which its neighbours see."""
COLUMNS = WIDTH + SEEN_OF_NEIGHBOURS * len(NEIGHBOURS) + 1
ROUNDS = 120
_OPTIONS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.12,
    "num_leaves": 31,
    "min_data_in_leaf": 60,
    "min_sum_hessian_in_leaf": 0.5,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
_WEIGHT_OF_PAGE = 1000.0


def columns(numbers: Floats, convention: int) -> Floats:
    """What the trees see: the numbers of a block, the first of its neighbours' and the convention."""
    n = len(numbers)
    parts = [numbers]
    for step in NEIGHBOURS:
        shifted = np.zeros((n, SEEN_OF_NEIGHBOURS), np.float32)
        near = numbers[:, :SEEN_OF_NEIGHBOURS]
        if step < 0:
            shifted[-step:] = near[:step]
        else:
            shifted[:-step] = near[step:]
        parts.append(shifted)
    return np.hstack([*parts, np.full((n, 1), convention, np.float32)])


def fit_trees(examples: Sequence[Example], seed: int) -> dict[str, Any]:
    """Fit the trees and return them as LightGBM's own dump: plain data."""
    rows, marks, weights = [], [], []
    for example in examples:
        known = np.nonzero(example.body >= 0)[0]
        weight = np.sqrt(example.words[known] + 1)
        rows.append(columns(example.features.numbers, example.convention)[known])
        marks.append(example.body[known])
        weights.append(_WEIGHT_OF_PAGE * weight / max(1e-6, float(weight.sum())))
    data = lightgbm.Dataset(np.vstack(rows), np.concatenate(marks), weight=np.concatenate(weights))
    booster = lightgbm.train({**_OPTIONS, "seed": seed}, data, ROUNDS)
    return dict(booster.dump_model())


def onnx_trees(dump: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an ONNX TreeEnsembleRegressor that computes the same logits."""
    table: dict[str, list[Any]] = {name: [] for name in _ATTRIBUTES}
    for number, info in enumerate(dump["tree_info"]):
        _add_tree(table, number, info["tree_structure"])
    return {**table, "n_targets": 1, "aggregate_function": "SUM", "post_transform": "NONE"}


_ATTRIBUTES = (
    *("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes"),
    *("nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true"),
    *("target_treeids", "target_nodeids", "target_ids", "target_weights"),
)


def _add_tree(table: dict[str, list[Any]], tree: int, root: dict[str, Any]) -> None:
    waiting, count = [(root, 0)], 1
    while waiting:
        node, number = waiting.pop()
        leaf = "leaf_value" in node
        true, false = (0, 0) if leaf else (count, count + 1)
        row = (
            *(tree, number, 0 if leaf else node["split_feature"]),
            0.0 if leaf else _below(node["threshold"]),
            *("LEAF" if leaf else "BRANCH_LEQ", true, false, 0),
        )
        for name, value in zip(_ATTRIBUTES[:8], row, strict=True):
            table[name].append(value)
        if leaf:
            for name, value in zip(_ATTRIBUTES[8:], (tree, number, 0, node["leaf_value"]), strict=True):
                table[name].append(value)
            continue
        waiting += [(node["left_child"], true), (node["right_child"], false)]
        count += 2


def _below(threshold: float) -> float:
    """The greatest single-precision number that is not above a threshold, so that comparisons come out alike."""
    single = np.float32(threshold)
    return float(np.nextafter(single, np.float32(-np.inf)) if single > threshold else single)


def logits(dump: dict[str, Any], rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """What the trees say, from the dump: the reference for the ONNX form."""
    return np.asarray([sum(_leaf(info["tree_structure"], row) for info in dump["tree_info"]) for row in rows])


def _leaf(node: dict[str, Any], row: NDArray[np.float32]) -> float:
    while "leaf_value" not in node:
        node = node["left_child"] if row[node["split_feature"]] <= node["threshold"] else node["right_child"]
    return float(node["leaf_value"])

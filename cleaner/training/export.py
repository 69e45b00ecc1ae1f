"""Network and trees as one ONNX graph over the features of one page, with its card."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.document import Label, PageType
from cleaner.tag.features import DEPTH, FEATURE_VERSION, FIRST_STEMS, FIRST_WORDS, LAST_STEMS, LAST_WORDS, NAMES
from cleaner.tag.numbers import BOXES, WIDTH
from cleaner.tag.tagger import CARD_SCHEMA
from cleaner.training.calibrate import Scaling
from cleaner.training.graph import Graph
from cleaner.training.layers import Layers, Weights, weights_of
from cleaner.training.network import CONVENTIONS, Network
from cleaner.training.trees import NEIGHBOURS, SEEN_OF_NEIGHBOURS, onnx_trees

ANSWERED = ("wcxb", "cruft")
"""The conventions that a finished model answers for."""
BY_TYPE = {PageType.ARTICLE: "cruft", PageType.OTHER: "cruft"}
"""The convention of a page type; of the others wcxb's."""


def to_onnx(network: Network, trees: dict[str, Any]) -> bytes:
    """Return the model file: of body the mean of both logits, not yet calibrated."""
    return to_model(weights_of(network), onnx_trees(trees))


def to_model(weights: Weights, trees: dict[str, Any]) -> bytes:
    """The model file, from the network's weights and the attributes of the trees."""
    to = Graph()
    _inputs(to)
    layers = Layers(to, weights)
    both = layers.add()
    chosen = _chosen_convention(to)
    own = layers.body(both, chosen, [CONVENTIONS.index(name) for name in ANSWERED])
    seen = to.node("Concat", [*_neighbourhood(to), _convention_column(to, chosen)], "trees.seen.all", axis=1)
    said = to.node("TreeEnsembleRegressor", [seen], "trees", domain="ai.onnx.ml", **trees)
    _weigh(to, own, said, chosen)
    to.output("body", "float", "blocks")
    to.output("labels", "float", "blocks", len(Label))
    to.output("types", "float", len(PageType))
    to.output("logits", "float", "blocks", 2)
    return bytes(to.model().SerializeToString())


def _inputs(to: Graph) -> None:
    to.input("numbers", "float", "blocks", WIDTH)
    to.input("words", "int32", "blocks", FIRST_WORDS + LAST_WORDS)
    to.input("stems", "int32", "blocks", FIRST_STEMS + LAST_STEMS)
    to.input("names", "int32", "rows", NAMES)
    to.input("path", "int32", "blocks", DEPTH)
    to.input("boxes", "int32", "blocks", 2 * BOXES)
    to.input("convention", "int64", 1)
    to.input("is_text", "int64", 1)


def _chosen_convention(to: Graph) -> str:
    """Which convention is answered for: the one that is asked for or, where that is below zero, the page type's."""
    by_type = to.constant("convention.by_type", [ANSWERED.index(BY_TYPE.get(kind, "wcxb")) for kind in PageType])
    likeliest = to.node("ArgMax", ["types"], "convention.type", axis=0, keepdims=1)
    of_type = to.node("Gather", [by_type, likeliest], "convention.own")
    is_free = to.node("Less", ["convention", to.constant("number.0", [0])], "convention.free")
    return to.node("Where", [is_free, of_type, "convention"], "convention.chosen")


def _neighbourhood(to: Graph) -> list[str]:
    """The numbers of each block and the first of its neighbours', as :mod:`cleaner.training.trees` has them."""
    near = to.sliced("numbers", 0, SEEN_OF_NEIGHBOURS, 1, "trees.near")
    reach = max(map(abs, NEIGHBOURS))
    padded = to.node("Pad", [near, to.constant("trees.pads", [reach, 0, reach, 0])], "trees.padded")
    # As many rows as before, of those before the page and behind it nothing.
    steps = [to.sliced(padded, reach + step, step - reach or None, 0, f"trees.step{step}") for step in NEIGHBOURS]
    return ["numbers", *steps]


def _convention_column(to: Graph, chosen: str) -> str:
    """The number of the convention for every block."""
    nothing = to.node(
        "Mul", [to.sliced("numbers", 0, 1, 1, "trees.one"), to.constant("nothing", 0.0, np.float32)], "trees.nothing"
    )
    numbers = to.constant("trees.numbers", [float(CONVENTIONS.index(name)) for name in ANSWERED], np.float32)
    return to.node("Add", [nothing, to.node("Gather", [numbers, chosen], "trees.number")], "trees.column")


def _weigh(to: Graph, own: str, said: str, chosen: str) -> None:
    """The chance of body from both logits; pages and plain text have weights of their own, not yet fitted."""
    skipped = to.node("Mul", ["is_text", to.constant("conventions", [len(ANSWERED)])], "calibration.skipped")
    place = to.node("Add", [chosen, skipped], "calibration.place")
    weights = {}
    for name, value in Scaling()._asdict().items():
        table = to.constant(f"calibration.{name}", [value] * 2 * len(ANSWERED), np.float32)
        weights[name] = to.node("Gather", [table, place], f"weight.{name}")
    parts = [to.node("Mul", [own, weights["network"]], "one"), to.node("Mul", [said, weights["trees"]], "other")]
    shifted = to.node("Add", [to.node("Add", parts, "weighed"), weights["bias"]], "shifted")
    to.node("Reshape", [to.node("Sigmoid", [shifted], "chance"), to.constant("number.-1", [-1])], "body")
    to.node("Concat", [own, said], "logits", axis=1)


def card(model: bytes, trained: dict[str, Any]) -> dict[str, Any]:
    """The card of a model file: what it is, what it was trained on, and what it answers."""
    return {
        "schema": CARD_SCHEMA,
        "features": FEATURE_VERSION,
        "labels": list(Label),
        "page_types": list(PageType),
        "conventions": list(ANSWERED),
        "bytes": len(model),
        "sha256": sha256(model).hexdigest(),
        "trained": trained,
    }


def write(path: Path, model: bytes, trained: dict[str, Any]) -> None:
    """Write a model file and its card, each whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(card(model, trained), indent=1, ensure_ascii=False) + "\n"
    for target, content in ((path, model), (path.with_suffix(".json"), text.encode())):
        scratch = target.with_name(f".{target.name}.new")
        scratch.write_bytes(content)
        scratch.replace(target)

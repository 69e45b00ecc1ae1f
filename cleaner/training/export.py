"""Network and trees as one ONNX graph over the features of one page, with its card."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from cleaner.document import Label, PageType
from cleaner.tag.features import DEPTH, FEATURE_VERSION, FIRST_STEMS, FIRST_WORDS, LAST_STEMS, LAST_WORDS, NAMES
from cleaner.tag.numbers import BOXES, WIDTH
from cleaner.tag.tagger import CARD_SCHEMA
from cleaner.training.calibrate import Scaling
from cleaner.training.network import CONVENTIONS, Network
from cleaner.training.trees import NEIGHBOURS, SEEN_OF_NEIGHBOURS, onnx_trees

ANSWERED = ("wcxb", "cruft")
"""The conventions that a finished model answers for."""
BY_TYPE = {PageType.ARTICLE: "cruft", PageType.OTHER: "cruft"}
"""The convention of a page type; of the others wcxb's."""
_OPSET = 17
_HALVED = 2_000
"""Tables of more numbers than this are stored in half precision."""


class _Page(nn.Module):
    """The network over one page, without the axis of pages."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.answered = [CONVENTIONS.index(name) for name in ANSWERED]

    def forward(self, numbers: Tensor, words: Tensor, stems: Tensor, names: Tensor, path: Tensor, boxes: Tensor) -> Any:
        long = [x.unsqueeze(0).long() for x in (words, stems, names, path, boxes)]
        body, labels, types = self.network(numbers.unsqueeze(0), *long)
        return body[0][:, self.answered], torch.softmax(labels[0], 1), torch.softmax(types[0], 0)


def to_onnx(network: Network, trees: dict[str, Any]) -> bytes:
    """Return the model file: of body the mean of both logits, not yet calibrated."""
    model = _network_graph(network)
    _halve(model)
    _add_trees(model, trees)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _network_graph(network: Network) -> onnx.ModelProto:
    blocks, rows = 7, 5
    example = (
        torch.zeros(blocks, WIDTH),
        torch.zeros(blocks, FIRST_WORDS + LAST_WORDS, dtype=torch.int32),
        torch.zeros(blocks, FIRST_STEMS + LAST_STEMS, dtype=torch.int32),
        torch.zeros(rows, NAMES, dtype=torch.int32),
        torch.zeros(blocks, DEPTH, dtype=torch.int32),
        torch.tensor([[0, blocks] * BOXES] * blocks, dtype=torch.int32),
    )
    page = _Page(network.eval()).eval()
    free = {name: {0: "blocks"} for name in ("numbers", "words", "stems", "path", "boxes", "network", "labels")}
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            page,
            example,
            out,  # type: ignore[arg-type]
            input_names=["numbers", "words", "stems", "names", "path", "boxes"],
            output_names=["network", "labels", "types"],
            dynamic_axes={**free, "names": {0: "rows"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    return onnx.load_from_string(out.getvalue())


def _halve(model: onnx.ModelProto) -> None:
    """Store large tables in half precision; they are widened when the model is opened."""
    graph = model.graph
    casts = []
    for table in list(graph.initializer):
        values = numpy_helper.to_array(table)
        if values.dtype != np.float32 or values.size < _HALVED:
            continue
        graph.initializer.remove(table)
        half = f"{table.name}.half"
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [table.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


class _Graph:
    """A model's graph while nodes are added to it; what is added is known by the name of its output."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.graph = model.graph

    def constant(self, name: str, value: Any, kind: type = np.int64) -> str:
        self.graph.initializer.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.graph.node.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def _add_trees(model: onnx.ModelProto, trees: dict[str, Any]) -> None:
    """Append the trees, the choice of convention and the weights of both; "body" becomes the first output."""
    to = _Graph(model)
    chosen = _chosen_convention(to)
    seen = to.node("Concat", [*_neighbourhood(to), _convention_column(to, chosen)], "trees.seen.all", axis=1)
    said = to.node("TreeEnsembleRegressor", [seen], "trees", domain="ai.onnx.ml", **onnx_trees(trees))
    own = to.node("Gather", ["network", chosen], "network.chosen", axis=1)
    _weigh(to, own, said, chosen)
    graph = model.graph
    del graph.output[0]
    graph.output.insert(0, helper.make_tensor_value_info("body", TensorProto.FLOAT, ["blocks"]))
    graph.output.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["blocks", 2]))
    for name in ("convention", "is_text"):
        graph.input.append(helper.make_tensor_value_info(name, TensorProto.INT64, [1]))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3))


def _chosen_convention(to: _Graph) -> str:
    """Which convention is answered for: the one that is asked for or, where that is below zero, the page type's."""
    by_type = to.constant("convention.by_type", [ANSWERED.index(BY_TYPE.get(kind, "wcxb")) for kind in PageType])
    likeliest = to.node("ArgMax", ["types"], "convention.type", axis=0, keepdims=1)
    of_type = to.node("Gather", [by_type, likeliest], "convention.own")
    is_free = to.node("Less", ["convention", to.constant("convention.none", [0])], "convention.free")
    return to.node("Where", [is_free, of_type, "convention"], "convention.chosen")


def _neighbourhood(to: _Graph) -> list[str]:
    """The numbers of each block and the first of its neighbours', as :mod:`cleaner.training.trees` has them."""
    rows, columns = to.constant("trees.rows", [0]), to.constant("trees.columns", [1])
    zero, end = to.constant("trees.zero", [0]), to.constant("trees.end", [np.iinfo(np.int64).max])
    near = to.node("Slice", ["numbers", zero, to.constant("trees.seen", [SEEN_OF_NEIGHBOURS]), columns], "trees.near")
    parts = ["numbers"]
    for step in NEIGHBOURS:
        name = f"trees.step{step}"
        pads = to.constant(f"{name}.pads", [max(0, -step), 0, max(0, step), 0])
        padded = to.node("Pad", [near, pads], f"{name}.padded")
        first = to.constant(f"{name}.first", [max(0, step)])
        # As many rows as before: the padding of one side is cut off at the other.
        last = to.constant(f"{name}.last", [step]) if step < 0 else end
        parts.append(to.node("Slice", [padded, first, last, rows], name))
    return parts


def _convention_column(to: _Graph, chosen: str) -> str:
    """The number of the convention for every block."""
    bounds = [to.constant(f"trees.one.{name}", [value]) for name, value in (("first", 0), ("last", 1), ("axis", 1))]
    one = to.node("Slice", ["numbers", *bounds], "trees.one")
    nothing = to.node("Mul", [one, to.constant("trees.0", 0.0, np.float32)], "trees.nothing")
    numbers = to.constant("trees.numbers", [float(CONVENTIONS.index(name)) for name in ANSWERED], np.float32)
    return to.node("Add", [nothing, to.node("Gather", [numbers, chosen], "trees.number")], "trees.column")


def _weigh(to: _Graph, own: str, said: str, chosen: str) -> None:
    """The chance of body from both logits; pages and plain text have weights of their own, not yet fitted."""
    skipped = to.node("Mul", ["is_text", to.constant("conventions", [len(ANSWERED)])], "calibration.skipped")
    place = to.node("Add", [chosen, skipped], "calibration.place")
    weights = {}
    for name, value in Scaling()._asdict().items():
        table = to.constant(f"calibration.{name}", [value] * 2 * len(ANSWERED), np.float32)
        weights[name] = to.node("Gather", [table, place], f"weight.{name}")
    parts = [to.node("Mul", [own, weights["network"]], "one"), to.node("Mul", [said, weights["trees"]], "other")]
    shifted = to.node("Add", [to.node("Add", parts, "both"), weights["bias"]], "shifted")
    to.node("Reshape", [to.node("Sigmoid", [shifted], "chance"), to.constant("body.shape", [-1])], "body")
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

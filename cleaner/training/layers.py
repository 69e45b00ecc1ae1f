"""The network as nodes of a graph: :class:`cleaner.training.network.Network` over one page, for speed.

What the network computes over padded rows of stems is computed here over the stems that are there, one after another;
of the conventions only the chosen one is answered. A test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleaner.tag.numbers import BOXES
from cleaner.training.graph import Graph
from cleaner.training.network import REACH, Network

Weights = Mapping[str, NDArray[np.float32]]


def weights_of(network: Network) -> dict[str, NDArray[np.float32]]:
    """The weights by the names of the network's parts, as the graph's operators want them."""
    given = {name: np.asarray(value.detach(), np.float32) for name, value in network.state_dict().items()}
    ready = {name: value for name, value in given.items() if not name.startswith(("along.", "runs."))}
    for place in range(3):
        ready[f"runs.weight.{place}"] = given["runs.weight"][:, :, place].T
    ready["runs.bias"] = given["runs.bias"]
    for layer in range(len(network.along)):
        for name, kind in (("ih", "input"), ("hh", "state")):
            ways = [given[f"along.{layer}.weight_{name}_l0{way}"] for way in ("", "_reverse")]
            ready[f"along.{layer}.{kind}"] = np.stack([_gates(way) for way in ways])
        biases = [
            [_gates(given[f"along.{layer}.bias_{name}_l0{way}"]) for name in ("ih", "hh")] for way in ("", "_reverse")
        ]
        ready[f"along.{layer}.bias"] = np.stack([np.concatenate(both) for both in biases])
    for name in [name for name in ready if name.endswith(".weight") and ready[name].ndim == 2]:
        if name not in ("words.weight", "names.weight", "stems.weight"):
            ready[name] = ready[name].T
    return ready


def _gates(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """A GRU's gates in the order of ONNX: update, reset, new."""
    reset, update, new = np.split(weight, 3)
    return np.concatenate([update, reset, new])


class Layers:
    """Adds the network's nodes to a graph."""

    def __init__(self, to: Graph, weights: Weights) -> None:
        self._to = to
        self._weights = weights

    def add(self) -> str:
        """Add the network from its inputs on; "labels" and "types" are computed. Returns what its heads see."""
        to = self._to
        self._ranges()
        x = self._boxed("boxes_before", self._blocks())
        both = to.node("Concat", [x, self._boxed("boxes_after", self._along(x))], "both", axis=1)
        to.node("Softmax", [self._linear("label", both)], "labels", axis=1)
        rows = to.constant("number.0", [0])
        mean = to.node("ReduceMean", [both, rows], "page.mean", keepdims=1)
        most = to.node("ReduceMax", [both, rows], "page.most", keepdims=1)
        page = self._linear("page_type", to.node("Concat", [mean, most], "page", axis=1))
        types = to.node("Reshape", [page, to.constant("number.-1", [-1])], "page.types")
        to.node("Softmax", [types], "types", axis=0)
        return both

    def body(self, both: str, chosen: str, answered: list[int]) -> str:
        """Add the logits of body by the chosen one of the answered conventions: n rows of one."""
        to = self._to
        offsets = self._weights["convention"][answered] + self._weights["body.bias"]
        offset = to.node("Gather", [to.table("body.offsets", offsets), chosen], "body.offset")
        head = to.node("Gemm", [both, self._table("body.weight"), offset], "body.head")
        return self._linear("body_out", to.node("Relu", [head], "body.seen"))

    def _table(self, name: str) -> str:
        return self._to.table(name, self._weights[name])

    def _linear(self, name: str, x: str) -> str:
        return self._to.node("Gemm", [x, self._table(f"{name}.weight"), self._table(f"{name}.bias")], name)

    def _blocks(self) -> str:
        """A vector for each block alone."""
        to = self._to
        centred = to.node("Sub", ["numbers", self._table("mean")], "numbers.centred")
        scaled = to.node("Div", [centred, self._table("deviation")], "numbers.scaled")
        bounds = [
            to.constant(f"reach.{name}", value, np.float32) for name, value in (("least", -REACH), ("most", REACH))
        ]
        x = self._linear("from_numbers", to.node("Clip", [scaled, *bounds], "numbers.ready"))
        rows = to.node("Gather", [self._table("names.weight"), "names"], "names.each")
        row = to.node("ReduceSum", [rows, to.constant("number.1", [1])], "names.row", keepdims=0)
        seen = {
            "words": to.node("Gather", [self._table("words.weight"), "words"], "words.each"),
            "stems": self._said(),
            "names": to.node("Gather", [row, "path"], "path.each"),
        }
        for name, value in seen.items():
            flat = to.node("Flatten", [value], f"{name}.flat", axis=1)
            x = to.node("Gemm", [flat, self._table(f"from_{name}.weight"), x], f"from_{name}")
        return to.node("Relu", [x], "blocks.alone")

    def _said(self) -> str:
        """What the stems of each block say: their mean, and of their runs of three the loudest."""
        to = self._to
        column, nothing = to.constant("number.1", [1]), to.constant("stems.none", 0, np.int32)
        there = to.node("Greater", ["stems", nothing], "stems.there")
        first = to.node("GreaterOrEqual", [to.sliced("stems", 0, 1, 1, "stems.one"), nothing], "stems.first")
        # All stems in a line, a nothing behind those of each block.
        kept = to.node("Concat", [first, there], "stems.kept", axis=1)
        padded = to.node("Pad", ["stems", to.constant("stems.pads", [0, 0, 0, 1]), nothing], "stems.padded")
        line = to.node("Compress", [padded, kept], "stems.line")
        owner = to.sliced(to.node("NonZero", [kept], "stems.places"), 0, 1, 0, "stems.owners")
        place = to.node("Reshape", [owner, to.constant("stems.column", [-1, 1])], "stems.owner")
        # And a nothing before and behind all, so that each stem has one on either side.
        ends = to.node("Pad", [line, to.constant("line.pads", [1, 1]), nothing], "stems.ends")
        wide = to.node("Gather", [self._table("stems.weight"), ends], "stems.told")
        told = [to.sliced(wide, k, k - 2 or None, 0, f"stems.told{k}") for k in range(3)]
        counts = to.node("Cast", [there], "stems.counted", to=1)
        count = to.node("ReduceSum", [counts, column], "stems.count", keepdims=1)
        size = to.node("Max", [count, to.constant("at.least", 1.0, np.float32)], "stems.size")
        total = self._gathered("stems.sum", told[1], place, count, "add")
        mean = to.node("Div", [total, size], "stems.mean")
        real = to.node("Cast", [to.node("Greater", [line, nothing], "stems.real")], "stems.weighed", to=1)
        mask = to.node("Reshape", [real, to.constant("stems.column", [-1, 1])], "stems.mask")
        loud = to.node("Mul", [self._runs(told), mask], "runs.loud")
        return to.node("Concat", [mean, self._gathered("runs.most", loud, place, count, "max")], "stems.said", axis=1)

    def _runs(self, told: list[str]) -> str:
        """The runs of three stems around each, from the stems before, at and behind it."""
        x = self._table("runs.bias")
        for k, part in enumerate(told):
            x = self._to.node("Gemm", [part, self._table(f"runs.weight.{k}"), x], f"runs.{k}")
        return x

    def _gathered(self, name: str, rows: str, place: str, like: str, how: str) -> str:
        """The rows of each block added up, or the greatest of each column, no less than nothing."""
        to = self._to
        width = self._weights["stems.weight" if how == "add" else "runs.weight.0"].shape[1]
        nothing = to.constant(f"{name}.nothing", np.zeros((1, width)), np.float32)
        start = to.node("Mul", [like, nothing], f"{name}.start")
        return to.node("ScatterND", [start, place, rows], name, reduction=how)

    def _ranges(self) -> None:
        """First and last block of the boxes, and how many blocks each holds, at least one."""
        to = self._to
        for name, start in (("first", 0), ("last", 1)):
            columns = to.constant(f"boxes.{name}.columns", np.arange(start, 2 * BOXES, 2))
            to.node("Gather", ["boxes", columns], f"boxes.{name}", axis=1)
        count = to.node("Cast", [to.node("Sub", ["boxes.last", "boxes.first"], "boxes.count")], "boxes.counted", to=1)
        size = to.node("Max", [count, to.constant("at.least", 1.0, np.float32)], "boxes.least")
        to.node("Reshape", [size, to.constant("boxes.cells", [-1, BOXES, 1])], "boxes.size")

    def _boxed(self, name: str, x: str) -> str:
        """Each block with what the boxes around it hold on average."""
        to = self._to
        wide = to.node(
            "Pad", [self._linear(f"{name}.down", x), to.constant("boxes.pads", [1, 0, 0, 0])], f"{name}.wide"
        )
        sums = to.node("CumSum", [wide, to.constant("boxes.along", 0)], f"{name}.sums")
        ends = [to.node("Gather", [sums, f"boxes.{end}"], f"{name}.{end}") for end in ("last", "first")]
        mean = to.node("Div", [to.node("Sub", ends, f"{name}.held"), "boxes.size"], f"{name}.mean")
        wider = self._linear(f"{name}.up", to.node("Flatten", [mean], f"{name}.flat", axis=1))
        return to.node("Relu", [to.node("Add", [x, wider], f"{name}.both")], name)

    def _along(self, x: str) -> str:
        """What two GRU layers carry along the page, there and back."""
        to, layer = self._to, 0
        while f"along.{layer}.bias" in self._weights:
            name = f"along.{layer}"
            line = to.node("Unsqueeze", [x, to.constant("number.1", [1])], f"{name}.line")
            weights = [self._table(f"{name}.{part}") for part in ("input", "state", "bias")]
            hidden = self._weights[f"{name}.state"].shape[2]
            options = {"hidden_size": hidden, "direction": "bidirectional", "linear_before_reset": 1}
            said = to.node("GRU", [line, *weights], f"{name}.said", **options)
            x = to.node("Flatten", [said], name, axis=1)
            layer += 1
        return x

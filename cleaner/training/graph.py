"""An ONNX graph while nodes are added to it, each value known by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_OPSET, _OPSET_OF_TREES, _IR = 18, 3, 8
_HALVED = 2_000
"""Tables of more numbers than this are stored in half precision."""
_KINDS = {"float": TensorProto.FLOAT, "int32": TensorProto.INT32, "int64": TensorProto.INT64}


class Graph:
    """A graph that grows: inputs, constants, nodes and outputs."""

    def __init__(self) -> None:
        self._graph = onnx.GraphProto(name="tagger")
        self._known: set[str] = set()

    def input(self, name: str, kind: str, *shape: str | int) -> str:
        """Take a value of kind float, int32 or int64 from outside; a word in the shape is a size not known before."""
        self._graph.input.append(helper.make_tensor_value_info(name, _KINDS[kind], shape))
        return name

    def output(self, name: str, kind: str, *shape: str | int) -> None:
        """Give a value out."""
        self._graph.output.append(helper.make_tensor_value_info(name, _KINDS[kind], shape))

    def constant(self, name: str, value: Any, kind: type = np.int64) -> str:
        """Keep numbers; the same name is kept once."""
        if name not in self._known:
            self._known.add(name)
            self._graph.initializer.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def table(self, name: str, values: Any) -> str:
        """Keep weights; large tables in half precision, widened when the model is opened."""
        weights = np.asarray(values, np.float32)
        if weights.size < _HALVED:
            return self.constant(name, weights, np.float32)
        half = self.constant(f"{name}.half", weights, np.float16)
        return self.node("Cast", [half], name, to=TensorProto.FLOAT)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Compute a value from others."""
        self._graph.node.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def sliced(self, value: str, first: int, last: int | None, axis: int, output: str) -> str:
        """The part of a value from first to before last along an axis; last None is its end."""
        ends = np.iinfo(np.int64).max if last is None else last
        bounds = [self.constant(f"number.{number}", [number]) for number in (first, ends, axis)]
        return self.node("Slice", [value, *bounds], output)

    def model(self) -> onnx.ModelProto:
        """The finished model, checked."""
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", _OPSET_OF_TREES)]
        model = helper.make_model(self._graph, opset_imports=sets, ir_version=_IR, producer_name="cleaner")
        onnx.checker.check_model(model)
        return model

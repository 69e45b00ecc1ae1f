"""The trained model: the features of a page in, for each block the chance of being body and of each label out.

A model is an ONNX file with a card beside it, ``tagger.onnx`` and ``tagger.json``. The card holds the size and the
digest of the model file and the version of the features; a file that does not fit its card is refused.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np

from cleaner.document import Label, PageType
from cleaner.tag.characters import Floats
from cleaner.tag.features import FEATURE_VERSION, Features
from cleaner.tag.once import once

MOST_BYTES = 50_000_000
CARD_SCHEMA = 2
_INPUTS = ("numbers", "words", "stems", "names", "path", "boxes")
_OUTPUTS = ["body", "labels", "types"]
_BY_PAGE_TYPE = -1
_TYPES = tuple(PageType)


class ModelError(ValueError):
    """A model file that cannot be used, with what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the tagger says of a page of n blocks; all numbers are probabilities.

    body: n, by the convention that follows from the page's type. labels: n rows over :class:`Label`. types: over
    :class:`PageType`.
    """

    body: Floats
    labels: Floats
    types: Floats

    @property
    def page_type(self) -> PageType:
        """The likeliest type of the page."""
        return _TYPES[int(self.types.argmax())]


class Tagger:
    """A loaded model; safe in threads, and the same features give the same opinion in any of them."""

    def __init__(self, model: bytes, card: dict[str, Any]) -> None:
        _check(model, card)
        onnxruntime = _runtime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The arena keeps what the longest page needed; without it the run is no slower.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelError(f"the model file cannot be read: {error}") from None

    @classmethod
    def load(cls, path: Path) -> Tagger:
        """Open a model file and the card beside it. Raises OSError, or ModelError where they do not fit."""
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ModelError(f"is over {MOST_BYTES:,} bytes long")
            model = path.read_bytes()
            card = path.with_suffix(".json")
            if not card.is_file():
                raise ModelError(f"has no model card beside it, {card.name}")
            return cls(model, _card(card.read_text("utf-8"), card.name))
        except ModelError as error:
            raise ModelError(f"{path}: {error}") from None

    def tag(self, features: Features) -> Opinion:
        """Say what each block is."""
        return Opinion(*self._run(_OUTPUTS, features, _BY_PAGE_TYPE))

    def logits(self, features: Features, convention: int) -> Floats:
        """What network and trees say of body by one of the card's conventions, before they are weighed: n rows."""
        return self._run(["logits"], features, convention)[0]

    def _run(self, outputs: list[str], features: Features, convention: int) -> list[Floats]:
        feed: dict[str, object] = {name: getattr(features, name) for name in _INPUTS}
        feed |= {"convention": np.asarray([convention]), "is_text": np.asarray([int(features.is_text)])}
        return list(self._session.run(outputs, feed))


@once
def loaded(path: Path) -> Tagger:
    """A model by its path, opened once a process. Raises like :meth:`Tagger.load`."""
    return Tagger.load(path)


@once
def shipped() -> Tagger:
    """The model that comes with the package, loaded once a process."""
    folder = resources.files("cleaner.tag").joinpath("model")
    card = folder.joinpath("tagger.json").read_text("utf-8")
    return Tagger(folder.joinpath("tagger.onnx").read_bytes(), _card(card, "tagger.json"))


def _runtime() -> ModuleType:
    """The runtime of the model, told to report to nobody.

    Else its import writes a device id and a queue of events into the user's cache folder, and later sends them.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return cast(ModuleType, onnxruntime)


def _card(text: str, name: str) -> dict[str, Any]:
    try:
        card = json.loads(text)
    except ValueError as error:
        raise ModelError(f"{name} is no JSON: {error}") from None
    if not isinstance(card, dict):
        raise ModelError(f"{name} is no model card")
    return card


def _check(model: bytes, card: dict[str, Any]) -> None:
    """Refuse what is no model of ours, or of other features or labels, or not the file that the card was made for."""
    if card.get("schema") != CARD_SCHEMA:
        raise ModelError(f"the model card has schema {card.get('schema')}, not {CARD_SCHEMA}")
    if card.get("features") != FEATURE_VERSION:
        raise ModelError(f"the model wants features of version {card.get('features')}, not {FEATURE_VERSION}")
    if card.get("labels") != list(Label) or card.get("page_types") != list(PageType):
        raise ModelError("the model has other labels or page types")
    if not card.get("conventions") or not isinstance(card["conventions"], list):
        raise ModelError("the model card does not tell its conventions")
    if len(model) != card.get("bytes") or sha256(model).hexdigest() != card.get("sha256"):
        raise ModelError("the model file is not the one that its card describes")

"""The graph laid out for one page says what the network says, also of pages with little or much in their blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cleaner.tag.features import DEPTH, FIRST_STEMS, FIRST_WORDS, LAST_STEMS, LAST_WORDS, NAMES, Features
from cleaner.tag.numbers import BOXES, WIDTH
from cleaner.tag.tagger import Tagger
from cleaner.training.export import ANSWERED, to_onnx, write
from cleaner.training.network import CONVENTIONS, Network

STEMS = FIRST_STEMS + LAST_STEMS
TREES: dict[str, Any] = {"tree_info": [{"tree_structure": {"leaf_value": 0.25}}]}


def _page(lengths: list[int], seed: int) -> Features:
    """A page of random numbers, with so many stems in each block."""
    chance = np.random.default_rng(seed)
    n = len(lengths)

    def numbers(*shape: int) -> np.ndarray[Any, Any]:
        return chance.integers(0, 400, shape, np.int32)

    stems = np.where(np.arange(STEMS) < np.asarray(lengths)[:, None], numbers(n, STEMS) + 1, 0).astype(np.int32)
    ends = np.sort(chance.integers(0, n + 1, (n, BOXES, 2)), axis=2).reshape(n, 2 * BOXES).astype(np.int32)
    return Features(
        numbers=chance.normal(size=(n, WIDTH)).astype(np.float32) * 4,
        words=numbers(n, FIRST_WORDS + LAST_WORDS),
        stems=stems,
        names=numbers(9, NAMES),
        path=chance.integers(0, 9, (n, DEPTH), np.int32),
        boxes=ends,
    )


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(3)
    made = Network(torch.linspace(-1, 1, WIDTH), torch.linspace(0.5, 3, WIDTH)).eval()
    # Tables are stored in half precision: the reference gets the same.
    with torch.no_grad():
        for table in made.parameters():
            table.copy_(table.half().float())
    return made


@pytest.fixture(scope="module")
def tagger(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    path = tmp_path_factory.mktemp("graph") / "made.onnx"
    write(path, to_onnx(network, TREES), {})
    return Tagger.load(path)


@pytest.mark.parametrize(
    "lengths", [[0], [1], [STEMS], [0, 0, 0], [STEMS, 0, STEMS - 1, 1, 2, STEMS], list(range(41)) * 3]
)
def test_the_graph_says_what_the_network_says(network: Network, tagger: Tagger, lengths: list[int]) -> None:
    page = _page(lengths, len(lengths))
    integers = [
        torch.from_numpy(getattr(page, name))[None].long() for name in ("words", "stems", "names", "path", "boxes")
    ]
    with torch.no_grad():
        body, labels, types = network(torch.from_numpy(page.numbers)[None], *integers)
    opinion = tagger.tag(page)
    assert np.allclose(opinion.labels, torch.softmax(labels[0], 1).numpy(), atol=1e-5)
    assert np.allclose(opinion.types, torch.softmax(types[0], 0).numpy(), atol=1e-5)
    for answer, name in enumerate(ANSWERED):
        said = tagger.logits(page, answer)
        assert np.allclose(said[:, 0], body[0, :, CONVENTIONS.index(name)].numpy(), atol=1e-4)
        assert np.allclose(said[:, 1], 0.25)

"""The network: a page's blocks as a sequence, each seen with the boxes around it.

Numbers, hashed words, runs of hashed stems (Kim 2014) and hashed markup become a vector a block; what each of the boxes
around a block holds on average is added to it (the page is a tree as well as a sequence); two bidirectional GRU layers
carry it along the page; the boxes come in once more; heads say body (one answer a convention), label and, over the
whole page, its type.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cleaner.document import Label, PageType
from cleaner.tag.features import DEPTH, FIRST_WORDS, LAST_WORDS, MARKUP_BUCKETS, STEM_BUCKETS, TEXT_BUCKETS
from cleaner.tag.numbers import BOXES

CONVENTIONS = ("wcxb", "news", "traf", "cruft")
"""What counts as main content, by the sets that the model learns from."""
REACH = 6.0
"""Deviations from the mean that a number is cut to."""
_SHORT = 10
"""Stems of a short block."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network's layers."""

    width: int = 96
    hidden: int = 64
    embedded: int = 16
    stem: int = 24
    runs: int = 32
    layers: int = 2
    boxed: int = 24
    head: int = 64
    dropout: float = 0.25


class Boxes(nn.Module):
    """Adds to each block what the boxes around it hold on average."""

    def __init__(self, width: int, boxed: int) -> None:
        super().__init__()
        self.down = nn.Linear(width, boxed)
        self.up = nn.Linear(boxed * BOXES, width)

    def forward(self, x: Tensor, boxes: Tensor) -> Tensor:
        """x: pages, blocks, width; boxes: pages, blocks, first and last of each."""
        y = self.down(x)
        pages, blocks, width = y.shape
        sums = F.pad(torch.cumsum(y, 1), (0, 0, 1, 0))
        first, last = boxes[:, :, 0::2].flatten(1), boxes[:, :, 1::2].flatten(1)

        def at(index: Tensor) -> Tensor:
            return torch.gather(sums, 1, index.unsqueeze(2).expand(-1, -1, width))

        size = (last - first).clamp(min=1).unsqueeze(2)
        mean = (at(last) - at(first)) / size
        return F.relu(x + self.up(mean.reshape(pages, blocks, BOXES * width)))


class Network(nn.Module):
    """Blocks of padded pages in; logits of body by convention, of labels and of page types out."""

    def __init__(self, mean: Tensor, deviation: Tensor, shape: Shape = Shape()) -> None:
        super().__init__()
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        embedded = shape.embedded
        self.words = nn.Embedding(TEXT_BUCKETS, embedded, padding_idx=0)
        self.names = nn.Embedding(MARKUP_BUCKETS, embedded, padding_idx=0)
        self.stems = nn.Embedding(STEM_BUCKETS, shape.stem, padding_idx=0)
        for table in (self.words, self.stems, self.names):
            nn.init.normal_(table.weight, std=0.1)
            with torch.no_grad():
                table.weight[0] = 0.0
        self.from_numbers = nn.Linear(len(mean), shape.width)
        self.from_words = nn.Linear(embedded * (FIRST_WORDS + LAST_WORDS), shape.width, bias=False)
        self.runs = nn.Conv1d(shape.stem, shape.runs, 3, padding=1)
        self.from_stems = nn.Linear(shape.stem + shape.runs, shape.width, bias=False)
        self.from_names = nn.Linear(embedded * DEPTH, shape.width, bias=False)
        self.drop = nn.Dropout(shape.dropout)
        self.boxes_before = Boxes(shape.width, shape.boxed)
        sizes = [shape.width, *([2 * shape.hidden] * (shape.layers - 1))]
        self.along = nn.ModuleList(nn.GRU(size, shape.hidden, batch_first=True, bidirectional=True) for size in sizes)
        self.boxes_after = Boxes(2 * shape.hidden, shape.boxed)
        both = shape.width + 2 * shape.hidden
        self.body = nn.Linear(both, shape.head)
        self.convention = nn.Parameter(torch.randn(len(CONVENTIONS), shape.head) * 0.5)
        self.body_out = nn.Linear(shape.head, 1)
        self.label = nn.Linear(both, len(Label))
        self.page_type = nn.Linear(2 * both, len(PageType))

    def forward(
        self,
        numbers: Tensor,
        words: Tensor,
        stems: Tensor,
        names: Tensor,
        path: Tensor,
        boxes: Tensor,
        lengths: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """All with pages first; without lengths no page is padded."""
        x = self.boxes_before(self._blocks(numbers, words, stems, names, path), boxes)
        x = self.drop(x)
        mask = self._mask(x, lengths)
        y = self.boxes_after(self._along(x, lengths) * mask, boxes)
        both = torch.cat([x, self.drop(y)], 2)
        head = self.body(both)
        body = [self.body_out(self.drop(F.relu(head + one))) for one in self.convention]
        page = torch.cat([(both * mask).sum(1) / mask.sum(1), (both * mask).amax(1)], 1)
        return torch.cat(body, 2), self.label(both), self.page_type(page)

    def _blocks(self, numbers: Tensor, words: Tensor, stems: Tensor, names: Tensor, path: Tensor) -> Tensor:
        """A vector for each block alone."""
        x = self.from_numbers(((numbers - self.mean) / self.deviation).clamp(-REACH, REACH))
        x = x + self.from_words(self.drop(self.words(words)).flatten(2))
        x = x + self.from_stems(self.drop(self._said(stems.flatten(0, 1)))).reshape(x.shape)
        rows = self.names(names).sum(2)
        pages, blocks, depth = path.shape
        index = path.reshape(pages, blocks * depth, 1).expand(-1, -1, rows.shape[2])
        seen = torch.gather(rows, 1, index).reshape(pages, blocks, depth * rows.shape[2])
        return F.relu(x + self.from_names(self.drop(seen)))

    def _said(self, stems: Tensor) -> Tensor:
        """What the stems of each block say: their mean, and of their runs of three the loudest."""
        if not self.training:
            return self._pooled(stems)
        # Most blocks are short: those are not padded to the length of the others.
        long = stems[:, _SHORT] > 0
        said = self.stems.weight.new_zeros(len(stems), self.from_stems.in_features)
        return said.index_put((long,), self._pooled(stems[long])).index_put(
            (~long,), self._pooled(stems[~long, :_SHORT])
        )

    def _pooled(self, stems: Tensor) -> Tensor:
        there = (stems > 0).float().unsqueeze(1)
        told = self.stems(stems).transpose(1, 2)
        loudest = (F.relu(self.runs(told)) * there).amax(2)
        return torch.cat([told.sum(2) / there.sum(2).clamp(min=1), loudest], 1)

    def _along(self, x: Tensor, lengths: Tensor | None) -> Tensor:
        for layer in self.along:
            x = self.drop(layer(x)[0] if lengths is None else _both_ways(layer, x, lengths))
        return x

    @staticmethod
    def _mask(x: Tensor, lengths: Tensor | None) -> Tensor:
        if lengths is None:
            return torch.ones_like(x[:, :, :1])
        return (torch.arange(x.shape[1])[None, :] < lengths[:, None]).float().unsqueeze(2)


def _both_ways(layer: nn.Module, x: Tensor, lengths: Tensor) -> Tensor:
    """A bidirectional GRU over padded pages, its way back begun at each page's own end.

    Packed sequences would do the same, but their gradient takes time that grows with the square of the length.
    """
    weights: list[Tensor] = list(layer.parameters())
    start = x.new_zeros(1, len(x), weights[1].shape[1])
    steps = torch.arange(x.shape[1])[None, :]
    back = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps).unsqueeze(2)
    turned = x.gather(1, back.expand_as(x))
    there = torch.gru(x, start, weights[:4], True, 1, 0.0, layer.training, False, True)[0]
    again = torch.gru(turned, start, weights[4:], True, 1, 0.0, layer.training, False, True)[0]
    return torch.cat([there, again.gather(1, back.expand_as(again))], 2)

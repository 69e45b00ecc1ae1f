"""Each page cleaned by the model that never saw its site: what accuracy is reported with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from cleaner import Cleaner, Document
from cleaner.training.folds import content_key


@dataclass(slots=True)
class FoldCleaners:
    """The cleaners of the fold models in a folder that ``cleaner train`` wrote."""

    folder: Path
    folds: dict[str, int]
    in_sample: int = 0
    """Pages that were trained on and whose fold has no model: cleaned by the model of all pages."""
    _cleaners: dict[int | None, Cleaner] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> FoldCleaners:
        """Raises OSError or ValueError where there are no folds."""
        return cls(folder, json.loads((folder / "folds.json").read_text("utf-8")))

    def clean(self, page: bytes) -> str:
        """The text of a page."""
        return self.document(page).text

    def clean_text(self, page: bytes, text: str) -> str:
        """The text of a page's visible text, by the model that never saw the page."""
        return self._cleaner(self._fold(page)).clean_text(text).text

    def document(self, page: bytes, url: str | None = None) -> Document:
        """A page, cleaned. One that was not trained on is cleaned by the model of all pages."""
        return self._cleaner(self._fold(page)).clean(page, url)

    def _fold(self, page: bytes) -> int | None:
        fold = self.folds.get(content_key(page))
        if fold is not None and not self._model(fold).is_file():
            self.in_sample += 1
            return None
        return fold

    def _model(self, fold: int) -> Path:
        return self.folder / f"fold-{fold}.onnx"

    def _cleaner(self, fold: int | None) -> Cleaner:
        if fold not in self._cleaners:
            self._cleaners[fold] = Cleaner() if fold is None else Cleaner(model=self._model(fold))
        return self._cleaners[fold]


def shipped_folds() -> Path:
    """The folds beside the model in the package; they are part of the checkout only."""
    import cleaner.tag

    return Path(cleaner.tag.__path__[0]) / "model" / "tagger-folds"

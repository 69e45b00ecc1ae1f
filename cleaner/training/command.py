"""``cleaner train``: sets in, a model out."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from cleaner import install
from cleaner.training.sets import MissingSet, find_sets


class CannotTrain(Exception):
    """There is nothing to learn from, or what is needed is not installed."""


def train_model(
    data: Sequence[Path],
    output: Path,
    labels: Sequence[Path],
    how: Mapping[str, int],
    jobs: int,
    written: Path | None = None,
    corrections: Sequence[Path] = (),
) -> str:
    """Train on every set in the folders; return what is to be told on standard output. Raises CannotTrain.

    how has the runs, epochs and seed of a fit; corrections are files about pages in the folders, beside those that lie
    with their pages.
    """
    try:
        from cleaner.training.corpus import gather
        from cleaner.training.corrected import opened_with_corrections
        from cleaner.training.fit import Options
        from cleaner.training.labels import read_labels
        from cleaner.training.train import train
    except ImportError as error:
        raise CannotTrain(f"{error.name} is not installed: {install.command('train')}") from None
    options = Options(**how)
    names = sorted({name for folder in data for name in find_sets(folder)})
    with _Bar() as bar:
        try:
            with opened_with_corrections(data, names, corrections) as folders:
                corpus = gather(folders, read_labels(labels), jobs, options.seed, bar.step, written)
        except (MissingSet, ValueError, OSError) as error:
            raise CannotTrain(str(error)) from None
        if not corpus.examples:
            raise CannotTrain("no page has gold that stands in it")
        trained = train(corpus, output, options, jobs, bar.step)
    errors = ", ".join(f"{name} {error:.3f}" for name, error in trained.calibration.items())
    return (
        f"{trained.model}: {len(corpus.examples)} examples, {len(corpus.left_out)} pages left out, "
        f"folds in {trained.folds}/\nexpected calibration error of body, out of fold: {errors}"
    )


class _Bar:
    """A progress bar on a terminal, lines at long intervals elsewhere; both on standard error."""

    def __enter__(self) -> _Bar:
        from rich.console import Console
        from rich.progress import Progress

        self._lines = not sys.stderr.isatty()
        self._last = 0.0
        self._bar = Progress(console=Console(stderr=True), transient=True, disable=self._lines)
        self._tasks: dict[str, object] = {}
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self, name: str, done: int, total: int) -> None:
        """So much of something is done."""
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=total)
        self._bar.update(self._tasks[name], completed=done)  # type: ignore[arg-type]
        if self._lines and (done == total or time.monotonic() - self._last > 30):
            self._last = time.monotonic()
            print(f"{name}: {done} of {total}", file=sys.stderr, flush=True)

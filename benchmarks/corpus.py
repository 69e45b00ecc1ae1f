"""What does a corpus run make of two cores, and how much memory do its workers take?

``python -m benchmarks.corpus DATA`` writes WARC files of the sets' pages and runs ``cleaner corpus`` over them with one
worker and with two, in turns: pages a second, the ratio, and the memory of the workers over time. With ``--datatrove``
datatrove's Trafilatura extractor runs over the same files on the same cores. Of several ``--rounds`` the median ratio
counts. For a long run, ``--repeat`` has every file read so many times, under other names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from benchmarks.archive import write_pages
from cleaner.training.evaluate.process import MEGABYTE, be_quiet
from cleaner.training.sets import MissingSet, default_sets, opened, read_pages

RECORDS = 4_000
_FILES = 4
_PART = 2
"""MB of an archive in a task: a run of minutes is to end with its workers together, as one of days does."""
_EVERY = 1.0


@dataclass
class Watch:
    """The memory of this process's children, in MB, every second: the largest of them."""

    samples: list[tuple[float, float]] = field(default_factory=list)

    def __enter__(self) -> Watch:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        import psutil

        while not self._over.wait(_EVERY):
            sizes = [0]
            for child in psutil.Process().children(recursive=True):
                try:
                    sizes.append(child.memory_info().rss)
                except psutil.Error:
                    continue
            self.samples.append((len(self.samples) * _EVERY, max(sizes) / MEGABYTE))

    @property
    def peak(self) -> float:
        """The most that one of them took."""
        return max((size for _, size in self.samples), default=0.0)

    def thinned(self, count: int) -> Iterator[tuple[float, float]]:
        """About so many of the samples."""
        return islice(self.samples, 0, None, max(1, len(self.samples) // count))


def make_archives(data: Path, folder: Path, records: int) -> list[Path]:
    """WARC files with the pages of the sets, again and again, up to so many records in all."""
    with opened(data, default_sets([data])) as folders:
        pages = [page for name in folders for _, page in read_pages(folders[name])]
    endless, archives = cycle(pages), []
    for number in range(_FILES):
        archive = folder / f"pages-{number}.warc.gz"
        write_pages(islice(endless, records // _FILES), archive, None, first=number * records)
        archives.append(archive)
    return archives


def repeated(archives: list[Path], times: int) -> list[Path]:
    """Each of the files under so many names."""
    names = list(archives)
    for number in range(1, times):
        for archive in archives:
            name = archive.with_name(f"again-{number}-{archive.name}")
            name.hardlink_to(archive)
            names.append(name)
    return names


def plot(watch: Watch, path: Path) -> None:
    """Draw the memory over time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.subplots()
    minutes, sizes = zip(*((seconds / 60, size) for seconds, size in watch.thinned(600)), strict=True)
    axes.plot(minutes, sizes, linewidth=1)
    axes.set(xlabel="minutes", ylabel="largest worker, MB", xlim=(0, None), ylim=(0, None))
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def run_corpus(archives: list[Path], workers: int) -> tuple[float, int, Watch]:
    """Pages a second over the whole run, pages, and the workers' memory."""
    from cleaner.corpus import run

    with tempfile.TemporaryDirectory() as output, Watch() as watch:
        begun = time.perf_counter()
        state = run(map(str, archives), output, workers=workers, split=_PART * MEGABYTE, group=_PART * MEGABYTE)
        return state.pages / (time.perf_counter() - begun), state.pages, watch


def run_datatrove(archives: list[Path], workers: int) -> tuple[float, int]:
    """The same with datatrove's reader, its Trafilatura extractor and its writer."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import JsonlWriter

    with tempfile.TemporaryDirectory() as output:
        steps = [
            WarcReader(str(archives[0].parent), glob_pattern="*.warc.gz"),
            Trafilatura(),
            JsonlWriter(f"{output}/out"),
        ]
        executor = LocalPipelineExecutor(
            steps, tasks=len(archives), workers=workers, logging_dir=f"{output}/logs", skip_completed=False
        )
        begun = time.perf_counter()
        stats = executor.run()
        seconds = time.perf_counter() - begun
        pages = int(stats.stats[0].stats["documents"].total)
        return pages / seconds, pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the numbers."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus", description="Cores and memory of a corpus run."
    )
    parser.add_argument("data", type=Path, help="folder of the sets: <set>/pages.jsonl or <set>.tar.xz")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=1, help="do all of it so many times, in turns")
    parser.add_argument("--datatrove", action="store_true", help="compare with datatrove's Trafilatura extractor")
    parser.add_argument("--over-time", type=int, default=0, metavar="N", help="show the memory at so many moments")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="read every file N times")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the memory of the last run over time")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            archives = repeated(make_archives(options.data, Path(temporary), options.records), options.repeat)
        except MissingSet as error:
            parser.error(str(error))
        scaling: list[float] = []
        ahead: list[float] = []
        for _ in range(options.rounds):
            speeds = []
            for workers in options.workers:
                speed, pages, watch = run_corpus(archives, workers)
                speeds.append(speed)
                print(
                    f"{workers} workers: {pages:,} pages, {speed:.1f} pages/s, worker's peak {watch.peak:.0f} MB",
                    flush=True,
                )
                for seconds, size in watch.thinned(options.over_time) if options.over_time else ():
                    print(f"  {seconds:7.0f} s {size:6.0f} MB")
            scaling.append(speeds[-1] / speeds[0])
            if options.datatrove:
                speed, pages = run_datatrove(archives, workers)
                ahead.append(speeds[-1] / speed)
                print(f"datatrove, Trafilatura, {workers} workers: {pages:,} pages, {speed:.1f} pages/s", flush=True)
        if options.plot:
            plot(watch, options.plot)
        if len(options.workers) > 1:
            print(f"{workers} workers against {options.workers[0]}: {_middle(scaling)}")
        if ahead:
            print(f"cleaner corpus against datatrove: {_middle(ahead)}")
    return 0


def _middle(ratios: Sequence[float]) -> str:
    """The median of the rounds: a machine's speed changes over minutes, so only neighbours can be compared."""
    each = f" ({', '.join(f'{ratio:.2f}' for ratio in ratios)})" if len(ratios) > 1 else ""
    return f"{median(ratios):.2f}{each}"


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())

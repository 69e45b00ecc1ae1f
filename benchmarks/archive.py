"""Does an archive cost more than the same pages as files? Speed and memory over a WARC file made of the sets.

``python -m benchmarks.archive DATA`` writes a WARC file of 20,000 records and a folder with their pages, cleans both in
a process each, in turns, and prints pages a second, the ratio, and the largest resident size.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import cleaner
from cleaner.training.evaluate.process import be_quiet, peak_memory, python
from cleaner.training.sets import MissingSet, default_sets, opened, read_pages

RECORDS = 20_000
_FIELDS = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{0:012d}>\r\n"
    "WARC-Target-URI: https://pages.example/{0}\r\nWARC-Date: 2026-11-25T00:00:00Z\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {1}\r\n\r\n"
)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took for all pages."""

    pages: int
    seconds: float
    peak_mb: float


def write_pages(pages: Iterator[bytes], archive: Path, folder: Path | None, *, first: int = 0) -> None:
    """Write each page as a record of its own gzip member, and as a file where there is a folder for them."""
    with archive.open("wb") as stream:
        for number, page in enumerate(pages, first):
            fields = _FIELDS.format(number, len(_ANSWER) + len(page)).encode()
            stream.write(gzip.compress(fields + _ANSWER + page + b"\r\n\r\n", 6))
            if folder is None:
                continue
            path = folder / f"{number // 1000:03d}" / f"{number:05d}.html"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(page)


def clean_all(source: Path) -> Cost:
    """Clean an archive, or all files of a folder; the model is loaded before the clock starts."""
    ours = cleaner.Cleaner()
    ours.clean(b"<p>A first page, so that everything is loaded.</p>").text  # noqa: B018
    start, count = time.perf_counter(), 0
    for path in sorted(source.rglob("*.html")) if source.is_dir() else [source]:
        for page in cleaner.load(path):
            assert page.error is None, page.error
            ours.clean(page).text  # noqa: B018
            count += 1
    return Cost(count, time.perf_counter() - start, peak_memory())


def compare(archive: Path, folder: Path, rounds: int) -> dict[str, list[Cost]]:
    """Clean both, in turns, each time in a new process."""
    costs: dict[str, list[Cost]] = {"archive": [], "files": []}
    for number in range(rounds):
        for name in ("archive", "files") if number % 2 == 0 else ("files", "archive"):
            source = archive if name == "archive" else folder
            run = python("-m", "benchmarks.archive", "--clean", str(source), capture=True)
            costs[name].append(Cost(**json.loads(run.stdout)))
    return costs


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the numbers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", help="folder of the sets: <set>/pages.jsonl or <set>.tar.xz")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rounds", type=int, default=1, help="turns for each of the two")
    parser.add_argument("--clean", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.clean is not None:
        print(json.dumps(asdict(clean_all(options.clean))))
        return 0
    if options.data is None:
        parser.error("the folder of the sets is missing")
    with tempfile.TemporaryDirectory() as temporary:
        archive, folder = Path(temporary) / "pages.warc.gz", Path(temporary) / "pages"
        folder.mkdir()
        try:
            with opened(options.data, default_sets([options.data])) as folders:
                pages = [page for name in folders for _, page in read_pages(folders[name])]
        except MissingSet as error:
            parser.error(str(error))
        write_pages(islice(cycle(pages), options.records), archive, folder)
        del pages
        costs = compare(archive, folder, options.rounds)
    speeds = {name: median(cost.pages / cost.seconds for cost in found) for name, found in costs.items()}
    for name, found in costs.items():
        print(
            f"{name}: {found[0].pages:,} pages, {speeds[name]:.1f} pages/s, peak {max(c.peak_mb for c in found):.0f} MB"
        )
    print(f"archive against files: {speeds['archive'] / speeds['files']:.3f}")
    return 0


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())

"""What a start costs: ``import cleaner``, and one page on the command line.

``python -m benchmarks.startup`` prints medians of ten runs, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from cleaner.training.evaluate.process import ROOT

SAMPLE = ROOT / "samples" / "wordpress-local-news" / "page.html"


def median_ms(command: Sequence[str], runs: int) -> float:
    """Return the median wall time of a command in ms; raises CalledProcessError where it fails."""
    times = []
    # The first run compiles the modules and fills the disk cache.
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]) * 1000


def cleaner_command() -> list[str]:
    """Return the installed command of this environment, or the same from the checkout."""
    script = Path(sysconfig.get_path("scripts")) / "cleaner"
    if script.exists():
        return [str(script)]
    return [sys.executable, "-m", "cleaner"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the two medians and what they are made of."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description="What a start costs.")
    parser.add_argument("--page", type=Path, default=SAMPLE, help="page for the command line; default: a sample")
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args(arguments)
    empty = median_ms([sys.executable, "-c", "pass"], options.runs)
    imported = median_ms([sys.executable, "-c", "import cleaner"], options.runs)
    command = median_ms([*cleaner_command(), "clean", str(options.page.resolve())], options.runs)
    print(f"import cleaner: {imported - empty:.0f} ms (an empty interpreter: {empty:.0f} ms)")
    print(f"cleaner clean {options.page.name}: {command:.0f} ms in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())

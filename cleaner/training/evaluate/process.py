"""What a process takes, and how to start one whose numbers mean something."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1 << 20
# One page is cleaned on one core: a library's own threads would make seconds a page mean another thing.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
_STATUS = Path("/proc/self/status")


def peak_memory() -> float:
    """Return this process's largest resident size so far, in MB."""
    # ru_maxrss of a child starts at the size of its parent on Linux, so it says too much there.
    if _STATUS.exists():
        return _status("VmHWM") / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)


def memory() -> float:
    """Return this process's resident size now, in MB; needs psutil where there is no ``/proc``."""
    if _STATUS.exists():
        return _status("VmRSS") / 1024
    import psutil

    return float(psutil.Process().memory_info().rss) / MEGABYTE


def be_quiet() -> None:
    """Silence what libraries log and warn of in this process: thousands of pages would make thousands of lines."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)


def python(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run this Python from the checkout's root, on one thread; standard output is kept or shown, errors are shown.

    A bad exit status is the caller's to see.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | _ONE_THREAD,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=False,
    )


def _status(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

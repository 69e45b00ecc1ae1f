"""``python -m benchmarks``: the table of extractors."""

from __future__ import annotations

import sys

from cleaner.training.evaluate.command import main

if __name__ == "__main__":
    sys.exit(main(program="python -m benchmarks"))

"""Cleaner and other extractors on the same pages in one run: what they keep, what they leak, what they cost.

``python -m benchmarks DATA --peers`` from the root of the checkout; ``docs/benchmarks.md`` tells what is measured.
"""

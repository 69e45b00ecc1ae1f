"""The review page: saved pages beside their labels, on this machine alone, to correct them: ``cleaner review``."""

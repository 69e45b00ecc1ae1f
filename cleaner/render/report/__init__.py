"""Reports: pages with all their blocks, as HTML that needs nothing else and asks nobody for anything."""

from cleaner.render.report.build import LARGE, files, pieces, report

__all__ = ["LARGE", "files", "pieces", "report"]

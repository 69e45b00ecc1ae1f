"""The views of a document: text, HTML, Markdown, JSON types, and its metadata."""

from cleaner.render.html import html
from cleaner.render.markdown import markdown
from cleaner.render.record import metadata, to_dict
from cleaner.render.text import text

__all__ = ["html", "markdown", "metadata", "text", "to_dict"]

"""What the frame shows: the saved page as it was, harmless, in a document that may do nothing, its blocks outlined."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from cleaner.document import Document, Label
from cleaner.render.facsimile import facsimile
from cleaner.render.palette import PALETTE

_LITTLE = 8_000
"""Characters of style with which a page lays out parts of it at most."""
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""The Content-Security-Policy of the frame. It is of the review page's origin, for that one's script to see which block
is clicked; no script runs in the frame itself."""


def frame(document: Document) -> str:
    """The document for the frame."""
    made = facsimile(document)
    own = "".join(f'<style class="cleaner-own">{sheet}</style>\n' for sheet in made.sheets)
    bare = " data-bare data-plain" if sum(map(len, made.sheets)) < _LITTLE else ""
    # Ours come first and in layers: what is important there wins over all that the page calls important.
    return (
        f'<!doctype html>\n<html{made.root}{bare}><head><meta charset="utf-8">\n<title>Saved page</title>\n'
        f"<style>{_style()}</style>\n{own}</head>\n{made.body}\n</html>\n"
    )


@cache
def _style() -> str:
    lines = files("cleaner.web.review").joinpath("static", "frame.css").read_text("utf-8")
    colours = "".join(f'  [data-label="{label}"] {{ --colour: {PALETTE[label].terminal}; }}\n' for label in Label)
    return f"{lines}\n@layer marks {{\n{colours}}}\n"

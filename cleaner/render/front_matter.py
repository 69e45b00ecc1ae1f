"""The metadata of a document as YAML front matter, as static site generators and note programs read it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.document import Document

_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""What JSON leaves as it is, and YAML takes for the end of a line or forbids."""


def front_matter(document: Document) -> str:
    """Return what is known of the article between two lines of ``---``, a field a line; nothing where nothing is.

    Every text is in double quotes: none is taken for a number, a date or a word of YAML.
    """
    known = {name: value for name, value in asdict(document.metadata).items() if value}
    if not known:
        return ""
    lines = [f"{name}: {_quoted(value)}\n" for name, value in known.items()]
    return "".join(("---\n", *lines, "---\n"))


def _quoted(value: object) -> str:
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))

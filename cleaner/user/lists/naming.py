"""What filters are about, by the words of their selectors and of their list's title."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaner.document import ARTICLE, Label, PageType
from cleaner.html.blocks import Containers
from cleaner.tag.structure import sign_table

_WORDS = re.compile(r"[^\w-]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BEFORE_OPERATOR = re.compile(r":(?:-abp-)?(?:has-text|contains|xpath|matches-path|not|if-not)\(.*", re.S)


@lru_cache(maxsize=8192)
def cruft_label(text: str) -> Label | None:
    """The label of cruft that words such as ``.newsletter-signup`` or "Cookie List" name; None where they name none."""
    words = _WORDS.sub(" ", _BEFORE_OPERATOR.sub("", text)).lower().strip()
    sign = sign_table(PageType.OTHER).signs(Containers(tag=[""], attributes=[words]))[0]
    return sign.label if sign is not None and sign.label not in ARTICLE and sign.label is not Label.OTHER else None


def list_label(title: str, name: str) -> Label | None:
    """The label that a list as a whole is about, by its title, else by the name of its file."""
    return next(
        (label for text in (title, name) if (label := cruft_label(_HUMP.sub(" ", text).replace("_", " ")))), None
    )

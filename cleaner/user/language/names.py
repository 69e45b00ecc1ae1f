"""The names that a page gives its elements, read at little cost: most rules are told by them to find nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.html.elements import FLOW, Flow

if TYPE_CHECKING:
    from cleaner.html.seen import Seen

_IN_LINES = tuple(tag for tag, flow in FLOW.items() if flow in (Flow.INLINE, Flow.MATH, Flow.RUBY))


def names(seen: Seen) -> frozenset[str]:
    """The classes and ids, in lower case, of all elements that blocks may stand in; others may be among them.

    The containers' are known; left are the root and the elements in lines of text.
    """
    if seen.root is None:
        return frozenset()
    said = list(seen.blocks.containers.attributes)
    for element in (seen.root, *seen.root.iter(*_IN_LINES)):
        for value in (element.get("class"), element.get("id")):
            if value:
                said.append(value.lower())
    return frozenset(" ".join(said).split())

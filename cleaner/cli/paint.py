"""The colours of labels on a terminal, in as many colours as it has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner import Label

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.style import Style


def painted(text: str, label: Label) -> str:
    """The text in the colour of a label."""
    return _style(label).render(text, color_system=_colours())


@cache
def _style(label: Label) -> Style:
    from rich.color import ColorSystem
    from rich.style import Style

    from cleaner.render.palette import PALETTE

    colours = PALETTE[label]
    # With eight colours, the nearest one to a label's own may be that of another.
    return Style(color=colours.basic if _colours() is ColorSystem.STANDARD else colours.terminal)


@cache
def _colours() -> ColorSystem:
    """How many colours the terminal has, by what it says of itself."""
    from rich.color import ColorSystem
    from rich.console import Console

    systems = {"256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
    return systems.get(Console().color_system or "", ColorSystem.STANDARD)

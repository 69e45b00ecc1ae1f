"""Templates, style and script of reports, and the policy that lets nothing else run."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cleaner.document import Label
from cleaner.render.palette import PALETTE
from cleaner.render.report.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

_POLICY = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class _Assets:
    style: str
    script: str
    policy: str


def stream(template: str, **values: Any) -> Iterator[str]:
    """A whole file of a report, a piece at a time."""
    from markupsafe import Markup

    assets = _assets()
    return (
        _environment()
        .get_template(template)
        .generate(
            style=Markup(assets.style), script=Markup(assets.script), policy=assets.policy, unsure=UNSURE, **values
        )
    )


def section(**values: Any) -> str:
    """A page of a report, to stand in a file."""
    return _environment().get_template("section.html").render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: _read(f"templates/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment


@cache
def _assets() -> _Assets:
    style, script = f"\n{_read('report.css')}{_of_labels()}", f"\n{_read('report.js')}"
    return _Assets(style, script, _POLICY.format(style=_digest(style), script=_digest(script)))


def _of_labels() -> str:
    """The rules of style that there are for every label: its colours, and what its box in the filter hides."""
    rules = []
    for label in Label:
        light, dark = PALETTE[label].light, PALETTE[label].dark
        rules.append(
            f".l-{label} {{ --bg: light-dark({light.background}, {dark.background});"
            f" --fg: light-dark({light.text}, {dark.text}); }}\n"
            f".page:has(.f:checked):not(:has(.f-{label}:checked)) .run.l-{label} {{ display: none; }}\n"
        )
    return "".join(rules)


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


def _read(name: str) -> str:
    return files("cleaner.render.report").joinpath(name).read_text("utf-8")

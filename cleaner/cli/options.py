"""Options that several commands have, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cleaner
from cleaner import Cleaner, Label
from cleaner.contents import is_encoding

if TYPE_CHECKING:
    from cleaner.site.profile import SiteProfile
    from cleaner.user.corrections import Corrections
    from cleaner.user.sources import Source

Pages = Annotated[
    list[str], typer.Argument(metavar="PAGE", help="Files, folders, globs, http(s) addresses, or - for a pipe.")
]
Keep = Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Labels to add, repeated or with commas.")]
Drop = Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Labels to leave out, repeated or with commas.")]
Model = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A model of cleaner train, instead of the one in the package.")
]
Rules = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Rules of your own, cosmetic filters, or a folder of ftr-site-config."),
]
Site = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What other pages of the site taught: what cleaner site writes.")
]
Corrected = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Labels that were set by hand: what cleaner review writes.")
]
AsText = Annotated[bool, typer.Option("--text", help="Take the pages for plain text, whatever they look like.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="The address of the page, for its links.")]
Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="The encoding to assume.")]
UrlField = Annotated[str, typer.Option(metavar="NAME", help="The field of JSON Lines with the address.")]
HtmlField = Annotated[str, typer.Option(metavar="NAME", help="The field of JSON Lines with the page.")]
Fetch = Annotated[bool, typer.Option("--fetch", help="Fetch the addresses in exports of bookmarks and the like.")]
Cache = Annotated[Path | None, typer.Option(metavar="FILE", help="Keep fetched pages there for the next time.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch from private and local addresses, too.")]


def made(
    keep: Iterable[str] | None = None,
    drop: Iterable[str] | None = None,
    model: Path | None = None,
    rules: Sequence[Path] | None = None,
    site: Path | None = None,
    corrections: Path | None = None,
) -> Cleaner:
    """The Cleaner that the options ask for. Raises typer.BadParameter, which names the option."""
    kept, dropped = labels("--keep", keep), labels("--drop", drop)
    known = read_rules(rules or ()), _profile(site), _corrections(corrections)
    try:
        return cleaner.Cleaner(
            keep=kept, drop=dropped, model=model, rules=known[0], site=known[1], corrections=known[2]
        )
    except (OSError, ValueError) as error:
        raise unusable("--model", error) from None


def labels(option: str, values: Iterable[str] | None) -> frozenset[Label]:
    """The labels that are named, repeated or with commas. Raises typer.BadParameter."""
    names = {name.strip() for value in values or () for name in value.split(",")} - {""}
    if unknown := sorted(names - set(Label)):
        raise typer.BadParameter(f"no label {', '.join(unknown)}; the labels: {', '.join(Label)}", param_hint=option)
    return frozenset(map(Label, names))


def checked_encoding(name: str | None) -> str | None:
    """The name of an encoding, if it is one. Raises typer.BadParameter."""
    if name is not None and not is_encoding(name):
        raise typer.BadParameter(f"no encoding {name}", param_hint="--encoding")
    return name


def unusable(option: str, error: OSError | ValueError) -> typer.BadParameter:
    """What to raise where the file of an option cannot be used: it names the file, and says why in words."""
    why = str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        why = f"{error.filename}: {error.strerror}"
    return typer.BadParameter(why, param_hint=option)


def read_rules(files: Sequence[str | Path], option: str = "--rules") -> tuple[Source, ...]:
    """Open files of rules. Raises typer.BadParameter for what is none."""
    if not files:
        return ()
    from cleaner.user.sources import sources

    try:
        return sources(files)
    except (OSError, ValueError) as error:
        raise unusable(option, error) from None


def _profile(path: Path | None) -> SiteProfile | None:
    if path is None:
        return None
    try:
        return cleaner.SiteProfile.load(path)
    except (OSError, ValueError) as error:
        raise unusable("--site", error) from None


def _corrections(path: Path | None) -> Corrections | None:
    if path is None:
        return None
    try:
        return cleaner.Corrections.load(path)
    except (OSError, ValueError) as error:
        raise unusable("--corrections", error) from None

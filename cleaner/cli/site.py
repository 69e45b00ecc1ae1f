"""``cleaner site``: a profile learned from saved pages of one site."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner import Document, Page
from cleaner.cli.options import Corrected, HtmlField, Model, Rules, UrlField, made, unusable
from cleaner.cli.reader import Reader, page_name
from cleaner.cli.terminal import CannotWrite, Command, guarded, progress, show, tell
from cleaner.files import write_whole
from cleaner.load.inputs import find_inputs

if TYPE_CHECKING:
    from cleaner.site.profile import SiteProfile

_MOST_NAMED = 4


class Learning(Command):
    """One call of ``cleaner site``; knows whether something failed."""

    def __init__(self, reader: Reader, clean: Callable[[Page], Document], profile: SiteProfile) -> None:
        super().__init__()
        self._reader = reader
        self._clean = clean
        self._profile = profile
        self._sites: Counter[str] = Counter()
        self._again = 0

    def learn(self, names: Sequence[str]) -> None:
        """Learn from the pages that the arguments name."""
        inputs = find_inputs(names, self.complain)
        number = {item: done for done, item in enumerate(inputs)}
        with progress(len(inputs) if sys.stderr.isatty() else 0) as step:
            for item, page in self._reader.read(inputs):
                name = page_name(item, page)
                if page.error is not None:
                    self.complain(name, str(page.error))
                else:
                    self._one(name, page)
                step(number[item])
        if len(self._sites) > 1:
            tell("site", f"a profile is for one site, these pages are of {len(self._sites)}: {self._named()}")
        if self._again:
            tell("site", f"{self._again:,} pages are there more than once: they count once")

    def merge(self, paths: Sequence[Path]) -> SiteProfile:
        """What was learned, and what is in other profiles. Raises typer.BadParameter."""
        from cleaner.site.profile import SiteProfile

        merged = self._profile
        for path in paths:
            try:
                other = SiteProfile.load(path)
            except (OSError, ValueError) as error:
                raise unusable("--merge", error) from None
            if merged.shares_pages(other):
                tell(str(path), "holds pages that were learned from here, too: they count twice")
            merged = merged.merge(other)
        return merged

    def _one(self, name: str, page: Page) -> None:
        from cleaner.render import metadata
        from cleaner.site.sites import site_of

        try:
            document = self._clean(page)
        except Exception as error:
            # A fault of ours, yet the other pages count.
            self.complain(name, f"could not be cleaned: {type(error).__name__}: {error}")
            return
        self._again += not self._profile.observe(document, page.saved)
        if site := site_of(metadata(document, quick=True).url):
            self._sites[site] += 1

    def _named(self) -> str:
        named = ", ".join(f"{site} {count:,}" for site, count in self._sites.most_common(_MOST_NAMED))
        return named + (", …" if len(self._sites) > _MOST_NAMED else "")


def site_command(
    pages: Annotated[list[str], typer.Argument(metavar="PAGE", help="Saved pages of one site, as for clean.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The profile, for clean --site.")],
    merge: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Profiles of other pages of the site, to be added.")
    ] = None,
    corrections: Corrected = None,
    rules: Rules = None,
    model: Model = None,
    url_field: UrlField = "url",
    html_field: HtmlField = "html",
) -> None:
    """Learn what the pages of a site have in common, to tell what stands on many of them from the article."""
    from cleaner.site.profile import SiteProfile

    ours = made(model=model, rules=rules, corrections=corrections)
    learning = Learning(Reader(url_field=url_field, html_field=html_field), ours.clean, SiteProfile())
    with guarded(learning.complain):
        learning.learn(pages)
        profile = learning.merge(merge or ())
        if not profile.pages:
            learning.complain("site", f"no page to learn from: {output} was not written")
            raise typer.Exit(1)
        try:
            write_whole(output, profile.to_json())
        except OSError as error:
            raise CannotWrite(str(output), error.strerror or str(error)) from error
        show(f"{profile.pages:,} pages, {profile.repeated:,} texts on several of them\n")
    raise typer.Exit(int(learning.failed))

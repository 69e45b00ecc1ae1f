"""Rules of ftr-site-config: where in the pages of a site the article is, and what in it is none of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.document import ARTICLE, Label, Metadata
from cleaner.html.words import collapse
from cleaner.tag.advice import Advice
from cleaner.user.lists.ftr_markup import rewritten
from cleaner.user.lists.ftr_sites import Sites, host_of, own_address
from cleaner.user.lists.ftr_syntax import Said, SiteConfig, Test
from cleaner.user.lists.text import Messages
from cleaner.user.xpath import Budget

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cleaner.html.seen import Came, Seen
    from cleaner.tag.verdict import Verdict

_OUTSIDE = 12.0
"""Log-odds that decide against any tagger."""
_INSIDE = -0.5
_UNPRUNED = -1.5
"""The same for what stands in the body, and where the file says that all of it is the article. Measured: with
more, what the file forgot to strip becomes body."""
_NATIVE_AD = 3.0
_LEAST_BODY = 25
"""Words that an element must hold to be the body: below it the page is another than the file was written for."""
_MOST_STRIPPED = 0.5
"""A strip that takes more of the body's words than this was not written for this page."""
_MARK_WORDS = 12
_NAME_WORDS = 25
_TITLE_WORDS = 60
_LONGEST_TOLD = 500
_MOST_AUTHORS = 10
_STAYS = frozenset({Label.TITLE, Label.BYLINE})
"""What is stripped from the body only because it is shown elsewhere."""


@dataclass(slots=True)
class _Found:
    """What a site's file finds on a page."""

    body: Said | None = None
    inside: set[int] = field(default_factory=set)
    stripped: dict[int, Said] = field(default_factory=dict)
    marks: dict[int, Said] = field(default_factory=dict)
    """Blocks that own up to an advertisement."""
    told: dict[int, tuple[Label, str]] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=Metadata)
    warnings: list[str] = field(default_factory=list)


_kept = threading.local()
"""What each folder found on the page that this thread is at: the same for the advice and for what comes after it."""


def _pages() -> dict[int, tuple[Seen, _Found]]:
    if not hasattr(_kept, "pages"):
        _kept.pages = {}
    pages: dict[int, tuple[Seen, _Found]] = _kept.pages
    return pages


class FtrConfigs:
    """A folder of ftr-site-config. Reusable and safe in threads.

    mistakes holds what cannot be used, noted what means nothing for one saved page, each as ``example.com.txt:12: …``.
    """

    def __init__(self, sites: Sites, mistakes: tuple[str, ...] = (), noted: tuple[str, ...] = ()) -> None:
        self._sites = sites
        self.mistakes = mistakes
        self.noted = noted
        self._rewrites = any(config.rewrites for config in sites.all)

    @classmethod
    def read(cls, folder: str | Path) -> FtrConfigs:
        """Read a folder of files named after hosts. Raises OSError where it cannot be read."""
        mistakes, noted = Messages(), Messages()
        sites = Sites.read(Path(folder), mistakes, noted)
        return cls(sites, mistakes.all(), noted.all())

    @property
    def tests(self) -> dict[str, list[Test]]:
        """The addresses that each file names to be tried with, and texts that must come out."""
        return {config.name: config.tests for config in self._sites.all if config.tests}

    def prepare(self, html: bytes, came: Came) -> bytes:
        """The page's markup (UTF-8) with the site's replacements made; the same where there are none."""
        if not self._rewrites:
            return html
        config = self._sites.of(host_of(came.url or own_address(html)))
        return rewritten(html, config) if config is not None and config.rewrites else html

    def advise(self, seen: Seen) -> Advice | None:
        """Evidence for what stands in the site's body, and against what does not or is stripped from it."""
        _pages().pop(id(self), None)
        config = self._sites.of(host_of(seen.hints.url)) if seen.root is not None else None
        if config is None:
            return None
        found = _Finder(seen, config).run()
        _pages()[id(self)] = (seen, found)
        if found.body is None and not found.stripped and not found.marks:
            return None
        return _advice(found, len(seen.blocks), _INSIDE if config.switch("prune", True) else _UNPRUNED)

    def overrule(self, seen: Seen, verdict: Verdict) -> None:
        """What lies outside the body or is stripped is none of it; title, authors and date are what the file says."""
        kept = _pages().pop(id(self), None)
        if kept is None or kept[0] is not seen:
            return
        found = kept[1]
        for i, (label, reason) in found.told.items():
            verdict.overrule(i, label, reason)
        for i, said in found.stripped.items():
            if (label := verdict.labels[i]) not in _STAYS:
                verdict.overrule(i, Label.OTHER if label in ARTICLE else label, f"ftr strip {said.place}")
        if found.body is not None:
            for i, label in enumerate(verdict.labels):
                if label is Label.BODY and i not in found.inside:
                    verdict.overrule(i, Label.OTHER, f"ftr body {found.body.place}")
        verdict.told = found.metadata
        verdict.warnings += found.warnings


def _advice(found: _Found, size: int, inside: float) -> Advice:
    odds, labels, reasons = [0.0] * size, [None] * size, [""] * size
    advice: tuple[list[float], list[Label | None], list[str]] = (odds, list(labels), reasons)
    if found.body is not None:
        for i in range(size):
            odds[i] = inside if i in found.inside else _OUTSIDE
            reasons[i] = f"ftr body {found.body.place}"
    for i, said in found.marks.items():
        odds[i], advice[1][i], reasons[i] = _NATIVE_AD, Label.ADVERTISEMENT, f"ftr native_ad_clue {said.place}"
    for i, said in found.stripped.items():
        odds[i], advice[1][i], reasons[i] = _OUTSIDE, None, f"ftr strip {said.place}"
    return Advice(*advice)


class _Finder:
    """Runs a file's expressions over a page, within the page's budget."""

    def __init__(self, seen: Seen, config: SiteConfig) -> None:
        assert seen.root is not None
        self._seen = seen
        self._root = seen.root
        self._config = config
        self._boxes = frozenset(seen.elements)
        self._budget = Budget(seen.root)
        self._found = _Found()

    def run(self) -> _Found:
        found = self._found
        stripped = [(said, self._covered(said)) for said in self._config.strip]
        found.body, found.inside = self._body()
        words, all_words = self._seen.blocks.words, range(len(self._seen.blocks))
        most = _MOST_STRIPPED * sum(words[i] for i in (found.inside or all_words))
        for said, blocks in stripped:
            taken = [i for i in blocks if i in found.inside or found.body is None]
            if sum(words[i] for i in taken) > most:
                found.warnings.append(f"ftr strip {said.place} would take most of the article: it was not used.")
                continue
            for i in blocks:
                found.stripped.setdefault(i, said)
        for said in self._config.native_ad_clue:
            found.marks.update({i: said for i in self._covered(said) if words[i] <= _MARK_WORDS})
        self._tell()
        return found

    def _body(self) -> tuple[Said | None, set[int]]:
        """The first expression that gives enough text, and the blocks in it."""
        for said in self._config.body:
            inside = set(self._covered(said))
            if sum(self._seen.blocks.words[i] for i in inside) >= _LEAST_BODY:
                return said, inside
        return None, set()

    def _results(self, said: Said) -> list[Any]:
        results = said.expression.run(self._root, self._budget)
        if results is None:
            self._found.warnings.append(f"The XPath of {said.place} was not run: it would take too long on this page.")
        return results or []

    def _covered(self, said: Said) -> list[int]:
        results = self._results(said)
        elements = [result for result in results if not isinstance(result, str)]
        blocks = self._seen.covered(elements) if elements else []
        texts = [result for result in results if getattr(result, "is_text", False) or getattr(result, "is_tail", False)]
        return sorted({*blocks, *self._with_texts(texts)}) if texts else blocks

    def _with_texts(self, texts: Iterable[Any]) -> Iterable[int]:
        """The blocks that are exactly a text which was found."""
        whole = {collapse(text) for text in texts} - {""}
        return (i for i, text in enumerate(self._seen.blocks.text) if text in whole)

    def _tell(self) -> None:
        title, where = self._first(self._config.title)
        authors, named = self._all(self._config.author)
        date, dated = self._first(self._config.date)
        self._found.metadata = Metadata(title=title, authors=authors, date=date)
        texts, words = self._seen.blocks.text, self._seen.blocks.words
        for said, label, name, most in (
            (where, Label.TITLE, "title", _TITLE_WORDS),
            (named, Label.BYLINE, "author", _NAME_WORDS),
            (dated, Label.BYLINE, "date", _NAME_WORDS),
        ):
            for i in self._covered(said) if said is not None else ():
                if words[i] <= most and (label is not Label.TITLE or collapse(texts[i]) == title):
                    self._found.told[i] = (label, f"ftr {name} {said.place}" if said else "")

    def _first(self, expressions: list[Said]) -> tuple[str | None, Said | None]:
        for said in expressions:
            if text := next((text for text in map(_text, self._results(said)) if text), None):
                return text, said
        return None, None

    def _all(self, expressions: list[Said]) -> tuple[tuple[str, ...], Said | None]:
        for said in expressions:
            texts = dict.fromkeys(text for text in map(_text, self._results(said)[:_MOST_AUTHORS]) if text)
            if texts:
                return tuple(texts), said
        return (), None


def _text(result: str | _Element) -> str:
    """The text of what an expression found, on one line; empty for what is too long to be a title, a name or a date."""
    text = collapse(result if isinstance(result, str) else "".join(map(str, result.itertext())))
    return text if len(text) <= _LONGEST_TOLD else ""

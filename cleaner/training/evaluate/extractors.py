"""The extractors: bytes of a page in, text of its article out, each in its best setting for articles.

Modules are imported by name when an extractor is made: none has to be installed, and a process holds only its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

from cleaner import install
from cleaner.training.plain import visible_text

Extract = Callable[[bytes], str | None]
OURS = ("cleaner", "cleaner-rules", "cleaner-text")
TEXT = "cleaner-text"
"""Ours on the page's visible text, without its markup."""
TRAINED = ("cleaner", TEXT)
"""Those of ours that clean with a trained model."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """How to make an extractor and which top-level modules it needs.

    make raises what those modules raise when they are imported.
    """

    name: str
    distribution: str
    modules: tuple[str, ...]
    make: Callable[[], Extract]

    def is_installed(self) -> bool:
        """Tell whether all its modules are there."""
        return all(find_spec(module) is not None for module in self.modules)

    def version(self) -> str:
        """Return the version of its distribution, ``?`` where that is unknown."""
        if self.name in OURS:
            # A checkout that is not installed has no metadata.
            return str(import_module("cleaner.version").__version__)
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return "?"


def decode(page: bytes) -> str:
    """Decode for extractors that take text only: UTF-8 if it is, else the best guess."""
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        best = import_module("charset_normalizer").from_bytes(page).best()
        return str(best) if best else page.decode("utf-8", "replace")


def _cleaner() -> Extract:
    clean = import_module("cleaner").clean
    return lambda page: str(clean(page).text)


def _cleaner_rules() -> Extract:
    rules = import_module("cleaner").Cleaner(model=False)
    return lambda page: str(rules.clean(page).text)


def _cleaner_text() -> Extract:
    clean_text = import_module("cleaner").clean_text
    return lambda page: str(clean_text(visible_text(decode(page))).text)


def _trafilatura(**options: Any) -> Callable[[], Extract]:
    def make() -> Extract:
        extract = import_module("trafilatura").extract
        return lambda page: extract(page, include_comments=False, **options)

    return make


def _resiliparse() -> Extract:
    plain = import_module("resiliparse.extract.html2text").extract_plain_text
    encoding = import_module("resiliparse.parse.encoding")

    def extract(page: bytes) -> str:
        text = encoding.bytes_to_str(page, encoding.detect_encoding(page))
        return str(plain(text, preserve_formatting=True, main_content=True, alt_texts=False, comments=False))

    return extract


def _readability() -> Extract:
    document = import_module("readability").Document
    parse = import_module("lxml.html").fromstring
    return lambda page: "\n".join(parse(document(decode(page)).summary()).itertext())


def _justext() -> Extract:
    justext = import_module("justext")
    stop_words = justext.get_stoplist("English")

    def extract(page: bytes) -> str:
        return "\n".join(part.text for part in justext.justext(page, stop_words) if not part.is_boilerplate)

    return extract


EXTRACTORS = {
    extractor.name: extractor
    for extractor in (
        Extractor("cleaner", "pagecleaner", ("cleaner",), _cleaner),
        Extractor("cleaner-rules", "pagecleaner", ("cleaner",), _cleaner_rules),
        Extractor("cleaner-text", "pagecleaner", ("cleaner", "resiliparse"), _cleaner_text),
        Extractor("trafilatura", "trafilatura", ("trafilatura",), _trafilatura(include_tables=True)),
        Extractor("trafilatura-precision", "trafilatura", ("trafilatura",), _trafilatura(favor_precision=True)),
        Extractor("resiliparse", "resiliparse", ("resiliparse",), _resiliparse),
        Extractor("readability-lxml", "readability-lxml", ("readability",), _readability),
        Extractor("justext", "justext", ("justext",), _justext),
    )
}
PEERS = tuple(name for name in EXTRACTORS if name not in OURS)


def installed(names: Iterable[str]) -> list[Extractor]:
    """Return the named extractors that can run; the others are named on standard error.

    Raises KeyError for a name that nobody registered.
    """
    found = []
    for name in names:
        extractor = EXTRACTORS[name]
        if extractor.is_installed():
            found.append(extractor)
        else:
            print(f"{name} is left out, since it is not installed: {install.command('bench')}", file=sys.stderr)
    return found

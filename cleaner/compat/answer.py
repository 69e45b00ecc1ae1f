"""What :mod:`cleaner.compat.trafilatura` answers: the views and names of trafilatura, from a document of Cleaner's."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from cleaner.compat.records import empty, record_of
from cleaner.document import Document, Kind, Label
from cleaner.load import Page, load
from cleaner.pipeline import Cleaner

if TYPE_CHECKING:
    from lxml.etree import _Element
    from trafilatura.settings import Document as Record

FORMATS = ("txt", "markdown", "json", "html")
"""What ``output_format`` can be."""
_ARTICLE = frozenset({Label.TITLE, Label.BODY, Label.CAPTION})
_OWN_DATES = "dates are read by Cleaner's own rules"
_UNSUPPORTED = {
    "deduplicate": "remove duplicates in a step of its own",
    "tei_validation": "there is no TEI",
    "date_extraction_params": _OWN_DATES,
    "date_config": _OWN_DATES,
    "max_tree_size": "Cleaner bounds its work by itself",
    "options": "give the options as arguments",
}
_SETTINGS = (
    "MIN_EXTRACTED_SIZE MIN_OUTPUT_SIZE MIN_OUTPUT_COMM_SIZE MIN_DUPLCHECK_SIZE MAX_REPETITIONS MAX_FILE_SIZE "
    "MAX_TREE_SIZE EXTENSIVE_DATE_SEARCH"
).split()
"""The settings that change what trafilatura extracts; the others are of its downloads and its command line."""


class Unsupported(ValueError):
    """An argument, or a value of one, that trafilatura knows and Cleaner does not."""


class Response(Protocol):
    """What urllib3 and trafilatura give for an address."""

    @property
    def data(self) -> Any:
        """The page."""


Content: TypeAlias = "bytes | str | _Element | Response | None"


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments of a call that change what comes out."""

    url: str | None = None
    record_id: str | None = None
    fast: bool = False
    no_fallback: bool = False
    include_comments: bool = True
    output_format: str = "txt"
    target_language: str | None = None
    include_tables: bool = True
    include_images: bool = False
    include_formatting: bool | None = None
    include_links: bool = False
    with_metadata: bool = False
    only_with_metadata: bool = False
    url_blacklist: set[str] | None = None
    author_blacklist: set[str] | None = None
    prune_xpath: str | list[str] | None = None

    @property
    def as_markdown(self) -> bool:
        """Whether text is written with its formatting."""
        if self.include_formatting is None:
            return self.output_format == "markdown"
        return self.include_formatting and self.output_format != "json"

    @property
    def metadata(self) -> bool:
        """Whether metadata is asked for, or needed."""
        return bool(self.with_metadata or self.only_with_metadata or self.url_blacklist or self.author_blacklist)


class Answer(NamedTuple):
    """What was found: the views of article and comments, and trafilatura's Document filled in from them."""

    options: Options
    article: Document
    comments: Document | None
    record: Record


@dataclass(frozen=True)
class _View(Document):
    """A document whose HTML, and so its Markdown, lacks some elements, but not the text in them."""

    without: frozenset[str] = frozenset()

    @cached_property
    def html(self) -> str:
        import nh3

        from cleaner.render.html import ATTRIBUTES, TAGS, html

        attributes = {tag: names for tag, names in ATTRIBUTES.items() if tag not in self.without}
        return nh3.clean(html(self), tags=set(TAGS - self.without), attributes=attributes, link_rel=None).strip()


def answer(given: dict[str, Any], formats: tuple[str, ...] = FORMATS) -> Answer | None:
    """Carry out a call, its arguments by name; None where trafilatura gives None. Raises Unsupported."""
    options = _options(given)
    _deprecated(options.no_fallback, '"no_fallback" will be removed, use "fast" instead')
    _deprecated(given.get("as_dict"), '"as_dict" will be removed, use the .as_dict() method instead')
    if options.output_format not in formats:
        raise Unsupported(f"output_format {options.output_format!r} is not supported, only {', '.join(formats)}")
    marked = options.as_markdown or options.output_format == "html"
    if (options.include_links or options.include_images) and not marked:
        raise Unsupported("plain text has neither links nor images: use output_format 'markdown' or 'html'")
    document = _cleaned(given["filecontent"], options)
    if document is None:
        return None
    article, comments = _views(document, options)
    record = record_of(document, options.author_blacklist or set()) if options.metadata else empty()
    record.id, record.raw_text = options.record_id, article.text
    record.text = article.markdown if options.as_markdown else article.text
    if comments is not None:
        record.comments = comments.markdown if options.as_markdown and comments.text else comments.text
    found = Answer(options, article, comments, record)
    return found if _wanted(found, document) else None


def read(given: dict[str, Any]) -> Document | None:
    """The page of a call that asks for its metadata alone; None for what is no page. Raises Unsupported."""
    _options(given)
    return _cleaned(given["filecontent"], Options(url=given["default_url"]))


def _options(given: dict[str, Any]) -> Options:
    """The arguments that count; raises Unsupported for what would silently be without effect."""
    for name, instead in _UNSUPPORTED.items():
        if given.get(name):
            raise Unsupported(f"{name} is not supported: {instead}")
    if given.get("config") is not None or given.get("settingsfile"):
        from trafilatura.settings import DEFAULT_CONFIG, use_config

        config = use_config(given["settingsfile"]) if given.get("settingsfile") else given["config"]
        for name in _SETTINGS:
            default = DEFAULT_CONFIG.get("DEFAULT", name, fallback="")
            if config.get("DEFAULT", name, fallback=default) != default:
                raise Unsupported(f"the setting {name} is not supported")
    return Options(**{field.name: given[field.name] for field in fields(Options) if field.name in given})


def _deprecated(used: bool | None, message: str) -> None:
    if used:
        # Up to who called the function that called answer.
        warnings.warn(message, DeprecationWarning, stacklevel=4)


def _cleaned(content: Content, options: Options) -> Document | None:
    """The page as a document; None for what is no page."""
    from lxml import etree

    data = getattr(content, "data", None)
    page: Any = data if isinstance(data, bytes | str) else content
    if isinstance(page, bytes | bytearray):
        page = next(iter(load(bytes(page))), None)
    if not isinstance(page, str | Page | etree._Element | etree._ElementTree):
        return None
    if options.prune_xpath:
        page = _pruned(page, options.prune_xpath)
    cleaner = Cleaner(model=False if options.fast or options.no_fallback else None)
    document = cleaner.clean(page, options.url)
    return document if document.source.html is not None else None


def _pruned(page: Any, expressions: str | list[str]) -> _Element | str:
    """The page without the elements that XPath *expressions* find."""
    from lxml import etree, html

    from cleaner.html.decode import decode, encode

    content, charset = (page.content, page.charset) if isinstance(page, Page) else (page, None)
    if isinstance(content, str):
        content = encode(content)
    elif isinstance(content, bytes):
        content, _ = decode(content, charset)
    else:
        content = etree.tostring(content, encoding="utf-8", method="html")
    try:
        tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    except etree.LxmlError:
        return ""
    for expression in [expressions] if isinstance(expressions, str) else expressions:
        found = etree.XPath(expression)(tree)
        for element in found if isinstance(found, list) else []:
            if isinstance(element, html.HtmlElement) and element.getparent() is not None:
                element.drop_tree()
    return tree


def _views(document: Document, options: Options) -> tuple[Document, Document | None]:
    """The article, and the comments where they are asked for."""
    labels = list(document.columns.labels)
    if not options.include_tables:
        kinds, groups = document.columns.kinds, document.columns.groups
        tables = {group for group, kind in zip(groups, kinds, strict=True) if kind is Kind.TABLE}
        labels = [Label.OTHER if group in tables else label for group, label in zip(groups, labels, strict=True)]
    without = set() if options.include_links else {"a"}
    if not options.include_images:
        without |= {"img", "figure"}
    article = _View(
        replace(document.columns, labels=labels),
        document.source,
        document.page_type,
        document.access,
        drop=frozenset() if options.include_images else frozenset({Label.CAPTION}),
        without=frozenset(without),
    )
    if not options.include_comments:
        return article, None
    return article, replace(article, keep=frozenset({Label.COMMENTS}), drop=_ARTICLE)


def _wanted(found: Answer, document: Document) -> bool:
    options, record = found.options, found.record
    comments = found.comments.text if found.comments is not None else ""
    if not found.article.text and not comments:
        return False
    if record.url in (options.url_blacklist or ()):
        return False
    if options.only_with_metadata and not (record.date and record.title and record.url):
        return False
    if not options.target_language:
        return True
    language = _language_of(max(found.article.text, comments, key=len), document)
    record.language = language or record.language
    return language in (options.target_language, None)


def _language_of(text: str, document: Document) -> str | None:
    """What the text is in by py3langid where it is installed, as trafilatura does; else what the page declares."""
    try:
        classify = import_module("py3langid").classify
    except ImportError:
        return (document.language or "").partition("-")[0] or None
    return str(classify(text)[0])

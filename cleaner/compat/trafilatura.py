"""trafilatura's functions with the same arguments and the same kinds of results, done by Cleaner.

What each argument does, and what is not supported, is in ``docs/integrations/trafilatura.md``.
"""

from __future__ import annotations

from configparser import ConfigParser
from typing import TYPE_CHECKING, Any

from cleaner.compat.answer import FORMATS, Content, Unsupported, answer, read
from cleaner.compat.records import empty, record_of, with_trees, written

if TYPE_CHECKING:
    from trafilatura.settings import Document as Record

__all__ = ["Unsupported", "bare_extraction", "extract", "extract_metadata", "extract_with_metadata"]

_ELSEWHERE = {
    **dict.fromkeys(("fetch_url", "fetch_response"), "fetch with trafilatura, or with cleaner.load(address)"),
    **dict.fromkeys(("baseline", "html2txt"), "use trafilatura's"),
    "load_html": "give bytes, text or an lxml tree to extract",
}


def extract(
    filecontent: Content,
    url: str | None = None,
    record_id: str | None = None,
    fast: bool = False,
    no_fallback: bool = False,
    favor_precision: bool = False,
    favor_recall: bool = False,
    include_comments: bool = True,
    output_format: str = "txt",
    tei_validation: bool = False,
    target_language: str | None = None,
    include_tables: bool = True,
    include_images: bool = False,
    include_formatting: bool | None = None,
    include_links: bool = False,
    deduplicate: Any = False,
    date_extraction_params: dict[str, Any] | None = None,
    with_metadata: bool = False,
    only_with_metadata: bool = False,
    max_tree_size: int | None = None,
    url_blacklist: set[str] | None = None,
    author_blacklist: set[str] | None = None,
    settingsfile: str | None = None,
    prune_xpath: str | list[str] | None = None,
    config: ConfigParser | None = None,
    options: Any = None,
) -> str | None:
    """Return the article as a string of *output_format*; None where there is none. Raises Unsupported."""
    # It must stay the first statement: these are the arguments and nothing else.
    found = answer(locals())
    return written(found) if found is not None else None


def bare_extraction(
    filecontent: Content,
    url: str | None = None,
    fast: bool = False,
    no_fallback: bool = False,
    favor_precision: bool = False,
    favor_recall: bool = False,
    include_comments: bool = True,
    output_format: str = "python",
    target_language: str | None = None,
    include_tables: bool = True,
    include_images: bool = False,
    include_formatting: bool | None = None,
    include_links: bool = False,
    deduplicate: Any = False,
    date_extraction_params: dict[str, Any] | None = None,
    with_metadata: bool = False,
    only_with_metadata: bool = False,
    max_tree_size: int | None = None,
    url_blacklist: set[str] | None = None,
    author_blacklist: set[str] | None = None,
    as_dict: bool = False,
    prune_xpath: str | list[str] | None = None,
    config: ConfigParser | None = None,
    options: Any = None,
) -> Record | dict[str, Any] | None:
    """Return the article as trafilatura's Document, or as a dict; None where there is none. Raises Unsupported."""
    found = answer(locals(), (*FORMATS, "python"))
    if found is None:
        return None
    record = with_trees(found)
    return record.as_dict() if as_dict else record


def extract_with_metadata(
    filecontent: Content,
    url: str | None = None,
    record_id: str | None = None,
    fast: bool = False,
    favor_precision: bool = False,
    favor_recall: bool = False,
    include_comments: bool = True,
    output_format: str = "txt",
    tei_validation: bool = False,
    target_language: str | None = None,
    include_tables: bool = True,
    include_images: bool = False,
    include_formatting: bool | None = None,
    include_links: bool = False,
    deduplicate: Any = False,
    date_extraction_params: dict[str, Any] | None = None,
    url_blacklist: set[str] | None = None,
    author_blacklist: set[str] | None = None,
    settingsfile: str | None = None,
    prune_xpath: str | list[str] | None = None,
    config: ConfigParser | None = None,
    options: Any = None,
) -> Record | None:
    """Return trafilatura's Document with the metadata, its text as :func:`extract` gives it. Raises Unsupported."""
    found = answer({**locals(), "with_metadata": True})
    if found is None:
        return None
    text = written(found)
    record = with_trees(found)
    record.text = text
    return record


def extract_metadata(
    filecontent: Content,
    default_url: str | None = None,
    date_config: dict[str, Any] | None = None,
    extensive: bool = True,
    author_blacklist: set[str] | None = None,
) -> Record:
    """Return what the page says of itself as trafilatura's Document. Raises Unsupported."""
    document = read(locals())
    return record_of(document, author_blacklist or set()) if document is not None else empty()


def __getattr__(name: str) -> Any:
    # An AttributeError would lose what it says on the way through "from … import …".
    if name in _ELSEWHERE:
        raise ImportError(f"{name} is not in {__name__}: {_ELSEWHERE[name]}")
    raise AttributeError(f"module {__name__} has no attribute {name}")

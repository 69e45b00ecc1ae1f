"""What a page says of its article: JSON-LD, OpenGraph and ``<meta>``, read by trafilatura and set right."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as calendar_date
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from cleaner.document import Metadata
from cleaner.html.declared import declared
from cleaner.html.head import head_of
from cleaner.html.words import collapse

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_log = logging.getLogger(__name__)

_SUFFIX = re.compile(r"^\s*[|·•»›]\s*\S|^\s+[–—/-]\s+\S")
_PREFIX = re.compile(r"\S\s*[|·•»›]\s*$|\S\s+[–—/-]\s+$")
_SEPARATOR = re.compile(r"\s*[|–—·•»›/-]\s*$")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[-_.@].*)?")
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "xx"})
_LINK = re.compile(r"https?://|www\.|@\w|\w@")
_BY = re.compile(r"^(?:by|von|par|por|di|door)\s*:?\s+(?=\S)", re.I)
_LONGEST_NAME = 80
_MOST_AUTHORS = 30
_MOST_NAMES = 8
_MOST_NODES = 2000
_NEW_YEAR = "-01-01"
_MOST_BYLINES = 8
_LONGEST_BYLINE = 200
# JSON can name halves of characters, which no text can hold; two that belong together are one.
_HALF = re.compile(
    r"(?<!\\)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_NUMBERS = re.compile(r"\d+")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_SPELLED = re.compile(
    rf"(?<![^\W\d_])(?:(?P<month>{_NAME})\.?\s+(?P<day>{_DAY})(?:st|nd|rd|th)?"
    rf"|(?<!\d)(?P<day2>{_DAY})(?:st|nd|rd|th)?\s+(?P<month2>{_NAME})\.?),?\s+(?P<year>(?:19|20)\d\d)(?!\d)",
    re.I,
)
"""A date with an English month in it."""
_ARTICLES = ("Article", "Posting", "Report", "Review", "Recipe", "Product")


def read(
    html: bytes, url: str | None, headline: str | None, bylines: Sequence[str] = (), *, quick: bool = False
) -> Metadata:
    """Return what *html* (UTF-8) says of its article. Never raises; what cannot be read is None.

    url is the address it came from; headline the text of the block labelled title, bylines of those labelled byline.
    quick reads what the page declares and leaves out what can only be guessed from its text: a tenth of the time.
    """
    try:
        tree = _tree(head_of(html) if quick else html)
    except Exception:
        tree = None
    if tree is None:
        return Metadata(title=headline, url=url)
    said = declared(tree) if quick else _said(tree, url)
    nodes = list(_json_ld(tree))
    address = url or _web_address(said.get("url"), None) or _page_address(tree)
    base = _base(tree, address)
    return Metadata(
        title=_title(_text(said.get("title")), headline, _text(said.get("sitename"))),
        authors=_authors(_named(nodes))
        or _authors(str(said.get("author") or "").split(";"))
        or _authors(tree.xpath("//meta[contains(@property, ':author')]/@content")),
        date=_published(nodes)
        or _date(said.get("date"))
        or _date_in(bylines, quick=quick)
        or (None if quick else _date_shown(html, address)),
        site_name=_text(said.get("sitename")),
        description=_text(said.get("description")),
        tags=_tags(said.get("tags")),
        language=_language(tree, nodes),
        image=_web_address(said.get("image"), base) or _web_address(_image(nodes), base),
        url=address,
    )


def _tree(html: bytes) -> HtmlElement | None:
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    return lxml_html.document_fromstring(html, parser=parser) if html.strip() else None


def _said(tree: HtmlElement, url: str | None) -> dict[str, Any]:
    """What trafilatura reads from the page; empty where it fails."""
    from trafilatura.metadata import extract_metadata

    try:
        found = extract_metadata(tree, default_url=url, extensive=False)
    except Exception as error:
        _log.debug("metadata could not be read: %s", error)
        return {}
    names = ("title", "author", "date", "sitename", "description", "tags", "image", "url")
    return {name: getattr(found, name, None) for name in names}


def _text(value: Any) -> str | None:
    return collapse(value) or None if isinstance(value, str) else None


def _title(said: str | None, headline: str | None, site: str | None) -> str | None:
    """The headline where the page's own title differs from it only by the site's name before or behind it."""
    if not said or not headline:
        return _without_site(said, site) or headline
    if headline.casefold().startswith(said.casefold()):
        return headline
    start = said.casefold().find(headline.casefold())
    if start < 0 or headline.casefold() == (site or "").casefold():
        return _without_site(said, site)
    before, after = said[:start], said[start + len(headline) :]
    clear = (not before or _PREFIX.search(before)) and (not after or _SUFFIX.search(after))
    return headline if clear else _without_site(said, site)


def _without_site(title: str | None, site: str | None) -> str | None:
    """A title without the name of its site behind it."""
    if title and site and title.casefold().endswith(site.casefold()):
        rest = title[: -len(site)]
        return _SEPARATOR.sub("", rest) if _PREFIX.search(rest) else title
    return title


def _named(nodes: list[dict[str, Any]]) -> list[str]:
    """The authors of the article of the page's JSON-LD."""
    for node in nodes:
        authors = node.get("author") if _is_article(node) else None
        names = []
        for author in authors if isinstance(authors, list) else [authors]:
            name = author.get("name") if isinstance(author, dict) else author
            names += [each for each in (name if isinstance(name, list) else [name]) if isinstance(each, str)]
        if names:
            return names
    return []


def _authors(names: list[str]) -> tuple[str, ...]:
    """The names without what stands around them, each once."""
    clean = [_BY.sub("", collapse(unescape(name))).strip(" ,|–—-") for name in names[:_MOST_AUTHORS]]
    return _unique(
        name
        for name in clean
        if len(name) <= _LONGEST_NAME
        and name.count(" ") < _MOST_NAMES
        and not _LINK.search(name)
        and any(map(str.isalpha, name))
    )


def _tags(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else []
    return _unique(collapse(tag) for each in values if isinstance(each, str) for tag in each.split(","))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values without repetition, whatever their case, in order."""
    first: dict[str, str] = {}
    for value in values:
        if value:
            first.setdefault(value.casefold(), value)
    return tuple(first.values())


def _date(value: Any) -> str | None:
    try:
        return calendar_date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def _published(nodes: list[dict[str, Any]]) -> str | None:
    """When the article of the page's JSON-LD, else the page, was published."""
    for node in sorted(nodes, key=lambda node: not _is_article(node)):
        if date := _date(node.get("datePublished")):
            return date
    return None


def _date_in(bylines: Sequence[str], *, quick: bool) -> str | None:
    """The first date that a byline shows in full."""
    lines = [
        line for line in bylines[:_MOST_BYLINES] if len(line) <= _LONGEST_BYLINE and len(_NUMBERS.findall(line)) > 1
    ]
    found = next(filter(None, (_date_of(line) for line in lines)), None)
    # To look further takes the words of 200 languages: a second at first, and 50 MB.
    return found or (None if quick else next(filter(None, (_date_of(line, thorough=True) for line in lines)), None))


def _date_of(line: str, *, thorough: bool = False) -> str | None:
    spelled = None if thorough else _SPELLED.search(line)
    if spelled:
        day, month, year = spelled["day"] or spelled["day2"], spelled["month"] or spelled["month2"], spelled["year"]
        return _date(f"{year}-{_MONTHS.index(month[:3].lower()) + 1:02}-{int(day):02}")
    return _find_date(f"<html><body><p class='date'>{escape(line)}</p></body></html>", None, thorough=thorough)


def _date_shown(html: bytes, url: str | None) -> str | None:
    """A date that stands anywhere on the page, if a day is named: the year alone is often the imprint's."""
    tree = _tree(html)
    found = _find_date(tree, url) if tree is not None else None
    return None if found and found.endswith(_NEW_YEAR) else found


def _find_date(page: HtmlElement | str, url: str | None, *, thorough: bool = True) -> str | None:
    from htmldate import find_date

    try:
        return _date(find_date(page, original_date=True, url=url, extensive_search=thorough))
    except Exception as error:
        _log.debug("no date could be read: %s", error)
        return None


def _language(tree: HtmlElement, nodes: list[dict[str, Any]]) -> str | None:
    """A BCP 47 tag from JSON-LD, else ``<html lang>``, else OpenGraph, else the HTTP header's stand-in."""
    candidates = [*_in_language(nodes), tree.get("lang"), tree.get("xml:lang")]
    for meta in tree.iterfind(".//meta[@content]"):
        name = (meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").lower()
        if name in ("og:locale", "content-language", "language", "dc.language"):
            candidates.insert(len(candidates) if name != "og:locale" else 3, meta.get("content"))
    return next((tag for tag in map(_language_tag, candidates) if tag), None)


def _in_language(nodes: list[dict[str, Any]]) -> list[Any]:
    articles = [node for node in nodes if _is_article(node)]
    found = []
    for node in articles or nodes:
        value = node.get("inLanguage")
        value = value[0] if isinstance(value, list) and value else value
        found.append(value.get("alternateName") or value.get("name") if isinstance(value, dict) else value)
    return [next((value for value in found if _language_tag(value)), None)]


def _language_tag(value: Any) -> str | None:
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return None
    language, script, region = match.groups()
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, outermost first."""
    left = _MOST_NODES
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            queue = [json.loads(_HALF.sub("", script.text or ""), strict=False)]
        except (ValueError, RecursionError):
            continue
        for value in queue:
            if left <= 0:
                return
            left -= 1
            if isinstance(value, list):
                queue.extend(value[:left])
            elif isinstance(value, dict):
                yield value
                queue.extend(each for name in ("@graph", "mainEntity", "mainEntityOfPage") if (each := value.get(name)))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(str(kind).endswith(_ARTICLES) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _image(nodes: list[dict[str, Any]]) -> Any:
    """The picture of the page's article by its JSON-LD."""
    image = next((node["image"] for node in nodes if _is_article(node) and node.get("image")), None)
    image = image[0] if isinstance(image, list) else image
    return image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image


def _page_address(tree: HtmlElement) -> str | None:
    """The address that the page gives itself."""
    for link in tree.iterfind(".//link[@href]"):
        if (link.get("rel") or "").lower() == "canonical" and (address := _web_address(link.get("href"), None)):
            return address
    for meta in tree.iterfind(".//meta[@property='og:url']"):
        if address := _web_address(meta.get("content"), None):
            return address
    return None


def _base(tree: HtmlElement, address: str | None) -> str | None:
    element = tree.find(".//base[@href]")
    return _web_address(element.get("href"), address) or address if element is not None else address


def _web_address(value: Any, base: str | None) -> str | None:
    """An absolute http(s) address, or None."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        address = urljoin(base or "", value.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None

"""What a page's ``<meta>`` elements declare, for when there is no time to look any further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title", "headline"),
    "author": ("author", "dc.creator", "parsely-author", "sailthru.author", "byl"),
    "date": (
        "article:published_time",
        "datepublished",
        "og:published_time",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "pubdate",
        "publish-date",
        "cxenseparse:recs:publishtime",
        "date",
    ),
    "sitename": ("og:site_name", "application-name", "dc.publisher"),
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "image": ("og:image", "og:image:url", "twitter:image", "twitter:image:src"),
    "tags": ("article:tag", "news_keywords", "keywords", "parsely-tags"),
}


def declared(tree: HtmlElement) -> dict[str, Any]:
    """Title, author, date, sitename, description, image and tags, by these names; the first way of saying it counts."""
    said: dict[str, list[str]] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if content := (meta.get("content") or "").strip():
            said.setdefault(name, []).append(content)
    found: dict[str, Any] = {}
    for field, names in _NAMES.items():
        values = next((said[name] for name in names if name in said), None)
        if values is not None:
            found[field] = values if field == "tags" else values[0]
    if "title" not in found:
        found["title"] = (tree.findtext(".//title") or "").strip() or None
    if "date" not in found:
        found["date"] = next((time.get("datetime") for time in tree.iterfind(".//time[@pubdate]")), None)
    return found

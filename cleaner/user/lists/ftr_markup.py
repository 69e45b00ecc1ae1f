"""What an ftr-site-config changes of a page before it is cut into blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.html.parse import UNWRITABLE
from cleaner.user.xpath import Budget

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cleaner.user.lists.ftr_syntax import SiteConfig

_MOST_REPLACED = 200
_GROWTH = 2
_SPARE = 1_000_000
"""A page may become twice as long and a million bytes longer."""


def rewritten(html: bytes, config: SiteConfig) -> bytes:
    """The markup (UTF-8) as the file wants it: strings replaced, then elements changed."""
    longest = _GROWTH * len(html) + _SPARE
    for sought, instead in config.replacements[:_MOST_REPLACED]:
        if not sought or (len(instead) > len(sought) and _grown(html, sought, instead) > longest):
            continue
        html = html.replace(sought, instead)
    return _reshaped(html, config) if config.reshapes else html


def _grown(html: bytes, sought: bytes, instead: bytes) -> int:
    return len(html) + html.count(sought) * (len(instead) - len(sought))


def _reshaped(html: bytes, config: SiteConfig) -> bytes:
    from lxml import etree

    from cleaner.html.parse import parse

    root, _ = parse(html)
    if root is None:
        return html
    _pictures(root, config)
    if config.switch("skip_json_ld", False):
        for script in list(root.iter("script")):
            if "ld+json" in (script.get("type") or "").lower():
                _drop(script)
    if config.wraps:
        _wrap(root, config)
    return etree.tostring(root, encoding="unicode", method="html", with_tail=False).encode("utf-8", "replace")


def _pictures(root: _Element, config: SiteConfig) -> None:
    for image in list(root.iter("img")):
        address = image.get("src") or ""
        if any(part in address for part in config.images):
            _drop(image)
            continue
        late = next((value for name in config.lazy if (value := image.get(name))), None)
        if late:
            image.set("src", late)


def _wrap(root: _Element, config: SiteConfig) -> None:
    from lxml import etree

    budget = Budget(root)
    for tag, said in config.wraps:
        for element in said.expression.run(root, budget) or ():
            parent = element.getparent() if isinstance(element, etree._Element) else None
            if parent is None or element.tag in ("html", "head", "body"):
                continue
            box = etree.Element(tag)
            box.tail, element.tail = element.tail, None
            parent.replace(element, box)
            box.append(element)


def _drop(element: _Element) -> None:
    """Take an element out, and leave the text behind it."""
    parent, before, tail = element.getparent(), element.getprevious(), (element.tail or "").translate(UNWRITABLE)
    if parent is None:
        return
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)

"""What a page holds but does not show."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
"""What in a style hides an element."""
_REST_OF_RULE = re.compile(f"{HIDING.pattern}[^;]*;?", re.I)
_NO_ARTICLE_TAGS = frozenset({"dialog", "nav", "form", "footer", "template", "noscript", "menu"})
_NO_ARTICLE_NAMES = re.compile(
    r"cookie|consent|gdpr|modal|dialog|popup|pop-up|lightbox|overlay|tooltip|dropdown|offcanvas|drawer|newsletter|notification"
    r"|onetrust|navbar|menu|comments?\b|search-",
    re.I,
)
_UNSEEN = frozenset(
    # for screen readers
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only u-visually-hidden a11y-hidden "
    # controls of the page in a line of text
    "mw-editsection headerlink hash-link anchorjs-link permalink anchor-link "
    # formulas as a script has drawn them: their source stands inside or right behind
    "MathJax MathJax_Display MathJax_Preview MathJax_SVG MathJax_SVG_Display MathJax_CHTML mjx-chtml".split()
)
_DECORATION = 2
_TELLING = frozenset({"hidden", "style", "aria-hidden"})
_SHADOW = frozenset({"shadowrootmode", "shadowroot"})


def is_hidden(element: _Element, attributes: dict[str, str]) -> bool:
    """Whether an element is not shown, or is no text of the page: told by its own attributes alone."""
    if not _TELLING.isdisjoint(attributes):
        if "hidden" in attributes or ("style" in attributes and HIDING.search(attributes["style"])):
            return True
        if attributes.get("aria-hidden") == "true" and _is_ornament(element, attributes):
            return True
    return "class" in attributes and _is_unseen(attributes["class"])


def is_inert(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element is a template for scripts; one that declares a shadow root is shown."""
    return tag == "template" and _SHADOW.isdisjoint(attributes)


def is_no_article(element: _Element) -> bool:
    """Whether a hidden element, or one inside of this, is a menu, a dialog or the like, by its tag and names."""
    if element.tag in ("html", "body") or _is_whole_page(element):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in _NO_ARTICLE_TAGS or _NO_ARTICLE_NAMES.search(names) is not None


def _is_whole_page(element: _Element) -> bool:
    """Whether an element is a form around all of a page, as web frameworks make them."""
    if element.tag != "form" or (parent := element.getparent()) is None or parent.tag != "body":
        return False
    return next(element.iter("h1"), None) is not None


def is_elsewhere(element: _Element) -> bool:
    """Whether an element, or one around it up to the article or the main part, is a menu, a dialog or the like."""
    while not is_no_article(element):
        parent = element.getparent()
        if parent is None or element.tag in ("article", "main"):
            return False
        element = parent
    return True


def show(element: _Element) -> None:
    """Take from an element what hides it."""
    element.attrib.pop("hidden", "")
    if style := element.get("style"):
        element.set("style", _REST_OF_RULE.sub("", style))


def _is_ornament(element: _Element, attributes: dict[str, str]) -> bool:
    """Whether what is hidden from screen readers is a sign or a picture of text; pages hide whole articles so too."""
    if "katex-html" in attributes.get("class", ""):
        return True
    return len(element) == 0 and len((element.text or "").strip()) <= _DECORATION


@lru_cache(maxsize=4096)
def _is_unseen(classes: str) -> bool:
    return not _UNSEEN.isdisjoint(classes.split())

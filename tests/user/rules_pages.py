"""A page and a text for rules to be tried on, and what rules make of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import cleaner
from cleaner.user.rules import Rule, RuleSet

ADDRESS = "https://www.paper.example/news/story.html?from=feed"
PAGE = """<!doctype html><html lang="en-GB"><head><title>Harbour reopens | Paper</title></head><body>
<nav class="menu"><a href="/">Home</a></nav>
<main><article class="story">
<h1 id="headline">Harbour reopens</h1>
<p class="by">By Ann Lee</p>
<p class="lead">The harbour was open again on Monday after eleven weeks, the harbour master said in the morning.</p>
<div class="box support"><p>The paper runs on people who read it every day.</p>
<p><b class="ask">Chip in today</b></p></div>
<p>Two engines were replaced, and the crew took the ferry on four trials before anybody came on <b>board</b>.</p>
<figure><img src="a.jpg"><figcaption>The ferry on Monday.</figcaption></figure>
<p>The fare stays at three crowns until the end of the season, for which twelve boats are planned.</p>
<h2>Read more</h2><ul class="more"><li><a href="/b">A bridge</a></li><li><a href="/c">A tunnel</a></li></ul>
</article></main><footer><p>Copyright Paper</p></footer></body></html>"""
TEXT = """The harbour was open again on Monday after eleven weeks, the harbour master said in the morning.

Chip in today

Two engines were replaced, and the crew took the ferry on four trials before anybody came on board."""


@cache
def plain() -> cleaner.Document:
    """The page without any rule."""
    return cleaner.Cleaner(model=False).clean(PAGE, ADDRESS)


def with_rules(rules: str | Iterable[Rule], page: str = PAGE, url: str | None = ADDRESS) -> cleaner.Document:
    """A page cleaned with rules, which must all be usable."""
    read = RuleSet.parse(rules) if isinstance(rules, str) else RuleSet.of(rules)
    assert read.mistakes == ()
    return cleaner.Cleaner(rules=read, model=False).clean(page, url)


def ruled(doc: cleaner.Document) -> dict[str, str]:
    """The blocks that rules decided: how they begin, and their label."""
    return {" ".join(block.text.split()[:2]): block.label for block in doc.blocks if "user rule" in block.reason}

"""Make the pages of the sites in this folder: the texts of a site's ``site.toml`` in the markup of its ``shell.jinja``.

    python make.py        write every <site>/<n>.html and <site>/site.json

Nothing here is random and no clock is read, so a second run writes the same bytes. Needs Jinja2 and markdown-it-py.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
END = -1
START = -2
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_TAG = re.compile(r"<[^>]+>")
_KINDS = {
    "bullet_list": "list",
    "ordered_list": "numbered",
    "blockquote": "quote",
}


@dataclass(frozen=True)
class Part:
    """A piece of a story: a paragraph, heading, quote, list, numbered list, table or figure.

    rows are the items of a list, the paragraphs of a quote and the rows of a table, cells apart; a single cell
    elsewhere. ask is the name of the ask it belongs to, empty for the article's own.
    """

    kind: str
    rows: tuple[tuple[Markup, ...], ...]
    level: int = 0
    source: str = ""
    ask: str = ""

    @property
    def html(self) -> Markup:
        return self.rows[0][0]

    @property
    def items(self) -> list[Markup]:
        return [row[0] for row in self.rows]

    @property
    def texts(self) -> list[str]:
        """What a reader sees of it, a text for each block."""
        if self.kind == "figure":
            return []
        return [text for row in self.rows for cell in row if (text := plain(cell))]

    @property
    def leads_on(self) -> bool:
        """Whether what follows belongs to it, so that nothing can stand between."""
        if self.kind != "paragraph":
            return self.kind == "heading"
        question = self.html.startswith("<strong>") and self.html.endswith("</strong>")
        return question or plain(self.html).endswith((":", "："))


@dataclass(frozen=True)
class Ask:
    """What a site asks or says again and again: after which part it stands on each page, 0 for nowhere, -1 for the
    end, -2 for the start.

    It rotates among its texts, page by page; ``{}`` in them is the page's own filling.
    """

    name: str
    label: str
    texts: list[str]
    after: list[int]
    fill: list[str]
    turn: list[int]

    def parts(self, index: int) -> list[Part]:
        """Its parts on the page of that index, none where it does not stand."""
        if not self.after[index]:
            return []
        which = self.turn[index] if self.turn else index % len(self.texts)
        text = self.texts[which].replace("{}", self.fill[index] if self.fill else "")
        return [replace(part, ask=self.name) for part in parts(text)]


@dataclass(frozen=True)
class Page:
    """One article, and where it stands."""

    number: int
    url: str
    about: dict[str, Any]
    story: list[Part]

    def __getattr__(self, name: str) -> Any:
        return self.about.get(name, "")

    @property
    def id(self) -> int:
        """A number as content systems give them."""
        return 10_000 + zlib.crc32(self.url.encode()) % 90_000

    @property
    def key(self) -> str:
        """A key as build tools and databases give them."""
        return f"{zlib.crc32(self.url[::-1].encode()):08x}"


@dataclass(frozen=True)
class Site:
    """A folder: its texts and its shell."""

    folder: Path

    @cached_property
    def about(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "site.toml").read_text("utf-8"))

    @cached_property
    def asks(self) -> list[Ask]:
        rows = self.about["ask"]
        return [Ask(r["name"], r["label"], r["texts"], r["after"], r.get("fill", []), r.get("turn", [])) for r in rows]

    @cached_property
    def pages(self) -> list[Page]:
        return [self._page(index, about) for index, about in enumerate(self.about["page"])]

    def _page(self, index: int, about: dict[str, Any]) -> Page:
        year, month, day = about["date"][:10].split("-")
        url = self.about["address"].format(**about, number=index + 1, year=year, month=month, day=day)
        story = parts(about["text"])
        placed: dict[int, list[Part]] = {}
        for ask in self.asks:
            if found := ask.parts(index):
                placed.setdefault(_place(story, ask.after[index]), []).extend(found)
        # From the last place to the first: what is put in moves only what follows.
        for place in sorted(placed, reverse=True):
            story[place:place] = placed[place]
        return Page(index + 1, url, about, story)

    def files(self) -> Iterator[tuple[Path, str]]:
        """Every file of the site, with what is to be in it."""
        loader = FileSystemLoader(self.folder)
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        shell = environment.get_template("shell.jinja")
        for index, page in enumerate(self.pages):
            others = self.pages[index + 1 :] + self.pages[:index]
            markup = shell.render(site=self.about, page=page, others=others, pages=self.pages)
            yield self.folder / f"{page.number}.html", markup.strip() + "\n"
        yield self.folder / "site.json", json.dumps(self.gold(), ensure_ascii=False, indent=1) + "\n"

    def gold(self) -> dict[str, Any]:
        """What must come out of the pages, and what must go."""
        labels = {ask.name: ask.label for ask in self.asks}
        pages = [
            {
                "file": f"{page.number}.html",
                "url": page.url,
                "title": plain(page.title),
                "body": ([plain(page.lead)] if page.lead else [])
                + [text for part in page.story if not part.ask for text in part.texts],
                "asks": [
                    {"label": labels[part.ask], "name": part.ask, "text": text}
                    for part in page.story
                    if part.ask
                    for text in part.texts
                ],
            }
            for page in self.pages
        ]
        return {"site": self.about["name"], "language": self.about["language"], "pages": pages}


def _place(story: list[Part], after: int) -> int:
    """Where in a story something stands that is to come after a part, or after what that part leads on to."""
    if after in (START, END):
        return 0 if after == START else len(story)
    while after < len(story) and story[after - 1].leads_on:
        after += 1
    return after


def plain(markup: str) -> str:
    """The text of inline markup, as a block has it."""
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


def parts(text: str) -> list[Part]:
    """The parts of a text in Markdown."""
    return [_part(node) for node in SyntaxTreeNode(_MARKDOWN.parse(text)).children]


def _part(node: SyntaxTreeNode) -> Part:
    if node.type == "table":
        rows = tuple(tuple(map(_inline, row.children)) for section in node.children for row in section.children)
        return Part("table", rows)
    if node.type in _KINDS:
        return Part(_KINDS[node.type], tuple((_inline(paragraph),) for paragraph in _paragraphs(node)))
    image = node.children[0].children[0] if node.children and node.children[0].children else node
    if image.type == "image":
        return Part("figure", ((Markup(html.escape(image.content, quote=False)),),), source=str(image.attrs["src"]))
    level = int(node.tag[1]) if node.type == "heading" else 0
    return Part(node.type, ((_inline(node),),), level)


def _paragraphs(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [inner for inner in node.walk() if inner.type == "paragraph"]


def _inline(node: SyntaxTreeNode) -> Markup:
    inline = node.children[0] if node.children else None
    return Markup(_MARKDOWN.renderer.render(inline.to_tokens(), _MARKDOWN.options, {}) if inline else "")


def sites() -> list[Site]:
    """All sites of this folder."""
    return [Site(path.parent) for path in sorted(HERE.glob("*/site.toml"))]


if __name__ == "__main__":
    for site in sites():
        for path, content in site.files():
            path.write_text(content, "utf-8", newline="\n")

"""Parts of a page that are streamed: hidden at its end until a script moves them to their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

MARK = b'id="S:'
"""What a page with streamed parts holds."""


def settle_streamed(page: _Element) -> None:
    """Show the streamed parts of a page, each where its placeholder stands, as a browser does.

    React streams late parts as ``<div hidden id="S:1">``, their places marked by ``<template id="B:1">`` (or P). What
    stands in for a part until it is there (between the comments ``<!--$?-->`` and ``<!--/$-->``) is not known any more
    where comments are left out: it is short.
    """
    parts = [(name, div) for div in page.iter("div") if (name := div.get("id") or "").startswith("S:")]
    if not parts:
        return
    marks = [(mark.get("id") or "", mark) for mark in page.iter("template")]
    places = {name[2:]: mark for name, mark in marks if name.startswith(("B:", "P:"))}
    for name, part in parts:
        part.attrib.pop("hidden", "")
        place = places.get(name[2:])
        if place is not None and place.getparent() is not None and part not in place.iterancestors():
            place.addprevious(part)

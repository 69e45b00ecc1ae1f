"""Safari's web archives: a property list with the page and its files."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator

from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken


def _read(part: Part, options: Options) -> Iterator[Page]:
    content = part.whole(options)
    try:
        saved = plistlib.loads(content)
        main = saved.get("WebMainResource", {}) if isinstance(saved, dict) else {}
        data = bytes(main.get("WebResourceData", b""))
    except Exception as error:
        # plistlib and expat raise whatever the damage leads them to.
        raise part.stream.untold() or Broken("is damaged or cut short: no property list", len(content)) from error
    if not main:
        raise Broken("is a property list that holds no web page")
    yield part.page(
        data,
        options,
        url=part.url or main.get("WebResourceURL"),
        charset=main.get("WebResourceTextEncodingName"),
        content_type=main.get("WebResourceMIMEType"),
        format="webarchive",
    )


READERS = {"webarchive": _read}

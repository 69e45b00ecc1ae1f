"""Which fold a page belongs to: by site, over all sets together, so that no model is asked about a site it saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from zlib import crc32

FOLDS = 5
_ARCHIVE = "web.archive.org/web/"
_NAMED = "hard::"


def site(url: str, page_id: str) -> str:
    """The registered domain of a page, its archive's address taken off; its id where it has no address."""
    from tld import get_fld

    if url.startswith(_NAMED):
        return url.removeprefix(_NAMED).split("::")[0].strip().lower() or page_id
    if _ARCHIVE in url:
        url = url.partition(_ARCHIVE)[2].partition("/")[2]
    if "://" not in url:
        url = f"http://{url}"
    return str(get_fld(url, fail_silently=True) or "") or _host(url) or page_id


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def assign(keys: Sequence[Iterable[str]]) -> list[int]:
    """Return a fold for each page; pages that share a key (site, id, address, content) come into one fold.

    The fold follows from the least key of all pages that hang together, so it does not depend on their order.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    groups = [list(group) for group in keys]
    for group in groups:
        for key in group[1:]:
            one, other = sorted((root(group[0]), root(key)))
            parent[other] = one
    return [crc32(root(group[0]).encode()) % FOLDS for group in groups]


def keys(page_id: str, url: str, content: bytes) -> list[str]:
    """What makes pages one page or one site."""
    found = [f"site {site(url, page_id)}", f"id {page_id}", f"content {content_key(content)}"]
    return [*found, f"url {url}"] if url else found


def content_key(content: bytes) -> str:
    """The name of a page by its bytes, whatever set it is in."""
    return sha256(content).hexdigest()[:16]

"""Which file of ftr-site-config is for which page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.user.lists.ftr_syntax import SiteConfig, read_config
from cleaner.user.lists.text import Messages

MOST_FILES = 20_000
GLOBAL = "global"
_FOLDERS = ("custom", ".", "standard")
"""Where Full-Text RSS has files: what the user wrote comes before what came with it."""
_HOST = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_HEAD = 300_000
_TAGS = re.compile(rb"<(?:link|meta)\b[^<>]{1,2000}>", re.I)
_ADDRESS = re.compile(rb"(?:href|content)\s*=\s*[\"']?(https?://[^\"'\s<>]{1,2000})", re.I)
_CANONICAL = re.compile(rb"rel\s*=\s*[\"']?canonical\b|property\s*=\s*[\"']?og:url\b", re.I)


class Sites:
    """The files by host: a page has those of its host, or of the hosts above it where these are for subdomains."""

    def __init__(self, folders: list[Mapping[str, SiteConfig]]) -> None:
        self._folders = folders

    @classmethod
    def read(cls, folder: Path, mistakes: Messages, noted: Messages) -> Sites:
        """Read all files of a folder. Raises OSError where it cannot be read."""
        found: list[Mapping[str, SiteConfig]] = []
        left = MOST_FILES
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder}: no folder of ftr-site-config")
        for part in (folder / name for name in _FOLDERS):
            paths = sorted(path for path in part.glob("*.txt") if path.is_file()) if part.is_dir() else []
            if len(paths) > left:
                mistakes.add(str(part), f"over {MOST_FILES:,} files: the rest was left out")
            found.append(_configs(paths[:left], mistakes, noted))
            left -= min(left, len(paths))
        if not any(found):
            mistakes.add(folder.name, "holds no file that is named after a host, such as example.com.txt")
        return cls(found)

    @property
    def all(self) -> list[SiteConfig]:
        """Every file's, in order of names."""
        return [folder[name] for folder in self._folders for name in sorted(folder)]

    def of(self, host: str) -> SiteConfig | None:
        """What holds for a host: its files, joined as long as they leave anything to be found; None for nothing."""
        joined: SiteConfig | None = None
        for folder in self._folders:
            name = next((name for name in names(host) if name in folder), None)
            if name is not None:
                joined = folder[name] if joined is None else joined.with_more(folder[name])
                if not joined.switch("autodetect_on_failure", True):
                    return joined
        for folder in self._folders:
            if GLOBAL in folder:
                return folder[GLOBAL] if joined is None else joined.with_more(folder[GLOBAL])
        return joined


def _configs(paths: list[Path], mistakes: Messages, noted: Messages) -> Mapping[str, SiteConfig]:
    configs: dict[str, SiteConfig] = {}
    for path in paths:
        name = path.name.removesuffix(".txt").lower().removeprefix("www.")
        if name != GLOBAL and not _HOST.fullmatch(name):
            if not path.name.lower().startswith(("readme", "license")):
                mistakes.add(path.name, "is not named after a host, such as example.com.txt")
            continue
        try:
            configs[name] = read_config(path, mistakes, noted)
        except OSError as error:
            mistakes.add(path.name, f"cannot be read: {error.strerror or error}")
    return configs


def names(host: str) -> list[str]:
    """The names of the files that may be for a host, the nearest first: its own, then those for subdomains."""
    parts = host.lower().rstrip(".").removeprefix("www.").split(".")
    return [".".join(parts), *("." + ".".join(parts[i:]) for i in range(1, len(parts) - 1))]


def host_of(url: str | None) -> str:
    """The host of an address, empty where there is none."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def own_address(html: bytes) -> str:
    """The address that a page's head gives it, from the markup alone; empty where it gives none."""
    for tag in _TAGS.findall(html[:_HEAD]):
        if _CANONICAL.search(tag) and (match := _ADDRESS.search(tag)):
            return str(match[1].decode("utf-8", "replace"))
    return ""

"""zip archives, and the formats that are zip archives by another name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from cleaner.load.kinds import opens
from cleaner.load.page import Page
from cleaner.load.part import Limits, Options, Part
from cleaner.load.saved import Companions, files_folder
from cleaner.load.stream import Broken, Stream, TooMuch
from cleaner.load.unpack import RATIO_FROM


class Archive(NamedTuple):
    """An open zip archive, as the readers of what is in it see it."""

    part: Part
    zip: zipfile.ZipFile
    names: frozenset[str]

    def member(self, name: str) -> Part:
        """A member. What is wrong with it shows when it is read."""
        return self.part.inner(Stream(_Member(self.zip, name)), name)

    def content(self, name: str, options: Options) -> bytes:
        """What a member holds. Raises Broken where there is no such member, or it cannot be read."""
        if name not in self.names:
            raise Broken(f"holds no {name}")
        member = self.member(name)
        content = member.whole(options)
        if (broken := member.stream.broken) is not None:
            raise Broken(f"{broken.reason}: {name}", broken.offset)
        return content


def _read(part: Part, options: Options) -> Iterator[Page | Part]:
    file = part.stream.as_file(options.limits.spool)
    packed = _opened(file)
    if packed is None:
        yield from import_module("cleaner.load.formats.salvage").read(part, file, options)
        return
    with packed:
        _check(packed, file, options.limits)
        archive = Archive(part, packed, frozenset(packed.namelist()))
        module = next((module for is_it, module in _FORMATS if is_it(archive.names)), None)
        if module is None:
            yield from members(archive, options)
        else:
            part.kinds[-1:] = [module]
            yield from _reader(module)(archive, options)


def _opened(file: BinaryIO) -> zipfile.ZipFile | None:
    """The archive; None where its directory is gone, of which that of an archive in it is no sign."""
    try:
        packed = zipfile.ZipFile(file)
    except Exception:
        # BadZipFile, and whatever a damaged directory makes of names and versions.
        return None
    file.seek(0)
    first = min((member.header_offset for member in packed.infolist()), default=0)
    return None if first > 0 and file.read(4) == b"PK\3\4" else packed


def members(archive: Archive, options: Options) -> Iterator[Page | Part]:  # noqa: ARG001
    """Every member that may be a page or hold some, but not the frames in the folders of files."""
    folders = {str(above) for name in archive.names for above in PurePosixPath(name).parents}
    companions = Companions(archive.names)
    found = False
    for name in (info.filename for info in archive.zip.infolist() if not info.is_dir()):
        if not opens(name) or name in companions:
            archive.part.skipped["file of another kind"] += 1
            continue
        found = True
        member = archive.member(name)
        member.files = files_folder(name, folders.__contains__)
        yield member
    if not found:
        raise Broken("holds no page")


def _check(packed: zipfile.ZipFile, file: BinaryIO, limits: Limits) -> None:
    """Raise Broken for an archive of too many members, or whose members would be too much."""
    members = packed.infolist()
    if len(members) > limits.members:
        raise TooMuch(f"holds more than {limits.members:,} members: not opened")
    size = file.seek(0, 2)
    if sum(member.file_size for member in members) > max(RATIO_FROM, limits.ratio * size):
        raise TooMuch(f"would unpack to over {limits.ratio} times its size: not opened")


class _Member:
    """Reads a member; what zipfile raises becomes Broken."""

    def __init__(self, packed: zipfile.ZipFile, name: str) -> None:
        self._zip = packed
        self._info = packed.getinfo(name)
        self._file: zipfile.ZipExtFile | None = None

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        if self._info.flag_bits & 1:
            raise Broken("is encrypted", self._info.header_offset)
        try:
            if self._file is None:
                self._file = self._zip.open(self._info)  # type: ignore[assignment]
            assert self._file is not None
            return self._file.read(size)
        except NotImplementedError as error:
            raise Broken(f"is packed in a way that is not known: {error}", self._info.header_offset) from error
        except Exception as error:
            # Each of the decompressors has exceptions of its own.
            raise Broken("is damaged or cut short", self._info.header_offset) from error


def _reader(module: str) -> Callable[[Archive, Options], Iterator[Page | Part]]:
    read: Callable[[Archive, Options], Iterator[Page | Part]]
    read = import_module(f"cleaner.load.formats.{module}").read
    return read


def _is_maff(names: frozenset[str]) -> bool:
    return any(name.endswith("/index.rdf") and name.count("/") == 1 for name in names)


def _is_single_file(names: frozenset[str]) -> bool:
    return any(name.endswith("manifest.json") for name in names)


_FORMATS: tuple[tuple[Callable[[frozenset[str]], bool], str], ...] = (
    (lambda names: "META-INF/container.xml" in names, "epub"),
    (lambda names: "datapackage.json" in names, "wacz"),
    (_is_maff, "maff"),
    (_is_single_file, "singlefile"),
    (lambda names: "[Content_Types].xml" in names or "META-INF/manifest.xml" in names, "office"),
)
"""What an archive is, told by the names in it, and the module that reads it."""

READERS = {"zip": _read}

"""zip archives, and the formats that are zip archives by another name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from cleaner.load.kinds import opens
from cleaner.load.page import Page
from cleaner.load.part import Limits, Options, Part
from cleaner.load.saved import Companions, files_folder
from cleaner.load.sniff import plain_name
from cleaner.load.stream import Broken, Stream, TooMuch
from cleaner.load.unpack import RATIO_FROM


class Archive(NamedTuple):
    """An open zip archive, as the readers of what is in it see it."""

    part: Part
    zip: zipfile.ZipFile
    members: list[zipfile.ZipInfo]
    names: dict[str, zipfile.ZipInfo]
    """The last member of each name."""
    ratio: int

    def member(self, known: str | zipfile.ZipInfo) -> Part:
        """A member. What is wrong with it shows when it is read."""
        info = self.names[known] if isinstance(known, str) else known
        return self.part.inner(Stream(_Member(self.zip, info, self.ratio)), info.filename)

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
        archive = _archive(part, packed, file, options.limits)
        module = next((module for is_it, module in _FORMATS if is_it(archive.names)), None)
        if module is None:
            yield from members(archive, options)
        else:
            part.kinds[-1:] = [module]
            yield from _reader(module)(archive, options)
        if len(packed.infolist()) > len(archive.members):
            raise options.limits.too_many()


def _opened(file: BinaryIO) -> zipfile.ZipFile | None:
    """The archive; None where its directory is gone, of which that of an archive in it is no sign."""
    try:
        packed = zipfile.ZipFile(file)
    except Exception:
        # BadZipFile, and whatever a damaged directory makes of names and versions.
        return None
    file.seek(0)
    first = min((member.header_offset for member in packed.infolist()), default=0)
    return None if first < 0 or (first > 0 and file.read(4) == b"PK\3\4") else packed


def members(archive: Archive, options: Options) -> Iterator[Page | Part]:  # noqa: ARG001
    """Every member that may be a page or hold some, but not the frames in the folders of files."""
    folders = {str(above) for name in archive.names for above in PurePosixPath(plain_name(name)).parents}
    companions = Companions(archive.names)
    found = False
    for info in archive.members:
        # Not is_dir, which a member without a name is too much for.
        if info.filename.endswith(("/", "\\")):
            continue
        if not opens(info.filename) or info.filename in companions:
            archive.part.skipped["file of another kind"] += 1
            continue
        found = True
        member = archive.member(info)
        member.files = files_folder(plain_name(info.filename), folders.__contains__)
        yield member
    if not found:
        raise Broken("holds no page")


def _archive(part: Part, packed: zipfile.ZipFile, file: BinaryIO, limits: Limits) -> Archive:
    """The archive with as many members as are opened. Raises Broken where together they would be too much."""
    infos = packed.infolist()[: limits.members]
    # One that would be too much alone is not read, and so costs itself only.
    size = sum(info.file_size for info in infos if not _is_bomb(info, limits.ratio))
    if size > max(RATIO_FROM, limits.ratio * file.seek(0, 2)):
        raise _too_much(limits.ratio)
    return Archive(part, packed, infos, {info.filename: info for info in infos}, limits.ratio)


def _is_bomb(info: zipfile.ZipInfo, ratio: int) -> bool:
    return info.file_size > max(RATIO_FROM, ratio * info.compress_size)


def _too_much(ratio: int, place: int | None = None) -> TooMuch:
    return TooMuch(f"would unpack to over {ratio} times its size: not opened", place)


class _Member:
    """Reads a member; what zipfile raises becomes Broken."""

    def __init__(self, packed: zipfile.ZipFile, info: zipfile.ZipInfo, ratio: int) -> None:
        self._zip = packed
        self._info = info
        self._ratio = ratio
        self._file: zipfile.ZipExtFile | None = None

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        if self._info.flag_bits & 1:
            raise Broken("is encrypted", self._info.header_offset)
        if _is_bomb(self._info, self._ratio):
            raise _too_much(self._ratio, self._info.header_offset)
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


def _is_maff(names: Collection[str]) -> bool:
    return any(name.endswith("/index.rdf") and name.count("/") == 1 for name in names)


def _is_single_file(names: Collection[str]) -> bool:
    return any(name.endswith("manifest.json") for name in names)


_FORMATS: tuple[tuple[Callable[[Collection[str]], bool], str], ...] = (
    (lambda names: "META-INF/container.xml" in names, "epub"),
    (lambda names: "datapackage.json" in names, "wacz"),
    (_is_maff, "maff"),
    (_is_single_file, "singlefile"),
    (lambda names: "[Content_Types].xml" in names or "META-INF/manifest.xml" in names, "office"),
)
"""What an archive is, told by the names in it, and the module that reads it."""

READERS = {"zip": _read}

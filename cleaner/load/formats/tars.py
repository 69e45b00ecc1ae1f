"""tar archives, read forward."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from cleaner.load.kinds import opens
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.saved import Companions, files_folder, owners
from cleaner.load.stream import HEAD, IN_MEMORY, Broken, Slice, Stream, TooMuch

_END = bytes(tarfile.BLOCKSIZE)


def _read(part: Part, options: Options) -> Iterator[Page | Part]:
    forward, companions, waiting = _Forward(part.stream), Companions(), _Waiting()
    broken: Broken | None = None
    is_empty = True
    try:
        # Not mode r|, whose own buffer would hide where a damaged header stands.
        with tarfile.open(fileobj=cast(BinaryIO, forward), mode="r:") as archive:
            for info, content in _members(archive, part, companions, options):
                is_empty = False
                found = _inner(part, Stream(_Member(content, forward)), info.name)
                # What is sparse would take more room than the archive does.
                room = 0 if info.issparse() else options.limits.spool - waiting.size
                if any(owners(info.name)) and info.size <= room:
                    waiting.add(found.stream, info.name)
                else:
                    yield found
    except TooMuch as error:
        broken = error
    except tarfile.TarError as error:
        broken = Broken(f"is damaged: {error}", forward.tell() - len(forward.last))
    yield from waiting.parts(part, companions)
    if (broken := forward.broken(broken)) is not None:
        raise broken
    if is_empty:
        raise Broken("holds no page")


def _members(
    archive: tarfile.TarFile, part: Part, companions: Companions, options: Options
) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """The members that may be pages or hold some, with what reads them."""
    count = 0
    while (member := archive.next()) is not None:
        # It would keep all of them.
        archive.members = []  # type: ignore[attr-defined]
        count += 1
        if count > options.limits.members:
            raise options.limits.too_many()
        content = archive.extractfile(member) if member.isfile() else None
        if content is None:
            continue
        companions.add(member.name)
        if opens(member.name) and member.name not in companions:
            yield member, content
        else:
            part.skipped["file of another kind"] += 1


def _inner(part: Part, stream: Stream, name: str) -> Part:
    found = part.inner(stream, name)
    found.files = files_folder(name, bool)
    return found


class _Waiting:
    """Pages in folders that are named like those of saved pages, until the archive ends.

    Where the page came by then, they were saved with it.
    """

    def __init__(self) -> None:
        # It lives as long as what was read of it.
        self._file = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        self._members: list[tuple[str, int, int, Broken | None]] = []
        self.size = 0

    def add(self, content: Stream, name: str) -> None:
        """Take a member."""
        start = self._file.seek(self.size)
        shutil.copyfileobj(content, self._file, HEAD)
        self.size = self._file.tell()
        self._members.append((name, start, self.size, content.untold()))

    def parts(self, part: Part, companions: Companions) -> Iterator[Page | Part]:
        """The members that are pages of their own after all, and what is wrong with the others."""
        for name, start, end, broken in self._members:
            found = _inner(part, Stream(Slice(self._file, start, end, broken)), name)
            if name not in companions:
                yield found
                continue
            part.skipped["file of another kind"] += 1
            if broken is not None:
                yield found.failed(broken)


class _Member:
    """Reads a member; where the archive is cut, what there was of it, and then the break."""

    def __init__(self, content: IO[bytes], forward: _Forward) -> None:
        # Not through its buffer, which would lose the beginning of what is cut.
        self._content = content.raw  # type: ignore[attr-defined]
        self._forward = forward

    def read(self, size: int, /) -> bytes:
        """At most size bytes."""
        try:
            return bytes(self._content.read(size))
        except tarfile.ReadError:
            return self._forward.rest()


class _Forward(io.RawIOBase):
    """A stream that tarfile takes for a file: it only ever goes forward."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._at = 0
        self._ended = self._told = False
        self.last = b""
        """What the last read gave."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.last = self._stream.read(size)
        self._ended = len(self.last) < size
        self._at += len(self.last)
        return self.last

    def rest(self) -> bytes:
        """What the last read gave of a member before the end. Raises Broken where that was asked for already."""
        rest, self.last = self.last, b""
        if not rest:
            self._told = True
            raise self._stream.untold() or Broken("is cut short", self._at)
        return rest

    def broken(self, found: Broken | None) -> Broken | None:
        """What ended the archive before its end, or what was found, unless that was told with a member."""
        if isinstance(found, TooMuch):
            return found
        if self._told or self._stream.broken is not None:
            return None
        place = self._at - len(self.last)
        if self._ended:
            return Broken("is cut short", place)
        # tarfile takes a damaged header for the end.
        return found or (Broken("is damaged: no header of a member", place) if self.last != _END else None)

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self._at:
            raise tarfile.ReadError("a member stands before one that was read")
        while self._at < place and self.read(min(place - self._at, HEAD)):
            pass
        return self._at


READERS = {"tar": _read}

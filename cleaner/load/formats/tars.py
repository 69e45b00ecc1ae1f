"""tar archives, read forward."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import BinaryIO, cast

from cleaner.load.kinds import opens
from cleaner.load.part import Options, Part
from cleaner.load.saved import Companions, files_folder
from cleaner.load.stream import HEAD, Broken, Stream, TooMuch

_END = bytes(tarfile.BLOCKSIZE)


def _read(part: Part, options: Options) -> Iterator[Part]:
    forward = _Forward(part.stream)
    try:
        # Not mode r|, whose own buffer would hide where a damaged header stands.
        with tarfile.open(fileobj=cast(BinaryIO, forward), mode="r:") as archive:
            yield from _members(archive, part, options)
    except tarfile.TarError as error:
        raise part.stream.untold() or Broken(f"is damaged: {error}", forward.tell()) from error
    # tarfile takes a damaged header for the end.
    if forward.last != _END and part.stream.broken is None:
        place = forward.tell() - len(forward.last)
        raise Broken("is damaged: no header of a member" if len(forward.last) == len(_END) else "is cut short", place)


def _members(archive: tarfile.TarFile, part: Part, options: Options) -> Iterator[Part]:
    count, companions = 0, Companions()
    while (member := archive.next()) is not None:
        # It would keep all of them.
        archive.members = []  # type: ignore[attr-defined]
        count += 1
        if count > options.limits.members:
            raise TooMuch(f"holds more than {options.limits.members:,} members: the rest was not opened")
        content = archive.extractfile(member) if member.isfile() else None
        if content is None:
            continue
        companions.add(member.name)
        if not opens(member.name) or member.name in companions:
            part.skipped["file of another kind"] += 1
            continue
        # Not the file itself: it says that it can be read anywhere, which holds for whole archives only.
        found = part.inner(Stream(SimpleNamespace(read=content.read)), member.name)
        found.files = files_folder(member.name, bool)
        yield found


class _Forward(io.RawIOBase):
    """A stream that tarfile takes for a file: it only ever goes forward."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._at = 0
        self.last = b""
        """What the last read gave."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.last = self._stream.read(size)
        self._at += len(self.last)
        return self.last

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self._at:
            raise tarfile.ReadError("a member stands before one that was read")
        while self._at < place and self.read(min(place - self._at, HEAD)):
            pass
        return self._at


READERS = {"tar": _read}

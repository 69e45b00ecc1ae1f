"""A file of lines that several processes add to: no line is torn, and one that a kill cut short costs no other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_OPENING = b'{"schema":'
"""How every line begins that is written here."""
_LONGEST = 64_000_000


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold anything, with their numbers; a last one that was cut short is left out. Raises OSError."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n") and _is_cut_short(line):
                return
            if line.strip():
                yield number, line.strip().removeprefix(b"\xef\xbb\xbf")


def append_lines(path: Path, lines: Sequence[bytes]) -> None:
    """Add lines at the end, all or none; they are on the disk when this returns. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    try:
        _lock(descriptor)
        _write(descriptor, b"".join(line + b"\n" for line in lines))
    finally:
        # What is locked is let go with the file.
        os.close(descriptor)
    if is_new:
        _settle(path.parent)


def _write(descriptor: int, data: bytes) -> None:
    end = _mend(descriptor)
    if end < 0:
        data, end = b"\n" + data, os.fstat(descriptor).st_size
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        # A full disk takes some of it: nothing may stay that is not whole.
        os.ftruncate(descriptor, end)
        raise


def _mend(descriptor: int) -> int:
    """Take off a last line that was cut short; return where the file ends, -1 where a line is whole but for its end."""
    size = os.fstat(descriptor).st_size
    if not size:
        return 0
    start = max(0, size - _LONGEST)
    os.lseek(descriptor, -1, os.SEEK_END)
    if os.read(descriptor, 1) == b"\n":
        return size
    os.lseek(descriptor, start, os.SEEK_SET)
    tail = _read(descriptor, size - start)
    line = tail[tail.rfind(b"\n") + 1 :]
    if not _is_cut_short(line):
        return -1
    os.ftruncate(descriptor, size - len(line))
    return size - len(line)


def _read(descriptor: int, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := os.read(descriptor, size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _is_cut_short(line: bytes) -> bool:
    """Whether a line without an end is the beginning of one of ours, or what a disk shows that lost power."""
    line = line.rstrip(b"\0")
    if not (line.startswith(_OPENING) or _OPENING.startswith(line)):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return True
    return False


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        # Elsewhere one write at the end of a file is all there is.
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _settle(folder: Path) -> None:
    """See to it that the name of a new file is on the disk, too."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""How the service and its workers talk: frames of a head in JSON and a body of bytes, over a pair of sockets."""

from __future__ import annotations

import json
import struct
from asyncio import StreamReader
from dataclasses import dataclass, field
from typing import Any, BinaryIO

_SIZES = struct.Struct("!IQ")


@dataclass(frozen=True, slots=True)
class Frame:
    """A request to a worker, or its answer."""

    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


def written(frame: Frame) -> tuple[bytes, bytes]:
    """The bytes of a frame: what stands before its body, and the body."""
    head = json.dumps(frame.head).encode("ascii")
    return _SIZES.pack(len(head), len(frame.body)) + head, frame.body


def read(file: BinaryIO) -> Frame | None:
    """The next frame; None where the other side has gone."""
    sizes = file.read(_SIZES.size)
    if len(sizes) < _SIZES.size:
        return None
    head_size, body_size = _SIZES.unpack(sizes)
    head, body = file.read(head_size), file.read(body_size)
    return Frame(json.loads(head), body) if len(head) + len(body) == head_size + body_size else None


async def read_from(reader: StreamReader) -> Frame:
    """The next frame. Raises asyncio.IncompleteReadError or OSError where the other side has gone."""
    head_size, body_size = _SIZES.unpack(await reader.readexactly(_SIZES.size))
    head = await reader.readexactly(head_size)
    return Frame(json.loads(head), await reader.readexactly(body_size))

"""The parts of the service by themselves, on any input."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import brotli
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.web.batch import Lines
from cleaner.web.codings import Unpacking, accepted, packed, unpacked
from cleaner.web.desk import Desk
from cleaner.web.frames import Frame, read, written
from cleaner.web.metrics import Metrics
from cleaner.web.observe import Observed
from cleaner.web.pool import Pool
from cleaner.web.process import CannotStart
from cleaner.web.refusal import Refusal
from cleaner.web.settings import Settings
from cleaner.web.wanted import fields_of
from tests.test_cli import environment

unhurried = settings(deadline=None)
"""The first call reads the tables, and the machine may be busy."""


def refusal(call: Callable[[], object]) -> int | None:
    """The status of what a call is refused with."""
    try:
        call()
    except Refusal as error:
        return error.status
    return None


def cut(body: bytes, places: list[int]) -> list[bytes]:
    """The body in pieces."""
    ends = sorted(place % (len(body) + 1) for place in places)
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]


places = st.lists(st.integers(0, 10_000), max_size=8)
lines = st.lists(st.sampled_from([b"", b" ", b"\r", b"{}", b"x" * 9, b"x" * 10, b"x" * 11, b"x" * 500]), max_size=12)


@unhurried
@given(lines, st.booleans(), places)
def test_lines_are_the_same_however_they_come(parts: list[bytes], ended: bool, at: list[int]) -> None:
    body = b"\n".join(parts) + (b"\n" if ended else b"")
    cutter = Lines(10)
    found = [line for piece in cut(body, at) for line in cutter.feed(piece)]
    found += cutter.end()
    told = [(number, line if isinstance(line, bytes) else line.status) for number, line in found]
    assert told == [
        (number, line if len(line) <= 10 else 413) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()
    ]


@unhurried
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4), st.sampled_from(["gzip", "br"]), places)
def test_bodies_unpack_the_same_however_they_come(parts: list[bytes], coding: str, at: list[int]) -> None:
    whole = b"".join(parts)
    body = b"".join(map(gzip.compress, parts)) if coding == "gzip" else brotli.compress(whole)
    unpacking = Unpacking(coding, 100_000)
    assert b"".join(piece for chunk in cut(body, at) for piece in unpacking.feed(chunk)) == whole
    unpacking.end()
    assert unpacked(body, coding, 100_000) == whole


@unhurried
@given(st.binary(max_size=400), st.sampled_from(["gzip", "br"]), places)
@example(gzip.compress(b"The ferry")[:-1], "gzip", [])
@example(gzip.compress(b"The ferry") + b"is back", "gzip", [3])
@example(brotli.compress(b"The ferry") + b"is back", "br", [])
def test_any_bytes_unpack_or_are_refused(body: bytes, coding: str, at: list[int]) -> None:
    for unpack in (lambda: unpacked(body, coding, 1000), lambda: _unpacked_in_pieces(cut(body, at), coding)):
        assert refusal(unpack) in (None, 400, 413)


def _unpacked_in_pieces(pieces: list[bytes], coding: str) -> bytes:
    unpacking = Unpacking(coding, 1000)
    found = b"".join(given for piece in pieces for given in unpacking.feed(piece))
    unpacking.end()
    return found


@unhurried
@given(st.binary(max_size=5000), st.text(max_size=60) | st.sampled_from(["gzip", "br;q=0.3, *;q=nan", "gzip;q=1e9"]))
def test_any_wish_for_a_coding(body: bytes, header: str) -> None:
    found, coding = packed(body, accepted(header))
    assert unpacked(found, coding, 10_000) == body


@unhurried
@given(st.lists(st.tuples(st.dictionaries(st.text(), st.none() | st.text() | st.integers()), st.binary())))
def test_frames(sent: list[tuple[dict[str, Any], bytes]]) -> None:
    frames = [Frame(head, body) for head, body in sent]
    whole = b"".join(part for frame in frames for part in written(frame))
    file = io.BytesIO(whole)
    assert [read(file) for _ in frames] == frames
    assert read(file) is None
    assert not whole or read(io.BytesIO(written(frames[0])[0][:-1])) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["body", "http://a.example"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
names = st.sampled_from(["id", "html", "text", "url", "keep", "drop", "format"]) | st.text(max_size=3)
bodies = st.binary(max_size=60) | st.dictionaries(names, values, max_size=5).map(
    lambda found: json.dumps(found).encode()
)


@unhurried
@given(bodies)
@example(b'{"url": "http://[\\ud800"}')
@example(b'{"url": "http://a.example:99999999/"}')
@example(b"\xff\xfe{\x00}\x00")
def test_any_json_makes_sense_or_is_refused(body: bytes) -> None:
    assert refusal(lambda: fields_of(body)) in (None, 400, 422)


heads = st.fixed_dictionaries(
    {
        "content_type": st.sampled_from(["application/json", "text/html", "text/plain", None]),
        "charset": st.sampled_from([None, "utf-8", "koi8-r", "no-such", "\udcff"]),
        "coding": st.sampled_from([None, "gzip", "br"]),
        "accept": st.sampled_from([None, "gzip", "br"]),
        "query": st.just({}),
        "fields": st.sampled_from([["html"], ["text"], ["html", "text"]]),
    },
    optional={"line": st.integers(1, 9)},
)


@unhurried
@given(heads, bodies)
def test_whatever_is_asked_there_is_an_answer(head: dict[str, Any], body: bytes) -> None:
    answer = Desk(10_000, model=None).answer(Frame(head, body))
    assert answer.head["status"] in (200, 400, 413, 422)
    if "line" in head:
        assert json.loads(answer.body)["line"] == head["line"]
        assert answer.body.count(b"\n") == 1
    else:
        unpacked(answer.body, answer.head["coding"], 1_000_000)


def test_a_fault_is_answered_and_told_of() -> None:
    answer = Desk(10_000).answer(Frame({"content_type": "text/html"}, b"<p>The ferry is back."))
    assert answer.head["status"] == 500
    assert answer.head["fault"].startswith("KeyError at cleaner.web.desk:")
    assert json.loads(answer.body) == {"error": "The page could not be cleaned: a fault of the service."}


def test_a_fault_outside_of_the_workers() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        raise ZeroDivisionError

    async def asked() -> list[MutableMapping[str, Any]]:
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/clean", "method": "POST", "headers": []}
        await Observed(broken, metrics, frozenset({"/clean"}))(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        return sent

    metrics = Metrics()
    start, body = asyncio.run(asked())
    assert start["status"] == 500
    assert json.loads(body["body"])["error"].endswith("a fault of the service.")
    assert b'cleaner_requests_total{route="/clean",status="500"} 1.0' in metrics.text()


def test_workers_that_do_not_come_up() -> None:
    lost: list[str] = []
    with pytest.raises(CannotStart, match=r"no-such\.onnx"):
        asyncio.run(Pool(Settings(workers=1, model="/no-such.onnx"), lost.append).start())
    assert lost == ["start"]


def test_a_service_whose_workers_do_not_come_up() -> None:
    code = "import sys; from cleaner.web.server import serve; from cleaner.web.settings import Settings; "
    code += "sys.exit(not serve(Settings(workers=1, model='/no-such.onnx'), '127.0.0.1', 0))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    events = {found["event"]: found for found in map(json.loads, done.stderr.splitlines())}
    assert "no-such.onnx" in events["failed"]["reason"]
    assert "listening" not in events

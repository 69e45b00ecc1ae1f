"""A profile as JSON, and back: small, the same for the same pages, and safe to read from anybody.

Fingerprints that one page showed are 8 bytes each, in ascending order, in base64; those that came again are an entry
each. docs/sites.md has the schema.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Label
from cleaner.site.fingerprint import Keys
from cleaner.site.tally import KINDS, LABELS, Rows, kinds

SCHEMA_VERSION = 1
MOST_BYTES = 64_000_000
_KIND = "cleaner site profile"
_MOST_PAGES = 10**9
_LAST_DAY = 0xFFFF
_LABELS = [str(label) for label in Label]
_CODES = {label: code for code, label in enumerate(_LABELS)}
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a profile holds. said has labels as bits, by fingerprint."""

    pages: int
    seen: Keys
    rows: Rows
    said: dict[int, int]


def to_json(contents: Contents) -> str:
    """The contents as JSON: equal contents give equal text."""
    said = {f"{key:016x}": _names(bits) for key, bits in sorted(contents.said.items())}
    data: dict[str, Any] = {"kind": _KIND, "schema": SCHEMA_VERSION, "pages": contents.pages}
    data |= {"seen": _packed(contents.seen), "said": said}
    data |= {name: _table(_part(contents.rows, kind)) for kind, name in enumerate(KINDS)}
    return json.dumps(data, indent=0, separators=(",", ":")) + "\n"


def from_json(text: str, most: dict[str, int], most_seen: int) -> Contents:
    """Read what :func:`to_json` wrote; most: how much of each kind may be there. Raises ValueError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from None
    if not isinstance(data, dict) or data.get("kind") != _KIND:
        raise ValueError("is no site profile")
    if data.get("schema") != SCHEMA_VERSION:
        raise ValueError(f"is a site profile of schema {data.get('schema')!r}, not {SCHEMA_VERSION}")
    pages = _number(data.get("pages"), _MOST_PAGES, "pages")
    said = data.get("said")
    if not isinstance(said, dict) or len(said) > most["blocks"]:
        raise ValueError("said is no table, or too large")
    rows = [_rows(data.get(name), most[name], pages, kind) for kind, name in enumerate(KINDS)]
    seen = _keys(data.get("seen"), most_seen, "seen")
    return Contents(pages, seen, _sum(rows), {_key(key): _bits(labels) for key, labels in said.items()})


def _part(rows: Rows, kind: int) -> Rows:
    own = kinds(rows.keys) == kind
    return Rows(rows.keys[own], rows.days[own], rows.counts[own])


def _sum(parts: Sequence[Rows]) -> Rows:
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys)
    days, counts = np.concatenate([part.days for part in parts]), np.concatenate([part.counts for part in parts])
    return Rows(keys[order], days[order], counts[order])


def _table(rows: Rows) -> dict[str, Any]:
    counts = rows.counts.sum(axis=1)
    once: dict[str, dict[str, str]] = {}
    single = counts == 1
    labels = rows.counts.argmax(axis=1)
    for label in np.unique(labels[single]).tolist():
        own = single & (labels == label)
        days = np.unique(rows.days[own]).tolist()
        once[_LABELS[label]] = {str(day): _packed(rows.keys[own & (rows.days == day)]) for day in days}
    again = zip(rows.keys[~single].tolist(), rows.days[~single].tolist(), rows.counts[~single].tolist(), strict=True)
    more = {f"{key:016x}": [day, {_LABELS[i]: n for i, n in enumerate(own) if n}] for key, day, own in again}
    return {"once": once, "more": more}


def _rows(table: Any, most: int, pages: int, kind: int) -> Rows:
    name = KINDS[kind]
    if not isinstance(table, dict) or not all(isinstance(table.get(part), dict) for part in ("once", "more")):
        raise ValueError(f"{name} is no table of once and more")
    keys, days, counts = [np.empty(0, np.uint64)], [np.empty(0, np.uint16)], [np.empty((0, LABELS), np.uint32)]
    for label, by_day in table["once"].items():
        for day, packed in (by_day if isinstance(by_day, dict) else {"": None}).items():
            own = _keys(packed, most, f"{name}.once.{label}")
            row = np.zeros((len(own), LABELS), np.uint32)
            row[:, _code(label)] = 1
            keys.append(own)
            days.append(np.full(len(own), _day(day), np.uint16))
            counts.append(row)
    if sum(map(len, keys)) + len(table["more"]) > most:
        raise ValueError(f"{name} holds more than {most:,} entries")
    more = [_more(key, entry, pages) for key, entry in table["more"].items()]
    keys.append(np.asarray([key for key, _, _ in more], np.uint64))
    days.append(np.asarray([day for _, day, _ in more], np.uint16))
    counts.append(np.asarray([row for _, _, row in more], np.uint32).reshape(-1, LABELS))
    made = _sum([Rows(*columns) for columns in zip(keys, days, counts, strict=True)])
    if (made.keys[1:] == made.keys[:-1]).any():
        raise ValueError(f"{name} holds an entry twice")
    if (kinds(made.keys) != kind).any():
        raise ValueError(f"{name} holds entries of another kind")
    return made


def _more(key: str, entry: Any, pages: int) -> tuple[int, int, list[int]]:
    if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], dict):
        raise ValueError(f"{key[:40]!r} has no day and labels")
    row = [0] * LABELS
    for label, count in entry[1].items():
        row[_code(label)] = _number(count, pages, "a count")
    if not 2 <= sum(row) <= pages:
        raise ValueError(f"{key[:40]!r} was seen on {sum(row)} of {pages} pages")
    return _key(key), _number(entry[0], _LAST_DAY, "a day"), row


def _packed(keys: NDArray[np.uint64]) -> str:
    return b64encode(keys.astype(">u8").tobytes()).decode("ascii")


def _keys(packed: Any, most: int, name: str) -> Keys:
    try:
        data = b64decode(packed, validate=True) if isinstance(packed, str) else b"?"
    except ValueError:
        data = b"?"
    if len(data) % 8:
        raise ValueError(f"{name[:60]} holds no fingerprints")
    if len(data) // 8 > most:
        raise ValueError(f"{name[:60]} holds more than {most:,} fingerprints")
    keys = np.frombuffer(data, ">u8").astype(np.uint64)
    if (keys[1:] <= keys[:-1]).any():
        raise ValueError(f"{name[:60]} is not in ascending order")
    return keys


def _number(value: Any, most: int, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{name} is no number from 0 to {most}")
    return value


def _day(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise ValueError(f"{text[:40]!r} is no day")
    return _number(int(text), _LAST_DAY, "a day")


def _key(text: str) -> int:
    if len(text) != 16 or not set(text) <= _HEXADECIMAL:
        raise ValueError(f"{text[:40]!r} is no fingerprint")
    return int(text, 16)


def _code(label: str) -> int:
    if label not in _CODES:
        raise ValueError(f"{label[:40]!r} is no label")
    return _CODES[label]


def _names(bits: int) -> list[str]:
    return [name for code, name in enumerate(_LABELS) if bits >> code & 1]


def _bits(labels: Any) -> int:
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise ValueError("what was said of a block is no list of labels")
    bits = 0
    for label in labels:
        bits |= 1 << _code(label)
    return bits

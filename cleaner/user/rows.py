"""The rows of a file of corrections: a block that got another label, and a page that was gone through."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from cleaner.document import Label

SCHEMA = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def now() -> str:
    """The time of a row, in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Correction:
    """A block of a page with the label that a person set.

    page: its address, else its name; sha256: of its content, empty where it has none of its own; index: the block's
    place; fingerprint: of its text (:func:`cleaner.site.fingerprint.fingerprint`); label: None takes the earlier rows
    about the block back; was: the label that it had without corrections.
    """

    page: str
    sha256: str
    index: int
    fingerprint: str
    label: Label | None
    was: Label | None = None
    time: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A page that a person went through, from block first to block last; with done False no longer.

    labels: what these blocks had without corrections when they were seen; fingerprints: of their texts. Both may be
    missing: the labels are then those that cleaning gives.
    """

    page: str
    sha256: str
    done: bool
    first: int
    last: int
    labels: tuple[Label, ...] = ()
    fingerprints: tuple[str, ...] = ()
    time: str = ""


Row = Correction | Reviewed


def as_line(row: Row) -> bytes:
    """A row as it stands in the file, without the line's end."""
    fields: dict[str, Any] = {"schema": SCHEMA, **asdict(row)}
    # A surrogate is no text that a file can hold: a name that is no UTF-8 on disk comes with them.
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace")


def parse_row(line: bytes) -> Row:
    """Read a row. Raises ValueError that says what is wrong with it."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("no JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("no object")
    if (schema := fields.get("schema", SCHEMA)) != SCHEMA:
        raise ValueError(f"schema {str(schema)[:20]}, where {SCHEMA} is known")
    return _reviewed(fields) if "done" in fields else _correction(fields)


def _correction(fields: dict[str, Any]) -> Correction:
    return Correction(
        **_page(fields),
        index=_field(fields, "index", _is_place),
        fingerprint=_field(fields, "fingerprint", _is_fingerprint),
        label=_label("label", fields["label"]) if "label" in fields else _missing("label"),
        was=_label("was", fields.get("was")),
    )


def _reviewed(fields: dict[str, Any]) -> Reviewed:
    done = _field(fields, "done", lambda value: isinstance(value, bool))
    first, last = (_field(fields, name, _is_place) if done or name in fields else 0 for name in ("first", "last"))
    labels = tuple(_label("labels", name) or _missing("labels") for name in _listed(fields, "labels"))
    prints = tuple(_listed(fields, "fingerprints"))
    if done and last < first:
        raise ValueError(f"last {last} before first {first}")
    if prints and (len(prints) != len(labels) or not all(map(_is_fingerprint, prints))):
        raise ValueError("fingerprints that are none, or not as many as labels")
    if labels and len(labels) != last - first + 1:
        raise ValueError(f"{len(labels)} labels for the blocks {first} to {last}")
    return Reviewed(**_page(fields), done=done, first=first, last=last, labels=labels, fingerprints=prints)


def _page(fields: dict[str, Any]) -> dict[str, str]:
    sha256 = fields.get("sha256") or ""
    if sha256 and not (isinstance(sha256, str) and _SHA256.fullmatch(sha256)):
        raise ValueError("a sha256 that is none")
    time = fields.get("time") or ""
    return {"page": _field(fields, "page", lambda v: isinstance(v, str)), "sha256": sha256, "time": str(time)[:40]}


def _field(fields: dict[str, Any], name: str, is_right: Callable[[Any], bool]) -> Any:
    if name not in fields:
        _missing(name)
    if not is_right(fields[name]):
        raise ValueError(f"{name} {str(fields[name])[:40]!r}")
    return fields[name]


def _missing(name: str) -> Any:
    raise ValueError(f"no {name}")


def _label(name: str, value: Any) -> Label | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in set(Label):
        raise ValueError(f"{name}: no label {str(value)[:40]!r}; the labels are {', '.join(Label)}")
    return Label(value)


def _listed(fields: dict[str, Any], name: str) -> list[Any]:
    value = fields.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} that are no list")
    return value


def _is_place(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_fingerprint(value: Any) -> bool:
    return isinstance(value, str) and _FINGERPRINT.fullmatch(value) is not None

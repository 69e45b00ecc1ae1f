"""When something was saved, as ISO 8601, from the ways that programs write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def from_mail(text: str) -> str | None:
    """From ``Tue, 24 Nov 2026 10:00:00 +0100`` and what JavaScript makes of a date."""
    try:
        return iso(parsedate_to_datetime(re.sub(r"\(.*|GMT(?=[+-])", "", text).strip()))
    except (ValueError, TypeError, OverflowError):
        return None


def from_iso(text: str) -> str | None:
    """From ``2026-11-24T10:00:00Z`` and its like."""
    try:
        return iso(datetime.fromisoformat(text.strip()))
    except ValueError:
        return None


def from_seconds(text: str) -> str | None:
    """From the seconds since 1970."""
    try:
        return iso(datetime.fromtimestamp(int(text), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def iso(moment: datetime) -> str:
    """As ``2026-11-24T10:00:00+01:00``, UTC as Z; to the second."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")

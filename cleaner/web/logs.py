"""The log of a service: a JSON object a line on standard error, and nothing in it of what a page says."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_LOG = logging.getLogger("cleaner.web")
_FIELDS = "cleaner_fields"


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": when, "level": record.levelname.lower()}
        if (fields := getattr(record, _FIELDS, None)) is not None:
            line |= {"event": record.msg, **fields}
        else:
            line |= {"event": "message", "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def set_up() -> None:
    """Write the log of this process to standard error, and that of its server with it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    for name, level in ((_LOG.name, logging.INFO), ("uvicorn", logging.WARNING), ("asyncio", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)


def fault() -> None:
    """Say that the exception which is being handled is a fault of ours, and where it arose."""
    _LOG.error("fault", exc_info=True, extra={_FIELDS: {}})


def tell(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Say what happened."""
    _LOG.log(level, event, extra={_FIELDS: fields})

"""Why a request gets no page: a status, and a sentence that a person can act on."""

from __future__ import annotations

import json


class Refusal(Exception):
    """An answer that is an error. headers go with it."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}


def busy(sentence: str, status: int = 429) -> Refusal:
    """The refusal of what may be asked again soon."""
    return Refusal(status, sentence, {"Retry-After": "1"})


def as_json(sentence: str) -> bytes:
    """The body of an answer that is an error."""
    return json.dumps({"error": sentence}, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"

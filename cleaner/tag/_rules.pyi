from collections.abc import Sequence

from cleaner.tag.rules import Rules
from cleaner.tag.structure import Sign
from cleaner.tag.verdict import Verdict

def decide_all(rules: Rules, verdict: Verdict) -> None: ...
def cruft(cards: Sequence[bool], zones: Sequence[Sign | None]) -> list[bool]: ...

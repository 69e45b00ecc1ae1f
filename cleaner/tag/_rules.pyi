from collections.abc import Sequence

from cleaner.tag.evidence import Cues
from cleaner.tag.rules import Rules
from cleaner.tag.structure import Sign
from cleaner.tag.verdict import Verdict

def decide_all(rules: Rules, verdict: Verdict) -> None: ...
def seeds(zones: Sequence[Sign | None], cues: Sequence[Cues]) -> list[int]: ...
def cruft(cards: Sequence[bool], zones: Sequence[Sign | None]) -> list[bool]: ...

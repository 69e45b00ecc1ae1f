from collections.abc import Callable, Sequence

from cleaner.tag.phrases import Around, Beginnings, Found, Hit, Match, Use

def standing(
    joined: str,
    matches: list[Match],
    idle: bytes,
    idle_anchors: bytes,
    beginnings: Beginnings,
    word: Callable[[int], str],
) -> list[Found]: ...
def note(
    found: list[Found],
    starts: list[int],
    folded: list[str],
    hits: list[list[Hit]],
    uses: Callable[[int], Sequence[Use]],
    around: Around,
    hit: type[Hit],
) -> None: ...

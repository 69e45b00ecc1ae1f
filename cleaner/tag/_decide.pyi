from collections.abc import Sequence

from numpy import uint8
from numpy.typing import NDArray

from cleaner.document import Label
from cleaner.html.blocks import Blocks
from cleaner.tag.characters import Floats
from cleaner.tag.tagger import Opinion
from cleaner.tag.verdict import Verdict

def together(chances: Floats, blocks: Blocks) -> Floats | None: ...
def choose(opinion: Opinion, verdict: Verdict, bound: float) -> list[Label] | None: ...
def seconds(opinion: Opinion, labels: Sequence[Label]) -> tuple[Floats, Floats, NDArray[uint8]] | None: ...
def tagged(labels: Sequence[Label], verdict: Verdict) -> list[bool]: ...
def overruled(
    labels: Sequence[Label], verdict: Verdict, chances: Floats, of_article: bool, neither: bool
) -> set[int]: ...

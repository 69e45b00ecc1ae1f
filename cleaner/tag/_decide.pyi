from collections.abc import Sequence

from numpy import uint8
from numpy.typing import NDArray

from cleaner.document import Label
from cleaner.html.blocks import Blocks
from cleaner.tag.characters import Floats
from cleaner.tag.tagger import Opinion
from cleaner.tag.verdict import Verdict

def together(chances: Floats, blocks: Blocks) -> Floats | None: ...
def choose(opinion: Opinion, asking: Floats, verdict: Verdict, bound: float) -> list[Label] | None: ...
def seconds(opinion: Opinion, labels: Sequence[Label]) -> tuple[Floats, Floats, NDArray[uint8]] | None: ...

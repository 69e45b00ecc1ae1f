from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

def counts(texts: Sequence[str]) -> NDArray[np.int32]: ...

"""Patterns held against whole columns of text at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def matches(cells: pd.Series[Any], pattern: str) -> NDArray[np.bool_]:
    """Which cells the whole pattern fits; a missing one fits nothing.

    >>> matches(pd.Series(["=A1", "A1", None], dtype="str"), "=.*").tolist()
    [True, False, False]

    Parameters
    ----------
    cells : (n,) of dtype str
    pattern : in the grammar of RE2: no looking around, no back references
    """
    texts = pa.array(cells, type=pa.large_string(), from_pandas=True)
    fits = pc.match_substring_regex(texts, f"^(?s:{pattern})$")
    return np.asarray(pc.fill_null(fits, False).to_numpy(zero_copy_only=False), dtype=bool)

"""Industries (国民经济行业分类): the two-digit divisions of GB/T 4754-2017.

A bare code says nothing without its edition: 40 is computers in the 2002 edition (used by the
plot-ratio table of 2008) and instruments in that of 2017.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from data.codes.tables import read_codes


@cache
def _table() -> pd.DataFrame:
    return read_codes("industries").set_index("code")


def industries() -> pd.DataFrame:
    """All divisions of GB/T 4754-2017: index code; columns name, section, section_name, status."""
    return _table().copy()


def division(codes: pd.Series) -> pd.DataFrame:
    """Division and section of each industry code, however many digits it has.

    A section letter before the digits is allowed; letters alone, or digits that name no
    division, give NA.

    >>> division(pd.Series(["3611", "C36", "99"]))["division"].tolist()
    ['36', '36', nan]

    Returns
    -------
    DataFrame on the same index: division, name, section
    """
    digits = codes.astype("str").str.extract(r"^\s*[A-Ta-t]?(\d{2})\d{0,2}\s*$", expand=False)
    rows = _table().reindex(digits).rename_axis("division").reset_index()
    rows["division"] = rows["division"].where(rows["name"].notna())
    return rows[["division", "name", "section"]].set_axis(codes.index)

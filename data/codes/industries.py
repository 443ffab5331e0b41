"""Industries (国民经济行业分类): the two-digit divisions of GB/T 4754, by edition.

A bare code says nothing without its edition: 40 is computers in the 2002 edition (used by the
plot-ratio table of 2008) and instruments in that of 2017. Where no edition is named, that of 2017 is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from data.codes.tables import read_codes
from data.errors import NoSuchCode

EDITIONS: Mapping[str, str] = {
    "gbt4754_2002": "GB/T 4754-2002",
    "gbt4754_2011": "GB/T 4754-2011",
    "gbt4754_2017": "GB/T 4754-2017",
}
LATEST = "gbt4754_2017"
CODE = re.compile(r"\s*[A-Ta-t]?(\d{2})\d{0,2}\s*$")
FILES = {"gbt4754_2002": "industries_2002", "gbt4754_2011": "industries_2011", LATEST: "industries"}


@cache
def _table(edition: str = LATEST) -> pd.DataFrame:
    if edition not in FILES:
        raise NoSuchCode(edition, "The list of editions of GB/T 4754", FILES)
    return read_codes(FILES[edition]).set_index("code")


def industries(edition: str = LATEST) -> pd.DataFrame:
    """All divisions of one edition: index code; columns name, section, section_name, status.

    >>> industries("gbt4754_2002").loc["40", "name"], industries().loc["40", "name"]
    ('通信设备、计算机及其他电子设备制造业', '仪器仪表制造业')

    Raises
    ------
    NoSuchCode : there is no such edition
    """
    return _table(edition).copy()


def division(codes: pd.Series, edition: str = LATEST) -> pd.DataFrame:
    """Division and section of each industry code, however many digits it has.

    A section letter before the digits is allowed; letters alone, or digits that name no
    division, give NA.

    >>> division(pd.Series(["3611", "C36", "99"]))["division"].tolist()
    ['36', '36', nan]

    Returns
    -------
    DataFrame on the same index: division, name, section

    Raises
    ------
    NoSuchCode : there is no such edition
    """
    positions, distinct = pd.factorize(codes.astype("str"))  # a province has some hundred codes
    table = _rows(edition)
    found = np.array([*(_position(str(code), edition) for code in distinct), -1], dtype=np.intp)
    return table.take(found[positions]).set_axis(codes.index)


@lru_cache(maxsize=4096)
def _position(code: str, edition: str) -> int:
    """The row of `_rows` in which the division of a code stands; the last where it names none."""
    digits = CODE.match(code)
    return _places(edition).get(digits[1], -1) if digits else -1


@cache
def _places(edition: str) -> Mapping[str, int]:
    return {str(code): at for at, code in enumerate(_table(edition).index)}


@cache
def _rows(edition: str) -> pd.DataFrame:
    """The divisions of one edition, and a last row for what names none."""
    table = _table(edition).rename_axis("division").reset_index()[["division", "name", "section"]]
    return table.reindex(range(len(table) + 1))


@cache
def sections(edition: str = LATEST) -> Mapping[str, str]:
    """Division -> section letter of one edition.

    >>> sections("gbt4754_2002")["63"], sections()["63"]
    ('H', 'I')

    Raises
    ------
    NoSuchCode : there is no such edition
    """
    return {str(code): str(letter) for code, letter in _table(edition)["section"].items()}

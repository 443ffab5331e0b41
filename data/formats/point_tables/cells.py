"""Cells to numbers (读数): full-width digits, thousands, degrees and minutes; what cannot be read is told."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.formats.limits import FAULTS_LISTED
from data.records import Fault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DMS = (
    r"^\s*(?P<before>[EeNn东北]?经?纬?)\s*(?P<d>\d{1,3})\s*[°º度dD:]\s*(?P<m>\d{1,2})\s*['′’‘分mM:]\s*"
    r"(?P<s>\d{1,2}(?:\.\d*)?)\s*[\"″”“秒sS]{0,2}(?:''|′′)?\s*(?P<after>[EeNn]?)\s*$"
)
"""Degrees, minutes and seconds as people write them, in the grammar of RE2"""
MASKS = re.compile(r"\d[*＊×xX#?？※●■_]+|[*＊×#?？※●■]+\d")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
FARTHEST = 1e12
"""No coordinate is larger: it would be a broken number"""
REMEDIES = {
    "coordinate_missing": "Fill it in, or delete the row.",
    "coordinate_masked": "Ask whoever gave the table for the coordinates in full.",
    "coordinate_not_number": "Write it as a plain number, in metres or degrees.",
    "coordinate_not_finite": "Write it as a plain number, in metres or degrees.",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A column of coordinates.

    Parameters
    ----------
    numbers : (n,) nan where a cell could not be read
    bad : position -> code of what is wrong with it, and the cell as it stands
    sexagesimal : (n,) whether it was written in degrees, minutes and seconds
    """

    numbers: Floats
    bad: dict[int, tuple[str, str]]
    sexagesimal: NDArray[np.bool_]


def numbers(cells: pd.Series[Any]) -> Read:
    """The cells as numbers: all plain ones together, degrees and minutes together, the rest one by one.

    >>> told = numbers(pd.Series(["3850000.5", "３８５", "113°32′06″", "38***12", None, "无"]))
    >>> told.numbers.round(4).tolist()
    [3850000.5, 385.0, 113.535, nan, nan, nan]
    >>> [code for code, _ in told.bad.values()]
    ['coordinate_masked', 'coordinate_missing', 'coordinate_not_number']
    """
    values = plain_numbers(cells)
    sexagesimal = np.zeros(len(values), bool)
    odd = np.flatnonzero(~(np.abs(values) < FARTHEST))
    bad: dict[int, tuple[str, str]] = {}
    if not len(odd):
        return Read(values, bad, sexagesimal)
    values[odd] = np.nan
    texts = cells.iloc[odd]
    missing = texts.isna().to_numpy() & ~np.isinf(np.array(pd.to_numeric(texts, errors="coerce"), np.float64))
    degrees = _sexagesimal(texts)
    good = ~np.isnan(degrees)
    values[odd[good]], sexagesimal[odd[good]] = degrees[good], True
    for at, cell, is_missing in zip(odd[~good], texts[~good], missing[~good], strict=True):
        number, code = (np.nan, "coordinate_missing") if is_missing else _judged(str(cell))
        values[at] = number
        if code:
            bad[int(at)] = (code, "" if is_missing else str(cell))
    return Read(values, bad, sexagesimal)


def plain_numbers(cells: pd.Series[Any]) -> Floats:
    """The numbers of the cells that are plain ones; nan for any other. Texts go through Arrow together.

    >>> plain_numbers(pd.Series(["12", " 3.5 ", "J1"], dtype="str")).tolist()
    [12.0, 3.5, nan]
    """
    if not isinstance(cells.dtype, pd.StringDtype):
        return np.array(pd.to_numeric(cells, errors="coerce"), dtype=np.float64)
    texts = pc.utf8_trim_whitespace(pa.array(cells, type=pa.large_string(), from_pandas=True))
    good = pc.match_substring_regex(texts, f"^{NUMBER.pattern}$")
    return np.array(pc.if_else(good, texts, None).cast(pa.float64()).to_numpy(zero_copy_only=False))


def _sexagesimal(texts: pd.Series[Any]) -> Floats:
    """Degrees of texts in degrees, minutes and seconds; nan for any other."""
    column = pa.array(texts.astype("str"), type=pa.large_string(), from_pandas=True)
    parts = pc.extract_regex(column, DMS)
    d, m, s = (np.asarray(pc.struct_field(parts, name).cast(pa.float64()).to_numpy(False)) for name in "dms")
    return np.where((m < 60) & (s < 60), d + m / 60 + s / 3600, np.nan)


def _judged(cell: str) -> tuple[float, str]:
    """The number of one cell, or what is wrong with it."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
    text = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", text)
    text = re.sub(r"(m|米|°|度)$", "", text)
    if NUMBER.fullmatch(text):
        number = float(text)
        return (number, "") if abs(number) < FARTHEST else (np.nan, "coordinate_not_finite")
    if not text or text in {"-", "—", "/", "--"}:
        return np.nan, "coordinate_missing"
    if text.lower().strip("+-") in {"nan", "inf", "infinity", "#n/a", "#value!", "#ref!", "#div/0!"}:
        return np.nan, "coordinate_not_finite"
    return np.nan, "coordinate_masked" if MASKS.search(text) else "coordinate_not_number"


def told(read: Read, column: str, rows: Ints, file: str) -> Iterator[Fault]:
    """An error for each cell that could not be read, with its row and column.

    Parameters
    ----------
    rows : (n,) row of each cell, as a person sees it
    """
    seen: Counter[str] = Counter()
    for at, (code, cell) in read.bad.items():
        seen[code] += 1
        if seen[code] > FAULTS_LISTED:
            continue
        what = {
            "coordinate_missing": "is empty",
            "coordinate_masked": f"is {cell!r}, with digits masked",
            "coordinate_not_finite": f"is {cell!r}, which no coordinate can be",
        }.get(code, f"is {cell!r}, which is no number")
        message = f"Row {rows[at]}: the coordinate in {column} {what}; its plot has no outline."
        yield Fault(code, message, REMEDIES[code], file=file, row=int(rows[at]), column=column)
    for code, count in seen.items():
        if count > FAULTS_LISTED:
            message = f"{count - FAULTS_LISTED} more cells of this kind in {column}, {count} in all."
            yield Fault(code, message, REMEDIES[code], file=file, column=column)


def unpacked(values: Floats, widest: int) -> Floats | None:
    """Degrees of numbers that pack degrees, minutes and seconds, as 1133205.12; None where they do not.

    Parameters
    ----------
    values : (n,) numbers; nan stays nan
    widest : the largest degree that one can have

    >>> unpacked(np.array([1133206.0, 1133000.0]), 180).tolist()
    [113.535, 113.5]
    """
    known = values[~np.isnan(values)]
    if not len(known) or not (known > widest).all():
        return None
    d, m, s = np.floor(known / 1e4), np.floor(known / 100) % 100, known % 100
    if not ((d <= widest) & (m < 60) & (s < 60)).all():
        return None
    made = np.full(len(values), np.nan)
    made[~np.isnan(values)] = d + m / 60 + s / 3600
    return made

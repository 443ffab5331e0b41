"""Crosswalks between land-class systems (地类转换对照), with every ambiguity shown."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from data.codes.classes import SYSTEMS, system
from data.codes.tables import HERE, read_codes
from data.errors import NoSuchCode


class Translation(NamedTuple):
    """Codes in another system, and what could not be told.

    Parameters
    ----------
    codes : on the index of the codes given; NA where the target is not unique or not known
    ambiguous : one row per distinct code left NA: from_code, candidates (codes joined by a
        space, empty when the crosswalk is silent), rows (how many were met)
    """

    codes: pd.Series
    ambiguous: pd.DataFrame


@cache
def _table(source: str, target: str) -> pd.DataFrame:
    for name in (source, target):
        if name not in SYSTEMS:
            raise NoSuchCode(name, "The list of land-class systems", SYSTEMS)
    if (HERE / f"crosswalks/{source}--{target}.csv").is_file():
        return read_codes(f"crosswalks/{source}--{target}")
    if (HERE / f"crosswalks/{target}--{source}.csv").is_file():
        other = read_codes(f"crosswalks/{target}--{source}")
        return other.rename(columns={"from_code": "to_code", "to_code": "from_code"})
    pairs = sorted(file.stem for file in (HERE / "crosswalks").glob("*.csv"))
    raise NoSuchCode(f"{source}--{target}", "The folder of crosswalks", pairs)


def crosswalk(source: str, target: str) -> pd.DataFrame:
    """The pairs of codes of two systems; either direction of a table that is kept.

    Returns
    -------
    DataFrame: from_code, to_code, kind (one_to_one, one_to_many, many_to_one, many_to_many),
    status, note. A code that is missing has no graded counterpart.

    Raises
    ------
    NoSuchCode : no crosswalk joins the two, or a system is not known
    """
    pairs = _table(source, target)
    many_out = pairs.groupby("from_code")["to_code"].transform("size") > 1
    many_in = pairs.groupby("to_code")["from_code"].transform("size") > 1
    left = many_in.map({True: "many", False: "one"})
    right = many_out.map({True: "many", False: "one"})
    kept = pairs.assign(kind=left + "_to_" + right)
    return kept[["from_code", "to_code", "kind", "status", "note"]].reset_index(drop=True)


def translate(codes: pd.Series, source: str, target: str) -> Translation:
    """Codes of one system in another, where the target is unique; never guessed.

    >>> said = translate(pd.Series(["0508", "08H2"]), "sandiao", "ydyh_2023")
    >>> said.codes.tolist()
    ['1101', nan]
    >>> said.ambiguous["candidates"].tolist()
    ['0802 0803 0804 0805 0806 0807']
    """
    pairs = _table(source, target)
    targets = pairs.groupby("from_code")["to_code"].agg(list)
    unique = {code: to[0] for code, to in targets.items() if len(to) == 1}
    known = system(source).lookup(codes)["code"]
    told = known.map(unique)
    left = codes[told.isna() & codes.notna()].astype("str")
    count = left.value_counts().sort_index()
    several = [targets.get(system(source).normalise(str(code)), []) for code in count.index]
    ambiguous = pd.DataFrame({
        "from_code": count.index.astype("str"),
        "candidates": [" ".join(one) for one in several],
        "rows": count.to_numpy(),
    })
    return Translation(told, ambiguous)

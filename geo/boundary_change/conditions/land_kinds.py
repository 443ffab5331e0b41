"""Land of a kind (分类土地): how much of the land that moves is of a class, and of how much nobody knows.

A kind is a column of the parcels and its codes, as `{class_code: ["01"]}` for cultivated land; of several
columns all must fit. Land without a parcel, or with one whose class is not known, may be of the kind or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import RuleFileError
from data.records import Input
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.request import Request

MOVES = ("added", "lost")
BEGINS = ("class_code", "survey")
"""Columns whose codes are trees: 01 holds 0101"""
LEAST_M2 = 0.005
"""What is told with two decimals as 0.00: parcels that were cut miss their land by dust"""
Kind = Mapping[str, tuple[str, ...]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Land:
    """Land that moves, m².

    Parameters
    ----------
    known : known to be of the kind
    unsure : of which that is not known, and then `reason` says so
    whole : all of it
    """

    known: float
    unsure: float
    whole: float
    reason: str
    told: Input


def kind_of(rule: str, said: object) -> Kind:
    """A kind as a rule writes it; empty where it writes none.

    Raises
    ------
    RuleFileError : it is no mapping of columns to lists

    >>> kind_of("rules.adjustment.balance.cultivated", {"class_code": ["01"]})
    {'class_code': ('01',)}
    """
    if not isinstance(said, Mapping) or not all(isinstance(words, list) for words in said.values()):
        raise RuleFileError(
            f"{rule}: measure: land is {said!r}. Write a column and a list of its codes, as "
            '{class_code: ["01"]}.'
        )
    return {str(column): tuple(map(str, words)) for column, words in said.items()}


def land_of(name: str, kind: Kind, request: Request, grounds: Grounds) -> Land:
    """How much of one of the request's shapes is of a kind; all of it where no kind is named."""
    whole = request.shape(name).area
    term = {"added": "调入", "lost": "调出"}.get(name, name)
    if not kind:
        return Land(whole, 0.0, whole, "", Input(f"area.{name}", f"{term}面积", whole, "m2", "request"))
    words = ", ".join(f"{column} {'/'.join(each)}" for column, each in kind.items())
    key, label = f"land.{name}", f"{term}: {words}"
    if whole == 0:
        return Land(0.0, 0.0, 0.0, "", Input(key, label, 0.0, "m2", "request"))
    rows = moving(grounds, name)
    if rows is None:
        why = f"No parcels are known of the land that is {name}. Take in the parcels there."
        return Land(0.0, whole, whole, why, Input(key, label, None, "m2", "parcels"))
    yes, no = is_of(rows, kind)
    area = rows["area_m2"].to_numpy(np.float64)
    known, other = float(area[yes].sum()), float(area[no].sum())
    unsure = whole - known - other
    told = Input(key, label, known, "m2", "parcels", int(yes.sum()))
    if unsure < LEAST_M2:
        return Land(known, 0.0, whole, "", told)
    why = f"Of the land that is {name}, {unsure:.2f} m² has no parcel, or one whose class is not known."
    return Land(known, unsure, whole, why, told)


def moving(grounds: Grounds, name: str) -> pd.DataFrame | None:
    """The parcels of the land that comes or goes; None where nobody has looked for them."""
    return None if grounds.moving is None else grounds.moving[grounds.moving["moves"] == name]


def is_of(rows: pd.DataFrame, kind: Kind) -> tuple[Flags, Flags]:
    """(n,) which parcels are of a kind, and which are not; of the others it is not known.

    >>> rows = pd.DataFrame({"class_code": ["0102", "0201", None]})
    >>> [flags.tolist() for flags in is_of(rows, {"class_code": ("01",)})]
    [[True, False, False], [False, True, False]]
    """
    yes, no = np.ones(len(rows), bool), np.zeros(len(rows), bool)
    known = np.ones(len(rows), bool)
    for column, words in kind.items():
        if column not in rows:
            known[:] = False
            continue
        said = rows[column].astype("str")
        told = rows[column].notna().to_numpy(bool)
        fits = said.str.startswith(words) if column in BEGINS else said.isin(words)
        here = fits.fillna(False).to_numpy(bool) & told
        yes &= here
        no |= told & ~here
        known &= told
    return yes & known, no

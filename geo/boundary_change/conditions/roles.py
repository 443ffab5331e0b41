"""Roles of features (要素的作用): which constraint features a condition means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes.roles import recognised, role


def role_of_kind(kind: str, given: Mapping[str, str]) -> str:
    """The role of a layer in the book, from its kind; what a person said wins. Empty when nothing tells.

    Parameters
    ----------
    given : kind of a layer -> role, as a person said

    Raises
    ------
    NoSuchCode : a person named a role that does not exist

    >>> role_of_kind("YJJBNTBHTB", {}), role_of_kind("红线2023", {"红线2023": "ecological_red_line"})
    ('basic_farmland', 'ecological_red_line')
    """
    if kind in given:
        return role(given[kind]).name
    return recognised(kind)[0]


def roles_of(frame: pd.DataFrame, given: Mapping[str, str]) -> NDArray[np.object_]:
    """(n,) role of each feature: of its kind, or, where the kind does not tell, of its own name.

    Parameters
    ----------
    frame : columns kind and name
    """
    kinds = frame["kind"].astype("str").fillna("")
    of = {kind: role_of_kind(kind, given) for kind in kinds.unique()}
    found = kinds.map(of).to_numpy(dtype=object)
    silent = np.flatnonzero(found == "")
    for at in silent:
        found[at] = recognised(str(frame["name"].iloc[at]))[0]
    return found

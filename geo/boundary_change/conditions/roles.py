"""Roles of constraint layers (管控图层的作用): what a feature means for a request, and of which class it is.

The kind that somebody gave is looked at first, then the name of the feature; what a person says of a kind
wins. For a file that says no kind, the name of its layer and its fields are hints.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import roles as listed
from data.codes.roles import Recognised, Role, role

Words = NDArray[np.object_]


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
    return listed.recognised(kind).role


def roles_of(frame: pd.DataFrame, given: Mapping[str, str]) -> Words:
    """(n,) role of each feature: of its kind, or, where the kind does not tell, of its own name.

    Parameters
    ----------
    frame : columns kind and name

    >>> frame = pd.DataFrame({"kind": ["stbhhx", "其他"], "name": ["永久基本农田", "某湿地公园"]})
    >>> roles_of(frame, {}).tolist()
    ['ecological_red_line', 'nature_reserve']
    """
    found = _each(frame["kind"], {kind: role_of_kind(kind, given) for kind in _distinct(frame["kind"])})
    silent = found == ""
    if silent.any():
        names = frame["name"][silent]
        found[silent] = _each(names, {name: listed.recognised(name).role for name in _distinct(names)})
    return found


def recognised(frame: pd.DataFrame, layer_name: str) -> Recognised:
    """What a layer that says no kind seems to be, by its name, its fields and the codes in them.

    Parameters
    ----------
    frame : the layer as it was read, with the supplier's own column names
    layer_name : of the layer, or of its file

    Returns
    -------
    role, why, and whether it is sure; where it is not, somebody has to say so before it is taken for that

    >>> recognised(pd.DataFrame({"GHFQDM": ["410", "430"]}), "图层1").role
    'urban_boundary'
    >>> recognised(pd.DataFrame({"GHFQDM": ["410", "210"]}), "规划分区").role    # 210 is no part of it
    ''
    """
    coded = {field for each in listed.roles().values() for field in each.levels}
    columns = [str(column) for column in frame.columns]
    codes = {column: _distinct(frame[column]) for column in columns if column.upper() in coded}
    return listed.recognised(layer_name, columns, codes)


def levels_of(frame: pd.DataFrame, name: str) -> Words:
    """(n,) class of each feature in words, from the fields of its role; empty where none tells.

    Parameters
    ----------
    frame : the layer as it was read
    name : of its role

    Raises
    ------
    NoSuchCode : there is no such role

    >>> levels_of(pd.DataFrame({"GHFQDM": ["410", "430", "999", None]}), "urban_boundary").tolist()
    ['城镇集中建设区', '特别用途区', '', '']
    """
    known: Role = role(name)
    there = {str(column).upper(): column for column in frame.columns}
    found = np.full(len(frame), "", dtype=object)
    for field, of in known.levels.items():
        if field in there:
            said = _each(frame[there[field]], dict(of))
            found = np.where(found == "", said, found)
    for field in known.level_names:
        if field in there:
            words = frame[there[field]]
            in_words = {word: word for word in _distinct(words) if not word.isascii()}
            found = np.where(found == "", _each(words, in_words), found)
    return found


def _distinct(column: pd.Series) -> list[str]:
    """The different texts of a column, without what is missing."""
    return [str(value) for value in column.dropna().unique()]


def _each(column: pd.Series, of: Mapping[str, str]) -> Words:
    """(n,) what each text of a column stands for; empty where it is missing or stands for nothing."""
    told = column.map(lambda value: of.get(str(value), ""), na_action="ignore")
    return np.array(told.astype(object).where(column.notna(), ""), dtype=object)

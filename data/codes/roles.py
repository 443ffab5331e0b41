"""Roles of constraint layers (管控图层的作用), and how a layer's names and fields tell its role.

Read from `constraint_roles.yaml`. A name or a field is a hint, never a proof: what was recognised is said
with the reason, and whoever knows better says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from data.errors import NoSuchCode
from data.parameters import read_strictly


@dataclass(frozen=True, slots=True)
class Role:
    """What a constraint layer means for a request.

    Parameters
    ----------
    names : words of layers of this role, in lower case
    fields : names of fields that such layers have
    levels : field -> code -> class of the feature in words
    """

    name: str
    label: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@cache
def roles() -> Mapping[str, Role]:
    """All roles by name.

    >>> roles()["basic_farmland"].label
    '永久基本农田'
    """
    read = read_strictly(Path(__file__).with_name("constraint_roles.yaml"))
    return {
        name: Role(name, said["label"], tuple(said["names"]), tuple(said["fields"]), said.get("levels", {}))
        for name, said in read.items()
    }


def role(name: str) -> Role:
    """The role of that name.

    Raises
    ------
    NoSuchCode : there is none
    """
    if name not in roles():
        raise NoSuchCode(name, "The list of roles of constraint layers", roles())
    return roles()[name]


def recognised(name: str, fields: Collection[str] = ()) -> tuple[str, str]:
    """The role that a layer seems to have, and why; both empty when nothing tells.

    The whole name tells most, then the longest word in it, then a field that only one role has.

    Parameters
    ----------
    name : of the layer, of its file, or its kind
    fields : names of its columns

    >>> recognised("郑州市_永久基本农田2023")[0], recognised("图层1", ["LHLX"])[0]
    ('basic_farmland', 'ecological_red_line')
    >>> recognised("道路中心线")
    ('', '')
    """
    said = unicodedata.normalize("NFKC", name).strip().lower()
    known = [(word, each.name) for each in roles().values() for word in each.names]
    found = [(said == word, len(word), word, of) for word, of in known if word in said]
    if found:
        _, _, word, of = max(found)
        return of, f"its name {name} holds {word}"
    there = {column.upper() for column in fields}
    by_field = {each.name: sorted(there & set(each.fields)) for each in roles().values()}
    told = {of: hits for of, hits in by_field.items() if hits}
    if len(told) == 1:
        of, hits = next(iter(told.items()))
        return of, f"it has the field {hits[0]}"
    return "", ""

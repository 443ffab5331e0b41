"""Roles of constraint layers (管控图层的作用), and how a layer's names and fields tell its role.

Read from `constraint_roles.yaml`. A name or a field is a hint, never a proof: what was recognised is said
with the reason, and whoever knows better says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from data.errors import NoSuchCode, RuleFileError
from data.parameters import read_strictly

KEYS = ("label", "names", "fields", "levels", "level_names")
NOT_AFTER = ("非", "不含", "扣除", "扣减")
NOT_BEFORE = ("以外", "外", "举证", "占用", "调出", "补划", "核销", "邻近", "周边")
"""A word with one of these beside it names what is not of the role, or what has been drawn from it"""


@dataclass(frozen=True, slots=True)
class Role:
    """What a constraint layer means for a request.

    Parameters
    ----------
    names : words of layers of this role, in lower case
    fields : names of fields that such layers have
    levels : field -> code -> class of the feature in words
    level_names : fields in which the class stands in words
    """

    name: str
    label: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    level_names: tuple[str, ...] = ()


class Recognised(NamedTuple):
    """What a layer seems to be.

    Parameters
    ----------
    role : name of its role; empty when nothing tells
    why : in words
    sure : its whole name is a word of the role; else somebody has to say whether it is so
    """

    role: str = ""
    why: str = ""
    sure: bool = False


@cache
def roles() -> Mapping[str, Role]:
    """All roles by name.

    Raises
    ------
    RuleFileError : the file has keys that no role has, or a word twice

    >>> roles()["basic_farmland"].label
    '永久基本农田'
    """
    read = read_strictly(Path(__file__).with_name("constraint_roles.yaml"))
    found = {name: _role(name, said) for name, said in read.items()}
    words = [word for each in found.values() for word in each.names]
    if twice := sorted({word for word in words if words.count(word) > 1}):
        raise RuleFileError(f"constraint_roles.yaml: {', '.join(twice)} stand for two roles.")
    return found


def role(name: str) -> Role:
    """The role of that name.

    Raises
    ------
    NoSuchCode : there is none
    """
    if name not in roles():
        raise NoSuchCode(name, "The list of roles of constraint layers", roles())
    return roles()[name]


def recognised(
    name: str, fields: Collection[str] = (), codes: Mapping[str, Collection[str]] | None = None
) -> Recognised:
    """The role that a layer seems to have, and why; empty when nothing tells.

    The whole name tells most, then the longest word in it, then a field that only one role has.

    Parameters
    ----------
    name : of the layer, of its file, or its kind
    fields : names of its columns
    codes : what stands in those of them that hold the codes of classes; other codes, another layer

    >>> recognised("郑州市_永久基本农田2023").role, recognised("图层1", ["LHLX"]).role
    ('basic_farmland', 'ecological_red_line')
    >>> recognised("道路中心线").role, recognised("非基本农田").role
    ('', '')
    """
    said = unicodedata.normalize("NFKC", name).strip().lower()
    if found := _words_in(said):
        word, of = found[0]
        whole = said == word
        return Recognised(of, f"its name {name} {'is' if whole else 'holds'} {word}", whole)
    told = {each.name: hit for each in roles().values() if (hit := _field_of(each, fields, codes or {}))}
    if len(told) == 1:
        of, hit = next(iter(told.items()))
        return Recognised(of, f"it has the field {hit}")
    return Recognised()


def _role(name: str, said: Mapping[str, object]) -> Role:
    needed = {"label", "names", "fields"}
    if not isinstance(said, dict) or not needed <= set(said) <= set(KEYS):
        raise RuleFileError(f"constraint_roles.yaml, {name}: give {sorted(needed)}, at most {KEYS}.")
    return Role(
        name,
        said["label"],
        tuple(said["names"]),
        tuple(said["fields"]),
        said.get("levels", {}),
        tuple(said.get("level_names", ())),
    )


def _words_in(said: str) -> list[tuple[str, str]]:
    """Words of roles in a name, each with its role, the longest first; none that says what it is not."""
    hits = [
        (hit.span(), word, each.name)
        for each in roles().values()
        for word in each.names
        for hit in re.finditer(_alone(word), said)
    ]
    not_so = [
        span
        for span, _, _ in hits
        if said[: span[0]].endswith(NOT_AFTER) or said[span[1] :].lstrip("_- ").startswith(NOT_BEFORE)
    ]
    left = [
        (word, of)
        for (first, last), word, of in hits
        if not any(start <= first and last <= end for start, end in not_so)
    ]
    return sorted(left, key=lambda each: (-len(each[0]), each))


def _alone(word: str) -> str:
    """The pattern of a word: Latin ones stand alone, the name of a role is no part of another name."""
    if not word.isascii():
        return re.escape(word)
    return f"(?<![a-z_]){word}(?!_?[a-z])" if word in roles() else f"(?<![a-z]){word}(?![a-z])"


def _field_of(each: Role, fields: Collection[str], codes: Mapping[str, Collection[str]]) -> str:
    """A field by which a layer may be of a role; empty where it has none, or holds other codes."""
    there = {column.upper(): column for column in fields}
    for hit in sorted(set(there) & set(each.fields)):
        held = codes.get(there[hit], ())
        if hit not in each.levels or set(held) <= set(each.levels[hit]):
            return hit
    return ""

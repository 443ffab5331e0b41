"""Kinds of request (申请类型): what each kind needs, and what it does to a zone when it is decided.

A folder of data/rules that holds a `kind.yaml` is a kind, ours or the office's; its other files are the
conditions. A folder alone adds one.

    label: 扩区
    about: A zone takes in land beside what it has.
    needs: {boundary: required, asked: required, gives_up: none}    # required | optional | none
    decided: {boundary: moves}      # begins | moves | stays | ends
                                    # and, where the zone changes its level: level: national
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.errors import NoSuchCode, RuleFileError
from data.parameters import files, read_strictly, roots

FILE = "kind"
SHAPES: Mapping[str, str] = {"boundary": "现有边界", "asked": "申请范围", "gives_up": "调出范围"}
NEEDS = ("required", "optional", "none")
BOUNDARY = ("begins", "moves", "stays", "ends")
LEVELS = ("national", "provincial")
KEYS = {"label", "about", "needs", "decided"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request.

    Parameters
    ----------
    name : folder of data/rules that holds its conditions
    label : Chinese term
    needs : `boundary`, `asked`, `gives_up` -> required, optional or none
    boundary : what a decided request does to the zone's boundary: it begins, moves, stays or ends
    level : the level that the zone then has; empty where it keeps its own
    """

    name: str
    label: str
    about: str
    needs: Mapping[str, str]
    boundary: str
    level: str = ""

    def refuses(self, given: Collection[str]) -> tuple[str, ...]:
        """What is lacking from a request of this kind, and what has no place in it, each in one sentence.

        Parameters
        ----------
        given : those of `boundary`, `asked` and `gives_up` that the request has

        >>> kinds()["upgrade"].refuses(["boundary"])
        ()
        >>> kinds()["upgrade"].refuses(["boundary", "asked"])
        ('A request of kind upgrade (升级) takes no 申请范围 (asked): leave it out, or file another kind.',)
        """
        told = f"A request of kind {self.name} ({self.label})"
        said = [
            f"{told} needs {SHAPES[name]} ({name}): give it."
            for name, need in self.needs.items()
            if need == "required" and name not in given
        ]
        said += [
            f"{told} takes no {SHAPES[name]} ({name}): leave it out, or file another kind."
            for name, need in self.needs.items()
            if need == "none" and name in given
        ]
        if not said and not set(given) & {"boundary", "asked"}:
            said = [f"{told} needs a place: the boundary of a zone, or the land that is asked for."]
        return tuple(said)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as the command line and HTTP list them."""
        decided = {"boundary": self.boundary, "level": self.level or None}
        return {
            "kind": self.name,
            "label": self.label,
            "about": self.about,
            "needs": dict(self.needs),
            "decided": decided,
        }


def kinds() -> Mapping[str, Kind]:
    """Every kind by its name; an office's own stand beside ours, and come before ours of the same name.

    >>> [each.label for each in kinds().values()]
    ['调区', '扩区', '认定', '退出', '升级']
    """
    return _kinds(roots())


def kind(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    NoSuchCode : no folder of data/rules of that name holds a kind.yaml
    """
    known = kinds()
    if name not in known:
        raise NoSuchCode(name, "The list of kinds of request", known)
    return known[name]


@cache
def _kinds(_folders: tuple[Path, ...]) -> Mapping[str, Kind]:
    """Read once for each set of folders, so that an office's rules that are laid over later are read too."""
    found = {}
    for stem, path in files("rules").items():
        parts = stem.split("/")
        if parts[-1] != FILE:
            continue
        if len(parts) != 3:
            raise RuleFileError(
                f"{path} is not a kind of request: kind.yaml stands in a folder directly below rules."
            )
        found[parts[1]] = _kind(parts[1], path)
    return found


def _kind(name: str, path: Path) -> Kind:
    said = read_strictly(path)
    where = f"{path.parent.name}/{path.name}"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise RuleFileError(f"{where}: name the folder in small letters, as expansion; {name!r} is not.")
    if set(said) != KEYS:
        lacking, odd = sorted(KEYS - set(said)), sorted(set(said) - KEYS)
        raise RuleFileError(f"{where}: give exactly {sorted(KEYS)}; {lacking} lack, {odd} are not known.")
    needs = _chosen(where, "needs", said["needs"], dict.fromkeys(SHAPES, NEEDS), set(SHAPES))
    decided = _chosen(
        where, "decided", said["decided"], {"boundary": BOUNDARY, "level": LEVELS}, {"boundary"}
    )
    if decided["boundary"] in ("begins", "moves") and needs["asked"] == needs["gives_up"] == "none":
        raise RuleFileError(
            f"{where}: the boundary {decided['boundary']}, but neither asked nor gives_up is taken. "
            "Let it stay, or take one."
        )
    return Kind(
        name, str(said["label"]), str(said["about"]), needs, decided["boundary"], decided.get("level", "")
    )


def _chosen(
    where: str, key: str, said: Any, offered: Mapping[str, tuple[str, ...]], needed: set[str]
) -> dict[str, str]:
    """A mapping whose keys and values are among those that are offered."""
    if not isinstance(said, dict) or not needed <= set(said) <= set(offered):
        raise RuleFileError(f"{where}: {key} is {said!r}; it names {', '.join(offered)}.")
    for name, value in said.items():
        if value not in offered[name]:
            raise RuleFileError(f"{where}: {key}: {name} is {value!r}; write {', '.join(offered[name])}.")
    return {name: said[name] for name in offered if name in said}

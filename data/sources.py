"""Cited documents (依据文件): what stands behind an article, who issued it, and how far it was read.

An article of a rule or factor begins with the id of its document: `ipcc-2006 vol. 2 table 1.2`. Grades: V
read in the text itself, S read at a named source or copy, S2 in a secondary copy only, M from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.parameters import parameter, read_strictly, roots
from data.records import Dated

FILE = "sources.yaml"
GRADES = {"V": "原文", "S": "来源或其副本", "S2": "二手抄录", "M": "凭记忆", "C": "推算"}


@dataclass(frozen=True, slots=True)
class Cited:
    """One document.

    Parameters
    ----------
    id : as articles begin with it
    published : ISO day, as its entry has it
    grade : a key of `GRADES`
    checked : what was read of it, and where
    """

    id: str
    title: str
    issuer: str
    published: str
    grade: str
    checked: str

    def as_json(self) -> dict[str, Any]:
        """Every field."""
        return {name: getattr(self, name) for name in self.__slots__}


def cited(article: str) -> Cited | None:
    """The document that an article names; None where it names none of the list, as an office's own words do.

    >>> cited("ipcc-2006 vol. 2 table 1.2").grade, cited("house convention")
    ('S', None)
    """
    return sources().get(article.partition(" ")[0])


def sourced(value: Dated) -> dict[str, Any]:
    """A dated value as JSON, with its document and the bounds within which it is plausible.

    >>> from datetime import date
    >>> heat = parameter("factors.heat.bought").on(date(2024, 12, 31))
    >>> sourced(heat)["bounds"], sourced(heat)["source"]["grade"]
    ([0.05, 0.2], 'S')
    """
    of, bounds = cited(value.article), parameter(value.name).bounds
    return {
        **value.as_json(),
        "source": of.as_json() if of else None,
        "bounds": list(bounds) if bounds else None,
    }


def sources() -> Mapping[str, Cited]:
    """Every cited document by its id; an office's own list stands beside ours and comes before it."""
    return _sources(roots())


@cache
def _sources(folders: tuple[Path, ...]) -> Mapping[str, Cited]:
    found: dict[str, Cited] = {}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            read = read_strictly(path)
            found |= {key: _cited(key, about) for key, about in read.items()}
    return found


def _cited(key: str, about: Mapping[str, Any]) -> Cited:
    said = {name: str(about.get(name, "")) for name in ("title", "issuer", "published", "grade", "checked")}
    return Cited(key, **said)

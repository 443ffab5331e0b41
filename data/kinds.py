"""The kinds of data that people give us (`KIND` of `mutan ingest`), and the columns of each.

Read from `kinds.yaml`, which the templates, the readers and the book share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from data.errors import NoSuchCode
from data.parameters import read_strictly


@dataclass(frozen=True)
class Column:
    """One column of a kind.

    Parameters
    ----------
    name, label : English name in code, Chinese name in the template header
    type : text, code, number, integer, flag, day or period
    unit : unit of a number, as written in the header; empty when it has none
    one_of : English value -> Chinese value, where only these are meant
    """

    name: str
    label: str
    type: str
    required: bool = False
    unit: str = ""
    explain: str = ""
    min: float | None = None
    max: float | None = None
    one_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """The header cell of the template: 税收(万元)."""
        return f"{self.label}({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Kind:
    """A kind of layer or table.

    Parameters
    ----------
    geometry : whether each row has a polygon
    key : columns that together name one row
    scope : columns that say of what a file is the whole account
    """

    name: str
    label: str
    geometry: bool
    key: tuple[str, ...]
    scope: tuple[str, ...]
    columns: Mapping[str, Column]


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    read = read_strictly(Path(__file__).with_name("kinds.yaml"))
    return {
        name: Kind(
            name=name,
            label=about["label"],
            geometry=about["geometry"],
            key=tuple(about["key"]),
            scope=tuple(about["scope"]),
            columns={column: Column(name=column, **said) for column, said in about["columns"].items()},
        )
        for name, about in read.items()
    }


def kind(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    NoSuchCode : there is no such kind
    """
    if name not in kinds():
        raise NoSuchCode(name, "The list of kinds", kinds())
    return kinds()[name]

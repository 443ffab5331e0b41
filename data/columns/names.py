"""Column names (列名): which column of a file is which of ours, and in which unit its numbers are.

In this order: what the caller renames, what the supplier's file says, our English name, our Chinese
label with or without a unit behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.columns.notes import Notes
from data.columns.suppliers import Supplier, Take, cut, find
from data.errors import UnitMismatch
from data.formats.headers import is_unit
from data.kinds import Column, Kind
from data.units import convert, plain_unit

UNITS = {
    "公顷": "hectare",
    "ha": "hectare",
    "hm2": "hectare",
    "平方米": "m2",
    "平方公里": "km**2",
    "平方千米": "km**2",
    "km2": "km**2",
    "米": "m",
    "公里": "km",
    "元": "CNY",
    "千元": "kCNY",
    "百万元": "MCNY",
}
BRACKET = re.compile(r"(.+?)\((?:计量)?(?:单位:)?([^()]+)\)")
YEARS = re.compile(r"(19|20)\d\d年?(度)?")


@dataclass(frozen=True)
class Use:
    """One column of the file taken as one of ours.

    Parameters
    ----------
    header : its name in the file
    unit : unit that the header or the supplier states; empty when none does
    named : whether our English name, which holds the unit, was found
    """

    header: str
    take: Take
    unit: str = ""
    named: bool = False


@dataclass
class Plan:
    """Our column -> the columns of the file that fill it."""

    uses: dict[str, list[Use]] = field(default_factory=dict)

    def headers(self) -> set[str]:
        """The columns of the file that have a place."""
        return {use.header for uses in self.uses.values() for use in uses}


def plan(
    headers: Sequence[str], kind: Kind, supplier: Supplier | None, rename: Mapping[str, str], notes: Notes
) -> Plan:
    """Which column fills which; two that mean the same are a fault, and the first counts."""
    made = Plan()
    renamed = _renamed(made, headers, kind, rename, notes)
    headers = [header for header in headers if header not in renamed]
    ignored = [find(theirs, headers) for theirs in supplier.ignore] if supplier else []
    headers = [header for header in headers if header not in ignored]
    _by_supplier(made, headers, supplier)
    for header in headers:
        if header in made.headers():
            continue
        found = _ours(header, headers, kind, notes)
        if found is None:
            continue
        ours, unit, named = found
        if ours in made.uses:
            if not any(use.take.when for use in made.uses[ours]):
                _twice(ours, made.uses[ours][0].header, header, notes)
            continue
        made.uses[ours] = [Use(header, Take(ours), unit, named)]
    return made


def _renamed(
    made: Plan, headers: Sequence[str], kind: Kind, rename: Mapping[str, str], notes: Notes
) -> set[str]:
    """The columns that the caller speaks of: what he names ours is taken, what he names nothing is not."""
    found = set()
    for theirs, ours in rename.items():
        header = find(theirs, headers)
        if header is None:
            listed, name = f"There are: {', '.join(headers)}.", theirs
        elif ours and ours not in kind.columns:
            listed, name = f"{kind.label} ({kind.name}) have: {', '.join(kind.columns)}.", ours
        else:
            found.add(header)
            if ours:
                made.uses[ours] = [Use(header, Take(ours), split(header)[1])]
            continue
        notes.add(
            "rename_unknown",
            f"{theirs} was to be renamed {ours}, but there is no column {name}.",
            f"{listed} `{theirs}=` with nothing behind it leaves a column out.",
            column=theirs,
        )
    return found


def _by_supplier(made: Plan, headers: Sequence[str], supplier: Supplier | None) -> None:
    renamed = set(made.uses)
    for theirs, takes in (supplier.columns if supplier else {}).items():
        header = find(theirs, headers)
        for take in takes if header is not None else ():
            if take.to not in renamed and header is not None:
                made.uses.setdefault(take.to, []).append(Use(header, take, take.unit))


def _twice(ours: str, first: str, second: str, notes: Notes) -> None:
    notes.add(
        "column_twice",
        f"{first} and {second} both mean {ours}; {first} was taken.",
        "Remove one of them, or say with `rename` which one counts.",
        column=second,
    )


def _ours(header: str, headers: Sequence[str], kind: Kind, notes: Notes) -> tuple[str, str, bool] | None:
    """Our name for a header, its unit, and whether it is our English name."""
    base, unit = split(header)
    for name in kind.columns:
        if same(base, name):
            return name, unit, not unit
    labels = {name: column.label for name, column in kind.columns.items()}
    for name, label in labels.items():
        if same(base, label) or same(base.replace("/", ""), label):
            return name, unit, False
    last = base.rsplit("/", 1)[-1]
    if last != base and not YEARS.fullmatch(last):
        found = [name for name, label in labels.items() if same(last, label) or same(last, name)]
        if found:
            said = f"{header} was taken as {found[0]}."
            notes.warn("column_guessed", said, "Rename it if it is not that.", column=header)
            return found[0], unit, False
    return _cut_name(header, headers, kind, notes)


def _cut_name(header: str, headers: Sequence[str], kind: Kind, notes: Notes) -> tuple[str, str, bool] | None:
    """A name that a shapefile has cut to ten bytes, where only one of ours is cut to it."""
    found = [
        (name, whole == name)
        for name, column in kind.columns.items()
        for whole in (name, column.label)
        if cut(whole, header)
    ]
    if len(found) != 1:
        return None
    said = f"{header} was taken as {found[0][0]}, cut to ten bytes."
    notes.warn("column_cut", said, "Rename it if it is not that.", column=header)
    return found[0][0], "", found[0][1]


def same(one: str, other: str) -> bool:
    """Whether two names differ only in case, blanks, full-width letters, or a mark that they are required.

    >>> same("＊企业 名称", "企业名称"), same("Tax_CNY10k", "tax_cny10k")
    (True, True)
    """
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", name)).casefold()


def split(header: str) -> tuple[str, str]:
    """Name and unit of a header.

    >>> split("税收（亿元）"), split("税收/2023年/万元"), split("税收(含附加)")
    (('税收', '亿元'), ('税收/2023年', '万元'), ('税收(含附加)', ''))
    """
    text = re.sub(r"\s+", "", plain_unit(header))
    match = BRACKET.fullmatch(text)
    if match and is_unit(match[2]):
        return match[1].removesuffix("/"), match[2]
    base, slash, last = text.rpartition("/")
    return (base, last) if slash and is_unit(last) else (text, "")


def factor(unit: str, ours: str) -> float:
    """How many of our units one of theirs is.

    >>> factor("亿元", "万元"), factor("平方米", "ha"), factor("万平方米", "m2")
    (10000.0, 0.0001, 10000.0)

    Raises
    ------
    UnitMismatch : the unit is not known, or measures something else
    """
    return convert(1.0, _spelt(unit), _spelt(ours))


def _spelt(unit: str) -> str:
    """The unit by the name that data/units.py knows; 万 before it stays."""
    unit = unicodedata.normalize("NFKC", unit)
    if unit in UNITS:
        return UNITS[unit]
    return f"万{UNITS[unit[1:]]}" if unit.startswith("万") and unit[1:] in UNITS and unit != "万元" else unit


def stated(units: Sequence[str], column: Column) -> str:
    """The unit said once for the whole sheet that measures what the column does; empty where none does."""
    found = []
    for unit in units:
        try:
            factor(unit, column.unit)
        except UnitMismatch:
            continue
        found.append(unit)
    return found[0] if len(found) == 1 else ""

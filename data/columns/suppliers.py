r"""Suppliers (数据来源): whose files name which column how; one YAML per supplier beside this file.

label: 国土调查地类图斑 (DLTB)
kind: parcels
source: …                                  # where the columns are described
status: unverified                         # verified | unverified | illustration
recognised_by: [BSM, DLBM, TBMJ]           # columns that only such a file has
columns:
  BSM: parcel_id                           # theirs: ours
  TBMJ: {to: declared_area_m2, unit: m2}   # with the unit of their numbers
  MJ: [{to: approved_ha, unit: m2, when: {XZ: 批准}}]   # only in rows where their XZ says so
fixed: {class_system: sandiao}             # ours: the value where theirs says nothing
numbered: parcel_id                        # ours: the row number, where no column gives it
codes:
  land_class:                              # ours: their code -> our code
    map: {"0": "07"}
    unknown: {class_system: other}         # what other columns say where a code is not listed
ignore: [Approved]                         # theirs that sound like ours and mean something else
notes: [ … ]                               # said as warnings with every file
titled: {year: '(\d{4})年'}               # ours: what the rows above the header say, where no column does
unpivot:                                   # a table with a column per thing becomes one row per thing
  columns:                                 # pattern of a header without its unit -> what its rows say
    烟煤: {category: fuel, item: bituminous_coal, unit: t}
    消费量/天然气*: {category: fuel, item: natural_gas, unit: 万立方米}
  leave: ["*库存*"]                        # headers that are left out; totals are left out of themselves
  blank: skip                              # a blank cell makes no row; fault: it is a fault
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.errors import NoSuchCode, RuleFileError
from data.kinds import Kind, kind, kinds
from data.parameters import files, read_strictly, roots
from data.records import Status

DBF_NAME = 10
"""Bytes of a column name in a shapefile; longer names are cut"""


@dataclass(frozen=True)
class Take:
    """One use of a supplier's column: where it goes, in which unit it is, in which rows it counts."""

    to: str
    unit: str = ""
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CodeMap:
    """Their codes -> ours; a code that is not listed stays as it is, and `unknown` marks its row."""

    map: Mapping[str, str]
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unpivot:
    """How a column per thing becomes a row per thing.

    Parameters
    ----------
    columns : pattern of a header, without its unit -> our columns and what they say; `unit` is that of a
        header that names none, and what a header's own unit must be able to measure
    leave : patterns of headers that are left out, with a line in the report
    blank : `skip` or `fault`: what a blank cell is
    """

    columns: Mapping[str, Mapping[str, str]]
    leave: tuple[str, ...] = ()
    blank: str = "skip"


@dataclass(frozen=True)
class Supplier:
    """How one supplier names columns and codes.

    Parameters
    ----------
    columns : their name -> the uses of it
    fixed : our column -> value where theirs says nothing
    numbered : our column that gets the row number where no column of theirs gives it
    codes : our column -> map of codes
    ignore : their columns that are named like ours and hold something else; they are kept as they are
    titled : our column -> pattern of what the rows above the header say for all rows; its group is the value
    unpivot : for tables with a column per thing
    """

    name: str
    label: str
    kind: str
    source: str
    status: Status
    recognised_by: tuple[str, ...]
    columns: Mapping[str, tuple[Take, ...]]
    fixed: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, CodeMap] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    numbered: str = ""
    ignore: tuple[str, ...] = ()
    titled: Mapping[str, str] = field(default_factory=dict)
    unpivot: Unpivot | None = None


def suppliers() -> Mapping[str, Supplier]:
    """All suppliers by name, ours and those in `columns/` of the office's own folder (MUTAN_RULES).

    Read strictly: an unknown key, kind or column is an error.
    """
    return _suppliers(roots())


@cache
def _suppliers(_roots: tuple[Path, ...]) -> Mapping[str, Supplier]:
    return {path.stem: read_supplier(path) for path in files("columns").values()}


def supplier(name: str) -> Supplier:
    """The supplier of that name.

    Raises
    ------
    NoSuchCode : there is no such file in data/columns
    """
    if name not in suppliers():
        raise NoSuchCode(name, "data/columns", suppliers())
    return suppliers()[name]


def read_supplier(path: Path) -> Supplier:
    """One file.

    Raises
    ------
    RuleFileError : a key, kind or column that does not exist, or a code that is not in quotes
    """
    read = read_strictly(path)
    try:
        made = Supplier(
            name=path.stem,
            **{
                **read,
                "status": Status(read["status"]),
                "recognised_by": tuple(read["recognised_by"]),
                "columns": {theirs: _takes(said) for theirs, said in read["columns"].items()},
                "codes": {ours: CodeMap(**said) for ours, said in read.get("codes", {}).items()},
                "notes": tuple(read.get("notes", ())),
                "ignore": tuple(read.get("ignore", ())),
                "unpivot": _unpivot(read["unpivot"]) if "unpivot" in read else None,
            },
        )
    except (TypeError, ValueError, KeyError) as odd:
        raise RuleFileError(f"{path.name}: {odd}. The keys are those of Supplier.") from odd
    _check(made, path.name)
    return made


def _unpivot(said: Mapping[str, Any]) -> Unpivot:
    made = Unpivot(**{**said, "leave": tuple(said.get("leave", ()))})
    if made.blank not in ("skip", "fault"):
        raise ValueError(f"blank is {made.blank!r}, and may be skip or fault")
    return made


def _takes(said: Any) -> tuple[Take, ...]:
    listed = said if isinstance(said, list) else [said]
    return tuple(Take(one) if isinstance(one, str) else Take(**one) for one in listed)


def _check(made: Supplier, file: str) -> None:
    if made.kind not in kinds():
        raise RuleFileError(f"{file}: there is no kind {made.kind!r}. It is one of {', '.join(kinds())}.")
    ours = kind(made.kind).columns
    named = (
        {take.to for takes in made.columns.values() for take in takes}
        | set(made.fixed)
        | set(made.codes)
        | set(made.titled)
        | {name for said in (made.unpivot.columns.values() if made.unpivot else ()) for name in said}
        | ({made.numbered} - {""})
    )
    if odd := sorted(named - set(ours)):
        raise RuleFileError(f"{file}: {made.kind} has no column {', '.join(odd)}. See data/kinds.yaml.")
    for codes in made.codes.values():
        if odd_codes := [code for pair in codes.map.items() for code in pair if not isinstance(code, str)]:
            raise RuleFileError(f'{file}: quote the code, as "{odd_codes[0]}": its zeros matter.')


def find(theirs: str, columns: Iterable[str]) -> str | None:
    """The column that a supplier's name means: the same in any case, or cut to ten bytes by a shapefile.

    >>> find("KFYQYGYTDMJ", ["bsm", "KFYQYGYTDM"])
    'KFYQYGYTDM'
    """
    listed = list(columns)
    for column in listed:
        if column.strip().casefold() == theirs.casefold():
            return column
    return next((column for column in listed if cut(theirs, column)), None)


def cut(name: str, column: str) -> bool:
    """Whether the column is that name as a shapefile cuts it (ten bytes of GBK or UTF-8)."""
    for encoding in ("gbk", "utf-8"):
        try:
            whole, short = name.encode(encoding), column.strip().encode(encoding)
        except UnicodeEncodeError:
            continue
        if len(whole) > DBF_NAME and short.upper() == _to_length(whole, encoding).upper():
            return True
    return False


def _to_length(name: bytes, encoding: str) -> bytes:
    return name[:DBF_NAME].decode(encoding, "ignore").encode(encoding)


def recognise(columns: Iterable[str], of: Kind | str) -> list[str]:
    """Suppliers of that kind whose telling columns are all there: a suggestion, never applied silently.

    >>> recognise(["BSM", "TBBH", "DLBM", "DLMC", "TBMJ", "ZLDWDM"], "parcels")
    ['guotu_dltb']
    """
    name = of if isinstance(of, str) else of.name
    listed: Sequence[str] = [str(column) for column in columns]
    return [
        one.name
        for one in suppliers().values()
        if one.kind == name
        and one.recognised_by
        and all(find(theirs, listed) for theirs in one.recognised_by)
    ]

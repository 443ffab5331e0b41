"""Ledger (能源台账): the statements of one zone and year, read into rows that can be priced.

Every row comes out again: with an amount, with a notation that stands for one, or with the problem that
keeps it from being told. A blank is not a zero, and a zero is a zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import CATEGORIES, names
from carbon.ledger.checks import checked
from carbon.ledger.measured import MEASURED, WORDS
from carbon.ledger.years import lost_years, rows_seen, whole_years
from data.errors import ColumnMissing
from data.kinds import kind
from data.records import Fault

NEEDED = ("zone", "year", "category", "item", "amount", "unit")
TEXTS = ("enterprise_id", "unit", "supplier_id", "notation", "explanation")
BOUGHT = ("bought", "bought_in_park", "bought_nonfossil", "green_direct", "green_traded")


@dataclass(frozen=True)
class Ledger:
    """The statements of a zone and year.

    Parameters
    ----------
    lines : one row per statement, in their order: `account, zone, year, enterprise_id, category, item,
        stated_item, amount, unit, supplier_id, notation, explanation, equipment, purpose, data_source,
        ncv_gj, carbon_tc_per_tj, measured_tco2e, uncertainty_pct, stated_quality, row, version, problem`;
        `category` is empty where it is not known, `amount` nan where a notation stands for it, what was
        measured nan where nothing was, `row` -1 and `version` empty where the table names none, `problem`
        empty where the row can be told
    faults : what a person should mend or know, with the row where it stands
    versions : versions of the layer that the rows came from, where the table names them
    """

    lines: pd.DataFrame
    faults: tuple[Fault, ...]
    versions: tuple[str, ...] = ()


Of = Mapping[int, tuple[str, int]]
"""Accounts that are read at once: number -> zone and year; rows stand in the order of the numbers"""


@dataclass(frozen=True)
class Ledgers:
    """The statements of several accounts, as of a zone in several years, read at once.

    Parameters
    ----------
    lines : as those of `Ledger`, one account after another
    rows : number of the account, of one zone its year -> its rows among the lines
    faults, versions : the same -> as those of `Ledger`
    """

    lines: pd.DataFrame
    rows: Mapping[int, slice]
    faults: Mapping[int, tuple[Fault, ...]]
    versions: Mapping[int, tuple[str, ...]]


def read_ledger(
    activity: pd.DataFrame,
    *,
    zone: str,
    year: int,
    first_row: int | None = None,
    enterprises: Collection[str] | None = None,
) -> Ledger:
    """The statements of one zone and year, each checked; nothing is dropped.

    Parameters
    ----------
    activity : columns of the kind `activity`; other zones and years may stand in it; `row`, where it has
        such a column, is the row of the statement's file
    first_row : row number, as a person sees it, of the row with index 0; None: rows are not numbered so
    enterprises : ids that are known beside those that state something, so that a supplier who does not
        exist is told from one that is silent; None: nobody says

    Raises
    ------
    ColumnMissing : a column without which no row can be read
    """
    read = read_ledgers(activity, zone=zone, years=(year,), first_row=first_row, enterprises=enterprises)
    return Ledger(read.lines, read.faults[year], read.versions[year])


def read_ledgers(
    activity: pd.DataFrame,
    *,
    zone: str,
    years: Iterable[int],
    first_row: int | None = None,
    enterprises: Collection[str] | None = None,
) -> Ledgers:
    """The statements of one zone in several years: what `read_ledger` says of each, in one pass.

    A row whose year is none belongs to no year; it is a fault of every year that is asked for.

    Raises
    ------
    ColumnMissing : a column without which no row can be read
    """
    of = {year: (zone, year) for year in sorted(set(years))}
    return read_accounts(activity, of, first_row=first_row, enterprises=enterprises)


def read_accounts(
    activity: pd.DataFrame,
    of: Of,
    *,
    first_row: int | None = None,
    enterprises: Collection[str] | None = None,
) -> Ledgers:
    """The statements of several zones and years: what `read_ledger` says of each, in one pass.

    Parameters
    ----------
    of : number of each account, ascending -> its zone and year
    enterprises : as of `read_ledger`, of all the zones

    Raises
    ------
    ColumnMissing : a column without which no row can be read
    """
    for column in NEEDED:
        if column not in activity.columns:
            raise ColumnMissing(column, "The ledger", list(activity.columns))
    of_year, zones = whole_years(activity["year"]), _text(activity, "zone")
    lost = {
        zone: _lost(activity, zones, of_year, zone, first_row) for zone in {zone for zone, _ in of.values()}
    }
    account = _accounts(of, zones, of_year)
    kept = np.flatnonzero(account >= 0)
    kept = kept[np.argsort(account[kept], kind="stable")]
    ours, account = activity.iloc[kept], account[kept]
    seen = rows_seen(ours, first_row)
    ours = ours.reset_index(drop=True)
    lines = _lines(ours)
    lines["account"], lines["year"], lines["row"] = account, of_year[kept], seen
    lines["zone"] = zones.iloc[kept].array
    ends = np.searchsorted(account, list(of), side="right").tolist()
    rows = {number: slice(start, end) for number, start, end in zip(of, [0, *ends], ends, strict=False)}
    versions = lines["version"].to_numpy()
    faults = checked(lines, of, rows, ours, enterprises)
    return Ledgers(
        lines,
        rows,
        {number: (*lost[of[number][0]], *said) for number, said in faults.items()},
        {number: tuple(map(_version, sorted(set(versions[at]) - {""}))) for number, at in rows.items()},
    )


def _accounts(of: Of, zones: pd.Series, of_year: NDArray[np.int64]) -> NDArray[np.int64]:
    """The account that each row belongs to; -1 where it is of none that is asked for."""
    codes, known = zones.factorize()
    place = {zone: number for number, zone in enumerate(known)}
    account = np.full(len(zones), -1)
    for number, (zone, year) in of.items():
        account[(codes == place.get(zone, -2)) & (of_year == year)] = number
    return account


def _lost(
    activity: pd.DataFrame, zones: pd.Series, of_year: NDArray[np.int64], zone: str, first_row: int | None
) -> tuple[Fault, ...]:
    """The rows of a zone whose year is none."""
    nowhere = of_year < 0
    return lost_years(activity[nowhere & (zones == zone).to_numpy(bool)], first_row) if nowhere.any() else ()


def _version(said: str) -> str:
    """The name of a version; the book writes it out, other tables give its number alone."""
    return f"activity v{said}" if said.isdecimal() else said


def _lines(ours: pd.DataFrame) -> pd.DataFrame:
    lines = pd.DataFrame({column: _text(ours, column) for column in TEXTS})
    stated = _text(ours, "category")
    lines["category"] = _renamed(stated, names.categories()).where(
        lambda found: found.isin(list(CATEGORIES)), ""
    )
    lines["stated_category"] = stated
    lines["stated_item"] = _text(ours, "item")
    lines["item"] = lines["stated_item"]
    for category, known in names.items().items():
        here = lines["category"] == category
        if here.any():
            lines.loc[here, "item"] = _renamed(lines.loc[here, "stated_item"], known)
    lines["stated_amount"] = ours["amount"]
    lines["amount"] = pd.to_numeric(ours["amount"], errors="coerce").astype(float)
    chinese = {label: key for key, label in kind("activity").columns["notation"].one_of.items()}
    lines["notation"] = lines["notation"].replace(chinese).str.upper()
    flows = lines["category"].isin([name for name, category in CATEGORIES.items() if category.flows])
    inside = flows & lines["item"].isin(BOUGHT) & (lines["supplier_id"] != "")
    lines.loc[inside, "item"] = "bought_in_park"
    _add_measured(lines, ours)
    lines["problem"] = ""
    return lines


def _add_measured(lines: pd.DataFrame, ours: pd.DataFrame) -> None:
    """What a row says beside its amount: with what, for what, from where, and what was measured."""
    columns = kind("activity").columns
    for name, ours_name in WORDS.items():
        known = {
            names.fold(word): key for key, label in columns[name].one_of.items() for word in (key, label)
        }
        lines[ours_name] = _renamed(_text(ours, name), known, keep=True)
    lines["data_source"] = _text(ours, "source")
    lines["version"] = _text(ours, "version")
    for name in MEASURED:
        stated = pd.to_numeric(ours[name], errors="coerce") if name in ours.columns else np.nan
        lines[name] = stated if isinstance(stated, float) else stated.astype(float)


def _renamed(stated: pd.Series, known: Any, *, keep: bool = False) -> pd.Series:
    """Stated names by ours; each distinct name is folded once. Unknown ones become empty, or are kept."""
    which, distinct = stated.factorize()
    ours = [known.get(names.fold(name), name if keep else "") for name in distinct]
    values = pd.Series(ours, dtype="str").array
    return pd.Series(values.take(which), index=stated.index)


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as text without blanks around it; missing becomes empty."""
    if column not in frame.columns or frame[column].isna().all():
        return pd.Series("", index=frame.index, dtype="str")
    return cast("pd.Series", frame[column].astype("str").fillna("").str.strip())

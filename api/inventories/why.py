"""Why a figure is what it is (溯源): from a total down to the row of the statement, in numbers and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import pandas as pd

from api.inventories.account import Account
from api.words import article, number, why_lines
from carbon.breakdowns import COUNTED
from carbon.line import Factor
from carbon.tables import plain
from data.errors import NotHere

NOT_HERE = "the book does not say"
LOCATION, PARK, BIOGENIC = "tco2e", "ndrc910_tco2", "biogenic_t"
COUNTED_AS = {
    LOCATION: ("missing", "tCO2e"),
    PARK: ("ndrc910_missing", "tCO2"),  # carbon dioxide only, with a sign of its own
    BIOGENIC: ("missing", "tCO2"),
}
"""Column of tonnes -> the column that says why one is missing, and the unit"""


def chains(
    account: Account, lines: pd.DataFrame | None = None, *, told_by: str = LOCATION
) -> Iterator[dict[str, Any]]:
    """For each line: its formula with the numbers in it, the dated values, and where it was stated.

    Parameters
    ----------
    lines : some of the priced lines; None: all of them
    told_by : column of the tonnes as which they count, a key of `COUNTED_AS`
    """
    told, park = account.inventory, told_by == PARK
    rows = told.frame if lines is None else lines
    known = [_parts(quote.ndrc910 if park else quote.factor) for quote in told.quotes]
    for row in rows.to_dict("records"):
        own = str(row["source"]).startswith("measured")
        yield {
            "formula": formula(row if told_by == LOCATION else _counted(row, told_by)),
            "factors": known[row["quote"]] if row["quote"] >= 0 and not own else (),
            "statement": {
                "file": PurePath(account.files.get(row["version"], "")).name or None,
                "version": row["version"] or None,
                "row": row["row"] if row["row"] >= 0 else None,
                "source": row["data_source"] or None,
            },
        }


def formula(row: Mapping[str, Any]) -> str:
    """Amount times factor with the numbers in it, or why there is none.

    >>> row = dict(stated_amount=2.0, stated_unit="万吨", amount=20_000.0, unit="t", factor=2.0)
    >>> formula(row | dict(tco2e=40_000.0, missing="", notation="", explanation=""))
    '2 万吨 = 20,000 t; 20,000 t x 2 tCO2e/t = 40,000 tCO2e'
    """
    if row["missing"]:
        return f"not told: {row['missing']}"
    if row["tco2e"] is None or row["tco2e"] != row["tco2e"]:
        return f"{row['notation']}: {row['explanation']}"
    gas = row.get("gas", "tCO2e")
    stated = f"{row['stated_amount']:,.10g} {row['stated_unit']}"
    amount = f"{row['amount']:,.10g} {row['unit']}"
    turned = f"{stated} = {amount}; " if stated != amount else ""
    return f"{turned}{amount} x {row['factor']:.6g} {gas}/{row['unit']} = {row['tco2e']:,.10g} {gas}"


def _counted(row: Mapping[str, Any], told_by: str) -> dict[str, Any]:
    """A line as it counts in another sum than the location total, with the factor that follows."""
    missing, gas = COUNTED_AS[told_by]
    tonnes, amount = row[told_by], row["amount"]
    each = tonnes / amount if amount else 0.0
    return {**row, "tco2e": tonnes, "factor": each, "gas": gas, "missing": row[missing]}


def statements(account: Account, only: str, most: int = 500) -> list[dict[str, Any]]:
    """The lines behind a figure, the largest first, each with its chain.

    Parameters
    ----------
    only : as of `behind`
    """
    chosen, told_by = behind(account, only)
    order = chosen[told_by].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    rows = chosen.loc[order[:most]]
    named = ("enterprise_id", "category", "stated_item", "tco2e", "ndrc910_tco2")
    told = plain(rows[[*named]])
    return [
        {**line, **chain} for line, chain in zip(told, chains(account, rows, told_by=told_by), strict=True)
    ]


def lines_of(account: Account, only: str = "", most: int = 200) -> Iterator[str]:
    """The figures and the lines behind them, in words for a terminal.

    Parameters
    ----------
    only : code of a figure or a part of it, a category, an item or an enterprise; empty: every figure,
        and the lines
    most : lines that are told; how many more there are is said

    Raises
    ------
    NotHere : nothing is called so
    """
    results = [result for result in account.results if only in result.code]
    chosen, told_by = behind(account, only)
    if not results and not len(chosen):
        raise NotHere("figure, category, item or enterprise", only, _names(account))
    for result in results:
        yield f"  {result.code:34} {result.label}  {number(result.value, result.unit, result.code)}"
        if result.value is None:
            yield f"      cannot tell: {result.reason}"
        yield from why_lines(result.as_json())
    first = chosen.head(most)
    for row, chain in zip(first.to_dict("records"), chains(account, first, told_by=told_by), strict=True):
        who = row["enterprise_id"] or "the zone"
        yield f"  {who} {row['category']} {row['stated_item']}: {chain['formula']}"
        yield from (f"      factor   {article(part)}" for part in chain["factors"])
        yield f"      stated   {_where(chain['statement'])}"
    if len(chosen) > most:
        yield f"  … and {len(chosen) - most:,} more lines (--json lists them all)"


def behind(account: Account, only: str) -> tuple[pd.DataFrame, str]:
    """The lines behind a name, and the column of the tonnes as which they count.

    A figure has the lines that it sums; a ratio has those of its inputs: intensities the lines of their
    total, energy and power the lines of what was used. A category, an item or an enterprise has its own.

    Parameters
    ----------
    only : code of a figure, a category, an item, an enterprise; empty: every line
    """
    frame = account.inventory.frame
    scope, part = only.removeprefix("emissions_"), only.removeprefix("ndrc910_")
    if not only:
        return frame, LOCATION
    if only == "emissions_total":
        deducted = account.inventory.choices.captured == "deducted"
        return frame[frame["scope"].isin([*COUNTED, *["captured"][:deducted]]).to_numpy()], LOCATION
    if only == "emissions_biogenic":
        return frame[(frame["biogenic_t"].fillna(0.0) != 0).to_numpy()], BIOGENIC
    if only == "ndrc910_total":
        return frame[((frame["part"] != "") & _counts(frame)).to_numpy()], PARK
    if only.startswith("ndrc910_"):
        return frame[((frame["part"] == part) & _counts(frame)).to_numpy()], PARK
    named = frame["scope"] == scope
    for column in ("category", "item", "stated_item", "enterprise_id"):
        named |= frame[column] == only
    if named.any():
        return frame[named.to_numpy()], LOCATION
    return _used(account, only) if only in account.codes else (frame[:0], LOCATION)


def _counts(frame: pd.DataFrame) -> pd.Series:
    """Whether a line counts in the zero-carbon park total, would if it were told, or says that none is."""
    return frame[PARK].notna() | (frame["ndrc910_missing"] != "") | frame["notation"].isin(["NO", "NA"])


def _used(account: Account, code: str) -> tuple[pd.DataFrame, str]:
    """The lines of the year behind a figure that other figures or amounts go into."""
    frame = account.inventory.frame
    names = [each.name.removesuffix(f".{account.year}") for each in account.result(code).inputs]
    totals = [name for name in names if name in ("emissions_total", "ndrc910_total", "energy_tce")]
    if totals and totals[0] != code:
        return behind(account, totals[0])
    if code in ("data_quality", "emissions_lacking_share"):
        return behind(account, "emissions_total")
    if {"nonfossil_power", "power_consumed"} <= set(names):
        return frame[(frame["category"] == "electricity").to_numpy()], LOCATION
    return frame[(frame["category"] + "." + frame["item"]).isin(names).to_numpy()], LOCATION


def _names(account: Account) -> list[str]:
    frame = account.inventory.frame
    columns = ("category", "item", "stated_item", "enterprise_id")
    return [
        *account.codes,
        *dict.fromkeys(name for column in columns for name in frame[column].unique() if name),
    ]


def _parts(factor: Factor | None) -> tuple[dict[str, Any], ...]:
    return tuple(part.as_json() for part in factor.parts) if factor else ()


def _where(said: Mapping[str, Any]) -> str:
    if not said["version"]:
        return NOT_HERE
    row = f", row {said['row']}" if said["row"] else ""
    source = f" ({said['source']})" if said["source"] else ""
    return f"{said['version']}: {said['file'] or NOT_HERE}{row}{source}"

"""Why a figure is what it is (溯源): from a total down to the row of the statement, in numbers and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import pandas as pd

from api.inventories.account import Account
from api.words import article, number, why_lines
from carbon.inventory import Inventory
from carbon.line import Factor
from carbon.tables import plain

NOT_HERE = "the book does not say"


def chains(
    account: Account, lines: pd.DataFrame | None = None, *, park: bool = False
) -> Iterator[dict[str, Any]]:
    """For each line: its formula with the numbers in it, the dated values, and where it was stated.

    Parameters
    ----------
    lines : some of the priced lines; None: all of them
    park : as it counts in the zero-carbon park total, not in the location total
    """
    told = account.inventory
    rows = told.frame if lines is None else lines
    known = [_parts(quote.ndrc910 if park else quote.factor) for quote in told.quotes]
    for row in rows.to_dict("records"):
        own = str(row["source"]).startswith("measured")
        yield {
            "formula": formula(_in_park(row) if park else row),
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


def _in_park(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it counts in the zero-carbon park total: carbon dioxide only, with a sign of its own."""
    tonnes, amount = row["ndrc910_tco2"], row["amount"]
    each = tonnes / amount if amount else 0.0
    return {**row, "tco2e": tonnes, "factor": each, "gas": "tCO2", "missing": row["ndrc910_missing"]}


def statements(account: Account, only: str, most: int = 500) -> list[dict[str, Any]]:
    """The lines behind a figure, the largest first, each with its chain.

    Parameters
    ----------
    only : as of `behind`
    """
    chosen, park = behind(account.inventory, only), only.startswith("ndrc910_")
    order = (
        chosen["ndrc910_tco2" if park else "tco2e"]
        .abs()
        .sort_values(ascending=False, na_position="last", kind="stable")
        .index
    )
    rows = chosen.loc[order[:most]]
    named = ("enterprise_id", "category", "stated_item", "tco2e", "ndrc910_tco2")
    told = plain(rows[[*named]])
    return [{**line, **chain} for line, chain in zip(told, chains(account, rows, park=park), strict=True)]


def lines_of(account: Account, only: str = "", most: int = 200) -> Iterator[str]:
    """The figures and the lines behind them, in words for a terminal.

    Parameters
    ----------
    only : code of a figure, a category, an item or an enterprise; empty: every figure, and the lines
    most : lines that are told; how many more there are is said
    """
    for result in account.results:
        if only and only not in result.code:
            continue
        said = result.as_json()
        yield f"  {result.code:34} {result.label}  {number(result.value, result.unit, result.code)}"
        if result.value is None:
            yield f"      cannot tell: {result.reason}"
        yield from why_lines(said)
    chosen = behind(account.inventory, only)
    first, park = chosen.head(most), only.startswith("ndrc910_")
    for row, chain in zip(first.to_dict("records"), chains(account, first, park=park), strict=True):
        who = row["enterprise_id"] or "the zone"
        yield f"  {who} {row['category']} {row['stated_item']}: {chain['formula']}"
        yield from (f"      factor   {article(part)}" for part in chain["factors"])
        yield f"      stated   {_where(chain['statement'])}"
    if len(chosen) > most:
        yield f"  … and {len(chosen) - most:,} more lines (--json lists them all)"


def behind(told: Inventory, only: str) -> pd.DataFrame:
    """The lines that a figure sums, or that name a category, an item or an enterprise; all of them for ''."""
    frame = told.frame
    if not only:
        return frame
    scope, part = only.removeprefix("emissions_"), only.removeprefix("ndrc910_")
    if only == "emissions_total":
        return frame[frame["scope"].isin(["scope1", "scope2"]).to_numpy()]
    if only == "ndrc910_total":
        return frame[frame["ndrc910_tco2"].notna().to_numpy()]
    named = (frame["scope"] == scope) | ((frame["part"] == part) & frame["ndrc910_tco2"].notna())
    for column in ("category", "item", "stated_item", "enterprise_id"):
        named |= frame[column] == only
    return frame[named.to_numpy()]


def _parts(factor: Factor | None) -> tuple[dict[str, Any], ...]:
    return tuple(part.as_json() for part in factor.parts) if factor else ()


def _where(said: Mapping[str, Any]) -> str:
    if not said["version"]:
        return NOT_HERE
    row = f", row {said['row']}" if said["row"] else ""
    source = f" ({said['source']})" if said["source"] else ""
    return f"{said['version']}: {said['file'] or NOT_HERE}{row}{source}"

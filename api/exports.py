"""Layers of the book as tables for a file (`mutan export`) or for GeoJSON collections."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from data.book.interface import Ask, Book
from data.errors import NothingInForce
from data.kinds import kinds

PLACED = ("indicators", "emissions")


def layer_of(
    book: Book, layer: str, *, year: int | None = None, zone: str | None = None, today: date | None = None
) -> pd.DataFrame:
    """What the book holds of a kind; for `indicators` and `emissions`, zones with the year's results.

    Parameters
    ----------
    year : what was in force at its end, and statements of it; None: what is in force on `today`
    zone : only that zone
    """
    if layer in PLACED:
        return placed(book, year, zone, emissions_only=layer == "emissions")
    day = date(year, 12, 31) if year else today
    yearly = "year" in kinds()[layer].columns if layer in kinds() else False
    ask = Ask(zone=zone, year=year) if yearly else Ask(on=day, zone=zone)
    return book.read(layer, ask).drop(columns=["extra"], errors="ignore")


def placed(
    book: Book, year: int | None = None, zone: str | None = None, *, emissions_only: bool = False
) -> gpd.GeoDataFrame:
    """Zones with the results of a year as columns, one column per code; missing stays missing.

    Parameters
    ----------
    year : of the results; None: the newest that was assessed

    Raises
    ------
    NothingInForce : nothing was assessed for that year
    """
    rows = book.results(zone, year)
    if not rows:
        raise NothingInForce(
            f"No results are kept for {zone or 'any zone'} in {year or 'any year'}. "
            f"Make them: mutan assess{f' {zone}' if zone else ''} --year {year or 'YEAR'}."
        )
    newest = year or max(int(row["year"]) for row in rows)
    told = pd.DataFrame([row for row in rows if row["year"] == newest])
    if emissions_only:
        told = told[told["code"].str.startswith("emissions")]
    wide = told.pivot_table(index="zone", columns="code", values="value", aggfunc="first", dropna=False)
    wide = wide.astype(float).reset_index().assign(year=newest)
    zones = book.read("zones", Ask(on=date(newest, 12, 31)))
    columns = ["code", "name", "level", "city", "geometry"]
    joined = zones[columns].merge(wide, left_on="code", right_on="zone").drop(columns="zone")
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=zones.crs)

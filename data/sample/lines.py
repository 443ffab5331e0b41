"""Statements beside those of energy (补充台账行): how a row is begun, added, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data.sample.oddities import Made
from data.sample.plan import YEARS

TEXTS = ("supplier_id", "notation", "explanation", "source", "equipment", "purpose", "quality")
NUMBERS = ("amount", "ncv_gj", "measured_tco2e", "uncertainty_pct")
What = tuple[str, str, str]
"""Category, item and unit as a statement spells them"""


def row(made: Made, firm: str, year: int, what: What, amount: float = np.nan, **said: object) -> Row:
    """One statement; what is not said of it is blank.

    Parameters
    ----------
    firm : empty for the zone itself
    amount : nan where a notation stands for it
    """
    category, item, unit = what
    own = {"zone": made.land.plan.code, "enterprise_id": firm, "year": year}
    return own | {"category": category, "item": item, "unit": unit, "amount": round(amount, 2)} | said


Row = Mapping[str, object]


def widen(activity: pd.DataFrame) -> pd.DataFrame:
    """The statements with all columns that a row can say something in."""
    blank = {name: "" for name in TEXTS if name not in activity}
    return activity.assign(**blank, **{name: np.nan for name in NUMBERS if name not in activity})


def add(made: Made, rows: Iterable[Row]) -> None:
    """Rows put behind the others."""
    fresh = pd.DataFrame([dict(each) for each in rows])
    if not len(fresh):
        return
    fresh = widen(fresh).reindex(columns=made.activity.columns)
    fresh[[*TEXTS]] = fresh[[*TEXTS]].fillna("")
    made.activity = pd.concat([made.activity, fresh.astype(made.activity.dtypes)], ignore_index=True)


def largest(years: pd.DataFrame, trade: str, rank: int) -> str:
    """The enterprise of that rank by energy in the last year, of those that were above scale throughout."""
    mine = years[years["trade"].eq(trade) & years["above_scale"] & years["role"].eq("owner")]
    throughout = mine.groupby("enterprise_id")["year"].transform("size") == len(YEARS)
    last = mine[throughout & mine["year"].eq(YEARS[-1])]
    order = last.sort_values(["energy_tce", "enterprise_id"], ascending=[False, True])
    return str(order["enterprise_id"].iloc[rank])


def burned(years: pd.DataFrame, firm: str) -> dict[int, float]:
    """Year -> tonnes of standard coal that an enterprise used."""
    mine = years[years["enterprise_id"] == firm]
    return {int(year): float(tce) for year, tce in zip(mine["year"], mine["energy_tce"], strict=True)}


def told(activity: pd.DataFrame, firm: str, *items: str) -> pd.Series[bool]:
    """Which rows are of an enterprise and of one of the items."""
    return activity["enterprise_id"].eq(firm) & activity["item"].isin(items)

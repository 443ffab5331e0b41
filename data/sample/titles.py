"""Titles of parcels (土地登记): how and when land was given out, whether approved, high-tech, open yards."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.land import Land
from data.sample.streets import Floats
from data.sample.uses import WATER, WORKS_CLASSES

ALLOCATED = ("1001", "1003", "1004", "1107", "1109", "08H1", "08H2", "0809", "0810")  # 划拨
HIGH_TECH = {"electronics": "H1", "medicine": "H1", "solar": "H2", "tools": "H2", "electrical": "H2"}
CERTIFIED = 0.6  # of the enterprises of those trades
OVERDUE = 0.12  # of the oldest leases that have run out
RUN_OUT = np.datetime64("2004-12-31")  # of twenty years, by the end of 2024
CODED = "G411165"  # the zone whose surveyors have written the code of the evaluation themselves
# 三调 class -> code of the evaluation where it is built
CODES = {
    "0701": "A1",
    "0601": "A2",
    "0508": "A2",
    "1001": "A3",
    "1003": "A3",
    "1004": "A3",
    "05H1": "A4",
    "0810": "A51",
    "08H1": "A52",
    "08H2": "A52",
    "0809": "A52",
}


def register(rng: np.random.Generator, land: Land, years: pd.DataFrame) -> None:
    """The further columns of the kind `parcels`, written on the land.

    What nobody has surveyed is not registered either: its tenure, approval and high-tech use are blank.

    Parameters
    ----------
    years : rows of the enterprises, with `land_since`
    """
    parcels = land.parcels
    firms = years.drop_duplicates("enterprise_id").set_index("enterprise_id")
    given = parcels["supply"].isin(["supplied", "idle"]).to_numpy()
    since = _given_on(rng, parcels, firms)
    parcels["supplied_on"] = np.where(given, since, np.datetime64("NaT")).astype(object)
    unknown = parcels["class_system"].eq("other").to_numpy()
    parcels["tenure"] = _tenure(rng, parcels, since, given & ~unknown)
    parcels["approved"] = _approved(rng, parcels, given).mask(unknown)
    if not unknown.any():
        parcels["approved"] = parcels["approved"].astype(bool)
    parcels["high_tech"] = _high_tech(rng, parcels, firms).mask(unknown)
    parcels["yard_m2"] = _yards(rng, parcels)
    if land.plan.code == CODED:
        parcels["survey_code"] = survey_codes(parcels)


def date_plots(land: Land, projects: pd.DataFrame) -> None:
    """A plot with a project was given out 30 days after the contract, whatever was said of it before."""
    signed = projects.set_index("parcel_id")["contract_on"].dropna()
    rows = land.parcels["parcel_id"].isin(signed.index)
    days = signed.loc[land.parcels.loc[rows, "parcel_id"]].to_numpy().astype("datetime64[D]")
    given = pd.Series((days + np.timedelta64(30, "D")).astype(object), index=land.parcels.index[rows])
    land.parcels.loc[rows, "supplied_on"] = given
    land.parcels.loc[rows & land.parcels["tenure"].eq("expired"), "tenure"] = "granted"


def _given_on(
    rng: np.random.Generator, parcels: gpd.GeoDataFrame, firms: pd.DataFrame
) -> NDArray[np.datetime64]:
    """An enterprise's first plot before it began, the others until 2019; empty plots in 2019 to 2024."""
    count = len(parcels)
    draw = rng.random(count)
    first, last = np.datetime64("2003-01-01"), np.datetime64("2019-12-31")
    day = first + (draw * (last - first).astype(int)).astype("timedelta64[D]")
    held = parcels["enterprise_id"].notna().to_numpy()
    since = firms["land_since"].reindex(parcels.loc[held, "enterprise_id"]).to_numpy().astype("datetime64[D]")
    again = parcels.loc[held, "enterprise_id"].duplicated().to_numpy()
    span = np.where(again, np.maximum((last - since).astype(int), 0) * draw[held], 0)
    day[held] = since + span.astype(int).astype("timedelta64[D]")
    empty = ~parcels["built"].to_numpy()
    recent = np.datetime64("2019-01-15") + (draw * 2100).astype("timedelta64[D]")
    return np.where(empty, recent, day)


def _tenure(
    rng: np.random.Generator,
    parcels: gpd.GeoDataFrame,
    since: NDArray[np.datetime64],
    told: NDArray[np.bool_],
) -> pd.Series:
    allocated = parcels["code3"].isin(ALLOCATED).to_numpy()
    expired = (since <= RUN_OUT) & parcels["built"].to_numpy() & (rng.random(len(parcels)) < OVERDUE)
    tenure = np.select([allocated, expired], ["allocated", "expired"], "granted")
    return pd.Series(tenure, index=parcels.index).astype(object).where(told, None)


def _approved(rng: np.random.Generator, parcels: gpd.GeoDataFrame, given: NDArray[np.bool_]) -> pd.Series:
    """What is given out or ready is approved, and a part of what is not yet to be had."""
    early = parcels["supply"].eq("not_supplied").to_numpy() & (rng.random(len(parcels)) < 0.2)
    approved = given | parcels["supply"].eq("ready").to_numpy() | early
    return pd.Series(approved, index=parcels.index).astype("boolean")


def _high_tech(rng: np.random.Generator, parcels: gpd.GeoDataFrame, firms: pd.DataFrame) -> pd.Series:
    """H1 or H2 by the trade of the enterprise that holds the works, for those that are certified."""
    certified = firms.index[rng.random(len(firms)) < CERTIFIED]
    trade = parcels["enterprise_id"].map(firms["trade"])
    word = trade.map(HIGH_TECH).where(parcels["enterprise_id"].isin(certified))
    high = parcels["code3"].eq("0601") & word.notna()
    return pd.Series(word.where(high, "none").astype(object))


def _yards(rng: np.random.Generator, parcels: gpd.GeoDataFrame) -> Floats:
    """Open stores and structures of works, m²; zero where none are built yet, blank on other land."""
    works = parcels["code3"].isin(WORKS_CLASSES).to_numpy()
    most = np.where(parcels["code3"] == "0508", 0.16, 0.09)
    area = parcels["declared_area_m2"].to_numpy()
    yard = np.round(area * rng.uniform(0.01, 1.0, len(parcels)) * most)
    return np.where(works, np.where(parcels["built"], yard, 0.0), np.nan)


def survey_codes(parcels: gpd.GeoDataFrame) -> pd.Series:
    """Codes of the evaluation: A by class where built, B21 given out or ready, B22 not yet, C1 water."""
    ready = parcels["supply"].isin(["supplied", "idle", "ready"])
    code = parcels["code3"].map(CODES).where(parcels["built"], np.where(ready, "B21", "B22"))
    closed = np.where(parcels["code3"].isin(WATER), "C1", "C3")
    never = parcels["supply"].eq("not_developable")
    return pd.Series(code.mask(never, pd.Series(closed, index=parcels.index)))

"""Projects in full (项目全程): what is drawn, agreed, begun and kept, for those there are and many more.

The rows of data.sample.deals keep their numbers; they gain the further columns, and new rows follow them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.sample.cases import (
    BEGIN,
    CASES,
    CONTRACT,
    DUE,
    FURTHER,
    OLD_INDUSTRY,
    PROCESSES,
    SPECIAL,
    USUAL,
    Case,
)
from data.sample.land import Land
from data.sample.plan import GRADES
from data.sample.streets import Floats
from data.sample.trades import TRADES
from data.sample.uses import WORKS_CLASSES
from data.units import m2_to_mu

EDITION_2017 = date(2017, 10, 1)  # from which day an industry is told in that edition
EDITION_2011 = date(2011, 11, 1)
PROMISES = ("investment_cny10k", "tax_cny10k", "output_cny10k", "energy_tce")


PLOT = ["parcel_id", "declared_area_m2", "floor_area_m2", "footprint_m2", "yard_m2"]
HELD = ["parcel_id", "enterprise_id", "declared_area_m2", "built", "supply"]


def add_projects(
    rng: np.random.Generator, land: Land, years: pd.DataFrame, old: pd.DataFrame
) -> pd.DataFrame:
    """All projects of a zone, those of data.sample.deals first.

    Parameters
    ----------
    years : rows of the enterprises
    old : rows of data.sample.deals.strike_deals

    Returns
    -------
    Columns of the kind `projects`, and `case`: empty, or a key of data.sample.cases.CASES
    """
    firms = years.drop_duplicates("enterprise_id").set_index("enterprise_id")
    plots = pd.DataFrame(land.parcels[PLOT]).set_index("parcel_id")
    told = _plan(old, plots)
    new = _new(rng, land, firms, set(old["parcel_id"]), len(old))
    made = pd.concat([told, _promise(rng, land, new, plots)], ignore_index=True)
    made["zone"] = land.plan.code
    made["land_grade"] = GRADES[land.plan.code]
    _describe(rng, land, made, firms)
    _draw(rng, made, plots)
    return made.drop(columns=["held"])


def _plan(old: pd.DataFrame, plots: pd.DataFrame) -> pd.DataFrame:
    """Days of the projects that there were: idle ones never began, the others are at work."""
    done = old["enterprise_id"].notna()
    signed = _days(old["contract_on"])
    agreed = signed + np.timedelta64(BEGIN - CONTRACT, "D")
    began = np.where(done, agreed + np.timedelta64(30, "D"), np.datetime64("NaT"))
    working = began + np.timedelta64(430, "D")
    return old.assign(
        case="",
        held=done,
        stage=np.where(done, "operating", "signed"),
        accepted_on=_as_dates(signed - np.timedelta64(CONTRACT, "D")),
        agreed_start_on=_as_dates(agreed),
        started_on=_as_dates(began),
        operating_on=_as_dates(working),
        suspended_on=None,
        land_m2=plots.loc[old["parcel_id"], "declared_area_m2"].to_numpy(),
        developed=np.where(done, 1.0, 0.0),
    )


def _new(
    rng: np.random.Generator, land: Land, firms: pd.DataFrame, taken: set[str], count: int
) -> pd.DataFrame:
    """A plot for each case of the zone, and its days; no two projects on one plot."""
    names = [*USUAL, *FURTHER[land.plan.code]]
    works = land.parcels["code3"].isin(WORKS_CLASSES) & ~land.parcels["parcel_id"].isin(taken)
    parcels = pd.DataFrame(land.parcels.loc[works, HELD])
    free = parcels[~parcels["built"] & parcels["supply"].eq("supplied")]
    owners = firms.index[firms["role"].eq("owner") & firms["above_scale"] & ~firms["small"]]
    held = parcels[parcels["enterprise_id"].isin(owners)].drop_duplicates("enterprise_id")
    built = np.array([CASES[name].built for name in names])
    rows = np.empty(len(names), dtype=np.int64)
    rows[built] = _picked(rng, held, int(built.sum()))
    rows[~built] = _picked(rng, free, int((~built).sum()))
    chosen = parcels.loc[rows]
    made = pd.DataFrame({"case": names, "held": built, "parcel_id": chosen["parcel_id"].to_numpy()})
    made["project_id"] = [f"{land.number:02d}P{k:03d}" for k in range(count + 1, count + len(names) + 1)]
    made["enterprise_id"] = chosen["enterprise_id"].where(built).to_numpy()
    made["land_m2"] = chosen["declared_area_m2"].to_numpy()
    return pd.concat([made, pd.DataFrame([_course(CASES[name]) for name in names])], axis=1)


def _picked(rng: np.random.Generator, plots: pd.DataFrame, count: int) -> Floats:
    """Plots of a middling size, so that a project is neither a workshop nor a quarter."""
    middling = (plots["declared_area_m2"] - 40_000).abs().nsmallest(2 * count).index.to_numpy()
    return np.asarray(rng.permutation(middling)[:count])


def _course(case: Case) -> dict[str, Any]:
    """The days of one case."""
    accepted = np.datetime64(case.accepted)
    agreed = accepted + np.timedelta64(BEGIN, "D")
    nothing = np.datetime64("NaT", "D")
    began = nothing if case.started is None else agreed + np.timedelta64(case.started, "D")
    stood = nothing if case.suspended is None else began + np.timedelta64(case.suspended, "D")
    working = began + np.timedelta64(430, "D") if case.stage == "operating" else nothing
    days = {
        "accepted_on": accepted,
        "contract_on": accepted + np.timedelta64(CONTRACT, "D"),
        "agreed_start_on": agreed,
        "due_on": accepted + np.timedelta64(DUE, "D"),
        "started_on": began,
        "suspended_on": stood,
        "operating_on": working,
    }
    return {
        "stage": case.stage,
        "developed": case.developed,
        **{name: day.astype(object) for name, day in days.items()},
    }


def _promise(rng: np.random.Generator, land: Land, new: pd.DataFrame, plots: pd.DataFrame) -> pd.DataFrame:
    """Promises per mu as in data.sample.deals, and how much of each has come true so far."""
    count, mu = len(new), m2_to_mu(new["land_m2"].to_numpy())
    made = new.copy()
    made["promised_investment_cny10k"] = (mu * land.plan.investment_mu * rng.uniform(0.9, 1.3, count)).round()
    made["promised_tax_cny10k"] = (mu * land.plan.tax_mu * rng.uniform(0.9, 1.4, count)).round(1)
    made["promised_output_cny10k"] = (
        made["promised_investment_cny10k"] * rng.uniform(0.9, 1.4, count)
    ).round()
    made["promised_energy_tce"] = (made["promised_output_cny10k"] * 0.03).round()
    cases = [CASES[name] for name in made["case"]]
    low, high = np.array([case.kept for case in cases]).T
    for name in PROMISES:
        # what is not at work pays no tax and makes nothing yet
        counts = (made["stage"] == "operating") | (name == "investment_cny10k")
        kept = np.where(counts, low + (high - low) * rng.random(count), 0.0)
        # energy is promised as a ceiling, and kept by using less
        kept = np.where(counts & (name == "energy_tce"), rng.uniform(0.8, 1.0, count), kept)
        made[f"actual_{name}"] = (made[f"promised_{name}"] * kept).round(1 if name == "tax_cny10k" else 0)
    built = plots.loc[made["parcel_id"], "floor_area_m2"].to_numpy() / made["land_m2"].to_numpy()
    made["actual_plot_ratio"] = built.round(2)
    bounds = np.array([case.ratio for case in cases]).T
    drawn = bounds[0] + (bounds[1] - bounds[0]) * rng.random(count)
    stands = rng.uniform(0.0, 0.1, count) + np.where(low >= 1.0, 1.0, 0.87)
    made["promised_plot_ratio"] = np.where(made["held"], built / stands, drawn).round(2)
    told = np.array([case.told for case in cases])
    for name in (
        "actual_investment_cny10k",
        "actual_tax_cny10k",
        "actual_output_cny10k",
        "actual_plot_ratio",
    ):
        made[name] = made[name].where(told)
    return made


def _describe(rng: np.random.Generator, land: Land, made: pd.DataFrame, firms: pd.DataFrame) -> None:
    """Name, industry in the edition of the day, process, land price."""
    weights = {name: weight for name, weight in land.plan.trades.items() if name != "storage"}
    share = np.array(list(weights.values())) / sum(weights.values())
    drawn = pd.Series(rng.choice(list(weights), len(made), p=share), index=made.index)
    trade = made["enterprise_id"].map(firms["trade"]).fillna(drawn)
    if "prohibited" in set(made["case"]):
        trade = trade.mask(made["case"].isin(["prohibited", "prohibited_later"]), "machinery")
    trade = trade.mask(made["case"].eq("restricted"), "chemicals").mask(
        made["case"].eq("old_edition"), "parts"
    )
    made["name"] = (
        "示例" + trade.map({name: each.word for name, each in TRADES.items()}) + "项目" + made["project_id"]
    )
    accepted = _days(made["accepted_on"])
    old = accepted < np.datetime64(EDITION_2011)
    made["industry_edition"] = np.select(
        [old, accepted < np.datetime64(EDITION_2017)], ["gbt4754_2002", "gbt4754_2011"], "gbt4754_2017"
    )
    industry = trade.map({name: each.industry for name, each in TRADES.items()})
    made["industry"] = industry.mask(old, trade.map(OLD_INDUSTRY))
    made["process"] = made["case"].map(SPECIAL).fillna(trade.map(PROCESSES))
    made["land_price_cny10k"] = (m2_to_mu(made["land_m2"]) * rng.uniform(16, 34, len(made))).round(1)


def _draw(rng: np.random.Generator, made: pd.DataFrame, plots: pd.DataFrame) -> None:
    """Figures of the building plan, whole m²; those of built plots are what stands there."""
    cases = [CASES.get(name, Case("", date.min)) for name in made["case"]]
    area, count, held = made["land_m2"].to_numpy(), len(made), made["held"].to_numpy(dtype=bool)
    there = plots.loc[made["parcel_id"]]
    floor = np.where(held, there["floor_area_m2"], area * made["promised_plot_ratio"])
    bounds = np.array([case.coefficient or (0.45, 0.58) for case in cases]).T
    covered = area * (bounds[0] + (bounds[1] - bounds[0]) * rng.random(count))
    yard = np.where(held, there["yard_m2"], covered * 0.08)
    figures = {
        "floor_area_m2": floor,
        "high_floor_area_m2": floor * np.array([case.high for case in cases]),
        "footprint_m2": np.where(held, there["footprint_m2"], covered * 0.9),
        "structures_m2": np.where(held, yard * 0.4, covered * 0.02),
        "yard_m2": np.where(held, yard * 0.6, yard),
        "admin_land_m2": area * _or([case.office_land for case in cases], rng.uniform(0.03, 0.06, count)),
        "admin_floor_m2": floor * _or([case.office_floor for case in cases], rng.uniform(0.06, 0.13, count)),
        "green_m2": area * _or([case.green for case in cases], rng.uniform(0.06, 0.17, count)),
    }
    told = np.array([case.told for case in cases])
    for name, values in figures.items():
        made[name] = np.where(told, np.round(values), np.nan)
    made["developable_m2"] = np.round(area * 0.96)
    made["developed_m2"] = np.round(made["developable_m2"] * made.pop("developed"))


def _or(given: list[float | None], usual: Floats) -> Floats:
    return np.array([own if one is None else one for one, own in zip(given, usual, strict=True)])


def _days(dates: pd.Series) -> Any:
    return dates.to_numpy().astype("datetime64[D]")


def _as_dates(days: Any) -> Any:
    return days.astype("datetime64[D]").astype(object)

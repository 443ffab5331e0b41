"""Projects (项目): what was promised for a plot when it was given out, and what has come of it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.land import Land
from data.sample.uses import WORKS_CLASSES
from data.units import m2_to_mu

IDLE = {"G411162": 5, "G411031": 2, "G411166": 1, "G411168": 2}  # plots that nobody has begun to build on
KEPT = 4  # projects a zone tells of that have been built


def strike_deals(rng: np.random.Generator, land: Land, years: pd.DataFrame) -> pd.DataFrame:
    """Projects of a zone; the plots of those that never began are marked idle (闲置) on the land.

    `due_on` is the day by which the works were to stand; an idle plot's age counts from there.
    """
    parcels = land.parcels
    empty = parcels.index[
        ~parcels["built"] & parcels["supply"].eq("supplied") & parcels["code3"].isin(WORKS_CLASSES)
    ]
    idle = rng.permutation(empty)[: IDLE.get(land.plan.code, 0)]
    parcels.loc[idle, "supply"] = "idle"
    last = years[years["year"] == years["year"].max()].set_index("enterprise_id")
    held = parcels.drop_duplicates("enterprise_id").dropna(subset="enterprise_id")
    held = held[held["enterprise_id"].isin(last.index[last["role"] == "owner"])]
    done = rng.permutation(held.index)[:KEPT]
    rows = np.concatenate([idle, done])
    if not len(rows):
        return pd.DataFrame()
    began = np.concatenate([np.ones(len(idle), bool), np.zeros(len(done), bool)])
    return _terms(rng, land, parcels.loc[rows], ~began)


def _terms(
    rng: np.random.Generator, land: Land, plots: pd.DataFrame, done: NDArray[np.bool_]
) -> pd.DataFrame:
    """Promises per mu of the plot, and the actual figures of those who hold one."""
    count, mu = len(plots), m2_to_mu(plots["declared_area_m2"].to_numpy())
    made = pd.DataFrame({
        "project_id": [f"{land.number:02d}P{k:03d}" for k in range(1, count + 1)],
        "enterprise_id": plots["enterprise_id"].where(done).to_numpy(),
        "parcel_id": plots["parcel_id"].to_numpy(),
        "promised_investment_cny10k": (mu * land.plan.investment_mu * rng.uniform(0.9, 1.3, count)).round(),
        "promised_tax_cny10k": (mu * land.plan.tax_mu * rng.uniform(0.9, 1.4, count)).round(1),
        "promised_plot_ratio": rng.choice([0.8, 1.0, 1.2, 1.5], count),
    })
    made["promised_output_cny10k"] = (
        made["promised_investment_cny10k"] * rng.uniform(0.9, 1.4, count)
    ).round()
    made["promised_energy_tce"] = (made["promised_output_cny10k"] * 0.03).round()
    kept = rng.uniform(0.7, 1.15, (4, count)) * done
    for k, (name, digits) in enumerate((
        ("investment_cny10k", 0),
        ("tax_cny10k", 1),
        ("output_cny10k", 0),
        ("energy_tce", 0),
    )):
        made[f"actual_{name}"] = (made[f"promised_{name}"] * kept[k]).round(digits)
    made["actual_plot_ratio"] = (plots["floor_area_m2"] / plots["declared_area_m2"]).to_numpy().round(2)
    signed = [date(2017, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 1400, count)]
    made["contract_on"] = signed
    made["due_on"] = [day + timedelta(days=730) for day in signed]
    return made

"""Grading: made-up enterprises of a province, scored, ranked and classed by two schemes."""

from __future__ import annotations

import time
from datetime import date
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.report import Row
from geo.benefit.grading import grade
from geo.benefit.scheme import scheme

COUNT, ZONES, YEAR = 110_000, 184, 2021
SCHEMES = ("henan_2019", "huangyan_2022")
ASKED_S = 3.0


def measure(times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about grading."""
    frame = enterprises(COUNT)
    rows = []
    for name in SCHEMES:
        took = []
        for _ in range(times):
            begin = time.perf_counter()
            graded = grade(scheme(name), frame, year=YEAR, day=date(YEAR + 1, 6, 1))
            # table and faults are made when they are asked for, and belong to the time
            counted, faults = int((graded.frame["status"] == "graded").sum()), len(graded.faults)
            took.append(time.perf_counter() - begin)
        seconds = median(took)
        raw[f"grading_{name}"] = {"seconds": took, "graded": counted, "faults": faults}
        what = f"grading: {COUNT:,} enterprises of {ZONES} zones by {name}, {counted:,} graded"
        rows.append(Row(what, f"{seconds:.2f} s", "", None, f"{ASKED_S:.0f} s", seconds < ASKED_S))
    return rows


def enterprises(count: int, seed: int = 7) -> pd.DataFrame:
    """Statements of one year: two fifths above scale, a few silent on tax, some on emissions, some tenants.

    Parameters
    ----------
    count : enterprises, dealt out to the zones in turn
    """
    rng = np.random.default_rng(seed)

    def money(middle: float, spread: float = 1.0) -> np.ndarray:
        return rng.lognormal(middle, spread, count)

    started = np.datetime64("2005-01-01") + rng.integers(0, 6_000, count).astype("timedelta64[D]")
    frame = pd.DataFrame({
        "enterprise_id": pd.Series([f"E{n:06d}" for n in range(count)], dtype="str"),
        "name": "示例企业",
        "zone": pd.Series([f"G{410_000 + n % ZONES}" for n in range(count)], dtype="str"),
        "industry": pd.Series(rng.choice(["1311", "26", "C3011", "3612", "C40", "5990"], count), dtype="str"),
        "year": YEAR,
        "above_scale": pd.array(rng.random(count) < 0.4, dtype="boolean"),
        "revenue_cny10k": money(9.5, 0.5),
        "tax_cny10k": np.where(rng.random(count) < 0.01, np.nan, money(5.0, 0.8)),
        "value_added_cny10k": money(7.5, 0.5),
        "rd_cny10k": money(4.5, 0.8),
        "employees": rng.integers(5, 900, count),
        "energy_tce": money(6.0),
        "electricity_mwh": money(6.5),
        "pollutant_t": np.where(rng.random(count) < 0.1, np.nan, money(1.0)),
        "land_mu": money(3.0, 0.8),
        "leased_in_mu": 0.0,
        "leased_out_mu": 0.0,
        "started_on": pd.Series(started.astype("datetime64[s]")),
    })
    tenant = np.flatnonzero(rng.random(count - ZONES) < 0.05) + ZONES
    frame.loc[tenant, "leased_in_mu"] = 2.0
    landlord = frame["enterprise_id"].shift(ZONES)  # the one before it in its zone
    frame["landlord_id"] = landlord.where(frame.index.isin(tenant))
    frame.loc[tenant - ZONES, "leased_out_mu"] = 2.0
    frame.loc[tenant - ZONES, "land_mu"] += 2.0
    return frame

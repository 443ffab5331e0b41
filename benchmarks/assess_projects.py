"""The projects of the generated province (示例项目), with control values and admission lists."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

INDUSTRIES = np.array(["3011", "3311", "3611", "3914", "1511"])


def projects(found: gpd.GeoDataFrame, each: int) -> pd.DataFrame:
    """So many projects of each zone, each on a parcel, with what was promised and what came."""
    some = found.groupby("zone").head(each)
    rng = np.random.default_rng(14)
    n = len(some)
    stage = rng.choice(["signed", "started", "operating", "stopped"], n, p=[0.15, 0.25, 0.5, 0.1])
    return pd.DataFrame({
        "project_id": [f"P{number:05d}" for number in range(n)],
        "zone": some["zone"].to_numpy(),
        "parcel_id": some["parcel_id"].to_numpy(),
        "enterprise_id": some["enterprise_id"].to_numpy(),
        "name": [f"示例项目{number}" for number in range(n)],
        "stage": stage,
        "industry": INDUSTRIES[rng.integers(0, len(INDUSTRIES), n)],
        "industry_edition": "gbt4754_2017",
        "process": rng.choice(["装配", "电镀", "铸造"], n, p=[0.9, 0.05, 0.05]),
        "land_grade": "7",
        **_promised(rng, n),
        **_days(rng, stage),
        **_built(rng, some["area_m2"].to_numpy().round(1)),
    })


def _promised(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """What was promised, and what came of it: from two fifths to a little more."""
    means = {"investment_cny10k": 8.0, "tax_cny10k": 5.0, "output_cny10k": 8.5, "energy_tce": 6.0}
    promised = {name: np.exp(rng.normal(mean, 0.5, n)).round(2) for name, mean in means.items()}
    promised["plot_ratio"] = rng.uniform(0.8, 2.0, n).round(2)
    actual = {f"actual_{name}": (told * rng.uniform(0.4, 1.3, n)).round(2) for name, told in promised.items()}
    return {f"promised_{name}": told for name, told in promised.items()} | actual


def _days(rng: np.random.Generator, stage: np.ndarray) -> dict[str, np.ndarray]:
    """Days that agree with the stage; a fifth of the works that were begun stand still."""
    n, one, none = len(stage), np.timedelta64(1, "D"), np.datetime64("NaT", "D")
    contract = np.datetime64("2016-01-01") + rng.integers(0, 700, n) * one
    agreed = contract + 180 * one
    started = np.where(
        np.isin(stage, ["started", "operating"]), agreed + rng.integers(-60, 200, n) * one, none
    )
    halted = (stage == "started") & (rng.random(n) < 0.2)
    return {
        "accepted_on": contract - 30 * one,
        "contract_on": contract,
        "agreed_start_on": agreed,
        "started_on": started,
        "suspended_on": np.where(halted, started + 200 * one, none),
        "operating_on": np.where(stage == "operating", started + 300 * one, none),
        "due_on": contract + rng.integers(900, 2600, n) * one,
    }


def _built(rng: np.random.Generator, land_m2: np.ndarray) -> dict[str, np.ndarray]:
    """What stands on the land of each project, so that every measure of it can be told."""
    n = len(land_m2)
    shares = {
        "developable_m2": (0.9, 0.9), "developed_m2": (0.1, 0.9), "floor_area_m2": (0.5, 1.8),
        "high_floor_area_m2": (0.0, 0.4), "footprint_m2": (0.2, 0.5), "structures_m2": (0.0, 0.1),
        "yard_m2": (0.0, 0.1), "admin_land_m2": (0.01, 0.08), "admin_floor_m2": (0.02, 0.2),
        "green_m2": (0.02, 0.2), "land_price_cny10k": (0.02, 0.06),
    }  # fmt: skip
    parts = {name: (land_m2 * rng.uniform(*ends, n)).round(2) for name, ends in shares.items()}
    return {"land_m2": land_m2, **parts}


def controls() -> pd.DataFrame:
    """A few control values of the province."""
    values = {
        "plot_ratio": (0.8, "1", "at least"),
        "building_coefficient": (0.4, "1", "at least"),
        "admin_land_share": (0.07, "1", "at most"),
        "green_share": (0.2, "1", "at most"),
        "investment_intensity": (300.0, "CNY10k/mu", "at least"),
        "tax_intensity": (20.0, "CNY10k/mu", "at least"),
    }
    rows = [
        {"indicator": name, "value": value, "unit": unit, "compare": compare}
        for name, (value, unit, compare) in values.items()
    ]
    law = {"locality": "410000", "since": date(2015, 1, 1), "published": date(2015, 1, 1)}
    return pd.DataFrame(rows).assign(**law, article="示例控制指标", status="illustration")


def admissions(zones: list[str]) -> pd.DataFrame:
    """What each zone prohibits and restricts; all else is admitted."""
    rows = pd.DataFrame({
        "treatment": ["prohibited", "restricted", "permitted"],
        "process": ["电镀", "铸造", None],
        "condition": [None, "须经评审", None],
        "since": date(2015, 1, 1),
        "article": ["示例目录 1", "示例目录 2", "示例目录 3"],
    })
    return rows.merge(pd.DataFrame({"zone": zones}), how="cross")

"""Measures and pledges of the sample (减排措施与目标示例): what each zone means to save, and by when.

Nothing is drawn by chance: each measure takes a round share of what one of the largest users used last. In
one zone a measure names no figure, so that its sum stays open; in another, two share the same emissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from data.sample.oddities import Made
from data.sample.plan import YEARS

BASE, TARGET, FALL = YEARS[1], 2030, 0.18  # of the year before there is no grid factor
PER_UNIT = {"electricity": 5.5, "fuel": 21.6, "process": 0.53}  # tCO2 by 万千瓦时, 万标准立方米, t of clinker
UNKNOWN, SHARED = "G411165", "G411166"


class Idea(NamedTuple):
    """One kind of measure: of what it takes which share, and what it costs per tonne."""

    name: str
    category: str
    item: str
    share: float
    investment_per_t: float
    yearly_per_t: float
    life: int
    starts_on: date
    state: str


IDEAS = (
    Idea("屋顶光伏", "electricity", "外购电力", 0.20, 0.70, -0.06, 20, date(2024, 7, 1), "done"),
    Idea("电机与空压系统节能", "electricity", "外购电力", 0.08, 0.25, -0.09, 10, date(2025, 3, 1), "running"),
    Idea("燃气锅炉余热回收", "fuel", "天然气", 0.12, 0.15, -0.04, 8, date(2025, 10, 1), "running"),
    Idea("电锅炉替代燃气锅炉", "fuel", "天然气", 0.60, 0.30, 0.05, 15, date(2027, 1, 1), "planned"),
    Idea("储能与需求响应", "electricity", "外购电力", 0.02, 1.20, 0.02, 10, date(2026, 6, 1), "dropped"),
)  # fmt: skip
OF_KILN = Idea(
    "提高电石渣替代比例", "process", "硅酸盐水泥熟料", 0.03, 0.05, -0.01, 10, date(2026, 1, 1), "planned"
)
# beside those that every zone has: indicator, figure of the base year, of the target year, its fall
FURTHER = {
    "G411163": ("ndrc910_total", 1_900_000.0, 1_500_000.0, None),
    "G411167": ("emissions_per_tce", None, None, 0.25),
    UNKNOWN: ("energy_tce", None, None, None),  # names no target: a fault, and not a target of nothing
}


def mean_to_save(every: Sequence[Made]) -> pd.DataFrame:
    """Rows of the kind `measures`: those of `IDEAS` in each zone, each of another of its largest users."""
    rows = [row for made in every for row in _of_zone(made)]
    return pd.DataFrame(rows)


def pledge(every: Sequence[Made]) -> pd.DataFrame:
    """Rows of the kind `pledges`: by how much emissions are to fall, as a whole and per value added."""
    rows = [
        {
            "zone": made.land.plan.code,
            "indicator": indicator,
            "base_year": BASE,
            "target_year": TARGET,
            "reduction_share": share,
            "source": "示例：园区降碳方案",
        }
        for made in every
        for indicator, share in (("emissions_total", FALL), ("emissions_per_value_added", 0.40))
    ]
    rows += [
        {
            "zone": code,
            "indicator": indicator,
            "base_year": BASE,
            "target_year": TARGET,
            "base_value": base,
            "target_value": target,
            "reduction_share": share,
            "source": "示例：园区零碳建设方案",
        }
        for code, (indicator, base, target, share) in FURTHER.items()
        if code in {made.land.plan.code for made in every}
    ]
    return pd.DataFrame(rows)


def _of_zone(made: Made) -> list[dict[str, object]]:
    code = made.land.plan.code
    whole = made.activity
    used = whole[(whole["year"] == YEARS[-1]) & whole["amount"].gt(0) & whole["enterprise_id"].ne("")]
    taken: dict[str, int] = {}
    rows = []
    ideas = (*IDEAS, OF_KILN) if used["item"].eq(OF_KILN.item).any() else IDEAS
    for number, idea in enumerate(ideas, start=1):
        users = used[used["item"] == idea.item].sort_values(
            ["amount", "enterprise_id"], ascending=[False, True]
        )
        rank = 0 if code == SHARED and idea.category == "fuel" else taken.get(idea.item, 0)
        taken[idea.item] = rank + 1
        user = users.iloc[rank]
        saved = round(float(user["amount"]) * PER_UNIT[idea.category] * idea.share, 1)
        rows.append(_row(idea, f"{code}-{number:02d}", (code, str(user["enterprise_id"])), saved))
    if code == UNKNOWN:
        rows[1] |= {"reduction_tco2e": None, "explanation": "示例：节能诊断尚未完成"}
    if code == SHARED:
        rows[3] |= {"reduction_tco2e": round(float(str(rows[3]["reduction_tco2e"])) * 2.0, 1)}
    return rows


def _row(idea: Idea, measure_id: str, whose: tuple[str, str], saved: float) -> dict[str, object]:
    zone, firm = whose
    return {
        "measure_id": measure_id,
        "zone": zone,
        "enterprise_id": firm,
        "name": idea.name,
        "category": idea.category,
        "reduction_tco2e": saved,
        "investment_cny10k": round(saved * idea.investment_per_t, 1),
        "yearly_cost_cny10k": round(saved * idea.yearly_per_t, 1),
        "starts_on": idea.starts_on,
        "state": idea.state,
        "lifetime_years": idea.life,
        "explanation": "示例",
    }

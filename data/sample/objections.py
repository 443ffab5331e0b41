"""Objections to published figures (异议): one upheld, one still open, one rejected, one upheld in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.sample.oddities import Made
from data.sample.plan import YEARS

ROUND = YEARS[-1]  # year that is evaluated
# zone, column, claimed as a share of what was published, decided likewise, outcome, decided on, reason
SAID = (
    (
        "G411165",
        "tax_cny10k",
        1.12,
        1.12,
        "upheld",
        date(2025, 4, 22),
        "示例：漏计异地入库税款，已凭完税证明核实",
    ),
    ("G411166", "land_mu", 0.9, None, "open", None, "示例：企业称其中一处已交还，正在核实"),
    ("G411167", "energy_tce", 0.8, None, "rejected", date(2025, 4, 24), "示例：自备锅炉用煤应计入综合能耗"),
    ("G411168", "employees", 1.2, 1.1, "partly", date(2025, 4, 25), "示例：劳务派遣人员按工时计入一半"),
)


def object_to(every: Sequence[Made]) -> pd.DataFrame:
    """Rows of the kind `objections`; `stated` is the figure of the enterprise table."""
    zone = {made.land.plan.code: made for made in every}
    rows = []
    for number, (code, item, claimed, decided, outcome, decided_on, reason) in enumerate(SAID):
        years = zone[code].years
        able = years[(years["year"] == ROUND) & years["role"].eq("owner") & years["above_scale"]]
        firm = able.iloc[20 + number]
        stated = float(firm[item])
        whole = 0 if item == "employees" else 2
        rows.append({
            "zone": code,
            "year": ROUND,
            "enterprise_id": firm["enterprise_id"],
            "item": item,
            "stated": stated,
            "claimed": round(stated * claimed, whole),
            "decided": None if decided is None else round(stated * decided, whole),
            "outcome": outcome,
            "raised_on": date(2025, 4, 8 + number),
            "decided_on": decided_on,
            "reason": reason,
        })
    return pd.DataFrame(rows)

"""Measures of reduction (减排措施清单): what each saves, when, and what a tonne costs, the cheapest first."""

from __future__ import annotations

import pandas as pd

from api.listings.listing import Asked, Listing, columns
from api.listings.path import followed
from data.kinds import kind
from data.records import Dated

STATES = kind("measures").columns["state"].one_of
SHOWN = columns(
    ("measure_id", "措施编号"),
    ("name", "措施"),
    ("enterprise_id", "企业编号"),
    ("category", "排放类别"),
    ("state_label", "状态"),
    ("starts_on", "见效日期", "", "day"),
    ("ends_on", "失效日期", "", "day"),
    ("reduction", "年减排量", "tCO2e"),
    ("yearly_cost", "年费用", "CNY10k"),
    ("cost", "每吨费用", "CNY/tCO2e", "number"),
    ("cumulated", "累计减排", "tCO2e"),
    ("reason", "说明"),
)


def make(asked: Asked) -> Listing:
    """The marginal list: by the cost of a tonne, those of unknown cost last."""
    told, account = followed(asked)
    rows = told.measures.rows.set_index("measure_id")
    made = pd.DataFrame([each.as_json() for each in told.abatements])
    frame = pd.DataFrame(columns=list(SHOWN))
    if len(made):
        beside = rows.reindex(made["measure_id"])[
            ["enterprise_id", "category", "state", "starts_on", "ends_on"]
        ]
        frame = made.drop(columns=[name for name in beside if name in made]).join(beside, on="measure_id")
        frame["state_label"] = frame["state"].map(STATES)
    rate = told.rate
    return Listing(
        name="measures",
        title=f"{account.name}减排措施",
        asked=asked,
        columns=SHOWN,
        frame=frame.reindex(columns=list(SHOWN)),
        faults=told.faults,
        articles=(rate,) if isinstance(rate, Dated) else (),
        notes=(f"投资按使用年限和折现率 {_rate(rate):.1%} 折成年费用；折现率是示例，可用 rate 另定。",),
        formulas={
            "cost": "(投资 x 年金系数 + 年运行费用) / 年减排量",
            "cumulated": "本措施及更便宜措施的减排之和",
        },
        placed_by="enterprise_id",
    )


def _rate(rate: float | Dated) -> float:
    return float(rate.value or 0.0) if isinstance(rate, Dated) else rate

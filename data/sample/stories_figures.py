"""Stories of figures (数值故事): land left to supply, shared plots, objections, and what nobody has told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.sample.filings import PAIR, UNREGISTERED
from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.sample.planned import left_over
from data.sample.province import SILENT
from data.sample.records import Story
from data.sample.titles import CODED
from data.units import m2_to_ha

SUPPLIES = "G411162"  # the zone whose years of supply are told
UNSURVEYED = "G411163"
FIVE_YEARS = np.datetime64("2020-01-01")  # to the end of 2024
OUTCOMES = {
    "upheld": "异议成立：按认定数值重算。",
    "open": "异议处理中：数值暂不能定，须注明。",
    "rejected": "异议不成立：仍用公示数值。",
    "partly": "异议部分成立：按认定数值重算。",
}


def tell_of_figures(every: Sequence[Made], objections: pd.DataFrame) -> list[Story]:
    """What the further columns, kinds and items were made to show."""
    zone = {made.land.plan.code: made for made in every}
    return [
        supply_left(zone[SUPPLIES]),
        survey_codes_given(zone[CODED]),
        titles_unknown(zone[UNSURVEYED]),
        shared_plot(zone[PAIR]),
        unregistered(zone[UNREGISTERED]),
        pollutants_missing(zone[SUPPLIES]),
        Story(
            "month_missing",
            SILENT[0],
            f"{SILENT[1]} 未报月度统计：同比只能说缺数，不能按零计。",
            {"months": 11.0},
        ),
        *[_objection(row) for row in objections.to_dict("records")],
    ]


def supply_left(made: Made) -> Story:
    """Planned land less what is given out and what is proven, over the yearly supply of five years."""
    parcels = made.land.parcels
    area = m2_to_ha(parcels["declared_area_m2"])
    given = parcels["supply"].isin(["supplied", "idle"])
    recent = given & (parcels["supplied_on"].to_numpy().astype("datetime64[D]") >= FIVE_YEARS)
    left, yearly = float(area[left_over(parcels)].sum()), float(area[recent].sum()) / 5
    numbers = {
        "left_ha": round(left, 2),
        "proven_ha": round(float(area[parcels["proven"]].sum()), 2),
        "yearly_ha": round(yearly, 2),
        "years": round(left / yearly, 2),
    }
    text = "规划建设用地减去已供应和举证部分，除以 2020 至 2024 年年均供地，得尚可供应年限。"
    return Story("supply_left", made.land.plan.code, text, numbers)


def survey_codes_given(made: Made) -> Story:
    """The zone whose surveyors have written the codes of the evaluation."""
    text = "评价用地代码由调查单位给出，其余开发区由地类、供应状态和是否建成推出。"
    numbers = {"parcels": float(made.land.parcels["survey_code"].notna().sum())}
    return Story("survey_codes_given", made.land.plan.code, text, numbers)


def titles_unknown(made: Made) -> Story:
    """The part whose approval and tenure nobody has told."""
    text = "新并入片区未登记供应方式和批准情况：有关比率只能答“无法判断”。"
    numbers = {"parcels": float(made.land.parcels["approved"].isna().sum())}
    return Story("titles_unknown", made.land.plan.code, text, numbers)


def shared_plot(made: Made) -> Story:
    """Two owners on one plot, neither of whom leases it from the other."""
    last = made.years[(made.years["year"] == YEARS[-1]) & made.years["plot_id"].notna()]
    pair = last[last["role"] == "owner"]
    numbers = {
        "land_mu": round(float(pair["land_mu"].sum()), 2),
        "tax_cny10k": round(float(pair["tax_cny10k"].sum()), 2),
    }
    text = "两家企业合用一宗地：宗地编号相同，评价时可合并计算。"
    return Story("shared_plot", made.land.plan.code, text, numbers, tuple(pair["enterprise_id"]))


def unregistered(made: Made) -> Story:
    """Two enterprises that use more land than their titles say."""
    last = made.years[(made.years["year"] == YEARS[-1]) & made.years["unregistered_mu"].notna()]
    numbers = {"unregistered_mu": round(float(last["unregistered_mu"].sum()), 2)}
    text = "两家企业另占未登记用地：计入用地面积后亩均数值变小。"
    return Story("unregistered_land", made.land.plan.code, text, numbers, tuple(last["enterprise_id"]))


def pollutants_missing(made: Made) -> Story:
    """Enterprises above scale that told no pollutants in the last year."""
    last = made.years[(made.years["year"] == YEARS[-1]) & made.years["above_scale"]]
    silent = last[last["pollutant_t"].isna()]
    text = "规上企业有几家未填污染物排放当量：缺数不是零，按评价办法处理并注明。"
    numbers = {"enterprises": float(len(silent))}
    return Story("pollutants_missing", made.land.plan.code, text, numbers, tuple(silent["enterprise_id"]))


def _objection(row: Mapping[Hashable, Any]) -> Story:
    numbers = {
        name: float(str(row[name])) for name in ("stated", "claimed", "decided") if pd.notna(row[name])
    }
    outcome = str(row["outcome"])
    return Story(
        f"objection_{outcome}", str(row["zone"]), OUTCOMES[outcome], numbers, (str(row["enterprise_id"]),)
    )

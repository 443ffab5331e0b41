"""Industrial land share of a zone (产业用地占比): parcel by parcel, and what would have to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from api.listings.listing import Asked, Listing, columns
from api.zone_tables import ground_of
from data.codes.classes import CATEGORIES
from data.kinds import kind
from data.records import Dated, Result
from data.units import m2_to_mu
from geo.land import hold
from geo.land.industrial_share import DEFINITIONS
from geo.land.share_parcels import share_parcels
from geo.land.share_target import share_target

SUPPLY = kind("parcels").columns["supply"].one_of
YES: Mapping[object, str] = {True: "是", False: "否"}
SHOWN = columns(
    ("parcel_id", "地块编号"),
    ("land_class", "地类编码"),
    ("use_label", "归类"),
    ("supply_label", "供应状态"),
    ("built_label", "是否建成"),
    ("area_mu", "面积", "mu", "number"),
    ("top_label", "计入分子"),
    ("base_label", "计入分母"),
    ("rank", "转换次序", "", "integer"),
    ("cumulative_mu", "累计转换", "mu", "number"),
    ("share_after", "转换后占比", "1", "number"),
    ("reaches_label", "至此达标"),
)


def make(asked: Asked) -> Listing:
    """Each parcel as it counts, the candidates for conversion in their order, and P1 to P4 side by side."""
    ground = ground_of(asked.book, asked.code, asked.day)
    definition = asked.choice("definition", ("auto", *DEFINITIONS), "auto")
    vacant = asked.flag("vacant")
    parcels = share_parcels(ground.survey, definition, vacant)
    target = share_target(ground.survey, asked.day, asked.region, definition=definition, vacant=vacant)
    chosen = replace(
        target.share, target=target.target.value if target.target else None, outcome=target.outcome
    )
    settings = {"vacant": vacant}
    beside = [each.measure(ground.survey, settings) for each in DEFINITIONS.values()]
    short = target.convert.breakdown.get("short_mu", 0.0)
    return Listing(
        name="share",
        title=f"{asked.zone['name']}产业用地占比",
        asked=asked,
        columns=SHOWN,
        frame=_frame(parcels, target.parcels),
        results=(hold(chosen, asked.day, asked.region), *beside, target.convert, target.release),
        faults=ground.faults,
        articles=_articles([chosen, *beside], target.target),
        notes=(
            f"采用口径：{parcels.attrs['definition'].upper()}。规划没有给产业用地占比下定义，其余口径并列在上。",
            "转换候选：在分母而不在分子的地块，先闲置和未建成的，再按面积由大到小；"
            "道路、公用设施、公园和水工建筑用地不作候选。",
            *([f"候选地块全部转换仍差 {short:,.2f} 亩。"] if short > 0 else []),
        ),
        formulas={"share_after": "(产业用地 + 累计转换) / 建设用地"},
        placed_by="parcel_id",
    )


def _frame(parcels: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Parcels with the place of those that are candidates; these first, then the rest by number."""
    placed = parcels.join(candidates[["rank", "cumulative_mu", "share_after", "reaches"]])
    made = placed.assign(
        use_label=placed["use"].astype(object).map(CATEGORIES),
        supply_label=placed["supply"].astype(object).map(SUPPLY),
        built_label=placed["built"].map(YES),
        area_mu=m2_to_mu(placed["area_m2"]),
        top_label=placed["in_numerator"].map(YES),
        base_label=placed["in_denominator"].map(YES),
        reaches_label=placed["reaches"].map({True: "是"}),
        rank=placed["rank"].astype("Int64"),
    )
    return made.sort_values(["rank", "parcel_id"], na_position="last").reset_index(drop=True)


def _articles(results: list[Result], target: Dated | None) -> tuple[Dated | str, ...]:
    said = [each for result in results for each in result.articles]
    return tuple(dict.fromkeys([*said, *([target] if target else [])]))

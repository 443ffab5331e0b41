"""The stories of the sample (示例故事), told with numbers that anybody can work out again from the frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.sample.energy import ITEMS
from data.sample.oddities import Made
from data.sample.plan import BOUNDARY_CHANGE, FIRST_DAY, YEARS
from data.sample.records import Story
from data.sample.uses import WORKS_CLASSES, is_construction
from data.units import m2_to_mu

LAST_DAY = date(YEARS[-1], 12, 31)
DAYS_PER_YEAR = 365.25


def tell_stories(every: Sequence[Made]) -> list[Story]:
    """What the sample shows, beside what was put in on purpose."""
    zone = {made.land.plan.code: made for made in every}
    return [
        *[industrial_share(made) for made in every],
        unknown_classes(zone["G411163"]),
        other_system(zone["G411167"]),
        idle_land(zone["G411162"]),
        landlord(zone["G411031"]),
        power_plant(zone["G411169"]),
        boundary_change(zone["G411169"]),
        enclave(zone["G411165"]),
        *growth(zone["G411031"]),
        *comings_and_goings(every),
    ]


def industrial_share(made: Made) -> Story:
    """Industrial and storage land in construction land, by class, held against 60 per cent."""
    parcels, plan = made.land.parcels, made.land.plan
    area = parcels["declared_area_m2"]
    works, all_built_up = parcels["code3"].isin(WORKS_CLASSES), is_construction(parcels["code3"])
    share = float(area[works].sum() / area[all_built_up].sum())
    known = all(part.surveyed for part in plan.parts)
    says = "低于" if share < 0.6 else "刚刚达到" if share < 0.61 else "达到"
    text = f"产业用地占比约 {share:.1%}，{says} 60%。" if known else "产业用地占比说不清：一部分地块未分类。"
    numbers = {"industrial_share": round(share, 4)} if known else {}
    return Story(f"industrial_share_{plan.code}", plan.code, text, numbers)


def unknown_classes(made: Made) -> Story:
    """The part of the zone whose land classes nobody has told."""
    parcels = made.land.parcels
    unknown = parcels["class_system"] == "other"
    area = parcels["declared_area_m2"]
    numbers = {
        "parcels": float(unknown.sum()),
        "area_share": round(float(area[unknown].sum() / area.sum()), 3),
    }
    return Story(
        "unknown_classes", made.land.plan.code, "新并入片区未做地类调查，占比只能答“无法判断”。", numbers
    )


def other_system(made: Made) -> Story:
    """The zone whose survey came in another class system."""
    text = "地块用 2023 年用地用海分类，其余开发区用三调分类：1001 在前者是工业用地，在后者是铁路。"
    return Story("other_system", made.land.plan.code, text, {"parcels": float(len(made.land.parcels))})


def idle_land(made: Made) -> Story:
    """Plots given out and never built on, and how long the oldest has been overdue."""
    parcels = made.land.parcels
    idle = parcels[parcels["supply"] == "idle"]
    due = made.projects.set_index("parcel_id").loc[idle["parcel_id"], "due_on"]
    oldest = (LAST_DAY - min(due)).days / DAYS_PER_YEAR
    numbers = {
        "idle_mu": round(float(m2_to_mu(idle["declared_area_m2"].sum())), 1),
        "oldest_years": round(oldest, 2),
    }
    text = "供地后一直没有建成的闲置土地，逾期年限由项目到期日算到 2024 年末。"
    return Story("idle_land", made.land.plan.code, text, numbers, tuple(idle["parcel_id"]))


def landlord(made: Made) -> Story:
    """A landlord and the tenants on its one site."""
    years = made.years[made.years["year"] == YEARS[-1]]
    tenants = years[years["role"] == "tenant"]
    host = tenants["landlord"].value_counts(sort=True).index[0]
    mine = tenants[tenants["landlord"] == host]
    numbers = {"tenants": float(len(mine)), "leased_mu": round(float(mine["leased_in_mu"].sum()), 2)}
    text = "标准厂房：地块登记在房东名下，几家小企业租用，租入面积之和等于房东租出面积。"
    return Story("landlord", made.land.plan.code, text, numbers, (host, *mine["enterprise_id"]))


def power_plant(made: Made) -> Story:
    """The plant inside the zone, and what its neighbours bought of it."""
    table = made.activity[made.activity["year"] == YEARS[-1]]
    who = made.years.loc[made.years["role"] == "plant", "enterprise_id"].iloc[0]
    bought = table[table["supplier_id"] == who]
    heat, power = (
        float(bought.loc[bought["item"] == ITEMS[name], "amount"].sum())
        for name in ("park_heat", "park_power")
    )
    buyers = float(bought["enterprise_id"].nunique())
    numbers = {"heat_gj": round(heat, 2), "power_10mwh": round(power, 2), "buyers": buyers}
    text = "区内热电厂烧煤，向区内企业售热售电：燃料只计一次，买方用量不得再计。"
    return Story("power_plant", made.land.plan.code, text, numbers, (who,))


def boundary_change(made: Made) -> Story:
    """The zone that grew by a part: another area before and after."""
    ha = made.land.parcels["declared_area_m2"] / 1e4
    before, after = (float(ha[made.land.within(day)].sum()) for day in (FIRST_DAY, BOUNDARY_CHANGE))
    numbers = {"before_ha": round(before, 1), "after_ha": round(after, 1)}
    text = "2023 年 1 月 1 日起并入东片区：2022 年和 2024 年的面积、企业和排放不是一个范围。"
    return Story("boundary_change", made.land.plan.code, text, numbers)


def enclave(made: Made) -> Story:
    """The zone with a hole: land inside that is not of the zone."""
    return Story("enclave", made.land.plan.code, "区内有一块不属于开发区的飞地，面积须扣除。", {"holes": 1.0})


def growth(made: Made) -> list[Story]:
    """The fastest and the slowest of the larger enterprises that were there throughout."""
    owners = made.years[made.years["role"] == "owner"]
    then, now = (
        owners[owners["year"] == year].set_index("enterprise_id")["revenue_cny10k"]
        for year in (YEARS[0], YEARS[-1])
    )
    ratio = (now / then[then > 20_000]).dropna().sort_values()
    zone, says = made.land.plan.code, "的较大企业：2024 年营业收入与 2020 年之比。"
    return [
        Story(code, zone, text + says, {"ratio": round(float(ratio.iloc[at]), 3)}, (str(ratio.index[at]),))
        for code, at, text in (("growing", -1, "增长最快"), ("shrinking", 0, "萎缩最快"))
    ]


def comings_and_goings(every: Sequence[Made]) -> list[Story]:
    """One enterprise that began in these years, one that closed, and how many are small."""
    years = pd.concat([made.years.assign(code=made.land.plan.code) for made in every])
    once = years.drop_duplicates("enterprise_id")
    started = pd.to_datetime(once["started_on"]).dt.year
    fresh = once[(started > YEARS[0]) & (started == once["first_year"])].iloc[0]
    gone = once[once["last_year"] < YEARS[-1]].iloc[0]
    small = float((~years.loc[years["year"] == YEARS[-1], "above_scale"].astype(bool)).sum())
    told = (
        ("new_firm", fresh, "first_year", "新投产企业：此前年份没有报表，不是零。"),
        ("closed_firm", gone, "last_year", "已停产企业：此后年份没有报表，用地仍在。"),
    )
    return [
        *[
            Story(code, firm["code"], text, {year: float(firm[year])}, (firm["enterprise_id"],))
            for code, firm, year, text in told
        ],
        Story(
            "below_scale", "", "规模以下企业没有单独的能源台账，由开发区合并填报。", {"enterprises": small}
        ),
    ]

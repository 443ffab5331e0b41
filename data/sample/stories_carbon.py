"""Stories of carbon (碳排放故事): where each kind of emission is seen, with numbers from the statements."""

from __future__ import annotations

from collections.abc import Sequence

from data.sample.beside import BIOMASS, DIRECT, EXPORTS, LAND
from data.sample.lines import largest
from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.sample.processes import AMMONIA, FORGETFUL, FORGOTTEN, UNTOLD
from data.sample.records import Story
from data.sample.statements import MEASURED_HEAT
from data.sample.unusual import tell_of_doubts

# code, zone, items whose amounts of the last year are summed, name of the sum, text
SUMMED = (
    (
        "clinker",
        "G411164",
        ("硅酸盐水泥熟料",),
        "clinker_t",
        "水泥企业用电石渣替代部分石灰石：熟料过程排放按附件系数，替代原料单独扣减。",
    ),
    (
        "carbide_slag",
        "G411164",
        ("电石渣",),
        "slag_t",
        "电石渣扣减只能从同一企业的熟料中扣，超过熟料即为差错。",
    ),
    (
        "lime",
        "G411164",
        ("生石灰",),
        "lime_t",
        "石灰企业：分解排放在工业过程，燃料在燃烧，两者不重复。",
    ),
    (
        "aluminium",
        "G411163",
        ("原铝阳极消耗",),
        "aluminium_t",
        "电解铝：阳极消耗计二氧化碳，阳极效应计 PFCs，后者不在零碳园区口径内。",
    ),
    (
        "magnesium",
        "G411165",
        ("镁合金铸造",),
        "casting_t",
        "镁合金铸造用六氟化硫保护：量少而 GWP 高。",
    ),
    (
        "ammonia",
        "G411167",
        (AMMONIA,),
        "ammonia_t",
        "合成氨以天然气为原料：原料用气注明用途，只在过程中计一次。",
    ),
    (
        "nitric_acid",
        "G411167",
        ("双加压法硝酸(NSCR)",),
        "acid_t",
        "硝酸生产的氧化亚氮，尾气有处理；零碳园区口径只计二氧化碳。",
    ),
    (
        "captured",
        "G411167",
        ("捕集利用二氧化碳",),
        "captured_t",
        "捕集利用的二氧化碳另列一行，两个总量都不扣减。",
    ),
    (
        "methane_recovered",
        "G411167",
        ("回收甲烷",),
        "methane_t",
        "造纸废水厌氧处理并回收沼气：回收部分从产生量中减去。",
    ),
    (
        "green_direct",
        DIRECT[0],
        ("绿电直供",),
        "direct_10mwh",
        "绿电直供按物理溯源计，绿证电力按合约计：两者分开列示。",
    ),
    (
        "sold_green",
        EXPORTS[0],
        ("外送绿电",),
        "sold_10mwh",
        "屋顶光伏自用有余外送：外送绿电按零因子，不抵扣其他用电。",
    ),
    (
        "biomass",
        BIOMASS[0],
        ("生物质成型燃料",),
        "biomass_gj",
        "企业改烧生物质：二氧化碳为生物成因，另列，不入总量。",
    ),
    (
        "scope3",
        "G411031",
        ("外购商品和服务", "上游运输和配送", "商务旅行"),
        "scope3_tco2e",
        "几家企业申报范围三：照报列示，不入总量。",
    ),
)


def tell_of_carbon(every: Sequence[Made]) -> list[Story]:
    """What the statements of the zones show beside energy, and what there is to doubt in them."""
    zone = {made.land.plan.code: made for made in every}
    return [
        *[_summed(zone[code], name, (items, unit, text)) for name, code, items, unit, text in SUMMED],
        _land(zone[LAND[0]]),
        _measured_heat(zone[MEASURED_HEAT[0]]),
        _untold(zone[UNTOLD[0]]),
        _forgotten(zone[FORGETFUL]),
        *[story for made in every for story in tell_of_doubts(made)],
    ]


def _summed(made: Made, name: str, of: tuple[tuple[str, ...], str, str]) -> Story:
    items, unit, text = of
    table = made.activity
    mine = table[table["item"].isin(items) & table["year"].eq(YEARS[-1])]
    ids = tuple(dict.fromkeys(str(firm) for firm in mine["enterprise_id"]))
    return Story(name, made.land.plan.code, text, {unit: round(float(mine["amount"].sum()), 2)}, ids)


def _land(made: Made) -> Story:
    mine = made.activity[made.activity["category"] == "land"]
    text = "扩区当年林地转为建设用地：按指明的方法另列一行，不与其他排放相抵。"
    numbers = {"ha": float(mine["amount"].sum()), "year": float(mine["year"].iloc[0])}
    return Story("land_changed", made.land.plan.code, text, numbers)


def _measured_heat(made: Made) -> Story:
    mine = made.activity[made.activity["measured_tco2e"].gt(0)]
    text = "区外供热公司提供实测排放因子并注明出处：外购热力按实测值，不按缺省值。"
    numbers = {"factor": MEASURED_HEAT[2], "since": float(mine["year"].min()), "rows": float(len(mine))}
    return Story("heat_measured", made.land.plan.code, text, numbers)


def _untold(made: Made) -> Story:
    firm = largest(made.years, *UNTOLD[1:])
    rows = float(made.activity["notation"].eq("NE").sum())
    text = "一家企业的石灰窑没有产量统计，过程排放未估算（NE）：排放总量只能说明“不能结清”。"
    return Story("process_not_estimated", made.land.plan.code, text, {"rows": rows}, (firm,))


def _forgotten(made: Made) -> Story:
    last = made.years[made.years["year"].eq(YEARS[-1]) & made.years["above_scale"]]
    asked = last.loc[last["trade"] == "chemicals", "enterprise_id"]
    table = made.activity[made.activity["year"].eq(YEARS[-1]) & made.activity["category"].eq("process")]
    silent = tuple(sorted(set(asked) - set(table["enterprise_id"])))
    text = "化工企业应说明有无工业过程排放：多数已填“未发生”，几家漏填，按缺项估计其可能占比。"
    numbers = {"enterprises": float(len(silent)), "asked": float(len(asked)), "most": float(FORGOTTEN)}
    return Story("process_forgotten", made.land.plan.code, text, numbers, silent)

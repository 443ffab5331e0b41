"""Industrial processes of the sample (工业过程示例): who makes what gives off gases, and who does not.

Output follows the energy that an enterprise burns, by a round figure for its product. Whoever might be asked
and makes nothing of the kind says so in the last year; a few have forgotten to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from data.sample.lines import Row, add, burned, largest, row
from data.sample.oddities import Made
from data.sample.plan import YEARS

FORGOTTEN = 3  # of the enterprises of FORGETFUL that make nothing of the kind, how many do not say so
FORGETFUL = "G411167"
ASKED = ("lime", "steel", "metal", "chemicals")
NOTHING = {
    "lime": "示例：生产混凝土制品，无石灰和熟料煅烧",
    "steel": "示例：钢材加工，不炼铁炼钢",
    "metal": "示例：有色金属压延加工，不冶炼",
    "chemicals": "示例：只做复配分装，不产合成氨、甲醇、电石等产品",
}
NO_KILN_BOOKS = "示例：石灰窑未装计量，产量没有统计，未估算"
MEASURED = "生产报表"


class Maker(NamedTuple):
    """An enterprise that makes something: its trade and rank by energy, and item -> tonnes by tce."""

    trade: str
    rank: int
    makes: Mapping[str, float]


AMMONIA = "合成氨(天然气)"
GAS, GAS_BY_AMMONIA = ("fuel", "天然气", "万标准立方米"), 0.06  # per tonne, as raw material
MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "G411163": (Maker("metal", 0, {"原铝阳极消耗": 0.245, "原铝阳极效应": 0.245}),),
    "G411164": (
        Maker("lime", 0, {"硅酸盐水泥熟料": 7.6, "电石渣": 0.3}),
        Maker("lime", 1, {"生石灰": 7.0}),
        Maker("steel", 0, {"石墨电极": 0.0083, "外购生铁": 1.1, "粗钢(固碳)": 5.5}),
        Maker("steel", 1, {"电炉钢": 5.5}),
    ),
    "G411165": (Maker("metal", 1, {"镁合金铸造": 0.03}),),
    "G411167": (
        Maker("chemicals", 1, {AMMONIA: 0.3}),
        Maker("chemicals", 2, {"双加压法硝酸(NSCR)": 0.7}),
    ),
}
UNTOLD = ("G411164", "lime", 2)  # the kiln of which nobody keeps books


def run_processes(made: Made) -> None:
    """What the makers of a zone made, and that the others of their trades make nothing of the kind."""
    code = made.land.plan.code
    makers = MAKERS.get(code, ())
    rows = [each for maker in makers for each in _made(made, maker)]
    busy = {str(each["enterprise_id"]) for each in rows}
    if code == UNTOLD[0]:
        firm = largest(made.years, *UNTOLD[1:])
        busy.add(firm)
        what = ("process", "石灰", "吨")
        rows += [row(made, firm, y, what, notation="NE", explanation=NO_KILN_BOOKS) for y in YEARS]
    rows += _idle(made, busy)
    add(made, rows)


def close_lines(made: Made) -> None:
    """The zone says of every year which of the categories that a total needs do not occur (NO)."""
    stated = set(zip(made.activity["year"], made.activity["category"], strict=True))
    asked = (("process", "工业过程", "吨"), ("conversion", "加工转换", "吨"), ("heat", "外购热力", "吉焦"))
    why = "示例：区内无此类活动"
    lacking = [(y, what) for y in YEARS for what in asked if (y, what[0]) not in stated]
    add(made, [row(made, "", y, what, notation="NO", explanation=why) for y, what in lacking])


def _made(made: Made, maker: Maker) -> Iterator[Row]:
    firm = largest(made.years, maker.trade, maker.rank)
    for year, tce in burned(made.years, firm).items():
        for item, per_tce in maker.makes.items():
            yield row(made, firm, year, ("process", item, "吨"), tce * per_tce, source=MEASURED, quality="H")
            if item == AMMONIA:
                gas = tce * per_tce * GAS_BY_AMMONIA
                yield row(made, firm, year, GAS, gas, source="计量表", purpose="feedstock")


def _idle(made: Made, busy: set[str]) -> list[Row]:
    """One row of the last year for each that might be asked and makes nothing of the kind."""
    years = made.years
    asked = years[
        years["year"].eq(YEARS[-1]) & years["above_scale"] & years["trade"].isin(ASKED)
        & ~years["enterprise_id"].isin(busy)
    ].sort_values("enterprise_id")  # fmt: skip
    if made.land.plan.code == FORGETFUL:
        asked = asked.iloc[:-FORGOTTEN]
    what = ("process", "工业过程", "吨")
    return [
        row(made, str(firm), YEARS[-1], what, notation="NO", explanation=NOTHING[str(trade)])
        for firm, trade in zip(asked["enterprise_id"], asked["trade"], strict=True)
    ]

"""The zero-carbon park total (零碳园区碳排放) of 发改环资〔2025〕910号 附件4, clause by clause.

Carbon dioxide only, of one calendar year, inside the park's boundary:

    E园区 = E能源活动 + E工业过程
    E能源活动 = E用作燃料 + E加工转换 + E间接排放,  E间接排放 = E电 + E热

The method knows no offset, sink, capture, waste or other gas, and nothing of that is in the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
import pandas as pd

from carbon.inventory import Inventory
from carbon.totals import NDRC910_NOTE
from data.records import Dated, Input, Result

SOURCE = "ndrc-2025-910 附件4"


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the method.

    Parameters
    ----------
    part : of `carbon.totals.PARTS`
    article : where the text lays it down
    """

    part: str
    label: str
    article: str
    formula: str


CLAUSES: Mapping[str, Clause] = {
    each.part: each
    for each in (
        Clause(
            *("fuel", "用作燃料的排放 E用作燃料", "二(二)1"),
            "Σ 消费量 x 排放因子; 不含用作原料; 含火力发电和供热",
        ),
        Clause(
            *("conversion", "加工转换的排放 E加工转换", "二(二)2"),
            "Σ 投入量 x 含碳 - Σ 产出量 x 含碳; 氧化率 100%",
        ),
        Clause(
            *("power", "净受入电力的排放 E电", "二(二)3①"),
            "Σ 受入 x 因子 - Σ 送出 x 因子; 因子 0 或 0.8325 tCO2/MWh",
        ),
        Clause(
            *("heat", "净受入热力的排放 E热", "二(二)3②"),
            "Σ 受入 x 因子 - Σ 送出 x 因子; 实测值或 0.11 tCO2/GJ, 非化石 0",
        ),
        Clause("process", "工业过程的排放 E工业过程", "三(二)", "Σ 产品产量 x 排放因子"),
    )
}


def clauses(told: Inventory) -> tuple[Result, ...]:
    """The total and its five parts as results that can be asked why, `ndrc910_total` first, tCO2.

    Inputs of a part are its items: how much of what flowed, by which factor, with which sign.
    """
    frame = told.frame
    of = frame["part"].to_numpy()
    return (total(told), *(_part(told, clause, frame[of == part]) for part, clause in CLAUSES.items()))


def total(told: Inventory) -> Result:
    """The total alone, its parts as inputs: `ndrc910_total`, tCO2."""
    reasons = told.ndrc910.reasons
    known = {name: value for name, value in told.ndrc910.known.items() if name != "total"}
    used = (quote.ndrc910 for quote in told.quotes)
    return Result(
        code="ndrc910_total",
        label="零碳园区口径碳排放总量",
        value=told.ndrc910.told["total"],
        unit="tCO2",
        inputs=tuple(
            Input(
                f"ndrc910_{part}", clause.label, told.ndrc910.told[part], "tCO2", f"{SOURCE} {clause.article}"
            )
            for part, clause in CLAUSES.items()
        ),
        formula="fuel + conversion + power + heat + process",
        articles=(f"{SOURCE} 一", *dict.fromkeys(part for factor in used if factor for part in factor.parts)),
        reason=reasons.get("total", ""),
        layer_versions=told.versions,
        breakdown=known,
    )


def _part(told: Inventory, clause: Clause, lines: pd.DataFrame) -> Result:
    used = lines["quote"].unique().tolist()
    dated = [told.quotes[number].ndrc910 for number in used if number >= 0]
    articles: dict[Dated | str, None] = {f"{SOURCE} {clause.article}": None}
    articles |= {part: None for factor in dated if factor for part in factor.parts}
    return Result(
        code=f"ndrc910_{clause.part}",
        label=clause.label,
        value=told.ndrc910.told[clause.part],
        unit="tCO2",
        inputs=tuple(_items(lines)),
        formula=clause.formula,
        articles=tuple(articles),
        reason=told.ndrc910.reasons.get(clause.part, ""),
        layer_versions=told.versions,
        breakdown={"lines": float(len(lines))},
    )


def _items(lines: pd.DataFrame) -> Iterator[Input]:
    """What of each item counts: amount, factor with its sign, and tonnes; not what has no place here."""
    counted = lines[lines["ndrc910_tco2"].notna().to_numpy()]
    for (category, item, unit), rows in counted.groupby(["category", "item", "unit"], sort=False):
        amount, tonnes = (fsum(rows[name]) for name in ("amount", "ndrc910_tco2"))
        each = tonnes / amount if amount else np.nan
        yield Input(
            name=f"{category}.{item}",
            label=f"{rows['stated_item'].iloc[0]} {amount:,.6g} {unit} x {each:.6g}",
            value=tonnes,
            unit="tCO2",
            origin=_origin(rows),
            count=len(rows),
        )


def _origin(rows: pd.DataFrame) -> str:
    return ", ".join(name for name in sorted(set(rows["version"])) if name) or "activity"


def notes() -> tuple[str, ...]:
    """What a reader of the total must know beside it."""
    return (NDRC910_NOTE,)

"""Industrial land share (工业用地率, 产业用地占比): four named definitions, and the one that is held.

No text defines the 产业用地占比 that the Henan plan wants at 60 %, and the national 工业用地率 of
national zones is only about 48 %. So each definition stands beside the others, and the result
`industrial_share` says which of them it took.

P1  工矿仓储 / 已建成城镇建设用地 (A2 / A), the evaluation of intensive use
P2  present use: industry, mining, salt, storage / construction land of 三调 or GB/T 21010
P3  planned use: 工矿 and 仓储 / classes 07-16 of 用地用海
P4  P2 or P3 with research and commerce counted in; broad, and no official definition
"""

from __future__ import annotations

import pandas as pd

from data.errors import NoSuchCode
from geo.land.indicator import Indicator, Measured, indicator, quotient, relabelled, total
from geo.land.survey import WORKS, grouped, is_built, is_works

PRESENT = ("sandiao", "gbt21010_2017")
PLANNED = ("ydyh_2020", "ydyh_2023")
BROAD = (*WORKS, "research", "commercial")
EMPTY = "There is no construction land here, and a share of nothing is not zero."


@indicator(
    code="industrial_share.p1",
    label="工业用地率(集约评价口径)",
    unit="1",
    equation="P1 = A2 工矿仓储用地 / A 已建成城镇建设用地",
    articles=("tdt-1029 工业用地率",),
)
def p1(area_m2: pd.Series, survey: pd.Series, class_code: pd.Series) -> Measured:
    """Built industry, mining, salt and storage as a share of all built town land.

    Formula: A2 / A

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category; NA makes the share unknown
    class_code : (n parcels,) normalised class, for the breakdown
    """
    works = total("industrial", "工矿仓储用地 A2", area_m2, is_works(survey), class_code)
    built = total("built", "已建成城镇建设用地 A", area_m2, is_built(survey), class_code)
    return quotient(works, built, "Nothing is built here, and a share of nothing is not zero.")


@indicator(
    code="industrial_share.p2",
    label="现状工业用地率(整合优化核查口径)",
    unit="1",
    equation="P2 = (0601+0602+0603+仓储) / (05,06,07,08,09,10 除 1006,1109 [+1201])",
    articles=("practice of 开发区整合优化核查, on 三调 or GB/T 21010-2017 classes",),
)
def p2(
    area_m2: pd.Series,
    class_code: pd.Series,
    class_system: pd.Series,
    construction: pd.Series,
    *,
    vacant: bool = False,
) -> Measured:
    """Industry, mining, salt and storage as a share of construction land in present use.

    Formula: (0601 + 0602 + 0603 + 0508 of 三调 or 0604 of GB/T 21010) / construction land,
    which is 05 to 10 without farm roads 1006, and 1109. Whether built does not matter.

    Parameters
    ----------
    vacant : count 空闲地 1201 as construction land, as GB/T 21010 lists it; the practice does not
    """
    return _share(area_m2, class_code, class_system, construction, ("P2", PRESENT, WORKS, vacant))


@indicator(
    code="industrial_share.p3",
    label="规划工业用地率",
    unit="1",
    equation="P3 = (10* 工矿 + 11* 仓储) / (07-16)",
    articles=("practice of 开发区整合优化核查, on 用地用海 classes",),
)
def p3(
    area_m2: pd.Series, class_code: pd.Series, class_system: pd.Series, construction: pd.Series
) -> Measured:
    """Works and storage land as a share of construction land in the plan.

    Formula: (10* + 11*) / (07 to 16), on 用地用海 classes
    """
    return _share(area_m2, class_code, class_system, construction, ("P3", PLANNED, WORKS, False))


@indicator(
    code="industrial_share.p4",
    label="产业用地占比(宽口径, 无官方定义)",
    unit="1",
    equation="P4 = (P2 或 P3 的分子 + 科研 + 商业服务业) / P2 或 P3 的分母",
    articles=("design choice; no official definition was found",),
)
def p4(
    area_m2: pd.Series,
    class_code: pd.Series,
    class_system: pd.Series,
    construction: pd.Series,
    *,
    vacant: bool = False,
) -> Measured:
    """P2 or P3 with research and all commercial land counted in: the widest reading.

    三调 08H2 holds research and schools together, so a zone that has it cannot be told by P4.
    M0 (新型产业用地) is a local code without a national class, and is not counted.
    """
    base = _base_of_p4(class_system)
    broad = ("P4", base, BROAD, vacant and base is PRESENT)
    return _share(area_m2, _told_apart(class_code, class_system), class_system, construction, broad)


DEFINITIONS: dict[str, Indicator] = {"p1": p1, "p2": p2, "p3": p3, "p4": p4}


@indicator(
    code="industrial_share",
    label="产业用地占比",
    unit="1",
    equation="one of P1 to P4",
    articles=("henan-145-etdz-plan 专栏一 names the share, and does not define it",),
)
def industrial_share(
    area_m2: pd.Series,
    survey: pd.Series,
    class_code: pd.Series,
    class_system: pd.Series,
    construction: pd.Series,
    *,
    definition: str = "auto",
    vacant: bool = False,
) -> Measured:
    """The share by the chosen definition, whose name stands in label and formula.

    Parameters
    ----------
    definition : p1, p2, p3, p4, or auto: P2 where all parcels are classed by 三调 or
        GB/T 21010, P3 where all are by 用地用海, P1 for anything else; the system `other`
        does not choose, for no definition can tell with it
    vacant : see P2

    Raises
    ------
    NoSuchCode : there is no such definition
    """
    chosen = chosen_definition(class_system, definition)
    one = DEFINITIONS[chosen]
    given = {
        "area_m2": area_m2,
        "survey": survey,
        "class_code": class_code,
        "class_system": class_system,
        "construction": construction,
    }
    settings = {"vacant": vacant} if "vacant" in one.settings else {}
    told = one.formula(*(given[name] for name in one.needs), **settings)
    return relabelled(told, f"产业用地占比({chosen.upper()} {one.label})", one.equation)


def _chosen(class_system: pd.Series) -> str:
    named = set(class_system.dropna().unique()) - {"other"}
    if named and named <= set(PRESENT):
        return "p2"
    return "p3" if named and named <= set(PLANNED) else "p1"


def _share(
    area_m2: pd.Series,
    codes: pd.Series,
    systems: pd.Series,
    construction: pd.Series,
    how: tuple[str, tuple[str, ...], tuple[str, ...], bool],
) -> Measured:
    """Land of some categories over construction land, on classes of certain systems only."""
    name, allowed, categories, vacant = how
    foreign = systems[systems.notna() & ~systems.isin(allowed)]
    if len(foreign):
        told = ", ".join(sorted(foreign.astype("str").unique()))
        return Measured(
            None,
            reason=f"{name} is defined on the classes of {', '.join(allowed)}; {len(foreign)} parcels are "
            f"classed in {told}. Give them a class of these systems, or choose another definition.",
        )
    inside, base = _members(codes, systems, construction, categories, vacant)
    top = total("industrial", "产业用地", area_m2, inside, codes)
    return quotient(top, total("construction", "建设用地", area_m2, base, codes), EMPTY)


def _members(
    codes: pd.Series, systems: pd.Series, construction: pd.Series, categories: tuple[str, ...], vacant: bool
) -> tuple[pd.Series, pd.Series]:
    """Whether each parcel is construction land of some categories, and whether it is any at all."""
    group = grouped(codes, systems, dict.fromkeys(categories, "yes"))
    inside = group.eq("yes").astype("boolean").mask(group.isna())
    counted = construction.isin(["yes", *(["switch"] if vacant else [])]).astype("boolean")
    base = counted.mask(construction.isna())
    return inside & base, base


def members(table: pd.DataFrame, definition: str, vacant: bool = False) -> tuple[str, pd.Series, pd.Series]:
    """The definition that is taken, and whether each parcel is in its numerator and in its denominator.

    Parameters
    ----------
    table : as `geo.land.survey.surveyed` returns it
    definition, vacant : as for `industrial_share`

    Returns
    -------
    p1 to p4, and two nullable bool columns; NA where it cannot be told. A class of a system on which the
    definition does not stand can never be told by it

    Raises
    ------
    NoSuchCode : there is no such definition
    """
    systems = table["class_system"]
    chosen = chosen_definition(systems, definition)
    if chosen == "p1":
        return chosen, is_works(table["survey"]), is_built(table["survey"])
    codes = _told_apart(table["class_code"], systems) if chosen == "p4" else table["class_code"]
    base = {"p2": PRESENT, "p3": PLANNED}.get(chosen) or _base_of_p4(systems)
    categories = BROAD if chosen == "p4" else WORKS
    top, whole = _members(codes, systems, table["construction"], categories, vacant and base is PRESENT)
    foreign = ~systems.isin(base)
    return chosen, top.mask(foreign), whole.mask(foreign)


def chosen_definition(class_system: pd.Series, definition: str) -> str:
    """The definition asked for; where `auto` is, the one that the systems of the classes choose.

    Raises
    ------
    NoSuchCode : there is no such definition
    """
    chosen = _chosen(class_system) if definition == "auto" else definition
    if chosen not in DEFINITIONS:
        raise NoSuchCode(chosen, "The list of definitions of industrial_share", ["auto", *DEFINITIONS])
    return chosen


def _base_of_p4(class_system: pd.Series) -> tuple[str, ...]:
    return PLANNED if _chosen(class_system) == "p3" else PRESENT


def _told_apart(codes: pd.Series, systems: pd.Series) -> pd.Series:
    """The codes without 三调 08H2, which holds research and schools together."""
    return codes.mask(systems.eq("sandiao") & codes.eq("08H2"))

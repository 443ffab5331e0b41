"""The lists behind the numbers of one zone (图斑表, 企业表): every parcel and every enterprise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from api.report.look import LAND, Look, area_in, per_in
from api.report.material import Material
from api.report.sheet import Cell, Field, Sheet
from data.codes import classify
from data.codes.industries import division
from data.kinds import kind
from geo.benefit import FIGURES, by_enterprise
from geo.land.share_parcels import share_parcels

SYSTEMS = kind("parcels").columns["class_system"].one_of
SUPPLY = kind("parcels").columns["supply"].one_of
FLAG = {True: "是", False: "否"}
MONEY = ("investment_cny10k", "tax_cny10k", "revenue_cny10k", "value_added_cny10k")


def parcels_sheet(material: Material, look: Look) -> Sheet:
    """图斑表: each parcel with the land that is counted in this zone, and where it is counted."""
    table = material.parcels if material.parcels is not None else pd.DataFrame()
    account, share = material.accounts[0], share_parcels(table)
    said = f"产业用地占比({share.attrs['definition'].upper()})"
    fields = [
        *(Field("图斑编号", width=16), Field("地类编码", width=10), Field("地类名称", width=20)),
        *(Field("地类体系", width=14), Field("供应状态", width=12), Field("是否建成", width=9)),
        *(Field(f"面积({look.land})", "number", width=16), Field("计入比例", "share", width=10)),
        *(Field("评价用地代码", width=13), Field(f"{said} 计入分子", width=12)),
        Field(f"{said} 计入分母", width=12),
        *(Field("总建筑面积(平方米)", "number", width=16), Field("建筑基底面积(平方米)", "number", width=16)),
        *(Field("企业编号", width=14), Field("图层版本", width=12)),
    ]
    whole = area_in(float(table["area_m2"].sum()), "m2", look.unit)
    return Sheet(
        name="图斑表",
        title=f"{account.name}（{account.code}）图斑表（{material.year} 年末）",
        fields=fields,
        rows=_parcels(table, share, look),
        total=["合计", f"{len(table)} 个图斑", *[""] * 4, Cell(whole, "number"), *[""] * (len(fields) - 7)],
        said=f"单位：{look.land}；共 {len(table)} 个图斑；图斑现状：{material.year}-12-31",
        foot=(
            "注：面积为椭球面积，只计界线内的部分；“计入比例”为界线内部分占整个图斑的比例。",
            "注：“—”为台账中没有填报；评价用地代码为“—”的图斑使有关指标无法判断。",
        ),
        frozen=1,
        paper="A3",
    )


def _parcels(table: pd.DataFrame, share: pd.DataFrame, look: Look) -> Iterator[tuple[Any, ...]]:
    names = classify(table["land_class"], table["class_system"])["name"]
    columns = (
        *(_texts(table, "parcel_id"), _texts(table, "land_class"), _plain(names)),
        *(_worded(table, "class_system", SYSTEMS), _worded(table, "supply", SUPPLY)),
        *(_flags(table["built"]), [area_in(v, "m2", look.unit) for v in table["area_m2"].tolist()]),
        *(_numbers(table, "share"), _texts(table, "survey"), _flags(share["in_numerator"])),
        _flags(share["in_denominator"]),
        *(_numbers(table, "floor_area_m2"), _numbers(table, "footprint_m2")),
        *(_texts(table, "enterprise_id"), _texts(table, "version")),
    )
    return zip(*columns, strict=True)


def enterprises_sheet(material: Material, look: Look) -> Sheet:
    """企业表: each enterprise of the year, the land it uses, and its own figures per land."""
    table = material.enterprises if material.enterprises is not None else pd.DataFrame()
    account, per = material.accounts[0], LAND[look.per]
    labels = kind("enterprises").columns
    fields = [
        *(Field("企业编号", width=14), Field("企业名称", width=28), Field("行业代码", width=10)),
        *(Field("行业大类", width=24), Field("是否规上", width=9)),
        *(Field(f"{labels[n].label}({look.land})", "number", width=14) for n in OWN),
        Field(f"使用土地({look.land})", "number", width=14),
        *(Field(labels[name].header, "number", width=16) for name in MONEY),
        *(
            Field(look.label(f"{f.label}(万元/{per})", f"/{per}"), "number", width=14)
            for f in FIGURES
            if f.code not in TWICE
        ),
        Field("图层版本", width=14),
    ]
    return Sheet(
        name="企业表",
        title=f"{account.name}（{account.code}）企业表（{material.year} 年）",
        fields=fields,
        rows=_enterprises(table, look),
        said=f"单位：{look.land}、万元；共 {len(table)} 家企业",
        foot=(
            "注：使用土地 = 自有 + 租入 - 租出；三项缺一，或使用土地不大于 0，则各强度无法判断，写“—”。",
            "注：企业的强度按企业自己的用地计算，与汇总表按开发区用地计算的口径不同。",
        ),
        frozen=2,
        paper="A3",
    )


OWN = ("land_mu", "leased_in_mu", "leased_out_mu")
TWICE = {"industrial_tax_per_mu"}  # of one enterprise it is the same as tax_per_mu


def _enterprises(table: pd.DataFrame, look: Look) -> Iterator[tuple[Any, ...]]:
    figures = by_enterprise(table)
    found = division(table["industry"])
    columns = (
        *(_texts(table, "enterprise_id"), _texts(table, "name"), _texts(table, "industry")),
        *(_plain(found["name"]), _flags(table["above_scale"])),
        *(_areas(table[name], look) for name in OWN),
        _areas(figures["own_mu"], look),
        *(_numbers(table, name) for name in MONEY),
        *(_pers(figures[f.code], look) for f in FIGURES if f.code not in TWICE),
        _texts(table, "version"),
    )
    return zip(*columns, strict=True)


def _plain(column: pd.Series) -> list[Any]:
    return column.astype(object).where(column.notna(), None).tolist()


def _texts(table: pd.DataFrame, name: str) -> list[Any]:
    return (
        _plain(table[name].astype("str").where(table[name].notna())) if name in table else [None] * len(table)
    )


def _worded(table: pd.DataFrame, name: str, words: Any) -> list[Any]:
    return [words.get(said, said) for said in _texts(table, name)]


def _flags(column: pd.Series) -> list[Any]:
    return [None if said is None else FLAG[bool(said)] for said in _plain(column)]


def _numbers(table: pd.DataFrame, name: str) -> list[Any]:
    if name not in table:
        return [None] * len(table)
    return _plain(pd.to_numeric(table[name], errors="coerce").astype("float64"))


def _areas(in_mu: pd.Series, look: Look) -> list[Any]:
    return [None if v is None else area_in(float(v), "mu", look.unit) for v in _plain(in_mu)]


def _pers(per_mu: pd.Series, look: Look) -> list[Any]:
    return [None if v is None else per_in(float(v), "mu", look.per) for v in _plain(per_mu)]

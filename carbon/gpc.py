"""The inventory as a table of GPC sectors (GPC 分部门表): sub-sector and scope, by gas, with notation keys.

GPC-style: the sectors and scopes are those of the Global Protocol for Community-Scale inventories, read in
an open implementation of its version 1.1; the text itself was not read. Two things differ, and the table
says so: power and heat passed on inside the park count with the enterprise that burned the fuel, and what a
plant supplies to outside stands in I.4.4, which belongs to the territorial total alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.pricing import GAS_COLUMNS
from data.units import convert

SOURCE = "gpc-1.1"
GROUPS = (
    ("06", "43", "I.3"),
    ("44", "44", "I.4"),
    ("45", "50", "I.3"),
    ("51", "96", "I.2"),
    ("01", "05", "I.5"),
)
"""First and last division of GB/T 4754-2017, and the sub-sector of stationary energy of such an enterprise"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Parameters
    ----------
    ref : GPC reference
    level : basic, basic+ or territorial
    """

    ref: str
    label: str
    scope: str
    level: str = "basic"


ROWS: Mapping[str, Row] = {
    row.ref: row
    for row in (
        Row("I.2.1", "商业与机构建筑：燃料", "scope1"),
        Row("I.2.2", "商业与机构建筑：外来电力与热力", "scope2"),
        Row("I.3.1", "制造业与建筑业：燃料", "scope1"),
        Row("I.3.2", "制造业与建筑业：外来电力与热力", "scope2"),
        Row("I.4.1", "能源工业：燃料(供应区内部分)", "scope1"),
        Row("I.4.2", "能源工业：外来电力与热力", "scope2"),
        Row("I.4.4", "能源工业：燃料(外送部分)", "scope1", "territorial"),
        Row("I.5.1", "农林渔业：燃料", "scope1"),
        Row("I.5.2", "农林渔业：外来电力与热力", "scope2"),
        Row("I.6.1", "未分类(开发区自身、行业不明)：燃料", "scope1"),
        Row("I.6.2", "未分类(开发区自身、行业不明)：外来电力与热力", "scope2"),
        Row("II.1.1", "道路运输：燃料", "scope1"),
        Row("III.1.1", "固体废弃物填埋", "scope1"),
        Row("III.2.1", "生物处理", "scope1"),
        Row("III.3.1", "焚烧", "scope1"),
        Row("III.4.1", "废水", "scope1"),
        Row("IV.1", "工业过程", "scope1", "basic+"),
        Row("IV.2", "产品使用(含氟气体)", "scope1", "basic+"),
        Row("V.2", "土地", "scope1", "basic+"),
        Row("VI.1", "其他范围三(按申报)", "scope3", "other"),
    )
}
OF_CATEGORY = {
    "vehicle": "II.1.1",
    "process": "IV.1",
    "conversion": "IV.1",
    "refrigerant": "IV.2",
    "land": "V.2",
    "scope3": "VI.1",
}
WASTE = {
    "landfill": "III.1.1",
    "compost": "III.2.1",
    "incineration": "III.3.1",
    "burning": "III.3.1",
    "wastewater": "III.4.1",
}
UNSPECIFIED = "I.6"
OUT = ("sold", "sold_green", "sold_nonfossil")
INSIDE = ("sold_in_park", "own_generated")
WHOLE = ("generated",)
NOT_STATED = "nobody has stated any"
EXPORTED = (
    "The share of the fuel of energy industries that went into what they supplied to outside, by energy; "
    "territorial only, and not in BASIC."
)


def table(frame: pd.DataFrame, enterprises: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every row of the table, in its order, with what is known of it.

    Formula: I.4.4 = fuel of an energy enterprise x energy it supplied to outside / all energy it put out

    Parameters
    ----------
    frame : priced lines
    enterprises : of the year, with `enterprise_id` and `industry`; without it, all fuel and power is I.6

    Returns
    -------
    `ref, label, scope, level`, each gas, `biogenic_t, tco2e, lines, open, notation, explanation`. A row
    that nobody stated has NE, one whose lines are all counted elsewhere IE; `tco2e` is missing where a line
    is open
    """
    ref = _refs(frame, _sector(frame, enterprises))
    numbers = frame[[*GAS_COLUMNS.values(), "biogenic_t", "tco2e"]]
    share = np.where(ref == "I.4.1", _exported_share(frame), 0.0)
    outside = numbers.mul(share, axis=0)[share > 0].assign(ref="I.4.4")
    parts = pd.concat([numbers.mul(1 - share, axis=0).assign(ref=ref), outside])
    summed = parts.groupby("ref").sum(min_count=1)
    lines = frame.assign(ref=ref, is_open=frame["missing"] != "").groupby("ref")
    about = pd.DataFrame([asdict(row) for row in ROWS.values()]).set_index("ref")
    made = about.join(summed)
    made["lines"] = lines.size().reindex(made.index, fill_value=0)
    made["open"] = lines["is_open"].sum().reindex(made.index, fill_value=0)
    made["tco2e"] = made["tco2e"].where(made["open"] == 0)
    return _keyed(made, frame.assign(ref=ref)).reset_index()


def _sector(frame: pd.DataFrame, enterprises: pd.DataFrame | None) -> pd.Series:
    """Sub-sector of stationary energy of each line, by the industry of its enterprise."""
    unknown = pd.Series(UNSPECIFIED, frame.index, dtype="str")
    if enterprises is None or not len(enterprises):
        return unknown
    firms = enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")["industry"]
    division = firms.astype("str").str.extract(r"^[A-Z]?(\d{2})")[0].fillna("")
    groups = dict.fromkeys(division.unique(), UNSPECIFIED)
    for first, last, group in GROUPS:
        groups |= {code: group for code in groups if first <= code <= last}
    return frame["enterprise_id"].map(division.map(groups)).fillna(UNSPECIFIED)


def _refs(frame: pd.DataFrame, sector: pd.Series) -> pd.Series:
    """The row of each line; empty for what has none, as an unknown category."""
    category = frame["category"]
    energy = category.isin(["fuel", "electricity", "heat"])
    treatment = frame["item"].str.partition(".")[0].map(WASTE).fillna("III.1.1")
    ref = category.map(OF_CATEGORY).fillna("")
    ref = ref.where(category != "waste", treatment)
    return ref.where(~energy, sector + np.where(category == "fuel", ".1", ".2"))


def _exported_share(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Energy that the enterprise of a line supplied to outside, over all it put out; 0 where it did not."""
    flows = frame["category"].isin(["electricity", "heat"]) & frame["item"].isin([*OUT, *INSIDE, *WHOLE])
    told = frame[flows & frame["amount"].notna()]
    if not len(told):
        return np.zeros(len(frame))
    to_gj = {unit: convert(1.0, unit, "GJ") for unit in told["unit"].unique()}
    energy = told["amount"] * told["unit"].map(to_gj)
    out = energy.where(told["item"].isin(OUT), 0.0)
    made = energy.where(told["item"].isin(WHOLE), 0.0)
    parts = pd.DataFrame({"out": out, "made": made, "sent": energy - made})
    sums = parts.groupby(told["enterprise_id"]).sum()
    whole = sums[["made", "sent"]].max(axis=1)
    share = (sums["out"] / whole).where(whole > 0, 0.0)
    return frame["enterprise_id"].map(share).fillna(0.0).to_numpy(np.float64)


def _keyed(made: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """With notation keys and what explains them."""
    silent = (made["lines"] == 0) & made["tco2e"].isna()
    keyed = frame[frame["notation"] != ""].groupby("ref")
    key = keyed["notation"].first().reindex(made.index)
    why = keyed["explanation"].first().reindex(made.index)
    only = made["tco2e"].isna() & (made["open"] == 0) & ~silent
    notation = pd.Series("", made.index, dtype="str").where(~only, key.fillna("")).where(~silent, "NE")
    said = pd.Series("", made.index, dtype="str").where(~only, why.fillna("")).where(~silent, NOT_STATED)
    opened = made["open"].map("{} lines are not told".format).where(made["open"] > 0, "")
    said = said.where(made["open"] == 0, opened)
    exports = bool((made["tco2e"] > 0).loc["I.4.4"])
    said.loc["I.4.4"] = EXPORTED if exports else "nothing was supplied to outside"
    notation.loc["I.4.4"] = "" if exports else "NO"
    return made.assign(notation=notation, explanation=said)

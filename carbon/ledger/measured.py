"""What is checked of measured values (实测值核查): numbers that can be, words and sources that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from carbon.ledger.words import Check
from data.errors import UnitMismatch
from data.kinds import kind
from data.units import convert

WORDS = {"equipment": "equipment", "purpose": "purpose", "quality": "stated_quality"}
"""Columns that hold one of a few words -> their names among the lines"""
MEASURED = ("ncv_gj", "carbon_tc_per_tj", "measured_tco2e", "uncertainty_pct")
NCV_MOST = {"t": 60.0, "Nm3": 0.15, "m3": 60.0}
"""GJ that no fuel sold as such exceeds; a gas may be stated in m3 without its state, and so may an oil"""
CARBON = (1.0, 100.0)
"""tC/TJ that every fuel of every family lies within, from hydrogen-rich gas to blast furnace gas"""


def measured_checks(lines: pd.DataFrame, stated: pd.DataFrame) -> Iterator[Check]:
    """The checks of the columns that stand beside the amount.

    Parameters
    ----------
    stated : the rows as they were given, for what is no number
    """
    for name, ours in WORDS.items():
        yield _word(lines, name, ours)
    for name in MEASURED:
        yield _number(lines, name, stated)
    yield from _heat_checks(lines)
    yield Check(
        "measured_unsourced",
        "source",
        lines["measured_tco2e"].notna() & (lines["data_source"] == ""),
        lambda row: (
            f"A measured factor of {row.measured_tco2e:g} tCO2e stands there, and not who measured it."
        ),
        lambda row: "Name the report or meter in the column source (数据来源).",
    )
    yield Check(
        "scope3_unsourced",
        "source",
        (lines["category"] == "scope3") & (lines["data_source"] == "") & (lines["notation"] == ""),
        lambda row: f"{row.stated_item} is scope 3, which is taken as reported, and nobody is named who did.",
        lambda row: "Name the report or the computation in the column source (数据来源).",
    )


def _word(lines: pd.DataFrame, name: str, ours: str) -> Check:
    column = kind("activity").columns[name]
    known = ", ".join(f"{label} ({key})" for key, label in column.one_of.items())
    return Check(
        f"{name}_unknown",
        name,
        ~lines[ours].isin([*column.one_of, ""]),
        lambda row: f"{getattr(row, ours)} is no {column.label} that the inventory knows.",
        lambda row: f"Use one of: {known}; or leave it blank.",
    )


def _number(lines: pd.DataFrame, name: str, stated: pd.DataFrame) -> Check:
    label = kind("activity").columns[name].label
    values = lines[name]
    wrong = (values < 0) | np.isinf(values)
    if name in stated.columns and stated[name].dtype.kind not in "fiu":
        blank = stated[name].astype("str").fillna("").str.strip() == ""
        wrong |= values.isna() & ~blank
    return Check(
        f"{name}_unusable",
        name,
        wrong,
        lambda row: f"{label} ({name}) is {_shown(stated[name].iloc[row.Index])}.",
        lambda row: "Write a number that is not negative, or leave it blank; blank takes the default.",
    )


def _shown(cell: Any) -> str:
    return repr(cell) if isinstance(cell, str) else f"{cell:g}"


def _heat_checks(lines: pd.DataFrame) -> Iterator[Check]:
    heat, carbon = lines["ncv_gj"], lines["carbon_tc_per_tj"]
    measured = heat.notna()
    most = lines["unit"].map(_most(lines.loc[measured, "unit"])) if measured.any() else heat
    yield Check(
        "ncv_impossible",
        "ncv_gj",
        measured & ((heat > most) | (heat == 0)),
        lambda row: f"A calorific value of {row.ncv_gj:g} GJ in each {row.unit} cannot be.",
        lambda row: "State GJ in each unit of the amount, as GJ/t for 吨; 1000 kcal are 0.0041868 GJ.",
    )
    yield Check(
        "ncv_of_energy",
        "ncv_gj",
        measured & most.isna() & (lines["unit"] != ""),
        lambda row: (
            f"A calorific value stands beside an amount in {row.unit}, which is no mass and no volume."
        ),
        lambda row: "State the amount in 吨 or 标准立方米, or leave the calorific value blank.",
    )
    yield Check(
        "carbon_impossible",
        "carbon_tc_per_tj",
        carbon.notna() & ~carbon.between(*CARBON) & ~(carbon < 0) & ~np.isinf(carbon),
        lambda row: f"A carbon content of {row.carbon_tc_per_tj:g} tC/TJ cannot be.",
        lambda row: "State tC in each TJ: a value in tC/GJ is to be multiplied by 1000.",
    )


def _most(units: pd.Series) -> dict[str, float]:
    """Unit -> the highest calorific value of one of it, GJ; nan for what is neither mass nor volume."""
    return {unit: _most_of(unit) for unit in units.unique()}


def _most_of(unit: str) -> float:
    for base, most in NCV_MOST.items():
        try:
            return convert(1.0, unit, base) * most
        except UnitMismatch:
            continue
    return float("nan")

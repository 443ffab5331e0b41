"""What a land indicator is: a function on parcel columns, with its unit, formula and articles."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.records import Input, Result
from data.units import m2_to_mu
from geo.land.survey_codes import spoken

Figures = npt.NDArray[np.float64]

# what a person must supply so that a derived column can be told
SUPPLIED_AS = {
    "survey": ("survey_code", "land_class", "class_system", "built"),
    "class_code": ("land_class", "class_system"),
    "construction": ("land_class", "class_system"),
}
LABELS = {
    "area_m2": "面积",
    "land_class": "地类编码",
    "class_system": "地类体系",
    "built": "是否建成",
    "supply": "供应状态",
    "floor_area_m2": "总建筑面积",
    "footprint_m2": "建筑基底面积",
    "yard_m2": "堆场及构筑物占地面积",
    "survey_code": "评价用地代码",
    "approved": "是否已批建设用地",
    "high_tech": "高新技术产业用地",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over the parcels of one kind, and how much of it is known.

    Parameters
    ----------
    value : the sum, or None when one parcel's kind or amount is not known
    count : parcels known to be of the kind
    unknown : True for each parcel that keeps the sum from being told
    parts : the known amount by class code
    """

    name: str
    label: str
    value: float | None
    unit: str
    count: int
    unknown: npt.NDArray[np.bool_]
    parts: Mapping[str, float] = field(default_factory=dict)

    def as_input(self, origin: str) -> Input:
        """The sum as it goes into a result."""
        return Input(self.name, self.label, self.value, self.unit, origin, self.count)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a formula hands back: its value, the sums behind it, and why it has none.

    Parameters
    ----------
    label, formula : put in place of the indicator's own, where a choice was made
    needs : the columns that this choice asks for, where it asks for fewer than the indicator
    """

    value: float | None
    sums: tuple[Sum, ...] = ()
    reason: str = ""
    label: str = ""
    formula: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A land indicator.

    Parameters
    ----------
    code, label, unit : as in the contract
    of : the layer it is measured on
    needs : parcel columns, in the order of the function's parameters
    settings : keyword parameters that come from the zone or from the one who asks
    equation : the formula in words, as it is printed beside the value
    articles : where the formula stands
    formula : the function itself, on columns
    """

    code: str
    label: str
    unit: str
    of: str
    needs: tuple[str, ...]
    settings: tuple[str, ...]
    equation: str
    articles: tuple[str, ...]
    formula: Callable[..., Measured]

    def __call__(self, **given: Any) -> Result:
        """The indicator of columns (Series on one index) and settings given by name."""
        columns = {name: column for name, column in given.items() if name not in self.settings}
        settings = {name: given[name] for name in self.settings if name in given}
        return self.measure(pd.DataFrame(columns), settings)

    def measure(
        self, parcels: pd.DataFrame, settings: Mapping[str, Any] | None = None, origin: str = "parcels"
    ) -> Result:
        """The indicator of a table of parcels, as `geo.land.survey.surveyed` prepares it."""
        chosen = {name: said for name, said in (settings or {}).items() if name in self.settings}
        told = self.formula(*(parcels[name] for name in self.needs), **chosen)
        reason = told.reason
        if told.value is None and not reason:
            reason = self._lacking(parcels, told.sums, told.needs or self.needs)
        return Result(
            code=self.code,
            label=told.label or self.label,
            value=told.value,
            unit=self.unit,
            inputs=tuple(each.as_input(origin) for each in told.sums),
            formula=told.formula or self.equation,
            articles=self.articles,
            reason=reason,
            breakdown={f"{s.name}_{s.unit}.{k}": v for s in told.sums for k, v in s.parts.items()},
        )

    def _lacking(self, parcels: pd.DataFrame, sums: tuple[Sum, ...], needs: tuple[str, ...]) -> str:
        """Which columns keep the value from being told, for how many parcels and how much land."""
        rows = parcels[np.logical_or.reduce([each.unknown for each in sums])]
        asked = dict.fromkeys(name for need in needs for name in SUPPLIED_AS.get(need, (need,)))
        said = "; ".join(filter(None, (_missing(rows, name) for name in asked if name in rows)))
        blank = [need for need in needs if rows[need].isna().any()]
        said = said or f"{_codes(rows) or ', '.join(blank)} does not say enough for {_size(rows)}"
        return f"Cannot be told: {said}. Supply what is missing for these parcels, then assess again."


def _missing(rows: pd.DataFrame, column: str) -> str:
    """`built (是否建成) is not given for 3 parcels (45.0 mu)`; empty when nothing is missing."""
    if column == "survey_code":  # it may well be missing; only one that is none keeps land from being told
        given = rows[column].dropna().unique()
        odd = rows[rows[column].isin([code for code in given if not spoken(str(code)).known])]
        return (
            f"survey code {_listed(odd[column])} is none of the evaluation for {_size(odd)}"
            if len(odd)
            else ""
        )
    name = f"{column} ({LABELS.get(column, column)})"
    blank = rows[column].isna()
    said = [f"{name} is not given for {_size(rows[blank.to_numpy()])}"] if blank.any() else []
    if column == "land_class" and "use" in rows:
        vague = rows[(~blank & rows["class_system"].notna() & rows["use"].isna()).to_numpy()]
        if len(vague):
            said.append(f"{_codes(vague)} is unknown to its system or too coarse for {_size(vague)}")
    return "; ".join(said)


def _codes(rows: pd.DataFrame) -> str:
    """`land class 08, 9999`: the distinct codes as they were given."""
    column = next((name for name in ("land_class", "class_code") if name in rows), None)
    if column is None:
        return ""
    return f"land class {_listed(rows[column])}"


def _listed(codes: pd.Series) -> str:
    """The distinct codes, the first eight of them."""
    named = sorted(codes.dropna().astype("str").unique())
    return f"{', '.join(named[:8])}{' …' if len(named) > 8 else ''}"


def _size(rows: pd.DataFrame) -> str:
    """`3 parcels (45.0 mu)`."""
    land = f" ({m2_to_mu(rows['area_m2'].sum()):,.1f} mu)" if "area_m2" in rows else ""
    return f"{len(rows)} parcel{'' if len(rows) == 1 else 's'}{land}"


def indicator(
    *, code: str, label: str, unit: str, equation: str, articles: tuple[str, ...]
) -> Callable[[Callable[..., Measured]], Indicator]:
    """Make an Indicator of a function: its positional parameters name the columns that it needs."""

    def made(formula: Callable[..., Measured]) -> Indicator:
        asked = inspect.signature(formula).parameters.values()
        columns = tuple(p.name for p in asked if p.kind is not p.KEYWORD_ONLY)
        settings = tuple(p.name for p in asked if p.kind is p.KEYWORD_ONLY)
        return Indicator(code, label, unit, "parcels", columns, settings, equation, articles, formula)

    return made


def total(
    name: str,
    label: str,
    amount: pd.Series,
    member: pd.Series,
    by: pd.Series | None = None,
) -> Sum:
    """The sum of `amount` over the members.

    Parameters
    ----------
    amount : (n parcels,) m²; NaN is unknown, never zero
    member : (n parcels,) nullable bool; NA where it cannot be told
    by : (n parcels,) class codes, to break the known amount down
    """
    certain = member.to_numpy(dtype=bool, na_value=False)
    figures = amount.to_numpy(dtype=float)
    unknown = member.isna().to_numpy() | (certain & np.isnan(figures))
    whole = None if unknown.any() else float(figures[certain].sum())
    parts = {} if by is None else _by_code(figures, certain, by)
    return Sum(name, label, whole, "m2", int(certain.sum()), unknown, parts)


def _by_code(figures: Figures, certain: npt.NDArray[np.bool_], by: pd.Series) -> dict[str, float]:
    if isinstance(by.array, pd.Categorical):
        positions, codes = by.array.codes, by.array.categories
    else:
        positions, codes = pd.factorize(by, sort=True)
    told = certain & (positions >= 0)
    sums = np.bincount(positions[told], weights=np.nan_to_num(figures[told]), minlength=len(codes))
    met = np.bincount(positions[told], minlength=len(codes)) > 0
    return dict(zip(map(str, codes[met]), sums[met].tolist(), strict=True))


def quotient(top: Sum, base: Sum, empty: str) -> Measured:
    """One sum as a share of another; None when either cannot be told, or the base is nothing.

    Parameters
    ----------
    empty : what to say when the base is nothing: a share of nothing is not zero
    """
    if top.value is None or base.value is None:
        return Measured(None, (top, base))
    if base.value <= 0:
        return Measured(None, (top, base), empty)
    return Measured(top.value / base.value, (top, base))


def relabelled(told: Measured, label: str, formula: str) -> Measured:
    """The same measure under the name of the definition that was chosen."""
    return replace(told, label=label, formula=formula)

"""The areas that a figure per mu can be divided by (亩均口径), side by side.

The choice of area alone spreads one zone's figure 32-fold (approved 12.49 km², administered
402 km²), so no figure is given without the name of its area, and the others stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.records import Input
from data.units import M2_PER_HA, m2_to_mu, mu_to_m2
from geo.land.indicator import total
from geo.land.survey import is_built, is_works, surveyed


@dataclass(frozen=True, slots=True)
class AreaBase:
    """One area to divide by.

    Parameters
    ----------
    name, label : key in `BASES`, and its Chinese term
    area_m2 : None when it cannot be told, and then `reason` says why
    """

    name: str
    label: str
    area_m2: float | None
    reason: str = ""

    def as_input(self) -> Input:
        """The area as it goes into a result."""
        area = None if self.area_m2 is None else m2_to_mu(self.area_m2)
        return Input(f"area.{self.name}", self.label, area, "mu")


BASES: Mapping[str, str] = {
    "approved": "批准面积",
    "administered": "实际管理面积",
    "built": "已建成城镇建设用地 A",
    "industrial": "工矿仓储用地 A2",
    "own": "企业用地(自有+租入-租出)",
}


def area_bases(
    zone: Mapping[str, Any], parcels: pd.DataFrame, enterprises: pd.DataFrame
) -> dict[str, AreaBase]:
    """The five areas of a zone: approved, administered, built, industrial, own.

    Parameters
    ----------
    zone : approved_ha, administered_ha; None or NaN is unknown
    parcels : as `geo.land.survey.surveyed` takes them
    enterprises : land_mu, leased_in_mu, leased_out_mu; one unknown makes the sum unknown
    """
    table = surveyed(parcels)
    return {
        "approved": _stated(zone, "approved", "approved_ha"),
        "administered": _stated(zone, "administered", "administered_ha"),
        "built": _surveyed(table, "built", is_built(table["survey"])),
        "industrial": _surveyed(table, "industrial", is_works(table["survey"])),
        "own": _own(enterprises),
    }


def own_land_mu(enterprises: pd.DataFrame) -> pd.Series:
    """Land that each enterprise uses: own + leased in - leased out, in mu.

    NaN where one of the three is not stated; an enterprise that leases nothing states 0.
    """
    blank = pd.Series(float("nan"), index=enterprises.index)
    own, leased_in, leased_out = (
        pd.to_numeric(enterprises.get(name, blank), errors="coerce").astype("float64")
        for name in ("land_mu", "leased_in_mu", "leased_out_mu")
    )
    return own + leased_in - leased_out


def _stated(zone: Mapping[str, Any], name: str, column: str) -> AreaBase:
    area = zone.get(column)
    if area is None or pd.isna(area):
        return AreaBase(name, BASES[name], None, f"The zone's {column} ({BASES[name]}) is not given.")
    return _positive(name, float(area) * M2_PER_HA)


def _surveyed(table: pd.DataFrame, name: str, member: pd.Series) -> AreaBase:
    summed = total(name, BASES[name], table["area_m2"], member)
    if summed.value is None:
        stuck = int(summed.unknown.sum())
        said = f"{BASES[name]} cannot be told: class, built or area of {stuck} parcel(s) is not known."
        return AreaBase(name, BASES[name], None, said)
    return _positive(name, summed.value)


def _own(enterprises: pd.DataFrame) -> AreaBase:
    land = own_land_mu(enterprises)
    if land.isna().any():
        said = (
            f"own, leased in or leased out land is not stated by {int(land.isna().sum())} of {len(land)} "
            "enterprises; write 0 where nothing is leased."
        )
        return AreaBase("own", BASES["own"], None, said)
    return _positive("own", mu_to_m2(float(land.sum())))


def _positive(name: str, area_m2: float) -> AreaBase:
    if area_m2 > 0:
        return AreaBase(name, BASES[name], area_m2)
    said = f"{BASES[name]} is {area_m2:g} m²; nothing can be divided by it."
    return AreaBase(name, BASES[name], None, said)

"""Carbon of land converted (土地转用碳排放): what open land gives off when a zone builds on it.

A line of its own, never netted against the inventory, told once for the year of the conversion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from carbon.land_carbon import converted
from data.units import m2_to_ha, m2_to_mu

METHOD = "s41598_2025"
"""Default method: it tells most changes to settlement, from cropland, forest, grassland and water"""
TO = "settlement"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What the conversion of the added land gives off.

    Parameters
    ----------
    tco2e : positive: given off; None when some of it cannot be told, and then `reason` says why
    lines : one for each use of the land before: `from_use, area_ha, factor, tco2e, source, missing`
    """

    method: str
    tco2e: float | None
    lines: tuple[dict[str, Any], ...]
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The document's object."""
        return {
            "method": self.method,
            "tco2e": self.tco2e,
            "unit": "tCO2e",
            "lines": [dict(line) for line in self.lines],
            "reason": self.reason or None,
        }


def conversion(
    parcels: pd.DataFrame, uncovered_m2: float, *, year: int, region: str, method: str = METHOD
) -> Conversion:
    """What the land that is not built on yet gives off when all of it becomes settlement.

    Formula: Σ area_ha x factor(use -> settlement); land that is construction land already has none

    Parameters
    ----------
    parcels : survey columns of the parcels of the added land, cut to it: `category`, `area_m2`
    uncovered_m2 : added land without parcels; of it nothing can be told
    method : one of `carbon.choices.land_methods()`

    Raises
    ------
    NoSuchCode : no such method
    """
    named = parcels["category"].astype("str").fillna("")
    areas = parcels["area_m2"].groupby(named).sum()
    changes = pd.DataFrame({"from_use": areas.index, "to_use": TO, "area_ha": m2_to_ha(areas.to_numpy())})
    told = converted(changes, method, year, region)
    lines = tuple(
        {**change, **line}
        for change, line in zip(
            changes[["from_use", "area_ha"]].to_dict("records"),
            told[["factor", "tco2e", "source", "missing"]]
            .astype(object)
            .where(told.notna(), None)
            .to_dict("records"),
            strict=True,
        )
    )
    open_lines = [line for line in lines if line["tco2e"] is None]
    why = [
        f"{line['from_use'] or 'land without a class'}, {line['area_ha']:.4f} ha: {line['missing']}."
        for line in open_lines
    ]
    if uncovered_m2 > 1.0:
        why.append(f"The book has no parcels on {m2_to_mu(uncovered_m2):.2f} mu of the added land.")
    total = None if why else float(sum(line["tco2e"] for line in lines))
    return Conversion(method, total, lines, " ".join(why))

"""Years of supply left (尚可供应年限), by cutting what is supplied out of what is planned.

Planned construction land of the zone, without what is supplied (and without what is proved to be no reserve,
举证), over the land supplied in a year, on the mean of the last five. Land is erased geometrically, not
subtracted as totals: supplied land outside of the plan takes nothing from it, and what lies under two
parcels is taken once. Everything is cut in the survey plane, in which plane area is ellipsoidal area.

Source: the check-list 开发区整合优化核查, as practised with the years 2019 to 2023; no text of law was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import ColumnMissing
from data.records import Input, Result
from data.units import m2_to_mu
from geo.coverage import apart
from geo.land.contents import BEYOND
from geo.land.stated import stated
from geo.land.survey_codes import heard
from geo.rings import Rings
from geo.sheets import geographic
from geo.survey_plane import pieces_of

YEARS = 5
SLIVER = 1e-3  # a parcel of which less than a thousandth lies in the zone is not of it
FORMULA = "(规划建设用地 − 已供应 − 举证) / (近5年园区内供地面积 / 5), 按几何擦除"
ARTICLES = ("practice of 开发区整合优化核查: 尚可供应年限 (2019–2023)",)
NO_PLAN = "No 规划建设用地 is known. Take in constraints of the kind planned_construction, then assess again."
Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Land:
    """The parcels of a zone, as far as supply goes.

    Parameters
    ----------
    shapes, cut : (n,) in the survey plane, whole and cut to the zone
    area_m2 : (n,) what of each lies in the zone
    supplied, silent : (n,) whether it is supplied at all; whether its supply is not given
    year : (n,) year of supply; NaN where the day is not given
    counts : (n,) False for a neighbour that only reaches over the boundary
    """

    shapes: Shapes
    cut: Shapes
    area_m2: Floats
    supplied: Flags
    silent: Flags
    year: Floats
    counts: Flags


@dataclass(frozen=True, slots=True)
class Reserve:
    """Planned land of a zone, and the parcels on it, as far as no year matters.

    Parameters
    ----------
    reason : why nothing can be cut; then there is no land
    shape, proved : the planned land inside the zone, and what is proved to be none, in the survey plane
    taken : (n,) m² that each parcel takes of `shape`, and of `proved`; empty where parcels may overlap
    """

    reason: str
    shape: Any = None
    proved: Shapes = field(default_factory=lambda: np.empty(0, dtype=object))
    land: Land | None = None
    taken: tuple[Floats, ...] = ()


def supply_years_left(
    zone: Any,
    planned: Iterable[Any],
    parcels: pd.DataFrame,
    year: int,
    *,
    evidence: Iterable[Any] = (),
    crs: Any = 4490,
) -> Result:
    """How many years the planned construction land of a zone lasts at the pace of the last five years.

    Formula: (planned − supplied − evidence) / (supplied in the five years / 5), all inside the zone

    Parameters
    ----------
    planned : polygons of planned construction land (constraints of the kind `planned_construction`)
    parcels : geometry, supply (or survey_code, tenure), supplied_on; what is supplied later is not yet
    year : the last of the five calendar years
    evidence, crs : polygons proved to be no reserve (constraints of the kind `evidence`); CRS of all

    Returns
    -------
    supply_years_left; None with a reason when supply or its day is not known for a parcel, when nothing was
    supplied in the five years, or no planned land is known. The breakdown holds planned_mu, supplied_mu and
    evidence_mu of it, left_mu, recent_mu, `supplied_mu.<year>`

    Raises
    ------
    ColumnMissing : the parcels have no geometry
    """
    return years_left(reserve_of(zone, planned, parcels, evidence=evidence, crs=crs), year)


def reserve_of(
    zone: Any, planned: Iterable[Any], parcels: pd.DataFrame, *, evidence: Iterable[Any] = (), crs: Any = 4490
) -> Reserve:
    """The land of a zone brought into the plane and cut, for whoever asks for several years of it.

    Parameters and what is raised are those of `supply_years_left`.
    """
    if "geometry" not in parcels:
        raise ColumnMissing("geometry", "geo.land", list(parcels.columns))
    layers = {"zone": [zone], "planned": planned, "evidence": evidence, "parcels": parcels["geometry"]}
    placed = dict(zip(layers, _in_plane(list(layers.values()), crs), strict=True))
    broken = " ".join(filter(None, map(_broken, placed.values(), placed)))
    if broken or not len(placed["planned"]):
        return Reserve(broken or NO_PLAN)
    ground = placed["zone"][0]
    land = _inside(ground, placed["parcels"], parcels)
    plan = shapely.intersection(shapely.union_all(placed["planned"]), ground)
    if not (apart(land.shapes) or shapely.coverage_is_valid(land.shapes)):
        return Reserve("", plan, placed["evidence"], land)
    proved = shapely.intersection(shapely.union_all(placed["evidence"]), plan)
    taken = tuple(shapely.area(_cut(whole, land.shapes)) for whole in (plan, proved))
    return Reserve("", plan, np.array([proved]), land, taken)


def years_left(reserve: Reserve, year: int) -> Result:
    """What `supply_years_left` says of a year, from land that is cut already."""
    if reserve.land is None:
        return _told(None, {}, reserve.reason)
    return _measured(reserve, reserve.land, year)


def _measured(reserve: Reserve, land: Land, year: int) -> Result:
    """The years left; all shapes are in the survey plane and inside the zone."""
    supplied = land.supplied & ~(land.year > year)
    recent = supplied & (land.year > year - YEARS)
    erased = _summed if reserve.taken else _erased
    planned, unsupplied, rest, pace = erased(reserve, land, supplied, recent)
    sizes = {
        "planned_mu": planned,
        "supplied_mu": planned - unsupplied,
        "evidence_mu": unsupplied - rest,
        "left_mu": rest,
        "recent_mu": pace,
    }
    reason = _unknown(land, supplied) or _nothing(planned, pace, year)
    by_year = {
        f"supplied_mu.{one}": m2_to_mu(float(land.area_m2[recent & (land.year == one)].sum()))
        for one in range(year - YEARS + 1, year + 1)
    }
    return _told(None if reason else rest / (pace / YEARS), {**sizes, **by_year}, reason)


def _erased(
    reserve: Reserve, land: Land, supplied: Flags, recent: Flags
) -> tuple[float, float, float, float]:
    """Planned, not supplied, left, and supplied of late, mu: parcels that may overlap are erased together."""
    whole, proved = reserve.shape, reserve.proved
    free = shapely.difference(whole, shapely.union_all(land.shapes[supplied]))
    left = shapely.difference(free, shapely.union_all(proved)) if len(proved) else free
    areas = (each.area for each in (whole, free, left, shapely.union_all(land.cut[recent])))
    planned, unsupplied, rest, new = (m2_to_mu(float(area)) for area in areas)
    return planned, unsupplied, rest, new


def _summed(
    reserve: Reserve, land: Land, supplied: Flags, recent: Flags
) -> tuple[float, float, float, float]:
    """The same of parcels of which no two overlap: what each takes of the plan was cut once for all years."""
    taken, proved_taken = (float(area[supplied].sum()) for area in reserve.taken)
    whole, proved = float(reserve.shape.area), float(reserve.proved[0].area)
    free = max(whole - taken, 0.0)
    left = max(free - max(proved - proved_taken, 0.0), 0.0)
    new = float(land.area_m2[recent].sum())
    return m2_to_mu(whole), m2_to_mu(free), m2_to_mu(left), m2_to_mu(new)


def _inside(ground: Any, shapes: Shapes, parcels: pd.DataFrame) -> Land:
    """The parcels that reach into the zone, cut to it."""
    cut = _cut(ground, shapes)
    area = shapely.area(cut)
    kept = area > 0
    rows = parcels[kept]
    said, at = heard(rows.get("survey_code", pd.Series(None, index=rows.index, dtype="str")))
    closed = np.array([each is not None and each.condition.startswith("C") for each in said])[at.to_numpy()]
    days = pd.to_datetime(
        rows.get("supplied_on", pd.Series(pd.NaT, index=rows.index)), errors="coerce", format="mixed"
    )
    supply = stated(rows, said, at)["supply"].mask(closed, "not_developable")
    return Land(
        shapes[kept],
        cut[kept],
        area[kept],
        supply.isin(["supplied", "idle"]).to_numpy(bool),
        supply.isna().to_numpy(bool),
        days.dt.year.to_numpy(np.float64, na_value=np.nan),
        area[kept] > shapely.area(shapes[kept]) * SLIVER,
    )


def _cut(ground: Any, shapes: Shapes) -> Shapes:
    """What of each shape lies on the ground; only those across its edge are cut."""
    shapely.prepare(ground)
    cut = shapes.copy()
    edge = np.flatnonzero(~shapely.contains_properly(ground, shapes))
    there = shapely.intersects(ground, shapes[edge])
    cut[edge[~there]] = shapely.Polygon()
    cut[edge[there]] = shapely.intersection(shapes[edge[there]], ground)
    return cut


def _in_plane(layers: list[Iterable[Any]], crs: Any) -> list[Shapes]:
    """Shapes in the survey plane, told from the first vertex of all: small numbers lose no digit at a cut."""
    rings = [pieces_of(*geographic(Rings.of(np.array([*one], dtype=object)), crs)) for one in layers]
    east, north = (rings[0].x[0], rings[0].y[0]) if len(rings[0].x) else (0.0, 0.0)
    return [each.moved(each.x - east, each.y - north).polygons() for each in rings]


def _broken(shapes: Shapes, layer: str) -> str:
    """Why shapes cannot be cut; empty where they can."""
    wrong = ~shapely.is_valid(shapes)  # a missing one is not valid either
    if not wrong.any():
        return ""
    return (
        f"{int(wrong.sum())} of {len(shapes)} shapes of {layer} are missing or no valid polygons, and cannot "
        "be cut. `mutan check` says where; `mutan ingest --repair` mends them."
    )


def _unknown(land: Land, supplied: Flags) -> str:
    """What is not known of the zone's parcels, so that neither land left nor pace can be told."""
    silent = land.counts & land.silent
    undated = land.counts & supplied & np.isnan(land.year)
    said = []
    if silent.any():
        said.append(f"supply (供应状态) is not given for {_size(land, silent)}")
    if undated.any():
        said.append(
            f"supplied_on (供地日期) is not given for {_size(land, undated)} supplied, so the pace is open"
        )
    return f"Cannot be told: {'; '.join(said)}. Supply what is missing, then assess again." if said else ""


def _size(land: Land, rows: Flags) -> str:
    return f"{int(rows.sum())} parcel(s) ({m2_to_mu(float(land.area_m2[rows].sum())):,.1f} mu)"


def _nothing(planned: float, pace: float, year: int) -> str:
    if planned <= 0:
        return "None of the planned construction land lies in the zone. Check the layer and its day."
    if pace <= 0:
        return (
            f"Nothing was supplied here from {year - YEARS + 1} to {year}, so there is no pace to divide by."
        )
    return ""


def _told(value: float | None, sizes: dict[str, float], reason: str) -> Result:
    code, label, unit = next(each for each in BEYOND if each[0] == "supply_years_left")
    names = {"planned_mu": "规划建设用地", "supplied_mu": "其中已供应", "evidence_mu": "其中举证"}
    names |= {"left_mu": "尚可供应", "recent_mu": "近5年供地"}
    inputs = tuple(Input(name, said, sizes.get(name), "mu", "geometry") for name, said in names.items())
    return Result(code, label, value, unit, inputs, FORMULA, ARTICLES, reason=reason, breakdown=sizes)

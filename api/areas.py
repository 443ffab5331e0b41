"""Area of every feature of a file (`mutan area`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from data import formats
from data.errors import FaultsFound, LayerUnusable
from data.records import Fault, Severity
from data.units import m2_to_ha, m2_to_mu
from geo.areas import ellipsoidal_area_m2
from geo.crs import declare_anywhere, name_of

IDS = ("id", "fid", "parcel_id", "code", "bsm", "tbbh", "objectid", "gid", "地块编号", "编号")
NAMES = ("name", "名称", "dkmc", "kfyqmc", "dlmc", "项目名称", "地块名称")


@dataclass(frozen=True)
class Areas:
    """Areas as the contract gives them: m² to 0.01, ha to 4 decimals, mu to 4."""

    features: list[dict[str, Any]]
    total: dict[str, float]
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's document, with the warnings beside."""
        return {
            "features": self.features,
            "total": self.total,
            "faults": [fault.as_json() for fault in self.faults],
        }


def areas(
    path: Path, *, crs: str | None = None, layer: str | None = None, encoding: str | None = None
) -> Areas:
    """The ellipsoidal area of each feature; None where a feature is no polygon.

    Raises
    ------
    MutanError : the file cannot be read, holds no polygon, or its CRS cannot be told
    FaultsFound : a feature cannot be measured, so that the total would be wrong
    """
    table = formats.read(path, layer=layer, encoding=encoding)
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerUnusable(
            f"{path.name} is a table without geometry. Give the file that holds the polygons."
        )
    if errors := [fault for fault in table.faults if fault.severity is Severity.ERROR]:
        raise FaultsFound(errors, f"{path.name} was not measured: {len(errors)} errors.")
    frame, faults = declare_anywhere(frame, crs)
    area = _measured(frame, path.name)
    ids, names = _column(frame, IDS), _column(frame, NAMES)
    faults = [*faults, *_knotted(frame, path.name, ids)]
    name = name_of(frame.crs) if crs is None else crs
    features = [
        {
            "id": ids[i] if ids is not None else i + 1,
            "name": names[i] if names is not None else None,
            **_sizes(each),
            "crs": name,
        }
        for i, each in enumerate(area.tolist())
    ]
    return Areas(features, _sizes(float(np.nansum(area))), (*table.faults, *faults))


def _measured(frame: gpd.GeoDataFrame, file: str) -> Any:
    area = ellipsoidal_area_m2(frame.geometry, frame.crs)
    if len(area) and np.isnan(area).all():
        kinds = ", ".join(sorted({str(kind) for kind in frame.geom_type.dropna()})) or "nothing"
        raise LayerUnusable(f"{file} holds no polygon, but {kinds}. Give the file that holds the polygons.")
    return area


def _knotted(frame: gpd.GeoDataFrame, file: str, ids: list[Any] | None) -> list[Fault]:
    """A warning for each polygon whose outline crosses itself: what it encloses is not one number."""
    shapes = np.asarray(frame.geometry)
    at = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    return [
        Fault(
            "geometry_invalid",
            f"The polygon is invalid ({reason}): where its outline crosses itself, parts of its area cancel.",
            "Correct the outline, or ingest it with --repair, which says what that does to the area.",
            Severity.WARNING,
            feature=str(ids[i]) if ids is not None else str(i + 1),
            file=file,
            row=int(i) + 1,
        )
        for i, reason in zip(at, shapely.is_valid_reason(shapes[at]), strict=True)
    ]


def _sizes(area_m2: float) -> dict[str, Any]:
    if area_m2 != area_m2:
        return {"area_m2": None, "area_ha": None, "area_mu": None}
    return {
        "area_m2": round(area_m2, 2),
        "area_ha": round(m2_to_ha(area_m2), 4),
        "area_mu": round(m2_to_mu(area_m2), 4),
    }


def _column(frame: gpd.GeoDataFrame, wanted: tuple[str, ...]) -> list[Any] | None:
    """The values of the first of these columns that is there, whatever its case."""
    lower = {str(column).lower(): column for column in frame.columns}
    for name in wanted:
        if name in lower:
            values = frame[lower[name]].astype(object)
            return [v.item() if isinstance(v, np.generic) else v for v in values.where(values.notna(), None)]
    return None

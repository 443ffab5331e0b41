"""What the map of a report shows (图面要素): shapes in EPSG:4490, none of them classified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import orjson
import shapely

from api.requests.report.paper import belt_code, degrees_of, plane_of
from data.errors import CrsMissing

CRS = 4490
STRAIGHT_M = 0.005
"""A point nearer than this to the line between its neighbours was put in by the method of areas"""


def none() -> gpd.GeoSeries:
    """No shapes, in the CRS of all others."""
    return gpd.GeoSeries([], crs=CRS)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """The shapes of one map, EPSG:4490; what is left out is not drawn.

    Parameters
    ----------
    boundary : the zone as it is
    asked : land asked for as filed, one shape for each plot in the order of the document's plots
    added, lost : what comes and what goes
    trimmed : the suggestion that avoids every hard conflict
    offending : land that findings are about; its index: the number of the finding in the document, from 1
    constraints : role -> open features of it; classified ones have no place here, see `open_constraints`
    neighbours : shapes whose index are their names
    parcels : outlines behind everything else
    """

    boundary: gpd.GeoSeries = field(default_factory=none)
    asked: gpd.GeoSeries = field(default_factory=none)
    added: gpd.GeoSeries = field(default_factory=none)
    lost: gpd.GeoSeries = field(default_factory=none)
    trimmed: gpd.GeoSeries = field(default_factory=none)
    offending: gpd.GeoSeries = field(default_factory=none)
    constraints: Mapping[str, gpd.GeoSeries] = field(default_factory=dict)
    neighbours: gpd.GeoSeries = field(default_factory=none)
    parcels: gpd.GeoSeries = field(default_factory=none)

    def __post_init__(self) -> None:
        """Refuse shapes that do not say where they lie, and bring others into the one CRS.

        Raises
        ------
        CrsMissing : a series has shapes and no CRS
        """
        for name in ("boundary", "asked", "added", "lost", "trimmed", "offending", "neighbours", "parcels"):
            object.__setattr__(self, name, _placed(name, getattr(self, name)))
        held = {role: _placed(role, shapes) for role, shapes in self.constraints.items()}
        object.__setattr__(self, "constraints", held)


def _placed(name: str, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The shapes in EPSG:4490, without those that are missing or empty."""
    if len(shapes) and shapes.crs is None:
        raise CrsMissing(
            f"The {len(shapes)} shapes of {name!r} state no coordinate reference system. "
            "What is known: a drawing is made in EPSG:4490. Set the crs of the series."
        )
    kept = shapes[~(shapes.isna() | shapes.is_empty).to_numpy(dtype=bool)]
    return kept if not len(kept) or kept.crs.to_epsg() == CRS else kept.to_crs(CRS)


def drawing_of(document: Mapping[str, Any], **more: Any) -> Drawing:
    """The drawing that a document alone makes: land asked for, offending land, the trimmed suggestion.

    Plots that carry a `geometry` are drawn as filed; else the parts of the document's geometry are.

    Parameters
    ----------
    more : fields of `Drawing` that the document does not carry, or that are known better: `boundary`,
        `asked` plot by plot …
    """
    findings = enumerate(document.get("findings") or (), 1)
    offending = {number: shape for number, each in findings if (shape := shape_of(each.get("geometry")))}
    trimmed = shape_of((document.get("trimmed") or {}).get("geometry"))
    filed = [shape_of(plot.get("geometry")) for plot in document.get("plots") or ()]
    whole = all(shape is not None for shape in filed) and filed
    own = {
        "asked": gpd.GeoSeries(whole or _plots(shape_of(document.get("geometry"))), crs=CRS),
        "trimmed": gpd.GeoSeries([trimmed] if trimmed else [], crs=CRS),
        "offending": gpd.GeoSeries(list(offending.values()), index=list(offending), crs=CRS),
    }
    return Drawing(**{**own, **more})


def open_constraints(features: gpd.GeoDataFrame) -> dict[str, gpd.GeoSeries]:
    """Role -> features that everybody may see; classified ones, and those without a role, are left out.

    Parameters
    ----------
    features : columns role, restricted (missing means open) and geometry
    """
    seen = ~features["restricted"].fillna(False).astype(bool)
    kept = features[seen & features["role"].fillna("").astype(str).ne("")]
    return {str(role): rows.geometry for role, rows in kept.groupby("role", sort=True)}


def shape_of(said: Mapping[str, Any] | None) -> shapely.Geometry | None:
    """A shape out of GeoJSON; None for none and for an empty one.

    >>> shape_of({"type": "Point", "coordinates": [113.5, 34.5]}).wkt, shape_of(None)
    ('POINT (113.5 34.5)', None)
    """
    if not said:
        return None
    shape = shapely.from_geojson(orjson.dumps(said))
    return None if shape is None or shape.is_empty else shape


def _plots(asked: shapely.Geometry | None) -> list[shapely.Geometry]:
    """Parts without the points that were put into their straight edges."""
    if asked is None:
        return []
    parts = gpd.GeoSeries(shapely.get_parts(asked), crs=CRS)
    epsg = belt_code(parts)  # edges are straight in the plane of the belt
    return list(degrees_of(shapely.simplify(plane_of(parts, epsg), STRAIGHT_M), epsg))

"""Surfaces (面积口径): on what an overlay is cut and measured: the ellipsoid (椭球面), or a plane (平面).

The national survey measures on the ellipsoid, and so does everything here unless somebody asks for the
plane: ledgers and other programs that state plane area can then be met to the last digit. Plane area in a
3-degree belt exceeds ellipsoidal area by up to 0.05 %, far from a plane's own meridian by more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from data.errors import LayerUnusable, NoSuchCode
from geo.areas import areas_of, plane_areas_of
from geo.rings import Floats, Rings
from geo.sheets import GEOGRAPHIC, geographic
from geo.survey_plane import from_survey_plane, pieces_of, plane, to_survey_plane

NAMES = {"ellipsoid": "椭球面", "plane": "平面"}
_MERCATOR = ("Popular Visualisation Pseudo Mercator", "Mercator (")  # not the transverse one
Polygons = NDArray[np.object_]
Boxes = tuple[Floats, Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """The CGCS2000 ellipsoid, cut in the survey plane, where plane area is ellipsoidal area.

    Parcels are held in longitude and latitude, with the central meridian of the plane they came in.
    """

    @property
    def words(self) -> str:
        """What its areas are called in a message."""
        return "on the ellipsoid"

    def zones(self, geometries: Any, crs: Any) -> Polygons:
        """(n,) polygons in which area is what this surface means by it; None where there is none."""
        return to_survey_plane(geometries, crs)

    def parcels(self, rings: Rings, crs: Any) -> tuple[Rings, float | None]:
        """Rings as they are held until they are cut."""
        return geographic(rings, crs)

    def areas(self, rings: Rings, central_meridian: float | None) -> Floats:
        """(size,) area of held rings, m²."""
        return areas_of(rings, central_meridian)

    def polygons(self, rings: Rings, central_meridian: float | None) -> Polygons:
        """(size,) held rings as polygons beside those of `zones`."""
        return pieces_of(rings, central_meridian).polygons()

    def boxes(self, rings: Rings) -> Boxes:
        """West, south, east, north of each, with room for the bend of its edges."""
        sides = _bounds(rings)
        with np.errstate(invalid="ignore"):
            west, south = plane(sides[0], sides[1])  # both rise with longitude and latitude
            east, north = plane(sides[2], sides[3])
            # an edge of length d bulges by less than d² / 8R; 2e-8 d² leaves room for the stretch to 60° N
            room = 2e-7 * ((east - west) ** 2 + (north - south) ** 2) + 1e-6
        return west - room, south - room, east + room, north + room


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of a projected CRS, in metres; edges are straight in it.

    Parameters
    ----------
    crs : that of the plane
    unit_m : length of its unit, metres: a foot of the US survey is 0.3048006

    Parcels are held in the plane's own coordinates, in metres.
    """

    crs: pyproj.CRS
    unit_m: float = 1.0

    @classmethod
    def of(cls, crs: Any) -> Plane:
        """The plane of a projected CRS.

        >>> Plane.of(4547).words
        'in the plane of EPSG:4547'

        Raises
        ------
        LayerUnusable : longitude and latitude are no plane; Mercator's is none to measure in
        """
        known = pyproj.CRS.from_user_input(crs)
        name = _name(known)
        remedy = (
            "Bring the parcels into the projected CRS in whose plane they are to be measured "
            "(the CGCS2000 3-degree belt of the place, EPSG:4534 to 4554), or measure on the ellipsoid."
        )
        if not known.is_projected:
            raise LayerUnusable(f"{name} has no plane, so there is no plane area in it. {remedy}")
        work = known.coordinate_operation
        if work is not None and work.method_name.startswith(_MERCATOR):
            raise LayerUnusable(
                f"{name} is a Mercator plane, which makes land 45 % larger than it is at 34° N. {remedy}"
            )
        return cls(known, float(known.axis_info[0].unit_conversion_factor))

    @property
    def words(self) -> str:
        """What its areas are called in a message."""
        return f"in the plane of {_name(self.crs)}"

    def zones(self, geometries: Any, crs: Any) -> Polygons:
        """Zones of another CRS come in with their edges cut to 70 m, so that they lie where they lay."""
        if not self._same(crs):
            geometries, crs = from_survey_plane(to_survey_plane(geometries, crs)), GEOGRAPHIC
        return self._moved(Rings.of(geometries), crs).polygons()

    def parcels(self, rings: Rings, crs: Any) -> tuple[Rings, float | None]:
        """Rings in metres of the plane; vertices alone are moved, where their CRS is another."""
        return self._moved(rings, crs), None

    def areas(self, rings: Rings, central_meridian: float | None) -> Floats:
        """(size,) area of held rings, m²."""
        return plane_areas_of(rings)

    def polygons(self, rings: Rings, central_meridian: float | None) -> Polygons:
        """(size,) held rings as polygons."""
        return rings.polygons()

    def boxes(self, rings: Rings) -> Boxes:
        """West, south, east, north of each."""
        return _bounds(rings)

    def _same(self, crs: Any) -> bool:
        return bool(self.crs.equals(pyproj.CRS.from_user_input(crs), ignore_axis_order=True))

    def _moved(self, rings: Rings, crs: Any) -> Rings:
        if not self._same(crs):
            way = pyproj.Transformer.from_crs(crs, self.crs, always_xy=True)
            rings = rings.moved(*way.transform(rings.x, rings.y))
        return rings if self.unit_m == 1.0 else rings.moved(rings.x * self.unit_m, rings.y * self.unit_m)


Surface = Ellipsoid | Plane


def surface(name: str, crs: Any) -> Surface:
    """The surface of that name for parcels in a CRS.

    Parameters
    ----------
    name : key or Chinese term of `NAMES`

    >>> surface("平面", 32650).words
    'in the plane of EPSG:32650'

    Raises
    ------
    NoSuchCode : there is no such surface
    LayerUnusable : the plane was asked for, and the CRS has none
    """
    key = {label: name for name, label in NAMES.items()}.get(name, name)
    if key not in NAMES:
        raise NoSuchCode(name, f"The list of surfaces to measure on ({', '.join(NAMES)})", NAMES)
    return Plane.of(crs) if key == "plane" else Ellipsoid()


def _name(crs: pyproj.CRS) -> str:
    code = crs.to_authority()
    return ":".join(code) if code else crs.name


def _bounds(rings: Rings) -> Boxes:
    """Least and greatest coordinates of each geometry; crossed and infinite where it has no ring."""
    sides = []
    for value, least, empty in (
        (rings.x, np.minimum, np.inf),
        (rings.y, np.minimum, np.inf),
        (rings.x, np.maximum, -np.inf),
        (rings.y, np.maximum, -np.inf),
    ):
        side = np.full(rings.size, empty)
        if len(rings.owner):
            of_rings = least.reduceat(value, rings.ring_starts[:-1])
            if len(rings.owner) == rings.size:
                side = of_rings
            else:
                least.at(side, rings.owner, of_rings)
        sides.append(side)
    return sides[0], sides[1], sides[2], sides[3]

"""The local plane (局部等积平面): an equal-area plane true to scale at one latitude.

The survey plane measures areas exactly, but stretches east and west by 1 / cos B. Scaled by cos B0 along x
and by 1 / cos B0 along y it keeps every area and is true to scale at the latitude B0, so that widths and
tolerances are metres there: within 10 km of B0 a length is off by less than 0.2 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.rings import Floats
from geo.survey_plane import E2, SEMI_MAJOR_M, SEMI_MINOR_M, from_survey_plane, to_survey_plane

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """An equal-area plane, true to scale at one latitude.

    Parameters
    ----------
    latitude : degrees north at which lengths are true, below 89
    """

    latitude: float

    @property
    def scale(self) -> float:
        """By what x of the survey plane is multiplied, and y divided: radius of the parallel / b.

        >>> round(LocalPlane(0.0).scale, 4), round(LocalPlane(60.0).scale, 4)
        (1.0034, 0.5029)
        """
        sine2 = np.sin(np.radians(self.latitude)) ** 2
        return float(SEMI_MAJOR_M * np.sqrt((1 - sine2) / (1 - E2 * sine2)) / SEMI_MINOR_M)

    def of(self, geometries: Any, crs: Any) -> Shapes:
        """(n,) polygons in the plane, metres, edges cut to at most 70 m; None for what is no polygon.

        >>> square = shapely.box(470_000, 3_850_000, 470_100, 3_850_100)
        >>> shape = LocalPlane(34.8).of([square], 4547)[0]
        >>> west, south, east, north = shape.bounds
        >>> round(shape.area, 2), round(east - west), round(north - south)
        (9999.78, 100, 100)
        """
        return self._scaled(to_survey_plane(geometries, crs), self.scale)

    def back(self, geometries: Any) -> Shapes:
        """(n,) geometries of the plane in longitude and latitude, EPSG:4490, degrees."""
        return from_survey_plane(self._scaled(geometries, 1 / self.scale))

    def _scaled(self, geometries: Any, by: float) -> Shapes:
        def move(points: Floats) -> Floats:
            return points * (by, 1 / by)

        return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), move), dtype=object)

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
from geo.survey_plane import E2, SEMI_MAJOR_M, SEMI_MINOR_M, from_survey_plane, plane, to_survey_plane

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
        return float(_scale(self.latitude))

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

    def points(self, degrees: Floats) -> Floats:
        """(k, 2) longitude and latitude, EPSG:4490, as points of the plane, metres.

        >>> (LocalPlane(0.0).points(np.array([[1.0, 0.0]])) / 1852).round(2).tolist()    # nautical miles
        [[60.11, 0.0]]
        """
        return np.column_stack(plane(degrees[:, 0], degrees[:, 1])) * (self.scale, 1 / self.scale)

    def _scaled(self, geometries: Any, by: float) -> Shapes:
        def move(points: Floats) -> Floats:
            return points * (by, 1 / by)

        return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), move), dtype=object)


def each_in_its_own(geometries: Any, crs: Any) -> Shapes:
    """(n,) polygons, each in the local plane of its own middle latitude; None for what is no polygon.

    Their areas and lengths are true wherever they lie; beside each other they do not fit.

    >>> squares = [shapely.box(113, at, 113.001, at + 0.001) for at in (20.0, 50.0)]
    >>> west, _, east, _ = shapely.bounds(each_in_its_own(squares, 4490)).T
    >>> (east - west).round(1).tolist()
    [104.6, 71.7]
    """
    flat = to_survey_plane(geometries, crs)
    bounds = shapely.bounds(flat)
    middle = shapely.points(np.nan_to_num((bounds[:, :2] + bounds[:, 2:]) / 2))
    scale = _scale(shapely.get_y(from_survey_plane(middle)))
    points, owner = shapely.get_coordinates(flat, return_index=True)
    points *= np.column_stack([scale, 1 / scale])[owner]
    return np.asarray(shapely.set_coordinates(flat.copy(), points), dtype=object)


def _scale(latitude: Any) -> Any:
    """The factor of `LocalPlane.scale`."""
    sine2 = np.sin(np.radians(latitude)) ** 2
    return SEMI_MAJOR_M * np.sqrt((1 - sine2) / (1 - E2 * sine2)) / SEMI_MINOR_M

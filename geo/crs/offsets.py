"""GCJ-02 and BD-09 (火星坐标、百度坐标): the shifted longitudes and latitudes of Chinese web maps.

Amap and Tencent publish GCJ-02, which in Henan lies 480 to 630 m off WGS 84; Baidu publishes BD-09, which
lies 1.1 to 1.4 km off. Neither can be told from true coordinates by the numbers, so they are undone only
where a person says so. There is no official formula: this is the one in public use, held in the tests
against published pairs of points. It puts a place within some metres: enough to find a parcel, not to survey
it. Outside China the web maps shift nothing, and neither does this.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]
Image = Callable[[Floats, Floats], Points]

SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
_SEMI_MAJOR_M = 6_378_245.0
_E2 = 0.006_693_421_622_965_943
_SETTLED_DEG = 1e-12
_ROUNDS = 30


def to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """GCJ-02 of points in WGS 84 or CGCS2000.

    Parameters
    ----------
    lon, lat : degrees, any shape; outside China they come back as they are, nan stays nan

    >>> lon, lat = to_gcj02(116.377817, 39.911954)
    >>> float(lon.round(6)), float(lat.round(6))
    (116.384047, 39.913345)
    """
    return _forward(lon, lat, _gcj02)


def from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS 84 (or CGCS2000) of points in GCJ-02, to 1e-9 degrees of the inverse.

    Parameters as for `to_gcj02`. At the very edge of the shifted box two points may share one image; the
    inner one is returned.

    >>> lon, lat = from_gcj02(*to_gcj02(113.7, 34.7))
    >>> float(lon.round(9)), float(lat.round(9))
    (113.7, 34.7)
    """
    return _backward(lon, lat, _gcj02)


def to_bd09(lon: ArrayLike, lat: ArrayLike) -> Points:
    """BD-09 of points in WGS 84 or CGCS2000: GCJ-02 first, then Baidu's own turn and shift.

    Parameters as for `to_gcj02`.
    """
    return _forward(lon, lat, _bd09)


def from_bd09(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS 84 (or CGCS2000) of points in BD-09, to 1e-9 degrees of the inverse.

    Parameters as for `from_gcj02`.

    >>> lon, lat = from_bd09(*to_bd09(113.7, 34.7))
    >>> float(lon.round(9)), float(lat.round(9))
    (113.7, 34.7)
    """
    return _backward(lon, lat, _bd09)


def in_china(lon: Floats, lat: Floats, margin: float = 0.0) -> NDArray[np.bool_]:
    """Whether a point lies in the box within which the web maps shift, made wider by `margin` degrees."""
    west, south, east, north = SHIFTED
    across = (lon >= west - margin) & (lon <= east + margin)
    return np.asarray(across & (lat >= south - margin) & (lat <= north + margin))


def _forward(lon: ArrayLike, lat: ArrayLike, image: Image) -> Points:
    x, y = _floats(lon, lat)
    inside = in_china(x, y)
    x[inside], y[inside] = image(x[inside], y[inside])
    return x, y


def _backward(lon: ArrayLike, lat: ArrayLike, image: Image) -> Points:
    x, y = _floats(lon, lat)
    # an image may lie a little outside of the box in which its origin is
    near = in_china(x, y, margin=0.1)
    back_x, back_y = _inverse(image, x[near], y[near])
    inside = in_china(back_x, back_y)
    x[near], y[near] = np.where(inside, back_x, x[near]), np.where(inside, back_y, y[near])
    return x, y


def _gcj02(lon: Floats, lat: Floats) -> Points:
    shift_x, shift_y = _shift(lon, lat)
    return lon + shift_x, lat + shift_y


def _bd09(lon: Floats, lat: Floats) -> Points:
    return _turn(*_gcj02(lon, lat))


def _shift(lon: Floats, lat: Floats) -> Points:
    """What GCJ-02 adds to longitude and latitude, degrees; smooth, and not stopped at the border."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    # metres east and north on the ellipsoid of Krassowsky, whose radii of curvature these are
    sine = np.sin(np.radians(lat))
    curve = 1 - _E2 * sine * sine
    across = _SEMI_MAJOR_M / np.sqrt(curve) * np.cos(np.radians(lat))
    along = _SEMI_MAJOR_M * (1 - _E2) / (curve * np.sqrt(curve))
    return np.degrees(east / across), np.degrees(north / along)


def _turn(lon: Floats, lat: Floats) -> Points:
    """BD-09 from GCJ-02."""
    beat = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * beat)
    angle = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * beat)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverse(image: Image, x: Floats, y: Floats) -> Points:
    """The point whose image is (x, y). The shifts change slowly: each round gains a digit or two."""
    back_x, back_y = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        seen_x, seen_y = image(back_x, back_y)
        miss_x, miss_y = x - seen_x, y - seen_y
        back_x += miss_x
        back_y += miss_y
        if max(_largest(miss_x), _largest(miss_y)) < _SETTLED_DEG:
            break
    return back_x, back_y


def _largest(miss: Floats) -> float:
    return float(np.fmax.reduce(np.abs(miss), axis=None, initial=0.0))


def _floats(lon: ArrayLike, lat: ArrayLike) -> Points:
    """Copies that may be written to."""
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return x.copy(), y.copy()

"""Area: the survey's published vectors, a dense geodesic reference, and speed against `pyproj.Geod`."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from benchmarks.report import Row
from geo.areas import ellipsoidal_area_m2

# (east, north) in EPSG:4526, and m² by the method of 国土调查办发〔2008〕32号
VECTORS = (
    ([(38470000, 3850000), (38470000, 3850100), (38470100, 3850100), (38470100, 3850000)], 9999.78),
    ([(38470000, 3850000), (38470000, 3851000), (38471000, 3851000), (38471000, 3850000)], 999978.55),
    (
        [
            (38625000.0, 3840000.0),
            (38626200.1, 3845123.4567),
            (38630500.75, 3846000.25),
            (38632999.5, 3842500.0),
            (38629000.0, 3839000.125),
        ],
        36598841.03,
    ),
    (
        [
            (38480000.0, 3855000.0),
            (38483100.25, 3858200.5),
            (38487020.0, 3855050.0),
            (38483500.0, 3851800.0),
        ],
        22475595.77,
    ),
)
HENAN = (110.35, 31.38, 116.65, 36.37)
SMALL_M, LARGE_M = (15.0, 300.0), (300.0, 10_000.0)  # radius of the random polygons
PIECE_M = 10.0
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)


def measure(parcels: gpd.GeoDataFrame, times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about area."""
    found = [float(ellipsoidal_area_m2([shapely.Polygon(ring)], 4526)[0]) for ring, _ in VECTORS]
    off = max(abs(area - told) for area, (_, told) in zip(found, VECTORS, strict=True))
    large, small = (differences(random_polygons(1_000, radius_m)) for radius_m in (LARGE_M, SMALL_M))
    ppm, small_off = max(ppm for ppm, _ in large), max(m2 for _, m2 in small)
    ours, peer = _polygons_per_second(parcels, times)
    raw["area"] = {"off_m2": off, "worst_ppm": ppm, "ours_per_s": ours, "geod_per_s": peer}
    raw["area"] |= {"small_off_m2": small_off, "small_worst_ppm": max(ppm for ppm, _ in small)}
    reference = f"geodesic area, edges cut to {PIECE_M:.0f} m"
    return [
        Row("area: four published vectors, worst", f"{off:.3f} m² off", "", None, "0.05 m²", off <= 0.05),
        Row(
            "area: 1,000 random polygons in Henan, 0.6 to 20 km across, worst",
            f"{ppm:.2f} ppm off",
            reference,
            None,
            "0.5 ppm",
            ppm <= 0.5,
        ),
        # the survey's own pieces of 70 m leave some thousandths of a square metre, whatever the size
        Row(
            "area: 1,000 random polygons in Henan, 30 to 600 m across, worst",
            f"{small_off:.3f} m² off",
            reference,
            None,
            "",
        ),
        Row(
            f"area: {len(parcels):,} parcels",
            f"{ours:,.0f}/s",
            f"Geod.geometry_area_perimeter {peer:,.0f}/s",
            ours / peer,
            "15 times",
            ours >= 15 * peer,
        ),
    ]


def random_polygons(
    count: int, radius_m: tuple[float, float], seed: int = 3
) -> dict[int, list[shapely.Polygon]]:
    """Star-shaped polygons, each in the belt in which it lies: EPSG -> polygons."""
    rng = np.random.default_rng(seed)
    lon = rng.uniform(HENAN[0], HENAN[2], count)
    belt = np.round(lon / 3).astype(int)
    made: dict[int, list[shapely.Polygon]] = {}
    for epsg in np.unique(belt + 4509):  # EPSG:4546 is the belt of 111° E, the 37th
        to_plane = pyproj.Transformer.from_crs(4490, int(epsg), always_xy=True)
        some = lon[belt + 4509 == epsg]
        for x, y in zip(*to_plane.transform(some, rng.uniform(HENAN[1], HENAN[3], len(some))), strict=True):
            corners = int(rng.integers(4, 40))
            angle = (np.arange(corners) + rng.uniform(0.1, 0.9, corners)) * 2 * np.pi / corners
            radius = np.exp(rng.uniform(*np.log(radius_m))) * rng.uniform(0.4, 1, corners)
            ring = np.c_[x + radius * np.cos(angle), y + radius * np.sin(angle)]
            made.setdefault(int(epsg), []).append(shapely.Polygon(ring))
    return made


def differences(polygons: dict[int, list[shapely.Polygon]]) -> list[tuple[float, float]]:
    """How far each area is from the geodesic area of its densely cut outline: ppm, and m²."""
    found = []
    for epsg, some in polygons.items():
        to_degrees = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)
        for polygon, ours in zip(some, ellipsoidal_area_m2(some, epsg).tolist(), strict=True):
            dense = shapely.get_coordinates(shapely.segmentize(polygon, PIECE_M))
            geodesic = abs(GEOD.polygon_area_perimeter(*to_degrees.transform(*dense.T))[0])
            found.append((abs(ours / geodesic - 1) * 1e6, abs(ours - geodesic)))
    return found


def _polygons_per_second(parcels: gpd.GeoDataFrame, times: int) -> tuple[float, float]:
    """Ours and Geod's, in turn; Geod on the first 20,000, for its time is the same for each."""
    shapes = parcels.geometry.to_numpy()
    few = shapes[:20_000]
    ours, peer = [], []
    for _ in range(times):
        begin = time.perf_counter()
        found = ellipsoidal_area_m2(shapes, parcels.crs)
        ours.append(len(shapes) / (time.perf_counter() - begin))
        begin = time.perf_counter()
        told = np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in few])
        peer.append(len(few) / (time.perf_counter() - begin))
        if not np.allclose(found[: len(few)], told, rtol=1e-6):
            raise ArithmeticError("the areas of the two do not agree to 1e-6")
    return median(ours), median(peer)

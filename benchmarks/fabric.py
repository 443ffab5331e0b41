"""A generated fabric: a million parcels and two hundred wobbly zones, the same for every engine.

    python -m benchmarks.fabric OUT [--parcels N] [--zones N]

Parcels tile a square of about 100 m cells near 113.5° E, 34.5° N; each has 12 distinct vertices (13 with
the closing one), shared to the bit with its neighbours. Zones are round-ish outlines of 400 vertices that
cover half of the square and do not overlap. Everything is made up, from a seed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas
import numpy as np
import shapely

WEST, SOUTH, CELL = 113.0, 34.0, 0.001  # degrees; about 92 m x 111 m
CLASSES = np.array(["0601", "0701", "05H1", "1004", "0508", "0103", "0810", "0602"])


def parcels(count: int, seed: int = 1) -> geopandas.GeoDataFrame:
    """`count` parcels (rounded to a square number of cells), lon/lat EPSG:4490."""
    side = round(count**0.5)
    rng = np.random.default_rng(seed)
    corner = rng.uniform(-0.15, 0.15, (side + 1, side + 1, 2)) + np.stack(
        np.meshgrid(np.arange(side + 1), np.arange(side + 1)), -1
    )
    along_x = _between(corner[:, :-1], corner[:, 1:], rng)  # two wobbly points on each edge
    along_y = _between(corner[:-1, :], corner[1:, :], rng)
    ring = np.empty((side, side, 13, 2))
    ring[:, :, 0] = corner[:-1, :-1]
    ring[:, :, 1:3] = along_x[:-1]
    ring[:, :, 3] = corner[:-1, 1:]
    ring[:, :, 4:6] = along_y[:, 1:]
    ring[:, :, 6] = corner[1:, 1:]
    ring[:, :, 7:9] = along_x[1:, :, ::-1]
    ring[:, :, 9] = corner[1:, :-1]
    ring[:, :, 10:12] = along_y[:, :-1, ::-1]
    ring[:, :, 12] = ring[:, :, 0]
    ring *= CELL
    ring += (WEST, SOUTH)
    n = side * side
    return geopandas.GeoDataFrame(
        {
            "parcel_id": [f"{i:08d}" for i in range(n)],
            "land_class": CLASSES[rng.integers(0, len(CLASSES), n)],
        },
        geometry=shapely.polygons(ring.reshape(n, 13, 2)),
        crs=4490,
    )


def zones(count: int, side_cells: int, seed: int = 2, vertices: int = 400) -> geopandas.GeoDataFrame:
    """`count` zones in a chequered lattice over the fabric, half of its area between them."""
    rng = np.random.default_rng(seed)
    across = int(np.ceil(count**0.5))
    pitch = side_cells * CELL / across
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    shapes = []
    for i in range(count):
        wave = sum(rng.uniform(-0.02, 0.02) * np.cos(k * angle + rng.uniform(0, 7)) for k in range(2, 12))
        radius = 1 + wave + rng.uniform(-0.005, 0.005, vertices)
        radius *= (
            pitch * (across * across / count * 0.5 / (0.5 * np.sum(radius**2) * np.sin(angle[1]))) ** 0.5
        )
        x = WEST + pitch * (i % across + 0.5) + radius * np.cos(angle)
        y = SOUTH + pitch * (i // across + 0.5) + radius * np.sin(angle)
        shapes.append(shapely.Polygon(np.column_stack([x, y])))
    return geopandas.GeoDataFrame({"code": [f"Z{i:03d}" for i in range(count)]}, geometry=shapes, crs=4490)


def _between(start: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    thirds = np.array([1 / 3, 2 / 3])[:, None]
    points = start[..., None, :] * (1 - thirds) + end[..., None, :] * thirds
    return points + rng.uniform(-0.05, 0.05, points.shape)


def write(folder: Path, count: int, zone_count: int) -> tuple[Path, Path]:
    """Both layers as GeoParquet in a folder; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    first, second = folder / f"parcels_{count}.parquet", folder / f"zones_{count}_{zone_count}.parquet"
    if not first.exists():
        parcels(count).to_parquet(first)
    if not second.exists():
        zones(zone_count, round(count**0.5)).to_parquet(second)
    return first, second


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("out", type=Path)
    words.add_argument("--parcels", type=int, default=1_000_000)
    words.add_argument("--zones", type=int, default=200)
    said = words.parse_args()
    for path in write(said.out, said.parcels, said.zones):
        print(path, path.stat().st_size)

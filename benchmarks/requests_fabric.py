"""A generated province for requests: a million parcels, a hundred thousand constraint polygons, 200 zones.

    python -m benchmarks.requests_fabric OUT [--parcels N] [--constraints N] [--zones N] [--requests N]

Parcels tile the whole square, so that the land that is asked for has parcels; those whose middle lies in a
zone say so. Constraints have 50 vertices each. Requests have about 200 vertices and touch their zone. All is
made up, from a seed, and goes in through the book's own ingest.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import assess_fabric, fabric
from data.book import new_book
from geo.areas import ellipsoidal_area_m2

EDITION = 3
"""Raise it when the fabric changes: it is in the name of a book that is kept."""
YEAR, SINCE = 2024, date(2020, 1, 1)
KINDS = {
    "basic_farmland": 0.5,
    "ecological_red_line": 0.15,
    "control_unit": 0.1,
    "water": 0.1,
    "heritage": 0.05,
    "nature_reserve": 0.05,
    "other_zone": 0.05,
}
LEVELS = {"control_unit": "重点管控单元"}
ENTERPRISES = 200  # a zone


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each; parcels are rounded to fill a square."""

    parcels: int = 1_000_000
    constraints: int = 100_000
    zones: int = 200
    requests: int = 1_000

    @property
    def side(self) -> int:
        """Parcels along a side of the square."""
        return round(self.parcels**0.5)


def blobs(centres: np.ndarray, radius: np.ndarray, vertices: int, seed: int) -> np.ndarray:
    """(n,) wobbly outlines round some places, degrees."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    phase, height = rng.uniform(0, 7, (len(centres), 4, 1)), rng.uniform(0, 0.08, (len(centres), 4, 1))
    waves = np.arange(2, 6)[None, :, None]
    wave = 1 + (height * np.cos(waves * angle + phase)).sum(axis=1)
    reach = radius[:, None] * wave
    x = centres[:, :1] + reach * np.cos(angle)
    y = centres[:, 1:] + reach * np.sin(angle)
    ring = np.stack([x, y], axis=-1)
    return np.asarray(shapely.polygons(np.concatenate([ring, ring[:, :1]], axis=1)))


def zones(size: Size) -> gpd.GeoDataFrame:
    """Zones of 400 vertices that cover half of the square."""
    made = fabric.zones(size.zones, size.side)
    rng = np.random.default_rng(21)
    return _measured(
        gpd.GeoDataFrame(
            {
                "code": assess_fabric.codes(size.zones),
                "name": [f"示例开发区{number}" for number in range(size.zones)],
                "level": "provincial",
                "city": assess_fabric.CITIES[rng.integers(0, len(assess_fabric.CITIES), size.zones)],
                "approved_ha": rng.uniform(1000, 3000, size.zones).round(2),
            },
            geometry=made.geometry.to_numpy(),
            crs=4490,
        )
    )


def parcels(size: Size, around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All parcels of the square; those whose middle lies in a zone say so, the others name none."""
    found = _measured(fabric.parcels(size.parcels))
    shapes = around.geometry.to_numpy()
    cell, of = shapely.STRtree(shapes).query(shapely.centroid(found.geometry.to_numpy()), predicate="within")
    zone = np.full(len(found), None, dtype=object)
    zone[cell] = around["code"].to_numpy()[of]
    rng = np.random.default_rng(22)
    n = len(found)
    inside = pd.Series(zone).notna().to_numpy()
    built = inside & (rng.random(n) < 0.7)
    floors = np.where(built, found["area_m2"] * rng.uniform(0.2, 2.0, n), 0.0).round(1)
    number = np.zeros(n, np.int64)
    number[cell] = of
    firms = assess_fabric.firm(number, rng.integers(0, ENTERPRISES, n))
    return found.assign(
        zone=zone,
        class_system="sandiao",
        supply=np.where(built, "supplied", "not_supplied"),
        built=built,
        floor_area_m2=floors,
        footprint_m2=(floors * 0.4).round(1),
        enterprise_id=pd.Series(firms).where(built & (rng.random(n) < 0.3)),
    )


def constraints(size: Size, around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Polygons of 50 vertices all over the square, and a development boundary round each zone."""
    rng = np.random.default_rng(23)
    kinds = np.repeat(list(KINDS), [round(share * size.constraints) for share in KINDS.values()])
    n, wide = len(kinds), size.side * fabric.CELL
    centres = rng.uniform(0, wide, (n, 2)) + (fabric.WEST, fabric.SOUTH)
    shapes = blobs(centres, np.full(n, 0.2 * wide / n**0.5), 50, 24)
    bounds = shapely.simplify(shapely.buffer(around.geometry.to_numpy(), 0.004), 0.0004)
    return _measured(
        gpd.GeoDataFrame(
            {
                "kind": [*kinds, *["urban_boundary"] * len(bounds)],
                "name": [*(f"示例管控{i}" for i in range(n)), *(f"示例边界{i}" for i in range(len(bounds)))],
                "level": [*(LEVELS.get(kind, "") for kind in kinds), *["城镇集中建设区"] * len(bounds)],
                "restricted": False,
            },
            geometry=np.concatenate([shapes, bounds]),
            crs=4490,
        )
    )


def requests(size: Size, around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land beside zones, about 200 vertices each: `zone` and geometry."""
    rng = np.random.default_rng(25)
    of = np.arange(size.requests) % size.zones
    lines = shapely.boundary(around.geometry.to_numpy()[of])
    at = shapely.get_coordinates(shapely.line_interpolate_point(lines, rng.random(len(of)), normalized=True))
    asked = blobs(at, rng.uniform(0.003, 0.008, len(of)), 200, 26)
    outside = shapely.difference(asked, around.geometry.to_numpy()[of])
    biggest = [max(shapely.get_parts(shape), key=shapely.area) for shape in outside]
    return gpd.GeoDataFrame({"zone": around["code"].to_numpy()[of]}, geometry=biggest, crs=4490)


def kept(folder: Path, size: Size) -> Path:
    """The book of that size in a folder, with the files of its requests beside; made once."""
    mine = folder / f"requests_e{EDITION}_{size.parcels}_{size.constraints}_{size.zones}.gpkg"
    for old in folder.glob("requests_e*.gpkg*"):
        if not old.name.startswith(f"requests_e{EDITION}_"):
            old.unlink()
    return write(mine, size)


def write(path: Path, size: Size) -> Path:
    """The book; made once."""
    if path.exists():
        return path
    half = path.with_suffix(".part.gpkg")
    for old in path.parent.glob(f"{half.name}*"):
        old.unlink()
    around = zones(size)
    like = assess_fabric.Size(size.zones, 0, ENTERPRISES * size.zones, 0)
    with new_book(half) as book:
        for kind, frame in (
            ("zones", around),
            ("parcels", parcels(size, around)),
            ("constraints", constraints(size, around)),
        ):
            assess_fabric.take(book, kind, frame, kind, valid_from=SINCE)
        assess_fabric.take(book, "enterprises", assess_fabric.enterprises(like, YEAR), "enterprises")
        assess_fabric.take(book, "activity", assess_fabric.ledgers(like, YEAR), "activity")
        book.note("notice", "made up by benchmarks.requests_fabric")
    half.rename(path)
    return path


def files(folder: Path, size: Size) -> Path:
    """A folder with one GeoJSON for each request, and a list of them: `file, zone, kind`."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = requests(size, zones(size))
    rows = []
    for number, (zone, shape) in enumerate(zip(asked["zone"], asked.geometry, strict=True)):
        name = f"request_{number:04d}.geojson"
        one = gpd.GeoDataFrame({"plot_no": ["1"]}, geometry=[shape], crs=4490)
        (folder / name).write_text(one.to_json(), encoding="utf-8")
        rows.append({"file": name, "zone": zone, "kind": "expansion"})
    pd.DataFrame(rows).to_csv(folder / "list.csv", index=False)
    return folder / "list.csv"


def _measured(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry.to_numpy(), frame.crs))


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("out", type=Path)
    for name, default in (
        ("parcels", 1_000_000),
        ("constraints", 100_000),
        ("zones", 200),
        ("requests", 1000),
    ):
        words.add_argument(f"--{name}", type=int, default=default)
    said = words.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    wanted = Size(said.parcels, said.constraints, said.zones, said.requests)
    print(kept(said.out, wanted), files(said.out / "requests", wanted))

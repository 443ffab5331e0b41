"""Land cover: `mutan cover`, the whole process, against exactextract by itself and against rasterstats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely

from benchmarks.report import Row
from benchmarks.timing import in_turn

HERE = Path(__file__).parent
SIDE, CELL_M = 10_000, 10.0
PARCELS = 10_000
WEST, NORTH, EPSG = 400_000.0, 3_900_000.0, 32650
CLASSES = (10, 30, 40, 50, 60, 80)
PATCH = 50  # cells on a side of a patch of one class
SPECKLE = 0.05  # part of the cells that differ from their patch
ASKED = {"exactextract": 1 / 1.3, "exactextract_tiles": 1 / 1.3, "rasterstats": 3.0}
NAMES = {
    "exactextract": "exactextract, as it comes",
    "exactextract_tiles": "exactextract, raster-sequential",
    "rasterstats": "rasterstats, categorical",
}
AGREE = 1e-3  # cells of the plane differ from those of the ellipsoid; exactextract does not weigh them


def measure(mutan: Path, peer: Path, folder: Path, times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about land cover.

    Parameters
    ----------
    mutan : our command
    peer : the Python of the other engines
    folder : where raster and parcels are made, once, and tables are written
    """
    raster, parcels = make(folder / "data")
    tables = {name: folder / f"cover_{name}.csv" for name in ("ours", *ASKED)}
    options = ("--classes", "worldcover", "--by", "parcel_id", "-o", tables["ours"])
    own = (sys.executable, HERE / "peers" / "exactextract_cover.py", raster, parcels)
    programs: dict[str, list[str | Path]] = {
        "ours": [mutan, "cover", parcels, raster, *options],
        "exactextract": [*own, tables["exactextract"], "feature-sequential"],
        "exactextract_tiles": [*own, tables["exactextract_tiles"], "raster-sequential"],
        "rasterstats": [
            peer, HERE / "peers" / "rasterstats_cover.py", raster, parcels, tables["rasterstats"],
        ],
    }  # fmt: skip
    took = in_turn(programs, times, folder)
    apart = {name: difference(tables["ours"], tables[name]) for name in ASKED}
    raw["cover"] = {name: vars(ran) for name, ran in took.items()} | {"differences": apart}
    ours = took["ours"]
    size = f"{SIDE:,} x {SIDE:,} cells, {PARCELS:,} parcels"
    rows = [
        Row(
            f"cover, {size}: {NAMES[name]} (shares differ by {apart[name]:.0e})",
            f"{ours.wall_s:.1f} s ({ours.cpu_s:.1f} s of processor)",
            f"{took[name].wall_s:.1f} s ({took[name].cpu_s:.1f} s of processor)",
            took[name].wall_s / ours.wall_s,
            f"{asked:.2g} times",
            took[name].wall_s >= asked * ours.wall_s and (name == "rasterstats" or apart[name] < AGREE),
        )
        for name, asked in ASKED.items()
    ]
    peers = ", ".join(f"{NAMES[name]} {took[name].peak_mb:,.0f} MB" for name in ASKED)
    return [*rows, Row("cover: peak memory", f"{ours.peak_mb:,.0f} MB", peers, None, "")]


def make(folder: Path, side: int = SIDE, count: int = PARCELS, seed: int = 11) -> tuple[Path, Path]:
    """A raster of land cover, and parcels scattered over it, 50 to 300 m across; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    raster, parcels = folder / f"cover_{side}.tif", folder / f"cover_{side}_{count}.gpkg"
    rng = np.random.default_rng(seed)
    if not raster.exists():
        patches = rng.choice(CLASSES, (-(-side // PATCH),) * 2).astype("uint8")
        cells = np.kron(patches, np.ones((PATCH, PATCH), "uint8"))[:side, :side]
        speckled = rng.random((side, side), dtype="float32") < SPECKLE
        cells[speckled] = rng.choice(CLASSES, int(speckled.sum()))
        about = {"driver": "GTiff", "count": 1, "height": side, "width": side, "dtype": "uint8", "nodata": 0}
        place = rasterio.Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH)
        tiled = {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate"}
        with rasterio.open(raster, "w", crs=f"EPSG:{EPSG}", transform=place, **about, **tiled) as made:
            made.write(cells, 1)
    if not parcels.exists():
        shapes = scattered(rng, side, count)
        names = [f"P{i:05d}" for i in range(count)]
        gpd.GeoDataFrame({"parcel_id": names}, geometry=shapes, crs=EPSG).to_file(parcels)
    return raster, parcels


def scattered(rng: np.random.Generator, side: int, count: int) -> list[shapely.Polygon]:
    """Star-shaped polygons of 4 to 12 corners on a raster of that many cells, in no order."""
    room = side * CELL_M - 400
    made = []
    for x, y in zip(
        WEST + 200 + rng.uniform(0, room, count), NORTH - 200 - rng.uniform(0, room, count), strict=True
    ):
        corners = int(rng.integers(4, 13))
        angle = (np.arange(corners) + rng.uniform(0.1, 0.9, corners)) * 2 * np.pi / corners
        radius = rng.uniform(25, 150) * rng.uniform(0.7, 1, corners)
        made.append(shapely.Polygon(np.c_[x + radius * np.cos(angle), y + radius * np.sin(angle)]))
    return made


def difference(ours: Path, theirs: Path) -> float:
    """Largest difference between two tables of (zone, class, share, …)."""
    one, other = (
        pd.read_csv(path, dtype={"zone": "str", "class": "str"}).set_index(["zone", "class"])["share"]
        for path in (ours, theirs)
    )
    return float(one.sub(other, fill_value=0.0).abs().max())

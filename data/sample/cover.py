"""Land cover as a satellite would class it (土地覆盖): made up from parcels, some of which disagree.

Classes are those of ESA WorldCover: 10 trees, 30 grass, 40 crops, 50 built, 60 bare, 80 water.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.sample.land import Land
from data.sample.plan import PLANE
from data.sample.records import Cover, Story
from data.sample.streets import Floats
from data.sample.uses import WORKS_CLASSES

COVERED = "G411164"
CELL_M = 10.0
MARGIN_M = 300.0
TREES, GRASS, CROPS, BUILT, BARE, WATER = 10, 30, 40, 50, 60, 80
Cells = NDArray[np.uint8]
# 三调 class -> class of the cover, where nothing is built on it or need not be
OPEN = {
    "0810": GRASS,
    "0102": CROPS,
    "0301": TREES,
    "0404": GRASS,
    "1201": BARE,
    "1101": WATER,
    "1104": WATER,
    "1107": WATER,
}
MISTAKEN = {BUILT: GRASS, CROPS: GRASS, GRASS: TREES, TREES: GRASS, BARE: BUILT, WATER: WATER}
WRONG, FLICKER = 0.04, 0.008  # of the cells: in both years, and in one of them
GROWN, EMPTY, HIDDEN = 4, 3, 2  # parcels that were built between, that only say so, that do not say so


def see_from_above(rng: np.random.Generator, land: Land) -> tuple[tuple[Cover, Cover], list[Story]]:
    """The cover of 2020 and 2024, and what is to be found in them."""
    parcels = land.parcels
    grown, empty, hidden = _chosen(rng, parcels)
    late = _classes(parcels)
    late[empty], late[hidden] = CROPS, BUILT
    early = late.copy()
    early[grown], early[hidden] = CROPS, CROPS
    west, south, east, north = shapely.total_bounds(parcels.geometry.to_numpy())
    west = float(np.floor(west / CELL_M) * CELL_M - MARGIN_M)
    north = float(np.ceil(north / CELL_M) * CELL_M + MARGIN_M)
    columns, rows = int((east + MARGIN_M - west) / CELL_M), int((north - south + MARGIN_M) / CELL_M)
    x: Floats = west + (np.arange(columns, dtype=np.float64) + 0.5) * CELL_M
    y: Floats = north - (np.arange(rows, dtype=np.float64) + 0.5) * CELL_M
    at = _parcel_of(parcels, x, y)
    around = _countryside(rng, x, y)
    wrong = rng.random(at.shape)
    covers = []
    for year, classes in ((2020, early), (2024, late)):
        cells = np.where(at >= 0, classes[at], around)
        noise = np.where(rng.random(at.shape) < FLICKER, 0.0, wrong)
        covers.append(
            Cover(f"示例_土地覆盖_{year}", COVERED, year, _blurred(cells, noise), west, north, CELL_M)
        )
    return (covers[0], covers[1]), _stories(parcels, (grown, empty, hidden))


def _chosen(
    rng: np.random.Generator, parcels: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of works built since 2020, of works that only say they are built, of land that does not say so."""
    large = parcels["declared_area_m2"].between(15_000, 90_000)
    works = np.flatnonzero(parcels["built"] & parcels["code3"].isin(WORKS_CLASSES) & large)
    some = rng.permutation(works)[: GROWN + EMPTY]
    free = np.flatnonzero(parcels["supply"].isin(["ready", "not_supplied"]) & large)
    return some[:GROWN], some[GROWN:], rng.permutation(free)[:HIDDEN]


def _classes(parcels: gpd.GeoDataFrame) -> Cells:
    code = parcels["code3"].map(OPEN)
    built = np.where(parcels["built"], BUILT, BARE)
    return np.asarray(code.where(code.notna(), built), dtype=np.uint8)


def _parcel_of(parcels: gpd.GeoDataFrame, x: Floats, y: Floats) -> NDArray[np.int64]:
    """(rows, columns) number of the parcel under the middle of each cell, -1 outside."""
    at = np.full((len(y), len(x)), -1)
    for number, (shape, (west, south, east, north)) in enumerate(
        zip(parcels.geometry, parcels.geometry.bounds.to_numpy(), strict=True)
    ):
        left, right = np.searchsorted(x, [west, east])
        top, bottom = np.searchsorted(-y, [-north, -south])
        across, down = np.meshgrid(x[left:right], y[top:bottom])
        shapely.prepare(shape)
        at[top:bottom, left:right][shapely.contains_xy(shape, across, down)] = number
    return at


def _countryside(rng: np.random.Generator, x: Floats, y: Floats) -> Cells:
    """Fields with woods and villages, as smooth patches."""
    waves = rng.uniform(300, 900, (2, 3))
    phase = rng.uniform(0, 2 * np.pi, (2, 3))
    across = np.sin(2 * np.pi * x[:, None] / waves[0] + phase[0]).sum(axis=1)
    down = np.sin(2 * np.pi * y[:, None] / waves[1] + phase[1]).sum(axis=1)
    field = across[None, :] + down[:, None]
    return np.select([field > 3.2, field < -3.4], [BUILT, TREES], CROPS).astype(np.uint8)


def _blurred(cells: NDArray[np.int64], noise: Floats) -> Cells:
    """The same cells, a few of them taken for what they resemble."""
    mistaken = np.arange(256, dtype=np.uint8)
    mistaken[list(MISTAKEN)] = list(MISTAKEN.values())
    return np.asarray(np.where(noise < WRONG, mistaken[cells], cells), dtype=np.uint8)


def _stories(parcels: gpd.GeoDataFrame, chosen: tuple[NDArray[np.int64], ...]) -> list[Story]:
    told = (
        ("cover_grown", "地块 2020 年影像上是耕地，2024 年已成建设用地：土地覆盖变化可以量出。"),
        ("cover_disagrees_built", "地块填报已建成，两年影像上都是耕地：须实地核实，不能只信一方。"),
        ("cover_disagrees_open", "地块填报未建成，2024 年影像上已是建筑：须实地核实，不能只信一方。"),
    )
    stories = []
    for rows, (code, text) in zip(chosen, told, strict=True):
        mine = parcels.iloc[np.sort(rows)]
        hectares = round(float(mine["declared_area_m2"].sum()) / 1e4, 2)
        numbers = {"parcels": float(len(mine)), "area_ha": hectares}
        stories.append(Story(code, COVERED, text, numbers, tuple(mine["parcel_id"])))
    return stories


def write_cover(cover: Cover, path: Path, note: str) -> None:
    """A GeoTIFF that says in its description that it is made up.

    Parameters
    ----------
    note : what the description says
    """
    import rasterio  # a second GDAL, and only this file of the sample needs it

    rows, columns = cover.cells.shape
    at = rasterio.Affine(cover.cell_m, 0.0, cover.west, 0.0, -cover.cell_m, cover.north)
    size = {"width": columns, "height": rows, "count": 1, "dtype": "uint8", "nodata": 0}
    with rasterio.open(path, "w", "GTiff", crs=PLANE, transform=at, compress="deflate", **size) as made:
        made.write(cover.cells, 1)
        made.update_tags(TIFFTAG_IMAGEDESCRIPTION=note, year=str(cover.year), zone=cover.zone)

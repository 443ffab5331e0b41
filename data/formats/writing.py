"""Tables out (写出): GeoJSON, GeoPackage, FlatGeobuf, GeoParquet, each whole or not there at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from data.errors import CrsContradicted, CrsMissing, FileUnusable, MutanError
from data.formats.opening import gdal
from data.records import Fault

DECIMALS = 9
"""Of a degree: 0.1 mm. RFC 7946 §11.2 proposes 6; an outline of one mu would then lose some 5 m²."""

KINDS: dict[str, Any] = {
    "integer": "Int64", "boolean": "boolean", "floating": "float64", "mixed-integer-float": "float64",
    "decimal": "float64", "date": "datetime64[s]", "datetime": "datetime64[us]",
}  # fmt: skip
"""What all values of an object column are, as pandas infers it -> the type that formats can hold"""

Write = Callable[[pd.DataFrame, Path, str], None]


def whole_or_nothing(writer: Write, frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """Let the writer fill a temporary file in the same folder, which then takes the place of the old one.

    Raises
    ------
    FileUnusable : the folder is not there, cannot be written to, or a column cannot be kept
    """
    if not path.parent.is_dir():
        raise FileUnusable(f"There is no folder {path.parent}. Make it first.")
    if path.is_dir():
        raise FileUnusable(f"{path} is a folder. Name a file.")
    beside = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(6)}{path.suffix}")
    try:
        writer(frame, beside, layer_name)
        beside.replace(path)
    except MutanError as odd:
        odd.args = (str(odd).replace(beside.name, path.name),)
        raise
    except (OSError, DataSourceError, DataLayerError) as odd:
        raise FileUnusable(
            f"{path.name} cannot be written: {odd}. Is there space, and may you write in {path.parent}?"
        ) from odd
    finally:
        for left in path.parent.glob(f"{beside.name}*"):
            left.unlink()


def write_geojson(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """RFC 7946: WGS 84 longitude and latitude, outer rings counter-clockwise, no `crs` member.

    Raises
    ------
    CrsMissing : the frame declares none
    CrsContradicted : its coordinates cannot be in the one it declares
    """
    if isinstance(frame, gpd.GeoDataFrame):
        if frame.crs is None:
            raise CrsMissing(
                f"{path.name}: a GeoJSON is in longitude and latitude, and the layer declares no coordinate "
                "reference system to come from. Declare it first, or write a GeoPackage."
            )
        _refuse_infinite(frame, path)
        declared = frame.crs.name
        frame = frame.to_crs("OGC:CRS84").set_crs("EPSG:4326", allow_override=True)
        if len(_infinite(frame)):
            raise CrsContradicted(
                f"{path.name}: the coordinates cannot be in {declared}, which the layer declares: "
                "they have no longitude and latitude. Declare the right coordinate reference system first."
            )
    _write(frame, path, "GeoJSON", layer_name, RFC7946="YES", COORDINATE_PRECISION=str(DECIMALS))


def write_geopackage(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """One layer in the frame's own CRS; a column called fid or geom stays a column."""
    names = {str(name).lower() for name in frame.columns}
    options = {}
    if "fid" in names:
        options["FID"] = "gpkg_fid"
    if "geom" in names:
        options["GEOMETRY_NAME"] = "gpkg_geom"
    _write(frame, path, "GPKG", layer_name, **options)


def write_flatgeobuf(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """One layer with a spatial index, which puts the rows in spatial order.

    Rows without geometry cannot stand in the index; where there are any, it is left out.
    """
    whole = (
        isinstance(frame, gpd.GeoDataFrame) and not (frame.geometry.isna() | frame.geometry.is_empty).any()
    )
    _write(frame, path, "FlatGeobuf", layer_name, SPATIAL_INDEX="YES" if whole and len(frame) else "NO")


def write_geoparquet(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """GeoParquet 1.1 with WKB, compressed; Parquet without geometry for a plain frame."""
    frame = _storable(frame, path)
    frame.to_parquet(path, index=False, compression="zstd")


def _write(frame: pd.DataFrame, path: Path, driver: str, layer_name: str, **options: str) -> None:
    faults: list[Fault] = []
    frame = _storable(frame, path)
    with gdal(path, driver, faults):
        # Without promotion a polygon stays a polygon beside multipolygons.
        pyogrio.write_dataframe(
            frame,
            path,
            driver=driver,
            layer=layer_name,
            use_arrow=True,
            promote_to_multi=False,
            **options,
        )


def _storable(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The frame with columns that every format can hold, and nothing that none can.

    Raises
    ------
    FileUnusable : two columns of one name, or coordinates that are no numbers
    """
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileUnusable(f"{path.name}: several columns are named {', '.join(twice)}. Rename them first.")
    frame = frame.set_axis(names, axis=1).reset_index(drop=True)
    if isinstance(frame, gpd.GeoDataFrame):
        _refuse_infinite(frame, path)
    changed = {name: _plain(frame[name]) for name in names if _is_odd(frame[name])}
    return frame.assign(**changed) if changed else frame


def _infinite(frame: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Numbers, counted from 1, of the features with a coordinate that is no number."""
    coordinates, owner = shapely.get_coordinates(frame.geometry.values, return_index=True)
    return np.unique(owner[~np.isfinite(coordinates).all(axis=1)]) + 1


def _refuse_infinite(frame: gpd.GeoDataFrame, path: Path) -> None:
    if len(bad := _infinite(frame)):
        raise FileUnusable(
            f"{path.name}: {len(bad)} features have coordinates that are infinite or not a number, "
            f"the first are {bad[:5].tolist()}. Draw them again or leave them out."
        )


def _is_odd(column: pd.Series[Any]) -> bool:
    kind = column.dtype
    return pd.api.types.is_object_dtype(kind) or isinstance(
        kind, (pd.CategoricalDtype, pd.PeriodDtype, pd.IntervalDtype)
    )


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Objects as what they all are: whole numbers, numbers, truth, days; everything else as text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
        if not pd.api.types.is_object_dtype(column.dtype):
            return column
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in KINDS:
        return column.astype(KINDS[kind])
    return column.map(_as_text, na_action="ignore").astype("str")


def _as_text(value: object) -> object:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode().strip('"')

"""Frames out of Arrow tables or records (成表), so that text stays text and whole numbers stay whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import orjson
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.formats.faults import reader_fault
from data.records import Fault

Record = Mapping[str, Any]


def frame_of(columns: pa.Table, shapes: NDArray[Any] | None, crs: CRS | None) -> pd.DataFrame:
    """A GeoDataFrame with `geometry` last, or a DataFrame where there are no shapes.

    Whole-number columns with gaps become `Int64`, never floats; nested values become JSON text.

    Parameters
    ----------
    columns : attributes, names already unique and none of them `geometry`
    shapes : (n,) geometries, None where missing
    """
    series = {name: _series(columns.column(name)) for name in columns.column_names}
    rows = pd.RangeIndex(columns.num_rows if shapes is None else len(shapes))
    frame = pd.DataFrame(series, index=rows)
    if shapes is None:
        return frame
    mapped: pd.DataFrame = gpd.GeoDataFrame(frame, geometry=gpd.array.from_shapely(shapes, crs=crs))
    return mapped


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    if pa.types.is_nested(kind):
        column = pa.array([None if v is None else orjson.dumps(v).decode() for v in column.to_pylist()])
        column = column.cast(pa.string())
    mapped: Any = None
    if column.null_count and pa.types.is_integer(kind):
        mapped = {kind: pd.Int64Dtype()}.get
    elif column.null_count and pa.types.is_boolean(kind):
        mapped = {kind: pd.BooleanDtype()}.get
    series: pd.Series[Any] = column.to_pandas(types_mapper=mapped, date_as_object=False)
    return series


def unique_names(names: Sequence[str], file: str, faults: list[Fault]) -> list[str]:
    """The names, all different and none of them `geometry`, which is the geometry's own.

    >>> unique_names(["a", "a", "geometry"], "x.shp", [])
    ['a', 'a_2', 'geometry_2']
    """
    taken, out = Counter({"geometry": 1}), []
    for number, name in enumerate(names, 1):
        base = name or f"column_{number}"
        taken[base] += 1
        new = base if taken[base] == 1 else f"{base}_{taken[base]}"
        while new in out:
            taken[base] += 1
            new = f"{base}_{taken[base]}"
        out.append(new)
        if new != name:
            faults.append(
                reader_fault(
                    "column_renamed",
                    f"The column {number} is named {name!r}, as another one is; it was read as {new}."
                    if name
                    else f"The column {number} has no name; it was read as {new}.",
                    "Give each column a name of its own.",
                    file=file,
                )
            )
    return out


def table_of(records: Sequence[Record]) -> pa.Table:
    """Columns out of records, in order of first appearance; a key that is lacking is missing.

    A column of whole numbers stays whole; one that mixes text and numbers becomes text, as written.

    >>> table_of([{"code": "0601", "n": 1}, {"code": 601}]).to_pylist()
    [{'code': '0601', 'n': 1}, {'code': '601', 'n': None}]
    """
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = [_column([record.get(name) for record in records]) for name in names]
    return pa.Table.from_arrays(columns, names=names)


def _column(values: list[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int} or kinds == {bool}:
        try:
            return pa.array(values, None if kinds else pa.string())
        except OverflowError:
            return pa.array(values, pa.float64())
    if kinds <= {int, float}:
        return pa.array([None if v is None else float(v) for v in values])
    return pa.array(
        [v if v is None or isinstance(v, str) else orjson.dumps(v).decode() for v in values], pa.string()
    )


def crs_of(said: str | None, file: str, faults: list[Fault]) -> CRS | None:
    """The CRS out of what the file says of it; None, with a fault, where no one knows what it means."""
    if not said:
        return None
    try:
        crs = CRS.from_user_input(said)
    except CRSError:
        faults.append(
            reader_fault(
                "crs_unknown",
                f"The file declares a coordinate reference system that PROJ does not know: {said[:120]!r}.",
                "Name the right one, such as EPSG:4526, when you take the file in.",
                file=file,
            )
        )
        return None
    return crs

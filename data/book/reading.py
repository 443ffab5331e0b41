"""Handing rows out: whole tables for calculators, pages for the doors (读取)."""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.book import bulk, columns, geometry
from data.book.choosing import Ids, InForce, chosen, in_force, rows_by_id
from data.book.interface import Ask, Page
from data.errors import ColumnMissing
from data.kinds import Kind

# Small enough that the rows of one turn stay in the processor's cache.
_CHUNK = 5_000
_WORTH_LOOKING = 2_000  # rows; in fewer, columns that nobody filled in cost too little to look for them


def page(
    link: sqlite3.Connection,
    kind: Kind,
    ask: Ask,
    place: tuple[int, int],
    *,
    count: bool,
    names: Sequence[str] | None,
    as_json: bool = False,
) -> Page:
    """Rows from one place in the order until another; counted only when asked to."""
    start, stop = place
    types = _types(kind, names)
    held = in_force(link, kind, ask)
    ids = chosen(link, kind, ask, held, None if count else stop + 1)
    matched = held.count if ids is None else len(ids)
    here = held.between(start, stop) if ids is None else ids[start:stop]
    more = matched > stop
    if as_json:
        versions = held.versions(here)
        said_version = _version_of(kind, versions) if names is None or "version" in names else ""
        found = rows_by_id(
            link, kind.name, ["fid", "geom" if kind.geometry else "fid"], here, _object(types, said_version)
        )
        fids, blobs, texts = list(zip(*found, strict=True)) or [(), (), ()]
        shapes: list[bytes | None] = geometry.wkbs(blobs) if kind.geometry else [None] * len(found)
        return Page(list(fids), {}, shapes, matched if count else None, more, list(texts))
    asked = ["fid", *types, *(["geom"] if kind.geometry else [])]
    rows = rows_by_id(link, kind.name, asked, here)
    across = list(zip(*rows, strict=True)) or [()] * len(asked)
    said = {name: columns.plain(values, types[name]) for name, values in zip(types, across[1:], strict=False)}
    said["version"] = _named(kind, held.versions(here)).tolist()
    wkb: list[bytes | None] = [None] * len(rows)
    if kind.geometry:
        wkb = geometry.wkbs(across[-1])
    return Page(list(across[0]), said, wkb, matched if count else None, more)


def _object(types: dict[str, str], version: str) -> str:
    """An SQL expression for the properties of a row as JSON in bytes; flags as true and false."""
    flag = """json(CASE "{0}" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"""
    pairs = [f"'{n}', {flag.format(n) if sql == 'BOOLEAN' else _quoted(n)}" for n, sql in types.items()]
    return f"CAST(json_object({', '.join([*pairs, *([version] if version else [])])}) AS BLOB)"


def _version_of(kind: Kind, versions: Ids) -> str:
    """The pair of an SQL json_object for the version of a row: one name for all, or that of its batch."""
    if len(versions) and (versions == versions[0]).all():
        return f"'version', '{kind.name} v{int(versions[0])}'"
    return f"'version', (SELECT '{kind.name} v' || b.version FROM batches b WHERE b.number = batch)"


def _quoted(name: str) -> str:
    return f'"{name}"'


def read(link: sqlite3.Connection, kind: Kind, ask: Ask, names: Sequence[str] | None) -> pd.DataFrame:
    """All rows, typed; the index is the fid."""
    types = _types(kind, names)
    held = in_force(link, kind, ask)
    ids = chosen(link, kind, ask, held)
    shaped = kind.geometry and (names is None or "geometry" in names)
    if not (held.count if ids is None else len(ids)):
        return _nothing(tuple(types.items()), shaped).copy()
    many = ids is None and held.count >= _WORTH_LOOKING
    known = _filled(link, kind.name, types, held) if many else types
    path = bulk.path_of(link) if many and not shaped else ""
    if bulk.worth(path, held.ranges(), held.count):
        whole = bulk.read(path, kind.name, known, held.ranges())
    else:
        whole = _row_by_row(link, kind.name, known, held if ids is None else ids, shaped=shaped)
    if len(known) < len(types):
        blank = {name: columns.blank(types[name], len(whole)) for name in types if name not in known}
        last = ["geometry"] if shaped else []
        whole = whole.assign(**blank)[[*types, *last]]
    whole["version"] = _named(kind, held.versions(whole.index.to_numpy()))
    return _placed(whole) if shaped else whole


def _row_by_row(
    link: sqlite3.Connection, table: str, types: dict[str, str], which: InForce | Ids, *, shaped: bool
) -> pd.DataFrame:
    """Rows in force, or rows by id, fetched in turns."""
    asked = ["fid", *types, *(["geom"] if shaped else [])]
    turns = (
        _in_ranges(link, table, asked, which)
        if isinstance(which, InForce)
        else _by_ids(link, table, asked, which)
    )
    parts = [_frame(rows, types, shaped) for rows in turns]
    return pd.concat(parts) if len(parts) > 1 else parts[0]


@lru_cache(maxsize=256)
def _nothing(types: tuple[tuple[str, str], ...], shaped: bool) -> pd.DataFrame:
    """A table without rows; many questions find none, and typing its columns takes longer than asking."""
    empty = _frame([], dict(types), shaped)
    empty["version"] = pd.array([], dtype=columns.TEXT)
    return _placed(empty) if shaped else empty


def _placed(whole: pd.DataFrame) -> geopandas.GeoDataFrame:
    shapes = whole.pop("geometry")
    return geopandas.GeoDataFrame(whole, geometry=shapes.to_numpy(), crs=geometry.SRS_ID)


def _named(kind: Kind, numbers: NDArray[np.int64]) -> Any:
    """The name of each version, as text; a few distinct ones are written once."""
    known, which = np.unique(numbers, return_inverse=True)
    names: Any = [f"{kind.name} v{number}" for number in known.tolist()]
    return pd.array(names, dtype=columns.TEXT).take(which)


def _types(kind: Kind, names: Sequence[str] | None) -> dict[str, str]:
    types = columns.types(kind)
    if names is None:
        return types
    for name in names:
        if name not in types and name not in {"version", "geometry"}:
            raise ColumnMissing(name, f"Reading the {kind.name}", list(types))
    return {name: types[name] for name in names if name in types}


def _filled(link: sqlite3.Connection, table: str, types: dict[str, str], held: InForce) -> dict[str, str]:
    """The columns that some row in force fills in; counting is faster than fetching what is not there."""
    said = ", ".join(f'count("{name}")' for name in types)
    counts = np.zeros(len(types), np.int64)
    for first, last in held.ranges():
        found = link.execute(f'SELECT {said} FROM "{table}" WHERE fid BETWEEN ? AND ?', (first, last))
        counts += np.array(found.fetchone(), np.int64)
    return {name: types[name] for name, count in zip(types, counts.tolist(), strict=True) if count}


def _in_ranges(
    link: sqlite3.Connection, table: str, names: Sequence[str], held: InForce
) -> Iterator[list[tuple[Any, ...]]]:
    said = ", ".join(f'"{name}"' for name in names)
    waiting: list[tuple[Any, ...]] = []  # many small ranges make one turn: each turn types every column
    for first, last in held.ranges():
        cursor = link.execute(f'SELECT {said} FROM "{table}" WHERE fid BETWEEN ? AND ?', (first, last))
        while rows := cursor.fetchmany(_CHUNK):
            waiting += rows
            if len(waiting) >= _CHUNK:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


def _by_ids(
    link: sqlite3.Connection, table: str, names: Sequence[str], ids: Ids
) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, len(ids), _CHUNK):
        yield rows_by_id(link, table, names, ids[start : start + _CHUNK])


def _frame(rows: Sequence[tuple[Any, ...]], types: dict[str, str], shaped: bool) -> pd.DataFrame:
    across = list(zip(*rows, strict=True)) or [()] * (len(types) + 1 + shaped)
    said: dict[str, Any] = {
        name: columns.read_back(values, sql_type)
        for (name, sql_type), values in zip(types.items(), across[1:], strict=False)
    }
    if shaped:
        said["geometry"] = pd.Series(geometry.shapes(across[-1]), dtype="object").array
    return pd.DataFrame(said, index=pd.Index(np.array(across[0], np.int64), name="fid"))

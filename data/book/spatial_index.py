"""The spatial index (空间索引) of a feature table: SQLite's R*Tree, filled all at once when much comes in.

Row by row, SQLite takes about 20 s for a million boxes; packed here (sort-tile-recursive, Leutenegger 1997)
and written as whole nodes it takes about 2 s, and the tree answers faster because its nodes are full.
The node format is SQLite's own and part of its file format: https://www.sqlite.org/rtree.html, chapter 6.
A test has SQLite's own `rtreecheck` look at what is written.
"""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
Ids = NDArray[np.int64]

_CELL = np.dtype([("id", ">i8"), ("west", ">f4"), ("east", ">f4"), ("south", ">f4"), ("north", ">f4")])
_NODE_HEAD = 4
# Measured: appending costs about four times as much per new box as packing anew does per box in all.
_REPACK_FROM = 0.25
_ROOT = 1


def add(link: sqlite3.Connection, index: str, ids: Ids, boxes: Boxes) -> None:
    """Put boxes into an index, within the transaction that is open.

    Parameters
    ----------
    index : name of the R-tree table
    ids : (n,) feature ids, not yet in the index
    boxes : (n, 4) west, south, east, north in degrees; nan where there is no geometry
    """
    there = ~np.isnan(boxes[:, 0])
    ids, boxes = ids[there], boxes[there]
    old = link.execute(f'SELECT count(*) FROM "{index}_rowid"').fetchone()[0]
    if len(ids) < _REPACK_FROM * (old + len(ids)) or len(ids) < 100:
        _append(link, index, ids, boxes)
        return
    if old:
        rows = link.execute(f'SELECT id, minx, miny, maxx, maxy FROM "{index}"')
        kept = np.fromiter(rows, np.dtype("i8,f8,f8,f8,f8"))
        ids = np.concatenate([kept["f0"], ids])
        boxes = np.concatenate([np.stack([kept[f"f{side}"] for side in range(1, 5)], 1), boxes])
    _pack(link, index, ids, boxes)


def _append(link: sqlite3.Connection, index: str, ids: Ids, boxes: Boxes) -> None:
    west, south, east, north = boxes.T.tolist()
    rows = zip(ids.tolist(), west, east, south, north, strict=True)
    link.executemany(f'INSERT INTO "{index}" VALUES (?, ?, ?, ?, ?)', rows)


def _pack(link: sqlite3.Connection, index: str, ids: Ids, boxes: Boxes) -> None:
    size = link.execute(f'SELECT length(data) FROM "{index}_node" WHERE nodeno = 1').fetchone()[0]
    room = (size - _NODE_HEAD) // _CELL.itemsize
    for table in ("node", "parent", "rowid"):
        link.execute(f'DELETE FROM "{index}_{table}"')
    cells = _cells(ids, boxes)
    next_node, depth = _ROOT + 1, 0
    while True:
        cells = cells[_tiled(cells, room)]
        starts = np.arange(0, len(cells), room)
        root = len(starts) == 1
        numbers = np.array([_ROOT]) if root else np.arange(next_node, next_node + len(starts))
        owners = np.repeat(numbers, np.diff(np.append(starts, len(cells))))
        _write_children(link, f"{index}_{'parent' if depth else 'rowid'}", cells["id"], owners)
        nodes = _nodes(cells, starts, size, depth if root else 0)
        link.executemany(
            f'INSERT INTO "{index}_node" VALUES (?, ?)', zip(numbers.tolist(), nodes, strict=True)
        )
        if root:
            return
        cells = _enclosing(cells, starts, numbers)
        next_node, depth = next_node + len(starts), depth + 1


def _cells(ids: Ids, boxes: Boxes) -> NDArray[np.void]:
    """Boxes as 32-bit floats rounded outwards, so that no search misses what lies inside."""
    cells = np.empty(len(ids), _CELL)
    cells["id"] = ids
    for name, column, outwards in (("west", 0, -1), ("south", 1, -1), ("east", 2, 1), ("north", 3, 1)):
        exact = boxes[:, column]
        near = exact.astype(np.float32)
        inside = (near - exact) * outwards < 0
        near[inside] = np.nextafter(near[inside], np.float32(outwards * np.inf))
        cells[name] = near
    return cells


def _tiled(cells: NDArray[np.void], room: int) -> NDArray[np.intp]:
    """Order in which consecutive runs of `room` cells are compact: slabs from west to east, then by south."""
    x = cells["west"].astype("f8") + cells["east"]
    y = cells["south"].astype("f8") + cells["north"]
    slabs = np.ceil(np.sqrt(len(cells) / room))
    slab = np.empty(len(cells), np.int64)
    slab[np.argsort(x, kind="stable")] = np.arange(len(cells)) // max(room * int(slabs), 1)
    return np.lexsort((y, slab))


def _nodes(cells: NDArray[np.void], starts: NDArray[np.intp], size: int, depth: int) -> Iterator[bytes]:
    packed, width = cells.tobytes(), _CELL.itemsize
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(cells)], strict=True):
        head = depth.to_bytes(2, "big") + (stop - start).to_bytes(2, "big")
        yield (head + packed[start * width : stop * width]).ljust(size, b"\0")


def _enclosing(
    cells: NDArray[np.void], starts: NDArray[np.intp], numbers: NDArray[np.int64]
) -> NDArray[np.void]:
    """One cell for each node: its number and the box around its cells."""
    out = np.empty(len(starts), _CELL)
    out["id"] = numbers
    for name, reach in (
        ("west", np.minimum),
        ("south", np.minimum),
        ("east", np.maximum),
        ("north", np.maximum),
    ):
        out[name] = reach.reduceat(cells[name].astype("f4"), starts)
    return out


def _write_children(link: sqlite3.Connection, table: str, children: Ids, owners: NDArray[np.int64]) -> None:
    """Which node holds each child, in the order of the children, so that the table only grows at its end."""
    order = np.argsort(children)
    pairs = zip(children[order].tolist(), owners[order].tolist(), strict=True)
    link.executemany(f'INSERT INTO "{table}" VALUES (?, ?)', pairs)

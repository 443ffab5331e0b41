"""Drawings for tests, written with ezdxf: squares in belt 38, and what is read of them."""

from __future__ import annotations

from pathlib import Path

import ezdxf
from ezdxf.document import Drawing

from data import formats
from data.formats.dxf.reading import read_dxf
from data.records import Fault, Table

EAST, NORTH = 38_470_000.0, 3_850_000.0


def square(side: float = 100, x: float = 0, y: float = 0) -> list[tuple[float, float]]:
    """Corners of a square, its south-west corner moved by (x, y) from a place in belt 38."""
    west, south = EAST + x, NORTH + y
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]


def drawn(version: str = "R2010") -> Drawing:
    """An empty drawing in metres."""
    doc = ezdxf.new(version, setup=False)
    doc.header["$INSUNITS"] = 6
    return doc


def read(doc: Drawing, folder: Path, **how: object) -> Table:
    """What is read of a drawing once it is saved."""
    path = folder / "地块.dxf"
    doc.saveas(path)
    return read_dxf(path, **how) if how else formats.read(path)


def codes(table: Table) -> list[str]:
    """Of its faults."""
    return [fault.code for fault in table.faults]


def fault(table: Table, code: str) -> Fault:
    """The first of that code."""
    return next(each for each in table.faults if each.code == code)

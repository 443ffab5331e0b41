"""The functional test cases of JTS: a reader of their XML, for tests alone.

Each <case> gives one or two geometries as WKT or as WKB in hexadecimal digits, and operations with their
answers. A <run> may state a precision model; without one, coordinates are floating.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from defusedxml.ElementTree import parse


@dataclass(frozen=True, slots=True)
class Case:
    """One operation of one case.

    Parameters
    ----------
    file, number, about : where it stands, counted from 1, and what its author says
    grid : size of the grid of its precision model; 0 where coordinates are floating
    a, b : geometries; None where there is no second
    op : name of the operation, as the file writes it, less the letters NG or SR at its end
    made : how it is meant: `NG` (overlay of the next generation), `SR` (snap rounding), or empty
    swapped : whether the first argument is b
    arg : a third argument as text, such as the grid of a snap rounding; empty where there is none
    answer : as text
    """

    file: str
    number: int
    about: str
    grid: float
    a: shapely.Geometry
    b: shapely.Geometry | None
    op: str
    made: str
    swapped: bool
    arg: str
    answer: str

    @property
    def name(self) -> str:
        """What a test calls it: `TestOverlayAA 3 union`."""
        return f"{self.file} {self.number} {self.op}{self.made}"

    @property
    def geometry(self) -> shapely.Geometry:
        """The answer as a geometry."""
        return geometry(self.answer)


def geometry(text: str) -> shapely.Geometry:
    """A geometry from WKT, or from WKB in hexadecimal digits."""
    plain = " ".join(text.split())
    if plain and set(plain) <= set("0123456789ABCDEFabcdef "):
        return shapely.from_wkb(plain.replace(" ", ""))
    with np.errstate(invalid="ignore"):  # some coordinates are no numbers, on purpose
        return shapely.from_wkt(_balanced(plain))


def _balanced(text: str) -> str:
    """WKT up to the bracket that closes the first one: one file has one too many, which JTS passes over."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == ")" and depth == 0:
            return text[: at + 1]
    return text


def cases(folder: Path) -> Iterator[Case]:
    """All operations of all files, in order."""
    for path in sorted(folder.glob("*.xml")):
        run = parse(path).getroot()
        model = run.find("precisionModel")
        grid = 0.0
        if model is not None and "scale" in model.attrib:
            grid = 1 / float(model.attrib["scale"])
        for number, case in enumerate(run.iter("case"), 1):
            yield from _operations(path.stem, number, grid, case)


def _operations(file: str, number: int, grid: float, case: Element) -> Iterator[Case]:
    a, b = case.find("a"), case.find("b")
    one = geometry(a.text or "") if a is not None else shapely.Point()
    two = geometry(b.text or "") if b is not None else None
    about = " ".join((case.findtext("desc") or "").split())
    for op in case.iter("op"):
        name = op.attrib["name"].lower()
        made = next((end for end in ("NG", "SR") if name.endswith(end.lower())), "")
        yield Case(
            file, number, about, grid, one, two, name.removesuffix(made.lower()), made,
            op.attrib.get("arg1", "A").strip().upper() == "B", op.attrib.get("arg3", ""), op.text or "",
        )  # fmt: skip

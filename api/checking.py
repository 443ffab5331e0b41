"""Checking (检查): every fault of what a book holds to be true on a day; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from data.book.interface import Ask, Book
from data.records import Fault
from geo import checks, standing
from geo.benefit.land_of import land_of
from geo.benefit.plausible import doubts, year_gaps
from geo.benefit.statements import Statements
from geo.layers import Layer
from geo.projects import measures, stages
from geo.projects.control_rows import controls_of


def check_book(book: Book, day: date) -> list[Fault]:
    """Every fault of layers in force on a day, of the newest statements by then, and of all other tables."""
    return [*_of_layers(book, day), *_of_enterprises(book, day), *_of_tables(book, day)]


def _of_layers(book: Book, day: date) -> Iterator[Fault]:
    zones = book.read("zones", Ask(on=day))
    yield from checks.of_layer(Layer(zones, "zones"))
    yield from checks.of_layer(Layer(book.read("parcels", Ask(on=day)), "parcels"), zones=zones)
    for kind in ("buildings", "constraints"):
        yield from checks.of_layer(Layer(book.read(kind, Ask(on=day)), kind))


def _of_enterprises(book: Book, day: date) -> Iterator[Fault]:
    """Gaps between years; figures and land of the newest year that contradict each other."""
    firms = book.read("enterprises")
    yield from year_gaps(firms)
    years = firms["year"].to_numpy(np.int64, na_value=-1)
    past = years[(years > 0) & (years <= day.year)]
    if len(past):
        newest = Statements(firms[years == past.max()].reset_index(drop=True))
        yield from doubts(newest).faults
        yield from land_of(newest).faults


def _of_tables(book: Book, day: date) -> Iterator[Fault]:
    """Projects, control values and statistics."""
    projects = book.read("projects", Ask(on=day)).reset_index(drop=True)
    yield from measures(projects)[1]
    yield from stages(projects, day=day)[1]
    yield from controls_of(book.read("controls"))[1]
    yield from standing.monthly(book.read("statistics")).faults

"""Checking (检查): every fault of what a book holds to be true on a day; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from api.zone_tables import region_of
from carbon.inventory import inventories
from data.book.interface import Ask, Book
from data.kinds import kind as kind_of
from data.records import Fault
from geo import checks, standing
from geo.benefit.land_of import land_of
from geo.benefit.plausible import doubts, year_gaps
from geo.benefit.statements import Statements
from geo.layers import Layer
from geo.projects import measures, stages
from geo.projects.control_rows import controls_of

SILENCE = {
    "category_not_stated",
    "nothing_stated",
    "factor_of_another_year",
    "factor_missing",
    "counted_twice_if_stated",
}


def check_book(book: Book, day: date) -> list[Fault]:
    """Every fault of layers in force on a day, of the newest statements by then, and of all other tables."""
    firms = book.read("enterprises")
    return [
        *_of_layers(book, day),
        *_of_enterprises(firms, day),
        *_of_statements(book, firms, day),
        *_of_tables(book, day),
    ]


def _of_layers(book: Book, day: date) -> Iterator[Fault]:
    zones = book.read("zones", Ask(on=day))
    yield from checks.of_layer(Layer(zones, "zones"))
    yield from checks.of_layer(Layer(book.read("parcels", Ask(on=day)), "parcels"), zones=zones)
    for kind in ("buildings", "constraints"):
        yield from checks.of_layer(Layer(book.read(kind, Ask(on=day)), kind))


def _of_enterprises(firms: pd.DataFrame, day: date) -> Iterator[Fault]:
    """Gaps between years; figures and land of the newest year that contradict each other."""
    yield from year_gaps(firms)
    years = firms["year"].to_numpy(np.int64, na_value=-1)
    past = years[(years > 0) & (years <= day.year)]
    if len(past):
        newest = Statements(firms[years == past.max()].reset_index(drop=True))
        yield from doubts(newest).faults
        yield from land_of(newest).faults


def _of_statements(book: Book, firms: pd.DataFrame, day: date) -> Iterator[Fault]:
    """Energy and material of every zone and year by then, each row with its place in its file, and priced.

    What nobody has stated is no fault of a row, nor is a factor of another year: the inventory of a zone and
    year says it.
    """
    rows = book.read("activity", columns=[*kind_of("activity").columns, "version"])
    years = rows["year"].to_numpy(np.int64, na_value=-1)
    rows = rows[years <= day.year]
    known = set(firms["enterprise_id"].dropna().unique())
    zones = book.read("zones", Ask(on=day), columns=["code", "city"])
    cities = dict(zip(zones["code"], zones["city"], strict=True))
    for zone, at in rows.groupby("zone", sort=True).indices.items():
        ours = rows.iloc[at]
        of = sorted({int(year) for year in ours["year"].dropna().unique()})
        regions = dict.fromkeys(of, region_of({"code": zone, "city": cities.get(zone)}))
        told = inventories(ours, zone=str(zone), regions=regions, enterprises=known)
        for year in of:
            yield from (fault for fault in told[year].faults if fault.code not in SILENCE)


def _of_tables(book: Book, day: date) -> Iterator[Fault]:
    """Projects, control values and statistics."""
    projects = book.read("projects", Ask(on=day)).reset_index(drop=True)
    yield from measures(projects)[1]
    yield from stages(projects, day=day)[1]
    yield from controls_of(book.read("controls"))[1]
    yield from standing.monthly(book.read("statistics")).faults

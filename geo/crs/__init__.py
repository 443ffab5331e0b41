"""Coordinate reference systems (坐标系): belts, declared and chosen ones, web-map shifts, EPSG:4490."""

from geo.crs.abroad import declare_anywhere
from geo.crs.belts import Belt, belt_of, belts, local_belt, registered
from geo.crs.chosen import ChosenCrs, choose, name_of
from geo.crs.declared import declare
from geo.crs.looks import CHINA, EARTH, Box, looks_of
from geo.crs.offsets import from_bd09, from_gcj02, to_bd09, to_gcj02
from geo.crs.transform import datum_fault, to_geographic

__all__ = [
    "CHINA",
    "EARTH",
    "Belt",
    "Box",
    "ChosenCrs",
    "belt_of",
    "belts",
    "choose",
    "datum_fault",
    "declare",
    "declare_anywhere",
    "from_bd09",
    "from_gcj02",
    "local_belt",
    "looks_of",
    "name_of",
    "registered",
    "to_bd09",
    "to_gcj02",
    "to_geographic",
]

"""Codes: land classes of each system, their crosswalks, the zones of the catalogue, regions, industries.

The same four digits mean different things in different systems (`0601` is industry in 三调 and a
farm road in 用地用海), so no code is ever read without its system, and none is guessed.
"""

from data.codes.classes import CATEGORIES, SYSTEMS, ClassSystem, classify, system
from data.codes.crosswalk import Translation, crosswalk, translate
from data.codes.industries import division, industries
from data.codes.regions import box, check_region, current_region, region, regions
from data.codes.zones import check_code, zone, zones

__all__ = [
    "CATEGORIES",
    "SYSTEMS",
    "ClassSystem",
    "Translation",
    "box",
    "check_code",
    "check_region",
    "classify",
    "crosswalk",
    "current_region",
    "division",
    "industries",
    "region",
    "regions",
    "system",
    "translate",
    "zone",
    "zones",
]

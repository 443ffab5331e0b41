"""Land cover (地表覆盖): rasters held against polygons, against the ledger, and against each other."""

from geo.cover.against_ledger import (
    AGREES,
    CANNOT_TELL,
    ONLY_LEDGER,
    ONLY_SATELLITE,
    VERDICTS,
    parcels_against,
)
from geo.cover.amounts import OPERATIONS, statistics
from geo.cover.cells import CellAreas, crs_of
from geo.cover.change import Change, Pair, change, change_in, pair_of
from geo.cover.results import About, disagreement, unknown_changes, unknown_values, zone_results
from geo.cover.seen import Seen
from geo.cover.shapes import Polygons
from geo.cover.zonal import ClassAreas, class_areas

__all__ = [
    "AGREES",
    "CANNOT_TELL",
    "ONLY_LEDGER",
    "ONLY_SATELLITE",
    "OPERATIONS",
    "VERDICTS",
    "About",
    "CellAreas",
    "Change",
    "ClassAreas",
    "Pair",
    "Polygons",
    "Seen",
    "change",
    "change_in",
    "class_areas",
    "crs_of",
    "disagreement",
    "pair_of",
    "parcels_against",
    "statistics",
    "unknown_changes",
    "unknown_values",
    "zone_results",
]

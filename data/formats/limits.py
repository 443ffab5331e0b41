"""How large, how deep, how many (限额): the limits on what is opened, each with its reason.

They keep one bad or hostile file from taking the machine down with it. A file beyond a limit raises
FileTooLarge, whose message states the limit and the way round it.
"""

from __future__ import annotations

from pathlib import Path

from data.errors import FileTooLarge

KB, MB, GB = 1024, 1024**2, 1024**3

FILE_BYTES = 16 * GB
"""Any file: the tables are held in memory, and a service machine has 8 to 64 GB."""

JSON_BYTES = 2 * GB
"""GeoJSON: GDAL reads it twice, at about 10 MB/s; 2 GB is several minutes, and a GeoPackage better."""

TOPOJSON_BYTES = 512 * MB
"""TopoJSON is parsed whole, into about ten times its size of Python objects."""

KML_BYTES = 512 * MB
"""KML is text that we parse ourselves; Google Earth itself gives up far earlier."""

JSON_DEPTH = 64
"""Brackets within brackets: a multipolygon in nested collections needs 12, properties a few more;
parsers recurse, so that a file of nothing but brackets would exhaust the stack."""

JSON_VALUES_PER_FEATURE = 45_000_000
"""Numbers and brackets in one feature: a polygon of ten million vertices has 30 to 40 million, for each
of which GDAL holds about 170 bytes; more than that is some 8 GB for one feature."""

XML_DEPTH = 256
"""Elements within elements: folders nest by hand, and nobody nests them two hundred deep."""

ZIP_ENTRIES = 10_000
"""A FileGDB of a province has a few hundred files; a bomb of empty ones has millions."""

ZIP_TOTAL_BYTES = 8 * GB
"""Unpacked, all together: what a temporary folder can be expected to hold."""

ZIP_RATIO = 200
"""Unpacked over packed: shapefiles reach 5 to 20, dBASE tables of blanks 100; deflate ends at 1032."""

ZIP_RATIO_FREE_BYTES = 64 * MB
"""Below this size an entry may have any ratio: it can do no harm, and small ones compress oddly well."""

FAULTS_LISTED = 200
"""Records of one kind that are listed one by one; the rest is counted in one more record."""


def hold(path: Path, limit: int, why: str) -> None:
    """Raise FileTooLarge when the file is larger than the limit, in words."""
    size = path.stat().st_size
    if size > limit:
        raise FileTooLarge(
            f"{path.name} has {said(size)}; the limit is {said(limit)}, since {why}. "
            "Split it, or save it as GeoPackage or GeoParquet, which are several times smaller."
        )


def said(size: float) -> str:
    """A number of bytes as a person says it.

    >>> said(3 * MB)
    '3.0 MB'
    >>> said(512)
    '512 bytes'
    """
    for unit, factor in (("GB", GB), ("MB", MB), ("kB", KB)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{int(size)} bytes"

"""What the GeoPackage standard asks of the file (地理数据包标准): OGC 12-128r17, version 1.3.

Systems, contents, geometry columns, and the extensions `gpkg_rtree_index` (with the triggers that keep an
index, which plain SQLite cannot run: they are for other programs) and `gpkg_schema` (Chinese titles).
"""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import sqlite3

import pyproj

from data.book.geometry import SRS_ID
from data.kinds import Kind

APPLICATION_ID = 0x47504B47
GEOPACKAGE_VERSION = 10300

STANDARD = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
   'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
   'read-write');
"""

_INDEXED = (
    'INSERT OR REPLACE INTO "{index}" VALUES '
    "(NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
)
# GeoPackage 1.3, F.3: name, event, when, what.
_TRIGGERS = (
    (
        "update1",
        "UPDATE OF geom",
        "OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))",
        _INDEXED,
    ),
    (
        "update2",
        "UPDATE OF geom",
        "OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))",
        'DELETE FROM "{index}" WHERE id = OLD.fid;',
    ),
    (
        "update3",
        "UPDATE",
        "OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))",
        'DELETE FROM "{index}" WHERE id = OLD.fid; ' + _INDEXED,
    ),
    (
        "update4",
        "UPDATE",
        "OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))",
        'DELETE FROM "{index}" WHERE id IN (OLD.fid, NEW.fid);',
    ),
    ("delete", "DELETE", "OLD.geom NOT NULL", 'DELETE FROM "{index}" WHERE id = OLD.fid;'),
)


def write_standard(link: sqlite3.Connection) -> None:
    """The tables that every GeoPackage has, and the two systems it must name beside ours."""
    link.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    link.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
    run_all(link, STANDARD)
    systems = [(code, "EPSG", code, pyproj.CRS(code).to_wkt("WKT1_GDAL")) for code in (SRS_ID, 4326)]
    systems += [(-1, "NONE", -1, "undefined"), (0, "NONE", 0, "undefined")]
    names = {SRS_ID: "China Geodetic Coordinate System 2000", 4326: "WGS 84 geodetic"}
    names |= {-1: "Undefined Cartesian SRS", 0: "Undefined geographic SRS"}
    link.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
        [(names[code], code, organization, number, wkt) for code, organization, number, wkt in systems],
    )


def write_index(link: sqlite3.Connection, table: str) -> None:
    """List a table's geometry, and give it an R-tree with the triggers that the standard words."""
    index = f"rtree_{table}_geom"
    link.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", (table, SRS_ID)
    )
    link.execute(f'CREATE VIRTUAL TABLE "{index}" USING rtree(id, minx, maxx, miny, maxy)')
    link.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec/#extension_rtree', 'write-only')",
        (table,),
    )
    for name, event, when, what in _TRIGGERS:
        link.execute(
            f'CREATE TRIGGER "{index}_{name}" AFTER {event} ON "{table}" WHEN {when} '
            f"BEGIN {what.format(index=index)} END"
        )


def write_view(link: sqlite3.Connection, view: str, identifier: str) -> None:
    """List a view as a layer; it shares the index of the table behind."""
    register(link, view, "features", identifier)
    link.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", (view, SRS_ID)
    )


def write_insert_trigger(link: sqlite3.Connection, table: str) -> None:
    """The trigger that puts a new row into the index."""
    index = f"rtree_{table}_geom"
    link.execute(
        f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" '
        f"WHEN (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN {_INDEXED.format(index=index)} END"
    )


def write_titles(link: sqlite3.Connection, kind: Kind, names: dict[str, str]) -> None:
    """Chinese titles and explanations of the named columns."""
    link.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (kind.name, c.name, c.header, c.header, c.explain)
            for c in kind.columns.values()
            if c.name in names
        ],
    )


def register(link: sqlite3.Connection, table: str, data_type: str, identifier: str) -> None:
    """List a table or view as features or as attributes."""
    link.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (table, data_type, identifier, SRS_ID if data_type == "features" else None),
    )


def run_all(link: sqlite3.Connection, script: str) -> None:
    """Each statement of a script, within the transaction that is open (executescript would end it)."""
    for statement in script.split(";\n"):
        if statement.strip():
            link.execute(statement)

"""The tables of a GeoPackage book (数据库结构): ours, and one for each kind. `standard` adds what OGC asks.

versions   one ingest each: hash, who, when, from which file
batches    the rows that one version brought for one scope: fids first to last, without a gap
parts      for which period a batch holds, and from which version until which the book said so
zones …    the rows themselves; they never change, and triggers refuse whoever tries
zones_now  what is in force today, for a person who opens the book in a desktop GIS
"""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import sqlite3

from data.book import columns, standard
from data.kinds import Kind

OURS = """
CREATE TABLE versions (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  format TEXT NOT NULL, layer TEXT NOT NULL, encoding TEXT NOT NULL, who TEXT NOT NULL,
  at TEXT NOT NULL, rows INTEGER NOT NULL, crs TEXT NOT NULL, class_system TEXT NOT NULL, note TEXT NOT NULL,
  valid_from DATE, valid_to DATE);
CREATE INDEX versions_by_hash ON versions (sha256);
CREATE TABLE batches (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, zone TEXT, year INTEGER,
  version INTEGER NOT NULL REFERENCES versions (number),
  first_fid INTEGER NOT NULL, last_fid INTEGER NOT NULL,
  area_m2 DOUBLE, placed INTEGER NOT NULL, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE);
CREATE INDEX batches_by_version ON batches (version);
CREATE TABLE parts (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL,
  batch INTEGER NOT NULL REFERENCES batches (number), valid_from DATE, valid_to DATE,
  since_version INTEGER NOT NULL REFERENCES versions (number),
  until_version INTEGER REFERENCES versions (number));
CREATE INDEX parts_by_scope ON parts (kind, scope);
CREATE INDEX parts_by_batch ON parts (batch);
CREATE TABLE results (
  id INTEGER PRIMARY KEY, zone TEXT NOT NULL, year INTEGER NOT NULL, at TEXT NOT NULL, code TEXT NOT NULL,
  result TEXT NOT NULL);
CREATE INDEX results_by_zone ON results (zone, year);
CREATE TABLE journal (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
"""
_OUR_TABLES = {
    "versions": "入库版本",
    "batches": "数据批次",
    "parts": "有效期",
    "results": "评价结果",
    "journal": "操作日志",
    "notes": "备注",
}
# Columns by which single rows are looked for; only rows that have a value stand in these indexes.
LOOKED_FOR = ("enterprise_id", "parcel_id", "project_id", "building_id", "restricted")
_REFUSAL = (
    "Rows of a book never change. Bring the new state in with mutan ingest; the old one stays as history."
)


def write_ours(link: sqlite3.Connection) -> None:
    """The tables of versions, periods, results and remarks."""
    standard.run_all(link, OURS)
    for table, title in _OUR_TABLES.items():
        standard.register(link, table, "attributes", f"{title} {table}")


def write_kind(link: sqlite3.Connection, kind: Kind) -> None:
    """The table of one kind, with index, titles, and the view of what is in force today."""
    types = columns.types(kind)
    said = ", ".join(f'"{name}" {sql_type}' for name, sql_type in types.items())
    geometry = ", geom MULTIPOLYGON" if kind.geometry else ""
    link.execute(
        f'CREATE TABLE "{kind.name}" '
        f"(fid INTEGER PRIMARY KEY NOT NULL, batch INTEGER NOT NULL, {said}{geometry})"
    )
    data_type = "features" if kind.geometry else "attributes"
    standard.register(link, kind.name, data_type, f"{kind.label} {kind.name}")
    standard.write_titles(link, kind, types)
    write_indexes(link, kind)
    for verb in ("UPDATE", "DELETE"):
        _refuse(link, kind.name, verb)
    if kind.geometry:
        standard.write_index(link, kind.name)
        _create_view(link, kind, types)
        standard.write_view(link, f"{kind.name}_now", f"{kind.label}(现行) {kind.name}_now")
    write_insert_triggers(link, kind)


def add_columns(link: sqlite3.Connection, kind: Kind, lacking: dict[str, str]) -> None:
    """Columns that the kind has gained since the book was made; empty in the rows that are there."""
    for name, sql_type in lacking.items():
        link.execute(f'ALTER TABLE "{kind.name}" ADD COLUMN "{name}" {sql_type}')
    standard.write_titles(link, kind, lacking)
    drop_indexes(link, kind)
    write_indexes(link, kind)
    if kind.geometry:
        link.execute(f'DROP VIEW "{kind.name}_now"')
        _create_view(link, kind, columns.types(kind))


def write_indexes(link: sqlite3.Connection, kind: Kind) -> None:
    """Indexes on the columns by which single rows are looked for."""
    for name in LOOKED_FOR:
        if name in kind.columns:
            link.execute(
                f'CREATE INDEX IF NOT EXISTS "{kind.name}_by_{name}" '
                f'ON "{kind.name}" ("{name}") WHERE "{name}" IS NOT NULL'
            )


def drop_indexes(link: sqlite3.Connection, kind: Kind) -> None:
    """Take the indexes of `write_indexes` away, to build them anew when much has come in."""
    for name in LOOKED_FOR:
        link.execute(f'DROP INDEX IF EXISTS "{kind.name}_by_{name}"')


def write_insert_triggers(link: sqlite3.Connection, kind: Kind) -> None:
    """Refuse rows from elsewhere, and keep the index as the standard has it."""
    _refuse(link, kind.name, "INSERT")
    if kind.geometry:
        standard.write_insert_trigger(link, kind.name)


def drop_insert_triggers(link: sqlite3.Connection, kind: Kind) -> None:
    """Open the table for an ingest; undone with its transaction if that fails."""
    link.execute(f'DROP TRIGGER IF EXISTS "keep_{kind.name}_insert"')
    link.execute(f'DROP TRIGGER IF EXISTS "rtree_{kind.name}_geom_insert"')


def _create_view(link: sqlite3.Connection, kind: Kind, types: dict[str, str]) -> None:
    """Today's rows. The view asks the clock when it is opened, for a person looking at a map does not.

    GDAL takes the first column for the id, and the spatial index of the table behind, if it is named OGC_FID.
    """
    said = ", ".join(f't."{name}"' for name in types)
    link.execute(
        f'CREATE VIEW "{kind.name}_now" AS SELECT t.fid AS OGC_FID, {said}, p.valid_from, p.valid_to, '
        f'b.version, t.geom FROM "{kind.name}" t JOIN batches b ON b.number = t.batch '
        f"JOIN parts p ON p.batch = t.batch WHERE p.until_version IS NULL "
        "AND (p.valid_from IS NULL OR p.valid_from <= date('now', 'localtime')) "
        "AND (p.valid_to IS NULL OR date('now', 'localtime') < p.valid_to)"
    )


def _refuse(link: sqlite3.Connection, table: str, verb: str) -> None:
    link.execute(
        f'CREATE TRIGGER "keep_{table}_{verb.lower()}" BEFORE {verb} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )

"""Steps that bring an older book to today's tables (数据库迁移): plain functions, recorded by name.

A step runs once in the life of a book, in the transaction in which its name is recorded. A new step goes to
the end of `STEPS`; a step that has been released is never changed. Kinds and columns that were added to
`data/kinds.yaml` need no step: `fit_kinds` adds what a book lacks of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from data.book import columns, filing, schema, standard
from data.kinds import Kind, kinds

Step = Callable[[sqlite3.Connection], None]


def first_tables(link: sqlite3.Connection) -> None:
    """The tables of the standard and those of versions, periods, results and remarks."""
    standard.write_standard(link)
    schema.write_ours(link)


def result_families(link: sqlite3.Connection) -> None:
    """Results of the assessment and of land cover stand apart: one kept anew leaves the others."""
    link.execute("ALTER TABLE results ADD COLUMN family TEXT NOT NULL DEFAULT 'assess'")


def requests_and_looks(link: sqlite3.Connection) -> None:
    """Requests to move a boundary, with their files, steps and checks, and looks at classified layers."""
    filing.write_tables(link)


def classified_features(link: sqlite3.Connection) -> None:
    """Classified features are found by an index; there are few among many, and every check asks for them."""
    for kind in kinds().values():
        if not _lacking(link, kind):
            schema.write_indexes(link, kind)


STEPS: Mapping[str, Step] = {
    "first_tables": first_tables,
    "result_families": result_families,
    "requests_and_looks": requests_and_looks,
    "classified_features": classified_features,
}


def done(link: sqlite3.Connection) -> list[str] | None:
    """Names of the steps that a book has been through; None when it is no book of ours."""
    if not link.execute("SELECT 1 FROM sqlite_master WHERE name = 'book_steps'").fetchone():
        return None
    return [name for (name,) in link.execute("SELECT name FROM book_steps ORDER BY id")]


def outstanding(link: sqlite3.Connection) -> bool:
    """Whether a book lacks a step, a kind or a column that today's program counts on."""
    lacking = set(STEPS) - set(done(link) or ())
    return bool(lacking) or any(_lacking(link, kind) for kind in kinds().values())


def bring_up(link: sqlite3.Connection) -> None:
    """Run what is outstanding, within the transaction that is open."""
    link.execute("CREATE TABLE IF NOT EXISTS book_steps (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
    for name in [name for name in STEPS if name not in (done(link) or ())]:
        STEPS[name](link)
        link.execute("INSERT INTO book_steps (name) VALUES (?)", (name,))
    for kind in kinds().values():
        fit_kind(link, kind)


def fit_kind(link: sqlite3.Connection, kind: Kind) -> None:
    """Give a book the table of a kind, or the columns of it that it lacks."""
    lacking = _lacking(link, kind)
    if lacking == columns.types(kind):
        schema.write_kind(link, kind)
    elif lacking:
        schema.add_columns(link, kind, lacking)


def _lacking(link: sqlite3.Connection, kind: Kind) -> dict[str, str]:
    there = {name for (name,) in link.execute("SELECT name FROM pragma_table_info(?)", (kind.name,))}
    return {name: sql_type for name, sql_type in columns.types(kind).items() if name not in there}

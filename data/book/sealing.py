"""Tables that only grow (只增不改): rows are written by the book alone, and refused to whoever else tries."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

REFUSAL = "What was filed never changes. File the new state as a request or a step of its own."


def seal(link: sqlite3.Connection, table: str) -> None:
    """Refuse rows from elsewhere, and every change of those that are there."""
    for verb in ("INSERT", "UPDATE", "DELETE"):
        _refuse(link, table, verb)


@contextmanager
def opened(link: sqlite3.Connection, *tables: str) -> Iterator[None]:
    """Tables that take new rows until the end of the block; undone with its transaction if that fails."""
    for table in tables:
        link.execute(f'DROP TRIGGER "keep_{table}_insert"')
    yield
    for table in tables:
        _refuse(link, table, "INSERT")


def _refuse(link: sqlite3.Connection, table: str, verb: str) -> None:
    link.execute(
        f'CREATE TRIGGER "keep_{table}_{verb.lower()}" BEFORE {verb} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )

"""The book (台账): where layers, statements and results are kept, with their versions and their periods.

`open_book` and `new_book` take an address; what stands behind it is nobody else's business. Today that is a
GeoPackage file. A PostGIS book would be one more module here that fulfils `interface.Book`.
"""

from __future__ import annotations

from pathlib import Path

from data.book.geopackage import new_file, open_file
from data.book.interface import Ask, Book, Box, Page, Part, Version
from data.errors import BookUnusable

__all__ = ["Ask", "Book", "Box", "Page", "Part", "Version", "new_book", "open_book"]


def open_book(address: str | Path, *, write: bool = False) -> Book:
    """The book at an address.

    Parameters
    ----------
    address : path of a .gpkg file
    write : whether it will be changed; readers do not wait for a writer, writers take turns

    Raises
    ------
    BookMissing : nothing is there
    BookUnusable : something is there, but it is no book of ours, is damaged, or comes from a newer program
    """
    return open_file(_file(address), write=write)


def new_book(address: str | Path) -> Book:
    """An empty book at an address where nothing is yet, open for writing.

    Raises
    ------
    BookUnusable : something is there already, or nothing can be written there
    """
    return new_file(_file(address))


def _file(address: str | Path) -> Path:
    scheme, separator, _ = str(address).partition("://")
    if separator:
        raise BookUnusable(
            f"A book at a {scheme} address is not built yet. Give the path of a .gpkg file, as mutan.gpkg."
        )
    return Path(address)

"""Every fault this program raises on purpose.

MutanError               a person can mend it, and the message says how
├── RulesError              something about the dated rules and factors
│   ├── NoSuchParameter        no file of data/rules or data/factors has that name
│   ├── RuleFileError          the file is there, but badly written
│   └── NoValueOnDay           it is well written, but silent on that day
├── FileUnusable            a file cannot be read, or must not be
│   ├── FormatUnknown          no reader knows that kind of file
│   ├── FileBroken             the reader met bytes it cannot make sense of
│   └── FileTooLarge           it passes a limit that is stated in the message
├── LayerUnusable           a map layer lacks what every use of it needs
│   ├── CrsMissing             no coordinate reference system is declared
│   └── CrsContradicted        the coordinates cannot be in the declared one
├── ColumnMissing           a reader or calculator asks for a column that nobody has supplied
├── FaultsFound             data was refused; the faults are carried as records
├── UnitMismatch            an amount and a factor are stated per different units
├── NoSuchCode              a class, industry, region or zone code that its system does not hold
├── BookError               something about the book
│   ├── BookMissing            there is no book at that address
│   ├── BookUnusable           something is there, but it is no book of ours
│   ├── BookBusy               another writer holds it
│   ├── BookFull               the disk has no room left for it
│   └── NothingInForce         the book holds no such thing for that day
├── StepNotAllowed          a request cannot take that step in the state in which it is
├── AssetMissing            a page asks for a front-end file that is not among ours
└── NotHere                 what was asked for by name is not in the book

`FaultsFound` is the one that carries records: everything wrong with the data, listed at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.records import Fault


class MutanError(Exception):
    """A person can mend it, and the message says how."""


class RulesError(MutanError):
    """Something about the dated rules and factors."""


class NoSuchParameter(RulesError):
    """No file of data/rules or data/factors has that name."""

    def __init__(self, name: str, known: Collection[str]):
        self.name = name
        close = get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
        super().__init__(f"There is no parameter {name}. Near it: {', '.join(close) or 'none'}.")


class RuleFileError(RulesError):
    """The file is there, but badly written."""


class NoValueOnDay(RulesError):
    """The parameter is well written, but silent on that day."""

    def __init__(self, name: str, region: str, day: date, starts: Collection[date]):
        self.name, self.region, self.day = name, region, day
        known = f"Its first value starts on {min(starts)}." if starts else "It has none there."
        super().__init__(
            f"{name} has no value for region {region} on {day}. {known} "
            "Ask for a later day, or add the older value with its article to its file in data/."
        )


class FileUnusable(MutanError):
    """A file cannot be read, or must not be."""


class FormatUnknown(FileUnusable):
    """No reader knows that kind of file."""


class FileBroken(FileUnusable):
    """The reader met bytes it cannot make sense of."""


class FileTooLarge(FileUnusable):
    """It passes a limit that is stated in the message."""


class LayerUnusable(MutanError):
    """A map layer lacks what every use of it needs."""


class CrsMissing(LayerUnusable):
    """No coordinate reference system is declared."""


class CrsContradicted(LayerUnusable):
    """The coordinates cannot be in the declared coordinate reference system."""


class ColumnMissing(MutanError):
    """A reader or calculator asks for a column that nobody has supplied."""

    def __init__(self, column: str, asked_by: str, known: Collection[str]):
        self.column = column
        close = get_close_matches(column, [str(k) for k in known], 3, 0.5)
        near = f" Near it: {', '.join(close)}." if close else ""
        super().__init__(
            f"{asked_by} needs the column {column}, and it is not there. "
            f"There are: {', '.join(str(k) for k in known) or 'none'}.{near} "
            "Rename the column, or name it in a file of data/columns."
        )


class FaultsFound(MutanError):
    """Data was refused; the faults are carried as records, all of them."""

    def __init__(self, faults: Sequence[Fault], refused: str):
        self.faults = tuple(faults)
        shown = "\n".join(f"  {fault}" for fault in self.faults[:20])
        more = len(self.faults) - 20
        rest = f"\n  … and {more} more (--json lists them all)" if more > 0 else ""
        super().__init__(f"{refused}\n{shown}{rest}")


class UnitMismatch(MutanError):
    """An amount and a factor are stated per different units."""


class NoSuchCode(MutanError):
    """A class, industry, region or zone code that its system does not hold."""

    def __init__(self, code: str, system: str, known: Collection[str] = ()):
        self.code, self.system = code, system
        close = get_close_matches(code, known, 3, 0.5)
        near = f" Near it: {', '.join(close)}." if close else ""
        super().__init__(f"{system} holds no code {code!r}.{near} Check the code and its system.")


class BookError(MutanError):
    """Something about the book."""


class BookMissing(BookError):
    """There is no book at that address."""


class BookUnusable(BookError):
    """Something is there, but it is no book of ours."""


class BookBusy(BookError):
    """Another writer holds the book."""


class BookFull(BookError):
    """The disk has no room left for the book."""


class NothingInForce(BookError):
    """The book holds no such thing for that day."""


class StepNotAllowed(MutanError):
    """A request cannot take that step in the state in which it is."""


class AssetMissing(MutanError):
    """A page asks for a front-end file that is not among ours."""


class NotHere(MutanError):
    """What was asked for by name is not in the book."""

    def __init__(self, what: str, name: str, known: Collection[str] = ()):
        self.what, self.name = what, name
        close = get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
        have = f" There are: {', '.join(close)}." if close else ""
        super().__init__(f"There is no {what} {name!r} in the book.{have}")

"""Periods for which a part holds (有效期), and what a new account leaves of the older ones.

Plain values, no book: what is said here is true of every book, whatever it is kept in.

The newest account of a scope wins for the whole of its own period. With a first day and no end it holds
*until further notice*, and a later part that the book already knows is such notice: an older survey that
arrives late fills the time before the newer one and does not take its place. With neither day it is a
correction of all time, and nothing of the older ones is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from data.errors import BookError


@dataclass(frozen=True, slots=True)
class Period:
    """From a day (None: since ever) until another, exclusive (None: until further notice)."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise BookError(
                f"A period from {self.start} until {self.end} has no day in it. "
                "The last day is not counted: give an end that lies after the start."
            )

    @property
    def first(self) -> date:
        """The start, with the beginning of the calendar for since ever."""
        return self.start or date.min

    @property
    def last(self) -> date:
        """The end, with the end of the calendar for until further notice."""
        return self.end or date.max

    def meets(self, other: Period) -> bool:
        """Whether some day lies in both.

        >>> Period(date(2020, 1, 1), date(2023, 1, 1)).meets(Period(date(2023, 1, 1)))
        False
        """
        return self.first < other.last and other.first < self.last

    def without(self, other: Period) -> list[Period]:
        """What is left of this period, earliest first: nothing, one piece or two.

        >>> year = Period(date(2020, 1, 1), date(2021, 1, 1))
        >>> Period(date(2020, 6, 1)) in year.without(Period(date(2020, 6, 1)))
        False
        >>> [str(left.end) for left in year.without(Period(date(2020, 6, 1)))]
        ['2020-06-01']
        """
        if not self.meets(other):
            return [self]
        before = [Period(self.start, other.start)] if self.first < other.first else []
        after = [Period(other.end, self.end)] if other.last < self.last else []
        return before + after


def until_notice(asked: Period, known: Iterable[Period]) -> Period:
    """The period asked for, ended where the next known one begins if it names a start and no end.

    >>> until_notice(Period(date(2020, 1, 1)), [Period(date(2023, 1, 1))]).end
    datetime.date(2023, 1, 1)
    """
    if asked.start is None or asked.end is not None:
        return asked
    later = [period.start for period in known if period.start is not None and period.start > asked.start]
    return Period(asked.start, min(later)) if later else asked

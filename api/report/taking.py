"""Where a column of the summary takes its numbers (取数): zones, results, and the sums behind results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from api.chinese import chinese
from api.report.material import Account, Row

NOT_GIVEN = "台账中没有填报"


@dataclass(frozen=True, slots=True)
class Told:
    """A number with its unit; None comes with the reason."""

    value: float | None
    unit: str
    reason: str = ""


class Source(Protocol):
    """Takes one number from an account."""

    def of(self, account: Account) -> Told | None:
        """The number; None when the assessment knows no such thing at all."""

    def said(self) -> str:
        """Where it comes from, in words."""


@dataclass(frozen=True, slots=True)
class OfZone:
    """A column of the zone."""

    column: str
    unit: str
    words: str

    def of(self, account: Account) -> Told:
        """The number."""
        value = account.zone.get(self.column)
        return Told(None, self.unit, NOT_GIVEN) if value is None else Told(float(value), self.unit)

    def said(self) -> str:
        """Where it comes from."""
        return self.words


@dataclass(frozen=True, slots=True)
class OfResult:
    """The value of a result."""

    code: str

    def of(self, account: Account) -> Told | None:
        """The number."""
        row = account.results.get(self.code)
        return None if row is None else Told(row["value"], row["unit"], reason_of(row))

    def said(self) -> str:
        """Where it comes from."""
        return f"指标 {self.code}"


@dataclass(frozen=True, slots=True)
class OfInput:
    """A sum behind a result, by its name or its place.

    Parameters
    ----------
    unit : what it is in, where the result could not even be begun
    """

    code: str
    name: str | int
    unit: str = "m2"

    def of(self, account: Account) -> Told | None:
        """The number."""
        row = account.results.get(self.code)
        if row is None:
            return None
        found = _input(row, self.name)
        if found is None:
            return Told(None, self.unit, reason_of(row))
        value = found.get("value")
        return Told(value, found["unit"], "" if value is not None else reason_of(row))

    def said(self) -> str:
        """Where it comes from."""
        return f"指标 {self.code} 的输入 {self.name}"


@dataclass(frozen=True, slots=True)
class OfPart:
    """A part of a sum behind a result: the land of some classes. None of them is zero, once all is told."""

    code: str
    name: str
    classes: tuple[str, ...]

    def of(self, account: Account) -> Told | None:
        """The number."""
        whole = OfInput(self.code, self.name).of(account)
        if whole is None or whole.value is None:
            return whole
        parts = account.results[self.code].get("breakdown") or {}
        begin = tuple(f"{self.name}_{whole.unit}.{code}" for code in self.classes)
        return Told(sum(v for k, v in parts.items() if k.startswith(begin)), whole.unit)

    def said(self) -> str:
        """Where it comes from."""
        return f"指标 {self.code} 的输入 {self.name} 中地类 {'、'.join(self.classes)}"


@dataclass(frozen=True, slots=True)
class OfBase:
    """The area by which a figure per mu was divided."""

    code: str

    def of(self, account: Account) -> Told | None:
        """The number."""
        row = account.results.get(self.code)
        return None if row is None else OfInput(self.code, f"area.{row.get('area_base')}", "mu").of(account)

    def said(self) -> str:
        """Where it comes from."""
        return f"指标 {self.code} 的面积口径"


def reason_of(row: Row) -> str:
    """Why a result has no value, in Chinese; never empty."""
    return chinese(str(row.get("reason") or "")) or "保存的结果没有写明原因"


def _input(row: Row, name: str | int) -> Row | None:
    held = row.get("inputs") or []
    if isinstance(name, int):
        found: Row | None = held[name] if len(held) == 2 else None
        return found
    return next((each for each in held if each["name"] == name), None)

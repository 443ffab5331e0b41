"""What a target is held against (指标取值): one figure of a zone or of the province in one year.

How a figure is measured is a mapping, as it stands in `more: measure:` of a rule:

    {statistic: gdp}                         as stated
    {share: a, of: b}                        statistic a over statistic b
    {count: revenue, more_than: 1000, unit: CNY100M}   zones whose statistic is above a limit
    {result: industrial_share}               a result of an assessment
    {per_mu: fixed_investment, area: built}  a statistic over the area that the assessment divided by

The province has a figure of its own where its region's row states it, else the sum over the zones, and
that only when every zone has one. A ratio of the province is the ratio of the sums, never a mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from data.errors import RuleFileError, UnitMismatch
from data.records import Input
from data.units import convert, round_trip
from geo.standing.statements import Statements, label, named

OWN, SUM = "own", "sum"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and what it was made of.

    Parameters
    ----------
    value : None when it cannot be told, and then `reason` says why
    low, high : between which it must lie, where that is known although the value is not
    """

    value: float | None
    unit: str
    inputs: tuple[Input, ...] = ()
    reason: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Sources:
    """Where figures come from.

    Parameters
    ----------
    statements : statistics, as `geo.standing.statements.read` gives them
    results : (zone, code, year) -> row of `Book.results`
    zones : codes of all zones that count
    region : GB/T 2260 code of the province
    """

    statements: Statements
    results: Mapping[tuple[str, str, int], Row]
    zones: tuple[str, ...]
    region: str


def sources(statements: Statements, results: Iterable[Row], zones: Iterable[str], region: str) -> Sources:
    """The sources, results looked up by zone, code and year; of two results the later row counts."""
    rows = {(str(row["zone"]), str(row["code"]), int(row["year"])): row for row in results}
    return Sources(statements, rows, tuple(sorted(set(zones))), region)


def of_zone(measure: Mapping[str, Any], given: Sources, zone: str, year: int) -> Figure:
    """The figure of one zone (or of a region's own row) in a year.

    Raises
    ------
    RuleFileError : the measure is none of those above, or cannot be taken of one zone
    """
    if "statistic" in measure:
        return _stated(given, measure["statistic"], zone, year)
    if "share" in measure:
        pair = (_stated(given, measure[name], zone, year) for name in ("share", "of"))
        return _ratio(*pair, unit="1")
    if "result" in measure:
        return _result(given, measure["result"], zone, year)
    if "per_mu" in measure:
        amount = _in(_stated(given, measure["per_mu"], zone, year), "CNY10k")
        return _ratio(amount, _area(given, measure["area"], zone, year), unit="CNY10k/mu")
    raise RuleFileError(f"No measure of one zone: {dict(measure)}. See geo/standing/measured.py.")


def of_province(measure: Mapping[str, Any], given: Sources, year: int, way: str) -> Figure:
    """The figure of the province: its region's own row (`own`), or the zones taken together (`sum`)."""
    if "count" in measure:
        return _count(measure, given, year)
    if way == OWN or measure.get("stated_by") == "region":
        return of_zone(measure, given, given.region, year)
    if "statistic" in measure:
        return _summed(given, partial(_stated, given, measure["statistic"], year=year))
    if "share" in measure:
        top = _summed(given, partial(_stated, given, measure["share"], year=year))
        return _ratio(top, _whole(given, measure["of"], year), unit="1")
    if "result" in measure:
        return _result_together(given, measure["result"], year)
    amount = _summed(given, partial(_stated, given, measure["per_mu"], year=year))
    area = _summed(given, partial(_area, given, measure["area"], year=year))
    return _ratio(_in(amount, "CNY10k"), area, unit="CNY10k/mu")


def _stated(given: Sources, item: str, zone: str, year: int) -> Figure:
    value, unit = given.statements.yearly(zone, item, year)
    told = Input(f"{item}.{year}", f"{year}年{label(item)}", value, unit, f"statistics {zone} {year}")
    reason = "" if value is not None else f"{label(item)} ({item}) of {zone} for {year} is not stated."
    return Figure(value, unit, (told,), reason)


def _result(given: Sources, code: str, zone: str, year: int) -> Figure:
    row = given.results.get((zone, code, year))
    if row is None:
        return Figure(None, "", (), f"{zone} has no result {code} for {year}.")
    value = _number(row.get("value"))
    told = Input(f"{code}.{year}", f"{year}年{row.get('label', code)}", value, row["unit"], f"{zone} {year}")
    why = "" if value is not None else f"{code} of {zone} for {year}: {row.get('reason') or 'not told'}"
    return Figure(value, row["unit"], (told,), why)


def _area(given: Sources, base: str, zone: str, year: int) -> Figure:
    """The area of a zone that its assessment divided by, mu."""
    row = given.results.get((zone, "tax_per_mu", year)) or {}
    mu = _number((row.get("breakdown") or {}).get(f"area_mu.{base}"))
    told = Input(f"area.{base}.{year}", f"{year}年面积({base})", mu, "mu", f"tax_per_mu {zone} {year}")
    why = f"The area {base} of {zone} for {year} is not known: assess it with its parcels of that year."
    return Figure(mu, "mu", (told,), "" if mu is not None else why)


def _summed(given: Sources, of: Callable[..., Figure]) -> Figure:
    """The sum over all zones, or None with the names of those that lack a figure."""
    parts = {zone: of(zone=zone) for zone in given.zones}
    lacking = [zone for zone, part in parts.items() if part.value is None]
    first = next(iter(parts.values()), None)
    if first is None:
        return Figure(None, "", (), "No zone is given to sum over.")
    name, term = first.inputs[0].name, first.inputs[0].label
    units = sorted({part.unit for part in parts.values() if part.value is not None})
    if lacking or len(units) != 1:
        why = f"{term} is not told for {len(lacking)} of {len(parts)} zones: {named(lacking)}."
        if len(units) > 1:
            why = f"{term} is stated in {' and '.join(units)} by different zones, and cannot be summed."
        return Figure(None, "", (Input(name, term, None, first.unit, "sum over zones"),), why)
    whole = sum(part.value for part in parts.values() if part.value is not None)
    told = Input(name, term, whole, units[0], f"sum over {len(parts)} zones", len(parts))
    return Figure(whole, units[0], (told,))


def _whole(given: Sources, item: str, year: int) -> Figure:
    """What a share of all zones is divided by; what zones state of their regions is never added up."""
    if item != "regional_industrial_investment":
        return _summed(given, partial(_stated, given, item, year=year))
    return _stated(given, item, given.region, year)


def _result_together(given: Sources, code: str, year: int) -> Figure:
    """A ratio of all zones: its numerators together over its denominators together."""
    rows = {zone: given.results.get((zone, code, year)) for zone in given.zones}
    labels = sorted({str(row.get("label", code)) for row in rows.values() if row})
    if len(labels) > 1:
        return Figure(None, "", (), f"{code} of {year} follows different definitions: {', '.join(labels)}.")
    top = _summed(given, lambda zone: _part(rows[zone], 0, code, year))
    base = _summed(given, lambda zone: _part(rows[zone], 1, code, year))
    return _ratio(top, base, unit=next((str(row["unit"]) for row in rows.values() if row), ""))


def _part(row: Row | None, place: int, code: str, year: int) -> Figure:
    """Numerator or denominator of a result: its first input, and the area or the second one."""
    said = list((row or {}).get("inputs") or ())
    if row and place and row.get("area_base"):
        found = [each for each in said if each.get("name") == f"area.{row['area_base']}"]
    else:
        found = said[place : place + 1]
    term = ("numerator", "denominator")[place]
    if row is None or not found:
        told = Input(f"{code}.{term}.{year}", f"{year}年{code} {term}", None, "")
        return Figure(None, "", (told,), "no such part")
    one = found[0]
    told = Input(f"{one['name']}.{year}", f"{year}年{one['label']}", _number(one.get("value")), one["unit"])
    return Figure(told.value, told.unit, (told,))


def _count(measure: Mapping[str, Any], given: Sources, year: int) -> Figure:
    """How many zones are above a limit; with zones unknown, between which numbers it lies."""
    item, limit = measure["count"], measure["more_than"]
    figures = {zone: _in(_stated(given, item, zone, year), measure["unit"]).value for zone in given.zones}
    above = sum(value > limit for value in figures.values() if value is not None)
    unknown = [zone for zone, value in figures.items() if value is None]
    name = f"zones.{item}.over_{limit}.{year}"
    value = None if unknown or not figures else float(above)
    term = f"{year}年{label(item)}大于{limit}{measure['unit']}的开发区数"
    told = Input(name, term, value, "1", f"statistics of {len(figures)} zones, {above} above", len(figures))
    if value is not None:
        return Figure(value, "1", (told,), "", value, value)
    why = (
        f"{label(item)} for {year} is not told for {len(unknown)} of {len(figures)} zones: {named(unknown)}."
    )
    why = why if figures else "No zone is given to count."
    return Figure(None, "1", (told,), why, float(above), float(above + len(unknown)))


def _ratio(top: Figure, base: Figure, *, unit: str) -> Figure:
    inputs = (*top.inputs, *base.inputs)
    if top.value is None or base.value is None:
        return Figure(None, unit, inputs, " ".join(filter(None, (top.reason, base.reason))))
    if unit == "1" and top.unit != base.unit:
        return Figure(None, unit, inputs, f"One is stated in {top.unit}, the other in {base.unit}.")
    if base.value <= 0:
        return Figure(
            None, unit, inputs, f"{base.inputs[0].label} is {base.value:g}: nothing can be divided by it."
        )
    return Figure(top.value / base.value, unit, inputs)


def _in(figure: Figure, unit: str) -> Figure:
    """The figure in another unit; unknown where there is no way."""
    if figure.value is None or figure.unit == unit:
        return figure
    try:
        return Figure(round_trip(figure.value * _factor(figure.unit, unit)), unit, figure.inputs)
    except UnitMismatch as odd:
        return Figure(None, unit, figure.inputs, str(odd))


@cache
def _factor(unit: str, wanted: str) -> float:
    return convert(1.0, unit, wanted)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)

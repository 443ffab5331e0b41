"""Stated figures (统计取值): what conditions take from statistics and ranks of a zone, by year.

The newest year is the last, until the day of the request, for which the figure is stated; it is told with the
figure. A year that nobody has stated is unknown, never zero. A rank that an office has published is stated as
two statistics, `<name>_rank` and `<name>_zones`; one that the book makes has the code of its result.
"""

from __future__ import annotations

from decimal import Decimal

from data.errors import UnitMismatch
from data.records import Dated, Input
from data.units import convert
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.measured import Measured, asked_of, counted
from geo.boundary_change.conditions.years import Stated, Years
from geo.boundary_change.request import Request

MEAN = "province_mean"


def statistic(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """A statistic of the newest year, of the zone or of its region."""
    may = {"statistic": "", "at": ("latest",), "of": ("zone", "region")}
    said = asked_of(condition.rule, condition.measure, may)
    years = Years.of(request, grounds, said["of"])
    told = years.newest(str(said["statistic"]))
    return told.figure(f"{told.item} of {told.year}" if told.year else "")


def ratio(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """One statistic over another, of the newest year in which both are stated.

    Formula: ratio / to
    """
    said = asked_of(condition.rule, condition.measure, {"ratio": "", "to": ""})
    top, base = str(said["ratio"]), str(said["to"])
    years = Years.of(request, grounds)
    both = sorted(set(years.stated(top)) & set(years.stated(base)))
    if not both:
        lacking = [years.newest(item).reason for item in (top, base)]
        why = " ".join(filter(None, lacking)) or f"{top} and {base} are not stated for the same year."
        return Measured(None, "1", why)
    over, under = years.at(top, both[-1]), years.at(base, both[-1])
    inputs = (*over.inputs, *under.inputs)
    if over.unit != under.unit:
        why = f"{top} is stated in {over.unit}, {base} in {under.unit}. State both in one unit."
        return Measured(None, "1", why, inputs=inputs)
    if not under.value or under.value < 0 or over.value is None:
        return Measured(None, "1", f"{base} of {both[-1]} is {under.value:g}: nothing is divided by it.")
    return Measured(over.value / under.value, "1", "", f"{top} / {base}, {both[-1]}", inputs)


def per_area(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """A statistic of the newest year over the area of one of the request's shapes.

    Formula: statistic / area(of), in the unit of the limit

    Raises
    ------
    UnitMismatch : that unit is none of an amount per area
    """
    shapes = ("boundary", "after", "asked", "gives_up", "added", "lost")
    said = asked_of(condition.rule, condition.measure, {"per_area": "", "of": shapes})
    told = Years.of(request, grounds).newest(str(said["per_area"]))
    area = request.shape(said["of"]).area
    inputs = (*told.inputs, Input(f"area.{said['of']}", f"{said['of']} 面积", area, "m2", "request"))
    amount, _, per = limit.unit.partition("/")
    if told.value is None:
        return Measured(None, limit.unit, told.reason, inputs=inputs)
    if not area:
        why = f"The request has no such land ({said['of']}), so nothing is divided by it."
        return Measured(None, limit.unit, why, inputs=inputs)
    try:
        value = convert(told.value, told.unit, amount)
    except UnitMismatch as odd:
        return Measured(None, limit.unit, f"It is stated in {told.unit}. {odd}", inputs=inputs)
    formula = f"{told.item} of {told.year} / area({said['of']})"
    return Measured(value / convert(area, "m2", per or "1"), limit.unit, "", formula, inputs)


def growth(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """Yearly growth of a statistic over the last years, or in how many of them it was above the province's.

    Formula: (newest / years before)^(1/years) - 1; or the count of years in which stated / stated the year
    before was greater than that of the province's zones together, as the region states it
    """
    may = {"growth": "", "years": 1, "above": ("", MEAN)}
    said = asked_of(condition.rule, condition.measure, may)
    item, count = str(said["growth"]), counted(condition.rule, said, "years")
    own = Years.of(request, grounds)
    newest = own.newest(item)
    unit = "year" if said["above"] else "1"
    if newest.year is None:
        return Measured(None, unit, newest.reason)
    span = range(newest.year - count, newest.year + 1, 1 if said["above"] else count)
    sides = [own, Years.of(request, grounds, "province")] if said["above"] else [own]
    told = [[side.at(item, year) for year in span] for side in sides]
    inputs = tuple(each for side in told for one in side for each in one.inputs)
    odd = [why for side in told for one in side if (why := _not_growing(item, one, one is side[-1]))]
    if odd:
        return Measured(None, unit, " ".join(odd), inputs=inputs)
    exact = [[Decimal(repr(one.value)) for one in side] for side in told]
    if not said["above"]:
        mean = float(exact[0][-1] / exact[0][0]) ** (1 / count) - 1
        formula = f"({item} of {span[-1]} / {item} of {span[0]})^(1/{count}) - 1"
        return Measured(mean, "1", "", formula, inputs)
    zone, all_zones = exact
    above = sum(
        zone[at] * all_zones[at - 1] > all_zones[at] * zone[at - 1] for at in range(1, count + 1)
    )  # multiplied out, so that equal growth is equal
    formula = f"years of {span[1]} to {span[-1]} in which {item} grew faster than that of the province"
    return Measured(float(above), "year", "", formula, inputs)


def _not_growing(item: str, one: Stated, last: bool) -> str:
    """Why no growth can be told from or to a figure; empty when it can."""
    if one.value is None:
        return one.reason
    if one.value > 0 or (last and one.value == 0):
        return ""
    return f"{item} of {one.year} is {one.value:g}: no growth can be told from it."


def rank(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """Place among those ranked together, share of them, or years among the first or last so many.

    Formula: place from the top, or ranked - place + 1 from the bottom; share = place / ranked. Of years,
    those without a rank leave the count between two bounds
    """
    ways = ("place", "share", "years")
    may = {"rank": "", "as": ways, "from": ("top", "bottom"), "within": 1, "years": 1}
    said = asked_of(condition.rule, condition.measure, may)
    name, within = str(said["rank"]), counted(condition.rule, said, "within")
    years = Years.of(request, grounds)
    last = years.last_ranked(name)
    if last is None:
        return Measured(None, "", years.no_rank(name))
    first = last + 1 - counted(condition.rule, said, "years")
    span = range(first, last + 1) if said["as"] == "years" else (last,)
    told = [years.ranked(name, year, said["from"] == "bottom") for year in span]
    inputs = tuple(each for one in told for each in one.inputs)
    lacking = " ".join(one.reason for one in told if one.value is None)
    side = f"place of {name} from the {said['from']}"
    if said["as"] != "years":
        place, of = told[0].value, told[0].of
        if place is None or of is None:
            return Measured(None, "1", lacking, inputs=inputs)
        share = said["as"] == "share"
        formula = f"{side} / ranked, {last}" if share else f"{side}, {last}"
        return Measured(place / of if share else place, "1", "", formula, inputs)
    known = sum(one.value <= within for one in told if one.value is not None)
    formula = f"years of {span[0]} to {last} in which the {side} was {within} or less"
    if lacking:
        most = known + sum(one.value is None for one in told)
        return Measured(None, "year", lacking, formula, inputs, (float(known), float(most)))
    return Measured(float(known), "year", "", formula, inputs)

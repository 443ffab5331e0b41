"""Leagues of zones (分类排名): the yearly evaluation of land use by four indicators (豫政办〔2023〕13号).

    score = Σ weight x 100 x figure / best figure of the league

A zone that lacks an indicator is not ranked and takes no place; its figures do not set the best either.
Last year's ranks are reckoned with this year's table, so that a change of rank is one of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.errors import ColumnMissing, RuleFileError
from data.records import Dated, Fault
from data.units import convert
from geo.standing.measured import Row
from geo.standing.scheme import Scheme, scheme
from geo.standing.statements import Statements, label, read

HENAN = "henan_2023_13"


@dataclass(frozen=True)
class Standing:
    """Zones of a year in their leagues.

    Parameters
    ----------
    rows : one row per zone, by league, rank and code: zone, name, league, league_label, each indicator and
        its `<indicator>_score`, score, rank, of, previous_rank, change (places gained since the year before;
        negative: lost), reason (why it has no rank), change_reason
    ends : league, indicator (or score), best_zone, best, worst_zone, worst, zones; the first by code where
        several are equal
    weights, split : the dated rules that were in force
    normalisation : best or mean
    """

    year: int
    scheme: str
    label: str
    normalisation: str
    rows: pd.DataFrame
    ends: pd.DataFrame
    weights: Mapping[str, Dated]
    split: Dated
    faults: tuple[Fault, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is not known is null."""
        return {
            "year": self.year,
            "scheme": self.scheme,
            "label": self.label,
            "normalisation": self.normalisation,
            "weights": {code: each.as_json() for code, each in self.weights.items()},
            "split": self.split.as_json(),
            "rows": plain(self.rows),
            "ends": plain(self.ends),
            "faults": [each.as_json() for each in self.faults],
        }


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, None for what is missing.

    >>> plain(pd.DataFrame({"a": [1.0, float("nan")]}))
    [{'a': 1.0}, {'a': None}]
    """
    told = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in told.to_dict("records")]


def league(
    zones: pd.DataFrame,
    results: Iterable[Row],
    statistics: pd.DataFrame,
    *,
    year: int,
    day: date,
    region: str,
    name: str = HENAN,
) -> Standing:
    """Zones scored and ranked in their leagues.

    Parameters
    ----------
    zones : code, name, level (national, provincial), purpose (advanced_manufacturing, modern_services)
    results : rows of `Book.results`; tax_per_mu and plot_ratio of `year` and the year before are used
    statistics : revenue, value_added_above_scale and fixed_investment of both years
    day, region : which weights and which split are in force
    name : the evaluation, a file of `data/rules/standing/leagues`

    Raises
    ------
    ColumnMissing : the zones have no code, or the statistics lack a column
    RuleFileError : the weights do not add up to 1
    NoValueOnDay : no weights were in force that day
    """
    if "code" not in zones:
        raise ColumnMissing("code", "A league", zones.columns)
    table = scheme(name)
    weights, split = table.weighed(day, region), table.parted(day, region)
    registry = zones.drop_duplicates("code").sort_values("code").set_index("code", drop=False)
    kept, stated = list(results), read(statistics)
    given = _Given(registry, kept, stated, table, {code: float(w.value or 0) for code, w in weights.items()})
    now, before = (_ranked(given, each, float(split.value or 0)) for each in (year, year - 1))
    rows = _changed(now, before, year)
    rows = rows.sort_values(["league", "rank", "zone"], na_position="last").reset_index(drop=True)
    return Standing(
        year=year,
        scheme=table.name,
        label=table.label,
        normalisation=table.normalisation,
        rows=rows,
        ends=_ends(rows, table),
        weights=weights,
        split=split,
        faults=stated.faults,
    )


@dataclass(frozen=True)
class _Given:
    """What one year is ranked from."""

    registry: pd.DataFrame
    results: list[Row]
    stated: Statements
    table: Scheme
    weights: Mapping[str, float]


def _ranked(given: _Given, year: int, split: float) -> pd.DataFrame:
    """One year's figures, scores and ranks, on the index of zones."""
    registry, table = given.registry, given.table
    blank = pd.Series(None, index=registry.index, dtype="str")
    leagues, odd = _leagues(given, year, split)
    rows = pd.DataFrame({"zone": registry["code"], "name": registry.get("name", blank), "league": leagues})
    rows["league_label"] = leagues.map(table.leagues)
    for code, about in table.indicators.items():
        rows[code], why = _figures(given, about, year)
        odd = odd + why
    codes = list(table.indicators)
    complete = leagues.notna() & rows[codes].notna().all(axis=1)
    grouped = rows[codes].where(complete).groupby(leagues.fillna(""))
    base = grouped.transform("max" if table.normalisation == "best" else "mean")
    useless = base.le(0) & complete.to_numpy()[:, None]
    for code in codes:
        odd = odd.mask(
            useless[code], odd + f"The {table.normalisation} {code} of the league is not above zero. "
        )
    complete &= ~useless.any(axis=1)
    scores = rows[codes].where(complete) / base * 100 * pd.Series(given.weights)
    rows = rows.join(scores.add_suffix("_score"))
    rows["score"] = scores.sum(axis=1, min_count=len(codes)).round(table.decimals)
    places = rows["score"].groupby(leagues.fillna(""))
    rows["rank"] = places.rank(method="min", ascending=False).astype("Int64")
    rows["of"] = places.transform("count").where(leagues.notna()).astype("Int64")
    rows["reason"] = odd.where(rows["rank"].isna(), "").str.strip()
    return rows


def _leagues(given: _Given, year: int, split: float) -> tuple[pd.Series, pd.Series]:
    """The league of each zone, and why it has none: three answers, for revenue or level may be unknown."""
    registry = given.registry
    blank = pd.Series(None, index=registry.index, dtype="str")
    purpose, level = registry.get("purpose", blank), registry.get("level", blank)
    told = given.stated.column("revenue", year).reindex(registry.index)
    revenue = told["value"].where(told["unit"].eq("CNY100M"))
    making = purpose.eq("advanced_manufacturing")
    upper = making & (level.eq("national") | revenue.gt(split))
    lower = making & level.eq("provincial") & revenue.lt(split)
    found = blank.mask(purpose.eq("modern_services"), "services")
    found = found.mask(upper, "manufacturing_upper").mask(lower, "manufacturing_lower")
    why = pd.Series("", index=registry.index, dtype="str")
    why = why.mask(purpose.isna(), "Its purpose (参评类别) is not stated, so its league cannot be told. ")
    open_ = making & found.isna()
    silent = f"Its revenue of {year} is not stated, so its league cannot be told. "
    why = why.mask(open_ & revenue.isna(), silent)
    why = why.mask(
        open_ & revenue.eq(split), f"Its revenue of {year} is {split:g}, for which no league is named. "
    )
    vague = "Its level (级别) is not stated, so its league cannot be told. "
    why = why.mask(open_ & revenue.lt(split), vague)
    other = purpose.notna() & ~purpose.isin(["advanced_manufacturing", "modern_services"])
    return found, why.mask(other, "No league is made for its purpose (参评类别). ")


def _figures(given: _Given, about: Mapping[str, Any], year: int) -> tuple[pd.Series, pd.Series]:
    """One indicator of all zones, and what is missing where it is."""
    measure, unit, index = about["measure"], about["unit"], given.registry.index
    if "result" in measure:
        code = measure["result"]
        rows = _rows(given.results, code, year)
        found = {zone: row["value"] for zone, row in rows.items() if row.get("unit", unit) == unit}
        values = pd.Series(found, dtype="float64").reindex(index)
        return values, _said(values, f"{about['label']} ({code}) of {year} is not told. ")
    if "per_mu" not in measure:
        raise RuleFileError(
            f"{given.table.name}: {dict(measure)} is neither a result nor a statistic per mu."
        )
    item, base = measure["per_mu"], measure["area"]
    stated = given.stated.column(item, year).reindex(index)
    factor = convert(1.0, "CNY100M", "CNY10k")
    money = stated["value"].where(stated["unit"].eq("CNY100M")) * factor
    areas = {
        zone: (row.get("breakdown") or {}).get(f"area_mu.{base}")
        for zone, row in _rows(given.results, "tax_per_mu", year).items()
    }
    area = pd.Series(areas, dtype="float64").reindex(index)
    area = area.where(area > 0)
    why = _said(money, f"{label(item)} ({item}) of {year} is not stated. ")
    return money / area, why + _said(area, f"The area {base} of {year}, for {about['label']}, is not known. ")


def _rows(results: list[Row], code: str, year: int) -> dict[str, Row]:
    return {str(row["zone"]): row for row in results if row["code"] == code and row["year"] == year}


def _said(values: pd.Series, why: str) -> pd.Series:
    return pd.Series(np.where(values.isna(), why, ""), index=values.index, dtype="str")


def _changed(now: pd.DataFrame, before: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the year with last year's rank, where both were reached in one league."""
    same = now["league"].eq(before["league"])
    rank, last = now["rank"], before["rank"]
    change = (last - rank).where(same & rank.notna() & last.notna())
    why = pd.Series("", index=now.index, dtype="str")
    why = why.mask(
        ~same & before["league"].notna() & now["league"].notna(), f"In {year - 1} it was in another league."
    )
    why = why.mask(last.isna(), f"It had no rank in {year - 1}: " + before["reason"])
    return now.assign(previous_rank=last, change=change, change_reason=why.mask(rank.isna(), ""))


def _ends(rows: pd.DataFrame, table: Scheme) -> pd.DataFrame:
    """Best and worst of each league, by each indicator and by score, among those that are ranked."""
    ranked = rows[rows["rank"].notna()].sort_values("zone").set_index("zone")
    told = []
    for code, group in ranked.groupby("league", sort=True):
        for column in (*table.indicators, "score"):
            figures = group[column]
            best, worst = figures.idxmax(), figures.idxmin()
            told.append((code, column, best, figures.max(), worst, figures.min(), len(group)))
    names = ["league", "indicator", "best_zone", "best", "worst_zone", "worst", "zones"]
    return pd.DataFrame(told, columns=names)

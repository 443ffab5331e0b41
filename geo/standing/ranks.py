"""Ranks of any result (位次): where each zone stands by one figure in a year, and how that has changed.

Which way is better is a matter of the code. Where neither is (`neutral`), zones have a place in the order
of the figure but no rank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from geo.standing.measured import Row

HIGHER, LOWER, NEUTRAL = "higher", "lower", "neutral"
DIRECTIONS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("development_rate", "supply_rate", "built_rate"),
            *("plot_ratio", "industrial_plot_ratio", "building_density", "industrial_building_coefficient"),
            *("investment_intensity", "industrial_tax_per_mu", "tax_per_mu"),
            *("value_added_per_mu", "revenue_per_mu"),
        ),
        HIGHER,
    ),
    **dict.fromkeys(
        (
            *("idle_rate", "idle_area_mu", "idle_projects", "exit_area_mu", "exit_enterprises"),
            *("emissions_per_mu", "emissions_per_value_added"),
        ),
        LOWER,
    ),
}
NAMES = [
    *("code", "year", "zone", "value", "unit", "direction", "rank", "of", "quantile"),
    *("previous_rank", "change", "best", "worst", "best_zone", "worst_zone", "reason"),
]


def direction(code: str) -> str:
    """Whether a higher or a lower figure is better, or neither.

    A share of a kind of land is neutral: the plan wants at least so much of it, not ever more.

    >>> direction("tax_per_mu"), direction("idle_rate"), direction("industrial_share")
    ('higher', 'lower', 'neutral')
    """
    return DIRECTIONS.get(code, NEUTRAL)


def ranks(
    results: Iterable[Row],
    *,
    codes: Collection[str] = (),
    zones: Collection[str] = (),
    years: Collection[int] = (),
) -> pd.DataFrame:
    """Ranks of every code, year and zone.

    Parameters
    ----------
    results : rows of `Book.results`: zone, year, code, value, unit, reason; of two of one zone, code and
        year the later one counts
    codes, zones, years : which to rank; all that the results hold by default. A zone that is named and has
        no result is there without a rank, and says so

    Returns
    -------
    DataFrame, by code, year, rank and zone: value, unit, direction, rank (equal figures share one), of (zones
    ranked), quantile (1 for the best, 0 for the worst; by rising figure where neutral; missing where one
    alone is there), previous_rank and change (places gained since the year before), best, worst and whose
    they are, reason why there is no rank
    """
    frame = _frame(results, codes, zones, years)
    keys = [frame["code"], frame["year"]]
    known = frame["value"].notna() & ~_odd_unit(frame)
    figures = frame["value"].where(known)
    better = frame["direction"].eq(LOWER).map({True: -1.0, False: 1.0}) * figures
    place = better.groupby(keys).rank(method="min", ascending=False)
    lowest = better.groupby(keys).rank(method="min")
    of = better.groupby(keys).transform("count")
    ranked = frame["direction"].ne(NEUTRAL)
    frame = frame.assign(
        rank=place.where(ranked).astype("Int64"),
        of=of.astype("Int64"),
        quantile=((of - place) / (of - 1).where(of > 1)).where(ranked, (lowest - 1) / (of - 1).where(of > 1)),
    )
    frame = _ends(frame.assign(better=better))
    frame = _before(frame)
    frame["reason"] = _reasons(frame, known)
    ordered = frame.sort_values(["code", "year", "rank", "zone"], na_position="last")
    asked = ordered["year"].isin(list(years)) if years else pd.Series(True, index=ordered.index)
    return ordered.loc[asked, NAMES].reset_index(drop=True)


def _frame(
    results: Iterable[Row], codes: Collection[str], zones: Collection[str], years: Collection[int]
) -> pd.DataFrame:
    """One row per code, year and zone; zones without a result are there, with no value."""
    names = ("zone", "year", "code", "value", "unit", "reason")
    wanted, within = set(codes), set(zones)
    span = {year - back for year in years for back in (0, 1)}
    kept = [
        tuple(row.get(name) for name in names)
        for row in results
        if (not wanted or row["code"] in wanted)
        and (not within or row["zone"] in within)
        and (not span or row["year"] in span)
    ]
    frame = pd.DataFrame(kept, columns=list(names)).drop_duplicates(["zone", "year", "code"], keep="last")
    if within:
        there = frame[["code", "year"]].drop_duplicates()
        named = pd.MultiIndex.from_product([wanted, years], names=["code", "year"]).to_frame(index=False)
        whole = pd.concat([there, named]).drop_duplicates() if len(named) else there
        grid = whole.merge(pd.DataFrame({"zone": sorted(within)}), how="cross")
        frame = grid.merge(frame, on=["zone", "year", "code"], how="left")
    frame = frame.reset_index(drop=True)
    return frame.assign(
        value=pd.to_numeric(frame["value"], errors="coerce").astype("float64"),
        year=frame["year"].astype("int64"),
        zone=frame["zone"].astype("str"),
        code=frame["code"].astype("str"),
        unit=frame["unit"].astype("str"),
        direction=frame["code"].astype("str").map(direction),
    )


def _odd_unit(frame: pd.DataFrame) -> pd.Series:
    """Whether a figure is in another unit than most of its code and year."""
    keys = ["code", "year"]
    told = frame[frame["value"].notna() & frame["unit"].notna()]
    counts = told.groupby([*keys, "unit"]).size().rename("count").reset_index()
    usual = counts.sort_values(["count", "unit"], ascending=[False, True]).drop_duplicates(keys)
    expected = frame[keys].merge(usual, on=keys, how="left")["unit"]
    return frame["unit"].notna() & expected.notna() & frame["unit"].ne(expected)


def _ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Best and worst of each code and year; the first zone by code where several are equal."""
    told = frame[frame["better"].notna()].sort_values("zone").groupby(["code", "year"])["better"]
    best, worst = frame.loc[told.idxmax()], frame.loc[told.idxmin()]
    keys = ["code", "year"]
    tops = best[[*keys, "value", "zone"]].rename(columns={"value": "best", "zone": "best_zone"})
    tails = worst[[*keys, "value", "zone"]].rename(columns={"value": "worst", "zone": "worst_zone"})
    return frame.merge(tops, on=keys, how="left").merge(tails, on=keys, how="left")


def _before(frame: pd.DataFrame) -> pd.DataFrame:
    """With the rank of the year before, and the places gained since."""
    last = (
        frame[["code", "zone", "rank"]]
        .assign(year=frame["year"] + 1)
        .rename(columns={"rank": "previous_rank"})
    )
    joined = frame.merge(last, on=["code", "zone", "year"], how="left")
    return joined.assign(change=joined["previous_rank"] - joined["rank"])


def _reasons(frame: pd.DataFrame, known: pd.Series) -> pd.Series:
    silent = frame["code"] + " of " + frame["year"].astype("str") + " is not assessed for this zone."
    given = frame["reason"].astype("str")
    why = given.where(given.notna() & given.ne(""), silent)
    why = why.where(
        frame["value"].isna(), "Its unit " + frame["unit"].fillna("") + " is not that of the others."
    )
    neutral = "Neither more nor less of it is better, so it has a place but no rank."
    usual = pd.Series("", index=frame.index, dtype="str").mask(frame["direction"].eq(NEUTRAL), neutral)
    return why.mask(known.to_numpy(), usual)

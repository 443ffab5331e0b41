"""What stands in the way of counting a measure (减排措施核查)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from carbon import CATEGORIES
from data.records import Fault, Severity

STATES = ("planned", "running", "done")
"""The states of measures that are counted; what is dropped is not"""
Check = tuple[str, str, "pd.Series[bool]", str, str, Severity]


def measure_faults(rows: pd.DataFrame, enterprises: Collection[str] | None) -> Iterator[Fault]:
    """Everything wrong with measures, one kind of fault after another.

    Parameters
    ----------
    rows : as `Measures.rows`
    enterprises : ids of the zone's enterprises; None: not checked
    """
    for code, column, wrong, message, remedy, severity in _checks(rows, enterprises):
        for row in rows[wrong.to_numpy(bool)].to_dict("records"):
            said = message.format(**{str(name): value for name, value in row.items()})
            about = " ".join(filter(None, (row["measure_id"], row["name"])))
            yield Fault(
                code, f"{about}: {said}", remedy, severity, "measures", str(row["measure_id"]), column=column
            )


def _checks(rows: pd.DataFrame, enterprises: Collection[str] | None) -> tuple[Check, ...]:
    """Each check: code, column, the rows it concerns, what is wrong, what to do, how grave."""
    ours = rows["state"].isin(STATES)
    firm = rows["enterprise_id"]
    strange = firm.ne("") & ~firm.isin(list(enterprises if enterprises is not None else firm))
    number = rows["reduction_tco2e"]
    return (
        ("measure_unreadable", "", rows["unread"].ne(""),
         "What stands in{unread} is no number or no day, and is taken as not stated.",
         "Write digits, and days as 2024-07-01.", Severity.ERROR),
        ("measure_ends_before_start", "ends_on", rows["ends_on"] <= rows["starts_on"],
         "It ends on {ends_on:%Y-%m-%d} and starts on {starts_on:%Y-%m-%d}, so it never works.",
         "Correct one of the two days.", Severity.ERROR),
        ("measure_without_reduction", "reduction_tco2e", ours & number.isna(),
         "It states no reduction, so the sum of every year in which it works is open.",
         "State the yearly reduction, or write dropped when there will be none.", Severity.ERROR),
        ("measure_reduction_negative", "reduction_tco2e", number < 0,
         "It states {reduction_tco2e:g} tCO2e, which would add to the emissions; it is counted so.",
         "State a reduction as a positive number.", Severity.WARNING),
        ("measure_without_start", "starts_on", ours & rows["starts_on"].isna(),
         "It states no day from which it works, and counts in no year.",
         "State the day from which it reduces.", Severity.WARNING),
        ("measure_enterprise_unknown", "enterprise_id", strange,
         "It belongs to {enterprise_id}, which is no enterprise of the zone.",
         "Correct the id, or leave it blank when it is the zone's own.", Severity.ERROR),
        ("measure_state_unknown", "state", ~ours & (rows["state"] != "dropped"),
         "Its state is {state!r}, and it is not counted.",
         f"Write one of {', '.join(STATES)}, dropped.", Severity.ERROR),
        ("measure_stated_twice", "measure_id", rows.duplicated("measure_id"),
         "Its id stands there twice; both are counted.", "Strike one, or give it an id of its own.",
         Severity.WARNING),
        ("measure_category_unknown", "category", ~rows["category"].isin(["", *CATEGORIES]),
         "{category} is no category of emissions, so it cannot be held against any.",
         "Write one of the categories of 能源与物料, or leave it blank.", Severity.WARNING),
    )  # fmt: skip

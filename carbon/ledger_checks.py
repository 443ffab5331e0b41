"""What is checked in a ledger (台账核查): each row, rows against each other, and what nobody has stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import CATEGORIES, names
from data.records import Fault, Severity

# A notation that stands for nothing emitted here, and one that stands for something not known
NOTHING, UNKNOWN = ("NO", "NA", "IE"), ("NE", "C")
Row = Any  # a row of itertuples: its fields are the columns
Said = Callable[[Row], str]
Check = tuple[str, str, "pd.Series[bool]", Said, Said]


def checked(lines: pd.DataFrame, zone: str, rows: Mapping[int, slice]) -> dict[int, tuple[Fault, ...]]:
    """What a person should mend or know, by year; the first problem of each line is written to it.

    Parameters
    ----------
    lines : as `carbon.ledger` makes them, one year after another; `problem` is filled in
    rows : year -> its rows among the lines
    """
    faults: dict[int, list[Fault]] = {year: [] for year in rows}
    for code, column, wrong, message, remedy in _checks(lines, zone):
        at = wrong.to_numpy(dtype=bool)
        if not at.any():
            continue
        lines.loc[at & (lines["problem"] == "").to_numpy(), "problem"] = code
        odd: Iterable[Row] = lines[at].itertuples()
        for row in odd:
            said = _fault(row, code=code, column=column, message=message(row), remedy=remedy(row))
            faults[row.year].append(said)
    for row in _twice(lines):
        faults[row.year].append(_again(row))
    categories = lines["category"].to_numpy()
    return {
        year: (*said, *_silent_categories(categories[rows[year]], zone, year))
        for year, said in faults.items()
    }


def _checks(lines: pd.DataFrame, zone: str) -> Iterator[Check]:
    """Each check: code, column, the rows it concerns, what happened, what to do."""
    yield from _name_checks(lines)
    yield from _notation_checks(lines)
    yield from _amount_checks(lines)
    yield from _supplier_checks(lines, zone)


def _name_checks(lines: pd.DataFrame) -> Iterator[Check]:
    yield (
        "category_unknown",
        "category",
        lines["category"] == "",
        lambda row: f"{row.stated_category or 'A blank'} is no category that the inventory knows.",
        lambda row: f"Write one of {', '.join(_bilingual())}.",
    )
    yield (
        "item_unknown",
        "item",
        (lines["item"] == "") & (lines["category"] != ""),
        lambda row: f"{row.stated_item or 'A blank'} is no item of {row.category} that the inventory knows.",
        _nearest_item,
    )


def _notation_checks(lines: pd.DataFrame) -> Iterator[Check]:
    notation = lines["notation"]
    known = notation.isin([*NOTHING, *UNKNOWN])
    yield (
        "notation_unknown",
        "notation",
        (notation != "") & ~known,
        lambda row: f"{row.notation} is no notation.",
        lambda row: "Write NE, NO, IE, C or NA with an explanation, or an amount.",
    )
    yield (
        "notation_unexplained",
        "explanation",
        known & (lines["explanation"] == ""),
        lambda row: f"{row.notation} stands without an explanation.",
        lambda row: "Say in the explanation why there is no amount.",
    )


def _amount_checks(lines: pd.DataFrame) -> Iterator[Check]:
    amount, keyed = lines["amount"], lines["notation"] != ""
    stated = amount.notna()
    yield (
        "amount_not_a_number",
        "amount",
        lines["stated_amount"].notna() & ~stated,
        lambda row: f"The amount is {row.stated_amount!r}.",
        lambda row: "Write a number, or leave it blank and write a notation with an explanation.",
    )
    yield (
        "amount_and_notation",
        "notation",
        stated & lines["notation"].isin([*NOTHING, *UNKNOWN]),
        lambda row: f"The amount is {row.amount:g}, and {row.notation} says that there is none.",
        lambda row: "Keep one of the two.",
    )
    yield (
        "amount_blank",
        "amount",
        lines["stated_amount"].isna() & ~keyed,
        lambda row: "There is no amount, and no notation that says why.",
        lambda row: "State the amount (0 when it is zero), or write NE, NO, IE, C or NA and explain it.",
    )
    yield (
        "amount_impossible",
        "amount",
        stated & ~amount.between(0, 1e15),
        lambda row: f"The amount is {row.amount:g} {row.unit}.",
        lambda row: "State what was used as a positive number; what was sold has its own items.",
    )


def _supplier_checks(lines: pd.DataFrame, zone: str) -> Iterator[Check]:
    supplier, buyer = lines["supplier_id"], lines["enterprise_id"].replace("", zone)
    inside = lines["item"] == "bought_in_park"
    named = inside & (supplier != "")
    yield (
        "supplier_missing",
        "supplier_id",
        inside & (supplier == ""),
        lambda row: f"{row.stated_item} was bought inside the park, and nobody is named who supplied it.",
        lambda row: "Write the supplier's id; if it came from outside, name the item as bought.",
    )
    yield (
        "supplier_is_buyer",
        "supplier_id",
        inside & (supplier == buyer),
        lambda row: f"{row.supplier_id} is said to have bought {row.category} from itself.",
        lambda row: "Name the true supplier, or the item own_generated.",
    )
    yield (
        "supplier_silent",
        "supplier_id",
        named & ~_has_stated(supplier, buyer, lines["year"]) if named.any() else named,
        lambda row: f"{row.supplier_id} supplied {row.category}, and has stated nothing itself this year.",
        lambda row: "Add the supplier's statements; if it stands outside the park, leave supplier_id blank.",
    )


def _twice(lines: pd.DataFrame) -> Iterable[Row]:
    """The rows that say once more what an earlier one of their year has said."""
    key = ["year", "enterprise_id", "category", "item", "supplier_id", "unit", "amount"]
    again = lines.duplicated(key) & (lines["problem"] == "") & lines["amount"].gt(0)
    return lines[again].itertuples() if again.any() else ()


def _has_stated(supplier: pd.Series, buyer: pd.Series, year: pd.Series) -> pd.Series[bool]:
    """Whether each supplier has stated something of its own in the year."""
    if year.min() == year.max():
        return supplier.isin(buyer.unique())
    of = year.astype("str") + " "
    return (of + supplier).isin((of + buyer).unique())


def _again(row: Row) -> Fault:
    return _fault(
        row,
        code="stated_twice",
        message=f"{row.amount:g} {row.unit} stands there twice; both are counted.",
        remedy="Strike one if it is the same delivery.",
        severity=Severity.WARNING,
    )


def _silent_categories(stated_categories: NDArray[np.object_], zone: str, year: int) -> list[Fault]:
    if not len(stated_categories):
        remedy = "Ingest the statements of that year, or ask for another."
        return [
            Fault(
                "nothing_stated",
                f"Nobody in {zone} has stated anything for {year}.",
                remedy,
                layer="activity",
            )
        ]
    stated = set(stated_categories)
    return [
        Fault(
            code="category_not_stated",
            message=f"Nobody in {zone} has stated any {category.name} ({category.label}) for {year}.",
            remedy="State it, or write one row with NO and an explanation when it does not occur.",
            severity=Severity.WARNING,
            layer="activity",
            feature=category.name,
        )
        for category in CATEGORIES.values()
        if category.quote is not None and category.name not in stated
    ]


def _fault(row: Row, **said: Any) -> Fault:
    feature = " ".join(t for t in (row.enterprise_id, row.stated_category, row.stated_item) if t)
    return Fault(
        layer="activity",
        feature=feature,
        row=int(row.row) if row.row >= 0 else None,
        **said,
    )


def _nearest_item(row: Row) -> str:
    known = names.items().get(row.category, {})
    near = get_close_matches(names.fold(row.stated_item), list(known), 5, 0.4) or list(known)[:8]
    return f"Near it: {', '.join(near)}. All names stand in data/factors/activity_names.csv."


def _bilingual() -> list[str]:
    return [f"{category.name} {category.label}" for category in CATEGORIES.values()]

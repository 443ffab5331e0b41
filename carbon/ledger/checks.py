"""What is checked in a ledger (台账核查): each row, rows against each other, and what nobody has stated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import CATEGORIES, names
from carbon.ledger.measured import measured_checks
from carbon.ledger.repeats import repeats
from carbon.ledger.words import Check, Row, of_row, shortened
from data.records import Fault, Severity

# A notation that stands for nothing emitted here, and one that stands for something not known
# Categories without which a total of every park stays open; others are asked for by its industries
ASKED = ("fuel", "electricity", "heat", "process", "conversion")
NOTHING, UNKNOWN = ("NO", "NA", "IE"), ("NE", "C")


def checked(
    lines: pd.DataFrame,
    of: Mapping[int, tuple[str, int]],
    rows: Mapping[int, slice],
    stated: pd.DataFrame,
    enterprises: Collection[str] | None = None,
) -> dict[int, tuple[Fault, ...]]:
    """What a person should mend or know, by account; the first problem of each line is written to it.

    Parameters
    ----------
    lines : as `carbon.ledger` makes them, one account after another; `problem` is filled in
    of : number of each account -> its zone and year
    rows : the same -> its rows among the lines
    stated : the same rows as they were given
    enterprises : ids that are known beside those that state something; None: nobody says
    """
    faults: dict[int, list[Fault]] = {number: [] for number in rows}
    for check in _checks(lines, stated, enterprises):
        at = check.wrong.to_numpy(dtype=bool)
        if not at.any():
            continue
        lines.loc[at & (lines["problem"] == "").to_numpy(), "problem"] = check.code
        for number, row in shortened(lines, at):
            faults[number].append(of_row(row, check) if isinstance(row, tuple) else check.more(row))
    for number, said in repeats(lines):
        faults[number].append(said)
    categories = lines["category"].to_numpy()
    return {
        number: (*said, *_silent_categories(categories[rows[number]], *of[number]))
        for number, said in faults.items()
    }


def _checks(
    lines: pd.DataFrame, stated: pd.DataFrame, enterprises: Collection[str] | None
) -> Iterator[Check]:
    """Each check with the rows it concerns."""
    yield from _name_checks(lines)
    yield from _notation_checks(lines)
    yield from _amount_checks(lines)
    yield from measured_checks(lines, stated)
    yield from _supplier_checks(lines, enterprises)


def _name_checks(lines: pd.DataFrame) -> Iterator[Check]:
    yield Check(
        "category_unknown",
        "category",
        lines["category"] == "",
        lambda row: f"{row.stated_category or 'A blank'} is no category that the inventory knows.",
        lambda row: f"Write one of {', '.join(_bilingual())}.",
    )
    yield Check(
        "item_unknown",
        "item",
        # a key may stand for a whole category, and then names no item of it
        (lines["item"] == "") & (lines["category"] != "") & (lines["notation"] == ""),
        lambda row: f"{row.stated_item or 'A blank'} is no item of {row.category} that the inventory knows.",
        _nearest_item,
    )


def _notation_checks(lines: pd.DataFrame) -> Iterator[Check]:
    notation = lines["notation"]
    known = notation.isin([*NOTHING, *UNKNOWN])
    yield Check(
        "notation_unknown",
        "notation",
        (notation != "") & ~known,
        lambda row: f"{row.notation} is no notation.",
        lambda row: "Write NE, NO, IE, C or NA with an explanation, or an amount.",
    )
    yield Check(
        "notation_unexplained",
        "explanation",
        known & (lines["explanation"] == ""),
        lambda row: f"{row.notation} stands without an explanation.",
        lambda row: "Say in the explanation why there is no amount.",
    )


def _amount_checks(lines: pd.DataFrame) -> Iterator[Check]:
    amount, keyed = lines["amount"], lines["notation"] != ""
    stated = amount.notna()
    yield Check(
        "amount_not_a_number",
        "amount",
        lines["stated_amount"].notna() & ~stated,
        lambda row: f"The amount is {row.stated_amount!r}.",
        lambda row: "Write a number, or leave it blank and write a notation with an explanation.",
    )
    yield Check(
        "amount_and_notation",
        "notation",
        stated & lines["notation"].isin([*NOTHING, *UNKNOWN]),
        lambda row: f"The amount is {row.amount:g}, and {row.notation} says that there is none.",
        lambda row: "Keep one of the two.",
    )
    yield Check(
        "amount_blank",
        "amount",
        lines["stated_amount"].isna() & ~keyed,
        lambda row: "There is no amount, and no notation that says why.",
        lambda row: "State the amount (0 when it is zero), or write NE, NO, IE, C or NA and explain it.",
    )
    yield Check(
        "amount_impossible",
        "amount",
        stated & ~amount.between(0, 1e15),
        lambda row: f"The amount is {row.amount:g} {row.unit}.",
        lambda row: (
            "State what was used as a positive number; what was sold, what a conversion yields and "
            "what is deducted have items of their own."
        ),
    )
    yield Check(
        "unit_missing",
        "unit",
        stated & ~keyed & (lines["unit"] == ""),
        lambda row: f"The amount {row.amount:g} stands without a unit.",
        lambda row: "Write the unit in which it was counted, as 吨, 万标准立方米, 万千瓦时 or 吉焦.",
    )


def _supplier_checks(lines: pd.DataFrame, enterprises: Collection[str] | None) -> Iterator[Check]:
    supplier, zone = lines["supplier_id"], lines["zone"]
    buyer = lines["enterprise_id"].where(lines["enterprise_id"] != "", zone)
    inside = lines["item"] == "bought_in_park"
    named = inside & (supplier != "")
    yield Check(
        "supplier_missing",
        "supplier_id",
        inside & (supplier == ""),
        lambda row: f"{row.stated_item} was bought inside the park, and nobody is named who supplied it.",
        lambda row: "Write the supplier's id; if it came from outside, name the item as bought.",
    )
    yield Check(
        "supplier_is_buyer",
        "supplier_id",
        inside & (supplier == buyer),
        lambda row: f"{row.supplier_id} is said to have bought {row.category} from itself.",
        lambda row: "Name the true supplier, or the item own_generated.",
    )
    silent = named & ~_has_stated(supplier, buyer, lines["account"]) if named.any() else named
    known = silent if enterprises is None else supplier.isin([*enterprises]) | (supplier == zone)
    yield Check(
        "supplier_unknown",
        "supplier_id",
        silent & ~known,
        lambda row: (
            f"{row.supplier_id} is said to have supplied {row.category}, and there is no such "
            "enterprise: it has stated nothing, and the enterprises do not list it."
        ),
        lambda row: "Correct the id; if the supplier stands outside the park, leave supplier_id blank.",
    )
    yield Check(
        "supplier_silent",
        "supplier_id",
        silent & known,
        lambda row: f"{row.supplier_id} supplied {row.category}, and has stated nothing itself this year.",
        lambda row: "Add the supplier's statements; if it stands outside the park, leave supplier_id blank.",
    )


def _has_stated(supplier: pd.Series, buyer: pd.Series, account: pd.Series) -> pd.Series[bool]:
    """Whether each supplier has stated something of its own in the same account."""
    if account.min() == account.max():
        return supplier.isin(buyer.unique())
    of = account.astype("str") + " "
    return (of + supplier).isin((of + buyer).unique())


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
        for category in map(CATEGORIES.get, ASKED)
        if category is not None and category.name not in stated
    ]


def _nearest_item(row: Row) -> str:
    known = names.items().get(row.category, {})
    near = get_close_matches(names.fold(row.stated_item), list(known), 5, 0.4) or list(known)[:8]
    return f"Near it: {', '.join(near)}. All names stand in data/factors/activity_names.csv."


def _bilingual() -> list[str]:
    return [f"{category.name} {category.label}" for category in CATEGORIES.values()]

"""Ledger (能源台账): the statements of one zone and year, read into rows that can be priced.

Every row comes out again: with an amount, with a notation that stands for one, or with the problem that
keeps it from being told. A blank is not a zero, and a zero is a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

import pandas as pd

from carbon import CATEGORIES, names
from data.errors import ColumnMissing
from data.kinds import kind
from data.records import Fault, Severity

NEEDED = ("zone", "year", "category", "item", "amount", "unit")
TEXTS = ("enterprise_id", "unit", "supplier_id", "notation", "explanation", "source")
# A notation that stands for nothing emitted here, and one that stands for something not known
NOTHING, UNKNOWN = ("NO", "NA", "IE"), ("NE", "C")
BOUGHT = ("bought", "bought_in_park", "bought_nonfossil", "green_direct", "green_traded")


@dataclass(frozen=True)
class Ledger:
    """The statements of a zone and year.

    Parameters
    ----------
    lines : one row per statement, in their order: `enterprise_id, category, item, stated_item, amount,
        unit, supplier_id, notation, explanation, source, problem`; `category` is empty where it is not
        known, `amount` nan where a notation stands for it, `problem` empty where the row can be told
    faults : what a person should mend or know, with the row where it stands
    versions : versions of the layer that the rows came from, where the table names them
    """

    lines: pd.DataFrame
    faults: tuple[Fault, ...]
    versions: tuple[str, ...] = ()


def read_ledger(activity: pd.DataFrame, *, zone: str, year: int, first_row: int | None = None) -> Ledger:
    """The statements of one zone and year, each checked; nothing is dropped.

    Parameters
    ----------
    activity : columns of the kind `activity`; other zones and years may stand in it
    first_row : row number, as a person sees it, of the row with index 0; None: rows are not numbered

    Raises
    ------
    ColumnMissing : a column without which no row can be read
    """
    for column in NEEDED:
        if column not in activity.columns:
            raise ColumnMissing(column, "The ledger", list(activity.columns))
    ours = activity[(_text(activity, "zone") == zone) & (activity["year"] == year)]
    lines = _lines(ours.reset_index(drop=True))
    lines["row"] = -1 if first_row is None else ours.index.to_numpy() + first_row
    faults: list[Fault] = []
    for code, column, wrong, message, remedy in _checks(lines, zone):
        at = wrong.to_numpy(dtype=bool)
        if not at.any():
            continue
        lines.loc[at & (lines["problem"] == "").to_numpy(), "problem"] = code
        faults += [
            _fault(row, code=code, column=column, message=message(row), remedy=remedy(row))
            for row in lines[at].itertuples()
        ]
    faults += _twice(lines) + _silent_categories(lines, zone, year)
    versions = sorted(set(_text(ours, "version").unique()) - {""})
    return Ledger(lines, tuple(faults), tuple(_version(each) for each in versions))


def _version(said: str) -> str:
    """The name of a version; the book writes it out, other tables give its number alone."""
    return f"activity v{said}" if said.isdecimal() else said


Row = Any  # a row of itertuples: its fields are the columns
Said = Callable[[Row], str]
Check = tuple[str, str, "pd.Series[bool]", Said, Said]


def _lines(ours: pd.DataFrame) -> pd.DataFrame:
    lines = pd.DataFrame({column: _text(ours, column) for column in TEXTS})
    stated = _text(ours, "category")
    lines["category"] = _renamed(stated, names.categories()).where(
        lambda found: found.isin(list(CATEGORIES)), ""
    )
    lines["stated_category"] = stated
    lines["stated_item"] = _text(ours, "item")
    lines["item"] = lines["stated_item"]
    for category, known in names.items().items():
        here = lines["category"] == category
        if here.any():
            lines.loc[here, "item"] = _renamed(lines.loc[here, "stated_item"], known)
    lines["stated_amount"] = ours["amount"]
    lines["amount"] = pd.to_numeric(ours["amount"], errors="coerce").astype(float)
    chinese = {label: key for key, label in kind("activity").columns["notation"].one_of.items()}
    lines["notation"] = lines["notation"].replace(chinese).str.upper()
    flows = lines["category"].isin([name for name, category in CATEGORIES.items() if category.flows])
    inside = flows & lines["item"].isin(BOUGHT) & (lines["supplier_id"] != "")
    lines.loc[inside, "item"] = "bought_in_park"
    lines["problem"] = ""
    return lines


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
        inside & (supplier != "") & ~supplier.isin(buyer.unique()),
        lambda row: f"{row.supplier_id} supplied {row.category}, and has stated nothing itself this year.",
        lambda row: "Add the supplier's statements; if it stands outside the park, leave supplier_id blank.",
    )


def _twice(lines: pd.DataFrame) -> list[Fault]:
    key = ["enterprise_id", "category", "item", "supplier_id", "unit", "amount"]
    again = lines.duplicated(key) & (lines["problem"] == "") & lines["amount"].gt(0)
    return [
        _fault(
            row,
            code="stated_twice",
            message=f"{row.amount:g} {row.unit} stands there twice; both are counted.",
            remedy="Strike one if it is the same delivery.",
            severity=Severity.WARNING,
        )
        for row in (lines[again].itertuples() if again.any() else ())
    ]


def _silent_categories(lines: pd.DataFrame, zone: str, year: int) -> list[Fault]:
    if lines.empty:
        remedy = "Ingest the statements of that year, or ask for another."
        return [
            Fault(
                "nothing_stated",
                f"Nobody in {zone} has stated anything for {year}.",
                remedy,
                layer="activity",
            )
        ]
    stated = set(lines["category"].unique())
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


def _renamed(stated: pd.Series, known: Any) -> pd.Series:
    """Stated names by ours; each distinct name is folded once. Unknown ones become empty."""
    ours = {name: known.get(names.fold(name), "") for name in stated.unique()}
    return stated.map(ours)


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as text without blanks around it; missing becomes empty."""
    if column not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return cast("pd.Series", frame[column].astype("str").fillna("").str.strip())

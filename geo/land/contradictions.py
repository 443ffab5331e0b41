"""Contradictions (矛盾): warnings about parcels whose columns do not go together, and a chain that breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from data.records import Fault, Result, Severity
from data.units import m2_to_mu
from geo.land.survey import SIZES, is_built
from geo.land.survey_codes import CLOSED, RURAL_BUILT, TOWN, Spoken, agrees, spoken

CHAIN_TOLERANCE = 5e-4  # the ministry prints its rates with four digits
SHOWN = 8
MEND = "Correct land_class, class_system, supply or built of these parcels."
MEND_CODE = "Correct the survey code, or what stands beside it."


def land_faults(table: pd.DataFrame) -> list[Fault]:
    """Warnings about parcels whose columns contradict each other, or say what is not known.

    Sizes below zero; class codes that their system lacks, and several systems in one layer; survey codes that
    are none, and those that class, supply or built contradict; building on a class that is not construction
    land, on land that is not developable, or not supplied; a tenure of land that is not supplied.

    Parameters
    ----------
    table : as `geo.land.survey.surveyed` returns it; its index names the parcels
    """
    return [*_sizes(table), *_systems(table), *_classes(table), *_codes(table)]


def _classes(table: pd.DataFrame) -> list[Fault]:
    built = table["built"].fillna(False).astype(bool)
    unknown = table["land_class"].notna() & table["class_code"].isna()
    named = _listed(sorted(table["land_class"][unknown].astype("str").unique()))
    derived = ~_coded(table)
    return _told([
        _fault("class_unknown", table[unknown], f"have a class that its system lacks: {named}."),
        _fault(
            "built_on_open_land",
            table[built & derived & table["construction"].isin(["no", "switch"])],
            "are built, but their class is not construction land; they are not counted as built.",
        ),
        _fault(
            "built_not_developable",
            table[built & derived & table["supply"].eq("not_developable")],
            "are built on land given as not developable; they are counted as not developable.",
        ),
        _fault(
            "built_not_supplied",
            table[is_built(table["survey"]).fillna(False) & table["supply"].isin(["not_supplied", "ready"])],
            "are built, but given as not supplied; the built rate A / D may pass 1.",
        ),
        _fault(
            "tenure_not_supplied",
            table[
                table["tenure"].notna()
                & table["supply"].notna()
                & ~table["supply"].isin(["supplied", "idle"])
            ],
            "have a tenure, but are given as not supplied; they are counted as not supplied.",
            "Correct tenure or supply of these parcels.",
        ),
    ])


def _sizes(table: pd.DataFrame) -> list[Fault]:
    found = []
    for name in SIZES:
        if f"stated_{name}" not in table:
            continue
        stated = table[f"stated_{name}"]
        wrong = stated.notna() & table[name].isna()
        shown = _listed(f"{value:g}" for value in stated[wrong])
        said = (
            f"{int(wrong.sum())} parcel(s) have a {name} that is no size: {shown}. It is taken as not known."
        )
        found.append(
            Fault(
                "size_impossible",
                said,
                f"Correct {name} of these parcels; leave it empty where it is not known.",
                Severity.WARNING,
                layer="parcels",
                feature=_features(table[wrong]),
                column=name,
            )
        )
    return found


def _systems(table: pd.DataFrame) -> list[Fault]:
    by_system = table.groupby("class_system", observed=True)["area_m2"].agg(["size", "sum"])
    if len(by_system) < 2:
        return []
    told = "; ".join(
        f"{name}: {row['size']:.0f} parcel(s), {m2_to_mu(row['sum']):,.1f} mu"
        for name, row in by_system.iterrows()
    )
    return [
        Fault(
            "class_systems_mixed",
            f"The parcels are classed in {len(by_system)} systems at once ({told}). The same digits mean "
            "different land in each, and a share by P2 or P3 needs one.",
            "Say for each file which system it uses, and class the zone in one of them.",
            Severity.WARNING,
            layer="parcels",
            column="class_system",
        )
    ]


def _codes(table: pd.DataFrame) -> list[Fault]:
    """Survey codes that are none, and those that something stated beside them contradicts."""
    if "stated_supply" not in table:
        return []
    said = {str(code): spoken(str(code)) for code in table["survey_code"].cat.categories}
    wrong = table["survey_code"].isin([code for code, each in said.items() if not each.known])
    named = _listed(sorted(table["survey_code"][wrong].astype("str").unique()))
    lost = "have a survey code that is none of the evaluation, or two of one table"
    return _told([
        _fault(
            "survey_code_unknown", table[wrong], f"{lost}: {named}. Their category is not known.", MEND_CODE
        ),
        *(_clash(table, said, column) for column in BESIDE),
    ])


def _clash(table: pd.DataFrame, said: Mapping[str, Spoken], column: str) -> Fault | None:
    """A warning about the parcels whose code one column contradicts, with both values."""
    shown, label, fits = BESIDE[column]
    given, states = table["survey_code"].array, pd.Categorical(table[column])
    wrong = np.zeros(
        (len(given.categories) + 1, len(states.categories) + 1), bool
    )  # the last stands for missing
    for at, code in enumerate(given.categories):
        if said[str(code)].known:
            wrong[at, :-1] = [not fits(said[str(code)], state) for state in states.categories]
    rows = table[wrong[given.codes, states.codes]]
    if rows.empty:
        return None
    met = rows[["survey_code", shown]].astype("str").value_counts().reset_index()
    both = _listed(f"{code} with {label} {value} ({count})" for code, value, count in met.to_numpy())
    return _fault(
        f"survey_code_against_{label}",
        rows,
        f"have a survey code that their {label} contradicts: {both}. The survey code is taken.",
        MEND_CODE,
    )


def _fits_use(said: Spoken, use: str) -> bool:
    """Whether a class can lie under a code; land that is not built may be of any class."""
    code = said.condition
    if code in TOWN:
        return use != "" and (use.startswith(code) or code.startswith(use))
    works = {"B11": True, "B12": False}.get(code)
    return code not in RURAL_BUILT or (use != "" and works in (None, use == "A2"))


def _fits_built(said: Spoken, built: bool) -> bool:
    return said.built in (None, bool(built)) and not (said.condition in CLOSED and built)


def _fits_tenure(said: Spoken, tenure: str) -> bool:
    return said.tenure in ("", tenure) and agrees(said, "supplied")


def _fits_high_tech(said: Spoken, kind: str) -> bool:
    return said.high_tech in ("", kind) or (said.high_tech == "H" and kind != "none")


# what a survey code is held against: the column shown, its name, and whether the two fit
BESIDE: Mapping[str, tuple[str, str, Callable[[Spoken, Any], bool]]] = {
    "use": ("land_class", "class", _fits_use),
    "built": ("built", "built", _fits_built),
    "stated_supply": ("stated_supply", "supply", agrees),
    "stated_tenure": ("stated_tenure", "tenure", _fits_tenure),
    "stated_high_tech": ("stated_high_tech", "high_tech", _fits_high_tech),
}


def _coded(table: pd.DataFrame) -> pd.Series:
    """Whether the category of each parcel was given, not derived."""
    if "stated_supply" not in table:
        return pd.Series(False, index=table.index)
    texts = table["survey_code"].cat.categories
    return table["survey_code"].isin([code for code in texts if spoken(str(code)).condition])


def _told(found: Iterable[Fault | None]) -> list[Fault]:
    return [fault for fault in found if fault is not None]


def _fault(code: str, rows: pd.DataFrame, said: str, remedy: str = MEND) -> Fault | None:
    if rows.empty:
        return None
    area = float(rows["area_m2"].sum())
    return Fault(
        code,
        f"{len(rows)} parcel(s), {m2_to_mu(area):,.1f} mu, {said}",
        remedy,
        Severity.WARNING,
        layer="parcels",
        feature=_features(rows),
        area_m2=area,
    )


def _features(rows: pd.DataFrame) -> str:
    return ", ".join(str(name) for name in rows.index[:5])


def _listed(names: Iterable[Any]) -> str:
    """The first few names, in order."""
    every = list(names)
    return ", ".join(str(name) for name in every[:SHOWN]) + (" …" if len(every) > SHOWN else "")


def chain(results: Mapping[str, Result], built_share: float | None) -> Fault | None:
    """A warning when development x supply x built rate is not built / developable.

    The identity holds for the ministry's own figures: 0.8946 x 0.9268 x 0.9277 = 0.7692. It
    breaks when the rates come from different parcels, years or readings of "built".

    Parameters
    ----------
    results : code -> Result; development_rate, supply_rate, built_rate
    built_share : built / developable, taken independently of the three
    """
    rates = [results[code].value for code in ("development_rate", "supply_rate", "built_rate")]
    known = [rate for rate in rates if rate is not None]
    if built_share is None or len(known) < 3:
        return None
    product = known[0] * known[1] * known[2]
    if abs(product - built_share) <= CHAIN_TOLERANCE:
        return None
    return Fault(
        "chain_broken",
        f"开发率 {known[0]:.4f} x 供应率 {known[1]:.4f} x 建成率 {known[2]:.4f} = {product:.4f}, "
        f"but built / developable is {built_share:.4f}.",
        "Look for parcels that are built on open land or counted twice; the other warnings name them.",
        Severity.WARNING,
        layer="parcels",
    )


def built_share(table: pd.DataFrame) -> float | None:
    """Built over developable area by the flags alone, whatever class or code says: the chain's other end.

    A parcel that has a survey code and does not say whether it is built is taken by its code.
    """
    open_to_use = ~table["survey"].isin(CLOSED)
    if table["built"][open_to_use].isna().any():
        return None
    flagged = open_to_use & table["built"].fillna(False).astype(bool) & ~table["survey"].isin(RURAL_BUILT)
    base = float(table["area_m2"][open_to_use].sum())
    return float(table["area_m2"][flagged].sum()) / base if base > 0 else None

"""The account of completeness (完整性账): findings by expectation, gaps by enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from carbon.completeness.expectations import EVERY, ZONE, Expectation, expectations
from carbon.completeness.gaps import MISSING, NOTHING_THERE, STATED, estimated, states
from carbon.completeness.lines import laid_out
from carbon.completeness.park import Park
from carbon.limits import limits, values
from carbon.tables import plain
from data.records import Dated, Fault, Finding, Input, Outcome, Result, Severity

SHOWN = 3
COLUMNS = ["enterprise_id", "expectation", "label", "division", "state", "notation"]
GUESS = ["estimate_tco2e", "basis", "reason"]


@dataclass(frozen=True)
class Completeness:
    """What a park should have stated, and has not.

    Parameters
    ----------
    states : every expectation with every enterprise asked for it: enterprise_id (the zone under its code),
        expectation, label, division, state, notation, tonnes
    gaps : those among them where emissions may be lacking, with estimate_tco2e (nan: cannot tell), basis
        (own_last_year, peers, illustration), reason
    findings : one per expectation that anybody is asked for
    share : the part of the park's emissions that might be lacking; no value where a gap cannot be sized
    """

    zone: str
    states: pd.DataFrame
    gaps: pd.DataFrame
    findings: tuple[Finding, ...]
    share: Result
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; of the states only those with a gap."""
        return {
            "zone": self.zone,
            "share": self.share.as_json(),
            "findings": [finding.as_json() for finding in self.findings],
            "gaps": plain(self.gaps),
            "faults": [fault.as_json() for fault in self.faults],
        }


def completeness(park: Park, before: pd.DataFrame | None = None) -> Completeness:
    """What the enterprises of a park are expected to state, what is missing, and what it might be.

    Parameters
    ----------
    before : priced lines of the year before, where there is one
    """
    found, unknown = limits("plausibility", ["gap_peers"], park.ask)
    peers_min = values(found, ["gap_peers"])["gap_peers"]
    asked = expectations(park.ask)
    tables = [states(park, each) for each in asked]
    last = None if before is None else laid_out(before, park.of(before))
    guesses = [
        estimated(park, each, state, last, peers_min) for each, state in zip(asked, tables, strict=True)
    ]
    gaps = _joined([guess[[*COLUMNS, *GUESS]] for guess in guesses])
    every = _joined([state[[*COLUMNS, "tonnes"]] for state in tables])
    told = [
        (each, state, guess) for each, state, guess in zip(asked, tables, guesses, strict=True) if len(state)
    ]
    return Completeness(
        park.zone,
        every,
        gaps,
        findings=tuple(_finding(park, each, state) for each, state, _ in told),
        share=_share(park, gaps, [each.dated for each, _, guess in told if len(guess)]),
        faults=unknown
        + tuple(_fault(park, each, len(state), guess) for each, state, guess in told if len(guess))
        + tuple(_strangers(park)),
    )


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of all; what is text in them is text in it, also where they are empty."""
    made = pd.concat(tables, ignore_index=True)
    words = [name for name in made if name not in ("tonnes", "estimate_tco2e")]
    return made.astype(dict.fromkeys(words, "str"))


def _finding(park: Park, expectation: Expectation, state: pd.DataFrame) -> Finding:
    """Of those that are asked, how many have answered, with a number or with a key that stands for none."""
    count = state["state"].value_counts()
    done = int(count.get(STATED, 0) + count.get(NOTHING_THERE, 0))
    lacking = int(count.get(MISSING, 0))
    outcome = Outcome.MET if done == len(state) else Outcome.NOT_MET if lacking else Outcome.CANNOT_TELL
    reason = (
        ""
        if outcome is not Outcome.CANNOT_TELL
        else "Keys NE or C, or lines that are not told, stand for it."
    )
    return Finding(
        rule=expectation.dated.name,
        label=f"{expectation.dated.label}应报尽报",
        kind="zones",
        subject=park.zone,
        outcome=outcome,
        measured=done / len(state),
        unit="1",
        limit=expectation.dated,
        formula="(stated + NO, NA or IE) / asked",
        inputs=tuple(
            Input(name, label, float(count.get(name, 0)), "1", "activity")
            for name, label in (
                ("stated", "已填报"),
                ("nothing", "以 NO, NA, IE 说明"),
                ("keyed", "以 NE, C 说明"),
            )
            + (("not_told", "填报有误"), ("missing", "未填报"))
        ),
        reason=reason,
        remedy="" if outcome is Outcome.MET else "State it, or write one row with NO and an explanation.",
    )


def _fault(park: Park, expectation: Expectation, asked: int, gaps: pd.DataFrame) -> Fault:
    """Who has not told a category, and what it might be, in one warning."""
    who = "Nobody" if expectation.of == ZONE else f"{len(gaps)} of {asked} enterprises"
    if expectation.of not in (ZONE, EVERY):
        name = park.firms.loc[gaps["firm"].iloc[0], "division_name"]
        who += f" of division {expectation.of} ({name})"
    named = list(gaps["enterprise_id"].head(SHOWN))
    more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
    listed = f" ({', '.join(named)}{more})" if expectation.of != ZONE else ""
    what = f"{'has' if expectation.of == ZONE else 'have not'} told {expectation.dated.label}"
    return Fault(
        "category_expected",
        f"{who}{listed} {what} ({', '.join(expectation.categories)}; {expectation.dated.article}, "
        f"{expectation.dated.status}). {_sized(gaps)}",
        "State it, or write one row with NO and an explanation when it does not occur.",
        Severity.WARNING,
        "activity",
        expectation.name,
    )


def _sized(gaps: pd.DataFrame) -> str:
    """The size of gaps in words: by what, and how many cannot be told."""
    told = gaps.dropna(subset=["estimate_tco2e"])
    lacking = len(gaps) - len(told)
    by = [f"{name} {count}" for name, count in told["basis"].value_counts().sort_index().items()]
    words = f"It might be {fsum(told['estimate_tco2e']):.6g} tCO2e (by {', '.join(by)})" if len(told) else ""
    if not lacking:
        return words + "."
    tail = f"what {lacking} of them might be cannot be told"
    return f"{words}; {tail}." if words else f"{tail[0].upper()}{tail[1:]}."


def _share(park: Park, gaps: pd.DataFrame, asked: Sequence[Dated]) -> Result:
    """The part that might be lacking: what the gaps might be over that and what is known."""
    known = float(np.nansum(park.tonnes))
    lacking = fsum(gaps["estimate_tco2e"].dropna())
    dark = int(gaps["estimate_tco2e"].isna().sum())
    whole = known + lacking
    by = gaps.groupby("expectation")["estimate_tco2e"].sum(min_count=1)
    value = lacking / whole if whole > 0 and not dark else None
    reason = ""
    if dark:
        first = gaps[gaps["estimate_tco2e"].isna()].head(SHOWN)
        names = "; ".join(f"{e} {x}" for e, x in first[["enterprise_id", "expectation"]].to_numpy(str))
        at_least = f" The others might be {lacking:.6g} tCO2e beside {known:.6g} known." if whole > 0 else ""
        reason = (
            f"{dark} of {len(gaps)} gaps cannot be sized: {names}{' …' if dark > SHOWN else ''}.{at_least}"
        )
    elif whole <= 0:
        reason = "Nothing is known of the park's emissions, so a part of them cannot be told."
    return Result(
        "emissions_lacking_share",
        "缺报排放可能占比",
        value,
        "1",
        inputs=(
            Input("known", "已知排放", known, "tCO2e", "activity"),
            Input("lacking", "缺项估计", lacking, "tCO2e", "estimate", len(gaps) - dark),
        ),
        formula="lacking / (known + lacking); a gap is sized by last year, by peers, or by a usual share",
        articles=tuple(asked),
        reason=reason,
        breakdown={str(name): float(tonnes) for name, tonnes in by.items() if tonnes == tonnes},
    )


def _strangers(park: Park) -> Iterator[Fault]:
    """Enterprises that stand in one table and not in the other."""
    firms = park.firms
    stating = np.bincount(park.codes, minlength=len(firms)) > 0
    silent = firms[firms["asked"].to_numpy(bool) & ~stating]
    unlisted = firms[~firms["listed"] & (firms["enterprise_id"] != park.zone)]
    blank = firms[firms["asked"] & (firms["division"] == "")]
    for code, rows, message, remedy in (
        ("enterprise_silent", silent, "enterprises have stated nothing", "Ask them for their statements."),
        (
            "enterprise_unlisted",
            unlisted,
            "enterprises state energy and stand in no table of enterprises of the year",
            "Add them with industry, value added and energy, or correct the id.",
        ),
        (
            "industry_not_known",
            blank,
            "enterprises name no division of GB/T 4754-2017, and are asked for electricity only",
            "State two to four digits of the industry, as 30 or C3011.",
        ),
    ):
        if len(rows):
            named = ", ".join(rows["enterprise_id"].head(SHOWN))
            more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
            said = f"{len(rows)} {message}: {named}{more}."
            yield Fault(
                code, said, remedy, Severity.WARNING, "enterprises", str(rows["enterprise_id"].iloc[0])
            )

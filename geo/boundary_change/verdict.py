"""The verdict (结论): what all conditions of a request come to, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.records import Outcome, Status
from geo.boundary_change.judgement import Judgement

WORDS = {Outcome.MET: "met", Outcome.NOT_MET: "not met", Outcome.CANNOT_TELL: "cannot tell"}
ZH = {Outcome.MET: "符合", Outcome.NOT_MET: "不符合", Outcome.CANNOT_TELL: "无法判断"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check comes to; never a permission, for that is the authority's.

    Parameters
    ----------
    outcome : not met if one condition is not; else cannot tell if one cannot be told; else met
    wording, wording_zh : in a sentence
    """

    outcome: Outcome
    wording: str
    wording_zh: str


def verdict(judgements: Sequence[Judgement]) -> Verdict:
    """What all judgements come to; without any, nothing can be told.

    >>> verdict([]).outcome
    <Outcome.CANNOT_TELL: 'cannot_tell'>
    """
    count = {outcome: sum(each.finding.outcome is outcome for each in judgements) for outcome in Outcome}
    if count[Outcome.NOT_MET]:
        outcome = Outcome.NOT_MET
    elif count[Outcome.CANNOT_TELL] or not judgements:
        outcome = Outcome.CANNOT_TELL
    else:
        outcome = Outcome.MET
    open_rules = sum(
        each.finding.limit is not None and each.finding.limit.status is not Status.VERIFIED
        for each in judgements
    )
    told = ", ".join(f"{count[each]} {WORDS[each]}" for each in Outcome)
    told_zh = "，".join(f"{ZH[each]} {count[each]} 项" for each in Outcome)
    if not judgements:
        told, told_zh = "no condition is known here on that day", "该日期、该地区没有可用的条件"
    sure = f" {open_rules} rest on rules not verified against their source." if open_rules else ""
    sure_zh = f"其中 {open_rules} 项所依据的规则尚未与原文核对。" if open_rules else ""
    return Verdict(
        outcome,
        f"{told}.{sure} To be verified by the authority.",
        f"{ZH[outcome]}（{told_zh}）。{sure_zh}结果供核查参考，以主管部门核实为准。",
    )

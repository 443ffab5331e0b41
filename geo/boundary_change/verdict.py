"""The verdict (结论): what all conditions of a request come to, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass

from data.records import Fault, Outcome, Severity, Status
from geo.boundary_change.judgement import Judgement

WORDS = {Outcome.MET: "met", Outcome.NOT_MET: "not met", Outcome.CANNOT_TELL: "cannot tell"}
ZH = {Outcome.MET: "符合", Outcome.NOT_MET: "不符合", Outcome.CANNOT_TELL: "无法判断，待核实"}
COUNTED_ZH = {**ZH, Outcome.CANNOT_TELL: "待核实"}
NAMED = 6
"""So many unverified rules are named in the sentence; the rest are counted"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check comes to; never a permission, for that is the authority's.

    Parameters
    ----------
    outcome : not met if one condition is not; else cannot tell if one cannot be told; else met
    wording, wording_zh : in a sentence
    unverified : rules that were held, but are not verified against their source
    """

    outcome: Outcome
    wording: str
    wording_zh: str
    unverified: tuple[str, ...] = ()


def verdict(judgements: Sequence[Judgement], faults: Sequence[Fault] = (), not_held: Sized = ()) -> Verdict:
    """What all judgements come to; without any, nothing can be told, nor with errors in the geometry.

    Parameters
    ----------
    faults : of the request's geometry and of the layers; warnings change nothing
    not_held : conditions of the kind that have no limit here on that day, or are for other zones; they are
        counted

    >>> verdict([]).outcome
    <Outcome.CANNOT_TELL: 'cannot_tell'>
    >>> print(verdict([]).wording)
    Cannot tell: no condition is known here on that day. To be verified by the authority.
    """
    count = {outcome: sum(each.finding.outcome is outcome for each in judgements) for outcome in Outcome}
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    outcome = Outcome.MET
    if count[Outcome.CANNOT_TELL] or errors or not judgements:
        outcome = Outcome.CANNOT_TELL
    if count[Outcome.NOT_MET]:
        outcome = Outcome.NOT_MET
    unsure = [each for each in judgements if _unverified(each)]
    told, told_zh = _counted(count, len(judgements))
    notes, notes_zh = _notes([each.finding.label for each in unsure], errors, len(not_held))
    said = WORDS[outcome].capitalize()
    return Verdict(
        outcome,
        f"{said}: {told}. {notes}To be verified by the authority.",
        f"{ZH[outcome]}（{told_zh}）。{notes_zh}本结果供核查参考，以主管部门核实为准。",
        tuple(dict.fromkeys(each.finding.rule for each in unsure)),
    )


def _unverified(judgement: Judgement) -> bool:
    limit = judgement.finding.limit
    return limit is not None and limit.status is not Status.VERIFIED


def _counted(count: dict[Outcome, int], every: int) -> tuple[str, str]:
    if not every:
        return "no condition is known here on that day", "该日期、该地区没有可用的条件"
    told = ", ".join(f"{count[each]} {WORDS[each]}" for each in Outcome)
    return f"{told} of {every}", "，".join(f"{COUNTED_ZH[each]} {count[each]} 项" for each in Outcome)


def _notes(unsure: list[str], errors: int, not_held: int) -> tuple[str, str]:
    """What has to be known beside the outcome, in both languages."""
    notes, zh = [], []
    if unsure:
        names, more = "、".join(unsure[:NAMED]), len(unsure) - NAMED
        some, rest = (f" and {more} more", f"等 {len(unsure)} 项") if more > 0 else ("", "")
        notes.append(f"{len(unsure)} rest on rules not verified against their source: {names}{some}. ")
        zh.append(f"{len(unsure)} 项所依据的规则尚未与原文核对：{names}{rest}。")
    if errors:
        notes.append(f"{errors} errors in the geometry or the layers: what was measured is not sure. ")
        zh.append(f"图形或图层有 {errors} 处错误，量算结果不可靠。")
    if not_held:
        notes.append(
            f"{not_held} more were not held: no limit of theirs is in force here, or they are for other "
            "zones. "
        )
        zh.append(f"另有 {not_held} 项条件在该地区没有生效的限值，或不适用于该类开发区，未作核查。")
    return "".join(notes), "".join(zh)

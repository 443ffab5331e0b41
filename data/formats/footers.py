"""Rows that are no data (合计, 注, repeated headers), merged cells among the data."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.formats.headers import Merged, plain, tidy
from data.formats.matching import matches
from data.records import Fault, Severity

TOTAL = (
    r"\s*\S{0,8}?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)\s*[:\x{ff1a}]?\s*"
    r"|(?i:\s*(?:grand |sub)?-?totals?\s*:?\s*)"
)
NOTE = re.compile(
    r"(备?注\s*\d*|说明|资料来源|数据来源|来源|单位负责人|统计负责人|负责人|填表人|填报人|制表人|制表|审核人?|复核人?|"
    r"填[报表]日期|填[报表]单位|报出日期|联系电话|联系人|notes?|source)\s*[:\d.、].*|\*.*",
    re.DOTALL | re.IGNORECASE,
)
LAST = 40
LONG = 15


def drop_no_data(frame: pd.DataFrame, names: Sequence[str], name: str) -> tuple[pd.DataFrame, list[Fault]]:
    """The rows that are data: no blank ones, no totals, no notes at the end, no header printed again.

    What was left out, blank rows apart, is named with its row in a warning; the index keeps the numbers
    of the rows that stay. A total is never data: it would be counted twice.
    """
    if frame.empty:
        return frame, []
    blank = frame.isna().all(axis=1).to_numpy()
    total = _totals(frame) & ~blank
    again = _header_again(frame, names) & ~blank & ~total
    note = np.zeros(len(frame), dtype=bool)
    for at in reversed(range(max(0, len(frame) - LAST), len(frame))):
        if blank[at] or total[at]:
            continue
        if not _is_note(frame.iloc[at]):
            break
        note[at] = True
    faults = [
        *_left_out(frame, total, "total_row", "is a total and was left out", name),
        *_left_out(frame, note, "footer", "is a note below the table and was left out", name),
        *_left_out(frame, again, "header_again", "is the header printed again and was left out", name),
    ]
    drop = blank | total | note | again
    return (frame.loc[~drop] if drop.any() else frame), faults


def _totals(frame: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Rows whose first or second column says 合计, 总计, 小计."""
    found = np.zeros(len(frame), dtype=bool)
    for j in list(frame.columns)[:2]:
        if frame[j].dtype.kind not in "fiub":
            found |= matches(frame[j].astype("str"), TOTAL)
    return found


def _header_again(frame: pd.DataFrame, names: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    leaves = [(j, leaf) for j, leaf in zip(frame.columns, names, strict=True) if leaf][:3]
    found = np.full(len(frame), len(leaves) > 1)
    for j, leaf in leaves:
        found &= (frame[j] == leaf).fillna(False).to_numpy(dtype=bool)
    return found


def _is_note(row: pd.Series) -> bool:
    """A remark such as 注：…, 填表人：…, or one long sentence alone in its row."""
    held = list(dict.fromkeys(tidy(cell) for cell in row if isinstance(cell, str) and cell.strip()))
    if not held or any(not isinstance(cell, str) for cell in row.dropna()):
        return False
    if NOTE.fullmatch(plain(held[0])):
        return True
    return len(held) == 1 and len(row) > 2 and (len(held[0]) >= LONG or "。" in held[0])


def _left_out(
    frame: pd.DataFrame, mask: np.ndarray[tuple[int], np.dtype[np.bool_]], code: str, what: str, name: str
) -> list[Fault]:
    return [
        Fault(
            code,
            f"The row {' '.join(tidy(cell) for cell in row if tidy(cell))[:60]!r} {what}.",
            "Nothing is to be done, unless it is data.",
            Severity.WARNING,
            file=name,
            row=int(at) + 1,
        )
        for at, row in zip(frame.index[mask], frame.loc[mask].to_numpy(dtype=object), strict=True)
    ]


def spread_merged(
    frame: pd.DataFrame, merged: Sequence[Merged], name: str
) -> tuple[pd.DataFrame, list[Fault]]:
    """A text merged over several rows of data holds for each of them; a number is counted once."""
    faults = []
    first, last = (frame.index[0], frame.index[-1]) if len(frame) else (0, -1)
    for top, left, bottom, right in merged:
        if not (first <= top < bottom <= last) or left != right or left not in frame.columns:
            continue
        value: object = frame.loc[top, left]
        if isinstance(value, str):
            frame.loc[top:bottom, left] = value
        elif value is not None and value == value:
            faults.append(
                Fault(
                    "merged_number",
                    f"The cell merged over rows {top + 1} to {bottom + 1} holds {tidy(value)}; "
                    f"it is counted once, in row {top + 1}.",
                    "Unmerge it, and give each row its own number.",
                    Severity.WARNING,
                    file=name,
                    row=top + 1,
                )
            )
    return frame, faults

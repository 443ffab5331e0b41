"""Blocks (版块): what a page is made of, as plain values; the HTML and the PDF show the same ones.

pairs     rows of label and value
verdict   the conclusion
table     head, rows, notes; a row may be the name of a group, or carry an outcome
twin      two tables side by side
map       the picture
lines     numbered notes
sign      who signs
annex     a heading that begins a new page
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from api.requests.report.figures import plain

Block = dict[str, Any]
CELL_MOST = 600
"""Letters of a cell on the page; the workbook holds the whole text"""


def row(cells: Iterable[Any], outcome: str = "") -> Block:
    """A row of a table.

    >>> row(["甲", None, 3], "met")
    {'cells': ['甲', '', '3'], 'outcome': 'met', 'group': ''}
    """
    return {"cells": [_cell(each) for each in cells], "outcome": str(outcome), "group": ""}


def group(name: Any) -> Block:
    """A row that names those below it."""
    return {"cells": [], "outcome": "", "group": _cell(name)}


def table(
    title: str,
    head: Sequence[tuple[str, float, str]],
    rows: Sequence[Block],
    *,
    mark: int = -1,
    said: str = "",
    foot: Sequence[str] = (),
) -> Block:
    """A table.

    Parameters
    ----------
    head : label, width in shares of the page's, and how its cells stand: left, center or right
    mark : column that shows the outcome of its row; -1: none
    said : above the table at the right, such as the unit
    """
    return {
        "is": "table",
        "title": title,
        "said": said,
        "head": [each[0] for each in head],
        "widths": [each[1] for each in head],
        "align": [each[2] for each in head],
        "rows": list(rows),
        "mark": mark,
        "brief": False,
        "foot": [_cell(each) for each in foot],
    }


def twin(first: Block, second: Block) -> Block:
    """Two tables side by side."""
    return {"is": "twin", "tables": [first, second]}


def pairs(rows: Sequence[Sequence[Any]]) -> Block:
    """Rows of label, value, label, value; a row of two fills the width.

    >>> pairs([["开发区", "甲区", "类型", None]])["rows"]
    [['开发区', '甲区', '类型', '']]
    """
    return {"is": "pairs", "rows": [[_cell(each) for each in row_] for row_ in rows]}


def lines(title: str, said: Iterable[Any]) -> Block:
    """Notes, each a numbered line."""
    return {"is": "lines", "title": title, "lines": [_cell(each) for each in said]}


def _cell(value: Any) -> str:
    said = plain(value)
    return said if len(said) <= CELL_MOST else f"{said[:CELL_MOST]}…（其余见 XLSX）"

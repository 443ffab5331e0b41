"""The frame of our own pages (页面框架): one template each in this folder; everything shown is escaped."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.answers import base_of
from api.chinese import chinese
from api.chinese import title as title_of
from api.words import MARKS
from data.kinds import Column
from maps import assets, palette
from maps.units import faces, shown_unit

HELD = {"met": "符合", "not_met": "不符合", "cannot_tell": "无法判断"}
"""What is said of a condition of a request; an indicator reaches its target, 达标"""
STATUS = {"verified": "已核对", "unverified": "未核对", "illustration": "示例"}
SHOWN = 200  # characters of a value in a cell


def page(template: str, request: Request, /, *, title: str, notice: str, **said: Any) -> str:
    """The page that a template makes.

    Parameters
    ----------
    template : name of its file
    title : plain text
    notice : plain text of the banner; none when empty
    said : what the template shows
    """
    root = urlsplit(base_of(request)).path
    return _TEMPLATES.get_template(template).render(
        root=root, title=title, notice=notice, css=palette.css(), **said
    )


def shown(value: Any) -> str:
    """A value in a cell: nothing for what is missing, a flag as 是 or 否, a number to four decimals.

    >>> shown(None), shown(True), shown(1234.56789), shown(12)
    ('—', '是', '1,234.5679', '12')
    """
    if value is None or value != value:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)[:SHOWN]


def worded(column: Column, value: Any) -> Any:
    """The Chinese word for a value of which the column has one, else the value.

    >>> from data.kinds import kind
    >>> worded(kind("zones").columns["level"], "provincial")
    '省级'
    """
    return column.one_of.get(value, value) if isinstance(value, str) else value


def figure(value: float | None, unit: str, code: str = "") -> str:
    """A number of a result with its Chinese unit; shares in per cent, areas in mu.

    >>> figure(0.6, "1", "industrial_share"), figure(1.25, "1", "plot_ratio"), figure(None, "ha")
    ('60.00 %', '1.25', '—')
    """
    if value is None or value != value:
        return "—"
    name, factor = faces(shown_unit(code, unit or "1"))["mu"]
    if unit == "count":
        return f"{value:,.0f} {name}"
    return f"{value * factor:,.2f} {name}".rstrip()


_TEMPLATES = Environment(
    loader=PackageLoader("api", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_TEMPLATES.filters.update(
    zh=chinese, title_of=title_of, shown=shown, part=lambda text: quote(str(text), safe="")
)
_TEMPLATES.globals.update(
    asset=assets.link, figure=figure, worded=worded, MARKS=MARKS, HELD=HELD, STATUS=STATUS
)

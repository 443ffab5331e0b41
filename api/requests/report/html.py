"""The page as HTML (网页打印件): one file that loads nothing, laid out for A4; everything is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.requests.report.styles import CSS_FAMILIES
from maps import palette


def html_of(content: Mapping[str, Any]) -> bytes:
    """The page as bytes.

    Parameters
    ----------
    content : as `content.content` makes it; the picture alone is markup already
    """
    foot = _css_text(content["foot"])
    page = _TEMPLATES.get_template("page.html")
    said = page.render(css=palette.css(), fonts=CSS_FAMILIES, foot_css=foot, **content)
    return said.encode("utf-8", "replace")


def _css_text(said: str) -> str:
    r"""A text as a string of CSS that can end neither itself nor the style.

    >>> print(_css_text('a"</style>'))
    "a\22 \3c \2f style\3e "
    """
    safe = "".join(c if c.isalnum() or c in " -_.：，、（）" else f"\\{ord(c):x} " for c in said)
    return f'"{safe}"'


_TEMPLATES = Environment(
    loader=PackageLoader("api", "requests/report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)

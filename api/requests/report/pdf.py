"""The page as PDF (打印件): set by typst from data alone, with its fonts embedded; same input, same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from api.requests.report.fonts import LACKING, Fonts
from data.errors import MutanError
from maps.palette import OUTCOME_INK, PAGE

TEMPLATE = Path(__file__).with_name("page.typ")
COLOURS = {
    "ink": PAGE["ink"], "quiet": PAGE["ink-soft"], "rule": PAGE["ink-soft"], "ground": PAGE["ground"],
    "soft": PAGE["paper-soft"], "warn": PAGE["notice-ground"], "notice": PAGE["notice"],
    "notice_ground": PAGE["notice-ground"], "notice_line": PAGE["notice-line"], **OUTCOME_INK,
}  # fmt: skip


def pdf_of(content: Mapping[str, Any], fonts: Fonts, when: datetime) -> bytes:
    """The page as bytes.

    Parameters
    ----------
    content : as `content.content` makes it
    when : stands in the file as the moment of its making

    Raises
    ------
    MutanError : typst cannot set it
    """
    data = json.dumps({**content, "families": list(fonts.families), "colours": COLOURS}, ensure_ascii=False)
    told = fonts.readable(data)
    if told != data and LACKING not in data:
        note = f"以“{LACKING}”代替的字，本机字体（{fonts.families[0]}）中没有。"
        content = {
            **content,
            "blocks": [*content["blocks"], {"is": "lines", "title": "字库", "lines": [note]}],
        }
        return pdf_of(content, fonts, when)
    try:
        made = typst.compile(
            TEMPLATE.read_bytes(),
            font_paths=fonts.found,
            format="pdf",
            sys_inputs={"data": told},
            timestamp=when if when.tzinfo else when.astimezone(),
        )
    except typst.TypstError as odd:
        raise MutanError(f"The page could not be set as PDF: {odd}. Ask for .html instead.") from odd
    return bytes(made)

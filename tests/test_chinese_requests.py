"""Requests to move a boundary are read in Chinese: the printed page, and what is said of bad files."""

from __future__ import annotations

import html
import re

import pytest

from api.chinese import chinese

ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}")
"""Three English words in a row: a part of a sentence, not a name or a unit"""
DRAWN = re.compile(r"<style.*?</style>|<svg.*?</svg>|<script.*?</script>", re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("expansion", "示例_扩区申请_可行.geojson"),
        ("expansion", "示例_扩区申请_占基本农田.geojson"),
        ("removal", None),
    ],
)
def test_the_printed_page_of_a_request_holds_no_english_sentence(mutan, demo_book, tmp_path, kind, file):
    page = tmp_path / "page.html"
    asked = [demo_book.folder / "示例文件" / file] if file else []
    words = ["--zone", "G411162", "--kind", kind, "--day", "2026-06-30", "-o", page]
    mutan("request", *asked, *words, "--book", demo_book.book)
    told = [html.unescape(each) for each in re.split(r"<[^>]+>", DRAWN.sub("", page.read_text("utf-8")))]
    assert any("核查" in each for each in told)
    assert [each for each in told if ENGLISH.search(each)] == []


PLACE = "E 38500100.000, N 3850100.000"


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("须逐块与规划核对 To be verified.", "须逐块与规划核对。须核实。"),
        ("不明 declared: ecology (允许的活动). To be verified.",
         "不明。申报情形：允许的活动（ecology）。须核实。"),
        ("The request has no such land (added), so that nothing is touched.",
         "本申请没有该类土地（新增范围），不涉及。"),
        (
            f"Plot 甲 has 3 points that the next one repeats, to 0.1 mm: point 2 of ring 1 ({PLACE}); "
            f"point 3 of ring 1 ({PLACE}).",
            f"地块 甲：有 3 个点与下一点重复（0.1 毫米以内）：第 1 圈第 2 点（{PLACE}）；"
            f"第 1 圈第 3 点（{PLACE}）。",
        ),
        (
            f"Plot 1 crosses itself at {PLACE}, between points 1-2 and 3-4. It falls into 2 lobes of "
            "1.00, 1.00 m²; summed round the ring they are 0.00 m².",
            f"地块 1：自相交，位于 {PLACE}，在点 1-2 与点 3-4 之间。分成 2 块，面积为 1.00, 1.00 平方米；"
            "沿圈合计为 0.00 平方米。",
        ),
        (
            "Line 14: the northing (or latitude) is '38****.0': its digits are masked, "
            "so that the point is nowhere.",
            "第 14 行：纵坐标（或纬度）为 '38****.0'：数字被遮盖，无法定位。",
        ),
        (
            "LWPOLYLINE 31 of the layer '0': it is open: its ends lie 141.421 m apart. "
            "It was not taken as a plot.",
            "图层 '0' 的 LWPOLYLINE 31：没有闭合：两端相距 141.421 米。未作为地块。",
        ),
        ("Plot 2: rings 3 and 1 are the same outline; it was taken once.",
         "地块 2：第 3 圈与第 1 圈相同；只计一次。"),
        (
            "The eastings begin with the belt number 37, which lies far from the zone; in EPSG:4526 "
            "(belt 38) they lie 0 km from it.",
            "横坐标前的带号为 37，远离开发区；按 EPSG:4526 (belt 38)，地块距开发区 0 千米。",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_request_and_its_file_is_told_in_chinese(english, told):
    assert chinese(english) == told

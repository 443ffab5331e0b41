"""The page of a request as PDF: Chinese fonts embedded, text to copy, the same bytes for the same input."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst

from api.requests.report import fonts as house
from api.requests.report import report_bytes
from api.requests.report.fonts import KNOWN, chinese_fonts, chosen
from api.settings import settings
from data.errors import MutanError

MADE = runpy.run_path(str(Path(__file__).with_name("request_document.py")))
WHEN = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
NAMES = ["fine", "not_met", "withheld", "hostile", "large"]
HERE = chosen(KNOWN, typst.Fonts().families())
needs_font = pytest.mark.skipif(not HERE, reason="no Chinese font here: apt-get install fonts-noto-cjk")


def pdf(name):
    document, drawing = MADE[name]()
    return report_bytes(document, drawing, "pdf", when=WHEN)


def opened(made):
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the pages that are made")
    from io import BytesIO

    return pypdf.PdfReader(BytesIO(made))


def flat(page):
    return "".join(page.extract_text().split())


@needs_font
@pytest.mark.parametrize("name", NAMES)
def test_the_first_page_holds_verdict_map_findings_and_signatures(name):
    reader = opened(pdf(name))
    said = flat(reader.pages[0])
    for word in (
        "开发区边界调整核查表",
        "结论：",
        "图例",
        "核查结论",
        "核查人",
        "复核人",
        "单位（盖章）",
        "日期",
    ):
        assert word in said
    assert f"第1页共{len(reader.pages)}页" in said
    assert f"第{len(reader.pages)}页共{len(reader.pages)}页" in flat(reader.pages[-1])
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]


@needs_font
def test_every_font_is_embedded_and_holds_chinese():
    reader = opened(pdf("not_met"))
    seen = {}
    for page in reader.pages:
        held = [page["/Resources"]]
        held += [each.get_object()["/Resources"] for each in held[0].get("/XObject", {}).values()
                 if "/Resources" in each.get_object()]  # fmt: skip
        for resources in held:
            for font in resources.get("/Font", {}).values():
                for part in font.get_object()["/DescendantFonts"]:
                    described = part.get_object()["/FontDescriptor"]
                    files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
                    seen[str(part.get_object()["/BaseFont"])] = bool(files)
    assert seen
    assert all(seen.values())
    bare = HERE[0].replace(" ", "").lower()[:8]
    assert all(bare in name.lower().replace(" ", "") for name in seen)


@needs_font
def test_the_text_of_the_map_can_be_found_as_well():
    said = flat(opened(pdf("not_met")).pages[0])
    assert "永久基本农田" in said
    assert "38512.5" in said
    assert "坐标网单位：千米" in said


@needs_font
def test_the_same_input_makes_the_same_bytes_and_the_moment_stands_in_the_file():
    first, second = pdf("not_met"), pdf("not_met")
    assert first == second
    about = opened(first).metadata
    assert about.title == "开发区边界调整核查表 嵩北经济技术开发区　扩区"
    assert about.author == "亩碳 Mutan"
    assert about.creation_date == WHEN
    assert opened(first).trailer["/Root"]["/Lang"] in ("zh", "zh-CN")
    document, drawing = MADE["not_met"]()
    assert report_bytes(document, drawing, "pdf", when=WHEN.replace(day=3)) != first


@needs_font
def test_text_of_others_is_never_read_as_markup():
    reader = opened(pdf("hostile"))
    said = "".join(flat(page) for page in reader.pages)
    assert '#setpage(width:1pt)#panic("x")$\\*_`' in said
    assert "<script>alert(1)</script>" in said


@needs_font
def test_a_character_that_no_font_has_is_marked_and_told():
    document, drawing = MADE["fine"]()
    document["request"] |= {"name": "甲\U0001f3ed区"}
    reader = opened(report_bytes(document, drawing, "pdf", when=WHEN))
    said = "".join(flat(page) for page in reader.pages)
    assert "甲〓区" in said
    assert "代替的字，本机字体" in said
    assert "代替的字" not in "".join(flat(page) for page in opened(pdf("fine")).pages)


class NoFonts:
    """A machine with Latin fonts alone."""

    def __init__(self, **_):
        pass

    def families(self):
        return ["DejaVu Sans", "Libertinus Serif"]

    def fonts(self):
        return []


def test_a_machine_without_chinese_fonts_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(house.typst, "Fonts", NoFonts)
    chinese_fonts.cache_clear()
    document, drawing = MADE["fine"]()
    with pytest.raises(MutanError, match=r"fonts-noto-cjk.*MUTAN_FONTS.*\.html"):
        report_bytes(document, drawing, "pdf", when=WHEN)
    assert report_bytes(document, drawing, "html", when=WHEN)
    chinese_fonts.cache_clear()


def test_a_folder_without_chinese_fonts_is_named(tmp_path):
    with pytest.raises(MutanError, match=r"no Chinese font.*no font at all"):
        chinese_fonts(str(tmp_path))


@needs_font
def test_the_folder_of_the_office_comes_first(tmp_path, monkeypatch):
    there = {each.family: each.path for each in typst.Fonts().fonts() if each.path}
    wanted = next((family for family in reversed(HERE) if Path(there[family]).is_file()), None)
    (tmp_path / Path(there[wanted]).name).symlink_to(there[wanted])
    monkeypatch.setenv("MUTAN_FONTS", str(tmp_path))
    settings.cache_clear()
    try:
        own = chinese_fonts(settings().fonts)
        inside = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(tmp_path)]
        ).families()
        assert own.families[0] in inside
    finally:
        settings.cache_clear()
        chinese_fonts.cache_clear()


def test_the_first_known_family_is_taken_whatever_else_is_there():
    assert chosen(KNOWN, ["Arial", "SimSun", "Source Han Sans SC", "FangSong", "SimHei"]) == (
        "Source Han Sans SC",
        "SimSun",
        "SimHei",
    )
    assert chosen(KNOWN, ["Arial"]) == ()

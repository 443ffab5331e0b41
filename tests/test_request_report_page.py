"""The page of a request as HTML: valid, self-contained, careful with words and with what others wrote."""

from __future__ import annotations

import json
import re
import runpy
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import normalize

import pytest
import shapely

from api.requests.report import FORMS, offending_geojson, report_bytes, write_request_report
from api.requests.report.conditions import brief
from api.requests.report.figures import WORDING
from data.errors import FormatUnknown

MADE = runpy.run_path(str(Path(__file__).with_name("request_document.py")))
WHEN = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
NAMES = ["fine", "not_met", "withheld", "hostile", "large"]
VOID = {"meta", "col", "br", "img", "link"}


class Reader(HTMLParser):
    """What is open, and every tag with its attributes; complains of a wrong end."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.said = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def page(name):
    document, drawing = MADE[name]()
    return report_bytes(document, drawing, "html", when=WHEN).decode()


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_well_formed_and_loads_nothing(name):
    html = page(name)
    tags = read(html).tags
    assert not {"script", "iframe", "object", "link", "img"} & {tag for tag, _ in tags}
    for _, attributes in tags:
        assert not any(key.startswith("on") or key in ("src", "href", "action") for key in attributes)
    outside = set(re.findall(r"https?://[^\"' <]+", html)) - {"http://www.w3.org/2000/svg"}
    assert not outside
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("name", NAMES)
def test_the_page_can_be_read_by_everybody(name):
    tags = read(page(name)).tags
    assert ("html", {"lang": "zh-CN"}) in tags
    assert next(at for tag, at in tags if tag == "svg")["aria-label"].endswith("上方为坐标北")
    assert all(at.get("scope") for tag, at in tags if tag == "th")
    assert [tag for tag, _ in tags].count("h1") == 1


@pytest.mark.parametrize("name", ["fine", "not_met", "withheld", "large"])
def test_the_page_never_says_that_anything_is_approved(name):
    said = "".join(read(page(name)).said)
    for word in ("批准通过", "通过", "同意", "审批通过", "予以批准"):
        assert word not in said
    assert "以主管部门核实为准" in said


@pytest.mark.parametrize("outcome", ["met", "not_met", "cannot_tell"])
def test_each_verdict_has_its_own_words_and_met_is_still_to_be_verified(outcome):
    document = MADE["document"]([MADE["finding"](0, outcome)])
    html = report_bytes(document, MADE["drawing"](document), "html", when=WHEN).decode()
    assert f"结论：{WORDING[outcome]}" in html
    assert "待核实" in WORDING["met"]
    assert "待核实" in WORDING["cannot_tell"]


def test_without_conditions_nothing_can_be_told():
    document = {**MADE["document"]([]), "verdict": "cannot_tell"}
    html = report_bytes(document, MADE["drawing"](document), "html", when=WHEN).decode()
    assert "该日期、该地区没有可用的条件" in html


def test_the_first_page_holds_what_decides():
    html = page("not_met")
    first = html[: html.index('<div class="annex')]
    for said in (
        *("嵩北经济技术开发区", "东片界址点.txt", "9f86d081884c7d659a2feaa0c55ad015", "2026-03-31"),
        *("38.4400", "576.60", "东至省道 S312；南至清河", "不占永久基本农田", "9.5589 公顷", "应为 0"),
        *("《土地管理法》第三十五条", "核查人", "复核人", "单位（盖章）", "日期", "样例：本页数据均为虚构"),
    ):
        assert said in first
    assert "<svg" in first


def test_annexes_tell_the_article_its_status_the_reason_and_what_to_do():
    html = page("not_met")
    rest = html[html.index('<div class="annex') :]
    for said in (
        *("《中华人民共和国土地管理法(2019年修正)》第三十五条（自 2020-01-01，已核实）", "未核实", "示例"),
        *("处理：从申请范围中扣除占用的部分", "涉及面积 9.5589 公顷（143.38 亩）", "永久基本农田图斑 0417"),
        *("2025 年：无人填报营业收入", "-5.48 个百分点", "避让建议", "土地转用碳排放", "38512420.000"),
        *("不占黄河滩区", "另有 1 项指标因缺资料无法计算"),
    ):
        assert said in rest
    assert re.search(r'<td class="right">14</td>', rest)  # the line of the fault


def test_what_others_wrote_stays_text():
    html = page("hostile")
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert "<img" not in html
    for sign in ("\u202e", "\x00", "\x01", "\ud800"):
        assert sign not in html
    style = html[html.index("<style>") : html.index("</style>")]
    assert style.count("{") == style.count("}")
    assert "panic(" not in style


def test_of_sixty_findings_the_first_page_shows_those_that_are_not_met():
    document, _ = MADE["hostile"]()
    made = brief(document["findings"])
    rows = [row for table in made["tables"] for row in table["rows"]]
    assert len(rows) == 24
    assert sum(row["outcome"] == "not_met" for row in rows) == 20
    numbers = [int(row["cells"][0]) for row in rows]
    assert numbers == sorted(numbers)
    assert made["tables"][0]["foot"] == ["其余符合 20 项、无法判断 16 项，连同依据和处理意见见附表一。"]


def test_long_tables_stop_and_name_the_sheet_that_goes_on():
    html = page("hostile")
    assert "另有 460 条，见 XLSX 的“地块”表" in html
    assert "另有 40 条，见 XLSX 的“问题清单”表" in html
    assert "共 2,000 个界址点，见 XLSX 的“界址点”表" in html
    assert len(html) < 300_000


def test_withheld_land_is_told_by_area_alone():
    document, drawing = MADE["withheld"]()
    html = page("withheld")
    assert "涉及涉密图层，只告知面积和是否涉及，不标示位置" in html
    assert "1.8351 公顷（27.53 亩）" in html
    assert not len(drawing.offending)
    assert "涉及部分（编号同表）" not in html
    assert json.loads(offending_geojson(document))["features"] == []


def test_the_offending_parts_are_geojson_with_the_numbers_of_the_page():
    document, _ = MADE["not_met"]()
    made = json.loads(offending_geojson(document))
    assert made["type"] == "FeatureCollection"
    assert "crs" not in made
    assert [each["id"] for each in made["features"]] == [1, 3, 4]
    first = made["features"][0]
    assert first["properties"]["rule"] == "rules.expansion.basic_farmland"
    ring = shapely.geometry.shape(first["geometry"]).exterior
    assert ring.is_ccw
    assert 113 < ring.bounds[0] < 115
    assert json.loads(offending_geojson(MADE["hostile"]()[0]))["features"][0]["properties"]["number"] == 1


def test_a_zone_that_leaves_has_its_map_though_nothing_is_asked_for():
    document = MADE["document"]([MADE["finding"](0, "cannot_tell")], geometry=None, plots=[], limits={})
    document["request"] |= {"file": "", "sha256": "", "crs": "", "name": "", "kind_label": "退出"}
    document |= {"land_carbon": None, "indicators": {"before": {}, "after": {}, "rows": []}}
    document["inventory"] = {"before": None, "after": None}
    zone = MADE["series"](MADE["ZONE"])
    drawing = MADE["drawing"](document, asked=zone[:0], added=zone[:0], boundary=zone, lost=zone)
    html = report_bytes(document, drawing, "html", when=WHEN).decode()
    assert "开发区现有边界" in html
    assert "界址点坐标" not in html
    assert "指标调整前后对比" not in html
    assert report_bytes(document, drawing, "xlsx", when=WHEN)


def test_the_extension_chooses_the_form_and_a_wrong_one_is_named(tmp_path):
    document, drawing = MADE["fine"]()
    for form in ("html", "xlsx"):
        out = tmp_path / f"核查表.{form.upper()}"
        write_request_report(document, drawing, out, when=WHEN)
        assert out.stat().st_size > 10_000
    with pytest.raises(FormatUnknown, match=r"'docx'.*html, pdf, xlsx"):
        write_request_report(document, drawing, tmp_path / "核查表.docx", when=WHEN)
    assert FORMS == ("html", "pdf", "xlsx")
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".HTML", ".XLSX"]


def test_the_same_document_makes_the_same_page():
    assert page("not_met") == page("not_met")


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_browser_prints_the_first_sheet_with_verdict_map_and_signatures(name, browser, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    source, out = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(page(name), "utf-8")
    tab = browser.new_page()
    tab.goto(source.as_uri())
    tab.pdf(path=str(out), prefer_css_page_size=True, print_background=True)
    tab.close()
    first = pypdf.PdfReader(out).pages[0]
    said = normalize("NFKC", first.extract_text())  # Chromium names some characters by their radicals
    for word in ("开发区边界调整核查表", "结论:", "核查人", "日期", "图例"):
        assert word in said
    assert [round(float(side) / 72 * 25.4) for side in first.mediabox[2:]] == [210, 297]

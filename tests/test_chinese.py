"""What people read is Chinese: titles of faults, and sentences that keep each of their values."""

from __future__ import annotations

import ast
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.chinese import chinese, title
from api.chinese.pattern import pattern
from api.chinese.reading import sentences, titles
from api.chinese.translator import patterns
from api.inventories.account import account_of
from api.inventories.wishes import Wishes
from api.inventories.workbook import workbook_bytes
from data.errors import RuleFileError

ROOT = Path(__file__).parents[1]
WHEN = datetime(2025, 3, 1, 9, 30)
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[,;:.]? [A-Za-z]{2,}){4}")
"""Five English words in a row: a sentence, not a unit or a name"""
NUMBER = re.compile(r"(?<![A-Za-z\d.,])\d+(?:[.,]\d+)*")
MAKERS = {"Fault", "Check", "_fault", "_odd", "_of", "fault"}
READ = {"说明", "问题", "处理办法", "理由"}
DATA = {"排放因子"}
"""Sheets whose notes are those of the tables of factors, as these have them"""


def is_sentence(node):
    """Whether a node is a text that ends with a full stop."""
    last = node.values[-1] if isinstance(node, ast.JoinedStr) else node
    return isinstance(last, ast.Constant) and str(last.value).endswith(".") and " " in str(last.value)


def codes_in(folder):
    """Codes that stand in the source: first argument, or `code=`, of what makes faults; rows of checks."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                told = (
                    [each.value for each in node.keywords if each.arg == "code"] if name != "Result" else []
                )
                told += node.args[:1] if name in MAKERS else []
                told += node.args[2:3] if name == "_odd" else []
                told += node.args[1:2] if name == "_of" else []
            elif isinstance(node, ast.Tuple) and any(map(is_sentence, node.elts[2:])):
                told = node.elts[:1]  # a row of checks: code, column or rows, message, remedy
            else:
                continue
            for each in told:
                for one in (each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,):
                    said = one.value if isinstance(one, ast.Constant) else None
                    if isinstance(said, str) and re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", said):
                        yield said, path.relative_to(ROOT).as_posix()


NOT_FAULTS = {"energy_tce", "energy_tce_physical", "ndrc910_total", "emissions_per_value_added"}


def test_every_fault_of_carbon_and_its_doors_has_a_chinese_title():
    found = {}
    for folder in ("carbon", "api"):
        for code, path in codes_in(folder):
            found.setdefault(code, path)
    assert {"category_expected", "unit_missing", "ncv_implausible", "measured_not_used"} <= set(found)
    lacking = {code: path for code, path in found.items() if code not in titles() and code not in NOT_FAULTS}
    assert lacking == {}
    assert len(set(titles()) & set(found)) > 70


def test_titles_are_short_and_chinese():
    odd = [code for code, told in titles().items() if len(told) > 12 or not re.search("[一-鿿]", told)]
    assert odd == []
    assert title("no_such_code") == "no_such_code"


@pytest.fixture(scope="module", params=[f"G4111{number}" for number in range(62, 70)] + ["G411031"])
def account(request, book):
    return account_of(book, request.param, 2024, Wishes.of({"draws": "100"}))


@pytest.fixture(scope="module")
def workbook(account):
    return openpyxl.load_workbook(BytesIO(workbook_bytes(account, when=WHEN)))


def test_reasons_faults_and_remedies_of_the_signed_workbook_are_chinese(workbook):
    left = []
    for sheet in workbook:
        if sheet.title in DATA:
            continue
        header = next((row for row in sheet.iter_rows(max_row=8) if len([c for c in row if c.value]) > 2), ())
        said = {cell.column for cell in header if cell.value in READ}
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                if cell.column in said and ENGLISH.search(str(cell.value)):
                    left.append((sheet.title, cell.value))
                if cell.comment and ENGLISH.search(cell.comment.text):
                    left.append((sheet.title, cell.comment.text))
    assert left == []


def test_faults_have_their_kind_before_what_is_said(workbook):
    sheet = workbook["质量问题"]
    header = next(row for row in sheet.iter_rows(max_row=8) if row[0].value == "程度")
    names = [cell.value for cell in header]
    assert names.index("问题类别") == names.index("问题") - 1
    for row in sheet.iter_rows(min_row=header[0].row + 1, values_only=True):
        if row[names.index("代码")]:
            assert row[names.index("问题类别")] == title(row[names.index("代码")])


def test_every_number_of_a_sentence_is_in_the_chinese_one(account):
    said = {text for each in account.faults for text in (each.message, each.remedy)}
    said |= {each.reason for each in (*account.results, *account.findings)}
    for text in said:
        told = chinese(text)
        assert set(NUMBER.findall(text)) <= set(NUMBER.findall(told)), (text, told)


def test_sentences_keep_their_holes_and_are_compiled_once():
    assert len(patterns()) == len(sentences())
    assert patterns() is patterns()
    assert [each.weight for each in patterns()] == sorted((p.weight for p in patterns()), reverse=True)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("{n} of {m} are lost", "{n} 遗失"),
        ("{n} are lost", "{n} 中 {m} 遗失"),
        ("between 10 and 75", "在 10 以上"),
        ("{n:odd} are lost", "{n} 遗失"),
    ],
)
def test_a_pair_that_loses_a_value_is_refused(english, told):
    with pytest.raises(RuleFileError):
        pattern(english, told)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("nobody has stated any", "无人填报"),
        ("2024: nobody has stated any; 2023: nobody has stated any", "2024 年：无人填报；2023 年：无人填报"),
        (
            "It cannot be told without process: 2 of 30 lines are not known: E1 process 石灰 (NE: 未计量); "
            "the zone fuel 烟煤 (unit_unusable). The others sum to 65304.9 t. "
            "1 of 31 lines name no known category: E2 x y (category_unknown).",
            "缺少工业过程，无法得出：30 行中有 2 行未知：E1 工业过程 石灰（NE：未计量）；"
            "园区 燃料 烟煤（单位无法换算）；其余合计 65304.9 吨。"
            "31 行中有 1 行类别不明：E2 x y（类别不明）。",
        ),
        ("lime is stated in kWh; its factor is per t.", "lime 以 kWh 填报，其因子按 t 计。"),
        ("State it in t or a multiple of it.", "请以 t 或其倍数填报。"),
        ("Keep one of the two. Leave the cell blank.", "请二者留一。请留空。"),
        (
            "It has: from 2021 (published 2024-04-12), from 2022 (published 2024-12-26).",
            "现有：2021 年（2024-04-12 公布）、2022 年（2024-12-26 公布）。",
        ),
    ],
)
def test_sentences_are_told_in_chinese(english, told):
    assert chinese(english) == told


def test_of_patterns_that_overlap_the_longer_wins():
    plain = chinese("State it in t or a multiple of it.")
    energy = chinese(
        "State it in t or a multiple of it, or as energy in GJ or tce; or give its calorific value in ncv_gj."
    )
    assert plain == "请以 t 或其倍数填报。"
    assert energy == "请以 t 或其倍数填报，或以能量（GJ、tce）填报，或填实测低位发热量（ncv_gj）。"
    more = chinese("1 of 2 lines are not known: a b c (d). The others sum to 3 t.")
    assert more.endswith("；其余合计 3 吨。")


@pytest.mark.parametrize(
    "text",
    ["", "Nothing of this is ours.", "企业自己写的说明。", "2024: it rained, and the meter stood still",
     "It cannot be told without fuel: the dog ate the meter", "x" * 20_000],
)  # fmt: skip
def test_what_is_not_known_stays_as_it_is(text):
    assert chinese(text) == text


def test_a_sentence_that_is_not_known_stands_unchanged_between_those_that_are():
    told = chinese("Leave the cell blank. The dog ate the meter. Keep one of the two.")
    assert told == "请留空。The dog ate the meter. 请二者留一。"


PIECES = st.sampled_from([
    *("{n}", "2024: ", "; ", ". ", " (", ")", " of ", "and 3 more", "nobody has stated any"),
    *("It cannot be told without fuel: ", "1 of 2 lines are not known: ", "\n", "…", "%"),
])  # fmt: skip


@given(st.lists(st.one_of(st.text(max_size=20), PIECES), max_size=30).map("".join))
def test_no_text_whatever_makes_it_fail_or_lose_a_number(text):
    told = chinese(text)
    assert isinstance(told, str)
    assert bool(told) == bool(text)


@given(st.data())
def test_whatever_stands_in_the_holes_stands_in_the_chinese(data):
    each = data.draw(
        st.sampled_from([p for p in patterns() if set(p.kinds.values()) <= {"number", "word", ""}])
    )
    shown = {name: str(data.draw(st.integers(1000, 9999))) for name in each.kinds}
    told = chinese(re.sub(r"\{(\w+)(?::\w+)?\}", lambda hole: shown[hole[1]], each.english))
    assert all(value in told for value in shown.values())


def sentences_in(folder):
    """The fixed pieces of the sentences of a folder, but those that are raised and those of docstrings."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        left = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise):
                left |= {id(each) for each in ast.walk(node)}
            elif isinstance(node, ast.JoinedStr):
                left |= {id(each) for each in node.values}
        for node in ast.walk(tree):
            if id(node) not in left and is_sentence(node):
                whole = ast.unparse(node) if isinstance(node, ast.JoinedStr) else node.value
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                texts = [part.value for part in parts if isinstance(part, ast.Constant)]
                yield path.name, whole, [each for text in texts for each in re.split(r"\{.*?\}", text)]


def test_every_sentence_of_carbon_has_a_chinese_one():
    known = [each.english for each in patterns()]
    lacking = []
    for name, whole, pieces in sentences_in("carbon"):
        longest = max(pieces, key=len).strip().removesuffix(".")
        parts = re.split(r"\. | \(", longest)
        if re.search("[a-z]{2,} [a-z]{2,}", longest) and not all(
            any(part.strip(" .") in each for each in known) for part in parts
        ):
            lacking.append((name, whole))
    assert lacking == [], "add these to api/chinese/sentences"

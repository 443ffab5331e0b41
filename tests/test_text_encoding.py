"""Guessing the encoding of text: everyday Chinese rightly, anything else without an accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import FileUnusable
from data.formats import read
from data.formats.text_encoding import canonical, decoded, find, guess

SIMPLIFIED = st.text(
    st.sampled_from("郑州洛阳开封新乡许昌市县区工业用地农田建设住宅道路水面林草园"), min_size=2, max_size=8
)


@given(st.lists(SIMPLIFIED, min_size=3, max_size=8), st.sampled_from(["utf-8", "gbk", "gb18030"]))
def test_everyday_chinese_is_guessed_right(texts, encoding):
    raw = [(text.encode(encoding), False) for text in texts]
    found = guess(raw)
    assert [decoded(value, found.name)[0] for value, _ in raw] == texts


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_become_text_and_a_word_about_it(raw, full):
    for encoding in ("utf-8", "gb18030", "cp950"):
        text, wrong = decoded(raw, encoding, full)
        assert (text.encode(encoding, "replace") == raw) or wrong or encoding != "utf-8"


@given(st.text(max_size=20))
def test_any_spelling_is_known_or_unknown(said):
    assert canonical(said) is None or isinstance(canonical(said), str)


def test_gbk_that_happens_to_be_utf8_is_still_gbk():
    assert "业路".encode("gbk").decode("utf-8") == "ҵ·"
    assert guess([("业路".encode("gbk"), False)]).name == "gb18030"


def test_accented_latin_text_is_not_taken_for_chinese():
    assert guess([("São Miguel".encode(), False), ("Açores".encode(), False)]).name == "utf-8"
    faults = []
    assert find([("São Miguel".encode("latin-1"), False)], [], "x.dbf", faults).name == "latin-1"


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("dbf__big5.dbf", "繁體國語", "cp950"),
        ("dbf__cpg__big5.shp", "國語", "cp950"),
        ("dbf__gb2312.dbf", "简体国语", "gb18030"),
        ("dbf__gbk.dbf", "简体国语", "gb18030"),
        ("dbf__ldid__chinese.shp", "简体", "gb18030"),
        ("dbf__utf8.dbf", "国语國語", "utf-8"),
    ],
)
def test_the_same_words_whichever_file(real, name, text, encoding):
    table = read(real / "encodings_mapshaper" / name)
    assert table.frame["NAME"].tolist() == [text]
    assert table.source.encoding == encoding


@pytest.mark.real
def test_utf16_in_a_dbf_is_refused_with_a_remedy(real):
    with pytest.raises(FileUnusable, match="Export it as UTF-8"):
        read(real / "encodings_mapshaper" / "dbf__cpg__utf16.dbf")

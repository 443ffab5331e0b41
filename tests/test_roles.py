"""What a constraint layer means, told by its kind, its name, its fields and the codes in them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import yaml

from data.codes import roles as listed
from data.errors import NoSuchCode, RuleFileError
from data.kinds import kind
from geo.boundary_change.conditions.roles import levels_of, recognised, role_of_kind, roles_of
from maps.layers.constraints import KINDS

NAMED = {
    "永久基本农田": "basic_farmland",
    "YJJBNTBHTB": "basic_farmland",
    "郑州市_YJJBNT_2023": "basic_farmland",
    "410100yjjbnttb": "basic_farmland",
    "基本农田保护区": "basic_farmland",
    "永久基本农田储备区": "cultivated_reserve",
    "STBHHX": "ecological_red_line",
    "生态红线(2018)": "ecological_red_line",
    "CZKFBJ": "urban_boundary",
    "XX县城镇开发边界": "urban_boundary",
    "KFYQ": "other_zone",
    "开发园区": "other_zone",
    "GHYDYH": "planned_land_use",
    "规划建设用地": "planned_construction",
    "LSWHBHX": "heritage",
    "文物建设控制地带": "heritage",
    "GDBHMB": "cultivated_land",
    "ZRBHD": "nature_reserve",
    "黄河湿地国家级自然保护区": "nature_reserve",
    "环境管控单元": "control_unit",
    "三线一单_重点管控单元": "control_unit",
    "河道管理范围": "river_land",
    "水域岸线": "river_land",
    "水域": "water",
    "河流水面": "water",
    "JSYDGZQ": "construction_control",
    "举证图斑": "evidence",
    "ＳＴＢＨＨＸ": "ecological_red_line",
    "water": "water",
    "water_2023": "water",
}
NOTHING = (
    *(
        "道路中心线",
        "图层1",
        "",
        "非基本农田",
        "城镇开发边界外",
        "永久基本农田占用图斑",
        "生态保护红线以外区域",
    ),
    *("waste_water_plant", "water_plant", "tstbhhxx", "扣除永久基本农田"),
)


@pytest.mark.parametrize(("name", "role"), NAMED.items())
def test_a_name_tells_the_role(name, role):
    assert listed.recognised(name).role == role


@pytest.mark.parametrize("name", NOTHING)
def test_a_name_that_names_something_else_tells_nothing(name):
    assert listed.recognised(name) == ("", "", False)


@pytest.mark.parametrize(
    ("fields", "role"),
    [
        (["BSM", "YJJBNTMJ"], "basic_farmland"),
        (["bsm", "lhlx"], "ecological_red_line"),
        (["KFYQMC"], "other_zone"),
        (["GZQLXDM"], "construction_control"),
        (["HJGKDYBM"], "control_unit"),
        (["YDYHFLDM"], "planned_land_use"),
        (["BSM", "YSDM"], ""),
        (["LHLX", "KFYQMC"], ""),
    ],
)
def test_a_field_that_one_role_alone_has_tells_it(fields, role):
    assert listed.recognised("图层1", fields).role == role


def test_a_name_tells_more_than_a_field():
    assert listed.recognised("生态保护红线", ["KFYQMC"]).role == "ecological_red_line"


def test_only_the_whole_name_is_sure():
    assert listed.recognised("stbhhx").sure
    assert listed.recognised("生态保护红线").sure
    assert not listed.recognised("生态保护红线2023").sure
    assert not listed.recognised("图层1", ["LHLX"]).sure


def test_the_reason_names_the_word_and_the_field():
    assert listed.recognised("XX县_czkfbj").why == "its name XX县_czkfbj holds czkfbj"
    assert listed.recognised("图层1", ["LHLX"]).why == "it has the field LHLX"


def test_every_role_is_recognised_by_its_own_name_and_its_own_words():
    for name, each in listed.roles().items():
        assert listed.recognised(name) == (name, f"its name {name} is {name}", True)
        assert {listed.recognised(word).role for word in each.names} == {name}
        assert each.label


def test_the_roles_hold_what_the_map_and_the_templates_name():
    known = set(listed.roles())
    assert set(KINDS) <= known
    explained = kind("constraints").columns["kind"].explain
    assert {word.split()[0] for word in explained.split(", ")} <= known


def test_a_role_that_does_not_exist_is_refused_with_one_near():
    with pytest.raises(NoSuchCode, match="basic_farmland"):
        listed.role("basic_farmlnd")
    with pytest.raises(NoSuchCode, match="Near it: heritage"):
        role_of_kind("x", {"x": "heritag"})


def test_codes_of_another_layer_do_not_make_a_planning_zone_a_boundary():
    assert recognised(pd.DataFrame({"GHFQDM": ["410", "420", None]}), "图层1").role == "urban_boundary"
    assert recognised(pd.DataFrame({"GHFQDM": ["410", "310"]}), "图层1").role == ""
    assert recognised(pd.DataFrame({"ghfqdm": ["01", "02"]}), "图层1").role == ""


def test_classes_are_told_by_codes_or_in_words():
    units = pd.DataFrame({"GKDYFL": ["1", "2", "3", "9", None, "一般管控单元"]})
    assert levels_of(units, "control_unit").tolist() == [
        *("优先保护单元", "重点管控单元", "一般管控单元", "", "", "一般管控单元"),
    ]
    zones = pd.DataFrame({"GZQLXDM": ["010", "020", "030", "040"]})
    assert levels_of(zones, "construction_control").tolist() == [
        *("允许建设区", "有条件建设区", "限制建设区", "禁止建设区"),
    ]
    assert levels_of(pd.DataFrame({"BSM": ["1"]}), "water").tolist() == [""]
    assert levels_of(pd.DataFrame({"GHFQDM": []}), "urban_boundary").tolist() == []


def test_the_kind_tells_before_the_name_and_a_person_before_both():
    frame = gpd.GeoDataFrame({
        "kind": ["basic_farmland", "其他", "其他", "红线2023"],
        "name": ["某生态保护红线", "某水库水面", "某路", "永久基本农田"],
    })
    assert roles_of(frame, {}).tolist() == ["basic_farmland", "water", "", "basic_farmland"]
    given = {"红线2023": "ecological_red_line", "basic_farmland": "evidence"}
    assert roles_of(frame, given).tolist() == ["evidence", "water", "", "ecological_red_line"]


def test_missing_kinds_and_names_tell_nothing():
    frame = pd.DataFrame({"kind": [None, pd.NA, "水域"], "name": [None, "某水域", None]}, dtype="str")
    assert roles_of(frame, {}).tolist() == ["", "water", "water"]
    assert roles_of(frame.iloc[:0], {}).tolist() == []


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"a": {"label": "甲", "names": ["a"]}}, "a: give"),
        ({"a": {"label": "甲", "names": ["a"], "fields": [], "level": {}}}, "a: give"),
        (
            {
                "a": {"label": "甲", "names": ["水"], "fields": []},
                "b": {"label": "乙", "names": ["水"], "fields": []},
            },
            "水 stand for two roles",
        ),
    ],
)
def test_a_list_of_roles_that_is_badly_written_is_refused(tmp_path, monkeypatch, said, match):
    (tmp_path / "constraint_roles.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    monkeypatch.setattr(listed, "__file__", str(tmp_path / "roles.py"))
    listed.roles.cache_clear()
    with pytest.raises(RuleFileError, match=match):
        listed.roles()
    listed.roles.cache_clear()

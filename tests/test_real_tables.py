"""Real workbooks of surveys and inventories."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from data.formats.tables import read_table

SHARED = runpy.run_path(str(Path(__file__).with_name("written_tables.py")))
rows_seen = SHARED["rows_seen"]


@pytest.mark.real
def test_every_real_survey_workbook_opens_with_unique_columns(real):
    files = sorted((real / "excel_cn_templates").glob("*.xls*"))
    assert len(files) == 10
    for path in files:
        table = read_table(path)
        assert table.frame.columns.is_unique, path.name
        assert all(table.frame.columns), path.name


@pytest.mark.real
def test_the_real_summary_form_gives_seventy_one_joined_names(real):
    table = read_table(real / "excel_cn_templates" / "土地利用现状分类面积汇总表.xlsx")
    columns = list(table.frame.columns)
    assert len(columns) == len(set(columns)) == 71
    assert columns[:3] == ["行政区域/名称", "行政区域/代码", "国土调查总面积"]
    assert "其中/物流仓储用地（0508）" in columns
    assert table.frame.attrs["units"] == ("公顷",)


@pytest.mark.real
def test_the_real_survey_codes_keep_their_zeros(real):
    frame = read_table(real / "excel_cn_templates" / "三调BM_MC.xlsx").frame
    assert len(frame) + 1 == 92
    by_code = frame.set_index("地类代码")["地类名称"]
    assert by_code["0101"] == "水田"
    assert by_code["00"] == "湿地"


@pytest.mark.real
@pytest.mark.parametrize(("file", "rows"), [("TaxFY13.csv", 27_424), ("TaxFY14.csv", 27_528)])
def test_the_real_assessment_tables_have_every_row(real, file, rows):
    table = read_table(real / "parcels_cambridge" / file)
    assert len(table.frame) == rows
    assert rows_seen(table)[-1] == rows + 1
    assert table.faults == ()


@pytest.mark.real
def test_the_real_area_codes_stay_text(real):
    frame = read_table(real / "admin_henan" / "nbs_areas.csv").frame
    assert frame.loc[frame["name"] == "东城区", "code"].tolist() == ["110101"]
    assert read_table(real / "admin_henan" / "gcj02_vectors.csv").frame.columns[0] == "place"


@pytest.mark.real
def test_the_real_province_inventory_sums_to_its_known_total(real):
    table = read_table(real / "emissions" / "ceads_30_provinces_2019.xlsx", sheet="Henan2019")
    total = table.frame.set_index("Emission_Inventory")["Scope_1_Total(Mt CO2)"]
    assert total["TotalEmissions"] == pytest.approx(460.6308, abs=1e-3)
    assert table.first_row == 3

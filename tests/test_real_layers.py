"""Real layers with real oddities, through ingest, checks and `mutan area`: what each is known for.

Counties of Henan from a web map, cells of a village in their belt, the parcels of a city abroad with its
assessment tables, and the same Chinese words in every encoding.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from api.checking import check_book
from api.ingest import Wishes, ingest
from data import formats
from data.book import new_book, open_book
from data.errors import CrsMissing, FormatUnknown
from geo.areas import ellipsoidal_area_m2

pytestmark = pytest.mark.real

EQUAL_AREA = "+proj=cea +ellps=GRS80"
CITIES_KM2 = {"郑州市": 7_521.67, "洛阳市": 15_205.29}  # as if the coordinates were no web map's
NOW = datetime(2024, 5, 1, tzinfo=UTC)
COUNTIES = {"adcode": "code", "ctname": "city", "level": ""}
CELLS = {"GRID_ID": "parcel_id", "DLMC": "land_class"}


def renames(pairs):
    return [word for theirs, ours in pairs.items() for word in ("--rename", f"{theirs}={ours}")]


def codes(faults):
    return Counter(fault["code"] if isinstance(fault, dict) else fault.code for fault in faults)


@pytest.fixture
def empty(tmp_path):
    """The path of an empty book."""
    new_book(str(tmp_path / "book.gpkg")).close()
    return tmp_path / "book.gpkg"


@pytest.fixture(scope="module")
def henan(real):
    return real / "admin_henan" / "河南省.shp"


@pytest.fixture(scope="module")
def village(real):
    return real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp"


# --- counties of Henan: no .prj, no .cpg, and coordinates of a web map


def test_counties_without_a_crs_are_refused_with_what_they_look_like(process, henan, empty):
    before = empty.read_bytes()
    words = ("ingest", "zones", henan, "--book", empty, *renames(COUNTIES))
    said = process(*words)
    assert said.status == 1
    assert said.out == ""
    for offered in ("EPSG:4490", "gcj02", "bd09", "561 m", "--crs"):
        assert offered in said.err
    assert "Traceback" not in said.err
    assert empty.read_bytes() == before


def test_counties_of_a_web_map_go_in_with_their_names_and_true_areas(henan, empty):
    with open_book(str(empty), write=True) as book:
        wishes = Wishes(crs="gcj02", rename=COUNTIES)
        told = ingest(book, "zones", henan, wishes, who="a test", when=NOW)
        zones = book.read("zones")
        later = codes(check_book(book, date(2024, 12, 31)))
    assert (told.version.rows, told.version.crs) == (158, "gcj02")
    assert {"encoding_guessed", "crs_shift_undone"} <= set(codes(told.faults))
    assert {"栾川县", "金水区", "巩义市", "鄢陵县"} <= set(zones["name"])
    assert zones["name"].str.fullmatch(r"[\u4e00-\u9fff]+").all()
    assert zones["code"].str.fullmatch(r"41\d{4}").all()
    assert set(later) == {"zone_code"}  # a county is no zone; nothing overlaps, nothing is invalid
    assert zones["area_m2"].sum() / 1e6 == pytest.approx(165_632.6, abs=0.1)
    for city, known in CITIES_KM2.items():
        # undoing the shift of the web map takes 5 to 8 parts of 10 000 from an area
        assert zones.loc[zones["city"] == city, "area_m2"].sum() / 1e6 == pytest.approx(known, rel=1e-3)


def test_counties_read_as_plain_longitude_and_latitude_have_the_published_areas(henan):
    frame = formats.read(henan).frame.set_crs(4490)
    area = ellipsoidal_area_m2(frame.geometry, 4490) / 1e6
    equal = frame.to_crs(EQUAL_AREA).area.to_numpy() / 1e6
    assert area.sum() == pytest.approx(165_701.35, rel=1e-6)
    assert area == pytest.approx(equal, rel=1e-5)
    for city, known in CITIES_KM2.items():
        assert area[(frame["ctname"] == city).to_numpy()].sum() == pytest.approx(known, abs=0.01)


# --- cells of a village: names of classes instead of codes, in belt 35


def test_the_cells_of_a_village_go_in_whole_with_nothing_wrong(mutan, village, empty):
    words = ("ingest", "parcels", village, "--book", empty, "--class-system", "other", *renames(CELLS))
    said = mutan(*words, "--json")
    assert said.status == 0
    told = json.loads(said.out)
    assert (told["rows"], told["crs"]) == (10_653, "EPSG:4523")
    assert codes(told["faults"]) == {"columns_unknown": 1}
    with open_book(str(empty)) as book:
        cells = book.read("parcels", columns=["land_class", "area_m2"])
    assert {"旱地", "水田", "果园", "有林地", "村庄", "坑塘水面"} <= set(cells["land_class"])
    # the plane of the belt is larger than the ellipsoid by what lies between the village and the meridian
    plane = formats.read(village).frame.geometry.area.sum()
    assert plane == pytest.approx(7_102_035.487, abs=0.001)
    assert cells["area_m2"].sum() == pytest.approx(plane, rel=5e-4)


def test_the_area_of_each_cell_is_told_by_the_command(mutan, village):
    told = json.loads(mutan("area", village, "--json").out)
    assert len(told["features"]) == 10_653
    assert {each["crs"] for each in told["features"]} == {"EPSG:4523"}
    assert told["total"]["area_mu"] == pytest.approx(7_102_035.487 * 15 / 10_000, rel=5e-4)


# --- a city abroad: two years of parcels with knots and doubles, and tables that join to them

YEARS = {
    # knots, no geometry, doubles, joined of all, km² in the plane of EPSG:26986
    2013: (24, 0, 81, 13_020, 13_159, 14.233),
    2014: (37, 1, 80, 12_983, 13_116, 17.368),
}


@pytest.fixture(params=YEARS, ids=str)
def fabric(real, request):
    """The parcels of a year, and what is known of them."""
    folder = real / "parcels_cambridge"
    return folder / f"ASSESSING_ParcelsFY{request.param}.topojson", YEARS[request.param]


def refused(mutan, path, book, *more):
    """The faults for which `mutan ingest` refuses parcels, the book left as it was."""
    before = book.read_bytes()
    words = ("ingest", "parcels", path, "--book", book, "--supplier", "cambridge_parcels", "--json")
    said = mutan(*words, *more)
    assert said.status == 1
    assert book.read_bytes() == before
    return json.loads(said.out)["faults"]


def test_parcels_with_knots_and_doubles_are_refused_with_all_of_them_at_once(mutan, fabric, empty):
    path, (knots, missing, doubles, *_) = fabric
    faults = refused(mutan, path, empty)
    found = codes(faults)
    assert (found["geometry_invalid"], found["geometry_missing"]) == (knots, missing)
    # a lot without a number is no double of another such; `doubles` counts those too, but for the first
    named = formats.read(path).frame["ML"]
    assert found["required_empty"] == named.isna().sum()
    assert named.duplicated().sum() == doubles
    assert found["duplicate_key"] == named[named.duplicated()].dropna().nunique()
    assert all(each["remedy"] for each in faults)


def test_with_repair_only_what_a_person_must_decide_remains(mutan, fabric, empty):
    path, (_, missing, *_) = fabric
    found = codes(refused(mutan, path, empty, "--repair"))
    assert found["geometry_invalid"] == 0
    assert set(found) == {"required_empty", "duplicate_key", *(["geometry_missing"] if missing else [])}


def test_a_layer_from_abroad_is_measured_with_a_word_about_it(mutan, fabric):
    path, (*_, count, plane_km2) = fabric
    said = mutan("area", path, "--json")
    assert said.status == 0
    told = json.loads(said.out)
    assert len(told["features"]) == count
    # the plane of the State of Massachusetts is true to scale within a part of 10 000
    assert told["total"]["area_m2"] / 1e6 == pytest.approx(plane_km2, rel=1e-4)
    (abroad,) = [fault for fault in told["faults"] if fault["code"] == "outside_china"]
    assert re.search(r"71\.11W 42\.3\dN, outside of China", abroad["message"])


@pytest.mark.parametrize(("year", "rows", "industrial"), [(2013, 27_424, 186), (2014, 27_528, 181)])
def test_the_assessment_tables_join_to_their_parcels_by_lot(real, year, rows, industrial):
    folder = real / "parcels_cambridge"
    table = formats.read(folder / f"TaxFY{year % 100}.csv").frame
    lots = formats.read(folder / f"ASSESSING_ParcelsFY{year}.topojson").frame["ML"]
    *_, joined, count, _ = YEARS[year]
    assert len(table) == rows
    assert table["UseCode"].astype("str").str.fullmatch(r"4\d\d").sum() == industrial
    assert len(lots) == count
    # the known number also joins lots without a number to rows without one, which ours never does
    assert lots.isin(table["ML"].dropna()).sum() == joined - lots.isna().sum()


# --- the same words in every encoding

WORDS = {
    "dbf__big5.dbf": "繁體國語",
    "dbf__cpg__big5.dbf": "國語",
    "dbf__cpg__big5.shp": "國語",
    "dbf__gb2312.dbf": "简体国语",
    "dbf__gbk.dbf": "简体国语",
    "dbf__ldid__chinese.dbf": "简体",
    "dbf__ldid__chinese.shp": "简体",
    "dbf__utf8.dbf": "国语國語",
}


@pytest.mark.parametrize("name", WORDS)
def test_the_same_chinese_words_whichever_file_and_its_files_untouched(real, name):
    folder = real / "encodings_mapshaper"
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert formats.read(folder / name).frame["NAME"].tolist() == [WORDS[name]]
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_a_compressed_table_is_refused_in_words_and_read_once_unpacked(real, tmp_path):
    packed = real / "encodings_mapshaper" / "features__gzip__utf8_bom.csv.gz"
    with pytest.raises(FormatUnknown, match="gzip archive, to be unpacked first"):
        formats.read(packed)
    (tmp_path / "features.csv").write_bytes(gzip.decompress(packed.read_bytes()))
    table = formats.read(tmp_path / "features.csv")
    assert table.frame.columns[0] == "election_dt"
    assert table.frame["county_name"].iloc[0] == "ALAMANCE"


def test_points_somewhere_unknown_are_refused_in_words(real, mutan):
    said = mutan("area", real / "encodings_mapshaper" / "dbf__cpg__big5.shp")
    assert said.status == 1
    assert "declares no coordinate reference system" in said.err
    assert CrsMissing.__name__ not in said.err

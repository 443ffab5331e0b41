"""KML and KMZ: folders one after the other, text as text, nothing followed and nothing unfolded."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats import read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
TAIL = "</Document></kml>"
RING = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
OUTER = "0,0,0 4,0,0 4,4,0 0,4,0 0,0,0"
INNER = "1,1 2,1 2,2 1,2 1,1"


def polygon(outer=OUTER, *inner):
    holes = "".join(f"<innerBoundaryIs>{RING.format(each)}</innerBoundaryIs>" for each in inner)
    return f"<Polygon><outerBoundaryIs>{RING.format(outer)}</outerBoundaryIs>{holes}</Polygon>"


def placemark(geometry, name="甲", data=()):
    values = "".join(f'<Data name="{key}"><value>{value}</value></Data>' for key, value in data)
    return f"<Placemark><name>{name}</name><ExtendedData>{values}</ExtendedData>{geometry}</Placemark>"


@pytest.fixture
def kml(tmp_path):
    def write(body, head=HEAD, encoding="utf-8"):
        path = tmp_path / "区.kml"
        path.write_bytes((head + body + TAIL).encode(encoding))
        return path

    return write


def codes(table):
    return [fault.code for fault in table.faults]


def test_folders_follow_one_another_and_name_themselves(kml):
    inner = f"<Folder><name>北区</name>{placemark(polygon(), '乙')}</Folder>"
    path = kml(f"<Folder><name>工业</name>{placemark(polygon())}{inner}</Folder>{placemark(polygon(), '丙')}")
    table = read(path)
    assert table.frame["name"].tolist() == ["甲", "乙", "丙"]
    assert table.frame["folder"].tolist()[:2] == ["工业", "工业/北区"]
    assert table.frame["folder"].isna().tolist() == [False, False, True]
    assert table.frame.crs.to_epsg() == 4326
    assert read(path, layer="北区").frame["name"].tolist() == ["乙"]
    with pytest.raises(FileUnusable, match="Leave the layer out"):
        read(path, layer="南区")


def test_a_hole_is_a_hole_and_heights_of_zero_are_none(kml):
    frame = read(kml(placemark(polygon(OUTER, INNER)))).frame
    assert frame.geometry.iloc[0].area == 15
    assert not frame.geometry.has_z.any()


def test_heights_are_kept_and_said(kml):
    table = read(kml(placemark(polygon("0,0,9 1,0,9 1,1,9 0,0,9"))))
    assert table.frame.geometry.has_z.all()
    assert codes(table) == ["three_dimensional"]


def test_extended_data_stays_text(kml):
    schema = (
        '<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="code">0601</SimpleData>'
        "</SchemaData></ExtendedData>"
    )
    path = kml(placemark(polygon(), data=[("n", "007")]) + f"<Placemark>{schema}{polygon()}</Placemark>")
    frame = read(path).frame
    assert frame["n"].tolist()[0] == "007"
    assert frame["code"].tolist()[1] == "0601"


def test_many_parts_make_a_multipolygon_and_mixed_ones_a_collection(kml):
    two = f"<MultiGeometry>{polygon()}<MultiGeometry>{polygon(INNER)}</MultiGeometry></MultiGeometry>"
    mixed = f"<MultiGeometry>{polygon()}<Point><coordinates>1,2</coordinates></Point></MultiGeometry>"
    table = read(kml(placemark(two) + placemark(mixed)))
    assert table.frame.geom_type.tolist() == ["MultiPolygon", "GeometryCollection"]
    assert codes(table) == ["geometry_types_mixed"]


def test_lines_points_and_bare_placemarks(kml):
    line = "<LineString><coordinates>0,0 1,1</coordinates></LineString>"
    point = "<Point><coordinates>\n 113.6, 34.7 \n</coordinates></Point>"
    table = read(kml(placemark(line) + placemark(point) + placemark("")))
    assert table.frame.geom_type.tolist()[:2] == ["LineString", "Point"]
    assert (table.frame.geometry.iloc[1].x, table.frame.geometry.iloc[1].y) == (113.6, 34.7)
    assert "geometry_missing" in codes(table)


@pytest.mark.parametrize("bad", ["0,0 1,1", "a,b c,d e,f a,b", "0,0 1,1,1 2,2 0,0", "0 0 1 1 2 2"])
def test_coordinates_that_make_no_ring_name_the_feature(kml, bad):
    table = read(kml(placemark(polygon()) + placemark(polygon(bad))))
    fault = next(f for f in table.faults if f.code == "geometry_unreadable")
    assert fault.row == 2
    assert table.frame.geometry.isna().tolist() == [False, True]


def test_coordinates_that_are_no_numbers_are_said(kml):
    table = read(kml(placemark(polygon("0,0 nan,1 1,1 0,0"))))
    assert "coordinates_not_finite" in codes(table)


def test_tracks_and_models_are_said_to_be_left_out(kml):
    assert "geometry_unsupported" in codes(read(kml(placemark("<Model/>"))))


@pytest.mark.parametrize("encoding", ["gbk", "gb2312", "gb18030", "big5"])
def test_chinese_encodings_are_read_as_declared(kml, encoding):
    head = HEAD.replace("UTF-8", encoding)
    table = read(kml(placemark(polygon(), "工"), head, encoding))
    assert table.frame["name"].tolist() == ["工"]


def test_a_kml_of_no_placemarks_is_an_empty_layer(kml):
    assert codes(read(kml(""))) == ["layer_empty"]


def test_a_hundred_thousand_folders_deep_is_too_deep(kml):
    with pytest.raises(FileTooLarge, match="deeper than 256"):
        read(kml("<Folder>" * 5000 + "</Folder>" * 5000))


BOMB = '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("dtd", [BOMB, OUTSIDE, '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd">'])
def test_entities_and_document_types_are_refused(kml, dtd):
    head = HEAD.replace("\n", "\n" + dtd)
    with pytest.raises(FileBroken, match="Delete the <!DOCTYPE"):
        read(kml(placemark(polygon(), "&b;" if "b" in dtd else "&x;"), head))


def test_any_cut_is_one_clear_error(kml):
    whole = kml(placemark(polygon(OUTER, INNER), "甲"))
    text = whole.read_bytes()
    for length in range(0, len(text) - 1, 23):
        whole.write_bytes(text[:length])
        with pytest.raises(FileUnusable, match="again"):
            read(whole)


def test_a_kmz_is_its_doc_kml(kml, tmp_path):
    inner = kml(placemark(polygon(), "乙"))
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "doc.kml")
        archive.writestr("files/other.kml", "<kml/>")
    table = read(path)
    assert table.frame["name"].tolist() == ["乙"]
    assert (table.source.format, table.source.path) == ("KMZ", str(path))


def test_a_kmz_without_kml_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("a.png", b"\x89PNG")
    with pytest.raises(FileBroken, match=r"no \.kml"):
        read(tmp_path / "a.kmz")


def test_many_placemarks_are_read_in_order(kml):
    path = kml("".join(placemark(polygon(), str(k)) for k in range(3000)))
    assert read(path).frame["name"].tolist() == [str(k) for k in np.arange(3000)]

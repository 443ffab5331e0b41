"""A zone before and after a request: every figure of a book of a few squares worked by hand."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

GROUND = runpy.run_path(str(Path(__file__).with_name("request_ground.py")))
OTHER, ZONE, SINCE, WHEN = (GROUND[name] for name in ("OTHER", "ZONE", "SINCE", "WHEN"))
asked, drawn, make, open_book, strip, take, parcels = (
    GROUND[name] for name in ("asked", "drawn", "make", "open_book", "strip", "take", "parcels")
)
MU = 1500.5931
"""The zone in mu: 1000 squares in a row of 1000.395 m² each"""
KWH = 0.5897
"""t CO2e for a MWh of electricity in Henan"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "book.gpkg")


def told(book: Path, tmp_path: Path, *shapes, gives_up=(), **said):
    """The document of a request with all indicators, not kept."""
    file = drawn(tmp_path, *shapes) if shapes else None
    other = drawn(tmp_path, *gives_up, name="gives_up") if gives_up else None
    said.setdefault("kind", "adjustment" if gives_up else "expansion")
    return asked(book, file, gives_up=other, keep=False, **{"indicators": "all", **said})


def pair(document, code: str) -> tuple[float | None, float | None]:
    return document["indicators"]["before"][code], document["indicators"]["after"][code]


def approx(*values: float):
    return pytest.approx(values, rel=1e-5)


def test_land_that_comes_brings_its_parcels_its_enterprise_and_its_energy(book, tmp_path):
    got = told(book, tmp_path, strip(1000, 1200))
    # industry 500 + 200 of 1000 m; then 900 of 1200
    assert pair(got, "industrial_share") == approx(0.7, 0.75)
    # 300 of tax on the zone; then 700 on a fifth more
    assert pair(got, "tax_per_mu") == approx(300 / MU, 700 / (1.2 * MU))
    assert pair(got, "industrial_tax_per_mu") == approx(300 / (0.7 * MU), 700 / (0.9 * MU))
    # 3000 MWh and 4000 more
    assert pair(got, "emissions_scope2") == approx(3000 * KWH, 7000 * KWH)
    assert got["inventory"]["before"]["location"]["scope2"] == pytest.approx(3000 * KWH)
    assert got["inventory"]["after"]["location"]["scope2"] == pytest.approx(7000 * KWH)
    assert "1 parcels of other zones lie in the added land; they are counted." in got["notes"]
    assert got["request"]["year"] == 2025


def test_parcels_of_other_zones_beside_the_added_land_are_not_counted(book, tmp_path):
    got = told(book, tmp_path, strip(1200, 1400))  # its box touches E1, which is of the other zone
    assert pair(got, "industrial_share") == approx(0.7, 0.7)
    assert pair(got, "built_rate") == approx(1.0, 1000 / 1200)
    assert pair(got, "emissions_scope2") == approx(3000 * KWH, 3000 * KWH)
    assert not [note for note in got["notes"] if "other zones" in note]


def test_a_parcel_of_another_zone_that_lies_in_the_old_boundary_counts_no_more_than_before(book, tmp_path):
    south = strip(850, 1200, -400, 0)
    with open_book(str(book), write=True) as kept:
        firm = parcels().query("parcel_id == 'E1'")
        extra = firm.assign(enterprise_id=None)
        odd = pd.concat([firm, extra.assign(parcel_id="X", land_class="0701")], ignore_index=True)
        take(kept, "parcels", odd, [strip(1000, 1200), strip(900, 1000)], valid_from=SINCE)
        loose = pd.concat(
            [extra.assign(zone=None, parcel_id="S"), parcels().query("zone.isna()")], ignore_index=True
        )
        take(kept, "parcels", loose, [south, strip(1200, 1400)], valid_from=SINCE)
    # an L around X, which lies in the box of the added land and not in it
    got = told(book, tmp_path, strip(1000, 1200).union(south))
    # 700 + 200 + 350 x 0.4 of 1000 + 200 + 140
    assert pair(got, "industrial_share") == approx(0.7, 1040 / 1340)
    assert "1 parcels of other zones lie in the added land; they are counted." in got["notes"]


def test_an_enterprise_whose_land_all_goes_leaves_with_its_energy(book, tmp_path):
    got = told(book, tmp_path, strip(1000, 1200), gives_up=[strip(800, 1000)])
    assert pair(got, "industrial_share") == approx(0.7, 0.7)
    assert pair(got, "tax_per_mu") == approx(300 / MU, 500 / MU)  # 200 go, 400 come
    assert pair(got, "emissions_scope2") == approx(3000 * KWH, 5000 * KWH)


def test_an_enterprise_that_keeps_some_land_stays(book, tmp_path):
    got = told(book, tmp_path, strip(1000, 1100), gives_up=[strip(900, 1000)])
    assert pair(got, "tax_per_mu") == approx(300 / MU, 700 / MU)
    assert pair(got, "emissions_scope2") == approx(3000 * KWH, 7000 * KWH)


def test_land_of_which_the_book_has_no_parcel_cannot_be_told(book, tmp_path):
    got = told(book, tmp_path, strip(1200, 1500))
    row = next(each for each in got["indicators"]["rows"] if each["code"] == "industrial_share")
    assert (row["after"], row["change"]) == (None, None)
    assert row["before"] == pytest.approx(0.7)
    # 100 of 1000 m of the zone
    assert row["reason"].startswith("The book has no parcels on 150.06 mu of the added land")
    assert got["land_carbon"]["tco2e"] is None
    assert "150.06 mu" in got["land_carbon"]["reason"]


def test_land_converted_is_a_line_of_its_own_and_never_in_the_inventory(book, tmp_path):
    got = told(book, tmp_path, strip(1000, 1400))
    lines = {line["from_use"]: line for line in got["land_carbon"]["lines"]}
    assert set(lines) == {"industrial", "farmland"}
    assert lines["industrial"]["tco2e"] == 0
    # a fifth of the zone of cropland
    hectares = MU / 15 / 5
    assert lines["farmland"]["area_ha"] == pytest.approx(hectares, rel=1e-5)
    assert got["land_carbon"]["tco2e"] == pytest.approx(hectares * lines["farmland"]["factor"], rel=1e-5)
    assert got["inventory"]["after"]["location"]["land"] is None


def test_a_request_equal_to_its_own_zone_adds_nothing_and_changes_nothing(book, tmp_path):
    got = told(book, tmp_path, strip(0, 1000))
    assert got["area"]["added"]["m2"] == got["area"]["lost"]["m2"] == 0
    assert got["area"]["already_in_zone"] == got["area"]["asked"] == got["area"]["boundary"]
    assert all(row["change"] in (0, None) for row in got["indicators"]["rows"])
    assert got["indicators"]["before"] == got["indicators"]["after"]
    assert got["inventory"]["before"] == got["inventory"]["after"]
    assert (got["trimmed"], got["land_carbon"]) == (None, None)


def test_a_zone_that_ends_has_no_figures_afterwards(book, tmp_path):
    got = told(book, tmp_path, kind="removal")
    assert got["area"]["after"]["m2"] == 0
    assert got["area"]["lost"] == got["area"]["boundary"]
    assert pair(got, "industrial_share") == (pytest.approx(0.7), None)
    assert got["inventory"]["after"] is None
    assert not got["notes"]  # nothing is said of an approved area that ends


def test_a_level_that_rises_leaves_every_figure_as_it_is(book, tmp_path):
    got = told(book, tmp_path, kind="upgrade")
    assert got["area"]["after"] == got["area"]["boundary"]
    assert got["indicators"]["before"] == got["indicators"]["after"]


def test_a_zone_that_begins_has_figures_afterwards_alone(book, tmp_path):
    got = told(book, tmp_path, strip(1200, 1400), kind="recognition", zone="X1", name="新区")
    assert got["request"]["zone_name"] == "新区"
    assert pair(got, "built_rate") == (None, 0.0)
    assert got["inventory"]["before"] is None
    assert got["area"]["boundary"]["m2"] == 0


def test_parcels_on_top_of_each_other_do_not_hide_land_without_any(book, tmp_path):
    with open_book(str(book), write=True) as kept:
        loose = parcels().query("parcel_id == 'E2'")
        both = pd.concat([loose, loose.assign(parcel_id="E2b")], ignore_index=True)
        take(kept, "parcels", both, [strip(1200, 1400), strip(1200, 1400)], valid_from=SINCE)
    got = told(book, tmp_path, strip(1200, 1600), kind="recognition", zone="X1", name="新区")
    assert pair(got, "built_rate") == (None, None)
    # two of ten parts of the zone
    assert "300.12 mu" in got["land_carbon"]["reason"]


@pytest.mark.parametrize("gone", [(), ((800, 1000),), ((450, 650),)])
@pytest.mark.parametrize("come", [(1000, 1200), (1100, 1400), (1000, 1050)])
def test_some_results_are_those_of_all(book, tmp_path, come, gone):
    """A batch measures what conditions hold, from the pieces that move; a check by itself measures all."""
    gives_up = [strip(*each) for each in gone]
    every, some = (
        told(book, tmp_path, strip(*come), gives_up=gives_up, kind="expansion" if not gone else "adjustment",
             indicators=which)["indicators"]
        for which in ("all", "conditions")
    )  # fmt: skip
    assert some["before"].keys() >= {"industrial_share"} or gone
    for side in ("before", "after"):
        for code, value in some[side].items():
            # a corner more on a parallel of 1 km moves its edge by up to a centimetre
            assert value == pytest.approx(every[side][code], rel=1e-5), (side, code)


def test_a_batch_measures_land_from_the_pieces_as_a_check_does_from_the_ground(book, tmp_path):
    from api.requests.before_after import Held, before_after
    from api.requests.checking import drawn_of
    from api.requests.land_alone import OF_LAND
    from api.requests.wishes import Wishes
    from api.zone_tables import zone_on

    day = GROUND["DAY"]
    with open_book(str(book)) as kept:
        files = {
            "asked": drawn(tmp_path, strip(1000, 1300)),
            "gives_up": drawn(tmp_path, strip(450, 650), name="g"),
        }
        wishes = Wishes("adjustment", ZONE, day)
        request, _ = drawn_of(kept, files["asked"], wishes, gives_up=files["gives_up"])
        zone = zone_on(kept, ZONE, day)
        every = before_after(kept, Held.of(kept, zone, day), request).measured()
        land = before_after(kept, Held.of(kept, zone, day, only=OF_LAND), request).measured()
    assert set(land) == OF_LAND
    for code, sides in land.items():
        for one, other in zip(sides, every[code], strict=True):
            assert one.value == (None if other.value is None else pytest.approx(other.value, rel=1e-5)), code
            assert bool(one.reason) == bool(other.reason)


def test_areas_of_the_document_close(book, tmp_path):
    got = told(book, tmp_path, strip(900, 1200), gives_up=[strip(0, 100)])
    area = {name: size["m2"] for name, size in got["area"].items() if isinstance(size, dict)}
    kept = area["added"] + area["already_in_zone"] + area["dropped"]
    assert area["asked"] + area["filled"] == pytest.approx(kept, abs=0.03)
    assert area["after"] == pytest.approx(area["boundary"] + area["added"] - area["lost"], abs=0.02)
    assert area["already_in_zone"] == pytest.approx(area["boundary"] / 10, rel=1e-5)


def test_the_whole_new_boundary_in_one_file_is_what_its_parts_are(book, tmp_path):
    whole = told(book, tmp_path, strip(100, 1200), kind="adjustment", whole=True)
    parts = told(book, tmp_path, strip(1000, 1200), gives_up=[strip(0, 100)])
    for name in ("added", "lost", "after"):
        assert whole["area"][name]["m2"] == pytest.approx(parts["area"][name]["m2"], abs=0.5), name
    assert whole["indicators"]["after"]["industrial_share"] == pytest.approx(
        parts["indicators"]["after"]["industrial_share"], rel=1e-6
    )


def test_a_parcel_keeps_its_share_where_the_request_cuts_it(book, tmp_path):
    got = told(book, tmp_path, strip(1100, 1300))
    # 700 m of industry of 1000 m, and 100 of 100 of E1; farmland is no construction land
    assert pair(got, "industrial_share") == approx(0.7, 800 / 1100)

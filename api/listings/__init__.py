"""Listings (清单): `LISTINGS` is the table of contents; each has a command, a path, a page and files."""

from __future__ import annotations

from collections.abc import Mapping

from api.listings.cover import cover_list
from api.listings.exits import exits
from api.listings.grades import grade_list
from api.listings.listing import Asked, Listing, ListingKind
from api.listings.monthly import monthly_list
from api.listings.projects import project_list
from api.listings.share import share_list
from api.listings.spread import spread_list
from api.listings.standing import standing
from api.listings.targets import target_list

__all__ = ["FORMS", "LISTINGS", "Asked", "Listing", "ListingKind", "of_a_zone"]
FORMS = ("json", "html", "csv", "xlsx", "geojson")
SCHEME = "Scheme of data/rules/benefit; default henan_2019."

LISTINGS: Mapping[str, ListingKind] = {
    each.name: each
    for each in (
        ListingKind(
            "standing",
            "位次",
            "How the zones stand: leagues of the yearly evaluation, or ranks by one result.",
            standing,
            {"by": "Code of a result to rank by.", "league": "Evaluation; default henan_2023_13."},
            zoned=False,
        ),
        ListingKind(
            "targets",
            "规划目标",
            "Targets of the plan: level, growth, what remains, on course or not.",
            target_list,
            {"zone": "Only that zone, or the province."},
            zoned=False,
        ),
        ListingKind(
            "share",
            "产业用地占比",
            "Industrial land share parcel by parcel, and what would have to change to reach the target.",
            share_list,
            {"definition": "p1, p2, p3, p4 or auto.", "vacant": "true counts 空闲地 1201 in."},
        ),
        ListingKind(
            "grades",
            "企业评价",
            "Enterprises graded by a scheme, each with its scores.",
            grade_list,
            {"scheme": SCHEME, "enterprise": "Only that enterprise, with its why."},
        ),
        ListingKind(
            "spread",
            "效益分布",
            "One measure over the enterprises, by industry: sums, mean, quantiles, Gini, classes.",
            spread_list,
            {"by": "division or zone.", "measure": "As tax_per_mu, the default.", "scheme": SCHEME},
        ),
        ListingKind(
            "projects",
            "项目管控",
            "Projects against control values, promises and the admission list.",
            project_list,
        ),
        ListingKind(
            "exits",
            "退出清单",
            "Idle land and low-yield enterprises, with reason and age.",
            exits,
            {"scheme": SCHEME},
        ),
        ListingKind(
            "cover",
            "卫星核台账",
            "What a land-cover raster showed, and the parcels about which it and the ledger differ.",
            cover_list,
        ),
        ListingKind(
            "monthly",
            "月度监测",
            "Monthly series with year-on-year and year-to-date.",
            monthly_list,
            {"item": "Items, separated by commas; all."},
        ),
    )
}


def of_a_zone() -> list[ListingKind]:
    """The listings that are about one zone."""
    return [kind for kind in LISTINGS.values() if kind.zoned]

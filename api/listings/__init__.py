"""Listings (清单): `LISTINGS` is the table of contents; each has a command, a path, a page and files.

A listing is the function `make` of the file that bears its name here. Nothing of it is loaded before it is
asked for, so that the command line starts at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.listings.listing import Asked, Listing

FORMS = ("json", "html", "csv", "xlsx", "geojson")
CHOICES = {
    "family": "Fuel family; default cn_a.",
    "electricity": "Grid factor; default province.",
    "gwp": "Warming potentials; default AR5.",
    "vintage": "Data year of grid factors; default the accounting year.",
    "known_on": "Only with what was published by that day, as 2025-06-30.",
}
SCHEME = "A file of data/rules/benefit; default henan_2019."


@dataclass(frozen=True)
class ListingKind:
    """What can be listed.

    Parameters
    ----------
    name, title, about : file and last part of its address, Chinese title, one sentence in English
    options : name -> what it means
    flags : those of the options that are switches
    zoned : whether it is about one zone
    command : of `mutan`; empty where another command shows what it is about
    examples : of the command
    checks : whether the command ends with status 3 when something in it is not met
    """

    name: str
    title: str
    about: str
    options: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    zoned: bool = True
    command: str = ""
    examples: tuple[str, ...] = ()
    checks: bool = False

    def make(self, asked: Asked) -> Listing:
        """The listing that is asked for."""
        made: Listing = import_module(f"api.listings.{self.name}").make(asked)
        return made


LISTINGS: Mapping[str, ListingKind] = {
    each.name: each
    for each in (
        ListingKind(
            "standing",
            "位次",
            "How the zones stand: leagues of the yearly evaluation, or ranks by one result.",
            {
                "by": "Code of a result to rank by; none: the leagues.",
                "league": "Evaluation of the leagues; default henan_2023_13.",
            },
            zoned=False,
            command="standing",
            examples=("mutan standing --year 2024", "mutan standing --year 2024 --by tax_per_mu --json"),
        ),
        ListingKind(
            "targets",
            "规划目标",
            "Targets of the plan: level, growth, what remains, on course or not.",
            {"zone": "Code of a zone, or of the province; none: all of them."},
            zoned=False,
            command="targets",
            examples=("mutan targets --year 2024", "mutan targets --year 2024 --zone G411031 --why"),
        ),
        ListingKind(
            "share",
            "产业用地占比",
            "Industrial land share parcel by parcel, and what would have to change to reach the target.",
            {"definition": "p1 p2 p3 p4; default auto.", "vacant": "Count 空闲地 1201 as construction land."},
            flags=frozenset({"vacant"}),
            command="share",
            examples=(
                "mutan share G411031 --year 2024",
                "mutan share G411031 --year 2024 --definition p1 -o 占比.xlsx",
            ),
        ),
        ListingKind(
            "grades",
            "企业评价",
            "Enterprises graded by a scheme, each with its scores (亩均效益评价).",
            {"scheme": SCHEME, "enterprise": "Only that enterprise, with its why."},
            command="grade",
            examples=(
                "mutan grade G411031 --year 2024 --scheme henan_2019",
                "mutan grade G411031 --year 2024 --why",
            ),
        ),
        ListingKind(
            "spread",
            "效益分布",
            "One measure over the enterprises: sums, mean, quantiles, Gini, classes.",
            {"by": "zone; default division.", "measure": "Default tax_per_mu.", "scheme": SCHEME},
            command="spread",
            examples=("mutan spread G411031 --year 2024 --by division --measure value_added_per_mu",),
        ),
        ListingKind(
            "projects",
            "项目管控",
            "Projects against control values, promises and the admission list.",
            command="projects",
            examples=("mutan projects G411031 --year 2024",),
            checks=True,
        ),
        ListingKind(
            "exits",
            "退出清单",
            "Idle land and low-yield enterprises, with reason and age.",
            {"scheme": SCHEME},
            command="exits",
            examples=("mutan exits G411031 --year 2024 -o 退出清单.geojson",),
        ),
        ListingKind(
            "cover",
            "卫星核台账",
            "What a land-cover raster showed, and the parcels about which it and the ledger differ.",
        ),
        ListingKind(
            "gates",
            "零碳园区关口",
            "Gates of a zero-carbon park: met, not met, or cannot tell, with what must be cut.",
            {
                "exclude": "Guide indicators left out, each with its reason: NAME:REASON;NAME:REASON.",
                **CHOICES,
            },
            command="gates",
            examples=("mutan gates G411031 --year 2024 --exclude 'solid_waste:无工业固废'",),
            checks=True,
        ),
        ListingKind(
            "path",
            "降碳路径",
            "Pledges year by year: on course or not, and where the measures lead.",
            {"shape": "straight or compound; default straight.", **CHOICES},
            command="path",
            examples=("mutan path G411031 --year 2024 --shape compound",),
        ),
        ListingKind(
            "measures",
            "减排措施",
            "Measures of reduction by the cost of a tonne (marginal list).",
            {"rate": "Discount rate per year, as 0.06; default an illustration.", **CHOICES},
            command="measures",
            examples=("mutan measures G411031 --year 2024 -o 措施.xlsx",),
        ),
        ListingKind(
            "monthly",
            "月度监测",
            "Monthly series with year-on-year and year-to-date.",
            {"item": "Items, separated by commas; none: all."},
            command="monthly",
            examples=("mutan monthly G411031 --year 2024",),
        ),
    )
}


def of_a_zone() -> list[ListingKind]:
    """The listings that are about one zone."""
    return [kind for kind in LISTINGS.values() if kind.zoned]

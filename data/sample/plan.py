"""What is decided by hand about each made-up zone: its parts, its streets, its mix of land (示例方案).

Every number here is invented. Codes only say to which catalogue entry (data/codes/zones_henan.csv) a plan
belongs; name, city, approved area and rough place come from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST_DAY = date(2020, 1, 1)
BOUNDARY_CHANGE = date(2023, 1, 1)
YEARS = (2020, 2021, 2022, 2023, 2024)
PLANE = "EPSG:4547"  # CGCS2000, 3-degree belt around 114° E, without belt number
STORED = "EPSG:4490"
# grade of the land of each zone, for control values that go by it; and the zones evaluated as services
GRADES = {
    "G411031": "4",
    "G411162": "8",
    "G411163": "6",
    "G411164": "9",
    "G411165": "9",
    "G411166": "6",
    "G411167": "8",
    "G411168": "8",
    "G411169": "8",
}
SERVICES = ("G411166", "G411168")


@dataclass(frozen=True)
class Strip:
    """A winding strip through a part: a river, a railway, a motorway.

    Parameters
    ----------
    along : "u" runs east-west in the part's own frame, "v" north-south
    offset, swing : where it crosses the middle, and how far it winds, as shares of the part's half-size
    half_m, verge_m : half its width, and the width of the green belt on either side
    land_class : 三调 code of the strip; the verges are 0810
    """

    along: str
    offset: float
    swing: float
    half_m: float
    verge_m: float
    land_class: str


RIVER = Strip("u", 0.15, 0.12, 30.0, 45.0, "1101")
DITCH = Strip("v", -0.3, 0.06, 14.0, 22.0, "1107")
RAILWAY = Strip("v", 0.42, 0.03, 18.0, 20.0, "1001")
MOTORWAY = Strip("u", -0.42, 0.04, 24.0, 40.0, "1003")


@dataclass(frozen=True)
class PartPlan:
    """One contiguous part of a zone.

    Parameters
    ----------
    km2 : size aimed at
    east_km, north_km : its middle, from the middle of the zone
    aspect : width by height
    turn : anticlockwise turn of the street grid, degrees
    hole : the blocks cut out around this place (shares of the half-size), an enclave; None: no hole
    since : the part belongs to the zone from that day
    surveyed : False where nobody has told the land classes
    """

    km2: float
    east_km: float = 0.0
    north_km: float = 0.0
    aspect: float = 1.25
    turn: float = 0.0
    strips: tuple[Strip, ...] = ()
    hole: tuple[float, float] | None = None
    since: date = FIRST_DAY
    surveyed: bool = True


@dataclass(frozen=True)
class ZonePlan:
    """One zone: parts, share of industrial land, farmland left, plot sizes, trades and money.

    Parameters
    ----------
    industrial : share of industrial and storage land in construction land that the parcels are tuned to
    rest : share of land that is no construction land yet: fields, woods, prepared ground
    plot_ha : size of an industrial plot, on average
    trades : trade (key of data.sample.trades) -> weight
    tax_mu, investment_mu : of the industrial land in 2024, CNY10k/mu
    growth : yearly growth of revenue
    """

    code: str
    parts: tuple[PartPlan, ...]
    industrial: float
    rest: float
    plot_ha: float
    category: str
    trades: dict[str, float]
    tax_mu: float
    investment_mu: float
    growth: float
    class_system: str = "sandiao"
    towards: float = 90.0


PLANS = (
    ZonePlan(
        "G411031",
        (
            PartPlan(46.0, aspect=1.3, turn=6, strips=(RIVER, RAILWAY)),
            PartPlan(25.0, 8.1, -2.2, aspect=0.9, turn=-4, strips=(MOTORWAY,)),
        ),
        industrial=0.640,
        rest=0.08,
        plot_ha=3.0,
        category="industry_led",
        trades={"vehicle": 3, "parts": 4, "machinery": 3, "storage": 2.5, "electronics": 1, "tools": 2},
        tax_mu=34.0,
        investment_mu=610.0,
        growth=0.065,
        towards=150,
    ),
    ZonePlan(
        "G411162",
        (PartPlan(22.0, aspect=1.5, turn=-8, strips=(DITCH,)),),
        industrial=0.662,
        rest=0.10,
        plot_ha=3.2,
        category="industry_led",
        trades={"vehicle": 1, "parts": 4, "machinery": 3, "storage": 1, "tools": 2},
        tax_mu=14.5,
        investment_mu=380.0,
        growth=0.04,
        towards=60,
    ),
    ZonePlan(
        "G411163",
        (
            PartPlan(17.0, aspect=1.1, turn=14, strips=(RIVER,)),
            PartPlan(4.5, 4.2, 1.9, aspect=1.2, turn=10, surveyed=False),
        ),
        industrial=0.655,
        rest=0.09,
        plot_ha=3.0,
        category="industry_led",
        trades={"solar": 3, "machinery": 3, "tools": 2, "metal": 2, "storage": 0.7},
        tax_mu=16.0,
        investment_mu=430.0,
        growth=0.05,
        towards=200,
    ),
    ZonePlan(
        "G411164",
        (PartPlan(9.0, aspect=1.7, turn=24, strips=(DITCH,)),),
        industrial=0.715,
        rest=0.11,
        plot_ha=3.4,
        category="industry_led",
        trades={"steel": 3, "machinery": 3, "parts": 3, "electronics": 1, "lime": 0.6},
        tax_mu=8.2,
        investment_mu=265.0,
        growth=0.02,
        towards=240,
    ),
    ZonePlan(
        "G411165",
        (PartPlan(21.0, aspect=0.75, turn=3, strips=(RIVER,), hole=(0.1, -0.35)),),
        industrial=0.671,
        rest=0.12,
        plot_ha=3.1,
        category="industry_led",
        trades={"electronics": 4, "metal": 3, "parts": 2, "storage": 0.8},
        tax_mu=11.4,
        investment_mu=345.0,
        growth=0.07,
        towards=100,
    ),
    ZonePlan(
        "G411166",
        (
            PartPlan(21.0, aspect=1.35, turn=-12, strips=(RAILWAY,)),
            PartPlan(8.0, -4.8, 3.0, aspect=1.0, turn=-6),
        ),
        industrial=0.604,
        rest=0.10,
        plot_ha=3.0,
        category="industry_led",
        trades={"machinery": 4, "clothes": 3, "parts": 2, "storage": 1, "food": 1},
        tax_mu=13.2,
        investment_mu=330.0,
        growth=0.045,
        towards=230,
    ),
    ZonePlan(
        "G411167",
        (PartPlan(19.0, aspect=1.6, turn=5, strips=(RIVER,)),),
        industrial=0.628,
        rest=0.09,
        plot_ha=3.5,
        category="industry_led",
        trades={"chemicals": 4, "paper": 2, "machinery": 2, "furniture": 1},
        tax_mu=17.8,
        investment_mu=470.0,
        growth=0.03,
        class_system="ydyh_2023",
        towards=80,
    ),
    ZonePlan(
        "G411168",
        (PartPlan(29.0, aspect=1.2, turn=-3, strips=(RIVER, MOTORWAY)),),
        industrial=0.528,
        rest=0.13,
        plot_ha=2.8,
        category="industry_led",
        trades={"machinery": 4, "hair": 3, "medicine": 2, "electrical": 2},
        tax_mu=10.6,
        investment_mu=300.0,
        growth=0.035,
        towards=170,
    ),
    ZonePlan(
        "G411169",
        (
            PartPlan(18.0, aspect=1.25, turn=9, strips=(RIVER, RAILWAY)),
            PartPlan(7.5, 4.7, -0.9, aspect=0.8, turn=2, since=BOUNDARY_CHANGE),
        ),
        industrial=0.648,
        rest=0.09,
        plot_ha=2.9,
        category="industry_led",
        trades={"food": 5, "machinery": 2, "storage": 1.5, "packaging": 1.5},
        tax_mu=20.5,
        investment_mu=395.0,
        growth=0.055,
        towards=280,
    ),
)

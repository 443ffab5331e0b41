"""Documents of made-up requests and their drawings: one fine, one not met, one withheld, one hostile."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from api.requests.geometry import plain, size
from api.requests.report.drawing import Drawing, drawing_of, open_constraints

NOTICE = "样例：本页数据均为虚构，仅供演示"
BELT = Transformer.from_crs(4547, 4490, always_xy=True)
EAST, NORTH = 512_000.0, 3_842_000.0
HOSTILE = (
    "<script>alert(1)</script>",
    '=cmd|"/C calc"!A0',
    "名称" * 400,
    '#set page(width: 1pt) #panic("x") $ \\ * _ `',
    "甲\x00\x01区\ud800",
    '"><img src=x onerror=alert(1)> & \u202e反向',
)


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in metres from (EAST, NORTH) of belt 38 in EPSG:4490."""

    def move(points: np.ndarray) -> np.ndarray:
        return np.column_stack(BELT.transform(points[:, 0] + EAST, points[:, 1] + NORTH))

    return shapely.transform(shape, move)


def series(*shapes: shapely.Geometry, index: Any = None) -> gpd.GeoSeries:
    return gpd.GeoSeries([degrees(shape) for shape in shapes], index=index, crs=4490)


ZONE = shapely.Polygon([
    (-900, -700), (-200, -820), (300, -600), (420, 0), (380, 450), (100, 700), (-500, 760), (-950, 300),
])  # fmt: skip
ASKED = shapely.Polygon([
    (420, 0), (800, -60), (1050, 120), (1120, 480), (900, 640), (640, 560), (380, 450),
])  # fmt: skip
FARM = shapely.Polygon([(850, 300), (1500, 250), (1500, 900), (950, 900), (700, 600)])
WATER = shapely.LineString([(-1200, -900), (0, -1000), (700, -110), (1600, -60)]).buffer(45)
TOWN = shapely.box(-1100, -1000, 1000, 1000)

RULES = [
    ("basic_farmland", "不占永久基本农田", "底线类", "m2", "at most", 0.0, "land-law-2019 第三十五条"),
    ("ecological_red_line", "不占生态保护红线", "底线类", "m2", "at most", 0.0, "land-law-2019 第十八条"),
    ("urban_boundary", "位于城镇开发边界内", "底线类", "m2", "at most", 0.0, "land-law-2019 第二十一条"),
    ("river_land", "不占河湖管理范围", "底线类", "m2", "at most", 0.0, "land-rules-2021 第三条"),
    ("heritage", "不占文物保护范围", "底线类", "m2", "at most", 0.0, "land-law-2019 第四条"),
    ("other_zone", "不与其他开发区重叠", "底线类", "m2", "at most", 0.0, "land-law-2019 第四条"),
    ("industrial_share", "产业用地占比(调整前)", "节约集约类", "1", "at least", 0.6,
     "henan-145-etdz-plan 表2"),
    ("built_rate", "土地建成率", "节约集约类", "1", "at least", 0.6, "land-rules-2021 第十条"),
    ("idle_rate", "土地闲置率", "节约集约类", "1", "at most", 0.05, "land-rules-2021 第十条"),
    ("tax_per_mu", "亩均税收", "节约集约类", "CNY10k/mu", "at least", 15.0, "henan-145-etdz-plan 表2"),
    ("supply_years", "现有土地可供年限", "发展空间类", "year", "at most", 5.0, "land-rules-2021 第八条"),
    ("total_area_cap", "调整后总面积不超过规划面积", "发展空间类", "ha", "at most", 400.0,
     "land-law-2019 第二十二条"),
]  # fmt: skip
STATUS = {"land-law-2019": "verified", "land-rules-2021": "unverified", "henan-145-etdz-plan": "illustration"}


def finding(at: int, outcome: str = "met", **more: Any) -> dict[str, Any]:
    code, label, group, unit, compare, limit, article = RULES[at]
    good = limit if compare == "at most" else limit * 1.2
    return {
        "rule": f"rules.expansion.{code}",
        "label": label,
        "kind": "request",
        "subject": "Z1",
        "group": group,
        "hard": group == "底线类",
        "outcome": outcome,
        "measured": {"met": good, "not_met": limit * 0.5 or 1.0, "cannot_tell": None}[outcome],
        "unit": unit,
        "limit": limit,
        "limit_unit": unit,
        "compare": compare,
        "article": article,
        "since": "2020-01-01",
        "status": STATUS[article.split(" ")[0]],
        "reason": "",
        "remedy": "",
        "area_m2": None,
        "withheld": False,
        "against": [],
        "layers": ["constraints v3"],
        "geometry": None,
        **more,
    }


def document(findings: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A document of the contract's shape."""
    seen = {each["outcome"] for each in findings}
    verdict = next((o for o in ("not_met", "cannot_tell") if o in seen), "met")
    added = ASKED.difference(ZONE)
    asked = degrees(ASKED)
    return {
        "verdict": verdict,
        "wording": "To be verified by the authority.",
        "wording_zh": "结果供核查参考，以主管部门核实为准。",
        "request": {
            "id": "R-2026-007", "name": "嵩北开发区东片扩区", "zone": "Z1", "zone_name": "嵩北经济技术开发区",
            "kind": "expansion", "kind_label": "扩区", "day": "2026-03-31", "region": "410122",
            "who": "zhang", "when": "2026-04-02T09:30:00+08:00", "file": "东片界址点.txt",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "format": "boundary_txt", "crs": "EPSG:4526", "snap_m": 0.1, "whole": False, "reasons": [],
            "year": 2025,
        },
        "area": {
            "asked": size(ASKED.area), "added": size(added.area), "lost": size(0.0),
            "boundary": size(ZONE.area), "after": size(ZONE.area + added.area), "dropped": size(0.0),
            "filled": size(0.0), "already_in_zone": size(ASKED.area - added.area),
            "declared_ha": 34.1215, "plane_ha": 34.1210, "difference_ha": -0.0005,
        },
        "plots": [{
            "plot_no": "DP-01", "name": "东片一号", "points": 7, "declared_points": 8, "declared_ha": 34.1215,
            "plane_ha": 34.121, "ellipsoid_ha": 34.1188, "difference_ha": -0.0005, "parts": 1, "holes": 0,
            "width_m": 512.4, "compactness": 0.8121, "perimeter_m": 2312.18, "line": 14,
        }],
        "limits": {"east": "东至省道 S312", "south": "南至清河", "west": "西至嵩北经济技术开发区",
                   "north": "北至东柳村"},
        "findings": findings,
        "not_held": [{"rule": "rules.expansion.yellow_river_flats", "label": "不占黄河滩区",
                      "reason": "No limit is known for the region 410122."}],
        "indicators": {
            "before": {}, "after": {},
            "rows": [
                row("zone_area", "开发区面积", "m2", 1_842_500.0, 2_183_400.0),
                row("industrial_share", "产业用地率", "1", 0.6421, 0.5873),
                row("tax_per_mu", "亩均税收", "CNY10k/mu", 21.35, 18.02),
                row("idle_rate", "土地闲置率", "1", 0.021, 0.018),
                row("plot_ratio", "综合容积率", "1", 1.12, 1.05),
                row("emissions_per_mu", "亩均碳排放", "tCO2e/mu", None, None,
                    "2025: nobody has stated 营业收入 (revenue)"),
            ],
        },
        "inventory": {
            "before": {
                "location": {"scope1": 120_345.2, "scope2": 80_112.9, "total": 200_458.1},
                "ndrc910": {"total": None},
            },
            "after": {
                "location": {"scope1": 120_345.2, "scope2": 81_002.0, "total": 201_347.2},
                "ndrc910": {"total": None},
            },
        },
        "land_carbon": {
            "method": "s41598_2025", "tco2e": 812.4, "unit": "tCO2e", "reason": None,
            "lines": [
                {"from_use": "farmland", "area_ha": 28.9, "factor": 25.1, "tco2e": 725.4, "source": "x",
                 "missing": None},
                {"from_use": "woodland", "area_ha": 1.1, "factor": 79.1, "tco2e": 87.0, "source": "x",
                 "missing": None},
            ],
        },
        "trimmed": None,
        "unverified": sorted({each["rule"] for each in findings if each["status"] != "verified"}),
        "layers": ["zones v1", "constraints v3", "parcels v7"],
        "faults": [],
        "geometry": plain(asked),
        "notes": [],
        "notice": NOTICE,
        **more,
    }  # fmt: skip


def row(
    code: str, label: str, unit: str, before: float | None, after: float | None, reason: str | None = None
) -> dict[str, Any]:
    change = None if before is None or after is None else after - before
    return {
        "code": code, "label": label, "unit": unit, "before": before, "after": after, "change": change,
        "reason": reason,
    }  # fmt: skip


def drawing(document: dict[str, Any], **more: Any) -> Drawing:
    roles = {"basic_farmland": FARM, "river_land": WATER, "urban_boundary": TOWN}
    features = gpd.GeoDataFrame(
        {"role": list(roles), "restricted": [False] * 3}, geometry=list(series(*roles.values())), crs=4490
    )
    village, road = shapely.box(500, 700, 1000, 950), shapely.box(1180, -400, 1240, 900)
    return drawing_of(document, **{
        "boundary": series(ZONE),
        "asked": series(ASKED),
        "added": series(ASKED.difference(ZONE)),
        "constraints": open_constraints(features),
        "neighbours": series(village, road, index=["东柳村", "省道S312"]),
        **more,
    })  # fmt: skip


def fine() -> tuple[dict[str, Any], Drawing]:
    """All conditions met."""
    made = document([finding(at) for at in range(len(RULES))])
    return made, drawing(made)


def not_met() -> tuple[dict[str, Any], Drawing]:
    """Farmland and river land touched, targets missed, one cannot be told; a trimmed suggestion."""
    farm, river = ASKED.intersection(FARM), ASKED.intersection(WATER)
    outside = ASKED.difference(TOWN)
    hits = {0: farm, 3: river, 2: outside}
    findings = [finding(at) for at in range(len(RULES))]
    for at, shape in hits.items():
        findings[at] |= {
            "outcome": "not_met", "measured": round(shape.area, 2), "area_m2": round(shape.area, 2),
            "geometry": plain(degrees(shape)), "against": ["永久基本农田图斑 0417", "永久基本农田图斑 0418"],
            "remedy": "从申请范围中扣除占用的部分; 确实无法避让的, 附批准文件",
        }  # fmt: skip
    findings[6] = finding(
        6, "not_met", measured=0.5873, remedy="说明产业用地占比低于规划目标的原因和提高的安排"
    )
    findings[9] = finding(9, "cannot_tell", reason="2025: nobody has stated 营业收入 (revenue)")
    findings[4] = finding(
        4, "cannot_tell", reason="图层缺失：库中没有文物保护范围图层", remedy="导入该图层后再核查"
    )
    kept = ASKED.difference(shapely.union_all([farm, river]))
    made = document(
        findings,
        trimmed={
            "geometry": plain(degrees(kept)), "area": size(kept.area),
            "loses": {**size(ASKED.area - kept.area), "by_rule": {
                "rules.expansion.basic_farmland": size(farm.area),
                "rules.expansion.river_land": size(river.area),
            }},
            "avoids": ["rules.expansion.basic_farmland", "rules.expansion.river_land"],
        },
        faults=[{
            "code": "declared_area", "message": "The plot DP-01 declares 34.1215 ha, and has 34.1210 ha.",
            "remedy": "Correct the declared area.", "severity": "warning", "row": 14,
            "file": "东片界址点.txt", "column": "",
        }],
    )  # fmt: skip
    return made, drawing(made)


def withheld() -> tuple[dict[str, Any], Drawing]:
    """A classified layer is behind one finding: its area is told, its place is not."""
    hidden = finding(1, "not_met", measured=18_350.5, area_m2=18_350.5, withheld=True)
    made = document([hidden if at == 1 else finding(at) for at in range(len(RULES))])
    return made, drawing(made)


def hostile() -> tuple[dict[str, Any], Drawing]:
    """Names that want to be markup, formulas or pages; 60 findings and 500 plots."""
    outcomes = ("not_met", "cannot_tell", "met")
    findings = [
        finding(at % len(RULES), outcomes[at % 3], label=f"{HOSTILE[at % 6]}{at}", group=HOSTILE[at % 3],
                reason=HOSTILE[(at + 1) % 6], remedy=HOSTILE[(at + 2) % 6], article=HOSTILE[(at + 3) % 6],
                against=[HOSTILE[(at + 4) % 6]] * 30)
        for at in range(60)
    ]  # fmt: skip
    squares = [
        shapely.box(420 + 30 * (at % 25), 30 * (at // 25), 445 + 30 * (at % 25), 25 + 30 * (at // 25))
        for at in range(500)
    ]
    for at in range(0, 60, 3):
        findings[at]["geometry"] = plain(degrees(squares[at * 7]))
    made = document(findings)
    made["request"] |= {"name": HOSTILE[3], "zone_name": HOSTILE[0], "file": HOSTILE[1], "zone": HOSTILE[5]}
    made["limits"] = dict(zip(("east", "south", "west", "north"), HOSTILE, strict=False))
    plot = made["plots"][0]
    made["plots"] = [{**plot, "plot_no": f"{HOSTILE[at % 6]}{at}", "points": 4} for at in range(500)]
    made["faults"] = [
        {"code": "odd", "message": HOSTILE[at % 6], "remedy": HOSTILE[(at + 1) % 6], "severity": "error",
         "file": HOSTILE[1], "row": at}
        for at in range(80)
    ]  # fmt: skip
    made["geometry"] = plain(degrees(shapely.MultiPolygon(squares)))
    around = [shapely.box(-900, 900 + 200 * at, -200, 1050 + 200 * at) for at in range(6)]
    drawn = drawing(
        made,
        asked=series(*squares),
        neighbours=series(*around, index=[name.encode("utf-8", "replace").decode() for name in HOSTILE]),
    )
    return made, drawn


def large() -> tuple[dict[str, Any], Drawing]:
    """A small request beside a zone fifty times as wide, whose boundary has 5,000 points."""
    angles = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    far = 9_000 + 150 * np.sin(40 * angles)
    zone = shapely.Polygon(np.column_stack([far * np.cos(angles) - 9_000, far * np.sin(angles)]))
    asked = shapely.box(180, -60, 420, 90)
    made = document([finding(at) for at in range(len(RULES))])
    made["geometry"] = plain(degrees(asked))
    made["area"] |= {"boundary": size(zone.area), "asked": size(asked.area)}
    own = {"boundary": series(zone), "asked": series(asked), "added": series(asked.difference(zone))}
    return made, drawing(made, **own)

"""What an office would lay down itself (控制指标, 准入目录): a handful of rows, all of them illustrations."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.sample.plan import PLANS
from data.sample.trades import TRADES

EDITION = "gbt4754_2017"
OLD, NEW = date(2021, 1, 1), date(2023, 7, 1)
SAID = "示例控制指标〔2023〕1号"
INVESTMENT = {"4": 5200.0, "6": 3600.0, "8": 3200.0, "9": 2700.0}  # by land grade, CNY10k/ha
PLOT_RATIO = {"21": 1.0, "22": 0.8, "26": 0.7, "30": 0.8, "34": 0.8, "35": 0.8, "38": 0.9, "39": 1.1}

# Prohibited and restricted, by zone; "" stands for every zone
PROHIBITED = (
    ("", "", "电镀", date(2022, 1, 1), None, "示例准入目录 第一条: 不新上电镀工艺"),
    ("", "B", "", date(2022, 1, 1), None, "示例准入目录 第二条: 不新上采矿业"),
    ("G411163", "32", "熔炼", date(2018, 1, 1), date(2021, 1, 1), "示例准入目录(2018) 第三条: 已失效"),
)
RESTRICTED = (
    ("G411167", "26", "光气化", date(2022, 1, 1), "限于现有厂区内改造, 不新增用地", "示例准入目录 第四条"),
    ("G411164", "30", "", date(2022, 1, 1), "限于使用天然气的窑炉", "示例准入目录 第五条"),
    ("G411168", "41", "染色", date(2022, 1, 1), "废水须进入区内污水处理厂", "示例准入目录 第六条"),
)


def list_controls() -> pd.DataFrame:
    """Control values of a made-up office: none of them stands in any law."""
    investment, per_ha, per_mu, home = "investment_intensity", "CNY10k/ha", "CNY10k/mu", "410000"
    rows: list[tuple[object, ...]] = [
        ("plot_ratio", code, None, home, NEW, value, "1", f"{SAID} 表1") for code, value in PLOT_RATIO.items()
    ]
    rows += [
        (investment, None, grade, home, NEW, value, per_ha, f"{SAID} 表2")
        for grade, value in INVESTMENT.items()
    ]
    rows += [
        (investment, "36", "8", home, NEW, 4200.0, per_ha, f"{SAID} 表2"),
        ("output_intensity", None, None, home, NEW, 260.0, per_mu, f"{SAID} 表3"),
        ("tax_intensity", None, None, home, NEW, 8.0, per_mu, f"{SAID} 表3"),
        ("building_coefficient", None, None, "411000", NEW, 0.45, "1", "示例市办法 第八条"),
        # a city's stricter value, and the day from which it no longer holds
        ("green_share", None, None, "410300", OLD, 0.15, "1", "示例市办法 第九条"),
        ("green_share", None, None, "410300", NEW, None, "1", "示例市办法 废止"),
    ]
    names = ["indicator", "industry", "land_grade", "locality", "since", "value", "unit", "article"]
    made = pd.DataFrame(rows, columns=names)
    made["industry_edition"] = made["industry"].notna().map({True: EDITION, False: None})
    made["compare"] = made["indicator"].eq("green_share").map({True: "at most", False: "at least"})
    return made.assign(published=made["since"], status="illustration")


def list_admissions() -> pd.DataFrame:
    """What each zone lets in: its own trades; what it limits and forbids, some of it only for a time."""
    since = date(2022, 1, 1)
    rows: list[tuple[object, ...]] = []
    for plan in PLANS:
        rows += [
            (plan.code, "permitted", industry, None, since, None, None, "示例准入目录 附表")
            for industry in sorted({TRADES[trade].industry for trade in plan.trades})
        ]
        rows += [
            (plan.code, "prohibited", industry or None, process or None, first, until, None, article)
            for where, industry, process, first, until, article in PROHIBITED
            if where in ("", plan.code)
        ]
        rows += [
            (plan.code, "restricted", industry, process or None, first, None, condition, article)
            for where, industry, process, first, condition, article in RESTRICTED
            if where == plan.code
        ]
    names = ["zone", "treatment", "industry", "process", "since", "until", "condition", "article"]
    made = pd.DataFrame(rows, columns=names)
    made["industry_edition"] = made["industry"].notna().map({True: EDITION, False: None})
    return made.assign(published=made["since"])

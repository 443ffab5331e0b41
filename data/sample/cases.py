"""What projects are made to show (项目情形), decided by hand: each way in which a project can go.

Days are counted from the day on which the project was accepted. All numbers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Case:
    """One way in which a project goes.

    Parameters
    ----------
    stage : as in data/kinds.yaml
    accepted : day on which it was accepted, which decides the controls it is held to
    built : its plot is built on; else it is an empty plot
    ratio : lowest and highest plot ratio as drawn, without doubling; of empty plots
    coefficient : lowest and highest building coefficient, with structures and yard; None: as built
    office_land, office_floor, green : shares as drawn; None: usual ones, within any control
    high : share of the floor area in storeys above 8 m
    kept : lowest and highest share of each promise that has come true
    started, suspended : days after the agreed start, after the real one; None: never
    developed : share of the land to be developed on which work has begun
    told : False where most figures are not known
    """

    stage: str
    accepted: date
    built: bool = False
    ratio: tuple[float, float] = (1.0, 1.5)
    coefficient: tuple[float, float] | None = (0.45, 0.58)
    office_land: float | None = None
    office_floor: float | None = None
    green: float | None = None
    high: float = 0.0
    kept: tuple[float, float] = (0.0, 0.0)
    started: int | None = None
    suspended: int | None = None
    developed: float = 0.0
    told: bool = True


CONTRACT, BEGIN, DUE = 60, 240, 790  # days from acceptance to the contract, the agreed start, the due day

CASES = {
    # kept their word, accepted before and after June 2023
    "kept": Case(
        "operating", date(2020, 3, 9), True, coefficient=None, kept=(1.0, 1.2), started=20, developed=1.0
    ),
    "kept_too": Case(
        "operating", date(2021, 4, 12), True, coefficient=None, kept=(1.0, 1.2), started=-15, developed=1.0
    ),
    "quick": Case(
        "operating", date(2023, 6, 19), True, coefficient=None, kept=(0.9, 1.1), started=-160, developed=1.0
    ),
    # under way, within their time
    "going": Case("started", date(2022, 12, 5), kept=(0.5, 0.7), started=25, developed=0.75),
    "going_too": Case("started", date(2023, 10, 16), kept=(0.3, 0.5), started=10, developed=0.6),
    "not_due": Case("started", date(2024, 3, 18), kept=(0.05, 0.15), started=12, developed=0.4),
    "waiting": Case("signed", date(2023, 12, 18)),
    # due, and not as promised
    "short": Case(
        "operating", date(2020, 9, 14), True, coefficient=None, kept=(0.35, 0.65), started=60, developed=1.0
    ),
    "stopped": Case("stopped", date(2021, 6, 7), kept=(0.0, 0.0)),
    # idle land as order 53 of 2012 sees it, or nearly
    "not_begun": Case("signed", date(2022, 11, 7)),
    "not_begun_long": Case("signed", date(2021, 9, 6)),
    "suspended": Case(
        "started", date(2021, 8, 16), kept=(0.3, 0.3), started=30, suspended=300, developed=0.2
    ),
    "suspended_money": Case(
        "started", date(2021, 10, 11), kept=(0.15, 0.15), started=30, suspended=320, developed=0.5
    ),
    "paused": Case("started", date(2022, 8, 8), kept=(0.3, 0.3), started=30, suspended=480, developed=0.2),
    # drawn otherwise than a control allows, or just so
    "sparse_old": Case(
        "started", date(2022, 5, 16), coefficient=(0.33, 0.36), kept=(0.6, 0.8), started=20, developed=0.8
    ),
    "sparse_new": Case(
        "started", date(2023, 9, 11), coefficient=(0.33, 0.36), kept=(0.3, 0.5), started=20, developed=0.6
    ),
    "low": Case("started", date(2023, 8, 21), ratio=(0.45, 0.55), kept=(0.3, 0.5), started=20, developed=0.6),
    "high_storeys": Case(
        "started", date(2023, 8, 14), ratio=(0.6, 0.65), high=0.8, kept=(0.4, 0.6), started=15, developed=0.7
    ),
    "wide_offices": Case(
        "started",
        date(2023, 10, 9),
        office_land=0.09,
        office_floor=0.18,
        kept=(0.2, 0.4),
        started=10,
        developed=0.5,
    ),
    "much_green": Case("started", date(2023, 11, 13), green=0.24, kept=(0.2, 0.4), started=5, developed=0.5),
    # what it makes, and what is not known
    "prohibited": Case("signed", date(2024, 2, 19)),
    "prohibited_later": Case(
        "operating", date(2020, 5, 18), True, coefficient=None, kept=(0.9, 1.1), started=30, developed=1.0
    ),
    "restricted": Case("signed", date(2024, 1, 15)),
    "old_edition": Case(
        "operating", date(2010, 6, 21), True, coefficient=None, kept=(1.0, 1.1), started=40, developed=1.0
    ),
    "unknown": Case("started", date(2023, 6, 26), kept=(0.3, 0.5), started=45, developed=0.5, told=False),
}

USUAL = ("kept", "kept_too", "quick", "going", "going_too", "not_due", "waiting", "short")
FURTHER = {
    "G411031": (
        "not_begun",
        "suspended",
        "sparse_new",
        "wide_offices",
        "much_green",
        "old_edition",
        "stopped",
    ),
    "G411162": ("suspended", "paused", "sparse_old", "sparse_new", "high_storeys", "unknown"),
    "G411163": ("suspended_money", "low", "much_green", "unknown", "not_begun"),
    "G411164": ("prohibited", "prohibited_later", "sparse_new"),
    "G411165": ("not_begun", "wide_offices", "high_storeys", "suspended"),
    "G411166": ("paused", "much_green", "sparse_old", "stopped"),
    "G411167": ("restricted", "sparse_new", "suspended", "unknown"),
    "G411168": ("not_begun_long", "wide_offices", "low"),
    "G411169": ("high_storeys", "not_begun", "much_green", "sparse_old"),
}

# trade -> what it does, with a semicolon between any two
PROCESSES = {
    "vehicle": "冲压;焊接;涂装;总装",
    "parts": "机加工;热处理;装配",
    "machinery": "下料;焊接;机加工;装配",
    "tools": "机加工;装配;调试",
    "electronics": "贴片;回流焊;测试",
    "electrical": "绕线;浸漆;装配",
    "solar": "切片;镀膜;层压",
    "metal": "熔炼;轧制;精整",
    "steel": "冷轧;退火;精整",
    "lime": "破碎;煅烧;粉磨",
    "chemicals": "聚合;精馏",
    "paper": "打浆;抄造;涂布",
    "furniture": "开料;封边;喷涂",
    "clothes": "裁剪;缝制;整烫",
    "hair": "梳理;染色;定型",
    "medicine": "合成;提取;制剂",
    "food": "清洗;蒸煮;灌装",
    "packaging": "吹膜;印刷;复合",
    "storage": "分拣;仓储",
    "plant": "锅炉;汽轮发电",
    "landlord": "厂房租赁",
}
# case -> what is done instead
SPECIAL = {
    "prohibited": "机加工;电镀;装配",
    "prohibited_later": "机加工;电镀;装配",
    "restricted": "聚合;光气化;精馏",
}
# trade -> industry of GB/T 4754-2002, where it differs from that of 2017
OLD_INDUSTRY = {
    "vehicle": "37",
    "parts": "37",
    "machinery": "35",
    "tools": "36",
    "electronics": "40",
    "electrical": "39",
}

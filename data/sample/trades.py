"""Trades of made-up enterprises (示例行业): what they earn, employ and burn. All numbers are invented."""

from __future__ import annotations

from dataclasses import dataclass

CARRIERS = ("electricity", "natural_gas", "bituminous_coal", "diesel", "heat")


@dataclass(frozen=True)
class Trade:
    """What is usual in a trade.

    Parameters
    ----------
    industry : GB/T 4754-2017, two digits
    word : stands in the made-up name
    turnover : yearly revenue by cumulative investment
    added, taxed, profit, research : value added, tax, profit, research spending by revenue
    per_head : value added by employee, CNY10k
    tce_per_cny10k : energy used by revenue
    mix : share of each of CARRIERS in that energy
    """

    industry: str
    word: str
    turnover: float
    added: float
    taxed: float
    profit: float
    research: float
    per_head: float
    tce_per_cny10k: float
    mix: tuple[float, float, float, float, float]


TRADES = {
    "vehicle": Trade(
        "36", "汽车", 1.45, 0.20, 0.052, 0.055, 0.034, 42.0, 0.016, (0.60, 0.36, 0.0, 0.04, 0.0)
    ),
    "parts": Trade(
        "36", "汽车零部件", 1.05, 0.22, 0.040, 0.060, 0.026, 25.0, 0.024, (0.70, 0.26, 0.0, 0.04, 0.0)
    ),
    "machinery": Trade(
        "34", "机械", 0.95, 0.25, 0.043, 0.065, 0.030, 24.0, 0.028, (0.72, 0.21, 0.0, 0.07, 0.0)
    ),
    "tools": Trade("35", "装备", 1.00, 0.24, 0.044, 0.070, 0.036, 27.0, 0.022, (0.74, 0.20, 0.0, 0.06, 0.0)),
    "electronics": Trade(
        "39", "电子", 1.50, 0.19, 0.030, 0.050, 0.042, 22.0, 0.018, (0.90, 0.09, 0.0, 0.01, 0.0)
    ),
    "electrical": Trade(
        "38", "电气", 1.20, 0.21, 0.038, 0.060, 0.034, 27.0, 0.020, (0.82, 0.15, 0.0, 0.03, 0.0)
    ),
    "solar": Trade("38", "光伏", 1.10, 0.20, 0.030, 0.045, 0.040, 30.0, 0.060, (0.88, 0.11, 0.0, 0.01, 0.0)),
    "metal": Trade(
        "32", "有色金属", 1.30, 0.17, 0.033, 0.040, 0.022, 32.0, 0.085, (0.58, 0.34, 0.06, 0.02, 0.0)
    ),
    "steel": Trade(
        "31", "钢铁制品", 1.35, 0.18, 0.034, 0.035, 0.018, 34.0, 0.190, (0.34, 0.34, 0.30, 0.02, 0.0)
    ),
    "lime": Trade("30", "建材", 0.70, 0.30, 0.050, 0.060, 0.012, 26.0, 0.420, (0.18, 0.20, 0.60, 0.02, 0.0)),
    "chemicals": Trade(
        "26", "化工", 1.10, 0.22, 0.048, 0.062, 0.028, 46.0, 0.160, (0.34, 0.20, 0.12, 0.01, 0.33)
    ),
    "paper": Trade("22", "纸业", 0.90, 0.22, 0.040, 0.050, 0.018, 29.0, 0.180, (0.32, 0.08, 0.0, 0.02, 0.58)),
    "furniture": Trade(
        "21", "家居", 0.80, 0.26, 0.038, 0.060, 0.014, 16.0, 0.026, (0.78, 0.12, 0.0, 0.10, 0.0)
    ),
    "clothes": Trade(
        "18", "服装", 0.85, 0.27, 0.036, 0.055, 0.012, 13.0, 0.022, (0.62, 0.18, 0.0, 0.04, 0.16)
    ),
    "hair": Trade(
        "41", "发制品", 0.95, 0.28, 0.040, 0.070, 0.012, 12.0, 0.020, (0.66, 0.24, 0.0, 0.03, 0.07)
    ),
    "medicine": Trade(
        "27", "生物医药", 0.85, 0.36, 0.070, 0.120, 0.065, 38.0, 0.040, (0.56, 0.14, 0.0, 0.01, 0.29)
    ),
    "food": Trade("14", "食品", 1.25, 0.24, 0.050, 0.070, 0.010, 21.0, 0.038, (0.36, 0.20, 0.0, 0.03, 0.41)),
    "packaging": Trade(
        "29", "包装材料", 0.95, 0.23, 0.038, 0.055, 0.018, 23.0, 0.036, (0.70, 0.16, 0.0, 0.03, 0.11)
    ),
    "storage": Trade(
        "59", "物流", 0.55, 0.32, 0.034, 0.045, 0.004, 24.0, 0.030, (0.40, 0.08, 0.0, 0.52, 0.0)
    ),
    "plant": Trade("44", "热电", 0.42, 0.26, 0.046, 0.040, 0.004, 60.0, 0.0, (0.0, 0.0, 0.0, 0.0, 0.0)),
    "landlord": Trade(
        "70", "园区置业", 0.10, 0.55, 0.120, 0.200, 0.0, 40.0, 0.012, (0.93, 0.07, 0.0, 0.0, 0.0)
    ),
}

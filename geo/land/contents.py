"""The table of contents of land (目录): every indicator, and every result that stands beyond them."""

from __future__ import annotations

from collections.abc import Mapping

from geo.land.approved_unsupplied_rate import approved_unsupplied_rate
from geo.land.building_density import building_density
from geo.land.built_rate import built_rate
from geo.land.development_rate import development_rate
from geo.land.high_tech_share import high_tech_share
from geo.land.idle_rate import idle_rate
from geo.land.indicator import Indicator
from geo.land.industrial_building_coefficient import industrial_building_coefficient
from geo.land.industrial_plot_ratio import industrial_plot_ratio
from geo.land.industrial_share import industrial_share, p1, p2, p3, p4
from geo.land.plot_ratio import plot_ratio
from geo.land.population_density import population_density
from geo.land.supply_rate import supply_rate

INDICATORS: tuple[Indicator, ...] = (
    industrial_share,
    p1,
    p2,
    p3,
    p4,
    development_rate,
    supply_rate,
    built_rate,
    idle_rate,
    approved_unsupplied_rate,
    plot_ratio,
    building_density,
    industrial_plot_ratio,
    industrial_building_coefficient,
    population_density,
    high_tech_share,
)

BEYOND: tuple[tuple[str, str, str], ...] = (
    ("intensity_score", "集约度分值", "point"),
    ("potential_expansion", "扩展潜力", "mu"),
    ("potential_structure", "结构潜力", "mu"),
    ("potential_intensity", "强度潜力", "mu"),
    ("potential_management", "管理潜力", "mu"),
    ("supply_years_left", "尚可供应年限", "year"),
)
"""Code, label and unit of the results that are no indicators of parcels alone."""

UNITS: Mapping[str, str] = {
    **{each.code: each.unit for each in INDICATORS},
    **dict.fromkeys(("investment_intensity", "industrial_tax_per_mu", "tax_per_mu"), "CNY10k/mu"),
}
"""Unit of each indicator by which a zone can be evaluated; the three per mu come from `geo.benefit`."""

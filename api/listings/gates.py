"""Gates of a zero-carbon park (零碳园区关口): core, guides, conditions: met, not met, or cannot tell."""

from __future__ import annotations

from api.inventories.account import account_of
from api.inventories.wishes import Wishes
from api.listings.listing import FINDING, Asked, Listing, findings_frame
from carbon.ndrc910 import notes

SHOWN = {name: column for name, column in FINDING.items() if name != "subject"}
TITLE = "零碳园区关口"


def make(asked: Asked) -> Listing:
    """The findings of the gate, with the energy, the total and the intensities that they rest on."""
    account = account_of(asked.book, asked.code, asked.year, Wishes.of(asked.options))
    results = [each for each in account.results if each.code.startswith(("ndrc910_", "energy_"))]
    findings = account.gate(_excluded(asked.option("exclude")))
    limits = [found.limit for found in findings if found.limit]
    return Listing(
        name="gates",
        title=f"{account.name}{TITLE}",
        asked=asked,
        columns=SHOWN,
        frame=findings_frame(findings),
        results=(*results, *account.intensities),
        faults=account.energy.faults,
        articles=tuple(dict.fromkeys(limits)),
        notes=notes(),
        formulas={"measured": "核心指标：附件4 总量 / 综合能源消费量(电力按等价值)"},
        whys=tuple({"inputs": [each.as_json() for each in found.inputs]} for found in findings),
    )


def _excluded(said: str) -> dict[str, str]:
    """Guide indicators that are left out, and why: `solid_waste:无工业固废;water_reuse:无工业用水`.

    >>> _excluded("solid_waste:无工业固废")
    {'solid_waste': '无工业固废'}
    """
    parts = (each.partition(":") for each in said.split(";") if each.strip())
    return {name.strip(): reason.strip() for name, _, reason in parts}

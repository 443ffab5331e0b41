"""Puts the table of indicators into the README: indicator_table.py. What it says is what the code says."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from api.contents import contents  # noqa: E402 - the path comes first
from maps.units import faces, shown_unit  # noqa: E402

MARKS = re.compile(r"(<!-- indicators -->\n).*?(<!-- /indicators -->)", re.DOTALL)
HEADS: Mapping[str, str] = {
    "README.md": "| 代码 | 指标 | 单位 | 算式 | 依据 |",
    "README.en.md": "| code | indicator | unit | formula | source |",
}


def table(head: str) -> str:
    """One row for each result of an assessment, in its order.

    Parameters
    ----------
    head : the first row, in the language of the file
    """
    rows = [head, "|---|---|---|---|---|"]
    for each in contents():
        unit = faces(shown_unit(each.code, each.unit))["mu"][0]
        sources = [one if isinstance(one, str) else one.article for one in each.articles]
        said = (f"`{each.code}`", each.label, unit, each.formula, "; ".join(dict.fromkeys(sources)))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in said) + " |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Render the table between the marks of both languages."""
    for name, head in HEADS.items():
        path = ROOT / name
        text = path.read_text("utf-8")
        path.write_text(MARKS.sub(lambda mark, head=head: mark[1] + table(head) + mark[2], text), "utf-8")


if __name__ == "__main__":
    main()

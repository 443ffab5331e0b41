"""The made-up sample (示例数据): nine zones with parcels, enterprises and energy, made from one number.

Names, codes, cities and approved areas of the zones are those of the public catalogue; all else is
invented, and says so. The demo, the doctests and the pictures of the documentation stand on it.

    plan, trades, cases            what is decided by hand
    streets, shapes, themes, blocks, uses, land     the ground of a zone
    firms, economy, energy, deals, accounts, halls, surroundings    who and what is on it
    filings, titles, projects, planned, province    what else is told of them, each from a stream of its own
    lists, objections, cover       what an office lays down, what is objected to, what is seen from above
    statements, lines, processes, beside    what stands beside energy: sources, products, waste, land
    gate_figures, reductions, sheet         what gates and paths ask for; an office's own layout
    oddities, unusual, stories…             what it is meant to show, with numbers
    requests                       boundaries to be checked
    making, files                  put together; written as the files a person would have
"""

from data.sample.files import Written, write
from data.sample.making import make
from data.sample.records import NOTE, Cover, Layer, Request, Sample, Sheet, Story

__all__ = ["NOTE", "Cover", "Layer", "Request", "Sample", "Sheet", "Story", "Written", "make", "write"]

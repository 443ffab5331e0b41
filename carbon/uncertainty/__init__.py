"""How sure an inventory is (不确定度): intervals of lines, two ways to add them up, what to improve.

defaults.py       half-widths for want of stated ones, and how sure a factor is by its parts
intervals.py      of every line its intervals, and which errors lines have in common
propagation.py    IPCC approach 1: half-widths in quadrature
distributions.py  shapes of errors
simulation.py     IPCC approach 2: Monte Carlo
contributions.py  shares of the variance: which meter to improve
record.py         the answer for one sum of lines
"""

from carbon.uncertainty.contributions import by_column, by_line, contributions
from carbon.uncertainty.intervals import Intervals, intervals
from carbon.uncertainty.propagation import Propagated, by, propagate
from carbon.uncertainty.record import Method, Uncertainty, uncertainty
from carbon.uncertainty.simulation import Simulated, simulate

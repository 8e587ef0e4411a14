"""Will help come more slowly to my street?

`simulate` answers for one town, regime and draw of calls; `summarise` and `compare` make numbers of its records.
"""

from __future__ import annotations

from bailiwick.response import hypercube
from bailiwick.response.commands import CommandShares, Plan, simulate_commands
from bailiwick.response.demand import Work, draw_calls
from bailiwick.response.runs import Records, simulate
from bailiwick.response.statistics import Interval, Summary, compare, summarise
from bailiwick.response.town import Calls, Regime, Town

__all__ = [
    "Calls", "CommandShares", "Interval", "Plan", "Records", "Regime", "Summary", "Town", "Work",
    "compare", "draw_calls", "hypercube", "simulate", "simulate_commands", "summarise",
]

"""How soon would harm be known, borough by borough, and when should the merger be stopped?

A one-sided cumulative-sum chart of the monthly share of calls on time (Page 1954): it sums how far each month falls
below the level before the merger, less an allowance, and calls an alarm at a threshold. Months to an alarm come from
the chart's Markov chain (Brook and Evans, Biometrika 59, 1972, 539-549).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.response import calibration, evidence, groundwork, service
from bailiwick.response.town import Floats
from bailiwick.tables import Cell, ResultTable

DROPS = (2.0, 5.0, 10.0)
TUNED_TO = 5.0
STATES = 80
WEEKS_A_MONTH = 52.1775 / 12
HIGHEST = 60.0


class Chart(NamedTuple):
    """A chart in units of the monthly standard deviation: `allowance` and `threshold`."""

    allowance: float
    threshold: float


def months_to_alarm(chart: Chart, shift: float, *, states: int = STATES) -> float:
    """Mean months until the chart calls, when the level has fallen by so many standard deviations; 0 for no change.

    >>> round(months_to_alarm(Chart(0.5, 4.0), 0.0), -1), round(months_to_alarm(Chart(0.5, 4.0), 1.0), 1)
    (340.0, 8.4)
    """
    width = chart.threshold / (states - 0.5)
    middle = width * np.arange(states)
    upper = norm.cdf(middle[None, :] - middle[:, None] + width / 2 + chart.allowance - shift)
    lower = norm.cdf(middle[None, :] - middle[:, None] - width / 2 + chart.allowance - shift)
    lower[:, 0] = 0.0
    months = np.linalg.solve(np.eye(states) - (upper - lower), np.ones(states))
    return float(months[0])


def chart_for(tuned_to: float, months_between: float) -> Chart:
    """The chart that looks for a fall of so many standard deviations and errs once in so many months."""
    allowance = tuned_to / 2

    def gap(threshold: float) -> float:
        return float(np.log(months_to_alarm(Chart(allowance, threshold), 0.0) / months_between))

    low = 0.01
    if gap(low) >= 0:
        return Chart(allowance, low)
    high = 1.0
    while gap(high) < 0 and high < HIGHEST:
        high *= 2
    return Chart(allowance, float(brentq(gap, low, high)))


def monthly_spread(on_time: Floats, calls: Floats) -> float:
    """Standard deviation, in points, of a month's share on time, from weeks [W] of one area and grade.

    The larger of what weeks show and what chance alone gives: twelve weeks may look calmer than they are.
    """
    share = on_time.sum() / calls.sum()
    month = calls.mean() * WEEKS_A_MONTH
    chance = np.sqrt(share * (1 - share) / month)
    weekly = np.sqrt(((on_time - share * calls)**2).sum() / (len(calls) - 1)) / calls.mean() / np.sqrt(WEEKS_A_MONTH)
    return 100.0 * float(max(chance, weekly))


def table(case: Case) -> ResultTable:
    """A chart for each area and grade: its threshold, its false alarms, the months it needs, and what that means."""
    rows: list[tuple[Cell, ...]] = []
    today = service.asked(case, groundwork.today_of(case), None)
    years = case.value("response.monitor.false_alarm_years") if groundwork.can_simulate(case) else 0.0
    seen = _pilot_drops(case)
    if not isinstance(today, Unavailable):
        for k, code in enumerate(case.scheme.scope):
            for g, grade in enumerate(("immediate", "significant")):
                chance = monthly_spread(today.on_time[:, k, g], today.calls[:, k, g])
                spread = float(np.hypot(chance, case.value("response.monitor.drift")))
                chart = chart_for(TUNED_TO / spread, 12.0 * years)
                months = [months_to_alarm(chart, drop / spread) for drop in DROPS]
                pilot = months_to_alarm(chart, seen[g] / spread) if seen else None
                rows.append((code, grade, float(today.share()[k, g]), spread, chart.allowance * spread,
                             chart.threshold * spread, years, *months, pilot,
                             _known_by(case, pilot).isoformat() if pilot is not None else None))
    columns = ("area", "grade", "level", "monthly_spread", "allowance", "threshold", "years_between_false_alarms",
               "months_to_see_2_points", "months_to_see_5_points", "months_to_see_10_points",
               "months_to_see_pilot_drop", "pilot_drop_known_by")
    units = ("", "", "%", "points", "points", "points", "years", *("months",) * 4, "")
    return ResultTable("response_monitoring", "When harm would be known: a monthly chart for each area", columns, units,
                       tuple(rows), note=_rule(case, rows, years))


def _pilot_drops(case: Case) -> tuple[float, float] | None:
    """Points by which the pilot fell, I and S, where both quarters were published."""
    before, after = calibration.quarter(case), calibration.quarter(case, evidence.OUTCOME, "test")
    if before is None or after is None:
        return None
    return before.on_time[0] - after.on_time[0], before.on_time[1] - after.on_time[1]


def _known_by(case: Case, months: float) -> date:
    """The end of the month of the alarm, figures a month old allowed for."""
    return case.scheme.effective + timedelta(days=round((np.ceil(months) + 1.0) * 365.25 / 12))


def _rule(case: Case, rows: list[tuple[Cell, ...]], years: float) -> str:
    known = [str(row[11]) for row in rows if row[11] is not None]
    said = "Each month add how far the share on time falls below its level before the merger, less the allowance, "\
           f"never below zero; stop at the threshold. Each chart errs once in {years:g} years; of {len(rows)} charts " \
           f"one errs about every {12 * years / max(1, len(rows)):.0f} months, so one alarm asks for a look, two for " \
           "a halt."
    if known:
        said += f" Harm like the pilot's would be known in every area by {max(known)}: review on that day, and " \
                "reverse if two charts have called."
    return said

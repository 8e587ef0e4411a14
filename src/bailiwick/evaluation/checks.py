"""Can these data carry the answer, and how much of it hangs on their faults?

Each check says what it looked at, whether it passed, and by how much the headline moves when the fault is put aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation.effect import Design
from bailiwick.evaluation.fits import Recipe, padded, run
from bailiwick.evaluation.panel import Floats, Panel
from bailiwick.evaluation.question import Question, question
from bailiwick.findings import Check

FEW_A_PERIOD = 8
FEW_PERIODS = 12
UNKNOWN_SHARE = 0.05
COARSE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    asked: Question
    recipe: Recipe
    att: float

    @property
    def early(self) -> Floats:
        """Values before the start [units, before]."""
        return self.asked.panel.y[:, list(self.asked.columns[: self.asked.sample.before])]

    @property
    def window(self) -> Floats:
        """Values of the whole window [units, T]."""
        return self.asked.panel.y[:, list(self.asked.columns)]

    def without(self, units: Sequence[int]) -> str:
        """By how much the headline moves without these donors."""
        gone = tuple(self.asked.panel.units[k] for k in units if k not in self.asked.panel.treated)
        if not gone:
            return ""
        return self.moved(replace(self.asked.design, leave_out=self.asked.design.leave_out + gone), "without them")

    def moved(self, design: Design, when: str) -> str:
        """By how much the headline moves under another design."""
        try:
            asked = question(self.asked.panel, design, pilot=self.asked.pilot)
        except (MethodError, CaseError):
            return f"; {when} there is no answer"
        rows = padded([asked.treated])
        att = float(run(asked.sample, self.recipe, rows, rows, weights=False).effects[0])
        return f"; {when} the effect is {att:.4g} instead of {self.att:.4g}"


def panel_checks(panel: Panel, design: Design, *, recipe: Recipe, pilot: str, att: float) -> tuple[Check, ...]:
    """The checks of one panel under one design, in a fixed order."""
    case = _Case(question(panel, design, pilot=pilot), recipe, att)
    return tuple(
        check(case)
        for check in (
            _complete,
            _length,
            _whole_years,
            _breaks,
            _small_counts,
            _zeros,
            _still,
            _jumps,
            _rounding,
            _inside,
            _selection,
            _vintage,
        )
    )


def _names(case: _Case, units: Sequence[int]) -> str:
    names = [case.asked.panel.units[k] for k in units]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _complete(case: _Case) -> Check:
    n, t = case.asked.panel.y.shape
    return Check("complete", True, f"{n} units x {t} periods, one value each, none missing")


def _length(case: _Case) -> Check:
    before = case.asked.sample.before
    text = f"{before} periods before the start"
    if before < FEW_PERIODS:
        text += f": under {FEW_PERIODS}, a match on the past picks up noise and regresses to the mean"
    return Check("long enough before", before >= FEW_PERIODS, text)


def _whole_years(case: _Case) -> Check:
    per_year = case.asked.panel.axis.per_year
    if per_year is None or per_year < 2 or per_year != int(per_year):
        return Check("whole years", None, "annual or plain periods: no season to balance")
    year, sample = int(per_year), case.asked.sample
    after = sample.y.shape[1] - sample.before
    if after % year == 0 and sample.before % year == 0:
        return Check(
            "whole years",
            True,
            f"{sample.before // year} years before and {after // year} after: every season on both sides",
        )
    keep, columns = (sample.before // year) * year, case.asked.columns
    if keep == 0 or after < year:
        return Check(
            "whole years", False, f"{sample.before} periods before and {after} after: seasons are not balanced"
        )
    design = replace(
        case.asked.design, since=columns[sample.before - keep], until=columns[sample.before] + (after // year) * year
    )
    text = f"{sample.before} periods before and {after} after are not whole years"
    return Check("whole years", False, text + case.moved(design, "on whole years"))


def _breaks(case: _Case) -> Check:
    inside = [b for b in case.asked.panel.breaks if case.asked.columns[0] < b.at <= case.asked.columns[-1]]
    if not inside:
        return Check("definitions", None, "no change of definition is on record inside the window")
    labels = case.asked.panel.periods
    said = "; ".join(f"{b.what} from {labels[b.at]}, stable total: {b.parent}" for b in inside)
    return Check("definitions", False, said)


def _is_count(case: _Case) -> bool:
    y = case.window
    return bool((y >= 0).all() and (y == np.round(y)).all() and np.unique(y).size > 3)


def _small_counts(case: _Case) -> Check:
    if not _is_count(case):
        return Check("large enough counts", None, "the outcome is not a count")
    low = [int(k) for k in np.flatnonzero(case.early.mean(axis=1) < FEW_A_PERIOD)]
    if not low:
        return Check("large enough counts", True, f"every unit has {FEW_A_PERIOD} or more a period before the start")
    return Check(
        "large enough counts",
        False,
        f"under {FEW_A_PERIOD} a period before the start: {_names(case, low)}" + case.without(low),
    )


def _zeros(case: _Case) -> Check:
    y = case.window
    few = (y == 0).sum(axis=1)
    odd = [int(k) for k in np.flatnonzero((few > 0) & (np.median(y, axis=1) > 3 * FEW_A_PERIOD))]
    if not odd:
        return Check("zeros", True, "no zero in a series that is otherwise well above it")
    return Check("zeros", False, f"a zero that may be a missing value: {_names(case, odd)}" + case.without(odd))


def _still(case: _Case) -> Check:
    still = [int(k) for k in np.flatnonzero(np.ptp(case.window, axis=1) == 0)]
    if not still:
        return Check("series move", True, "every series changes over the window")
    return Check("series move", False, f"a series that never changes: {_names(case, still)}" + case.without(still))


def _jumps(case: _Case) -> Check:
    """A single period ten or more times its neighbours' median, or a tenth of it: a slip of units or of a finger."""
    y = np.abs(case.window)
    odd = []
    for k, row in enumerate(y):
        middle = float(np.median(row))
        if middle > 0 and (row > 10 * middle).sum() + ((row < middle / 10) & (row > 0)).sum() in (1, 2):
            odd.append(k)
    if not odd:
        return Check("units of measurement", True, "no period stands ten times above or below the rest of its series")
    return Check(
        "units of measurement", False, f"a period ten times off its series: {_names(case, odd)}" + case.without(odd)
    )


def _rounding(case: _Case) -> Check:
    """Whether the step of the published figures is coarse against the noise: rounding sd is the step over root 12."""
    y = case.window
    values = np.unique(y)
    if values.size < 2:
        return Check("rounding", None, "too few different values to tell")
    step = float(np.min(np.diff(values)))
    grid = values / step
    regular = bool(np.allclose(grid, np.round(grid), atol=1e-6))
    noise = float(np.std(np.diff(y, axis=1)))
    if not regular or noise == 0:
        return Check("rounding", True, "the figures are not rounded to a visible step")
    share = step / np.sqrt(12) / noise
    return Check(
        "rounding",
        bool(share <= COARSE),
        f"figures in steps of {step:.4g}: rounding is {share:.0%} of the period-to-period noise",
    )


def _inside(case: _Case) -> Check:
    """Whether the treated lie within the donors' range before the start: outside it no mixture can match the level."""
    pool, early = list(case.asked.sample.pool), case.early
    own = early[list(case.asked.treated)].mean(axis=0)
    outside = int(((own < early[pool].min(axis=0)) | (own > early[pool].max(axis=0))).sum())
    text = f"the treated lie outside the donors' range in {outside} of {len(own)} periods before the start"
    return Check("inside the donors' range", outside == 0, text)


def _selection(case: _Case) -> Check:
    """Rank of the treated among all units just before the start: an extreme one tends back by itself."""
    last = case.early[:, -min(case.early.shape[1], FEW_PERIODS) :].mean(axis=1)
    pool = [int(k) for k in case.asked.sample.pool]
    own = float(last[list(case.asked.treated)].mean())
    above, n = 1 + int((last[pool] > own).sum()), len(pool) + 1
    extreme = n >= 10 and (above <= n // 10 or above > n - n // 10)
    text = f"the treated stood {above} of {n} (1 is highest) in the last periods before the start"
    return Check(
        "not chosen for being extreme",
        not extreme,
        text + ("; an extreme place tends back by itself" if extreme else ""),
    )


def _vintage(case: _Case) -> Check:
    vintage = case.asked.panel.vintage
    return Check(
        "one vintage",
        True if vintage else None,
        f"vintage {vintage}" if vintage else "the vintage of the figures was not given",
    )


def one_vintage(vintages: Sequence[str]) -> Check:
    """Whether all rows of a panel come from one release of the figures."""
    found = sorted(set(vintages))
    return Check("one vintage", len(found) == 1, "vintages: " + ", ".join(found))


def unknown_share(unknown: Sequence[float], total: Sequence[float], periods: Sequence[str]) -> Check:
    """Whether the share of events without a known area stays at or under 5% in every period."""
    share = np.asarray(unknown, dtype=float) / np.maximum(np.asarray(total, dtype=float), 1e-300)
    high = [f"{periods[int(k)]} ({share[k]:.1%})" for k in np.flatnonzero(share > UNKNOWN_SHARE)]
    text = (
        f"unknown area above {UNKNOWN_SHARE:.0%} in: " + ", ".join(high)
        if high
        else f"at most {share.max():.1%} without a known area"
    )
    return Check("area known", not high, text)


def parts_add_up(parts: Mapping[str, Floats], total: Floats, *, tolerance: float = 0.0) -> Check:
    """Whether the parts of a total add up to it in every cell, within a tolerance in the unit of the outcome."""
    summed = np.sum([parts[name] for name in sorted(parts)], axis=0)
    off = np.abs(summed - total)
    bad = int((off > tolerance).sum())
    return Check(
        "parts add up",
        bad == 0,
        f"{bad} of {total.size} cells differ from the sum of {len(parts)} parts, by at most {off.max():.4g}",
    )

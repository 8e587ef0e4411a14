"""Was the forecast right?  Each figure of an appraisal against what came, for a reader who supplies the outcomes.

Nothing here is an input of an appraisal: outcomes are read after it, and only beside results that are already stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from scipy.stats import beta


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came: a measure of an area (a code, or scheme), its period, its source; `line` is its place in the file."""

    measure: str
    area: str
    period: str
    value: float
    source: str
    option: str
    line: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was forecast: a value, the range that holds a share `level` of the accepted sets, and today's figure."""

    finding: str
    value: float
    low: float
    high: float
    level: float
    today: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast against its outcome.

    `inside`: whether the outcome lies in the range. `interval_score`: the width of the range plus, for an outcome
    outside it, 2 / (1 - level) times the distance (Gneiting and Raftery 2007); lower is better. `nearer`: whether the
    forecast came nearer than today's figure would have, None where the two are the same.
    """

    outcome: Outcome
    forecast: Forecast
    inside: bool
    interval_score: float
    error: float
    nearer: bool | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of areas by one measure in one period: pairs forecast in the right order, of those that differ."""

    measure: str
    period: str
    areas: int
    right: int
    pairs: int
    worst_forecast: str
    worst_found: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """How many outcomes lay inside their ranges, of how many, a 90% interval of that share, and what was promised."""

    inside: int
    count: int
    low: float
    high: float
    level: float

    @property
    def word(self) -> str:
        """What can be said: too few, as wide as they say, too narrow, too wide."""
        if self.count < 10:
            return "too few to say"
        if self.high < self.level:
            return "too narrow"
        return "too wide" if self.low > self.level else "as wide as they say"


def score(outcome: Outcome, forecast: Forecast) -> Score:
    """The score of one forecast."""
    miss = max(forecast.low - outcome.value, outcome.value - forecast.high, 0.0)
    width = forecast.high - forecast.low
    penalty = 2.0 / (1.0 - forecast.level) * miss
    error = outcome.value - forecast.value
    nearer = None
    if forecast.today is not None and forecast.today != forecast.value:
        nearer = abs(error) < abs(outcome.value - forecast.today)
    return Score(outcome, forecast, miss == 0.0, width + penalty, error, nearer)


def rankings(scores: Sequence[Score], better: Mapping[str, str]) -> tuple[Ranking, ...]:
    """The order of areas by each measure and period with two areas or more; `better` says which end is worse."""
    of_areas = [s for s in scores if s.outcome.area != "scheme"]

    def key(s: Score) -> tuple[str, str, str]:
        return s.outcome.measure, s.outcome.option, s.outcome.period

    found = []
    for (measure, _, period), group in groupby(sorted(of_areas, key=key), key=key):
        mine = list(group)
        if len(mine) < 2:
            continue
        pairs = [(a, b) for a, b in combinations(mine, 2)
                 if a.outcome.value != b.outcome.value and a.forecast.value != b.forecast.value]
        right = sum((a.outcome.value < b.outcome.value) == (a.forecast.value < b.forecast.value) for a, b in pairs)
        pick = max if better.get(measure) == "lower" else min
        found.append(Ranking(measure, period, len(mine), right, len(pairs),
                             pick(mine, key=lambda s: (s.forecast.value, s.outcome.area)).outcome.area,
                             pick(mine, key=lambda s: (s.outcome.value, s.outcome.area)).outcome.area))
    return tuple(found)


def calibration(scores: Sequence[Score], level: float = 0.9) -> Calibration:
    """The share of outcomes inside their ranges, with the exact 90% interval (Clopper and Pearson 1934).

    It takes outcomes as separate; those of one measure in neighbouring areas are not quite, so read it as the least
    doubt there is.
    """
    inside, count = sum(s.inside for s in scores), len(scores)
    low = float(beta.ppf(0.05, inside, count - inside + 1)) if inside else 0.0
    high = float(beta.ppf(0.95, inside + 1, count - inside)) if inside < count else 1.0
    return Calibration(inside, count, low, high, level)

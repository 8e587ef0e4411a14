"""What is an answer of the evaluation room made of?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from bailiwick.errors import MethodError
from bailiwick.evaluation.fits import Solver
from bailiwick.evaluation.panel import Floats, Scale
from bailiwick.evaluation.reference import Reference


@dataclass(frozen=True, slots=True)
class Design:
    """How the question is put to the data; everything that may differ between two answers from one panel.

    `since`, `until`: positions, half open, of the window (None: the whole panel). `anticipation`: periods left out just
    before the start. `leave_out`: names of donors that may not serve. `drop_ring`: no donor that touches a pilot.
    `statistic`: what the placebo test ranks. `reference`: the placebo sets. `power`: of the detectable effect.
    `margin`: the smallest change that matters. `better`: the good direction of the outcome.
    """

    since: int | None = None
    until: int | None = None
    anticipation: int = 0
    leave_out: tuple[str, ...] = ()
    drop_ring: bool = False
    ring_over_water: bool = False
    scale: Scale = "level"
    statistic: str = "effect"
    noise: str = "published"
    reference: Reference = "auto"
    alpha: float = 0.05
    level: float = 0.9
    power: float = 0.8
    margin: float | None = None
    better: str = "neither"
    draws: int | None = None
    solver: Solver = "auto"


DEFAULT = Design()


@dataclass(frozen=True, slots=True)
class PhaseEffect:
    """The mean effect over a run of periods, its own p and detectable effect; `per_dose` is the effect at dose 1."""

    name: str
    first: str
    last: str
    periods: int
    dose: float
    att: float
    p: float
    mde: float | None
    interval: tuple[float, float] | None
    per_dose: float | None


@dataclass(frozen=True, slots=True)
class InTime:
    """A start that never was: the effect found there on data cut before the real start, and its p."""

    start: str
    att: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the largest effect over a set of refits, and the refit at each end."""

    low: float
    high: float
    at_low: str
    at_high: str


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """One method's answer for one pilot (or the pooled pilots) and one outcome.

    `gap[T]` is the treated mean less its synthetic control less the weighted level before the start; `by_period` the
    same after the start; `draws[n, T]` the gap of every placebo, from which every p, interval and detectable effect
    here can be recomputed by hand. `observed`, `synthetic` [T] are on the scale of the design.
    """

    method: str
    outcome: str
    unit: str
    pilot: str
    treated: tuple[str, ...]
    donors: tuple[str, ...]
    periods: tuple[str, ...]
    before: int
    att: float
    gap: Floats
    by_phase: tuple[PhaseEffect, ...]
    weights: tuple[tuple[str, float], ...]
    time_weights: tuple[tuple[str, float], ...]
    observed: Floats
    synthetic: Floats
    kkt_gap: float
    noise: float
    pre_rmspe: float
    placebo_p: float
    placebo_n: int
    p_floor: float
    reference: str
    statistic: str
    interval: tuple[float, float] | None
    level: float
    mde: float | None
    alpha: float
    power: float
    draws: Floats
    placebo_sets: tuple[tuple[int, ...], ...]
    loo_range: Range | None = None
    near_optimal: Range | None = None
    in_time: tuple[InTime, ...] = ()
    flags: tuple[str, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def by_period(self) -> tuple[tuple[str, float], ...]:
        """The effect in each period after the start."""
        return tuple((label, float(v)) for label, v in zip(self.periods, self.gap, strict=True))[self.before :]

    @property
    def placebo_effects(self) -> Floats:
        """Mean gap after the start of every placebo [n]."""
        return np.asarray(self.draws[:, self.before :].mean(axis=1))

    @property
    def phases(self) -> tuple[PhaseEffect, ...]:
        """The effects by phase."""
        return self.by_phase

    @property
    def omega(self) -> tuple[tuple[str, float], ...]:
        """The donor weights, largest first."""
        return self.weights

    @property
    def lambda_(self) -> tuple[tuple[str, float], ...]:
        """The weights of the periods before the start that are not zero."""
        return self.time_weights

    def flagged(self, *flags: str) -> Effect:
        """The same effect with more flags."""
        return replace(self, flags=self.flags + flags)


def checked(design: Design) -> Design:
    """The design, if its numbers make sense; MethodError otherwise."""
    for name, value in (("alpha", design.alpha), ("level", design.level), ("power", design.power)):
        if not 0 < value < 1:
            raise MethodError(f"{name} is {value}: it must lie between 0 and 1")
    if design.anticipation < 0:
        raise MethodError("anticipation cannot be negative")
    if design.margin is not None and design.margin <= 0:
        raise MethodError("the margin must be above zero")
    if design.statistic not in ("effect", "rmspe ratio"):
        raise MethodError(f'statistic is {design.statistic!r}: it must be "effect" or "rmspe ratio"')
    if design.noise not in ("published", "demeaned"):
        raise MethodError(f'noise is {design.noise!r}: it must be "published" or "demeaned"')
    return design

"""How does an effect show in a survey that is published as a moving twelve months?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bailiwick.errors import MethodError
from bailiwick.evaluation.panel import Floats, Panel, PeriodPhase
from bailiwick.evaluation.periods import Axis


def exposure(count: int, start: int, *, window: int, exposed: float = 1.0) -> Floats:
    """Share of each moving window [count] that lies after the start, windows ending with their period.

    `exposed`: share of the first treated period that is treated.

    >>> exposure(6, 2, window=4).tolist()
    [0.0, 0.0, 0.25, 0.5, 0.75, 1.0]
    """
    treated = np.zeros(count + window - 1)
    treated[start + window - 1 :] = 1.0
    if start < count:
        treated[start + window - 1] = exposed
    return np.convolve(treated, np.full(window, 1 / window), mode="valid")


def exposure_phases(count: int, start: int, *, window: int) -> tuple[PeriodPhase, ...]:
    """One phase for each partly exposed window, its dose the exposed share, and one for the fully exposed rest.

    The effect per dose of each is comparable; the headline is the first fully exposed one.
    """
    share = exposure(count, start, window=window)
    phases = [
        PeriodPhase(f"window {share[t]:.0%} exposed", t, t + 1, float(share[t]))
        for t in range(start, min(start + window - 1, count))
    ]
    if start + window - 1 < count:
        phases.append(PeriodPhase("fully exposed windows", start + window - 1, count, 1.0))
    return tuple(phases)


def non_overlapping(panel: Panel, *, window: int, last: int | None = None) -> Panel:
    """The panel with every `window`-th period only, ending at position `last`: windows that share no interview.

    A pilot starts with the first kept window that is exposed at all.
    """
    end = panel.axis.count - 1 if last is None else last
    kept = list(range(end % window, end + 1, window))
    if len(kept) < 3:
        raise MethodError(f"{len(kept)} windows that do not overlap: at least three are needed")
    axis = Axis(panel.axis.kind, panel.axis.first + kept[0] * panel.axis.step, panel.axis.step * window, len(kept))
    pilots = []
    for pilot in panel.pilots:
        start = next((k for k, t in enumerate(kept) if t >= pilot.start), len(kept))
        if not 0 < start < len(kept):
            raise MethodError(f"{pilot.id}: no window that does not overlap is left on both sides of the start")
        share = exposure(panel.axis.count, pilot.start, window=window)[kept[start]]
        pilots.append(replace(pilot, start=start, phases=(), exposed=float(share)))
    return replace(panel, axis=axis, y=panel.y[:, kept], pilots=tuple(pilots), breaks=())


def unrolled(panel: Panel, *, window: int) -> Panel:
    """The change of each single period on the same period a window earlier: window (R(t) - R(t - 1)).

    Q(t) - Q(t - w) = w (R(t) - R(t - 1)) where R is the mean of w equal periods. It multiplies rounding noise by
    w sqrt 2: a variant, never the headline.
    """
    y = window * np.diff(panel.y, axis=1)
    return replace(
        panel, axis=panel.axis.part(1, panel.axis.count), y=y, breaks=(),
        pilots=tuple(replace(p, start=p.start - 1, phases=_earlier(p.phases)) for p in panel.pilots),
    )


def _earlier(phases: Sequence[PeriodPhase]) -> tuple[PeriodPhase, ...]:
    return tuple(replace(p, first=p.first - 1, last=p.last - 1) for p in phases)

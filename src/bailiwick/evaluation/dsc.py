"""Did the treated leave the shape, not the level, of the donors' mixture? Demeaned synthetic control."""

from __future__ import annotations

from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.estimation import answer
from bailiwick.evaluation.fits import Recipe
from bailiwick.evaluation.panel import Panel

RECIPE = Recipe("dsc", fitted_units=True, centred=True, noise_ridge=False, time="equal")


def estimate(panel: Panel, *, design: Design = DEFAULT, pilot: str | None = None) -> Effect:
    """As synthetic control, each series less its own mean before the start, the gap likewise.

    Ferman & Pinto 2021, https://doi.org/10.3982/QE1596.
    """
    return answer(panel, RECIPE, design, pilot=pilot)

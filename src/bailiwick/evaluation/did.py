"""Did the treated move apart from the plain mean of the donors? Difference in differences."""

from __future__ import annotations

from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.estimation import answer
from bailiwick.evaluation.fits import Recipe
from bailiwick.evaluation.panel import Panel

RECIPE = Recipe("did", fitted_units=False, centred=False, noise_ridge=False, time="equal")


def estimate(panel: Panel, *, design: Design = DEFAULT, pilot: str | None = None) -> Effect:
    """Mean gap to the donors' mean after the start less the same before it: every donor and period counts equally."""
    return answer(panel, RECIPE, design, pilot=pilot)

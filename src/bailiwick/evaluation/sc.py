"""Did the treated leave the path of the mixture of donors that matched them before? Synthetic control."""

from __future__ import annotations

from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.estimation import answer
from bailiwick.evaluation.fits import Recipe
from bailiwick.evaluation.panel import Panel

RECIPE = Recipe("sc", fitted_units=True, centred=False, noise_ridge=False, time="none")


def estimate(panel: Panel, *, design: Design = DEFAULT, pilot: str | None = None) -> Effect:
    """Mean gap after the start to the simplex mixture of donors closest to the treated in every period before it.

    Outcomes only (Abadie, Diamond & Hainmueller 2010, https://doi.org/10.1198/jasa.2009.ap08746, without the nested
    predictor weights, whose optimum depends on the starting point).
    """
    return answer(panel, RECIPE, design, pilot=pilot)

"""Did the treated move apart from donors weighted to run parallel, judged from the periods that foretell the rest?

Synthetic difference in differences, the default.
"""

from __future__ import annotations

from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.estimation import answer
from bailiwick.evaluation.fits import Recipe
from bailiwick.evaluation.panel import Panel

RECIPE = Recipe("sdid", fitted_units=True, centred=True, noise_ridge=True, time="fitted")


def estimate(panel: Panel, *, design: Design = DEFAULT, pilot: str | None = None) -> Effect:
    """Mean gap after the start less the time-weighted gap before it, unit weights with the noise ridge.

    Arkhangelsky, Athey, Hirshberg, Imbens & Wager 2021, https://doi.org/10.1257/aer.20190159: zeta = (|S| T1)^(1/4) s
    with s the standard deviation of the donors' first differences before the start; both weight problems are solved
    exactly, where the authors' programme stops its Frank-Wolfe steps early.
    """
    return answer(panel, RECIPE, design, pilot=pilot)

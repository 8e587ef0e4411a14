"""Did it work where it was tried? Panel inference for very few treated units, exact and enumerated.

panel = from_long(units, periods, values)
panel = with_pilots(panel, [TreatedGroup("pilot", ("Camden", "Islington"), start)])
effect = estimate(panel, method="sdid")
"""

from __future__ import annotations

from collections.abc import Callable

from bailiwick.errors import MethodError, nearest
from bailiwick.evaluation import did, dsc, sc, sdid
from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.fits import Recipe
from bailiwick.evaluation.panel import Panel, PeriodPhase, TreatedGroup, from_long, start_position, with_pilots
from bailiwick.evaluation.periods import axis

METHODS: dict[str, Callable[..., Effect]] = {
    "did": did.estimate,
    "sc": sc.estimate,
    "dsc": dsc.estimate,
    "sdid": sdid.estimate,
}
RECIPES: dict[str, Recipe] = {"did": did.RECIPE, "sc": sc.RECIPE, "dsc": dsc.RECIPE, "sdid": sdid.RECIPE}


def estimate(panel: Panel, method: str = "sdid", *, design: Design = DEFAULT, pilot: str | None = None) -> Effect:
    """The effect of one method on one panel: for the pilot named, the only one, or all of them pooled.

    MethodError for an unknown method or a panel that cannot answer.
    """
    if method not in METHODS:
        raise MethodError(f"method {method!r} is not known: {nearest(method, METHODS)}")
    return METHODS[method](panel, design=design, pilot=pilot)


__all__ = [
    "DEFAULT",
    "METHODS",
    "RECIPES",
    "Design",
    "Effect",
    "Panel",
    "PeriodPhase",
    "Recipe",
    "TreatedGroup",
    "axis",
    "estimate",
    "from_long",
    "start_position",
    "with_pilots",
]

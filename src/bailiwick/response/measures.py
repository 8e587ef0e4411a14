"""Which numbers does the response room report for each area under each option?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bailiwick.case import Case
from bailiwick.findings import ByArea, Measure
from bailiwick.response import service
from bailiwick.scheme import Option

Better = Literal["higher", "lower", "neither"]

_REFERENCE = "docs/reference/response-measures.md"
_SIMULATED = " From a simulation of the areas and the ring around them, thirteen weeks, the first dropped."


def _of(name: str) -> Callable[[Case, Option], ByArea]:
    def compute(case: Case, option: Option) -> ByArea:
        """One measure of one option by area, with the response constables of today."""
        return service.numbers(case, service.asked(case, option, None))[name]

    return compute


def _measure(name: str, title: str, definition: str, *, unit: str, better: Better, smallest: float) -> Measure:
    full = f"response.{name}"
    return Measure(
        full, title, unit, 1, better, "service" if better != "neither" else "context", "grouping", "mean", "population",
        definition + _SIMULATED, _REFERENCE, smallest, _of(full), "modelled")


MEASURES: tuple[Measure, ...] = (
    _measure("immediate_in_target", "Immediate calls reached within 15 minutes",
             "Share of calls graded immediate whose first car arrives within 15 minutes of the caller's connection.",
             unit="%", better="higher", smallest=1.0),
    _measure("significant_in_target", "Significant calls reached within 60 minutes",
             "Share of calls graded significant whose first car arrives within 60 minutes of the caller's connection.",
             unit="%", better="higher", smallest=1.0),
    _measure("immediate_mean", "Mean time to an immediate call",
             "Mean minutes from the caller's connection to the first car at an immediate call.",
             unit="minutes", better="lower", smallest=0.5),
    _measure("significant_mean", "Mean time to a significant call",
             "Mean minutes from the caller's connection to the first car at a significant call.",
             unit="minutes", better="lower", smallest=3.0),
    _measure("immediate_p90", "Time within which nine in ten immediate callers are reached",
             "The ninetieth percentile of the minutes from connection to the first car at an immediate call.",
             unit="minutes", better="lower", smallest=1.0),
    _measure("cross_border_share", "Calls met by another borough's car",
             "Share of immediate and significant calls whose first car is posted in another area.",
             unit="%", better="neither", smallest=2.0),
    _measure("unit_utilisation", "Time that cars are at work",
             "Share of on-duty minutes that cars posted in the area are on their way to or at a call.",
             unit="%", better="neither", smallest=2.0),
    _measure("desk_utilisation", "Load of the dispatcher's desk",
             "Work that calls bring to the area's radio channel over what its desks can do.",
             unit="%", better="neither", smallest=5.0),
)

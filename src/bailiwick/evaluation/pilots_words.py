"""How are the pilots' results said: names of pilots and methods, rounded numbers, short lists?"""

from __future__ import annotations

from collections.abc import Sequence

from bailiwick.evaluation.panel import TreatedGroup
from bailiwick.evaluation.pilots_readings import JOINT, Findings, Reading
from bailiwick.tables import ResultTable

NO_PLAN = "The case has no evaluation plan, so its pilots are not evaluated."
POINTS_OR_SHARE = "points, or % of the level before"
ELSEWHERE = "given on the planned method's row"
METHOD_WORDS = {
    "sdid": "synthetic difference in differences",
    "did": "difference in differences",
    "dsc": "synthetic control without its level",
    "sc": "synthetic control",
}


def rounded(value: float | None, decimals: int = 2) -> float | None:
    """The value to a fixed number of decimals, minus zero as zero; None stays None."""
    return None if value is None else round(float(value), decimals) + 0.0


def pilot_words(found: Findings, pilot: str) -> str:
    """The title of a pilot; the joint result is of all of them together."""
    if pilot == JOINT:
        return "both pilots together" if len(found.plan.pilots) == 2 else "all pilots together"
    return next((p.title for p in found.plan.pilots if p.id == pilot), pilot)


def listed(words: Sequence[str], *, most: int = 6) -> str:
    """The words as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', 'none')
    """
    if not words:
        return "none"
    shown = list(words[:most]) + ([f"{len(words) - most} more"] if len(words) > most else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def worst_first(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Readings of one outcome, the worse pilot first (the larger where no direction is good), the joint one last."""
    def key(reading: Reading) -> tuple[bool, float, str]:
        better = reading.measured.planned.better
        sign = {"higher": reading.att, "lower": -reading.att}.get(better, -abs(reading.att))
        return reading.pilot == JOINT, sign, reading.pilot

    return tuple(sorted(readings, key=key))


def amount(value: float, reading: Reading) -> str:
    """An effect in words, signed, with its unit.

    A share is of the outcome's own level before the start.
    """
    return f"{value:+.1f} points" if reading.measured.unit == "points" else f"{value:+.1f}%"


def measured_in(unit: str) -> str:
    """The unit of one row's effects where a table mixes points of a survey and shares of a level."""
    return "points" if unit == "points" else "% of the level before"


def nothing(name: str, title: str, columns: Sequence[tuple[str, str]], note: str = NO_PLAN) -> ResultTable:
    """A table without rows that says why."""
    return ResultTable(name, title, tuple(c for c, _ in columns), tuple(u for _, u in columns), (), note=note)


def group_of(reading: Reading, pilot: str) -> TreatedGroup:
    """The pilot as it stands on the panel of a reading's outcome."""
    return next(group for group in reading.measured.panel.pilots if group.id == pilot)

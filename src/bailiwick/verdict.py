"""Is it worthwhile?  The rule, as a pure function of what was found.

The rule file (catalogue/rules) is written and hashed before results.  Per area and grade the *safety floor* against
`cuts` is held, breached or not shown; *money* is the service-neutral saving.  Closeness is never scored or traded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Floor = Literal["held", "breached", "not shown", "missing"]
Money = Literal["positive", "not positive", "not shown", "missing"]
Answer = Literal["worthwhile", "worthwhile only if", "not worthwhile", "cannot be judged"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides for one option: its floor over all areas and grades together, its money, its deciding unknowns."""

    floor: Floor
    money: Money
    deciding_unknowns: tuple[str, ...] = ()


def floor_of(harm: Sequence[tuple[float, float]], margin: float, most: float) -> Floor:
    """The floor's state for one area and grade.

    `harm` holds, for each accepted set, the paired 90% interval (low, high) of the loss of service against `cuts`, in
    percentage points; a gain is negative harm.  Held: the upper bound is inside the margin in at least `most` of the
    sets.  Breached: the lower bound is beyond it in at least `most`.  An empty sequence is missing evidence.
    """
    if not harm:
        return "missing"
    held = sum(high <= margin for _, high in harm) / len(harm)
    breached = sum(low > margin for low, _ in harm) / len(harm)
    if held >= most:
        return "held"
    return "breached" if breached >= most else "not shown"


def joint(states: Sequence[Floor]) -> Floor:
    """The floor over all areas and grades: missing if one is missing, else breached if one is, else the weakest."""
    for state in ("missing", "breached", "not shown"):
        if state in states:
            return state
    return "held" if states else "missing"


def money_of(savings: Sequence[float], most: float) -> Money:
    """The state of the service-neutral saving over the accepted sets, in pounds a year; none is missing evidence.

    NaN, a set in which it has no value, counts for neither side.
    """
    if not savings:
        return "missing"
    positive = sum(value > 0 for value in savings) / len(savings)
    if positive >= most:
        return "positive"
    return "not positive" if sum(value <= 0 for value in savings) / len(savings) >= most else "not shown"


def answer(proposal: Standing, repairs: Mapping[str, Standing]) -> Answer:
    """The verdict, in the order of precedence of the rule.

    `repairs` holds the standing of the proposal under each named lever setting, its cost included.
    """
    if "missing" in (proposal.floor, proposal.money) or proposal.deciding_unknowns:
        return "cannot be judged"
    if _passes(proposal):
        return "worthwhile"
    if any(_passes(standing) for standing in repairs.values()):
        return "worthwhile only if"
    if proposal.money == "not positive" or proposal.floor == "breached":
        return "not worthwhile"
    return "cannot be judged"


def repairing(repairs: Mapping[str, Standing]) -> tuple[str, ...]:
    """The lever settings that reach `worthwhile`, in their given order."""
    return tuple(name for name, standing in repairs.items() if _passes(standing))


def under_other_rules(proposal: Standing, *, any_area_worse: bool | None, total_worse: bool | None) -> dict[str, str]:
    """The answer under a veto (any area worse forbids) and under totals alone (areas may lose if the sum does not)."""
    return {
        "veto": _simple(proposal.money, any_area_worse),
        "aggregate": _simple(proposal.money, total_worse),
    }


def _passes(standing: Standing) -> bool:
    return standing.floor == "held" and standing.money == "positive"


def _simple(money: Money, worse: bool | None) -> Answer:
    if worse is None or money in ("missing", "not shown"):
        return "cannot be judged"
    return "worthwhile" if money == "positive" and not worse else "not worthwhile"

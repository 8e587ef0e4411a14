"""What does a whole map do to response?  Each named map of the force against today, all areas at once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import NamedTuple

from bailiwick import choices_response
from bailiwick.case import Case
from bailiwick.choices_quoted import whole_force
from bailiwick.choices_response import Pair, outcomes, paired
from bailiwick.choices_ways import Sets, grouping_of
from bailiwick.errors import CaseError
from bailiwick.response import groundwork

GRADES = ("immediate", "significant")


class NamedMap(NamedTuple):
    """A map by its title and its change against today; `pair` None where it, or today, has no steady state."""

    title: str
    map: Sets
    pair: Pair | None

    def told(self) -> str:
        """The sentence on it."""
        if self.pair is None:
            return f"{self.title}: no steady state, so nothing can be said of response"
        ends = [f"{grade} calls {self.pair.change[g]:+.1f} points ({self.pair.low[g]:+.1f} to {self.pair.high[g]:+.1f})"
                for g, grade in enumerate(GRADES)]
        return f"{self.title}: {', '.join(ends)}"

    def document(self) -> dict[str, object]:
        """The same for machines: points in target against today, with the range of chance."""
        said: dict[str, object] = {"title": self.title}
        for g, grade in enumerate(GRADES):
            said[grade] = None if self.pair is None else [
                round(float(x[g]), 2) + 0.0 for x in (self.pair.change, self.pair.low, self.pair.high)]
        return said


def simulated(case: Case, maps: Mapping[str, Sets], pool: Executor | None = None) -> tuple[NamedMap, ...]:
    """Each map simulated whole, help across command borders included, against today over forty weeks of the same calls.

    Central assumptions, cars in step with the constables that the posts leave. Equal maps are simulated once.
    `CaseError` for a case that is not about every area of its force, or that says too little to be simulated.
    """
    if not whole_force(case):
        raise CaseError(f"case {case.name}", "scope", got=f"{len(case.scheme.scope)} areas",
                        expected="every area of the force, to simulate its maps whole")
    if not groundwork.can_simulate(case):
        raise CaseError(f"case {case.name}", "simulation", got=groundwork.none_because(case).text,
                        expected="a case whose response can be simulated")
    today = case.scheme.option("today").grouping
    different = dict.fromkeys(maps.values())
    found = outcomes(case, [today, *(grouping_of(case, sets) for sets in different)], pool)
    came = dict(zip(different, found[1:], strict=True))
    return tuple(NamedMap(title, sets, paired(case, found[0], came[sets])) for title, sets in maps.items())


def weeks() -> int:
    """Weeks over which a map is compared before it is named."""
    return choices_response.PAIRS

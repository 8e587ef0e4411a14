"""Which commands would be allowed, and do the rules contradict each other before any are tried?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from bailiwick.alternatives.network import Network


@dataclass(frozen=True, slots=True)
class Rules:
    """What one command may be: its number of areas, its weight (ends included), who must and must not be together.

    `headquarters`: when given, every command must hold at least one of these areas.
    """

    largest: int | None = None
    smallest: int = 1
    lightest: int = 0
    heaviest: int | None = None
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    headquarters: tuple[str, ...] = ()

    def told(self) -> str:
        """The rules in one line of plain words."""
        cap = f"up to {self.largest} areas" if self.largest else "any number of areas"
        weight = "" if self.heaviest is None else f", weight {self.lightest:,} to {self.heaviest:,}"
        joined = "".join(f", {' + '.join(g)} together" for g in self.together)
        kept = "".join(f", {' | '.join(g)} apart" for g in self.apart)
        return cap + weight + joined + kept + (", a headquarters in each" if self.headquarters else "")


def window_bounds(total: int, k: int, window: Fraction) -> tuple[int, int]:
    """The lowest and highest weight of a command whose deviation |p / (T/K) - 1| is at most `window`, ends included.

    >>> window_bounds(100, 3, Fraction(1, 10))
    (30, 36)
    """
    low = total * (1 - window) / k
    high = total * (1 + window) / k
    return max(0, -(-low.numerator // low.denominator)), high.numerator // high.denominator


def within(rules: Rules, graph: Network, k: int, window: Fraction) -> Rules:
    """The rules with the window around the fair share of K commands added, and a size cap where one costs nothing."""
    low, high = window_bounds(graph.total, k, window)
    low, high = max(low, rules.lightest), min(high, graph.total if rules.heaviest is None else rules.heaviest)
    free = cap_without_loss(graph, high)
    return replace(rules, lightest=low, heaviest=high, largest=min(free, rules.largest or free))


def cap_without_loss(graph: Network, heaviest: int) -> int:
    """The largest number of areas any command can have: with one more, even the lightest ones weigh too much."""
    total = 0
    for count, weight in enumerate(sorted(graph.weights)):
        total += weight
        if total > heaviest:
            return max(1, count)
    return graph.n


def deviation(weight: int, total: int, k: int) -> Fraction:
    """|p / (T/K) - 1| of a command, exactly.

    >>> deviation(36, 100, 3)
    Fraction(2, 25)
    """
    return Fraction(abs(k * weight - total), total)


def check_rules(graph: Network, rules: Rules) -> None:
    """`CaseError` naming the rules that contradict each other or cannot be met by any command."""
    groups = merged_groups(graph, rules)
    for pair in rules.apart:
        here = {graph.position(c) for c in pair}
        for group in groups:
            if len(here & set(group)) > 1:
                both = " | ".join(graph.names[i] for i in sorted(here & set(group)))
                said = " + ".join(graph.names[i] for i in group)
                raise CaseError(
                    graph.name, "rules", got=f"apart {both}, and together {said}", expected="rules that can both hold"
                )
    for group in groups:
        _check_group(graph, rules, group)
    heavy = [i for i, w in enumerate(graph.weights) if rules.heaviest is not None and w > rules.heaviest]
    if heavy:
        worst = max(heavy, key=lambda i: (graph.weights[i], -i))
        raise CaseError(
            graph.name,
            "window",
            got=f"{graph.names[worst]} alone weighs {graph.weights[worst]:,}",
            expected=f"no area above the most a command may weigh, {rules.heaviest:,}",
            hint="widen the window",
        )
    if rules.largest is not None and rules.largest < max(1, rules.smallest):
        raise CaseError(
            graph.name, "size", got=f"{rules.smallest} to {rules.largest}", expected="a range with something in it"
        )


def _check_group(graph: Network, rules: Rules, group: Sequence[int]) -> None:
    said = " + ".join(graph.names[i] for i in group)
    if rules.largest is not None and len(group) > rules.largest:
        raise CaseError(
            graph.name,
            "rules",
            got=f"together {said} ({len(group)} areas)",
            expected=f"at most {rules.largest} areas a command",
        )
    weight = sum(graph.weights[i] for i in group)
    if rules.heaviest is not None and weight > rules.heaviest:
        raise CaseError(
            graph.name,
            "rules",
            got=f"together {said}, weighing {weight:,}",
            expected=f"at most {rules.heaviest:,} a command",
        )
    if not any(set(group) <= set(piece) for piece in graph.pieces()):
        raise CaseError(
            graph.name, "rules", got=f"together {said}", expected="areas that can be reached from each other"
        )


def merged_groups(graph: Network, rules: Rules) -> tuple[tuple[int, ...], ...]:
    """The must-join groups as positions, those that share an area made one."""
    groups: list[set[int]] = []
    for group in rules.together:
        new = {graph.position(c) for c in group}
        touching = [g for g in groups if g & new]
        groups = [g for g in groups if not g & new] + [new.union(*touching)]
    return tuple(sorted(tuple(sorted(g)) for g in groups))


def keeps(graph: Network, rules: Rules, masks: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which masks keep the rules on size, together, apart and headquarters: bool of shape masks."""
    kept: NDArray[np.bool_] = sizes >= rules.smallest
    for group in merged_groups(graph, rules):
        whole = sum(1 << i for i in group)
        kept &= ((masks & whole) == 0) | ((masks & whole) == whole)
    for pair in rules.apart:
        positions = sorted({graph.position(c) for c in pair})
        kept &= sum(((masks >> i) & 1) for i in positions) <= 1
    if rules.headquarters:
        inside = sum(1 << graph.position(c) for c in sorted(set(rules.headquarters)))
        kept &= (masks & inside) != 0
    return kept

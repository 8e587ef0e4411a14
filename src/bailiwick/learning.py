"""What would learning one figure settle: of the accepted sets that would remain, do enough give one answer?

The sets are split into fifths by what they assume of one figure.  A fifth is settled when the rule of the verdict,
asked of its sets alone, gives an answer.  With few sets chance settles some fifths: only what is beyond it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bailiwick import headlines, ruling, verdict
from bailiwick.case import Case
from bailiwick.draws import Draws
from bailiwick.findings import Unknown
from bailiwick.sensitivity import influence, settings
from bailiwick.tables import Cell, ResultTable

FIFTHS = 5
SHUFFLES = 2000
TOLD = 10
UNDECIDED = "cannot be judged"


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What the rule looks at in each of S sets: `held` and `breached` [S, C] for each area and grade, `money` [S]."""

    held: NDArray[np.bool_]
    breached: NDArray[np.bool_]
    money: NDArray[np.float64]
    most: float

    def answer(self, which: NDArray[np.int64]) -> str:
        """The answer of the rule on some of the sets, before any lever is tried."""
        if not self.held.shape[1] or np.isnan(self.money).all():
            return UNDECIDED
        held = self.held[which].mean(axis=0) >= self.most
        breached = self.breached[which].mean(axis=0) >= self.most
        floor: verdict.Floor = "breached" if breached.any() else "held" if held.all() else "not shown"
        return verdict.answer(verdict.Standing(floor, verdict.money_of(self.money[which].tolist(), self.most)), {})


def outcomes(draws: Draws, option: str = "proposed") -> Outcomes:
    """What the rule looks at in each accepted set, for one option."""
    case = draws.case
    held, breached = [], []
    for rule in headlines.floor_measures(case):
        margin = float(str(rule["margin"]))
        for harms in ruling.harms(case, draws, rule, option).values():
            held.append([high <= margin for _, high in harms])
            breached.append([low > margin for low, _ in harms])
    sets = len(draws.judgements)
    money = [headlines.found_in(case, judgement, option).get(headlines.money_measure(case))
             for judgement in draws.judgements]
    return Outcomes(
        np.array(held, dtype=bool).reshape(-1, sets).T, np.array(breached, dtype=bool).reshape(-1, sets).T,
        np.array([np.nan if value is None else value for value in money]), headlines.most(case))


def settles(draws: Draws, option: str = "proposed") -> dict[str, float]:
    """For each varied assumption, the share of accepted sets whose answer would be settled by learning its fifth.

    Nought where the answer is settled without it, or where the best of many shuffles of the sets does as well: with so
    many assumptions some do well by chance.
    """
    found = outcomes(draws, option)
    sets = len(found.money)
    names = settings(draws)
    if sets < 2 * FIFTHS or found.answer(np.arange(sets)) != UNDECIDED:
        return dict.fromkeys(names, 0.0)
    rng = draws.case.rng("learning/shuffles")
    chance = max(_share(found, rng.permutation(sets)) for _ in range(SHUFFLES))
    shares = {name: _share(found, np.argsort(values, kind="stable")) for name, values in names.items()}
    return {name: share if share > chance else 0.0 for name, share in shares.items()}


def _share(found: Outcomes, order: NDArray[np.int64]) -> float:
    parts = np.array_split(order, FIFTHS)
    return sum(len(part) for part in parts if found.answer(part) != UNDECIDED) / len(order)


def told(unknowns: Sequence[Unknown], shares: Mapping[str, float]) -> tuple[Unknown, ...]:
    """The unknowns with the share of accepted sets that learning each would settle."""
    return tuple(replace(unknown, settles=shares.get(unknown.assumption, 0.0)) for unknown in unknowns)


def table(draws: Draws, shares: Mapping[str, float], option: str = "proposed") -> ResultTable:
    """The answer of the rule in each fifth of what an assumption may be, for those that would settle most."""
    case, found = draws.case, outcomes(draws, option)
    moved, drawn = influence(draws), settings(draws)
    names = sorted(drawn, key=lambda name: (-shares.get(name, 0.0), -moved.get(name, 0.0), name))
    rows: list[tuple[Cell, ...]] = []
    for name in names[:TOLD] if len(found.money) >= FIFTHS else ():
        a = case.assumptions[name]
        for part in np.array_split(np.argsort(drawn[name], kind="stable"), FIFTHS):
            inside = drawn[name][part]
            rows.append((name, a.title, a.unit, a.holder, float(inside.min()), float(inside.max()), len(part),
                         found.answer(part), shares.get(name, 0.0)))
    settled = sum(share > 0 for share in shares.values())
    note = (f"{settled} of {len(shares)} assumptions would settle some answers beyond chance if they were known."
            if settled else "No single figure would settle the answer beyond what chance does with so few sets: "
                            "several must be known together.")
    return ResultTable(
        "learning", "What the answer would be if one figure were known",
        ("assumption", "title", "unit", "holder", "from", "to", "sets", "answer", "settles"),
        ("", "", "", "", "see unit", "see unit", "sets", "", "share"), tuple(rows), (), note)


def best_to_learn(case: Case, shares: Mapping[str, float], among: Sequence[str]) -> str | None:
    """The guess among some assumptions whose disclosure would settle most; None where there is no guess."""
    guesses = [name for name in among if case.assumptions[name].kind == "guess"]
    return max(guesses, key=lambda name: shares.get(name, 0.0), default=None)

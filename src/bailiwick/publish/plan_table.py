"""What is a drawn plan worth?  Numbers of the engine's command table, looked up and combined, never computed afresh.

A plan gives every area of the table the number of its command, or UNPLACED.  Its code is one character an area in the
order of the table, commands numbered by their first area, so that equal plans have one code.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bailiwick.errors import CaseError

SCHEMA = "bailiwick/commands/1"
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
NOBODY = "-"
UNPLACED = -1
Plan = tuple[int, ...]
Members = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlanTable:
    """The command table as plans are looked up in it.

    `rows` maps the sorted positions of a command's areas to its row; `measures` are the table's own declarations, each
    with its `values` by row, None where nobody knows; `residents` is by row.
    """

    areas: tuple[str, ...]
    cap: int
    rows: Mapping[Members, int]
    residents: tuple[int, ...]
    measures: Mapping[str, Mapping[str, object]]
    digest: str

    def value(self, measure: str, plan: Plan) -> float | None:
        """A measure of a whole plan, unrounded: sum, mean weighted as the measure says, largest or smallest.

        None where the plan is unfinished, holds a command that is not in the table, or a value is not known.
        """
        groups = commands(plan)
        rows = [self.rows.get(group) for group in groups]
        if UNPLACED in plan or None in rows:
            return None
        told = self.measures[measure]
        held = cast("Sequence[float | None]", told["values"])
        numbers = [held[cast(int, row)] for row in rows]
        if None in numbers:
            return None
        weights = [self.residents[cast(int, row)] if told["weight"] == "population" else len(group)
                   for row, group in zip(rows, groups, strict=True)]
        return _together(cast("list[float]", numbers), weights, str(told["combine"]))

    def plan(self, groups: Iterable[Iterable[str]]) -> Plan:
        """The plan in which the areas of each group are one command and every other area is on its own."""
        place = {code: i for i, code in enumerate(self.areas)}
        number = list(range(len(self.areas)))
        for group in groups:
            held = sorted(place[code] for code in group if code in place)
            for i in held:
                number[i] = held[0]
        return canonical(number)


def read_table(packed: bytes) -> PlanTable:
    """The command table of `commands.json.gz`; CaseError when the bytes are not one."""
    try:
        told = json.loads(gzip.decompress(packed))
        if told["schema"] != SCHEMA:
            raise CaseError("commands.json.gz", "schema", got=told["schema"], expected=SCHEMA)
        rows = {_members(int(mask, 16)): row for row, mask in enumerate(told["masks"])}
        return PlanTable(tuple(told["areas"]), int(told["cap"]), rows, tuple(told["residents"]), told["measures"],
                         str(told["case"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise CaseError("commands.json.gz", "", got=str(error) or type(error).__name__,
                        expected="a command table as written by bailiwick",
                        hint="make it afresh with `bailiwick appraise CASE`") from error


def canonical(numbers: Sequence[int]) -> Plan:
    """The plan with its commands numbered by first area.

    >>> canonical([7, 7, -1, 0])
    (0, 0, -1, 1)
    """
    seen: dict[int, int] = {}
    return tuple(UNPLACED if n == UNPLACED else seen.setdefault(n, len(seen)) for n in numbers)


def commands(plan: Plan) -> tuple[Members, ...]:
    """The commands of a plan in order of their first area, each the positions of its areas.

    >>> commands((0, 1, 0, -1))
    ((0, 2), (1,))
    """
    found: dict[int, list[int]] = {}
    for i, number in enumerate(plan):
        if number != UNPLACED:
            found.setdefault(number, []).append(i)
    return tuple(tuple(group) for group in found.values())


def encoded(plan: Sequence[int]) -> str:
    """The code of a plan; CaseError where it has more commands than there are signs.

    >>> encoded((5, 5, -1, 2))
    'AA-B'
    """
    numbers = canonical(plan)
    if max(numbers, default=0) >= len(SIGNS):
        raise CaseError("plan", "commands", got=max(numbers) + 1, expected=f"at most {len(SIGNS)}")
    return "".join(NOBODY if n == UNPLACED else SIGNS[n] for n in numbers)


def decoded(code: str, areas: int) -> Plan:
    """The plan of a code for so many areas; CaseError that says what is wrong with it.

    >>> decoded("BBA-", 4)
    (0, 0, 1, -1)
    """
    if len(code) != areas:
        raise CaseError("plan", "code", got=f"{len(code)} characters", expected=f"{areas}, one for each area",
                        hint="copy the whole of what stands after #p= in the address of the map")
    wrong = sorted({c for c in code if c not in SIGNS and c != NOBODY})
    if wrong:
        raise CaseError("plan", "code", got=wrong[0], expected="letters, digits, and - for an area with no command yet")
    return canonical([UNPLACED if c == NOBODY else SIGNS.index(c) for c in code])


def _members(mask: int) -> Members:
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def _together(numbers: Sequence[float], weights: Sequence[int], combine: str) -> float:
    if combine == "max":
        return max(numbers)
    if combine == "min":
        return min(numbers)
    total, shares = 0.0, 0.0
    for number, weight in zip(numbers, weights, strict=True):
        total += number * (weight if combine == "mean" else 1)
        shares += weight
    return total / shares if combine == "mean" else total

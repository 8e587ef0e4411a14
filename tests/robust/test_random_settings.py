"""Does any value inside its range break money or closeness: a crash, a NaN, an infinity, books that do not add up?

1,000 values set at random, four at a time, one in five at an end of its range; then twenty cases with everything set,
the simulator included, behind --long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from bailiwick import appraisal, casefile, finance, locality
from bailiwick.case import Case
from bailiwick.errors import CaseError
from bailiwick.findings import Measure, Number, Unavailable, by_area, combined

VALUES, TOGETHER, BATCHES = 1000, 4, 10
ROOMS = ("finance.", "locality.", "posts.")


@pytest.fixture(scope="module")
def first() -> Case:
    return casefile.load("south-west-london-2018")


def settable(case: Case, starts: tuple[str, ...] = ROOMS) -> list[str]:
    return sorted(n for n, a in case.assumptions.items() if n.startswith(starts) and a.low < a.high)


def value_of(case: Case, name: str, rng: np.random.Generator) -> float:
    told = case.assumptions[name]
    if told.shape == "choice":
        return float(rng.integers(round(told.low), round(told.high) + 1))
    return float(rng.choice([told.low, told.high])) if rng.random() < 0.2 else float(rng.uniform(told.low, told.high))


def numbers(case: Case, measures: tuple[Measure, ...]) -> Iterator[tuple[str, Number]]:
    for measure in measures:
        for option in case.scheme.options:
            found = by_area(case, measure, option)
            whole = combined(case, measure, found)
            for subject, number in (*found.items(), ("scheme", whole)):
                yield f"{measure.name}/{option.name}/{subject}", number


def sound(name: str, number: Number) -> bool:
    return bool(number.text) if isinstance(number, Unavailable) else math.isfinite(number)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_inside_their_ranges_never_break_money_or_closeness(first, batch):
    rng = np.random.default_rng([2018, batch])
    names = settable(first)
    assert len(names) > 80
    for turn in range(VALUES // TOGETHER // BATCHES):
        chosen = [str(name) for name in rng.choice(names, TOGETHER, replace=False)]
        case = first
        for name in chosen:
            case = case.assume(name, value_of(first, name, rng))
        near = turn == 0 or not all(name.startswith("finance.") for name in chosen)
        measures = (*finance.MEASURES, *(locality.MEASURES if near else ()))
        assert [n for n, number in numbers(case, measures) if not sound(n, number)] == [], case.changed
        failed = [c.name for make in finance.CHECKS for c in make(case) if c.passed is False]
        assert set(failed) <= {"The published cost of a constable is reproduced", "Officer floor"}, case.changed
        if turn == 0:
            tables = [make(case) for _, make in (*finance.TABLES, *locality.TABLES)]
            cells = [cell for table in tables for row in table.rows for cell in row if isinstance(cell, float)]
            assert len(cells) > 500
            assert all(math.isfinite(cell) for cell in cells), case.changed


def test_every_value_can_be_set_to_both_ends_and_not_beyond(first):
    for name in settable(first):
        told = first.assumptions[name]
        for end, beyond in ((told.low, told.low - 1), (told.high, told.high + 1)):
            assert first.assume(name, end).value(name) == end
            with pytest.raises(CaseError, match="a value from"):
                first.assume(name, beyond)


@pytest.mark.parametrize("end", ["low", "high"])
def test_everything_at_one_end_at_once_is_still_a_number(first, end):
    case = first
    for name in settable(first):
        case = case.assume(name, getattr(first.assumptions[name], end))
    found = list(numbers(case, (*finance.MEASURES, *locality.MEASURES)))
    assert [n for n, number in found if not sound(n, number)] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_everything_set_at_random_goes_through_the_simulator(first, seed):
    rng = np.random.default_rng([1000, seed])
    case = first
    for name in settable(first, (*ROOMS, "response.")):
        case = case.assume(name, value_of(first, name, rng))
    judged = appraisal.judge(case, tables=appraisal.TABLES)
    assert [name for name, number in judged.values.items() if not sound(name, number)] == []
    assert len(judged.values) > 500

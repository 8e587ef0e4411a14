"""Which options differ in what is asked?  Each different answer is listed once, the options that share it in a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bailiwick.case import Case
from bailiwick.findings import Number, Unavailable
from bailiwick.locality.distance import Headquarters
from bailiwick.scheme import Option
from bailiwick.tables import Cell


def compared(case: Case, rows_of: Callable[[Case, Option], Sequence[tuple[Cell, ...]]]) -> tuple[
        tuple[tuple[Cell, ...], ...], str]:
    """The rows of every option whose answer differs from all before it, led by its name, and a note on the others."""
    rows: list[tuple[Cell, ...]] = []
    seen: list[tuple[str, list[tuple[Cell, ...]]]] = []
    alike: dict[str, list[str]] = {}
    for option in case.scheme.options:
        answer = list(rows_of(case, option))
        same = next((name for name, known in seen if known == answer), None)
        if same is not None:
            alike.setdefault(same, []).append(option.name)
            continue
        seen.append((option.name, answer))
        rows.extend((option.name, *row) for row in answer)
    note = " ".join(f"The same as {name}: {', '.join(others)}." for name, others in alike.items())
    return tuple(rows), note


def named(base: Headquarters) -> str:
    """The name of a headquarters as printed: with the remark when it was chosen by rule."""
    return f"{base.name} (by rule)" if base.by_rule else base.name


def rounded(value: float, decimals: int) -> float | int:
    """The value rounded to so many decimals; a whole number when there are none.

    >>> rounded(3.26, 1), rounded(2.6, 0)
    (3.3, 3)
    """
    return round(float(value)) if decimals == 0 else round(float(value), decimals)


def cell(value: Number, decimals: int) -> Cell:
    """The number as a cell of a table, rounded; None when there is none."""
    return None if isinstance(value, Unavailable) else rounded(value, decimals)

"""What does each side's set of assumptions say, and how does it stand among all that fit?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from bailiwick.publish import words
from bailiwick.publish.bound import Book


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a brief: the finding it belongs to, its value there, and the range over all accepted sets."""

    finding: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def said(self) -> str:
        """The number with its unit."""
        return words.phrase(self.value, self.unit, _decimals(self.value, self.unit))

    @property
    def size(self) -> str:
        """The number with its unit and without its sign."""
        return words.phrase(abs(self.value), self.unit, _decimals(self.value, self.unit))

    @property
    def range(self) -> str:
        """The range over all accepted sets, in brackets; empty where there is none."""
        told = words.span(self.low, self.high, self.unit, _decimals(max(abs(self.low), abs(self.high)), self.unit))
        return f" ({told})" if told else ""

    @property
    def from_the_line(self) -> str:
        """The range over all accepted sets of points to spare, in brackets, as points above or below the line."""
        ends = [f"{words.phrase(abs(end), self.unit, 1)} {'below' if end < 0 else 'above'}"
                for end in (self.low, self.high)]
        return f" ({ends[0]} to {ends[1]})"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The accepted set of one side: its number, and whether it meets the rule."""

    row: int
    number: int
    passes: bool


@dataclass(frozen=True, slots=True)
class Sets:
    """The accepted sets of an appraisal, and the two that the sides rest on."""

    book: Book
    option: str
    count: int
    passed: int
    chosen: dict[str, Chosen]

    def of(self, side: str) -> Chosen:
        """The set of one side."""
        return self.chosen[side]

    def column(self, key: str) -> list[float]:
        """The numbers of a headline over the sets, those without one left out."""
        place = self.book.column("accepted_sets", key)
        rows = [row for _, row in self.book.rows("accepted_sets")]
        return [] if place is None else [cast(float, row[place]) for row in rows if row[place] is not None]

    def cell(self, side: str, key: str) -> object:
        """What stands in one side's set under a column; None where there is no such column."""
        place = self.book.column("accepted_sets", key)
        rows = cast("list[list[object]]", self.book.tables["accepted_sets"]["rows"])
        return None if place is None else rows[self.chosen[side].row][place]

    def money(self, side: str, measure: str) -> Figure | None:
        """A headline of money in one side's set."""
        value = self.cell(side, measure)
        if not isinstance(value, int | float):
            return None
        found = self.book.finding(measure, self.option)
        unit = str(found["unit"]) if found else "GBP a year"
        return Figure(f"{measure}/{self.option}/scheme", float(value), *self._ends(measure), unit)

    def spare(self, side: str, measure: str) -> Figure | None:
        """The points to spare above the floor in the worst area of one side's set."""
        value, area = self.cell(side, f"spare.{measure}"), self.cell(side, f"worst.{measure}")
        if not isinstance(value, int | float) or not isinstance(area, str):
            return None
        return Figure(f"{measure}/{self.option}/{area}", float(value), *self._ends(f"spare.{measure}"), "points")

    def above(self, key: str) -> int:
        """In how many sets a headline is above zero."""
        return sum(value > 0 for value in self.column(key))

    def floors(self) -> list[str]:
        """The measures of the safety floor that the sets tell of."""
        columns = cast("list[str]", self.book.tables["accepted_sets"]["columns"])
        return [name.removeprefix("spare.") for name in columns if name.startswith("spare.")]

    def _ends(self, key: str) -> tuple[float, float]:
        known = self.column(key)
        return min(known), max(known)


def sets_of(book: Book) -> Sets | None:
    """The accepted sets behind a results document; None where no set has every number."""
    option = book.of_kind("proposed")
    sides = {str(row[0]): int(cast(int, row[1])) for _, row in book.rows("two_cases")}
    if option is None or not sides:
        return None
    rows = cast("list[list[object]]", book.tables["accepted_sets"]["rows"])
    chosen = {side: Chosen(row, int(cast(int, rows[row][0])), bool(rows[row][1])) for side, row in sides.items()}
    return Sets(book, str(option["name"]), len(rows), sum(bool(row[1]) for row in rows), chosen)


def _decimals(value: float, unit: str) -> int:
    return 0 if words.is_money(unit) or unit in ("people", "posts", "officers", "") else 1

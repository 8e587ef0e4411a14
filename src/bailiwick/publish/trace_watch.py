"""What does a number rest on?  The measure is computed again while a watch notes each assumption and row it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bailiwick import appraisal, finance
from bailiwick.case import Case
from bailiwick.findings import Measure, Number, Unavailable, by_area, combined, finding_id
from bailiwick.response import service
from bailiwick.scheme import Option
from bailiwick.tables import Cell, Row, Table

V = TypeVar("V")
NEUTRAL = "finance.service_neutral_saving"


@dataclass(frozen=True, slots=True)
class Asked:
    """One number to be computed: its measure, under which option, for which subject (an area code or "scheme")."""

    measure: Measure
    option: Option
    subject: str

    @property
    def id(self) -> str:
        """The id of the finding that holds the number."""
        return finding_id(self.measure.name, self.option.name, self.subject)


@dataclass(frozen=True, slots=True)
class Reads:
    """What was read: names of assumptions, and the rows of each table by its name, in the order of first reading."""

    assumptions: dict[str, None] = field(default_factory=dict)
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Swing:
    """What becomes of the number when one assumption goes to the ends of its range; None where there is none."""

    name: str
    at_low: float | None
    at_high: float | None

    def size(self, value: float) -> float:
        """The larger of the two moves from `value`."""
        return max(abs(end - value) for end in (self.at_low, self.at_high, value) if end is not None)


class _Watched(dict[str, V]):
    """A mapping that notes every name whose value is taken out of it."""

    def __init__(self, told: dict[str, V], seen: dict[str, None]) -> None:
        super().__init__(told)
        self.seen = seen

    def __getitem__(self, name: str) -> V:
        found = super().__getitem__(name)
        self.seen[name] = None
        return found

    def get(self, name: str, default: V | None = None) -> V | None:  # type: ignore[override]
        """The value of a name, noted, or the default where there is none."""
        try:
            return self[name]
        except KeyError:
            return default


class _Table(Table):
    """A table that notes the rows that are taken out of it."""

    __slots__ = ("seen",)

    def __init__(self, told: Table, seen: dict[int, Row]) -> None:
        super().__init__(told.schema, told.rows, told.path, told.hidden)
        object.__setattr__(self, "seen", seen)

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self.rows):
            self.seen[number] = row  # type: ignore[attr-defined]
            yield row

    def where(self, **wanted: Cell) -> tuple[Row, ...]:
        """The rows whose cells equal all the given values, noted."""
        found = {n: row for n, row in enumerate(self.rows) if all(row[k] == v for k, v in wanted.items())}
        self.seen.update(found)  # type: ignore[attr-defined]
        return tuple(found.values())


def evaluated(case: Case, asked: Asked) -> Number:
    """The number, computed from the case alone: response is told how many constables each option leaves."""
    measure, option = asked.measure, asked.option
    if measure.name == NEUTRAL and asked.subject == "scheme":
        return appraisal.judge(case).values[asked.id]
    if measure.name in service.MEASURED:
        posts = finance.response_constables(case)
        found = dict(service.numbers(case, service.asked(case, option, posts))[measure.name])
    else:
        found = by_area(case, measure, option)
    return combined(case, measure, found) if asked.subject == "scheme" else found[asked.subject]


def watched(case: Case, asked: Asked) -> tuple[Number, Reads]:
    """The number as it comes out now, and everything that was read on the way."""
    reads = Reads()
    tables = {name: _Table(table, reads.rows.setdefault(name, {})) for name, table in case.tables.items()}
    seen = replace(
        case, assumptions=_Watched(dict(case.assumptions), reads.assumptions),
        changed=_Watched(dict(case.changed), reads.assumptions), tables=tables,
        content=f"{case.content}, watched for {asked.id}")
    return evaluated(seen, asked), reads


def swings(case: Case, asked: Asked, names: tuple[str, ...]) -> tuple[Swing, ...]:
    """What each of these assumptions alone does to the number, widest first; only those that move it at all."""
    value = evaluated(case, asked)
    if isinstance(value, Unavailable):
        return ()
    found = []
    for name in names:
        told = case.assumption(name)
        if told.low < told.high:
            ends = [evaluated(case.assume(name, end), asked) for end in (told.low, told.high)]
            low, high = (None if isinstance(end, Unavailable) else end for end in ends)
            found.append(Swing(name, low, high))
    moved = [swing for swing in found if swing.size(value) > 1e-9 * max(1.0, abs(value)) or None in (
        swing.at_low, swing.at_high)]
    return tuple(sorted(moved, key=lambda swing: (-swing.size(value), swing.name)))

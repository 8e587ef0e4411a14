"""What was observed, where, when, and which places were treated?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bailiwick.errors import CaseError, MethodError, nearest
from bailiwick.evaluation.periods import Axis, axis

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Scale = Literal["level", "index", "log", "year on year"]


@dataclass(frozen=True, slots=True)
class PeriodPhase:
    """A regime after the start: positions [first, last) on the axis and the dose of the change under test."""

    name: str
    first: int
    last: int
    dose: float = 1.0


@dataclass(frozen=True, slots=True)
class TreatedGroup:
    """A pilot: units treated together from the period at position `start`. The group is the unit of assignment.

    `exposed`: share of the first period that lies after the start (1 when it starts with the period).
    """

    id: str
    units: tuple[str, ...]
    start: int
    phases: tuple[PeriodPhase, ...] = ()
    title: str = ""
    exposed: float = 1.0


@dataclass(frozen=True, slots=True)
class Break:
    """A change in what a series counts, effective from the period at position `at`; `parent` names a stable total."""

    at: int
    what: str
    parent: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One outcome for every unit and period: y[units, periods], finite, with the treated groups.

    `adjacency`: pairs of positions (a < b) of units that touch over land, or None when nobody said; `crossings` the
    same over water; `groups` the donor groups that may serve as placebos where the caller lists them.
    """

    units: tuple[str, ...]
    axis: Axis
    outcome: str
    unit: str
    y: Floats
    pilots: tuple[TreatedGroup, ...] = ()
    adjacency: tuple[tuple[int, int], ...] | None = None
    crossings: tuple[tuple[int, int], ...] = ()
    breaks: tuple[Break, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    source: str = ""
    vintage: str = ""

    def __post_init__(self) -> None:
        y = np.ascontiguousarray(self.y, dtype=np.float64)
        y.flags.writeable = False
        object.__setattr__(self, "y", y)
        if y.shape != (len(self.units), self.axis.count):
            raise ValueError(f"y has shape {y.shape}, not ({len(self.units)}, {self.axis.count})")

    @property
    def periods(self) -> tuple[str, ...]:
        """The label of each period."""
        return self.axis.labels

    def positions(self, names: Iterable[str], *, key: str = "unit") -> tuple[int, ...]:
        """Positions of the named units, in ascending order; CaseError for a name that is not in the panel."""
        index = {name: k for k, name in enumerate(self.units)}
        found = []
        for name in names:
            if name not in index:
                raise CaseError("panel", key, got=name, expected="a unit of the panel", hint=nearest(name, self.units))
            found.append(index[name])
        return tuple(sorted(found))

    @property
    def treated(self) -> tuple[int, ...]:
        """Positions of all treated units of all pilots."""
        return tuple(sorted({k for pilot in self.pilots for k in self.positions(pilot.units, key="treated")}))

    def with_outcome(self, outcome: str, unit: str, y: ArrayLike) -> Panel:
        """The same units, periods and pilots with another outcome y[units, periods]."""
        return replace(self, outcome=outcome, unit=unit, y=np.asarray(y, dtype=np.float64))

    def started(self, at: str) -> Panel:
        """The same panel with every pilot started at another date: the start is a parameter.

        A phase that began at the old start follows it; later phases keep their dates.
        """
        position, exposed = start_position(self.axis, at)
        return replace(self, pilots=tuple(_moved(pilot, position, exposed) for pilot in self.pilots))

    def touching(self, positions: Iterable[int], *, over_water: bool = False) -> tuple[int, ...]:
        """Positions of the units that touch one of these and are not among them: the spillover ring."""
        inside = frozenset(positions)
        pairs = (self.adjacency or ()) + (self.crossings if over_water else ())
        return tuple(sorted({b if a in inside else a for a, b in pairs if (a in inside) != (b in inside)}))


def _moved(pilot: TreatedGroup, position: int, exposed: float) -> TreatedGroup:
    phases = []
    for phase in pilot.phases:
        first = position if phase.first == pilot.start else max(phase.first, position)
        if first < phase.last:
            phases.append(replace(phase, first=first))
    return replace(pilot, start=position, exposed=exposed, phases=tuple(phases))


def start_position(periods: Axis, at: str, *, where: str = "panel", key: str = "from") -> tuple[int, float]:
    """Position of the first treated period and the share of it that is treated, for a start at the date `at`.

    CaseError when the date lies outside the periods or leaves nothing before or after; `where` and `key` name what the
    user wrote.
    """
    try:
        place = periods.position(at)
    except CaseError as error:
        raise CaseError(where, key, got=at or "nothing", expected=error.expected) from error
    position = int(np.floor(place + 1e-9))
    labels = periods.labels
    if position < 1 or position >= periods.count:
        before = position < 1
        raise CaseError(
            where,
            key,
            got=at,
            expected=f"a start after {labels[0]} and not after {labels[-1]}, so that there are periods on both sides",
            hint="nothing is left before the start" if before else "nothing is left after the start",
        )
    return position, float(1 - max(0.0, place - position))


class DatedPhase(Protocol):
    """What a scheme's phase of a pilot looks like from here."""

    @property
    def name(self) -> str:
        """The regime's name."""

    @property
    def start(self) -> object:
        """Its first day, as a date or a label."""

    @property
    def end(self) -> object:
        """The first day after it, or None while it lasts."""

    @property
    def dose(self) -> float:
        """How much of the change under test it carries."""


def period_phases(periods: Axis, phases: Sequence[DatedPhase]) -> tuple[PeriodPhase, ...]:
    """The phases as half-open runs of positions; a period belongs to the phase in force at its end.

    Phases that fall wholly outside the panel are left out.
    """
    found = []
    for phase in phases:
        first = max(0, _floor(periods.position(str(phase.start))))
        last = periods.count if phase.end is None else min(periods.count, _floor(periods.position(str(phase.end))))
        if first < last:
            found.append(PeriodPhase(phase.name, first, last, phase.dose))
    return tuple(found)


def _floor(place: float) -> int:
    return int(np.floor(place + 1e-9))


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of a long table."""

    unit: str
    period: str
    value: float


@dataclass(frozen=True, slots=True)
class Names:
    """What a panel is called in messages: the file, its outcome and the unit of measurement."""

    where: str = "panel"
    outcome: str = "outcome"
    unit: str = ""
    source: str = ""
    vintage: str = ""
    hints: dict[str, str] = field(default_factory=dict)


def from_long(units: Sequence[str], periods: Sequence[str], values: ArrayLike, *, names: Names | None = None) -> Panel:
    """A panel from three equally long columns; CaseError for gaps, doubles, and values that are not finite numbers.

    Units are sorted by name, periods by time.
    """
    names = names or Names()
    cells = np.asarray(values, dtype=np.float64)
    if len(cells) == 0:
        raise CaseError(names.where, "", got="no rows", expected="one row for each unit and period")
    found, places = axis(periods, where=names.where)
    labels = tuple(sorted(set(units)))
    index = {name: k for k, name in enumerate(labels)}
    y = np.full((len(labels), found.count), np.nan)
    seen = np.zeros(y.shape, dtype=bool)
    for row, (unit, place, value) in enumerate(zip(units, places, cells, strict=True)):
        cell = index[unit], place
        if seen[cell]:
            raise CaseError(
                names.where,
                f"{unit}, {found.labels[place]}",
                got="two rows for one unit and period",
                expected="one row for each unit and period",
                hint=names.hints.get("double", "filter the table to one series, or add the rows up before"),
            )
        if not np.isfinite(value) and not np.isnan(value):
            raise CaseError(names.where, f"row {row + 1}", got=str(value), expected="a finite number")
        seen[cell] = True
        y[cell] = value
    _refuse_gaps(names, labels, found, y)
    return Panel(labels, found, names.outcome, names.unit, y, source=names.source, vintage=names.vintage)


def _refuse_gaps(names: Names, units: tuple[str, ...], periods: Axis, y: Floats) -> None:
    holes = np.argwhere(np.isnan(y))
    if len(holes) == 0:
        return
    by_unit = [units[k] for k in sorted({int(i) for i, _ in holes})]
    unit, place = holes[0]
    listed = ", ".join(by_unit[:6]) + (f" and {len(by_unit) - 6} more" if len(by_unit) > 6 else "")
    raise CaseError(
        names.where,
        f"{units[unit]}, {periods.labels[place]}",
        got=f"{len(holes)} missing values, in: {listed}",
        expected="a value for every unit and period: missing is unknown, never zero, and nothing is filled in",
        hint=names.hints.get(
            "gap", "leave out those units with --exclude, or shorten the window with --since and --until"
        ),
    )


def with_pilots(panel: Panel, pilots: Sequence[TreatedGroup]) -> Panel:
    """The panel with its treated groups; CaseError or MethodError where they cannot be evaluated on it."""
    chosen = replace(panel, pilots=tuple(sorted(pilots, key=lambda p: p.id)))
    if not chosen.pilots or not all(pilot.units for pilot in chosen.pilots):
        raise CaseError("panel", "treated", got="no unit", expected="at least one treated unit")
    taken: dict[str, str] = {}
    for pilot in chosen.pilots:
        for name in pilot.units:
            if name in taken:
                raise CaseError(
                    "panel", "treated", got=name, expected=f"a unit in one pilot only (it is in {taken[name]})"
                )
            taken[name] = pilot.id
    donors = len(panel.units) - len(chosen.treated)
    if donors == 0:
        raise MethodError("every unit is treated: no donor is left to compare with")
    if donors < 2:
        raise MethodError("only one donor is left: at least two are needed, and about twenty before any p can reach 5%")
    return chosen

"""Which of all conceivable commands would answer sooner than today, which later, and of which can that be told?

Each command is simulated for four weeks by the code of a named option: on its own areas and the ring around them as
they are today, run as the proposal is, with today's officers and no fewer desks and inspectors a call than the proposal
has. The same calls are met by the same areas as they are today, so that a change is paired. One short run is noisy; how
noisy is measured by repeating some commands of each size on other calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from bailiwick.case import Case
from bailiwick.errors import MethodError
from bailiwick.response import fleet, groundwork, kernel, workload
from bailiwick.response.groundwork import Window
from bailiwick.response.kernel import AREA, JOB, POINT, Load
from bailiwick.response.pictures import merged_option
from bailiwick.response.places import Places, part_of_places, places_of, ring_of
from bailiwick.response.runs import DRAIN_HOURS, load_of, rules_of
from bailiwick.response.runs import ground_of as ground_of_run
from bailiwick.response.screening_counts import counted
from bailiwick.response.screening_rows import STEADY, SWAMPED, UNKNOWN, Row, row_of
from bailiwick.response.town import Calls, Floats, Ints, Regime
from bailiwick.scheme import Command, Grouping, Option

Codes = tuple[str, ...]
Mapper = Callable[[Callable[["Batch"], "Found"], Sequence["Batch"]], Iterable["Found"]]

WEEKS = 4
WARM = 24.0
"""Hours dropped at the start of each run."""

STREAM = "screening"
BATCHES = 12
REPLICATIONS = 6
SAMPLED = 4
"""Commands of each size on which the noise is measured, and runs of each on calls of its own."""


class Ground(NamedTuple):
    """What every command of a force faces at one set of assumptions: places, calls an hour, today's cars, the calls.

    `load` is the calls packed for the event loop, no investigation carried; `carried` [n] their first job with it.
    """

    places: Places
    hourly: Floats
    cars: Floats
    calls: Calls
    load: Load
    carried: Floats


class Part(NamedTuple):
    """The same for some of the areas, with their calls alone; `calls` has the absences of these areas and no call."""

    places: Places
    hourly: Floats
    cars: Floats
    calls: Calls
    load: Load
    carried: Floats
    answer: Floats


class Batch(NamedTuple):
    """Work for one process: a case or draw `k` (None: as it stands), the window, `codes` in play, `groups`.

    All groups of a scope (a command and its ring) are in one batch, so that today is simulated once for them.
    """

    k: int | None
    window: Window
    codes: Codes
    groups: tuple[Codes, ...]


class Found(NamedTuple):
    """What became of a batch: `change` [K, 2, 2] points by grade, mean of residents and worst area; `steady` [K].

    `steady` is 0 where both runs have a steady state, 1 where only today has one, 2 where today has none.
    """

    change: Floats
    steady: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Standard deviation, in points, of one screened change: `sizes` [Z] areas, `spread` [Z, 2, 2], `commands` [Z].

    Axes of `spread` after the size: grade (I, S); mean of residents, worst area. `runs` of each command.
    """

    sizes: tuple[int, ...]
    spread: Floats
    commands: tuple[int, ...]
    runs: int

    def of(self, size: int) -> Floats:
        """The spread [2, 2] for a command of that many areas: that of the nearest size measured; none for one area."""
        if size < 2 or not self.sizes:
            return np.zeros((2, 2))
        found: Floats = self.spread[int(np.argmin(np.abs(np.array(self.sizes) - size)))]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """Every command at every set: `change` [S, K, 2, 2] NaN where saturated, `steady` [S, K], and the noise.

    The first set is the central one; axes as in `Found`.
    """

    commands: tuple[Codes, ...]
    sets: tuple[int | None, ...]
    change: Floats
    steady: Ints
    noise: Noise

    def rows(self) -> tuple[Row, ...]:
        """One row a command, in the order asked."""
        return tuple(row_of(command, self.change[:, j], self.steady[:, j], self.noise.of(len(command)))
                     for j, command in enumerate(self.commands))


def screened(case: Case, groups: Sequence[Codes], ks: Sequence[int], mapper: Mapper = map) -> Screening:
    """Every command of `groups` at the central set and the accepted sets `ks`, and how noisy one change is.

    `mapper` applies a function to batches, here or by others, in order; results do not depend on who does the work.
    MethodError where the case has no proposal that merges areas, or an area has no points with residents.
    """
    asked = tuple(tuple(sorted(group)) for group in groups)
    model_of(case)
    codes = _in_play(case, asked)
    sets: tuple[int | None, ...] = (None, *ks)
    batches = [batch for k in sets for batch in _batches(case, codes, asked, k)]
    sample = sampled(asked)
    windows = [window_of(case, f"{STREAM}/{r}") for r in range(1, 1 + REPLICATIONS)] if sample else []
    again = [Batch(None, window, codes, sample) for window in windows]
    found = list(mapper(partial(batch_of, case), [*batches, *again]))
    change = np.full((len(sets), len(asked), 2, 2), np.nan)
    steady = np.zeros((len(sets), len(asked)), np.int64)
    place = {group: j for j, group in enumerate(asked)}
    for batch, part in zip(batches, found, strict=False):
        where = [place[group] for group in batch.groups]
        change[sets.index(batch.k), where] = part.change
        steady[sets.index(batch.k), where] = part.steady
    return Screening(asked, sets, change, steady, noise_of(sample, found[len(batches):]))


def model_of(case: Case) -> str:
    """The operating model of the proposal's largest command; MethodError where nothing is proposed to merge."""
    option = merged_option(case)
    if option is None:
        raise MethodError("no proposal merges areas: nothing says how a candidate command would run")
    return max(option.grouping.commands, key=lambda c: len(c.areas)).model


def can_screen(case: Case, groups: Sequence[Codes]) -> bool:
    """Whether a case has a proposal that merges areas, and every area in play has points and is no whole force."""
    if not groundwork.can_simulate(case) or merged_option(case) is None:
        return False
    areas = [case.system.area(code) for code in sorted({code for group in groups for code in group})]
    return all(area.points and not groundwork.of_forces(area) for area in areas)


def _in_play(case: Case, groups: Sequence[Codes]) -> Codes:
    own = {code for group in groups for code in group}
    for code in sorted(own):
        if not case.system.area(code).points:
            raise MethodError(f"{code} has no points with residents: its response cannot be simulated")
    around = {n for code in own for n in ring_of(case, (code,))}
    return tuple(sorted(own | around))


def window_of(case: Case, stream: str = STREAM) -> Window:
    """The weeks that are simulated, at the level of calls of the year after the merger."""
    return Window(case.scheme.effective.year + 0.5, WEEKS, stream)


def _batches(case: Case, codes: Codes, groups: Sequence[Codes], k: int | None) -> list[Batch]:
    """The groups cut into batches of about equal work, those of one scope together."""
    by_scope: dict[Codes, list[Codes]] = {}
    for group in groups:
        by_scope.setdefault(scope_of(case, group), []).append(group)
    ordered = sorted(by_scope.items())
    work = np.cumsum([len(scope) * (1 + len(members)) for scope, members in ordered])
    label = (work - 1) * BATCHES // (work[-1] if len(work) else 1)
    return [Batch(k, window_of(case), codes, tuple(
        g for (_, members), b in zip(ordered, label, strict=True) if b == wanted for g in members))
        for wanted in np.unique(label)]


def scope_of(case: Case, group: Codes) -> Codes:
    """The command's areas and the ring around them, sorted."""
    return tuple(sorted((*group, *ring_of(case, group))))


def batch_of(case: Case, batch: Batch) -> Found:
    """The changes of a batch's commands, in order."""
    told = case if batch.k is None else case.draw(batch.k)
    ground = ground_of(told, batch.codes, batch.window)
    model = model_of(told)
    change = np.full((len(batch.groups), 2, 2), np.nan)
    steady = np.zeros(len(batch.groups), np.int64)
    scope: Codes = ()
    for j, group in enumerate(batch.groups):
        if scope_of(told, group) != scope:
            scope = scope_of(told, group)
            here = part(ground, scope)
            before = shares_of(told, here, groundwork.today_of(told).grouping.commands[0].model, ())
        steady[j], change[j] = _changed(told, here, model, group, before)
    return Found(change, steady)


def _changed(case: Case, here: Part, model: str, group: Codes, before: Floats | None) -> tuple[int, Floats]:
    """Whether the change is known, and it: against what the same areas come to today [A, 2], None if saturated."""
    if before is None:
        return UNKNOWN, np.full((2, 2), np.nan)
    if len(group) == 1:
        return STEADY, np.zeros((2, 2))
    after = shares_of(case, here, model, group)
    if after is None:
        return SWAMPED, np.full((2, 2), np.nan)
    where = [here.places.codes.index(code) for code in group]
    people = np.bincount(here.places.point_area, here.places.residents, minlength=len(here.places.codes))[where]
    gap = (after - before)[where]
    return STEADY, np.column_stack([people @ gap / people.sum(), gap.min(axis=0)])


@lru_cache(maxsize=2)
def ground_of(case: Case, codes: Codes, window: Window) -> Ground:
    """What the commands of these areas face; kept for the last two sets or windows."""
    places = places_of(case, codes, ring=False)
    hourly = workload.volumes(case, codes, window.year)
    cars = groundwork.cars_today(
        case, codes, case.scheme.model(groundwork.today_of(case).grouping.commands[0].model).strength)
    town = groundwork.town_of(case, places, cars, hourly)
    calls = groundwork.calls_of(case, town, window)
    rules = Regime(desk_per_unit=case.value("response.desk.minutes_per_unit"))
    kept = rules._replace(carry=case.value("response.investigation.carried"))
    carried = load_of(calls, kept).drawn[:, JOB].copy()
    return Ground(places, hourly, cars, calls, load_of(calls, rules), carried)


def part(ground: Ground, scope: Codes) -> Part:
    """The same for some of the areas, in the order given, with their calls alone."""
    where = np.array([ground.places.codes.index(code) for code in scope])
    places, point = part_of_places(ground.places, where)
    label = np.full(len(ground.places.codes), -1, np.int64)
    label[where] = np.arange(len(where))
    kept = np.flatnonzero(label[ground.calls.area] >= 0)
    who = ground.load.who[kept]
    who[:, POINT], who[:, AREA] = point[who[:, POINT]], label[who[:, AREA]]
    none = {name: getattr(ground.calls, name)[:0] for name in Calls._fields
            if name not in ("absence", "hours", "start")}
    return Part(places, ground.hourly[where], ground.cars[where],
                ground.calls._replace(absence=ground.calls.absence[where], **none),
                Load(ground.load.drawn[kept], who), ground.carried[kept], ground.calls.answer[kept])


def shares_of(case: Case, here: Part, model: str, group: Codes) -> Floats | None:
    """Per cent of calls on time by area and grade [A, 2] with one command of `group`; None where that saturates.

    The other areas are commands of their own as today; all are with an empty group.
    """
    places = here.places
    today = groundwork.today_of(case).grouping.commands[0].model
    one = (Command(group, model),) if group else tuple(Command((code,), today) for code in places.codes)
    option = Option("", "alternative", "", Grouping(one))
    cars = groundwork.posted(case, option, places, here.cars)
    town = groundwork.town_of(case, places, cars, here.hourly)
    regime = staffed(case, groundwork.regime_of(case, option, places), here, model, group)
    load = here.load
    if regime.carry > 0:
        drawn = load.drawn.copy()
        inside = np.isin(places.codes, group)[load.who[:, AREA]] if group else np.ones(len(drawn), bool)
        drawn[:, JOB] = np.where(inside, here.carried, drawn[:, JOB])
        load = load._replace(drawn=drawn)
    hours = here.calls.hours
    on = fleet.duty_hours(town, regime, here.calls, hours + DRAIN_HOURS)
    ground = ground_of_run(town, regime, on, here.calls.start)
    rules = rules_of(town, regime, warm=60.0 * WARM, end=60.0 * hours)
    stamps, clocks = kernel.run(ground, load, rules)
    found = counted(load, here.answer * regime.answer_load, (ground, rules, town.target), (stamps, clocks))
    if found is None:
        return None
    calls, on_time = found
    result: Floats = 100.0 * on_time[:, :2] / np.maximum(1, calls[:, :2])
    return result


def staffed(case: Case, regime: Regime, here: Ground | Part, model: str, group: Codes) -> Regime:
    """The regime with desks and inspectors in step with calls on the channel of a command that shares one.

    No command has fewer of them for each call than the largest command of the proposal; whole numbers, rounded up.
    """
    if len(group) < 2 or case.scheme.model(model).channels == "per-area" or not regime.channels:
        return regime
    codes = here.places.codes
    own = here.hourly[[codes.index(code) for code in group]].sum()
    ratio = float(own) / _calls_of_proposal(case)
    channel = regime.channels[codes.index(group[0])]

    def raised(servers: tuple[int, ...] | None) -> tuple[int, ...] | None:
        return servers and tuple(max(1, int(np.ceil(n * ratio - 1e-9))) if n and k == channel else n
                                 for k, n in enumerate(servers))

    return regime._replace(desks=raised(regime.desks), supervisors=raised(regime.supervisors))


@lru_cache(maxsize=4)
def _calls_of_proposal(case: Case) -> float:
    """Calls an hour, all grades, in the largest command of the proposal."""
    option = merged_option(case)
    areas = max((c.areas for c in option.grouping.commands), key=len) if option else case.scheme.scope
    return float(workload.volumes(case, areas, window_of(case).year).sum())


def sampled(groups: Sequence[Codes]) -> tuple[Codes, ...]:
    """The commands on which noise is measured: so many of each size above one area, evenly spaced in order."""
    found: list[Codes] = []
    for size in sorted({len(group) for group in groups} - {0, 1}):
        mine = sorted(group for group in groups if len(group) == size)
        found += [mine[k] for k in np.unique(np.linspace(0, len(mine) - 1, SAMPLED + 2).astype(int)[1:-1])]
    return tuple(found)


def noise_of(sample: Sequence[Codes], found: Sequence[Found]) -> Noise:
    """The noise by size, from runs of the sampled commands on calls of their own; saturated runs left out.

    The variance of a size is the mean of its commands' variances.
    """
    sizes: list[int] = []
    spread: list[Floats] = []
    number: list[int] = []
    changes = np.stack([f.change for f in found]) if found else np.zeros((0, 0, 2, 2))
    for size in sorted({len(group) for group in sample}):
        mine = [changes[:, j] for j, group in enumerate(sample) if len(group) == size]
        solid = [c for c in mine if np.isfinite(c).all()]
        if solid:
            sizes.append(size)
            number.append(len(solid))
            spread.append(np.sqrt(np.mean([c.var(axis=0, ddof=1) for c in solid], axis=0)))
    return Noise(tuple(sizes), np.array(spread).reshape(-1, 2, 2), tuple(number), len(found))

"""Which sets of assumptions reproduce what was published before anything was tried, and how much does that settle?

History matching (Craig, Goldstein, Seheult and Smith 1997): a set is kept when, under today's rules, it reproduces the
published shares of calls on time within a stated discrepancy. Nothing is fitted: no best set is sought.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bailiwick.case import Case
from bailiwick.findings import Check, Fit
from bailiwick.response import groundwork, service, workload
from bailiwick.response.groundwork import WARM_HOURS, Window
from bailiwick.response.places import places_of
from bailiwick.response.runs import simulate
from bailiwick.response.statistics import measured, response_minutes, saturation
from bailiwick.response.town import Floats, Regime
from bailiwick.scheme import Option
from bailiwick.tables import Row

VOLUMES = ("ci_2016_i_calls", "ci_2016_s_calls")
ON_TIME = ("ci_2016_i_in_15", "ci_2016_s_in_60")
FORCE = "met_2014_i_in_15"
"""A wide bound: the scheme's own areas, as they are, cannot be far from the force's published share."""

DAYS = 92.0
"""Days of the published quarter, 19 March to 18 June, both included."""

YEAR = 2016.25
WEEKS = 9


class Quarter(NamedTuple):
    """What was published of a quarter in a pilot's areas, by grade I and S: `calls` and share `on_time` in per cent."""

    areas: tuple[str, ...]
    calls: tuple[float, float]
    on_time: tuple[float, float]


def figure(case: Case, id: str, role: str | None = None) -> Row | None:
    """The published figure of that name, if it was known on the case's date (and has that role)."""
    table = case.tables.get("figures")
    rows = table.where(id=id) if table else ()
    return next((row for row in rows if role is None or row["role"] == role), None)


def quarter(case: Case, ids: tuple[str, ...] = (*VOLUMES, *ON_TIME), role: str | None = "fit") -> Quarter | None:
    """The published quarter of a pilot that figures of this role describe; None where one of them is not known.

    The pilot is the one whose title the figures name as their subject.
    """
    rows = [figure(case, id, role) for id in ids]
    known = [row for row in rows if row is not None]
    if len(known) < len(ids) or not groundwork.can_simulate(case):
        return None
    pilot = next((p for p in case.scheme.pilots if p.title == known[0]["subject"]), None)
    if pilot is None or not all(case.system.area(c).points for c in pilot.areas):
        return None
    value = [float(str(row["value"])) for row in known]
    return Quarter(tuple(sorted(pilot.areas)), (value[0], value[1]), (value[2], value[3]))


def fits(case: Case) -> tuple[Fit, ...]:
    """The published response figures that a case or draw must reproduce, each with ours.

    The number of calls comes first, then a simulation of the pilot's areas, then of the scheme's own as they are; a set
    that misses a figure is not asked the later ones, which are left out.
    """
    told = quarter(case)
    if told is None:
        return ()
    slack = case.value("response.fit.calls") * told.calls[0]
    found = [Fit(VOLUMES[0], modelled_calls(case, told), told.calls[0], slack)]
    if not found[0].agrees:
        return tuple(found)
    within = case.value("response.fit.share")
    shares = on_time_today(case)
    found += [Fit(id, ours, published, within)
              for id, ours, published in zip(ON_TIME, shares, told.on_time, strict=True)]
    force = figure(case, FORCE, "fit")
    if force is not None and all(fit.agrees for fit in found):
        found.append(Fit(FORCE, _on_time_here(case), float(str(force["value"])), case.value("response.fit.force")))
    return tuple(found)


def modelled_calls(case: Case, told: Quarter) -> float:
    """Immediate calls of the pilot's areas in the quarter, from the force's level and the areas' share of it."""
    return float(workload.volumes(case, told.areas, YEAR)[:, 0].sum()) * 24.0 * DAYS


def _on_time_here(case: Case) -> float:
    """Per cent of immediate calls on time in the scheme's areas as they are; 0 where that run saturates."""
    outcome = service.steady_outcome(case, groundwork.today_of(case).grouping, (1.0,) * len(case.scheme.scope))
    on_time, calls = outcome.on_time[:, :, 0].sum(), outcome.calls[:, :, 0].sum()
    return 0.0 if outcome.reasons else 100.0 * float(on_time / calls)


@lru_cache(maxsize=64)
def on_time_today(case: Case) -> tuple[float, float]:
    """Per cent of immediate and significant calls on time in the pilot's areas before it began, under today's rules.

    The published numbers of calls are used as they are. Zero where the run saturates: such a set fits nothing.
    """
    told = quarter(case)
    if told is None:
        return (0.0, 0.0)
    return pilot_run(case, told, groundwork.today_of(case), Pressure())


class Pressure(NamedTuple):
    """What weighs on a run beyond its option: calls I and S over the published ones, and levers of the regime.

    `carried` share of investigations that response officers keep; `slower` factor on desk work and jobs; `answer`
    factor on the control room's delay; `one_channel` all areas on one channel under one inspector; `pooled` dispatch.
    """

    immediate: float = 1.0
    significant: float = 1.0
    carried: float = 0.0
    slower: float = 1.0
    answer: float = 1.0
    one_channel: bool = False
    pooled: bool = False


def pilot_hourly(case: Case, told: Quarter, pressure: Pressure) -> Floats:
    """Calls an hour [A, G] in the pilot's areas at the published numbers, times the pressure on them."""
    share = workload.shares(case, told.areas)
    share = share / share.sum()
    appointments = told.calls[0] * case.value("response.calls.extended_per_immediate")
    level = np.array([*told.calls, appointments])
    factor = np.array([pressure.immediate, pressure.significant, 1.0])
    result: Floats = share[:, None] * (level * factor / (DAYS * 24.0))[None, :]
    return result


def pilot_run(case: Case, told: Quarter, option: Option, pressure: Pressure) -> tuple[float, float]:
    """Per cent of immediate and significant calls on time in the pilot's areas; zeros where the run saturates."""
    places = places_of(case, told.areas, ring=False)
    strength = case.scheme.model(option.grouping.commands[0].model).strength
    cars = groundwork.cars_today(case, places.codes, strength)
    town = groundwork.town_of(case, places, cars, pilot_hourly(case, told, pressure))
    regime = _pressed(case, groundwork.regime_of(case, option, places), pressure)
    calls = groundwork.calls_of(case, town, Window(YEAR, WEEKS, "pilot"))
    records = simulate(town, regime, calls, warm_hours=WARM_HOURS, trusted=True)
    if saturation(records):
        return (0.0, 0.0)
    counted = measured(records)
    minutes, grade = response_minutes(records)[counted], records.grade[counted]
    shares = [100.0 * float((minutes[grade == g] <= workload.TARGET[g]).mean()) for g in (0, 1)]
    return shares[0], shares[1]


def _pressed(case: Case, regime: Regime, pressure: Pressure) -> Regime:
    everyone = (0,) * len(regime.commands or ())
    regime = regime._replace(
        carry=pressure.carried, job_load=pressure.slower, desk_load=pressure.slower, oversight_load=pressure.slower,
        answer_load=pressure.answer)
    if pressure.pooled:
        regime = regime._replace(dispatch="pooled", commands=everyone)
    if pressure.one_channel:
        desks, supervisors = _one_channel(case)
        regime = regime._replace(channels=everyone, desks=(desks,), spans=everyone, supervisors=(supervisors,))
    return regime


def _one_channel(case: Case) -> tuple[int, int]:
    """Desks and inspectors of the proposal's channel."""
    merged = next((o for o in case.scheme.options if o.kind == "proposed"), None)
    if merged is None:
        return 1, 1
    model = case.scheme.model(merged.grouping.commands[0].model)
    return round(case.value(model.desks)), round(case.value(model.supervisors))


def free_assumptions(case: Case) -> tuple[str, ...]:
    """The response assumptions that vary and that the published figures could speak to."""
    silent = ("response.dip.", "response.fit.", "response.monitor.", "response.restore.", "response.investigation.",
              "response.briefing", "response.pilot.", "response.pull.", "response.calls.immediate_per_thousand")
    return tuple(n for n in case.varied() if n.startswith(("response.", "cars.")) and not n.startswith(silent))


def degrees_of_freedom(case: Case) -> int:
    """Published figures to reproduce, less the assumptions free to do it."""
    return matched_figures(case) - len(free_assumptions(case))


def matched_figures(case: Case) -> int:
    """The number of published response figures that sets must reproduce."""
    return 1 + len(ON_TIME) + (figure(case, FORCE, "fit") is not None) if quarter(case) else 0


def calibrated(case: Case) -> tuple[Check, ...]:
    """What the published figures settle, in words."""
    if not groundwork.can_simulate(case):
        return ()
    figures = matched_figures(case)
    free = len(free_assumptions(case))
    name = "Response is matched to published figures"
    if not figures:
        return (Check(name, None, "Assumed, not calibrated: no published figure of 999 response to match."),)
    left = figures - free
    said = f"{figures} published figures against {free} free assumptions leave {left} degrees of freedom"
    if left <= 0:
        return (Check(name, None, f"Assumed, not calibrated: {said}. The figures rule out the sets that contradict "
                                  "them; they do not settle any assumption."),)
    return (Check(name, True, said + "."),)

"""How is a simulated number made: from which counts, of how many calls and weeks, drawn from which streams?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from bailiwick import finance
from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.publish.trace_parts import Formula, Term, quotient
from bailiwick.publish.trace_watch import Asked
from bailiwick.response import dispatch, groundwork, service
from bailiwick.response.groundwork import WARM_HOURS
from bailiwick.response.runs import Records
from bailiwick.response.service import Outcome
from bailiwick.response.statistics import measured, response_minutes
from bailiwick.response.town import Regime


class Run(NamedTuple):
    """One run of an option: its records, its rules, what it came to, and the place of the area asked for."""

    records: Records
    regime: Regime
    outcome: Outcome
    at: int


def of_area(case: Case, asked: Asked) -> Formula | None:
    """The formula of one area's simulated number with its counts; None where the option has no steady state."""
    posts = finance.response_constables(case)
    outcome = service.asked(case, asked.option, posts)
    if isinstance(outcome, Unavailable):
        return None
    at, name = case.scheme.scope.index(asked.subject), asked.measure.name
    grade = 0 if "immediate" in name else 1
    if name.endswith("in_target"):
        calls, on_time = (float(part.sum(axis=0)[at, grade]) for part in (outcome.calls, outcome.on_time))
        found = quotient("100 × calls reached in time over calls", Term("calls reached in time", on_time),
                         Term("calls", max(1.0, calls)), 100.0)
    elif name.endswith("mean"):
        minutes, met = (float(part.sum(axis=0)[at, grade]) for part in (outcome.minutes, outcome.met))
        found = quotient("minutes of the calls met over their number", Term("minutes until the first car", minutes),
                         Term("calls met", max(1.0, met)))
    elif name.endswith("cross_border_share"):
        met = float(outcome.met.sum(axis=0)[at].sum())
        crossed = float(np.round(outcome.crossed[at] * met))
        found = quotient("100 × calls met first by another area's car over calls met, immediate and significant",
                         Term("calls met first by another area's car", crossed), Term("calls met", max(1.0, met)),
                         100.0)
    else:
        found = _OF_RECORDS[name](_run(case, asked, posts, at))
    return Formula(found.rule, found.terms, found.total, (*found.remarks, *_made(case, outcome)))


def _run(case: Case, asked: Asked, posts: Mapping[str, Mapping[str, float]], at: int) -> Run:
    """The option run again, so that what a summary does not keep can be told."""
    today = groundwork.today_of(case)
    option = today if asked.option.kind == "pause" else asked.option
    ground = service.scene(case, service.steady(case))
    ratio = np.array(service.ratios(case, posts[option.name], posts[today.name]))
    records, regime, town = service.recorded(case, option, ground, service.cars_of(case, option, ground, ratio))
    channels = np.array(regime.channels)[:ground.places.own]
    return Run(records, regime, service.outcome_of(records, ground.places.own, channels, town), at)


def _made(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """How the run was made: weeks, calls, seed, streams."""
    window = service.steady(case)
    calls = float(outcome.calls.sum())
    return (f"simulated: one run of {window.weeks} weeks of calls at the level of {window.year:g}, the first "
            f"{WARM_HOURS:.0f} hours left out; {outcome.calls.shape[0]} weeks and {calls:,.0f} immediate and "
            "significant calls counted in the areas of the scheme",
            f"calls drawn from the streams {window.stream}/AREA, seed {case.seed}, replicate {case.replicate}: every "
            "option faces the same calls",
            "replicated over the accepted sets: each is another run with its own assumptions; see draws")


def _ninetieth(run: Run) -> Formula:
    """The ninetieth percentile between the two calls beside it."""
    records = run.records
    keep = measured(records) & (records.area == run.at) & (records.grade == 0)
    minutes = np.sort(response_minutes(records)[keep])
    minutes = minutes[np.isfinite(minutes)]
    place = 0.9 * (len(minutes) - 1)
    below = int(place)
    above = min(below + 1, len(minutes) - 1)
    part = place - below
    terms = (Term(f"minutes of call {below + 1} of {len(minutes)}, the quickest first", float(minutes[below])),
             Term(f"minutes of call {above + 1}", float(minutes[above])), Term("part of the way between", part))
    return Formula("minutes below which nine in ten immediate calls are met, between the two calls beside that place",
                   terms, float(minutes[below] + part * (minutes[above] - minutes[below])))


def _cars(run: Run) -> Formula:
    """Minutes at work over minutes on duty of the area's cars."""
    mine = run.records.unit_area == run.at
    return quotient("100 × minutes at work over minutes on duty of the cars posted in the area",
                    Term("minutes at work", float(run.records.worked[mine].sum())),
                    Term("minutes on duty", max(1.0, float(run.records.on_duty[mine].sum()))), 100.0)


def _desks(run: Run) -> Formula:
    """Work that calls bring to the area's radio channel over what its desks can do."""
    records, regime = run.records, run.regime
    channel, desks = dispatch.server_groups(regime.channels, regime.desks, records.areas)
    room = float(desks[channel[run.at]]) * (records.end - records.warm)
    work = float(run.outcome.desk[run.at]) * room
    sharing = sum(int(one == channel[run.at]) for one in channel)
    return quotient("100 × minutes of work that calls bring to the area's radio channel over what its desks have",
                    Term("minutes of work", work),
                    Term("minutes that the desks have", room,
                         f"{float(desks[channel[run.at]]):g} desks × {records.end - records.warm:,.0f}"), 100.0,
                    (f"areas that share the channel: {sharing}",))


_OF_RECORDS: Mapping[str, Callable[[Run], Formula]] = {
    "response.immediate_p90": _ninetieth, "response.unit_utilisation": _cars, "response.desk_utilisation": _desks,
}

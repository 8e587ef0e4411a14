"""What do the accepted sets say of the published figures, and would they have foretold what the pilot went through?

The priors are hashed before the outcome is read; the outcome is read last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from bailiwick.case import Case
from bailiwick.findings import Check, Number, Unavailable, finding_id
from bailiwick.response import calibration, groundwork, pictures, service
from bailiwick.response.calibration import FORCE, ON_TIME, VOLUMES, Pressure, Quarter
from bailiwick.response.forecast import band
from bailiwick.response.town import Floats
from bailiwick.tables import Cell, ResultTable

Mapper = Callable[[Callable[[int], Floats], Sequence[int]], Iterable[Floats]]

OUTCOME = ("ci_2017_i_calls", "ci_2017_s_calls", "ci_2017_i_in_15", "ci_2017_s_in_60")
PRIORS = ("response.desk.minutes", "response.desk.minutes_per_unit", "response.oversight.share",
          "response.oversight.minutes", "response.investigation.share", "response.investigation.minutes",
          "response.investigation.carried", "response.pilot.answer", "response.dip.depth", "response.dip.weeks",
          "response.desks_per_channel.pooled", "response.inspectors_per_channel")
MECHANISMS = ("none", "more calls", "one pooled channel", "investigations kept", "control room slower", "dip",
              "all together")
APART = 0.1


class Shift(NamedTuple):
    """Calls of the pilot's quarter over those of the year before, by grade."""

    immediate: float
    significant: float


def matched(case: Case, ks: Sequence[int], mapper: Mapper = map) -> ResultTable:
    """The figures that sets had to reproduce, and where the accepted ones lie."""
    rows: list[tuple[Cell, ...]] = []
    told = calibration.quarter(case)
    if told is not None:
        ours = np.array([*mapper(partial(_matched_by, case), ks)]).reshape(-1, 3)
        within = case.value("response.fit.share")
        limits = (case.value("response.fit.calls") * told.calls[0], within, within)
        for j, (id, published) in enumerate(zip((VOLUMES[0], *ON_TIME), (told.calls[0], *told.on_time), strict=True)):
            band = np.quantile(ours[:, j], [0.5, 0.05, 0.95]).tolist() if len(ours) else [None] * 3
            rows.append((id, "matched", published, limits[j], *band))
        rows.append((VOLUMES[1], "used as it is", told.calls[1], None, None, None, None))
        force = calibration.figure(case, FORCE, "fit")
        if force is not None:
            bound = case.value("response.fit.force")
            rows.append((FORCE, "wide bound", float(str(force["value"])), bound, None, None, None))
    left = calibration.degrees_of_freedom(case)
    free = len(calibration.free_assumptions(case))
    return ResultTable(
        "response_calibration", "Published figures that the accepted sets reproduce",
        ("figure", "use", "published", "discrepancy", "modelled", "modelled_low", "modelled_high"),
        ("", "", "see figure", "see figure", "see figure", "see figure", "see figure"), tuple(rows),
        note=f"{len(ks)} of {case.draws} sets accepted. {calibration.matched_figures(case)} figures against {free} "
             f"free assumptions: {left} degrees of freedom" + (", so assumed, not calibrated." if left <= 0 else "."))


def _matched_by(case: Case, k: int) -> Floats:
    """Calls and shares on time of the k-th accepted set, without the wide bound, which costs a run of its own."""
    drawn = case.draw(k)
    told = calibration.quarter(drawn)
    if told is None:
        return np.zeros(3)
    return np.array([calibration.modelled_calls(drawn, told), *calibration.on_time_today(drawn)])


def priors_sha256(case: Case) -> str:
    """The hash of the ranges that the prediction of the pilot rests on, taken before its outcome is read."""
    told = [f"{n} {a.low:g} {a.value:g} {a.high:g} {a.shape}" for n in PRIORS
            if n in case.assumptions for a in [case.assumption(n)]]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _mechanisms(case: Case, shift: Shift) -> tuple[Pressure, ...]:
    slower = 1.0 + case.value("response.dip.depth") * _dip_left(case)
    carried, answer = case.value("response.investigation.carried"), case.value("response.pilot.answer")
    load = Pressure(immediate=shift.immediate, significant=shift.significant)
    return (Pressure(), load, Pressure(one_channel=True, pooled=True), Pressure(carried=carried),
            Pressure(answer=answer), Pressure(slower=slower),
            load._replace(one_channel=True, pooled=True, carried=carried, answer=answer, slower=slower))


def _dip_left(case: Case) -> float:
    """The dip that is left on average over the pilot's quarter, 7 to 20 weeks after its start."""
    left = np.maximum(0.0, 1.0 - np.linspace(7.0, 20.0, 14) / case.value("response.dip.weeks"))
    return float(left.mean())


def prediction_of(case: Case, shift: Shift, k: int) -> Floats:
    """Per cent on time [mechanisms, 2] in the pilot's areas from the k-th accepted set; NaN where a run saturates."""
    drawn = case.draw(k)
    told = calibration.quarter(drawn)
    if told is None:
        return np.full((len(MECHANISMS), 2), np.nan)
    today = groundwork.today_of(drawn)
    shares = np.array([calibration.pilot_run(drawn, told, today, p) for p in _mechanisms(drawn, shift)])
    result: Floats = np.where(shares == 0.0, np.nan, shares)
    return result


def prediction(case: Case, ks: Sequence[int], mapper: Mapper = map) -> ResultTable:
    """How much of the drop seen in the pilot each mechanism reaches, alone and together, over the accepted sets."""
    rows: list[tuple[Cell, ...]] = []
    told = calibration.quarter(case)
    sealed = priors_sha256(case)
    shift = _shift(case, told) if told else None
    if shift is not None:
        found = np.stack([*mapper(partial(prediction_of, case, shift), ks)]) if ks else np.zeros((0, 7, 2))
        seen = calibration.quarter(case, OUTCOME, "test")
        if seen is not None and len(found):
            rows = [_mechanism_row(case, found, m, seen) for m in range(len(MECHANISMS))]
    columns = ("mechanism", "immediate", "immediate_low", "immediate_high", "significant", "significant_low",
               "significant_high", "immediate_seen", "significant_seen", "reach_immediate", "reach_significant",
               "reach_both", "sets", "saturated")
    return ResultTable(
        "response_pilot_prediction", "Would the model have foretold the pilot's first spring?", columns,
        ("", *("%",) * 8, *("share",) * 3, "sets", "sets"), tuple(rows),
        note=f"Priors sealed before the outcome was read: sha256 {sealed}. Reached: on time no more than the stated "
             "discrepancy above what was seen. A saturated run has queues without end: it counts as reaching it, "
             "and as below every number; a bound that falls on it is empty. "
             + _alike(rows))


def _shift(case: Case, before: Quarter) -> Shift | None:
    calls = [calibration.figure(case, id, "test") for id in OUTCOME[:2]]
    values = [float(str(row["value"])) for row in calls if row is not None]
    return Shift(values[0] / before.calls[0], values[1] / before.calls[1]) if len(values) == 2 else None


def _mechanism_row(case: Case, found: Floats, m: int, seen: Quarter) -> tuple[Cell, ...]:
    shares = np.where(np.isnan(found[:, m]), -np.inf, found[:, m])
    reached = shares <= np.array(seen.on_time) + case.value("response.fit.share")
    swamped = int(np.isinf(shares[:, 0]).sum())
    return (MECHANISMS[m], *band(shares[:, 0]), *band(shares[:, 1]), *seen.on_time, float(reached[:, 0].mean()),
            float(reached[:, 1].mean()), float(reached.all(axis=1).mean()), len(shares), swamped)


def _alike(rows: Sequence[tuple[Cell, ...]]) -> str:
    """Which single mechanisms reach the drop in some sets, so that the figures cannot tell them apart."""
    alone = [str(row[0]) for row in rows if row[0] not in ("none", "all together") and float(str(row[11])) > APART]
    if not rows:
        return ""
    if len(alone) > 1:
        return "The figures cannot tell these apart, each of which reaches the drop alone in some sets: " \
            + ", ".join(alone) + "."
    return f"Only this reaches the drop alone: {alone[0]}." if alone else "No mechanism alone reaches the drop."


def turning_signs(case: Case, ks: Sequence[int], values: Sequence[Mapping[str, Number]]) -> tuple[Check, ...]:
    """Whether the sign of what pooling does turns from set to set, what decides it, and which sets have no numbers.

    `values`: the numbers of each accepted set, by finding id, as judged.
    """
    option = pictures.merged_option(case)
    if option is None or not ks or not groundwork.can_simulate(case):
        return ()
    drivers = {"the dispatcher's minutes for each call": "response.desk.minutes",
               "whether calls follow crime or residents": "response.crime_weight",
               "whether a free car takes its own area's waiting calls first": "response.pull.own_area"}
    levels = {text: np.array([case.draw(k).value(name) for k in ks]) for text, name in drivers.items()}
    today = groundwork.today_of(case).name
    turning = tuple(_turning(case, (option.name, today, measure, word), levels, values)
                    for measure, word in (("response.immediate_in_target", "immediate"),
                                          ("response.significant_in_target", "significant")))
    return (*turning, steady_states(case, values))


def steady_states(case: Case, values: Sequence[Mapping[str, Number]]) -> Check:
    """In how many accepted sets each option has no steady state, in words; no range holds such a set's numbers."""
    told = []
    for option in case.scheme.options:
        ids = [finding_id(service.PAIRED[0], option.name, code) for code in case.scheme.scope]
        swamped = sum(any(isinstance(v.get(id), Unavailable) for id in ids) for v in values)
        if swamped:
            told.append(f"{option.title[0].lower() + option.title[1:]}: {swamped} of {len(values)} "
                        f"({100.0 * swamped / len(values):.0f}%)")
    name = "Every accepted set gives every option numbers of response"
    if not told:
        return Check(name, True, f"Each option has a steady state in all {len(values)} accepted sets.")
    return Check(name, None, "Calls would queue without end, so that there is no number, in these accepted sets. "
                 + "; ".join(told) + ". Such a set counts as harm beyond any number in the verdict, and ranges leave "
                 "it out: they flatter an option that has many.")


def _turning(
    case: Case, asked: tuple[str, str, str, str], levels: Mapping[str, Floats], values: Sequence[Mapping[str, Number]]
) -> Check:
    option, today, measure, word = asked
    change = np.array([[_gap(v, measure, option, today, code) for code in case.scheme.scope] for v in values])
    mean = change.mean(axis=1)
    up, down = int((mean > 0).sum()), int((mean < 0).sum())
    name = f"The sign of pooling on {word} calls is the same in every set"
    said = f"More {word} calls are on time than today in {up} sets, fewer in {down}"
    told = []
    for text, level in levels.items():
        solid = np.isfinite(mean)
        if up and down and solid.sum() > 3 and np.ptp(level[solid]) > 0:
            r = float(np.corrcoef(rankdata(level[solid]), rankdata(mean[solid]))[0, 1])
            if abs(r) > 2.0 / np.sqrt(solid.sum()):
                told.append(f"it goes with {text} (rank correlation {r:.2f})")
    if up and down:
        said += "; the answer depends on what nobody has published" + "".join(f"; {t}" for t in told)
    return Check(name, not (up and down), said + ".")


def _gap(values: Mapping[str, Number], measure: str, option: str, today: str, code: str) -> float:
    after, before = (values.get(finding_id(measure, name, code)) for name in (option, today))
    return after - before if isinstance(after, float) and isinstance(before, float) else float("nan")

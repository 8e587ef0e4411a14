"""How noisy is the screening of commands, and how far is it from the whole evaluation of the named options?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from bailiwick.case import Case
from bailiwick.response import groundwork, screening, service
from bailiwick.response.screening import REPLICATIONS, STREAM, WARM, WEEKS, Codes, Screening
from bailiwick.response.town import Floats
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

Gaps = tuple[Floats, Floats] | None
Mapper = Callable[[Callable[[tuple[str, int | None]], Gaps], Sequence[tuple[str, int | None]]], Iterable[Gaps]]

GRADES = ("immediate", "significant")
PARTS = ("mean of residents", "worst area")


def noise_table(found: Screening) -> ResultTable:
    """The standard deviation of one screened change by size of command, grade and part, as measured."""
    noise = found.noise
    rows: list[tuple[Cell, ...]] = [
        (size, grade, part, float(noise.spread[z, g, p]), noise.commands[z], noise.runs)
        for z, size in enumerate(noise.sizes) for g, grade in enumerate(GRADES) for p, part in enumerate(PARTS)]
    return ResultTable(
        "response_screening_noise", "Noise of one screened change, by size of command",
        ("areas", "grade", "part", "spread", "commands", "runs"), ("areas", "", "", "points", "commands", "runs"),
        tuple(rows),
        note=f"Standard deviation over {REPLICATIONS} runs of {WEEKS} weeks on calls of their own (streams "
             f"{STREAM}/1 to {STREAM}/{REPLICATIONS}), each paired with today on the same calls, for commands evenly "
             f"spaced among those of each size, central assumptions, first {WARM:.0f} hours dropped; variances are "
             "averaged over the commands of a size. A command of one area is today's: no change and no noise.")


def error_table(case: Case, found: Screening, mapper: Mapper = map) -> ResultTable:
    """Screened changes of the named options that merge areas beside those of the whole evaluation, set by set.

    Both with today's officers; the whole evaluation runs thirteen weeks on other calls, with the desks of the option.
    """
    asked = [(option.name, k) for option in case.scheme.options if merges(option) for k in found.sets]
    done = mapper(partial(gaps_of, case), asked)
    rows: list[tuple[Cell, ...]] = []
    for (name, k), gaps in zip(asked, done, strict=True):
        label = "central" if k is None else f"accepted set {k}"
        noise = found.noise.of(max(len(c.areas) for c in case.scheme.option(name).grouping.commands))
        for g, grade in enumerate(GRADES):
            for p, part in enumerate(PARTS):
                cells = (None, None, None) if gaps is None else (
                    float(gaps[0][g, p]), float(gaps[1][g, p]), float((gaps[0] - gaps[1])[g, p]))
                rows.append((name, label, grade, part, *cells, float(noise[g, p])))
    return ResultTable(
        "response_screening_error", "Screened changes of the named options beside the whole evaluation",
        ("option", "set", "grade", "part", "screened", "whole", "error", "noise"),
        ("", "", "", "", *("points against today",) * 2, "points", "points"), tuple(rows),
        note=f"Screened: {WEEKS} weeks; whole: {service.WEEKS - 1} measured weeks on other calls; both with today's "
             "officers, each option under its own rules. Empty: one of the runs has no steady state. " + _largest(rows))


def merges(option: Option) -> bool:
    """Whether an option is a way of working of its own that puts several areas under one command."""
    return option.kind not in ("cuts", "pause", "today") and any(len(c.areas) > 1 for c in option.grouping.commands)


def gaps_of(case: Case, asked: tuple[str, int | None]) -> Gaps:
    """Changes of one named option in one set, screened and whole [2, 2]; None where a run has no steady state."""
    name, k = asked
    told = case if k is None else case.draw(k)
    option = told.scheme.option(name)
    ones = (1.0,) * len(told.scheme.scope)
    before = service.steady_outcome(told, groundwork.today_of(told).grouping, ones)
    after = service.steady_outcome(told, option.grouping, ones)
    if before.reasons or after.reasons:
        return None
    people = np.array([sum(p.residents for p in told.system.area(code).points) for code in told.scheme.scope], float)
    whole = after.share() - before.share()
    short = np.zeros_like(whole)
    for command in option.grouping.commands:
        gap = _screened(told, command.areas, command.model)
        if gap is None:
            return None
        short[[told.scheme.scope.index(code) for code in command.areas]] = gap
    return _parts(people, short), _parts(people, whole)


def _screened(case: Case, group: Codes, model: str) -> Floats | None:
    """Screened change by area of one command and grade [A, 2], on calls that the noise is not measured on."""
    scope = screening.scope_of(case, group)
    here = screening.part(screening.ground_of(case, scope, screening.window_of(case)), scope)
    before = screening.shares_of(case, here, groundwork.today_of(case).grouping.commands[0].model, ())
    after = screening.shares_of(case, here, model, group)
    if before is None or after is None:
        return None
    result: Floats = (after - before)[[scope.index(code) for code in group]]
    return result


def _parts(people: Floats, gap: Floats) -> Floats:
    """Mean of residents and worst area of a change by area and grade, by grade [2, 2]."""
    result: Floats = np.column_stack([people @ gap / people.sum(), gap.min(axis=0)])
    return result


def _largest(rows: Sequence[tuple[Cell, ...]]) -> str:
    errors = [abs(float(str(row[6]))) for row in rows if row[6] is not None]
    if not errors:
        return ""
    same = sum(float(str(row[4])) * float(str(row[5])) > 0 for row in rows if row[6] is not None)
    return f"Largest error {max(errors):.1f} points; the sign agrees in {same} of {len(errors)} rows."

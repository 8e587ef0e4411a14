"""What follows if it comes so?  Named sets of assumptions, tried on accepted sets beside the case as assumed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

import numpy as np

from bailiwick import appraisal, finance, headlines, ruling, verdict
from bailiwick.appraisal import Judgement
from bailiwick.assumptions import Scenario
from bailiwick.case import Case
from bailiwick.draws import Draws, central_range, number_of
from bailiwick.findings import finding_id
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

SETS = 5
"""Accepted sets that each scenario is tried on."""

AS_ASSUMED = "as-assumed"


def moved(case: Case, scenario: Scenario) -> Case:
    """A case or draw with a scenario's changes made; a share that lies between 0 and 1 stays there."""
    changed = dict(scenario.values)
    changed |= {name: case.value(name) * factor for name, factor in scenario.times}
    changed |= {name: case.value(name) + added for name, added in scenario.plus}
    for name, value in changed.items():
        a = case.assumptions[name]
        if a.unit.startswith(("share", "chance")) and a.low >= 0 and a.high <= 1:
            changed[name] = min(1.0, max(0.0, value))
    return replace(case, changed={**case.changed, **changed})


def scenarios(draws: Draws, pool: Executor | None = None, option: str = "proposed") -> ResultTable:
    """Each scenario of the case on the first accepted sets: headlines with their range, and the verdict."""
    case = headlines.few_options(draws.case, option)
    ks = draws.ks[:SETS] if case.scenarios and headlines.has(case, option) else ()
    base = draws.judgements[:len(ks)]
    work = [(scenario, k) for scenario in case.scenarios for k in ks]
    found = list(spread(pool, partial(_judged, case, option, base), work))
    rows: list[tuple[Cell, ...]] = []
    if ks:
        rows.append(_row(draws, (AS_ASSUMED, "As assumed, on the same sets", ""), base, option))
    for n, scenario in enumerate(case.scenarios if ks else ()):
        told = (scenario.name, scenario.title, scenario.why)
        rows.append(_row(draws, told, found[n * len(ks):(n + 1) * len(ks)], option))
    heads = headlines.headlines(case)
    columns = ["scenario", "title", "why", "sets", "passes_in"]
    units = ["", "", "", "sets", "sets"]
    for head in heads:
        columns += [head.key, f"{head.key}_low", f"{head.key}_high"]
        units += [head.unit] * 3
    return ResultTable(
        "scenarios", "What follows if it comes so", (*columns, "floor", "money", "verdict"), (*units, "", "", ""),
        tuple(rows), tuple(finding_id(name, option, "scheme") for name in headlines.MONEY),
        f"Each row is tried on the same {len(ks)} accepted sets; the figure is the middle one, the range holds nine in "
        "ten. The verdict is that of the rule on these sets, before any lever is tried. Response is that of the "
        "settled command: a hard change shows in the present value, not in the floor.")


def _row(draws: Draws, told: tuple[str, str, str], found: Sequence[Judgement], option: str) -> tuple[Cell, ...]:
    case = draws.case
    these = replace(draws, ks=draws.ks[:len(found)], judgements=tuple(found))
    figures = [headlines.found_in(case, judgement, option) for judgement in found]
    cells: list[Cell] = [*told, len(found), sum(headlines.passes(case, row) for row in figures)]
    for head in headlines.headlines(case):
        numbers = [value for row in figures if (value := row[head.key]) is not None]
        if numbers:
            cells += [float(np.median(numbers)), *central_range(numbers)]
        else:
            cells += [None, None, None]
    standing = ruling.standing(case, option, these)
    return (*cells, standing.floor, standing.money, verdict.answer(standing, {}))


def _judged(case: Case, option: str, base: Sequence[Judgement], work: tuple[Scenario, int]) -> Judgement:
    scenario, k = work
    drawn = case.draw(k)
    asked = moved(drawn, scenario)
    kept = _service_kept(drawn, asked, scenario, option)
    if not kept:
        return appraisal.judge(asked)
    values = dict(base[k].values)
    for name in headlines.WITHOUT_SERVICE:
        number = number_of(asked, finding_id(name, option, "scheme"))
        if number is not None:
            values[finding_id(name, option, "scheme")] = number
    return replace(base[k], values=values)


def _service_kept(drawn: Case, asked: Case, scenario: Scenario, option: str) -> bool:
    """Whether a scenario touches money only, so that what was simulated and what restores it stay as they are."""
    names = [name for part in (scenario.values, scenario.times, scenario.plus) for name, _ in part]
    if not all(name.startswith("finance.") for name in names):
        return False
    saving = finding_id("finance.saving_a_year", option, "scheme")
    return (finance.response_constables(drawn) == finance.response_constables(asked)
            and finance.cost_of_post(drawn, "constable") == finance.cost_of_post(asked, "constable")
            and number_of(drawn, saving) == number_of(asked, saving))

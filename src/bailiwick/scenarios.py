"""What follows if it comes so?  Named sets of assumptions, tried on accepted sets beside the case as assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
"""Accepted sets on which the response of each scenario is simulated; its money is asked of every set."""

AS_ASSUMED = "as-assumed"

Figures = Mapping[str, float | None]
"""Headlines by key; None where there is no number."""


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
    """Each scenario of the case: its money in every accepted set, its response and verdict in a few of them."""
    case = headlines.few_options(draws.case, option)
    asked = bool(case.scenarios) and headlines.has(case, option)
    money = list(spread(pool, partial(_money, case, option, draws.ks), case.scenarios)) if asked else []
    few = spread_sets(draws, option) if asked else ()
    base = tuple(draws.judgements[i] for i in few)
    work = [(scenario, draws.ks[i], draws.judgements[i]) for scenario in case.scenarios for i in few]
    found = list(spread(pool, partial(_judged, case, option), work)) if asked else []
    rows: list[tuple[Cell, ...]] = []
    if few:
        as_found = [_of_money(judgement, option) for judgement in draws.judgements]
        rows.append(_row(draws, (AS_ASSUMED, "As assumed, on the same sets", ""), (few, base, as_found), option))
    for n, scenario in enumerate(case.scenarios if few else ()):
        told = (scenario.name, scenario.title, scenario.why)
        rows.append(_row(draws, told, (few, found[n * len(few):(n + 1) * len(few)], money[n]), option))
    heads = headlines.headlines(case)
    columns = ["scenario", "title", "why", "sets", "passes_in"]
    units = ["", "", "", "sets", "sets"]
    for head in heads:
        columns += [head.key, f"{head.key}_low", f"{head.key}_high"]
        units += [head.unit] * 3
    return ResultTable(
        "scenarios", "What follows if it comes so", (*columns, "floor", "money", "verdict"), (*units, "", "", ""),
        tuple(rows), tuple(finding_id(name, option, "scheme") for name in headlines.MONEY),
        f"Money that needs no simulation is asked of all {len(draws.ks)} accepted sets; response, and the saving at "
        f"equal service, of the same {len(few)} of them in every row, spread evenly from the set with the fewest "
        "points to spare to the one with the most. The figure is the middle one, the range holds nine in ten. The "
        "verdict is that of the rule on these few sets, before any lever is tried. Response is that of the settled "
        "command: a hard change shows in the present value, not in the floor.")


def spread_sets(draws: Draws, option: str = "proposed", count: int = SETS) -> tuple[int, ...]:
    """The places of a few accepted sets, in order: the middle one of each of as many equal parts by points to spare.

    A set without a number counts as having the fewest points; all sets where there are no more than asked for.
    """
    case = draws.case
    keys = [headlines.spare_key(rule) for rule in headlines.floor_measures(case)]

    def least(i: int) -> tuple[float, int]:
        told = headlines.found_in(case, draws.judgements[i], option)
        return min((-math.inf if told[key] is None else float(told[key] or 0.0) for key in keys), default=0.0), i

    order = sorted(range(len(draws.ks)), key=least)
    parts = np.array_split(np.array(order, dtype=np.int64), min(count, len(order))) if order else []
    return tuple(sorted(int(part[len(part) // 2]) for part in parts))


def _row(
    draws: Draws, told: tuple[str, str, str], found: tuple[Sequence[int], Sequence[Judgement], Sequence[Figures]],
    option: str,
) -> tuple[Cell, ...]:
    case, (few, judgements, money) = draws.case, found
    these = replace(draws, ks=tuple(draws.ks[i] for i in few), judgements=tuple(judgements))
    figures = [headlines.found_in(case, judgement, option) for judgement in judgements]
    cells: list[Cell] = [*told, len(judgements), sum(headlines.passes(case, row) for row in figures)]
    for head in headlines.headlines(case):
        rows = money if head.key in headlines.WITHOUT_SERVICE else figures
        numbers = [value for row in rows if (value := row[head.key]) is not None]
        if numbers:
            cells += [float(np.median(numbers)), *central_range(numbers)]
        else:
            cells += [None, None, None]
    standing = ruling.standing(case, option, these)
    return (*cells, standing.floor, standing.money, verdict.answer(standing, {}))


def _of_money(judgement: Judgement, option: str) -> Figures:
    told = {name: judgement.values.get(finding_id(name, option, "scheme")) for name in headlines.WITHOUT_SERVICE}
    return {name: value if isinstance(value, float) else None for name, value in told.items()}


def _money(case: Case, option: str, ks: Sequence[int], scenario: Scenario) -> list[Figures]:
    """What finance alone says of a scenario, in every set."""
    asked = [moved(case.draw(k), scenario) for k in ks]
    return [{name: number_of(one, finding_id(name, option, "scheme")) for name in headlines.WITHOUT_SERVICE}
            for one in asked]


def _judged(case: Case, option: str, work: tuple[Scenario, int, Judgement]) -> Judgement:
    scenario, k, base = work
    drawn = case.draw(k)
    asked = moved(drawn, scenario)
    kept = _service_kept(drawn, asked, scenario, option)
    if not kept:
        return appraisal.judge(asked)
    values = dict(base.values)
    for name in headlines.WITHOUT_SERVICE:
        number = number_of(asked, finding_id(name, option, "scheme"))
        if number is not None:
            values[finding_id(name, option, "scheme")] = number
    return replace(base, values=values)


def _service_kept(drawn: Case, asked: Case, scenario: Scenario, option: str) -> bool:
    """Whether a scenario touches money only, so that what was simulated and what restores it stay as they are."""
    names = [name for part in (scenario.values, scenario.times, scenario.plus) for name, _ in part]
    if not all(name.startswith("finance.") for name in names):
        return False
    saving = finding_id("finance.saving_a_year", option, "scheme")
    return (finance.response_constables(drawn) == finance.response_constables(asked)
            and finance.cost_of_post(drawn, "constable") == finance.cost_of_post(asked, "constable")
            and number_of(drawn, saving) == number_of(asked, saving))

"""How sure is it?  Loops over the accepted sets of a case; no room knows that this file exists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bailiwick import (
    __version__,
    appraisal,
    choices,
    claims,
    contrast,
    decides,
    information,
    learning,
    ruling,
    scenarios,
    sensitivity,
)
from bailiwick.appraisal import Judgement
from bailiwick.candidates import candidates, responding
from bailiwick.case import Case
from bailiwick.draws import BANDED, LEVEL, Draws, Progress, drawn, estimate
from bailiwick.findings import (
    Appraisal,
    Change,
    Check,
    Finding,
    Measure,
    Unavailable,
    Unknown,
    finding_id,
    holds,
    state_of,
)
from bailiwick.response import answers
from bailiwick.response.evidence import turning_signs
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import Result, spread

WHOLE = 100
"""From so many sets of assumptions on, the response of drawn commands is screened; fewer are a quick look."""


def appraise(case: Case, pool: Executor | None = None, progress: Progress | None = None) -> Appraisal:
    """The whole appraisal: findings with ranges and changes, tables, verdict, unknowns, gates, conditions, claims."""
    found, draws = answer(case, pool, progress)
    return completed(case, found, draws, pool)


def answer(
    case: Case, pool: Executor | None = None, progress: Progress | None = None,
) -> tuple[Appraisal, Draws]:
    """The appraisal as far as the answer needs it, and the accepted sets that it rests on.

    What stands beside the answer is not in it yet: other maps, scenarios, the strongest case for and against, and
    response in each set.
    """
    whole = _later(pool, appraisal.whole, case)
    draws = drawn(case, pool, progress)
    central, checks = whole()
    findings = _findings(case, central, draws)
    by_id = {finding.id: finding for finding in findings}
    shares = learning.settles(draws)
    unknowns = learning.told(sensitivity.unknowns(case, draws, pool), shares)
    return Appraisal(
        case=draws.case,
        case_digest=case.digest,
        options=case.scheme.options,
        findings=findings,
        tables=(*_tables(case, central, draws, unknowns), decides.accepted_sets(draws),
                decides.what_decides(draws, pool), decides.convergence(draws), learning.table(draws, shares),
                information.requests(case, unknowns)),
        checks=(*checks, _matching(case, draws), *_turning(draws)),
        unknowns=unknowns,
        gates=appraisal.gates(case),
        conditions=ruling.conditions(case, by_id, draws),
        claims=claims.tested(case, by_id),
        verdict=ruling.ruled(case, by_id, draws),
        provenance={"version": __version__, "seed": case.seed, "draws": case.draws, "accepted": len(draws.ks),
                    "inputs": [_input(i) for i in case.inputs]},
    ), draws


def completed(case: Case, found: Appraisal, draws: Draws, pool: Executor | None = None) -> Appraisal:
    """The answer with everything that stands beside it."""
    between = _later(pool, contrast.contrast, draws)
    commands = candidates(case, pool)
    screened, screening = responding(case, commands, pool) if case.draws >= WHOLE else (commands, ())
    maps = _later(pool, choices.of_force, case, commands)
    alternatives = (*choices.of_scope(draws.case, pool), *maps())
    beside = (scenarios.scenarios(draws, pool), contrast.two_cases(draws), between(), *_of_sets(draws, pool),
              *screening)
    table = screened.document(case.digest)
    return replace(
        found,
        tables=(*found.tables, *alternatives, *beside),
        checks=(*found.checks, *choices.checks(case, alternatives)),
        provenance={**found.provenance, "commands_sha256": hashlib.sha256(table).hexdigest()},
        commands=table,
    )


def _later(pool: Executor | None, work: Callable[..., Result], *given: object) -> Callable[[], Result]:
    """The result of some work when asked for: begun now where there is a pool."""
    if pool is None:
        return lambda: work(*given)
    return pool.submit(work, *given).result


def _findings(case: Case, central: Judgement, draws: Draws) -> tuple[Finding, ...]:
    found = []
    for measure in appraisal.MEASURES:
        for option in case.scheme.options:
            prefix = finding_id(measure.name, option.name, "")
            for id in central.values:
                if id.startswith(prefix):
                    found.append(_finding(case, measure, option, id, central, draws))
    return tuple(found)


def _finding(case: Case, measure: Measure, option: Option, id: str, central: Judgement, draws: Draws) -> Finding:
    subject = id.rsplit("/", 1)[1]
    value = estimate(central.values[id], draws.column(id), measure)
    against = [name for name in ("today", "cuts") if name != option.name and _has(case, name)]
    changes = tuple(_change(measure, name, id, finding_id(measure.name, name, subject), central, draws)
                    for name in against if finding_id(measure.name, name, subject) in central.values)
    note = value.text if isinstance(value, Unavailable) else ""
    sources = (*measure.sources, *case.system.sources.get(measure.name, ()))
    return Finding(id, measure.name, subject, option.name, value, changes, sources, None, note)


def _has(case: Case, name: str) -> bool:
    return any(option.name == name for option in case.scheme.options)


def _change(measure: Measure, against: str, id: str, other: str, central: Judgement, draws: Draws) -> Change:
    now, before = central.values[id], central.values[other]
    pairs = zip(draws.column(id), draws.column(other), strict=True)
    diffs = [a - b for a, b in pairs if not isinstance(a, Unavailable) and not isinstance(b, Unavailable)]
    if isinstance(now, Unavailable) or isinstance(before, Unavailable) or not diffs:
        return Change(against, None, "not shown", "none")
    change = estimate(now - before, diffs, measure)
    if isinstance(change, Unavailable):  # pragma: no cover - a number was given
        raise TypeError("a change of numbers is a number")
    state = state_of(change.low, change.high, measure)
    share = sum(state_of(d, d, measure) == state for d in diffs) / len(diffs)
    return Change(against, change, state, holds(share if state != "not shown" else 0.0))


def _tables(
    case: Case, central: Judgement, draws: Draws, unknowns: Sequence[Unknown]
) -> tuple[ResultTable, ...]:
    found = [
        banded(table, [j.tables[name] for j in draws.judgements]) if name in BANDED else table
        for name, table in central.tables.items()
    ]
    found.append(appraisal.ranks(case))
    found.append(_assumption_table(case, draws, unknowns))
    found.append(_area_table(case))
    return tuple(found)


def _of_sets(draws: Draws, pool: Executor | None) -> tuple[ResultTable, ...]:
    """The response room's tables over the accepted sets; empty where no set is calibrated."""
    ks = draws.ks if draws.trials.calibrated else ()
    return tuple(maker(draws.case, ks, partial(spread, pool)) for _, maker in answers.TABLES_OF_SETS)


def _turning(draws: Draws) -> tuple[Check, ...]:
    if not draws.trials.calibrated:
        return ()
    return turning_signs(draws.case, draws.ks, [judgement.values for judgement in draws.judgements])


def banded(table: ResultTable, drawn_tables: Sequence[ResultTable]) -> ResultTable:
    """The table with a low and a high column after each numeric one, from the same cells of the accepted sets."""
    numeric = [
        j for j in range(len(table.columns))
        if table.units[j] not in ("", "year")
        and all(isinstance(row[j], int | float) and not isinstance(row[j], bool) for row in table.rows)
    ]
    bands = {j: _bands(table, drawn_tables, j) for j in numeric}
    columns: list[str] = []
    units: list[str] = []
    for j, name in enumerate(table.columns):
        columns += [name, f"{name}_low", f"{name}_high"] if j in bands else [name]
        units += [table.units[j]] * (3 if j in bands else 1)
    rows = []
    for i, row in enumerate(table.rows):
        cells: list[Cell] = []
        for j, cell in enumerate(row):
            cells.append(cell)
            if j in bands:
                cells += [float(bands[j][0][i]), float(bands[j][1][i])]
        rows.append(tuple(cells))
    return replace(table, columns=tuple(columns), units=tuple(units), rows=tuple(rows))


def _bands(table: ResultTable, drawn_tables: Sequence[ResultTable], j: int) -> NDArray[np.float64]:
    own = np.array([row[j] for row in table.rows], dtype=np.float64)
    if not drawn_tables:
        return np.vstack([own, own])
    stack = np.array([[row[j] for row in t.rows] for t in drawn_tables], dtype=np.float64)
    low, high = np.quantile(stack, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return np.vstack([np.minimum(low, own), np.maximum(high, own)])


def _assumption_table(case: Case, draws: Draws, unknowns: Sequence[Unknown]) -> ResultTable:
    moved = sensitivity.influence(draws)
    turning = {u.assumption for u in unknowns if u.breaks_even_at is not None}
    turning |= set(sensitivity.separating(draws, ruling.passing(case, draws, "proposed")))
    rows = tuple(
        (a.name, a.title, case.value(a.name), a.low, a.high, a.unit, a.kind, a.control,
         a.source.title if a.source else "", a.source.url if a.source else "",
         a.published.isoformat() if a.published else "", a.holder, a.why, a.quality,
         sensitivity.impact(moved.get(a.name, 0.0), turns=a.name in turning))
        for _, a in sorted(case.assumptions.items())
    )
    columns = ("name", "title", "value", "low", "high", "unit", "kind", "control", "source", "url", "published",
               "holder", "why", "quality", "impact")
    return ResultTable("assumptions", "Every number that can be disputed", columns, ("",) * len(columns), rows)


def _area_table(case: Case) -> ResultTable:
    rows = tuple((a.code, a.name, a.force, a.population, a.households, a.area_km2, len(a.points))
                 for a in case.system.areas)
    return ResultTable("areas", "Areas of the system", ("code", "name", "force", "population", "households",
                                                        "area_km2", "points"),
                       ("", "", "", "people", "households", "km2", "wards"), rows)


def _matching(case: Case, draws: Draws) -> Check:
    fits = (*appraisal.money_fits(case), *appraisal.response_fits(case))
    if not fits:
        return Check("Matched to published figures", None, "Assumed, not calibrated: no published figure to match.")
    names = ", ".join(sorted(fit.figure_id for fit in fits))
    if not draws.trials.calibrated:
        return Check("Matched to published figures", None,
                     f"Assumed, not calibrated: none of {draws.tried} sets of assumptions reproduces {names}; the "
                     f"first {len(draws.ks)} that fit the money stand in. More sets may fit: raise --draws.")
    return Check("Matched to published figures", bool(draws.ks),
                 f"{len(draws.ks)} of {draws.tried} sets of assumptions reproduce {names} within the stated "
                 "discrepancy; everything else is assumed, not calibrated.")


def _input(source: object) -> dict[str, object]:
    return {name: getattr(source, name)
            for name in ("path", "sha256", "publisher", "licence", "published", "url", "restricted")}

"""Which of several outcomes changed, when all of them are looked at and the same placebos serve every one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bailiwick.errors import MethodError
from bailiwick.evaluation.effect import Design, Effect
from bailiwick.evaluation.panel import Panel
from bailiwick.evaluation.placebo import max_t
from bailiwick.evaluation.study import Agenda, PilotStudy, Study, study
from bailiwick.findings import Check


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One outcome of several: its panel, design and agenda, the family it is tested in, and whether it is a control.

    A control is an outcome that the change cannot have moved; one that moves speaks against the others.
    """

    panel: Panel
    design: Design
    agenda: Agenda
    family: str = "all"
    control: bool = False


def study_together(asked: Sequence[Asked]) -> tuple[Study, ...]:
    """A study of each outcome, its verdicts on p corrected for the family it was tested in (max-T).

    A control that moved counts against the outcomes that share its family's name, or against all where none does.
    MethodError where the outcomes of a family were not tested on the same placebo sets.
    """
    studies = [study(one.panel, one.design, agenda=one.agenda) for one in asked]
    if len(asked) < 2:
        return tuple(studies)
    corrected: dict[tuple[int, str], tuple[tuple[str, ...], float]] = {}
    for rows in _families(asked):
        names = tuple(asked[k].panel.outcome for k in rows)
        for pilot in _shared([studies[k] for k in rows]):
            members = [_of(studies[k], pilot) for k in rows]
            for k, p in zip(rows, family_p([m.effect for m in members]), strict=True):
                corrected[k, pilot] = (names, max(p, _of(studies[k], pilot).judgement.p))
    out = []
    for k, one in enumerate(studies):
        pilots = tuple(_rejudged(asked, k, pilot, corrected) for pilot in one.pilots)
        out.append(replace(one, pilots=pilots, checks=(*one.checks, _apart(asked, k))))
    return tuple(out)


def family_p(effects: Sequence[Effect]) -> tuple[float, ...]:
    """Corrected p of each outcome of one family, for effects of one pilot on the same placebo sets (max-T).

    MethodError when the sets differ: then the outcomes were not tested on the same donors.
    """
    if len({e.placebo_sets for e in effects}) > 1:
        raise MethodError("the outcomes of a family must share their placebo sets")
    draws = np.array([e.placebo_effects for e in effects])
    return tuple(float(p) for p in max_t(np.array([e.att for e in effects]), draws))


def _families(asked: Sequence[Asked]) -> list[list[int]]:
    found: dict[tuple[str, bool], list[int]] = {}
    for k, one in enumerate(asked):
        found.setdefault((one.family, one.control), []).append(k)
    return list(found.values())


def _shared(studies: Sequence[Study]) -> list[str]:
    """The pilots that every one of these studies could answer for, in the first one's order."""
    return [p.pilot for p in studies[0].pilots if all(any(q.pilot == p.pilot for q in s.pilots) for s in studies[1:])]


def _of(found: Study, pilot: str) -> PilotStudy:
    return next(p for p in found.pilots if p.pilot == pilot)


def _rejudged(
    asked: Sequence[Asked], k: int, pilot: PilotStudy,
    corrected: Mapping[tuple[int, str], tuple[tuple[str, ...], float]],
) -> PilotStudy:
    if (k, pilot.pilot) not in corrected:
        return pilot
    names, p = corrected[k, pilot.pilot]
    moved = () if asked[k].control else tuple(
        f"{asked[c].panel.outcome} (p = {corrected[c, pilot.pilot][1]:.3f})"
        for c, one in enumerate(asked)
        if one.control and (c, pilot.pilot) in corrected and corrected[c, pilot.pilot][1] <= pilot.effect.alpha
        and (one.family == asked[k].family or not any(o.family == one.family and not o.control for o in asked))
    )
    return pilot.rejudged(names, p, moved)


def _apart(asked: Sequence[Asked], k: int) -> Check:
    """Whether no outcome of the family is the sum of the others: a total and its parts count one thing twice."""
    rows = next(rows for rows in _families(asked) if k in rows)
    name = "total and parts apart"
    if len(rows) < 2:
        return Check(name, None, "the only outcome of its family")
    values = [asked[r].panel.y for r in rows]
    whole = np.sum(values, axis=0)
    for r, y in zip(rows, values, strict=True):
        if len(rows) > 2 and np.allclose(2 * y, whole, rtol=1e-6):
            return Check(name, False, f"{asked[r].panel.outcome} is the sum of the others of its family: leave it out")
        twins = [o for o, other in zip(rows, values, strict=True) if o != r and np.allclose(y, other, rtol=1e-9)]
        if twins:
            pair = f"{asked[r].panel.outcome} and {asked[twins[0]].panel.outcome}"
            return Check(name, False, f"{pair} are the same figures: leave one out")
    return Check(name, True, f"none of the {len(rows)} outcomes tested together is the sum of the others")

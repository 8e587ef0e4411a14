"""How soon would help come under each way to command these areas?  Each whole map is simulated on the same calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bailiwick import finance
from bailiwick.case import Case
from bailiwick.choices_local import NOT_SIMULATED, Simulated
from bailiwick.findings import Unavailable, finding_id
from bailiwick.response.service import judged
from bailiwick.scheme import Grouping, Option

SHARES = ("response.immediate_in_target", "response.significant_in_target")


def simulated(case: Case, groupings: Sequence[Grouping]) -> tuple[Simulated | str, ...]:
    """Per cent of immediate and of significant calls met in target under each map: mean of residents, worst area.

    One simulation a map, the same calls in each, cars in step with the response constables that the map's posts leave;
    in words why there is none where it cannot be simulated.
    """
    names = [f"way-{i}" for i in range(len(groupings))]
    ways = tuple(Option(name, "alternative", name, g) for name, g in zip(names, groupings, strict=True))
    told = case.content + "".join(f"|{name}:{g!r}" for name, g in zip(names, groupings, strict=True))
    asked = replace(case, content=told, scheme=replace(case.scheme, options=(*case.scheme.options, *ways)))
    posts = finance.response_constables(asked)
    kept = tuple(o for o in asked.scheme.options if o.kind == "today" or o.name in names)
    found = judged(replace(asked, scheme=replace(asked.scheme, options=kept), content=told + "|kept"), posts)
    return tuple(_of(case, [[found.get(finding_id(measure, name, code)) for code in case.scheme.scope]
                            for measure in SHARES]) for name in names)


def _of(case: Case, found: Sequence[Sequence[object]]) -> Simulated | str:
    weights = [case.system.area(code).population or 0 for code in case.scheme.scope]
    cells: list[float] = []
    for values in found:
        reasons = [v.text or v.reason for v in values if isinstance(v, Unavailable)]
        if reasons:
            return f"{NOT_SIMULATED}: {reasons[0]}"
        known = [float(v) for v in values if isinstance(v, int | float)]
        if len(known) < len(weights) or not sum(weights):
            return NOT_SIMULATED
        mean = sum(w * v for w, v in zip(weights, known, strict=True)) / sum(weights)
        cells += [round(mean, 1), round(min(known), 1)]
    return cells[0], cells[1], cells[2], cells[3]

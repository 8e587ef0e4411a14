"""What does the engine say of a plan that somebody drew and shared?  The plan beside today, on the terminal.

Every command is computed afresh, so that one too large for the map's table is answered as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from bailiwick.appraisal import MEASURES, conceivable
from bailiwick.case import Case
from bailiwick.errors import CaseError
from bailiwick.findings import Measure, Unavailable, combined
from bailiwick.publish import words
from bailiwick.publish.plan_table import UNPLACED, Plan, commands, decoded
from bailiwick.scheme import Command


def plan_comparison(case: Case, code: str) -> list[str]:
    """Lines that set the plan of a code beside today: its commands, then each separable measure of the whole.

    CaseError when the code is broken, the plan unfinished, or a command is not joined up.
    """
    areas = tuple(sorted(area for group in conceivable(case, 1) for area in group))
    plan = decoded(code, len(areas))
    names = {area.code: area.name for area in case.system.areas}
    groups = [tuple(areas[i] for i in group) for group in commands(plan)]
    _refuse(case, plan, groups, names)
    shared = [group for group in groups if len(group) > 1]
    lines = [f"{words.count(len(groups), 'command')} for {words.count(len(areas), 'area')}."]
    lines += [f"  {words.joined(names[area] for area in group)}" for group in shared]
    lines.append("Every other area has a command of its own." if shared else "Every area has a command of its own.")
    alone = [(area,) for area in areas]
    for measure in MEASURES:
        if measure.scope == "command" and measure.combine != "other":
            before, after = _whole(case, measure, alone), _whole(case, measure, groups)
            lines.append(f"{measure.title}: {words.phrase(after, measure.unit, measure.decimals)} "
                         f"(each on its own: {words.amount(before, measure.unit, measure.decimals)})")
    lines.append("999 response: cannot tell. It depends on the neighbours of each command, so make the plan an option "
                 "of the case and appraise it.")
    lines.append("At the central assumptions, without ranges.")
    return lines


def _refuse(case: Case, plan: Plan, groups: Sequence[tuple[str, ...]], names: dict[str, str]) -> None:
    if UNPLACED in plan:
        raise CaseError("plan", "code", got=words.count(plan.count(UNPLACED), "area") + " without a command",
                        expected="a finished plan", hint="open it in the map and give every area a command")
    for group in groups:
        pieces = case.system.pieces(group)
        if len(pieces) > 1:
            raise CaseError("plan", "code", got=words.joined(names[a] for a in pieces[1]) + " cut off from the rest",
                            expected="commands that join up over land")


def _whole(case: Case, measure: Measure, groups: Sequence[tuple[str, ...]]) -> float | None:
    total, shares, found = 0.0, 0.0, []
    for group in groups:
        model = case.scheme.option("proposed" if len(group) > 1 else "today").grouping.commands[0].model
        number = combined(case, measure, measure.compute(case, Command(group, model)))  # type: ignore[arg-type]
        if isinstance(number, Unavailable):
            return None
        value = words.rounded(number, measure.decimals)
        weight = sum(case.system.area(a).population or 0 for a in group) if measure.weight == "population" else 1
        found.append(value)
        total += value * (weight if measure.combine == "mean" else 1)
        shares += weight
    if measure.combine in ("max", "min"):
        return max(found) if measure.combine == "max" else min(found)
    return total / shares if measure.combine == "mean" else total

"""Do the areas, their points and their headquarters fit together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from bailiwick.case import Case
from bailiwick.findings import Check
from bailiwick.locality.distance import headquarters


def residents_add_up(case: Case) -> tuple[Check, ...]:
    """Whether the residents of every option's commands add up to those of the areas in scope."""
    people = {area.code: area.population for area in case.system.subset(case.scheme.scope)}
    unknown = sorted(code for code, count in people.items() if count is None)
    if unknown:
        return (Check("Residents add up", None,
                      f"No population was published by {case.as_of.isoformat()} for {', '.join(unknown)}."),)
    total = sum(count or 0 for count in people.values())
    wrong = [option.name for option in case.scheme.options
             if sum(people.get(code) or 0 for command in option.grouping.commands for code in command.areas) != total]
    text = f"The commands of every option add up to the {total:,} residents of the areas in scope."
    if wrong:
        text = f"The commands of {', '.join(wrong)} do not add up to the {total:,} residents of the areas in scope."
    return (Check("Residents add up", not wrong, text),)


def points_belong(case: Case) -> tuple[Check, ...]:
    """Whether every area in scope has resident points and no point is listed in two areas of the system."""
    counted = Counter(point.code for area in case.system.areas for point in area.points)
    twice = sorted(code for code, times in counted.items() if times > 1)
    bare = [area.name for area in case.system.subset(case.scheme.scope) if not area.points]
    if twice:
        text = f"Points listed in two areas: {', '.join(twice[:5])}."
    elif bare:
        text = f"No resident points for {', '.join(bare)}: distances there start from one middle point."
    else:
        number = sum(len(area.points) for area in case.system.subset(case.scheme.scope))
        text = f"The {number} resident points of the areas in scope each belong to one area."
    return (Check("Every point in one area", not twice and not bare, text),)


def headquarters_inside(case: Case) -> tuple[Check, ...]:
    """Whether every command is run from inside its own areas."""
    outside, by_rule = [], []
    for option in case.scheme.options:
        for command in option.grouping.commands:
            base = headquarters(case, command)
            if base.area not in command.areas:
                outside.append(f"{option.name}: {base.name} lies outside {'+'.join(command.areas)}")
            elif base.by_rule:
                by_rule.append(f"{option.name}: {base.name}")
    if outside:
        text = "Run from outside: " + "; ".join(outside) + "."
    else:
        text = "Every command is run from inside its own areas."
        if by_rule:
            text += " Headquarters chosen by rule, nobody named one: " + "; ".join(by_rule) + "."
    return (Check("HQ inside its command", not outside, text),)


CHECKS: tuple[Callable[[Case], tuple[Check, ...]], ...] = (residents_add_up, points_belong, headquarters_inside)

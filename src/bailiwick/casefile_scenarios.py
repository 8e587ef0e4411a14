"""Which named sets of assumptions does a case ask about, and is each of them one that can be tried?"""

from __future__ import annotations

from collections.abc import Mapping

from bailiwick.assumptions import Assumption, Scenario
from bailiwick.casefile_files import Document, Place
from bailiwick.casefile_problems import Problems, check_known, check_once
from bailiwick.casefile_schema import CaseTable, ScenarioTable

LARGEST_FACTOR = 10.0


def scenarios_of(document: Document, case: CaseTable, assumptions: Mapping[str, Assumption],
                 problems: Problems) -> tuple[Scenario, ...]:
    """All scenarios of a case in their order, after telling every problem of them."""
    check_once(problems, document, [(("scenarios", n, "name"), s.name) for n, s in enumerate(case.scenarios)])
    for n, scenario in enumerate(case.scenarios):
        _check(document, n, scenario, assumptions, problems)
    return tuple(
        Scenario(s.name, s.title, s.why, tuple(sorted(s.values.items())), tuple(sorted(s.times.items())),
                 tuple(sorted(s.plus.items())))
        for s in case.scenarios
    )


def _check(document: Document, n: int, scenario: ScenarioTable, assumptions: Mapping[str, Assumption],
           problems: Problems) -> None:
    parts = {"values": scenario.values, "times": scenario.times, "plus": scenario.plus}
    named = [(key, name, number) for key, told in parts.items() for name, number in told.items()]
    if not named:
        problems.tell(document, ("scenarios", n), got="nothing that is changed", expected="values, times or plus",
                      hint='add values = { "name" = number }, or times = { "name" = factor }')
    for key, name, number in named:
        at = (document, ("scenarios", n, key, name))
        if check_known(problems, at, name, assumptions, expected="the name of an assumption"):
            _check_number(problems, at, (key, number), assumptions[name])
        if sum(name in told for told in parts.values()) > 1:
            problems.tell(*at, got=name, expected="an assumption that is changed once",
                          hint="keep it in one of values, times and plus")


def _check_number(problems: Problems, at: tuple[Document, Place], told: tuple[str, float], known: Assumption) -> None:
    key, number = told
    if key == "values" and not known.low <= number <= known.high:
        problems.tell(*at, got=f"{number:g}", expected=f"a value from {known.low:g} to {known.high:g} {known.unit}",
                      hint="use times or plus for what lies beyond the declared range")
    if key == "times" and not 0 < number <= LARGEST_FACTOR:
        problems.tell(*at, got=f"{number:g}", expected=f"a factor above 0 and up to {LARGEST_FACTOR:g}")

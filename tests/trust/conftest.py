"""Accepted sets made up on the first case: what each assumes is drawn, what is found in it is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.appraisal import Judgement
from bailiwick.case import Case
from bailiwick.draws import Draws, Trials

GRADES = ("response.immediate_in_target", "response.significant_in_target")


@pytest.fixture(scope="session")
def first() -> Case:
    return casefile.load("south-west-london-2018")


@pytest.fixture(scope="session")
def planted(first) -> Callable[..., Draws]:
    """A function that makes accepted sets in which the money and the spare points follow from what a set assumes.

    `money` and `spare` take the changed values of a set; spare points are the same for each area and grade, None where
    a run is saturated.
    """

    def made(money, spare=lambda values: 1.0, sets: int = 40) -> Draws:
        case = replace(first, draws=sets, accepted=tuple(range(sets)))
        samples = [case.sample(k).changed for k in range(sets)]
        judged, headline = [], []
        for values in samples:
            pounds, points = float(money(values)), spare(values)
            told = {f"finance.{name}/proposed/scheme": pounds for name in (
                "saving_a_year", "saving_from_merging", "service_neutral_saving", "net_present_value")}
            margins = {name: float(rule["margin"]) for rule in case.rules["safety_floor"]["measures"]
                       for name in (rule["measure"],)}
            paired = {} if points is None else {
                ("proposed", grade, code): (points - margins[grade], points - margins[grade] + 1)
                for grade in GRADES for code in case.scheme.scope}
            judged.append(Judgement(told, {}, paired))
            headline.append(pounds)
        names = case.varied()
        table = np.array([[values[name] for name in names] for values in samples])
        return Draws(case, sets, tuple(range(sets)), tuple(judged), Trials(names, table, np.array(headline), True))

    return made

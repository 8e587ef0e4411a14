"""Plans: what they say, what their hash holds, and when a result may be called pre-specified."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import RECIPES, estimate
from bailiwick.evaluation.plan import Registration, digest, plan_from_toml
from bailiwick.evaluation.robustness import multiverse

PLAN = """
title = "Calm in the county"
method = "sdid"
also = ["did", "dsc"]
alpha = 0.05
reference = "contiguous"
anticipation = 1
[window]
since = "2015-01"
until = "2017-10"
[donors]
exclude = ["u19"]
ring = true
[[outcomes]]
name = "calm"
unit = "points"
better = "higher"
family = "primary"
margin = 4.0
[[outcomes]]
name = "weather"
role = "negative control"
[[pilots]]
id = "middle"
areas = ["u07", "u06"]
start = "2017-01"
[[pilots.phases]]
name = "one channel"
from = "2017-01"
to = "2017-06"
dose = 0.5
[[pilots.phases]]
name = "one each"
from = "2017-06"
[variants]
since = ["2015-01", "2015-07"]
after = [6, 9]
starts = ["2016-12", "2017-01"]
scales = ["level"]
anticipation = [0, 2]
ring = true
[[breaks]]
series = "burglary"
at = "2017-04"
what = "sheds counted as homes"
[[confounders]]
id = "moped"
name = "moped crime"
areas = ["u06"]
from = "2017-01"
outcomes = ["calm"]
"""


def plan(text=PLAN):
    return plan_from_toml(text.encode(), where="plan.toml")


def test_the_hash_is_of_the_meaning():
    same = "# a comment\n" + PLAN.replace("alpha = 0.05", "alpha   =  0.05")
    assert digest(same.encode()) == digest(PLAN.encode()) == plan().digest
    assert digest(PLAN.replace("0.05", "0.10").encode()) != plan().digest
    assert len(plan().digest) == 64


def test_a_plan_is_laid_on_a_panel(county):
    found = plan()
    panel = found.applied(county())
    assert panel.pilots[0].units == ("u06", "u07")
    assert [(p.name, p.first, p.last, p.dose) for p in panel.pilots[0].phases] == [
        ("one channel", 24, 29, 0.5), ("one each", 29, 36, 1.0),
    ]
    design = found.design(panel, "calm")
    assert (design.since, design.until, design.margin, design.better) == (0, 33, 4.0, "higher")
    assert (design.drop_ring, design.leave_out, design.anticipation) == (True, ("u19",), 1)
    effect = estimate(panel, found.method, design=design)
    assert effect.placebo_n > 0
    dimensions = found.dimensions(panel)
    assert dimensions.count == 3 * 2 * 2 * 2 * 2 * 2
    assert dimensions.methods == ("sdid", "did", "dsc")
    assert multiverse(panel, RECIPES, dimensions, design=design).refused == 0
    assert found.confounders[0].touches("calm")
    assert [o.name for o in found.family("primary")] == ["calm"]


def test_breaks_of_a_plan_block_their_series_only(county):
    panel = county()
    burglary = plan().applied(replace(panel, outcome="burglary"))
    with pytest.raises(MethodError, match="sheds"):
        estimate(burglary)
    assert plan().applied(panel).breaks == ()


@pytest.mark.parametrize(
    ("outcome", "registered", "standing", "why"),
    [
        ("calm", True, "pre-specified", "before"), ("calm", None, "exploratory", "not registered"),
        ("noise", True, "exploratory", "not in the plan"), ("calm", "other", "exploratory", "hash differs"),
        ("calm", "late", "exploratory", "after the data"),
    ],
)
def test_pre_specified_needs_a_registered_hash_before_the_data(outcome, registered, standing, why):
    found = plan()
    registration = None
    if registered:
        sha = "0" * 64 if registered == "other" else "sha256:" + found.digest
        registration = Registration(sha, date(2018, 3, 1) if registered == "late" else date(2017, 12, 1))
    said = found.standing(outcome, registration=registration, loaded=date(2018, 2, 1))
    assert said[0] == standing
    assert why in said[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("method =", "methd ="), "methd"), (('name = "calm"', "name = 3"), "name"),
        (("margin = 4.0", "margin = -1"), "margin"),
        (('better = "higher"', 'better = "up"'), "better"), (('role = "negative control"', 'role = "x"'), "role"),
        (('areas = ["u07", "u06"]', "areas = []"), "areas"), (("dose = 0.5", 'dose = "half"'), "dose"),
        (("anticipation = 1", "anticipation = 1.5"), "anticipation"), (("[window]", "[windw]"), "windw"),
        (('id = "moped"', 'id = "moped"\nstate = "shut"'), "state"), (("alpha = 0.05", "alpha = "), "plan.toml"),
        (("[[pilots.phases]]", "[[pilots.phase]]"), "phase"), (('start = "2017-01"', "start = 2017"), "start"),
    ],
)
def test_mistakes_are_named(change, said):
    assert change[0] in PLAN
    with pytest.raises(CaseError) as caught:
        plan(PLAN.replace(*change))
    assert said in str(caught.value)


def test_a_plan_needs_outcomes_and_pilots():
    with pytest.raises(CaseError, match="outcomes"):
        plan("title = 'x'")
    with pytest.raises(CaseError, match="plan"):
        plan_from_toml(b"\xff\xfe\x00bad")
    assert plan_from_toml(PLAN.encode()).outcome("nothing") is None


def test_a_plan_without_variants_is_one_specification(county):
    bare = plan(PLAN[: PLAN.index("[variants]")] + PLAN[PLAN.index("[[breaks]]") :])
    assert bare.dimensions(bare.applied(county())).count == 3

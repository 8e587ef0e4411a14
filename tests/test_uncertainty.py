"""Accepted sets, ranges, paired changes, bands, influence, switching values, claims: on the first case at few draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick import casefile, claims, finance, publish, sensitivity, uncertainty
from bailiwick.case import Claim
from bailiwick.draws import accepted, central_range, estimate
from bailiwick.findings import Change, Estimate, Finding, Unavailable
from bailiwick.publish import terminal
from bailiwick.response import calibration
from bailiwick.tables import ResultTable


@pytest.fixture(scope="module")
def case():
    return replace(casefile.load("south-west-london-2018"), draws=24)


@pytest.fixture(scope="module")
def answered(case):
    return uncertainty.answer(case)


@pytest.fixture(scope="module")
def found(answered):
    return answered[0]


@pytest.fixture(scope="module")
def draws(answered):
    return answered[1]


def test_a_latin_hypercube_puts_one_value_in_every_stratum(case):
    name = "posts.superintendent.functions_and_borough_lead.today"
    a = case.assumption(name)
    values = sorted(case.sample(k).value(name) for k in range(case.draws))
    edges = [a.quantile(k / case.draws) for k in range(case.draws + 1)]
    assert all(low <= value <= high for low, value, high in zip(edges, values, edges[1:], strict=False))


def test_draws_move_facts_and_leave_levers_where_they_are(case):
    for k in range(3):
        drawn_case = case.sample(k)
        for name, a in case.assumptions.items():
            assert a.low <= drawn_case.value(name) <= a.high
            if a.control == "lever":
                assert drawn_case.value(name) == a.value


def test_a_set_assumed_stays_assumed_in_every_draw(case):
    fixed = case.assume("finance.pay.constable", case.assumption("finance.pay.constable").high)
    assert {fixed.sample(k).value("finance.pay.constable") for k in range(5)} == {fixed.value("finance.pay.constable")}


def test_accepted_sets_reproduce_the_published_figure_and_refused_ones_do_not(case):
    matched, trials = accepted(case)
    kept = matched.accepted
    money = [k for k in range(case.draws) if all(fit.agrees for fit in finance.fits(case.sample(k)))]
    assert len(trials.headline) == len(money) < case.draws
    assert set(kept) < set(money), "fitting response too is harder"
    for k in money:
        assert all(fit.agrees for fit in calibration.fits(case.sample(k))) == (k in kept)
    if kept:
        assert matched.draw(0).changed == case.sample(kept[0]).changed


def test_a_range_holds_nine_tenths_and_its_own_value():
    assert central_range(list(range(101))) == pytest.approx((5.0, 95.0))
    measure = uncertainty.appraisal.MEASURES[0]
    wide = estimate(200.0, [float(v) for v in range(101)], measure)
    assert (wide.low, wide.value, wide.high) == pytest.approx((5.0, 200.0, 200.0))
    gone = Unavailable("unknown", "why")
    assert estimate(gone, [1.0], measure) is gone


def test_changes_are_paired_within_sets(found):
    """Both options share every set: the change of distance has no range although travel time has one."""
    finding = found.finding("locality.distance_to_headquarters/proposed/E09000032")
    change = next(c for c in finding.changes if c.against == "today")
    assert change.estimate.low == change.estimate.high == pytest.approx(change.estimate.value)
    assert (change.state, change.holds_in) == ("worse", "all")
    money = found.finding("finance.recurrent_cost/proposed/scheme")
    change = next(c for c in money.changes if c.against == "cuts")
    assert abs(change.estimate.value) < 1, "cuts are set to cost what the proposal costs"


def test_the_verdict_waits_for_response_and_prints_money_all_the_same(found):
    response_is_there = any(f.measure.startswith("response.") for f in found.findings)
    if not response_is_there:
        assert found.verdict.answer == "cannot be judged"
        assert any("Not answered yet" in reason for reason in found.verdict.reasons)
    assert isinstance(found.finding("finance.saving_a_year/proposed/scheme").value, Estimate)
    assert len(found.verdict.caveats) == 3
    assert len(found.verdict.rule_sha256) == 64


def test_every_guess_is_an_unknown_with_a_holder(case, found):
    guesses = {n for n, a in case.assumptions.items() if a.kind == "guess" and a.control == "fact"}
    assert {u.assumption for u in found.unknowns} == guesses
    assert all(u.holder and u.why_it_matters and 0 <= u.settles <= 1 for u in found.unknowns)
    assert all(u.breaks_even_at is None or u.low <= u.breaks_even_at <= u.high for u in found.unknowns)


def test_a_switching_value_turns_the_sign(case):
    """Where the merger's own share of every line is nothing, merging saves nothing."""
    name = "posts.staff.radio_dispatch.today"
    zero = sensitivity.switching(lambda v: v - 7.0, 5.0, 15.0)
    assert zero == pytest.approx(7.0)
    assert sensitivity.switching(lambda v: v + 7.0, 5.0, 15.0) is None
    assert sensitivity.switching(lambda v: None, 5.0, 15.0) is None
    assert case.assumption(name).low == 5.0


def test_bands_stand_beside_their_columns():
    table = ResultTable("cash", "", ("option", "net"), ("", "GBP"), (("a", 1.0), ("b", 5.0)))
    others = [replace(table, rows=(("a", float(k)), ("b", 5.0))) for k in range(101)]
    banded = uncertainty.banded(table, others)
    assert banded.columns == ("option", "net", "net_low", "net_high")
    assert banded.rows[0] == ("a", 1.0, 1.0, pytest.approx(95.0))
    assert banded.rows[1] == ("b", 5.0, 5.0, 5.0)


def claim(**changes) -> Claim:
    given = {"id": "c", "who": "", "when": date(2018, 1, 1), "quote": "", "side": "for", "url": "", "measure": "m.x",
             "option": "proposed", "subject": "scheme", "rule": "at least", "threshold": 2.0, "holder": "", "why": "",
             **changes}
    return Claim(**given)


def finding(option: str, subject: str, low: float, high: float, state: str = "same") -> Finding:
    value = Estimate((low + high) / 2, low, high, 0.9, "modelled")
    changes = (Change("today", value, state, "all"),)
    return Finding(f"m.x/{option}/{subject}", "m.x", subject, option, value, changes, (), None)


@pytest.mark.parametrize(("low", "high", "rule", "threshold", "said"), [
    (2.0, 3.0, "at least", 2.0, "supported"), (1.0, 1.9, "at least", 2.0, "not supported"),
    (1.0, 3.0, "at least", 2.0, "cannot be tested"), (1.0, 2.0, "at most", 2.0, "supported"),
    (2.1, 3.0, "at most", 2.0, "not supported"), (1.0, 3.0, "at most", 2.0, "cannot be tested"),
    (4.0, 4.0, "ratio at least", 2.0, "supported"), (3.0, 3.0, "ratio at least", 2.0, "not supported"),
])
def test_a_claim_about_a_value(case, low, high, rule, threshold, said):
    stated = replace(case, claims=(claim(rule=rule, threshold=threshold),))
    findings = {f.id: f for f in (finding("proposed", "scheme", low, high), finding("today", "scheme", 2.0, 2.0))}
    assert claims.tested(stated, findings)[0].verdict == said


@pytest.mark.parametrize(("states", "subject", "said"), [
    (["worse"] * 4, "each", "supported"), (["worse", "worse", "worse", "same"], "each", "not supported"),
    (["same", "same", "same", "worse"], "any", "supported"), (["same"] * 4, "any", "not supported"),
    (["worse", "worse", "worse", "not shown"], "each", "cannot be tested"),
])
def test_a_claim_about_areas(case, states, subject, said):
    stated = replace(case, claims=(claim(rule="worse", subject=subject),))
    found = [finding("proposed", code, 1.0, 1.0, state) for code, state in zip(case.scheme.scope, states, strict=True)]
    assert claims.tested(stated, {f.id: f for f in found})[0].verdict == said


def test_claims_made_later_are_not_tested_and_missing_figures_are_said(case):
    stated = replace(case, claims=(claim(when=date(2018, 2, 13)), claim(rule="untestable", holder="the Met")))
    results = claims.tested(stated, {})
    assert [r.verdict for r in results] == ["cannot be tested"]
    assert "the Met" in results[0].text
    assert claims.tested(replace(case, claims=(claim(),)), {})[0].verdict == "cannot be tested"


def test_the_terminal_says_the_same_before_and_after_the_rest_is_made(first_case):
    document = publish.read(first_case / "out/south-west-london-2018/results.json")
    beside = ("alternatives", "contrast", "response", "scenarios", "two_cases")
    early = {**document, "tables": {name: t for name, t in document["tables"].items() if not name.startswith(beside)}}
    assert len(early["tables"]) < len(document["tables"])
    assert terminal.summary(early) == terminal.summary(document)

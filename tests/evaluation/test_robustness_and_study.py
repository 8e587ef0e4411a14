"""In-time placebos, left-out donors, the multiverse, checks, and the study that puts them together."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import RECIPES, Design, estimate
from bailiwick.evaluation.checks import one_vintage, panel_checks, parts_add_up, unknown_share
from bailiwick.evaluation.family import family_p
from bailiwick.evaluation.panel import Break
from bailiwick.evaluation.record import rounded, study_record
from bailiwick.evaluation.robustness import Dimensions, in_time, multiverse, usual_dimensions
from bailiwick.evaluation.strength import Circumstances, Confounder, judged
from bailiwick.evaluation.study import Agenda, ring_effect, study


def checks(panel, design=None):
    design = design or Design()
    att = estimate(panel, design=design).att
    return {c.name: c for c in panel_checks(panel, design, recipe=RECIPES["sdid"], pilot=panel.pilots[0].id, att=att)}


def test_in_time_placebos_see_nothing_after_the_real_start(county, county_values):
    y = county_values(0)
    calm = in_time(county(y=y), RECIPES["sdid"])
    y[:, 24:] = 1e6
    assert in_time(county(y=y), RECIPES["sdid"]) == calm
    assert 1 <= len(calm) <= 3
    assert all(f.p >= 1 / (1 + f.n) for f in calm)
    assert min(f.start for f in calm) >= "2016-01"


def test_in_time_placebo_by_hand(county):
    panel = county()
    fake = in_time(panel, RECIPES["did"], ["2016-05"])[0]
    early, late = panel.y[:, :16], panel.y[:, 16:24]
    pool = [k for k in range(20) if k not in (6, 7)]
    gap = (late[[6, 7]].mean() - late[pool].mean()) - (early[[6, 7]].mean() - early[pool].mean())
    assert fake.att == pytest.approx(gap)


@pytest.mark.parametrize("start", ["2017-01", "2015-02"])
def test_in_time_starts_outside_the_past_are_refused(county, start):
    with pytest.raises(CaseError, match="in-time"):
        in_time(county(), RECIPES["did"], [start])


def test_a_short_past_has_no_in_time_placebo(county):
    assert in_time(county(start=3), RECIPES["did"]) == ()


def test_left_out_donors_by_hand(county):
    panel = county()
    span = estimate(panel, "sc").loo_range
    effects = {
        u: estimate(panel, "sc", design=Design(leave_out=(u,))).att for u in panel.units if u not in ("u06", "u07")
    }
    assert span.low == pytest.approx(min(effects.values()), abs=1e-9)
    assert span.high == pytest.approx(max(effects.values()), abs=1e-9)
    assert effects[span.at_high] == pytest.approx(span.high, abs=1e-9)


def test_near_optimal_weights_hold_the_best_ones(county, county_values):
    effect = estimate(county(y=county_values(3), start=10), "sc")
    assert effect.near_optimal.low <= effect.att + 1e-7
    assert effect.near_optimal.high >= effect.att - 1e-7
    assert any("more donors than periods" in f for f in effect.flags)
    assert estimate(county(), "sc").near_optimal is None


@pytest.mark.parametrize("solver_size", [1, 13])
def test_the_multiverse_is_every_combination_of_the_declared_choices(county, solver_size):
    panel = county(y=None)
    dimensions = Dimensions(
        methods=("did", "sdid"), since=(0, 6), after=(6, 12), leave_out=(("all", ()), ("few", ("u19",))),
        starts=(23, 24), anticipation=tuple(range(solver_size)),
    )
    found = multiverse(panel, RECIPES, dimensions)
    assert len(found.specifications) + found.refused == dimensions.count == 32 * solver_size
    shares = [s.share for s in found.specifications]
    assert shares == sorted(shares)
    assert (found.low, found.high, found.median) == (shares[0], shares[-1], pytest.approx(float(np.median(shares))))
    one = next(
        s for s in found.specifications
        if (s.method, s.since, s.after, s.donors) == ("sdid", "2015-07", 6, "few")
        and (s.start, s.anticipation) == ("2017-01", 0)
    )
    own = estimate(panel, "sdid", design=Design(since=6, until=30, leave_out=("u19",)))
    assert one.att == pytest.approx(own.att, abs=1e-9)


def test_shares_make_scales_comparable(county, county_values):
    y = np.abs(county_values(0)) + 30
    y[[6, 7], 24:] *= 1.5
    found = multiverse(
        county(y=y), RECIPES, Dimensions(methods=("sdid",), scales=("level", "index", "log"))
    )
    by = {s.scale: s.share for s in found.specifications}
    assert by["level"] == pytest.approx(50, abs=8)
    assert by["index"] == pytest.approx(50, abs=8)
    assert by["log"] == pytest.approx(100 * np.log(1.5), abs=8)


def test_specifications_that_cannot_be_computed_are_counted(county):
    found = multiverse(county(), RECIPES, Dimensions(methods=("did",), since=(0, 23)))
    assert (found.refused, len(found.specifications)) == (1, 1)
    assert "before the start" in found.reason
    with pytest.raises(MethodError, match="no specification"):
        multiverse(county(), RECIPES, Dimensions(methods=("did",), since=(23,)))


def test_usual_choices_include_the_ring_where_there_is_a_map(county, county_values):
    panel = county(y=np.abs(county_values(0)) + 5)
    names = [name for name, _ in usual_dimensions(panel).leave_out]
    assert names == ["all donors", "without the ring"]
    assert usual_dimensions(panel).scales == ("level", "index", "log")
    assert [n for n, _ in usual_dimensions(replace(panel, adjacency=None)).leave_out] == ["all donors"]


def test_a_clean_panel_passes(county):
    found = checks(county())
    assert found["complete"].passed and found["whole years"].passed and found["long enough before"].passed
    assert found["units of measurement"].passed and found["series move"].passed
    assert found["large enough counts"].passed is None


def test_each_fault_is_seen_and_its_weight_told(county, county_values):
    y = county_values(0)
    y[3, 10] *= 1000
    assert "u03; without them the effect is" in checks(county(y=y))["units of measurement"].text
    y = np.round(np.abs(county_values(0)) * 10 + 50)
    y[4] = np.random.default_rng(0).poisson(3, 36)
    y[5, 7] = 0
    found = checks(county(y=y))
    assert found["large enough counts"].passed is False
    assert "u04; without them" in found["large enough counts"].text
    assert "u05; without them" in found["zeros"].text
    y = county_values(0)
    y[8] = 12.0
    assert "u08" in checks(county(y=y))["series move"].text
    assert checks(county(start=20))["whole years"].passed is False
    assert "on whole years the effect is" in checks(county(start=23), Design(until=36))["whole years"].text
    assert checks(county(start=8))["long enough before"].passed is False
    assert checks(county(y=np.round(county_values(0) / 8) * 8))["rounding"].passed is False
    y = county_values(0)
    y[[6, 7]] += 500
    found = checks(county(y=y))
    assert found["inside the donors' range"].passed is False
    assert found["not chosen for being extreme"].passed is False
    broken = replace(county(), breaks=(Break(24, "sheds", "all burglary"),), vintage="2023-08")
    assert checks(broken)["definitions"].text == "sheds from 2017-01, stable total: all burglary"
    assert checks(broken)["one vintage"].passed is True


def test_checks_of_tables():
    assert one_vintage(["2023-08", "2023-08"]).passed
    assert not one_vintage(["2023-08", "2026-03"]).passed
    check = unknown_share([1, 19], [100, 100], ["2020-02", "2020-03"])
    assert (check.passed, check.text) == (False, "unknown area above 5% in: 2020-03 (19.0%)")
    assert unknown_share([1, 2], [100, 100], ["a", "b"]).passed
    total = np.array([[3.0, 4.0]])
    assert parts_add_up({"a": total - 1, "b": np.ones((1, 2))}, total).passed
    assert not parts_add_up({"a": total, "b": np.ones((1, 2))}, total).passed


def around(**kw):
    return Circumstances(**kw)


def big(county, county_values, size=60.0):
    y = county_values(0)
    y[[6, 7], 24:] += size
    panel = county(y=y)
    return {m: replace(estimate(panel, m), in_time=in_time(panel, RECIPES[m])) for m in RECIPES}


def test_changed_needs_every_part(county, county_values):
    effects = big(county, county_values)
    found = judged(effects, "sdid", around=around(planned=True))
    assert found.verdict == "changed"
    assert (found.confidence, found.maryland) == ("high", 3)
    assert "rose by" in found.sentence
    assert judged(effects, "sdid", around=around(), family_p=0.2).verdict == "cannot tell"
    assert judged(effects, "sdid", around=around(controls_moved=("weather",))).verdict == "cannot tell"
    assert judged({"sdid": effects["sdid"]}, "sdid", around=around()).verdict == "cannot tell"
    flipped = effects | {"did": replace(effects["did"], att=-1.0)}
    assert judged(flipped, "sdid", around=around()).verdict == "cannot tell"
    early = replace(effects["sdid"], in_time=(replace(effects["sdid"].in_time[0], p=0.01),))
    found = judged(effects | {"sdid": early}, "sdid", around=around())
    assert (found.verdict, found.maryland) == ("cannot tell", 2)
    hung = replace(effects["sdid"], loo_range=replace(effects["sdid"].loo_range, low=-1.0))
    assert judged(effects | {"sdid": hung}, "sdid", around=around()).verdict == "cannot tell"
    none = replace(effects["sdid"], in_time=())
    assert judged(effects | {"sdid": none}, "sdid", around=around()).verdict == "cannot tell"


def test_an_open_confounder_makes_the_cause_disputed(county, county_values):
    effects = big(county, county_values)
    rival = Confounder("moped", "moped crime", ("u06",), "2017-01", "2017-09", ("calm",), "up", "", "", "", "open")
    found = judged(effects, "sdid", around=around(confounders=(rival,), planned=True))
    assert found.verdict == "changed"
    assert "cause is disputed: moped crime" in found.sentence
    assert found.confidence == "medium"
    for other in (replace(rival, state="ruled out"), replace(rival, areas=("u01",)), replace(rival, outcomes=("x",))):
        assert judged(effects, "sdid", around=around(confounders=(other,))).caveats == ()


def test_the_other_two_verdicts(county):
    panel = county()
    effects = {m: replace(estimate(panel, m), in_time=in_time(panel, RECIPES[m])) for m in RECIPES}
    none = judged(effects, "sdid", around=around())
    assert none.verdict == "cannot tell"
    assert "Only a change of" in none.sentence
    small = judged(effects, "sdid", around=around(margin=100.0, better="higher"))
    assert small.verdict == "no change larger than m"
    assert small.harm_excluded is True
    few = judged({k: replace(v, mde=None) for k, v in effects.items()}, "sdid", around=around())
    assert "can never show" in few.sentence


def test_a_study_of_two_pilots_puts_the_worse_first_and_the_pool_last(county, county_values):
    y = county_values(0)
    y[[17, 18], 24:] -= 40
    panel = county(y=y, pilots=(("north", ("u01", "u02")), ("south", ("u17", "u18"))))
    found = study(panel, Design(better="higher", margin=5.0), agenda=Agenda(methods=("did", "dsc", "sdid")))
    assert [p.pilot for p in found.worst_first] == ["south", "north", "pooled"]
    assert found.worst_first[0].ring is not None
    assert set(found.worst_first[0].effects) == {"did", "dsc", "sdid"}
    told = json.dumps(study_record(found), allow_nan=False)
    assert json.loads(told)["pilots"][0]["pilot"] == "south"
    assert json.loads(told)["pilots"][0]["effects"]["sdid"]["placebos"] == found.worst_first[0].effect.placebo_n


def test_a_pooled_test_that_cannot_be_listed_is_told_and_skipped(county):
    pilots = tuple((f"p{k}", (f"u{k:02d}",)) for k in range(11))
    found = study(county(pilots=pilots), agenda=Agenda(methods=("did",), headline="did"))
    assert len(found.pilots) == 11
    assert any(c.name == "pooled test" and c.passed is None for c in found.checks)


def test_a_study_by_one_method_still_asks_the_others_for_their_sign(county, county_values):
    y = county_values(0)
    y[[6, 7], 24:] += 60
    one = study(county(y=y), agenda=Agenda(methods=("sc",), headline="sc")).pilots[0]
    assert list(one.effects) == ["sc"]
    assert one.judgement.verdict == "changed"


def test_a_verdict_against_a_small_p_says_why(county, county_values):
    effects = big(county, county_values)
    found = judged(effects, "sdid", around=around(controls_moved=("weather",)))
    assert "cannot tell. The estimate is" in found.sentence
    assert "but a negative control moved: weather" in found.sentence


def test_unknown_methods_are_refused(county):
    with pytest.raises(CaseError, match="--method"):
        study(county(), agenda=Agenda(methods=("sdid2",)))


def test_the_ring_as_if_treated(county, county_values):
    y = county_values(0)
    ring = [1, 2, 5, 8, 11, 12]
    y[ring, 24:] += 30
    panel = county(y=y)
    plain = ring_effect(panel, Design(), "did", "pilot")
    assert plain.treated == tuple(f"u{k:02d}" for k in ring)
    assert not set(plain.donors) & {"u06", "u07"}
    assert plain.att > 20
    assert ring_effect(replace(panel, adjacency=None), Design(), "did", "pilot") is None


def test_family_p_shares_the_sets(county, county_values):
    panels = [county(y=county_values(k)).with_outcome(f"o{k}", "", county_values(k)) for k in range(3)]
    effects = [estimate(p) for p in panels]
    corrected = family_p(effects)
    assert all(c >= e.placebo_p - 1e-12 for c, e in zip(corrected, effects, strict=True))
    with pytest.raises(MethodError, match="share"):
        family_p([effects[0], estimate(panels[1], design=Design(leave_out=("u19",)))])


def test_rounding_to_six_figures():
    assert rounded(123456.789) == 123457
    assert rounded(-0.000123456789) == -0.000123457
    assert rounded(0.0) == 0
    assert rounded(None) is None
    assert rounded(float("nan")) is None


def test_the_multiverse_keeps_to_the_window_of_the_design(county):
    panel = county()
    found = multiverse(panel, RECIPES, Dimensions(methods=("did",), after=(None, 3, 99)), design=Design(until=30),
                       headline=-1.0)
    assert sorted(s.after for s in found.specifications) == [3, 6, 6]
    assert found.same_sign == sum(s.share < 0 for s in found.specifications) / 3


def test_starts_that_never_were_in_a_very_large_pool_take_every_so_many_th_placebo(single):
    y = np.cumsum(np.random.default_rng(5).normal(size=(905, 12)), axis=1)
    fake, = in_time(single(y, 9), RECIPES["did"], [6])
    assert fake.n == 302
    gap = y[:, 6:9].mean(axis=1) - y[:, :6].mean(axis=1)
    rest = gap[1:]
    assert fake.att == pytest.approx(gap[0] - rest.mean())
    every = [abs(gap[k] - np.delete(rest, k - 1).mean()) for k in range(1, 905, 3)]
    assert fake.p == pytest.approx((1 + sum(v >= abs(fake.att) for v in every)) / 303)


def test_a_treated_series_that_was_nothing_before_the_start_still_has_an_answer(single):
    y = 5 + np.random.default_rng(7).normal(size=(22, 14))
    y[0] = np.where(np.arange(14) < 9, 0.0, 3.0)
    found = study(single(y, 9), agenda=Agenda(methods=("did", "sdid")))
    assert np.isfinite(found.pilots[0].variants.median)
    assert len(found.pilots[0].variants.specifications) > 10

"""Panels: what they refuse, and how pilots, starts, windows, scales and rings are laid on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import Design, PeriodPhase, TreatedGroup, estimate, from_long, start_position, with_pilots
from bailiwick.evaluation.fits import Sample
from bailiwick.evaluation.panel import Break, Panel, period_phases
from bailiwick.evaluation.question import donor_pool, placebo_sets, question

U, T = ["a", "a", "b", "b", "c", "c"], ["2001", "2002"] * 3


def test_units_and_periods_are_sorted_and_integers_cast():
    panel = from_long(["b", "a", "b", "a"], ["2002", "2001", "2001", "2002"], [4, 1, 3, 2])
    assert panel.units == ("a", "b")
    assert panel.y.tolist() == [[1, 2], [3, 4]]
    assert panel.y.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        panel.y[0, 0] = 9


@pytest.mark.parametrize(
    ("units", "periods", "values", "said"),
    [
        ([], [], [], "no rows"), ([*U, "a"], [*T, "2001"], [1] * 7, "two rows"), (U[:5], T[:5], [1] * 5, "c, 2002"),
        (U, T, [1, 2, 3, 4, 5, np.nan], "1 missing values, in: c"), (U, T, [1, 2, np.inf, 4, 5, 6], "finite"),
        (U, ["2001", "2003", "2001", "2002", "2001", "2002"], [1] * 6, "missing values"),
    ],
)
def test_refusals(units, periods, values, said):
    with pytest.raises(CaseError) as caught:
        from_long(units, periods, values)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("pilots", "said"),
    [
        ([], "at least one treated"), ([TreatedGroup("p", (), 1)], "at least one treated"),
        ([TreatedGroup("p", ("zz",), 1)], "zz"),
        ([TreatedGroup("p", ("a",), 1), TreatedGroup("q", ("a",), 1)], "one pilot only"),
        ([TreatedGroup("p", ("a", "b", "c"), 1)], "every unit is treated"),
        ([TreatedGroup("p", ("a", "b"), 1)], "only one donor"),
    ],
)
def test_pilots_that_cannot_be_evaluated(pilots, said):
    with pytest.raises((CaseError, MethodError)) as caught:
        with_pilots(from_long(U, T, range(6)), pilots)
    assert said in str(caught.value)


def test_the_shape_is_checked(county):
    with pytest.raises(ValueError, match="shape"):
        replace(county(), y=np.zeros((3, 3)))


def test_starts(county):
    panel = county()
    assert start_position(panel.axis, "2017-01") == (24, 1.0)
    place, exposed = start_position(panel.axis, "2017-09-04")
    assert (place, exposed) == (32, pytest.approx(0.9))
    for at in ("2014-12", "2015-01", "2018-01", "2030-05"):
        with pytest.raises(CaseError, match="from"):
            start_position(panel.axis, at)


def test_the_start_is_a_parameter_and_early_phases_follow_it(county):
    panel = county()
    phases = (PeriodPhase("one channel", 24, 30), PeriodPhase("one each", 30, 36))
    panel = replace(panel, pilots=(replace(panel.pilots[0], phases=phases),))
    moved = panel.started("2017-03-16").pilots[0]
    assert (moved.start, moved.exposed) == (26, pytest.approx(16 / 31))
    assert moved.phases == (PeriodPhase("one channel", 26, 30), PeriodPhase("one each", 30, 36))
    assert panel.started("2017-08").pilots[0].phases == (PeriodPhase("one each", 31, 36),)
    assert estimate(panel.started("2017-03-16")).flags[0].endswith("52% of its length")


@dataclass(frozen=True, slots=True)
class Dated:
    name: str
    start: object
    end: object
    dose: float = 1.0


def test_phases_by_dates(county):
    found = period_phases(
        county().axis,
        [Dated("launch", date(2017, 1, 1), date(2017, 9, 4), 0.5), Dated("repair", date(2017, 9, 4), None),
         Dated("later", date(2019, 1, 1), None)],
    )
    assert found == (PeriodPhase("launch", 24, 32, 0.5), PeriodPhase("repair", 32, 36, 1.0))


def test_effects_by_phase_average_the_same_path(county):
    panel = county()
    phases = (PeriodPhase("first", 24, 28, 0.5), PeriodPhase("second", 28, 36, 0.0))
    panel = replace(panel, pilots=(replace(panel.pilots[0], phases=phases),))
    effect = estimate(panel)
    first, second, whole = effect.by_phase
    assert first.att == pytest.approx(effect.gap[24:28].mean())
    assert first.per_dose == pytest.approx(2 * first.att)
    assert second.per_dose is None
    assert whole.att == pytest.approx((4 * first.att + 8 * second.att) / 12) == effect.att
    assert (first.first, first.last, second.last) == ("2017-01", "2017-04", "2017-12")
    assert effect.phases is effect.by_phase


def test_window_anticipation_and_donors(county):
    panel = county()
    design = Design(since=2, until=34, anticipation=3, leave_out=("u19",))
    asked = question(panel, design)
    assert asked.columns == (*range(2, 21), *range(24, 34))
    assert asked.sample.before == 19
    assert 19 not in asked.sample.pool
    assert asked.labels[18:20] == ("2016-09", "2017-01")


def test_the_ring_can_be_dropped(county):
    panel = county()
    assert panel.touching((6, 7)) == (1, 2, 5, 8, 11, 12)
    assert not set(donor_pool(panel, Design(drop_ring=True))) & {1, 2, 5, 8, 11, 12, 6, 7}
    water = replace(panel, crossings=((7, 14),))
    assert 14 in donor_pool(water, Design(drop_ring=True))
    assert 14 not in donor_pool(water, Design(drop_ring=True, ring_over_water=True))
    with pytest.raises(MethodError, match="--adjacency"):
        donor_pool(replace(panel, adjacency=None), Design(drop_ring=True))


def test_scales(county, county_values):
    y = np.abs(county_values(0)) + 10
    panel = county(y=y)
    index = question(panel, Design(scale="index"))
    assert index.sample.y[:, :24].mean(axis=1) == pytest.approx(np.full(20, 100.0))
    assert index.unit == "% of own mean before"
    assert question(panel, Design(scale="log")).sample.y == pytest.approx(np.log(panel.y))
    change = question(panel, Design(scale="year on year"))
    assert change.columns[0] == 12
    assert change.sample.y[:, 0] == pytest.approx(panel.y[:, 12] - panel.y[:, 0])
    for scale, said in (("log", "logarithm"), ("index", "not above zero")):
        with pytest.raises(MethodError, match=said):
            question(county(y=y - 300), Design(scale=scale))
    with pytest.raises(MethodError, match="scale"):
        question(panel, Design(scale="root"))
    yearly = replace(panel, axis=replace(panel.axis, kind="year", first=1970))
    with pytest.raises(MethodError, match="monthly or quarterly"):
        question(yearly, Design(scale="year on year"))


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (Design(since=23), r"1 period\(s\) before"), (Design(anticipation=23), r"1 period\(s\) before"),
        (Design(until=24), "no period after"), (Design(until=99), "positions"), (Design(alpha=0), "alpha"),
        (Design(level=1.0), "level"), (Design(power=2.0), "power"), (Design(anticipation=-1), "anticipation"),
        (Design(margin=0.0), "margin"), (Design(statistic="t"), "statistic"), (Design(noise="x"), "noise"),
        (Design(leave_out=("zz",)), "zz"),
    ],
)
def test_designs_that_make_no_sense(county, design, said):
    with pytest.raises((MethodError, CaseError), match=said):
        question(county(), design)


def test_a_break_inside_the_window_blocks_unless_a_total_is_stable(county):
    panel = replace(county(), breaks=(Break(24, "sheds counted as homes"),))
    with pytest.raises(MethodError, match="sheds counted as homes from 2017-01"):
        estimate(panel)
    assert estimate(replace(panel, breaks=(Break(24, "sheds", "all burglary"),))).placebo_n > 0
    assert estimate(replace(panel, breaks=(Break(0, "sheds"),))).placebo_n > 0


def test_series_that_never_change(county, county_values):
    y = county_values(0)
    y[[6, 7]] = 5.0
    with pytest.raises(MethodError, match="never changes"):
        estimate(county(y=y))
    y = np.ones((20, 36))
    y[[6, 7]] = county_values(0)[[6, 7]]
    with pytest.raises(MethodError, match="no donor's series"):
        estimate(county(y=y))


def test_reference_sets_by_kind(county):
    panel = county()
    sets, said = placebo_sets(question(panel))
    assert all(abs(a - b) in (1, 5) for a, b in sets)
    assert "joined-up groups of 2 donors" in said
    sets, said = placebo_sets(question(panel, Design(reference="all")))
    assert len(sets) == 18 * 17 // 2
    listed = replace(panel, groups=((0, 1), (2, 3, 4), (6, 9)))
    assert placebo_sets(question(listed))[0] == ((0, 1), (2, 3, 4))
    sets, said = placebo_sets(question(replace(panel, adjacency=None), Design(draws=30)))
    assert len(sets) == 30
    assert "at random" in said
    apart = county(pilots=(("p", ("u00", "u19")),))
    assert len(placebo_sets(question(apart))[0]) == 18 * 17 // 2
    with pytest.raises(MethodError, match="--adjacency"):
        placebo_sets(question(replace(panel, adjacency=None), Design(reference="contiguous")))
    big = county(pilots=(("p", tuple(f"u{k:02d}" for k in range(11))),))
    with pytest.raises(MethodError, match="no placebo set"):
        estimate(big, design=Design(reference="all"))


def test_samples_refuse_what_no_method_can_use():
    y = np.ones((4, 5))
    for before, pool, said in ((1, [1, 2], "before the start"), (5, [1, 2], "after the start"), (3, [1], "1 donor")):
        with pytest.raises(MethodError, match=said):
            Sample(y, before, np.array(pool))


def test_a_panel_without_pilots_says_so(county):
    with pytest.raises(MethodError, match="with_pilots"):
        question(replace(county(), pilots=()))


def test_another_outcome_on_the_same_units(county):
    panel = county().with_outcome("crime", "per 1,000", np.zeros((20, 36)))
    assert isinstance(panel, Panel)
    assert (panel.outcome, panel.unit, panel.y.sum()) == ("crime", "per 1,000", 0)

"""Point estimates against three packages that others would reach for, where those are exact, and below them where not.

Peers: diff-diff (difference in differences, synthetic control with equal predictor weights, SDID), pyfixest (two-way
fixed effects, event study), csdid (group-time effects of Callaway & Sant'Anna 2021 for one cohort). What is theirs and
not compared: standard errors, which with few treated units mean something else than a placebo rank, and synthetic
control with nested predictor weights, whose optimum depends on its starts.

diff-diff 3.13 stops its SDID weights by rule before the minimum (as R's synthdid does): there the test is that our
objective is no higher than theirs with the same penalty and that the effects agree within that gap.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from bailiwick.evaluation import Design, TreatedGroup, estimate, from_long, with_pilots
from bailiwick.sources.panelfile import PanelRequest, panel_from_file

pytestmark = pytest.mark.filterwarnings("ignore")
SAME = 1e-8
QUICK = Design(reference="random", draws=19)
PANELS = ("prop99", "basque", "castle", "one", "pair", "short")


@dataclass(frozen=True)
class Shared:
    """One panel in our form and in the peers'; in theirs `now` is 1 for the treated from the start on."""

    panel: object
    frame: pd.DataFrame
    start: int

    @property
    def after(self):
        return list(range(self.start, self.panel.axis.count))

    @property
    def donors(self):
        return [k for k in range(len(self.panel.units)) if k not in self.panel.treated]


def shared_form(panel):
    n, t = panel.y.shape
    frame = pd.DataFrame({"unit": np.repeat(np.arange(n), t), "time": np.tile(np.arange(t), n), "y": panel.y.ravel()})
    ever, start = frame["unit"].isin(panel.treated), panel.pilots[0].start
    late = frame["time"] >= start
    return Shared(panel, frame.assign(
        ever=ever.astype(int), post=late.astype(int), now=(ever & late).astype(int), period=frame["time"] + 1,
        cohort=np.where(ever, start + 1, 0)), start)


def made_up(seed, treated, periods=30, start=22):
    rng = np.random.default_rng(seed)
    y = 100 + rng.normal(0, 8, (18, 1)) + rng.normal(size=(18, 3)) @ np.cumsum(rng.normal(size=(3, periods)), axis=1)
    y += rng.normal(0, 1.5, y.shape)
    y[:treated, start:] += 6
    names, labels = [f"u{k:02d}" for k in range(18)], [str(t) for t in range(periods)]
    panel = from_long([u for u in names for _ in labels], [t for _ in names for t in labels], y.ravel())
    return with_pilots(panel, [TreatedGroup("pilot", tuple(names[:treated]), start)])


def castle(folder):
    """Robbery by US state, 2000-2010: the states whose castle doctrine began in 2007 against those that had none."""
    with (folder / "causal" / "castle.csv").open() as file:
        rows = list(csv.DictReader(file))
    first = {}
    for row in rows:
        if float(row["post"]) > 0:
            first[row["sid"]] = min(first.get(row["sid"], 9999), int(row["year"]))
    kept = [r for r in rows if first.get(r["sid"], 2007) == 2007]
    panel = from_long([r["sid"] for r in kept], [r["year"] for r in kept], [float(r["robbery"]) for r in kept])
    cohort = tuple(u for u in panel.units if u in first)
    return with_pilots(panel, [TreatedGroup("2007", cohort, 7)])


@pytest.fixture(scope="module", params=PANELS)
def shared(request, shared_data):
    causal = shared_data / "causal"
    if request.param == "prop99":
        asked = PanelRequest("State", "Year", "packs", "California", "1989")
        return shared_form(panel_from_file(causal / "california_prop99.csv", asked))
    if request.param == "basque":
        asked = PanelRequest("regionname", "year", "gdpcap", "Basque Country (Pais Vasco)", "1970",
                             exclude="Spain (Espana)")
        return shared_form(panel_from_file(causal / "basque.csv", asked))
    if request.param == "castle":
        return shared_form(castle(shared_data))
    return shared_form(made_up(*{"one": (1, 1), "pair": (2, 2), "short": (3, 3, 12, 8)}[request.param]))


def test_did_is_that_of_two_packages(shared):
    peer, fixed = pytest.importorskip("diff_diff"), pytest.importorskip("pyfixest")
    ours = estimate(shared.panel, "did", design=QUICK).att
    theirs = peer.DifferenceInDifferences().fit(shared.frame, outcome="y", treatment="ever", post="post")
    assert theirs.att == pytest.approx(ours, abs=SAME * np.abs(shared.panel.y).max())
    twoway = fixed.feols("y ~ now | unit + time", data=shared.frame, vcov="iid").coef()["now"]
    assert twoway == pytest.approx(ours, abs=SAME * np.abs(shared.panel.y).max())


def test_the_event_study_is_the_gap_path_moved_to_its_base(shared):
    fixed = pytest.importorskip("pyfixest")
    base = shared.start - 1
    gap = estimate(shared.panel, "did", design=QUICK).gap
    found = fixed.feols(f"y ~ i(time, ever, ref={base}) | unit + time", data=shared.frame, vcov="iid").coef()
    assert len(found) == len(gap) - 1
    assert found.to_numpy() == pytest.approx(np.delete(gap - gap[base], base), abs=SAME * np.abs(shared.panel.y).max())


def test_group_time_effects_of_the_only_cohort(shared):
    """After the start the base is the last period before it; before the start each period's base is the one before."""
    attgt = pytest.importorskip("csdid.att_gt").ATTgt
    gap, start = estimate(shared.panel, "did", design=QUICK).gap, shared.start
    found = attgt(yname="y", tname="period", idname="unit", gname="cohort", data=shared.frame.copy(),
                  control_group="nevertreated").fit(est_method="reg", bstrap=False)
    by_hand = np.concatenate([np.diff(gap)[: start - 1], gap[start:] - gap[start - 1]])
    assert np.array(found.results["att"]) == pytest.approx(by_hand, abs=1e-6 * np.abs(shared.panel.y).max())
    simple = found.aggte("simple", bstrap=False).atte["overall_att"]
    assert simple == pytest.approx(float(by_hand[start - 1 :].mean()), abs=1e-6 * np.abs(shared.panel.y).max())


def test_synthetic_control_with_equal_predictor_weights(shared):
    """All outcomes before the start as predictors of equal weight, not standardised: then there is nothing nested."""
    peer = pytest.importorskip("diff_diff")
    if len(shared.panel.treated) > 1:
        pytest.skip("diff-diff's synthetic control takes one treated unit")
    before = shared.start
    theirs = peer.SyntheticControl(v_method="custom", custom_v=np.ones(before) / before, standardize="none").fit(
        shared.frame, outcome="y", treatment="now", unit="unit", time="time", post_periods=shared.after,
        pre_period_outcomes="all")
    ours = estimate(shared.panel, "sc")
    scale = float(np.abs(shared.panel.y).max())
    assert ours.pre_rmspe <= theirs.pre_rmspe + 1e-9 * scale
    assert ours.pre_rmspe == pytest.approx(theirs.pre_rmspe, abs=1e-6 * scale)
    if before >= len(shared.donors):
        assert theirs.att == pytest.approx(ours.att, abs=1e-6 * scale)
    else:
        low, high = sorted((ours.near_optimal.low, ours.near_optimal.high))
        assert low - 1e-6 * scale <= theirs.att <= high + 1e-6 * scale


def unit_objective(shared, weights, zeta):
    """The objective of SDID's unit weights, intercept taken out: sum of squares plus zeta^2 T0 |w|^2."""
    early = shared.panel.y[:, : shared.start]
    early = early - early.mean(axis=1, keepdims=True)
    gap = early[list(shared.panel.treated)].mean(axis=0) - weights @ early[shared.donors]
    return float(gap @ gap + zeta**2 * shared.start * (weights @ weights))


def test_sdid_is_no_worse_than_a_programme_that_stops_by_rule(shared):
    peer = pytest.importorskip("diff_diff")
    theirs = peer.SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=1).fit(
        shared.frame, outcome="y", treatment="ever", unit="unit", time="time", post_periods=shared.after)
    ours = estimate(shared.panel, "sdid", design=QUICK)
    assert theirs.noise_level == pytest.approx(ours.noise, rel=1e-9)
    zeta = (len(shared.panel.treated) * len(shared.after)) ** 0.25 * ours.noise
    assert theirs.zeta_omega == pytest.approx(zeta, rel=1e-9)
    named = dict(ours.weights)
    own = np.array([named.get(shared.panel.units[k], 0.0) for k in shared.donors])
    other = np.array([theirs.unit_weights.get(k, 0.0) for k in shared.donors])
    assert unit_objective(shared, own, zeta) <= unit_objective(shared, other / other.sum(), zeta) * (1 + 1e-9)
    assert theirs.att == pytest.approx(ours.att, abs=0.05 * ours.noise)


def test_the_rank_of_every_placebo_by_rmspe_ratio(shared_data):
    """Both programmes refit all 38 donors of Proposition 99 and rank the ratio of errors after to before."""
    peer = pytest.importorskip("diff_diff")
    asked = PanelRequest("State", "Year", "packs", "California", "1989")
    shared = shared_form(panel_from_file(shared_data / "causal" / "california_prop99.csv", asked))
    theirs = peer.SyntheticControl(v_method="custom", custom_v=np.ones(19) / 19, standardize="none").fit(
        shared.frame, outcome="y", treatment="now", unit="unit", time="time", post_periods=shared.after,
        pre_period_outcomes="all")
    theirs.in_space_placebo()
    ours = estimate(shared.panel, "sc", design=Design(statistic="rmspe ratio"))
    assert (theirs.n_placebos, theirs.placebo_p_value) == (38, pytest.approx(ours.placebo_p))


def interior_point(rows, ridge):
    """min |rows w|^2 + ridge |w|^2 on the simplex by Clarabel at its tightest."""
    clarabel, sparse = pytest.importorskip("clarabel"), pytest.importorskip("scipy.sparse")
    n = rows.shape[1]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-13
    scale = (rows * rows).sum(axis=0).max()
    solution = clarabel.DefaultSolver(
        sparse.csc_matrix(np.triu(2 * (rows.T @ rows + ridge * np.eye(n)) / scale)), np.zeros(n),
        sparse.csc_matrix(np.vstack([np.ones((1, n)), -np.eye(n)])), np.concatenate([[1.0], np.zeros(n)]),
        [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(n)], settings).solve()
    w = np.maximum(np.array(solution.x), 0.0)
    return w / w.sum()


@pytest.mark.parametrize("method", ["sc", "dsc", "sdid"])
def test_the_objective_is_as_low_as_an_interior_point_finds(shared, method):
    """To a billionth of the interior point's own value, on every panel and for every kind of donor weight."""
    ours = estimate(shared.panel, method, design=QUICK)
    early = shared.panel.y[:, : shared.start]
    if method != "sc":
        early = early - early.mean(axis=1, keepdims=True)
    rows = (early[shared.donors] - early[list(shared.panel.treated)].mean(axis=0)).T
    zeta = (len(shared.panel.treated) * len(shared.after)) ** 0.25 if method == "sdid" else 1e-6
    ridge = (zeta * ours.noise) ** 2 * shared.start
    named = dict(ours.weights)
    own = np.array([named.get(shared.panel.units[k], 0.0) for k in shared.donors])

    def objective(w):
        return float(((rows @ w) ** 2).sum() + ridge * (w @ w))

    assert own.sum() == pytest.approx(1, abs=1e-12)
    assert objective(own) <= objective(interior_point(rows, ridge)) * (1 + 1e-9)

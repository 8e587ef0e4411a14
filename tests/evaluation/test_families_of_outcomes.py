"""Several outcomes looked at together: corrected p, controls that moved, totals and parts, pages and record."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from bailiwick.cli_evaluate import evaluate
from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import Design
from bailiwick.evaluation.family import Asked, family_p, study_together
from bailiwick.evaluation.record import studies_record
from bailiwick.evaluation.study import Agenda, study
from bailiwick.publish.evaluation_page import evaluation_pages

APP = typer.Typer()
APP.command()(evaluate)
QUICK = Agenda(methods=("did",), headline="did")
NAMES = ("calm", "noise", "dirt")


@pytest.fixture
def asked(county, county_values):
    """Three outcomes of one county; the first one rises by 30 in the pilot."""
    values = [county_values(seed) for seed in (1, 2, 3)]
    values[0][[6, 7], 24:] += 30
    whole = county()
    return [Asked(whole.with_outcome(n, "points", y), Design(), QUICK) for n, y in zip(NAMES, values, strict=True)]


def renamed(one, name, y, **changes):
    return replace(one, panel=one.panel.with_outcome(name, "", y), **changes)


def test_the_corrected_p_is_the_rank_of_the_largest_standardised_effect(asked):
    found = study_together(asked)
    effects = [one.pilots[0].effect for one in found]
    draws = np.array([e.placebo_effects for e in effects])
    spread = draws.std(axis=1)
    largest = np.abs(draws / spread[:, None]).max(axis=0)
    for effect, scale, one in zip(effects, spread, found, strict=True):
        by_hand = (1 + sum(largest >= abs(effect.att) / scale * (1 - 1e-9))) / (1 + len(largest))
        assert one.pilots[0].judgement.p == pytest.approx(by_hand)
        assert one.pilots[0].judgement.p >= effect.placebo_p
        assert one.pilots[0].family == NAMES
    assert [one.pilots[0].judgement.verdict for one in found] == ["changed", "cannot tell", "cannot tell"]


def test_one_outcome_alone_is_the_plain_study(asked):
    alone, = study_together(asked[:1])
    assert alone.pilots[0].judgement == study(asked[0].panel, agenda=QUICK).pilots[0].judgement
    assert alone.pilots[0].family == ()


def test_a_control_that_moves_takes_the_verdict_away(asked):
    mover = renamed(asked[0], "weather", asked[0].panel.y + 1, control=True)
    changed, _, _, control = study_together([*asked, mover])
    assert control.pilots[0].judgement.verdict == "changed"
    assert changed.pilots[0].judgement.verdict == "cannot tell"
    assert "weather" in changed.pilots[0].judgement.sentence
    elsewhere = [replace(one, family="b") for one in asked[1:]]
    spared = study_together([replace(asked[0], family="a"), *elsewhere, replace(mover, family="b")])[0]
    assert spared.pilots[0].judgement.verdict == "changed"


def test_a_total_beside_its_parts_and_figures_given_twice_are_told(asked):
    total = renamed(asked[0], "total", sum(one.panel.y for one in asked))
    for one in study_together([*asked, total]):
        check = one.checks[-1]
        assert (check.passed, "total is the sum" in check.text) == (False, True)
    twice = study_together([asked[1], renamed(asked[1], "din", asked[1].panel.y)])
    assert "noise and din are the same figures" in twice[0].checks[-1].text
    assert study_together(asked)[0].checks[-1].passed


def test_outcomes_on_other_donors_are_no_family(asked):
    effects = [study(asked[0].panel, agenda=QUICK).pilots[0].effect]
    effects.append(study(asked[1].panel, Design(leave_out=("u19",)), agenda=QUICK).pilots[0].effect)
    with pytest.raises(MethodError, match="share their placebo sets"):
        family_p(effects)


def test_a_pooled_p_never_falls_below_what_one_pilot_could_give(county, county_values):
    y = county_values(4)
    y[[0, 19], 24:] += 60
    found = study(county(y=y, pilots=(("a", ("u00",)), ("b", ("u19",)))), agenda=QUICK)
    pooled = found.pilots[-1]
    assert pooled.effect.placebo_p < pooled.judgement.p == min(p.effect.p_floor for p in found.pilots[:-1])


def test_the_overview_leads_to_a_page_for_each_outcome(asked):
    found = study_together(asked[:2])
    pages = dict(evaluation_pages(found))
    assert list(pages) == ["evaluation.html", "evaluation-1-calm.html", "evaluation-2-noise.html"]
    assert set(re.findall(r'href="([^#"]+)"', pages["evaluation.html"])) == set(list(pages)[1:])
    assert "1 of 2 verdicts: changed" in pages["evaluation.html"]
    assert "corrected for all 2" in pages["evaluation-2-noise.html"]
    record = studies_record(found)
    assert [line["tested_with"] for line in record["tested_together"]] == [["calm", "noise"]] * 2
    assert [one["outcome"] for one in record["outcomes"]] == ["calm", "noise"]


@pytest.fixture
def file(tmp_path):
    rng = np.random.default_rng(1)
    frame = {"unit": np.repeat([f"u{k:02d}" for k in range(21)], 12), "time": list(range(2001, 2013)) * 21}
    for name in ("calm", "noise"):
        y = 50 + np.cumsum(rng.normal(size=(21, 12)), axis=1)
        y[0, 8:] += 40 * (name == "calm")
        frame[name] = y.ravel()
    pd.DataFrame(frame).to_csv(tmp_path / "panel.csv", index=False)
    return tmp_path / "panel.csv"


def run(file, *words):
    ask = ["--unit", "unit", "--time", "time", "--treated", "u00", "--from", "2009", "--method", "did"]
    return CliRunner().invoke(APP, [str(w) for w in (file, *ask, *words)])


def test_the_command_prints_and_writes_the_family(file, tmp_path):
    done = run(file, "--outcome", "calm,noise", "--margin", "calm=3,noise=50", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert re.search(r"calm +\d+\.?\d* +0\.0476 +0\.0476 .*changed", done.output)
    assert re.search(r"noise .*no change larger than m", done.output)
    record = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert record["schema"] == "bailiwick/evaluations/1"
    assert [line["verdict"] for line in record["tested_together"]] == ["changed", "no change larger than m"]
    assert sorted(p.name for p in (tmp_path / "out").glob("*.html")) == sorted(
        ["evaluation.html", "evaluation-1-calm.html", "evaluation-2-noise.html"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--margin", "5"], "calm=5"), (["--margin", "quiet=5"], "quiet"), (["--margin", "calm=much"], "much"),
        (["--better", "calm=up"], "up"), (["--better", "clam=lower"], "clam"), (["--margin", "calm=-1"], "above zero"),
    ],
)
def test_margins_and_directions_are_for_named_outcomes(file, tmp_path, words, said):
    done = run(file, "--outcome", "calm,noise", *words, "--out", tmp_path / "out")
    assert done.exit_code != 0
    assert isinstance(done.exception, CaseError)
    assert said in str(done.exception)
    assert not (tmp_path / "out").exists()

"""The panels that ship, the plan whose hash is lodged in the case, and the words of the pilots' tables."""

from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest

from bailiwick import casefile, catalogue
from bailiwick.casefile_files import bundled
from bailiwick.errors import CaseError, CaseErrors
from bailiwick.evaluation.pilots_words import amount, rounded, worst_first
from bailiwick.evaluation.plan import digest, plan_from_toml

FIRST = "south-west-london-2018"
DAY = date(2018, 1, 31)
SURVEY = {
    "Good Job local": "good_job_local", "Contact ward officer": "contact_ward_officer",
    "Informed local": "informed_local", "Listen to concerns": "listen_to_concerns",
    "Relied on to be there": "relied_on_to_be_there", "Treat everyone fairly": "treat_everyone_fairly",
    "Understand issues": "understand_issues", "Trust MPS": "trust_police",
}


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(bundled()[FIRST], tmp_path / FIRST)


def changed(folder, name, before, after):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8", newline="\n")


def test_the_lodged_hash_is_that_of_the_plan(copied):
    raw = (copied / "evaluation-plan.toml").read_bytes()
    assert f'sha256 = "sha256:{digest(raw)}"' in (copied / "case.toml").read_text(encoding="utf-8")
    assert casefile.load(copied).plan == raw.decode()


def test_a_plan_changed_after_its_hash_was_lodged_is_refused_but_comments_may_change(copied):
    changed(copied, "evaluation-plan.toml", "# How the two", "# In what way the two")
    assert casefile.load(copied).plan.startswith("# In what way the two")
    changed(copied, "evaluation-plan.toml", "margin = 5", "margin = 15")
    with pytest.raises(CaseError) as told:
        casefile.load(copied)
    problem = told.value.problems[0] if isinstance(told.value, CaseErrors) else told.value
    assert problem.key == "evaluation.sha256"
    assert "changed after its hash was lodged" in problem.hint


@pytest.mark.parametrize(("before", "after"), [
    ('plan = "evaluation-plan.toml"', 'plan = "../plan.toml"'),
    ('plan = "evaluation-plan.toml"', 'plan = "no-plan.toml"'),
    ('plan = "evaluation-plan.toml"', 'plan = ""'),
    ('sha256 = "sha256:', 'sha256 = "md5:'),
])
def test_a_plan_that_cannot_be_read_is_one_clear_problem(copied, before, after):
    changed(copied, "case.toml", before, after)
    with pytest.raises(CaseError):
        casefile.load(copied)


def test_the_plan_names_every_choice_before_the_data():
    plan = plan_from_toml(casefile.load(FIRST).plan.encode())
    assert [p.id for p in plan.pilots] == ["central-north", "east"]
    assert plan.variants["starts"] == ["2017-01-01", "2017-02-01", "2017-03-01", "2017-04-01"]
    assert {phase.start for p in plan.pilots for phase in p.phases if phase.name.startswith("after")} == {"2017-09-04"}
    assert all(o.margin for o in plan.outcomes)
    families = {o.family for o in plan.outcomes}
    assert len([o for o in plan.outcomes if o.name == "crimes_total.crimes"]) == 1
    assert "activity, all types together" in families, "a total never shares a family with its parts"
    assert {"control-room", "moped-crime"} <= {c.id for c in plan.confounders}


def test_rows_published_after_the_day_stay_in_the_files_and_are_hidden():
    case = casefile.load(FIRST)
    assert {name: case.tables[name].hidden for name in ("survey", "crimes_monthly", "crimes_total")} == {
        "survey": 32, "crimes_monthly": 96, "crimes_total": 768}
    assert max(row["reference_period"] for row in case.tables["crimes_monthly"]) == "2017-12"
    later = casefile.load(FIRST, as_of=date(2023, 7, 31)).tables
    assert later["survey_yearly"].hidden == 0
    assert len(later["survey_yearly"]) == 32 * 9
    assert len(later["rollout"]) == 15


def test_a_restated_series_says_so_in_every_row():
    for name in ("crimes-monthly-london-2014", "crimes-monthly-london-2016", "crimes-total-london-2014",
                 "crimes-total-london-2017", "survey-london", "survey-march-london"):
        rows = catalogue.table(name).rows
        assert all("later vintage" in row["vintage"] for row in rows)


def test_a_table_in_two_files_is_one_table():
    rows = casefile.load(FIRST, as_of=date(2018, 4, 30)).tables["crimes_monthly"].rows
    assert len(rows) == 32 * 51
    assert len({(row["area"], row["reference_period"]) for row in rows}) == len(rows)


def test_the_survey_is_the_publishers(shared_data):
    with (shared_data / "london" / "pas_borough_quarterly_wide_2014_2017.csv").open(encoding="utf-8") as file:
        wide = list(csv.DictReader(file))
    ours = {(row["area"], row["reference_period"]): row for row in catalogue.table("survey-london")}
    assert len(ours) == 32 * 13
    for row in wide:
        for day, value in row.items():
            if day[:2] == "20":
                quarter = f"{day[:4]}Q{int(day[5:7]) // 3}"
                told = ours[row["gss"], quarter][SURVEY[row["measure"]]]
                assert told == (float(value) if value else None)


def test_crime_is_the_publishers(shared_data):
    with (shared_data / "london" / "crime_borough_total_monthly_2014_2019.csv").open(encoding="utf-8") as file:
        totals = {(row["gss"], row["month"]): int(row["count"]) for row in csv.DictReader(file)}
    parts = (*catalogue.table("crimes-total-london-2014"), *catalogue.table("crimes-total-london-2017"))
    assert {(row["area"], row["reference_period"]): row["crimes"] for row in parts} == totals
    assert sum(totals.values()) == 4_764_203


def test_numbers_and_order_in_words(made):
    a, b, joint = made("a", -2.04, "higher"), made("b", 1.0, "higher"), made("joint", 0.0, "higher")
    assert [r.pilot for r in worst_first([joint, b, a])] == ["a", "b", "joint"]
    crime = [made("a", -2.0, "lower"), made("b", 1.0, "lower")]
    assert [r.pilot for r in worst_first(crime)] == ["b", "a"]
    assert amount(-2.04, a) == "-2.0 points"
    assert (rounded(-0.001), str(rounded(-0.001))) == (0.0, "0.0")
    assert rounded(None) is None


@pytest.fixture
def made():
    from bailiwick.evaluation.pilots_panels import Measured
    from bailiwick.evaluation.pilots_readings import Reading
    from bailiwick.evaluation.plan import PlannedOutcome

    def maker(pilot, att, better):
        planned = PlannedOutcome("survey.x", "points", better, "f", 5.0, "primary")
        one = Measured(planned, "X", "plan", None, None, 1)
        return Reading(one, "sdid", pilot, "w", "1", "2", 2, att, None, 1.0, 0.1, 0.5, None, None)

    return maker

"""The London pathfinders as of 31 January 2018: what the tables and checks of the first case must say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.errors import CaseError
from bailiwick.evaluation import pilots
from bailiwick.evaluation.pilots_checks import same_figure_two_roles
from bailiwick.evaluation.pilots_readings import JOINT, WHOLE, combinations
from bailiwick.evaluation.placebo import rank_p
from bailiwick.tables import Table

FIRST = "south-west-london-2018"
DAY = date(2018, 1, 31)


@pytest.fixture(scope="module")
def case():
    return casefile.load(FIRST)


@pytest.fixture(scope="module")
def found(case):
    return pilots.findings(case)


@pytest.fixture(scope="module")
def tables(case):
    return {name: maker(case) for name, maker in pilots.TABLES}


@pytest.fixture(scope="module")
def checked(case):
    return {check.name: check for maker in pilots.CHECKS for check in maker(case)}


def column(table, name):
    return [row[table.columns.index(name)] for row in table.rows]


def test_every_table_is_whole_and_says_its_finding_in_a_note(tables):
    assert list(tables) == ["pilots_not_measurable", "pilots_response_bound", "pilots_effects", "pilots_phases",
                            "pilots_variants", "pilots_confounders", "pilots_transfer", "pilots_settle"]
    for name, table in tables.items():
        assert table.name == name
        assert table.rows
        assert table.note.endswith(".")
        assert len(table.columns) == len(table.units) == len(set(table.columns))
        assert all(len(row) == len(table.columns) for row in table.rows)
        json.dumps(table.rows, allow_nan=False)


def test_it_leads_with_what_was_not_measurable(tables):
    first = tables["pilots_not_measurable"]
    assert "waited" in first.rows[0][0]
    assert first.note.startswith("Not measurable: how long callers waited")
    assert "Recorded possession of weapons" in column(first, "what"), "too few a month is said, not left out"
    exposed = next(row for row in first.rows if row[0].startswith("Opinion wholly after the start"))
    assert exposed[-1] == "between 50% and 66% of the latest value's interviews came after the start"


def test_every_survey_question_and_crime_type_is_evaluated_in_every_way(found, tables):
    effects = tables["pilots_effects"]
    assert len({one.name for one in found.measured if one.name.startswith("survey.")}) == 8
    assert len({one.name for one in found.measured if one.name.startswith("crimes_")}) == 11
    assert {r.name for r in found.refused} == {"crimes_monthly.weapons"}
    assert len(effects.rows) == 19 * 4 * 3 * 3, "outcome x method x (two pilots, joint) x (two phases, whole)"
    assert set(column(effects, "verdict")) == {"changed", "cannot tell", "no change larger than m",
                                               "given on the planned method's row"}
    assert set(column(effects, "label")) == {"plan", "activity"}
    planned = column(effects, "method")[0]
    for row in effects.rows:
        told = dict(zip(effects.columns, row, strict=True))
        assert (told["verdict"] == "given on the planned method's row") == (told["method"] != planned)
        assert told["effect_low"] <= told["effect"] <= told["effect_high"]
        assert told["p_family"] >= told["p"] - 1e-9 >= told["p_floor"] - 1e-9
        assert told["smallest_seen"] > 0
    assert {row[effects.columns.index("placebos")] for row in effects.rows} == {50, 102, 4081}


def test_nothing_later_than_the_day_is_read(found):
    months = {p for one in found.measured if one.window == 1 for p in one.panel.periods}
    quarters = {p for one in found.measured if one.window == 4 for p in one.panel.periods}
    assert (min(months), max(months)) == ("2014-01", "2017-12")
    assert (min(quarters), max(quarters)) == ("2014Q4", "2017Q3")
    assert all(len(one.panel.units) == 32 for one in found.measured)


def test_crime_that_follows_police_work_is_called_activity(found):
    labels = {one.name: one.label for one in found.measured}
    assert {name for name, label in labels.items() if label == "plan" and name.startswith("crimes")} == {
        "crimes_monthly.burglary", "crimes_monthly.vehicle", "crimes_monthly.robbery"}
    assert labels["crimes_total.crimes"] == "activity"


def test_the_joint_effect_is_the_mean_of_the_pilots_and_never_below_their_floor(found):
    for joint in (r for r in found.headline() if r.pilot == JOINT):
        own = [r for r in found.headline() if r.measured is joint.measured and r.pilot != JOINT]
        assert joint.att == pytest.approx(np.mean([r.att for r in own]), abs=1e-12)
        assert joint.p >= min(r.floor for r in own) > rank_p(1e9, joint.placebos)
        assert joint.p == pytest.approx(max(min(r.floor for r in own), rank_p(joint.att, joint.placebos)))


def test_joint_placebos_share_no_member(found):
    one = found.measured[0]
    sets = tuple(found.effects[one.name, group.id, found.plan.method].placebo_sets for group in one.panel.pilots)
    rows = combinations(sets)
    assert rows.shape == (4081, 2)
    assert not any(set(sets[0][a]) & set(sets[1][b]) for a, b in rows)


def test_a_change_needs_everything_and_its_rivals_are_named(found, tables):
    effects = tables["pilots_effects"]
    changed = [r for r in found.headline() if r.judgement.verdict == "changed"]
    assert changed
    for r in changed:
        assert r.family_p <= 0.05
        same = [x for x in found.readings if (x.measured, x.pilot, x.phase) == (r.measured, r.pilot, r.phase)
                and x.method in ("did", "dsc", "sdid")]
        assert len({x.att > 0 for x in same}) == 1
        fakes = [f for g in ([r.pilot] if r.pilot != JOINT else [p.id for p in found.plan.pilots])
                 for f in found.effects[r.measured.name, g, "sdid"].in_time]
        assert fakes
        assert all(fake.p > 0.05 for fake in fakes)
    causes = [c for c, v in zip(column(effects, "cause"), column(effects, "verdict"), strict=True) if v == "changed"]
    assert all(cause.startswith("disputed: ") for cause in causes)
    robbery = next(c for row, c in zip(effects.rows, column(effects, "cause"), strict=True)
                   if row[0] == "Recorded robbery" and c.startswith("disputed"))
    assert "mopeds" in robbery


def test_only_planned_outcomes_get_a_plan_label_and_others_are_exploratory(case):
    text = case.plan.split("[[outcomes]]")
    burglary = next(part for part in text if "crimes_monthly.burglary" in part)
    small = text[0] + "[[outcomes]]" + burglary + "\n[[pilots]]" + case.plan.split("[[pilots]]", 1)[1]
    crimes = case.tables["crimes_monthly"]
    kept = replace(crimes, schema=replace(crimes.schema, columns=tuple(
        c for c in crimes.schema.columns if c.kind != "integer" or c.name in ("burglary", "vehicle"))))
    other = replace(case, plan=small, tables={**case.tables, "crimes_monthly": kept}, content="two types")
    labels = {one.name: one.label for one in pilots.findings(other).measured}
    assert labels == {"crimes_monthly.burglary": "plan", "crimes_monthly.vehicle": "exploratory"}
    first = next(c for c in pilots.CHECKS[0](other) if c.name == "Pilots: the plan came before the data")
    assert "Exploratory, because not in the plan: recorded vehicle crime." in first.text


def test_an_effect_planted_in_a_pilot_is_found_to_the_digit(case, found):
    """Adding d% of the level before to every value after the start moves the effect by d, in every method."""
    areas, text = ("E09000007", "E09000019"), case.plan.split("[[outcomes]]")
    total = next(part for part in text if "crimes_total.crimes" in part)
    small = text[0] + "[[outcomes]]" + total.split("# ---")[0] + "\n[[pilots]]" + case.plan.split("[[pilots]]", 1)[1]
    table = case.tables["crimes_total"]
    early = {a: np.mean([row["crimes"] for row in table if row["area"] == a and row["reference_period"] < "2017-02"])
             for a in areas}
    planted = tuple({**row, "crimes": row["crimes"] + 0.2 * early[row["area"]]}
                    if row["area"] in areas and row["reference_period"] >= "2017-02" else row for row in table)
    other = replace(case, plan=small, tables={**case.tables, "crimes_total": Table(table.schema, planted)},
                    content="planted")
    there = {(r.method, r.pilot): r.att for r in pilots.findings(other).readings if r.phase == WHOLE}
    here = {(r.method, r.pilot): r.att for r in found.readings
            if r.phase == WHOLE and r.measured.name == "crimes_total.crimes"}
    for key, att in there.items():
        moved = {"central-north": 20.0, "east": 0.0, JOINT: 10.0}[key[1]]
        assert att == pytest.approx(here[key] + moved, abs=1e-6)


PAIR_AND_TRIPLE = {
    "crimes_total.crimes": (10.5, 9.0), "crimes_monthly.violence": (12.1, 9.8), "crimes_monthly.theft": (13.2, 10.3),
    "crimes_monthly.damage": (13.8, 10.0), "crimes_monthly.burglary": (30.4, 25.2),
    "crimes_monthly.vehicle": (51.8, 32.9), "crimes_monthly.robbery": (61.1, 44.8),
    "crimes_monthly.public_order": (27.7, 24.7), "crimes_monthly.sexual": (26.5, 20.2),
    "crimes_monthly.drugs": (31.5, 30.0),
}


def test_detectable_effects_agree_with_those_worked_out_before():
    """Reference: the same series, January 2014 to March 2018, start April 2017, index, on a grid of 0.1 points."""
    case = casefile.load(FIRST, as_of=date(2018, 4, 30))
    plan = case.plan.replace('start = "2017-02-01"', 'start = "2017-04-01"')
    plan = plan.replace('also = ["did", "dsc", "sc"]', "also = []")
    heads = plan.split("[[outcomes]]")
    kept = [part for part in heads[1:] if any(f'"{name}"' in part.split("\n")[1] for name in PAIR_AND_TRIPLE)]
    plan = heads[0] + "".join("[[outcomes]]" + part.split("# ---")[0] for part in kept)
    plan += "\n[[pilots]]" + case.plan.replace('"2017-02-01"', '"2017-04-01"').split("[[pilots]]", 1)[1]
    names = {name.split(".")[1] for name in PAIR_AND_TRIPLE}
    crimes = case.tables["crimes_monthly"]
    schema = replace(crimes.schema, columns=tuple(
        c for c in crimes.schema.columns if c.kind != "integer" or c.name in names))
    other = replace(case, plan=plan, content="april",
                    tables={**case.tables, "crimes_monthly": replace(crimes, schema=schema)})
    found = {(r.measured.name, r.pilot): r.mde for r in pilots.findings(other).headline()}
    for name, (pair, triple) in PAIR_AND_TRIPLE.items():
        assert pair - 0.1 - 1e-9 <= found[name, "central-north"] <= pair + 1e-9, name
        assert triple - 0.1 - 1e-9 <= found[name, "east"] <= triple + 1e-9, name
        assert found[name, JOINT] < triple


def test_the_response_effect_is_a_bound_with_the_value_that_overturns_it(tables):
    bound = tables["pilots_response_bound"]
    rows = [dict(zip(bound.columns, row, strict=True)) for row in bound.rows]
    whole = {row["outcome"]: row for row in rows if " to " in row["change_elsewhere"]}
    first = whole["Immediate calls reached within 15 minutes"]
    second = whole["Significant calls reached within 60 minutes"]
    assert (first["change"], first["overturned_at"]) == (-13.8, -13.8)
    assert (second["change"], second["overturned_at"]) == (-15.7, -15.7)
    assert (first["effect_low"], first["effect_high"]) == (-16.9, -2.7), "less -10 to +2, plus or minus 1.1"
    assert first["effect"] == -10.8, "less -3, the middle of the guess"
    assert {first["sign"], second["sign"]} == {"fell"}
    nil = [row for row in rows if row["effect"] == 0.0]
    assert [row["change_elsewhere"] for row in nil] == ["-13.8", "-15.7"]
    assert {row["sign"] for row in nil} == {"not known"}
    assert bound.note.startswith("Immediate calls reached within 15 minutes: -13.8 points in the pilot")


def test_a_wider_range_elsewhere_takes_the_sign_away(case):
    name = "evaluation.elsewhere.immediate"
    wide = replace(case.assumption(name), low=-20.0)
    other = replace(case, assumptions={**case.assumptions, name: wide}, content="wide")
    table = dict(pilots.TABLES)["pilots_response_bound"](other)
    assert table.rows[0][table.columns.index("sign")] == "not known"
    assert "of unknown sign" in table.note


def test_the_pilots_do_not_forecast_the_south_west(tables):
    transfer = tables["pilots_transfer"]
    assert set(column(transfer, "forecasts")) == {"no"}
    assert transfer.note.startswith("The pilots do not forecast Kingston upon Thames, Merton,")
    assert "one place cannot say how places differ" in transfer.rows[-1][-1]
    low, high = column(transfer, "expected_low"), column(transfer, "expected_high")
    assert all(a < 0 < b for a, b in zip(low, high, strict=True) if a is not None)


def test_phases_starts_and_rivals_are_told(tables):
    phases = column(tables["pilots_phases"], "phase")
    assert {"pooled channel", "after 4 September 2017", WHOLE} < set(phases)
    assert any(phase.startswith("before: as if it had started in ") for phase in phases)
    starts = [text for text in column(tables["pilots_variants"], "by_start") if text.startswith("2017-01:")]
    assert len(starts) == 22
    assert all([part.split(":")[0] for part in text.split("; ")] == ["2017-01", "2017-02", "2017-03", "2017-04"]
               for text in starts)
    rivals = tables["pilots_confounders"]
    assert {"named confounder", "change of definition", "regression to the mean", "spillover"} == set(
        column(rivals, "kind"))
    mopeds = next(row for row in rivals.rows if "mopeds" in row[1])
    assert "without Westminster" in mopeds[rivals.columns.index("shows")]


def test_costs_of_evidence_are_marked_as_guesses(tables):
    settle = tables["pilots_settle"]
    priced = [row for row in settle.rows if row[settle.columns.index("cost_low")] is not None]
    assert priced
    assert all(row[settle.columns.index("cost_is")] == "a guess" for row in priced)
    assert all(0 < row[3] < row[4] for row in priced)
    assert any("pilots like these instead of 2" in row[1] for row in settle.rows)


def test_the_checks_flag_what_was_fixed_afterwards_and_fail_nothing(checked):
    assert all(check.passed is not False for check in checked.values())
    assert "fixed after the fact" in checked["Pilots: criteria fixed before the start"].text
    assert checked["Pilots: criteria fixed before the start"].passed is None
    lessons = checked["Pilots: could a decision rest on their lessons"]
    assert lessons.passed is None
    assert "no decision could be said to rest on the lessons of the pilots" in lessons.text
    assert checked["Pilots: crime types add up to the total"].passed
    assert "stable total: all burglary" in checked["Pilot panels: definitions"].text
    assert "cannot stand in for criteria fixed in advance" in checked["Pilots: the plan came before the data"].text


def test_a_figure_with_two_roles_is_a_failed_check(case):
    figures = case.tables["figures"]
    first = figures.rows[0]
    again = {**first, "id": "again", "role": "evidence"}
    assert same_figure_two_roles((first, again)) == ((first["id"], "again"),)
    other = replace(case, tables={**case.tables, "figures": Table(figures.schema, (*figures.rows, again))},
                    content=case.content + "x")
    from bailiwick.evaluation.pilots_checks import _roles

    assert _roles(other).passed is False


def test_an_early_day_or_no_plan_leaves_tables_that_say_so(case):
    day = date(2016, 12, 31)
    hidden = {name: Table(t.schema, tuple(r for r in t if "published" not in r or r["published"] <= day))
              for name, t in case.tables.items()}
    early = replace(case, as_of=day, tables=hidden)
    bare = replace(case, plan="", content="bare")
    for other in (early, bare):
        made = {name: maker(other) for name, maker in pilots.TABLES}
        assert not made["pilots_effects"].rows
        assert all(table.note.endswith(".") for table in made.values())
    refused = {r.name.split(".")[0] for r in pilots.findings(early).refused}
    assert refused == {"survey", "crimes_monthly", "crimes_total"}
    assert all(check.passed is not False for check in pilots.CHECKS[0](early))
    assert pilots.findings(bare) is None
    assert pilots.CHECKS[0](bare) == ()


def test_the_roll_out_is_hindsight_only(case):
    assert pilots.hindsight(case).rows == ()
    assert "pilots_hindsight" not in dict(pilots.TABLES)
    later = pilots.hindsight(casefile.load(FIRST, as_of=date(2020, 1, 31)))
    rows = {row[0]: dict(zip(later.columns, row, strict=True)) for row in later.rows}
    assert len(rows) == 12
    assert later.note.startswith("Hindsight, never known when it was decided. Of 12 commands 5 can be tested")
    assert [name for name, row in rows.items() if row["kind"] == "pilot"] == column(later, "command")[:2]
    undated = [row for row in rows.values() if row["live"] is None]
    assert len(undated) == 5
    assert all(row["effect"] is None and "no source gives the day" in row["says"] for row in undated)
    first = rows["South West"]
    assert (first["until"], first["against"], first["months"], first["placebos"]) == (date(2018, 11, 1), 8, 5, 70)
    assert (first["verdict"], first["against_with_undated"]) == ("cannot tell", 20)
    assert first["effect_low"] < first["effect"] < first["effect_high"]
    assert first["smallest_seen_with_undated"] < first["smallest_seen"]
    assert "moped" in rows["Camden and Islington"]["says"].lower()
    assert "nowhere went live later" in rows["Central West"]["says"]


def test_hindsight_without_the_announced_commands_lumps_the_undated_areas():
    whole = casefile.load(FIRST, as_of=date(2020, 1, 31))
    tables = {name: table for name, table in whole.tables.items() if name != "announced"}
    later = pilots.hindsight(replace(whole, tables=tables, content="nothing announced"))
    rows = {row[0]: dict(zip(later.columns, row, strict=True)) for row in later.rows}
    assert len(rows) == 8
    assert rows["commands of which no source gives the day"]["live"] is None
    assert rows["South West"]["against_with_undated"] == 20


@pytest.mark.parametrize(("before", "after", "said"), [
    ('name = "crimes_total.crimes"', 'name = "crimes_total.crime"', "a number column of a table by area and period"),
    ('name = "crimes_total.crimes"', 'name = "weather.rain"', "a number column of a table by area and period"),
    ("margin = 5", "margin = -5", "a number above zero"),
])
def test_a_plan_that_names_what_is_not_there_is_one_clear_message(case, before, after, said):
    other = replace(case, plan=case.plan.replace(before, after, 1), content=after)
    with pytest.raises(CaseError) as told:
        pilots.findings(other)
    assert said in told.value.expected


def test_a_pilot_on_areas_without_figures_is_refused_outcome_by_outcome(case):
    other = replace(case, plan=case.plan.replace('"E09000019"', '"E09000001"'), content="city")
    found = pilots.findings(other)
    assert found.measured == ()
    assert len(found.refused) == 20
    assert dict(pilots.TABLES)["pilots_effects"](other).note.startswith("No outcome of the plan could be measured")
    assert set(column(dict(pilots.TABLES)["pilots_transfer"](other), "forecasts")) == {"no"}

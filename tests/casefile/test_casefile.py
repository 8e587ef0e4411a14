"""What a sound case folder becomes: the Case as known on its day, bound to the bytes it was read from."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from bailiwick import casefile
from bailiwick.casefile_files import bundled, key_path, line_of
from bailiwick.errors import CaseError
from bailiwick.tables import SCHEMAS

FIRST = "south-west-london-2018"
DAY = date(2018, 1, 31)


def test_the_town_loads_whole(town):
    case = casefile.load(town)
    assert (case.name, case.as_of, case.seed, case.draws) == ("town", DAY, 7, 20)
    assert case.scheme.scope == ("T01", "T02", "T03", "T04")
    assert [option.name for option in case.scheme.options] == ["today", "cuts", "proposed", "pause"]
    assert case.scheme.option("proposed").grouping.areas == case.scheme.scope
    assert case.scheme.option("pause").delay_months == 6
    assert case.scheme.model("together").bases == ("Hilltop",)
    assert case.roles == {"commissioner": "", "analyst": "Ada Example", "assurer": "", "approver": ""}
    assert case.value("response.cars_on_duty.today") == 5
    assert case.rulebook["name"] == "green-book-2003"
    assert case.rules["schema"] == "bailiwick/verdict/1"


def test_a_site_stands_at_its_ward_or_at_its_own_coordinates(town):
    sites = {site.name: site for site in casefile.load(town).scheme.sites}
    assert (sites["Northgate"].easting, sites["Northgate"].northing) == (800.0, 2000.0)
    assert (sites["Hilltop"].easting, sites["Hilltop"].northing) == (2000.0, 2000.0)
    assert sites["Hilltop"].closes == date(2019, 1, 1)


def test_counts_of_posts_are_assumptions_named_by_rank_and_role(town):
    case = casefile.load(town)
    commander, constable = case.scheme.posts
    assert commander.today == "posts.chief_superintendent.commander.today"
    assert constable.proposed == "posts.constable.response.proposed"
    assert (constable.per, constable.proposed_as, constable.attribution) == ("area", "change", "range")
    assert case.value(constable.proposed) == -4
    assert case.assumption(commander.today).source.title == "Town Police, plan"
    assert case.assumption(constable.today).holder == "Town Police"
    assert case.assumption(constable.today).source is None


def test_assumptions_come_from_the_catalogue_unless_the_case_has_its_own(edit):
    shipped = casefile.load(edit("case.toml", "seed = 7", "seed = 7")).assumption("finance.pay.constable")
    edit("case.toml", '[assumptions."response.cars', f'''[assumptions."finance.pay.constable"]
title = "Pay in the town"
value = 12345
low = 12345
high = 12345
unit = "{shipped.unit}"
kind = "data"
source = "Town Police"
published = 2017-01-01
price_base = "{shipped.price_base}"

[assumptions."response.cars''')
    own = casefile.load(edit("case.toml", "seed = 7", "seed = 7")).assumption("finance.pay.constable")
    assert own.value == 12345 != shipped.value


def test_rows_published_later_or_without_a_day_are_hidden_and_counted(town):
    crimes = casefile.load(town).tables["crimes"]
    assert (len(crimes), crimes.hidden) == (8, 2)
    assert sum(int(row["count"]) for row in crimes.where(area="T01")) == 800
    later = casefile.load(town, as_of=date(2019, 2, 1)).tables["crimes"]
    assert (len(later), later.hidden) == (9, 1)


@pytest.mark.parametrize(("published", "day", "residents"), [
    ("2018-02-01", DAY, 29_900), ("2018-01-31", DAY, 30_000), ("2017-06-01", date(2019, 1, 1), 30_300),
])
def test_residents_are_those_known_on_the_day(edit, published, day, residents):
    town = edit("areas/town-facts.csv", "T01,residents,30000,mid-2016,2017-06-01",
                f"T01,residents,30000,mid-2016,{published}")
    assert casefile.load(town, as_of=day).system.area("T01").population == residents


def test_evidence_claims_and_pilots_stop_at_the_day(town, edit):
    case = casefile.load(town)
    (gate,) = case.scheme.gates
    assert [evidence.shows for evidence in gate.evidence] == ["not met"]
    assert gate.criterion_dated == date(2016, 12, 1)
    assert [claim.id for claim in case.claims] == ["distant", "saves", "biggest"]
    (pilot,) = case.scheme.pilots
    assert [(phase.name, phase.end) for phase in pilot.phases] == [
        ("one channel", date(2017, 9, 4)), ("two channels", None)]
    later = casefile.load(town, as_of=date(2018, 12, 31))
    assert [evidence.shows for evidence in later.scheme.gates[0].evidence] == ["not met", "met"]
    assert len(later.claims) == 4
    assert len(later.scheme.pilots[0].phases) == 3
    edit("case.toml", "criterion_dated = 2016-12-01", "criterion_dated = 2018-12-01")
    edit("case.toml", "start = 2017-04-01, end = 2017-09-04", "start = 2018-02-01, end = 2018-03-04")
    edit("case.toml", "start = 2017-09-04, end", "start = 2018-03-04, end")
    earlier = casefile.load(town)
    assert earlier.scheme.pilots == ()
    assert earlier.scheme.gates[0].criterion_dated is None


def test_what_came_later_is_told_apart_for_hindsight(town):
    beyond = casefile.later(town)
    assert [claim.id for claim in beyond.claims] == ["hindsight"]
    assert [(gate, evidence.shows) for gate, evidence in beyond.evidence] == [("Evaluation released", "met")]
    assert beyond.rows == (("crimes", 2),)
    assert casefile.later(town, as_of=date(2020, 1, 1)).claims == ()


def test_tables_that_the_case_does_not_give_have_no_rows(town):
    tables = casefile.load(town).tables
    assert sorted(tables) == sorted(SCHEMAS)
    assert len(tables["budget"]) == 0


def test_every_file_read_is_an_input_with_its_hash(town):
    inputs = {found.path: found for found in casefile.load(town).inputs}
    own = {path.relative_to(town).as_posix(): path for path in town.rglob("*") if path.is_file()}
    own.pop("datapackage.json")
    for path, file in own.items():
        assert inputs[path].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert inputs["data/crimes.csv"].publisher == "Town Police"
    assert inputs["data/crimes.csv"].url == "https://example.org/crimes"
    assert {"catalogue/rulebooks/green-book-2003.toml", "catalogue/rules/verdict-1.toml",
            "catalogue/assumptions/finance.toml"} <= set(inputs)
    assert list(inputs) == sorted(inputs)


def test_a_restricted_file_enters_by_its_hash_alone(town):
    (restricted,) = [found for found in casefile.load(town).inputs if found.restricted]
    assert restricted.path == "data/rosters.csv"
    assert restricted.sha256 == hashlib.sha256(b"").hexdigest()
    town.joinpath("data/rosters.csv").write_bytes(b"")
    assert casefile.load(town).digest
    town.joinpath("data/rosters.csv").write_bytes(b"other")
    with pytest.raises(CaseError, match=r"data/rosters\.csv with the sha256"):
        casefile.load(town)


def test_the_digest_binds_content_and_data_but_not_comments_or_place(town, edit, tmp_path):
    digest = casefile.load(town).digest
    edit("case.toml", "draws = 20", "draws = 20    # a comment")
    edit("case.toml", '[roles]', "# another\n[roles]")
    town.rename(tmp_path / "elsewhere")
    assert casefile.load(tmp_path / "elsewhere").digest == digest
    (tmp_path / "elsewhere").rename(town)
    for path, old, new in (("case.toml", "horizon_years = 10", "horizon_years = 11"), ("data/crimes.csv", "500", "501"),
                           ("areas/town-points.csv", "W1A", "W1X"), ("claims.toml", "more distant", "distant"),
                           ("datapackage.json", "e3b0c442", "e3b0c443")):
        before = town.joinpath(path).read_bytes()
        edit(path, old, new)
        if path == "areas/town-points.csv":
            edit("case.toml", 'at = "W1A"', 'at = "W1X"')
        assert casefile.load(town).digest != digest, path
        town.joinpath(path).write_bytes(before)
        if path == "areas/town-points.csv":
            edit("case.toml", 'at = "W1X"', 'at = "W1A"')
    assert casefile.load(town).digest == digest


def test_a_day_given_to_load_is_the_same_as_that_day_in_the_file(town, edit):
    moved = casefile.load(town, as_of=date(2018, 4, 1))
    edit("case.toml", "as_of = 2018-01-31", "as_of = 2018-04-01")
    written = casefile.load(town)
    assert moved == written
    assert moved.as_of == written.as_of


def test_the_day_given_to_load_must_be_a_day(town):
    for wrong in ("2018-01-31", datetime(2018, 1, 31, 12)):
        with pytest.raises(CaseError, match="a day, as 2018-01-31"):
            casefile.load(town, as_of=wrong)


def test_what_nobody_published_is_listed(town):
    case = casefile.load(town)
    assert "response.cars_on_duty.today" in case.unpublished
    assert "posts.chief_superintendent.commander.today" not in case.unpublished
    assert list(case.unpublished) == sorted(case.unpublished)


def test_tasks_name_blank_roles_empty_tables_blank_answers_and_guesses(town, edit):
    edit("case.toml", "[tables]", '[tables]\naccountability = "data/accountability.csv"')
    town.joinpath("data/accountability.csv").write_text(
        "area,option,question,answer,holder,source,reference_period,published,vintage\n"
        "T01,proposed,who answers,,Town Police,,2018,2018-01-01,first\n", encoding="utf-8")
    edit("datapackage.json", '"path": "data/figures.csv"', '"path": "data/accountability.csv", "publisher": "x", '
         '"licenses": [{"name": "y"}], "first_published": "per row", "vintage": "z"}, {"path": "data/figures.csv"')
    tasks = casefile.tasks(casefile.load(town))
    told = {task.name: task for task in tasks}
    assert {"roles.commissioner", "roles.assurer", "roles.approver"} <= set(told)
    assert "roles.analyst" not in told
    assert {"tables.budget", "tables.deflators"} <= set(told)
    assert "tables.crimes" not in told
    assert told["accountability.T01.proposed"].holder == "Town Police"
    assert str(told["accountability.T01.proposed"]) == (
        "accountability.T01.proposed: not known for Northgate under proposed: who answers. Ask: Town Police.")
    cars = told["response.cars_on_duty.today"]
    assert (cars.kind, cars.holder) == ("guess", "Town Police")
    assert "a guess of 5 (3 to 8) cars" in cars.text
    guesses = [a for a in casefile.load(town).assumptions.values() if a.kind == "guess"]
    assert sum(task.kind == "guess" for task in tasks) == len(guesses)


def test_a_table_whose_rows_all_came_later_is_a_task_that_says_so(edit):
    town = edit("data/crimes.csv", "2017-01-31", "2018-02-28", -1)
    told = {task.name: task.text for task in casefile.tasks(casefile.load(town))}
    assert "10 rows were published after 2018-01-31" in told["tables.crimes"]


def test_a_figure_of_the_catalogue_that_came_later_is_refused_until_the_case_has_its_own(town):
    with pytest.raises(CaseError, match="what was known then, or a guess with a range") as caught:
        casefile.load(town, as_of=date(2017, 7, 1))
    assert "catalogue/assumptions/" in str(caught.value)


def test_claims_are_held_to_measures_that_exist(town):
    case = casefile.load(town)
    known = ["locality.distance_to_headquarters", "finance.saving_a_year", "response.immediate_in_target"]
    casefile.check_measures(case, known)
    with pytest.raises(CaseError, match=r"claims\.saves\.measure") as caught:
        casefile.check_measures(case, ["locality.distance_to_headquarters", "finance.savings_a_year"])
    assert caught.value.hint == 'did you mean "finance.savings_a_year"?'


def test_commands_may_span_forces_where_whole_forces_merge(edit):
    edit("areas/town-areas.csv", "T04,Southbank,Town Police", "T04,Southbank,Harbour Police")
    town = edit("case.toml", "crossings = true", "crossings = true\nacross_forces = true")
    assert casefile.load(town).system.area("T04").force == "Harbour Police"


def test_places_in_a_file_are_told_by_name_and_line():
    text = 'a = 1\n[b."c.d"]\nx = 2\n\n[[e]]\nname = "f"\nlist = [\n    1,\n    2,\n]\n'
    data = {"a": 1, "b": {"c.d": {"x": 2}}, "e": [{"name": "f", "list": [1, 2]}]}
    assert key_path(data, ("b", "c.d", "x")) == 'b."c.d".x'
    assert key_path(data, ("e", 0, "list", 1)) == "e.f.list[2]"
    places = {("a",): 1, ("b", "c.d", "x"): 3, ("b", "c.d", "y"): 2, ("e", 0, "name"): 6, ("e", 0, "list", 1): 9,
              ("e", 7): 0, ("z",): 0}
    assert {place: line_of(text, place) for place in places} == places


def test_the_first_case_is_bundled_and_loads_by_name():
    assert FIRST in bundled()
    case = casefile.load(FIRST)
    assert case == casefile.load(bundled()[FIRST])
    assert case.as_of == DAY
    four = case.system.subset(case.scheme.scope)
    assert sum(area.population for area in four) == 893_078
    assert round(sum(area.area_km2 for area in four), 2) == 166.55
    hindsight = casefile.load(FIRST, as_of=date(2018, 12, 31))
    assert sum(area.population for area in hindsight.system.subset(case.scheme.scope)) == 899_598


def test_nothing_published_after_the_day_is_in_the_first_case():
    case = casefile.load(FIRST)
    assert all(row["published"] is not None and row["published"] <= DAY for table in case.tables.values()
               for row in table if "published" in row)
    assert all(a.published <= DAY for a in case.assumptions.values() if a.kind != "guess")
    assert all(evidence.day <= DAY for gate in case.scheme.gates for evidence in gate.evidence)
    assert all(claim.when <= DAY for claim in case.claims)
    assert all(phase.start <= DAY for pilot in case.scheme.pilots for phase in pilot.phases)
    assert case.rulebook["published"] <= DAY
    assert casefile.later(FIRST).evidence, "the case holds evidence of February 2018, kept for hindsight"


def test_a_wheel_carries_the_bundled_cases(monkeypatch, tmp_path):
    package = tmp_path / "site" / "bailiwick"
    case = package / "cases" / "elsewhere"
    case.mkdir(parents=True)
    case.joinpath("case.toml").write_text("name = 1\n", encoding="utf-8")
    monkeypatch.setattr("bailiwick.casefile_files.files", lambda name: package)
    assert bundled() == {"elsewhere": case}


def test_loading_imports_no_heavy_library_and_takes_little_time():
    code = ("import sys, time; from bailiwick import casefile; start = time.process_time(); "
            f"casefile.load('{FIRST}'); spent = time.process_time() - start; "
            "print(spent <= 0.3, [m for m in ('pandas','numba','scipy','altair') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1) == ["True", "[]\n"]


def test_a_new_case_loads_as_it_stands_and_says_what_to_fill_in(tmp_path):
    folder = casefile.scaffold("north-town", "london-boroughs", tmp_path, as_of=DAY)
    assert folder == tmp_path / "north-town"
    case = casefile.load(folder)
    assert (case.name, case.as_of, len(case.scheme.scope)) == ("north-town", DAY, 2)
    assert case.system.is_contiguous(case.scheme.scope)
    assert case.rulebook["name"] == "green-book-2003"
    assert "TODO" in folder.joinpath("case.toml").read_text(encoding="utf-8")
    assert {task.kind for task in casefile.tasks(case)} == {"role", "gate", "file", "table", "guess"}
    assert [path.name for path in tmp_path.iterdir()] == ["north-town"], "nothing is left beside it"


def test_a_new_case_of_today_loads(tmp_path):
    assert casefile.load(casefile.scaffold("now", "london-boroughs", tmp_path)).name == "now"


@pytest.mark.parametrize(("name", "system", "found", "hint"), [
    ("North Town", "london-boroughs", "North Town", "north-town-2019"), ("", "london-boroughs", "nothing", ""),
    ("../x", "london-boroughs", "../x", ""), ("x", "lundon-boroughs", "lundon-boroughs", "london-boroughs"),
])
def test_a_new_case_needs_a_plain_name_and_a_known_system(tmp_path, name, system, found, hint):
    with pytest.raises(CaseError) as caught:
        casefile.scaffold(name, system, tmp_path)
    assert caught.value.got == found
    assert hint in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_new_case_overwrites_nothing(tmp_path):
    tmp_path.joinpath("mine").mkdir()
    with pytest.raises(CaseError, match="there already"):
        casefile.scaffold("mine", "london-boroughs", tmp_path)
    assert list(tmp_path.joinpath("mine").iterdir()) == []


def test_a_new_case_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    with pytest.raises(CaseError, match="a folder that can be written"):
        casefile.scaffold("mine", "london-boroughs", tmp_path / "absent")
    calls = []

    def broken(self: Path, *args: object, **kwargs: object) -> int:
        calls.append(self)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", broken)
    with pytest.raises(CaseError, match="No space left on device"):
        casefile.scaffold("mine", "london-boroughs", tmp_path)
    assert calls
    assert list(tmp_path.iterdir()) == []

"""The assurance counts evidence that is really there, leaves to people what is theirs, and calls nothing compliant."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bailiwick import register
from bailiwick.cli import app
from bailiwick.errors import CaseError
from bailiwick.publish import qa, qa_evidence, qa_page
from bailiwick.publish.qa_evidence import World

NAME = "south-west-london-2018"
EMPTY = {"case": {"name": "t", "title": "T", "scope": [], "roles": {}}, "options": [], "measures": {}, "findings": [],
         "gates": [], "checks": [], "unknowns": [], "tables": {}, "provenance": {"inputs": []}}


@pytest.fixture(scope="module")
def world(first_case):
    """The first case as evidence, its record taken as whole."""
    folder = first_case / "out" / NAME
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return World(document, folder, (), "BW-0123456789ab", "", "", qa_evidence.checkout())


@pytest.fixture(scope="module")
def found(world):
    return qa.assurance(world, {})


def state(assured, id):
    return next(one for one in assured.checks if one.asked.id == id)


def test_every_check_of_the_guidance_is_asked_once():
    asked, rigour = qa.catalogue()
    numbers = {letter: sum(one.id[0] == letter for one in asked) for letter in "QGRUXH"}
    assert numbers == {"Q": 22, "G": 24, "R": 13, "U": 9, "X": 15, "H": 6}
    assert [one.id for one in asked] == [f"{letter}{n}" for letter in "QGRUXH" for n in range(1, numbers[letter] + 1)]
    assert {one.who for one in asked} == {"A", "P", "A/P", "A/H", "H"}
    assert all(one.evidence for one in asked if one.who != "H")
    known = {one.id for one in asked}
    assert len(rigour) == 6
    assert all(set(ids) <= known for ids in rigour.values())


def test_every_probe_is_known_and_finds_nothing_where_there_is_nothing(tmp_path):
    nothing = World(EMPTY, tmp_path, None)
    for one in qa.catalogue()[0]:
        for probe in (*one.evidence, *([one.done] if one.done else [])):
            if not probe.startswith(("self ", "undisclosed")):
                assert qa_evidence.found(nothing, probe) == "", probe


def test_the_states_add_up_and_the_sentence_says_them(found):
    present, person, missing = (found.count(s) for s in qa.STATES)
    assert present + person + missing == len(found.checks) == 89
    assert found.sentence == f"evidence present for {present} of 89 checks; {person} need a person; {missing} missing"
    assert present > 30
    assert missing > 0


def test_nothing_is_ever_called_compliant(found):
    for name, content in qa_page.files(found).items():
        assert not re.search(rb"complian|compli(?:es|ed|y\b)", content, re.IGNORECASE), name
    assert not re.search("compl(?:y|ian|ies)", "\n".join(qa_page.lines(found)), re.IGNORECASE)


def test_what_a_person_must_sign_needs_one_until_signed(world, found):
    for one in found.checks:
        if one.state == "evidence present":
            assert one.asked.who == "A"
        if one.asked.who == "H":
            assert one.state == "needs a person"
    signed = qa.assurance(world, {"Q15": "A. Ssurer, 2018-01-31", "H6": "the mayor", "Q6": "somebody"})
    assert state(signed, "Q15").state == state(signed, "H6").state == "evidence present"
    assert state(signed, "Q6").state == "missing", "no signature stands for evidence that is not there"
    assert signed.count("needs a person") == found.count("needs a person") - 2


def test_named_roles_fill_the_roles_and_stay_blank_until_then(world, found):
    roles = next(log for log in found.logs if log.file == "roles.csv")
    assert roles.rows == tuple((role, "", "", "") for role in qa.ROLES)
    document = json.loads(json.dumps(world.document))
    document["case"]["roles"] = dict.fromkeys(qa.ROLES, "N. Amed")
    named = qa.assurance(replace(world, document=document), {})
    assert state(named, "Q1").state == "evidence present"
    assert state(found, "Q1").state == "needs a person"


@pytest.mark.parametrize(("id", "broken"), [
    ("G3", lambda d: d["tables"].pop("cash_by_year")),
    ("U1", lambda d: next(f for f in d["findings"] if f["value"] is not None).update(low=None)),
    ("U4", lambda d: d["tables"]["assumptions"]["rows"][3].__setitem__(13, "")),
    ("R8", lambda d: d["provenance"]["inputs"][0].update(licence="")),
    ("G21", lambda d: d["verdict"].update(answer="")),
    ("Q11", lambda d: next(c for c in d["checks"] if c["name"] == "The ledger adds up").update(passed=False)),
    ("Q22", lambda d: d["tables"].update(small={"columns": ["n"], "units": ["people"], "rows": [[2]], "note": ""})),
    ("G2", lambda d: d["options"].pop(1)),
])
def test_evidence_taken_away_is_missing(world, found, id, broken):
    document = json.loads(json.dumps(world.document))
    assert state(found, id).state != "missing"
    broken(document)
    assert state(qa.assurance(replace(world, document=document), {}), id).state == "missing"


def test_a_record_that_does_not_hold_and_pages_that_are_not_there_are_no_evidence(world, tmp_path):
    bare = qa.assurance(replace(world, record=("results.json: changed",), folder=tmp_path, checkout=None), {})
    assert all(state(bare, id).state == "missing" for id in ("Q13", "R10", "Q17", "X9", "X15", "Q9", "R4"))


@pytest.mark.parametrize(("report", "said"), [
    ('<testsuite errors="0" failures="0" skipped="2" tests="10">', "10 tests ran, 2 of them skipped, none failed"),
    ('<testsuite errors="0" failures="1" skipped="0" tests="10">', ""),
    ('<testsuite errors="1" failures="0" skipped="0" tests="10">', ""),
    ('<testsuite errors="0" failures="0" skipped="0" tests="0">', ""), ("nothing", ""),
])
def test_a_report_of_the_tests_counts_only_if_all_passed(world, report, said):
    assert qa_evidence.suite_of(report) == said
    assured = qa.assurance(replace(world, suite=said), {})
    assert (state(assured, "Q16").state == "evidence present") == bool(said)


def test_logs_hold_every_assumption_and_every_input_with_blank_signatures(world, found):
    logs = {log.file: log for log in found.logs}
    assumptions = logs["assumptions-log.csv"]
    assert len(assumptions.rows) == len(world.document["tables"]["assumptions"]["rows"])
    assert {row[assumptions.columns.index("Impact")] for row in assumptions.rows} <= {"red", "amber", "green"}
    assert all(row[-1] == "" for row in assumptions.rows)
    assert len(logs["data-log.csv"].rows) == len(world.document["provenance"]["inputs"])
    assert len(logs["rigour.csv"].rows) == 6
    for log in found.logs:
        read = list(csv.reader(io.StringIO(log.csv.decode())))
        assert tuple(read[0]) == log.columns
        assert len(read) == len(log.rows) + 1
        assert all(len(row) == len(log.columns) for row in read)


def test_a_cell_that_a_spreadsheet_would_run_is_made_inert():
    log = qa.Log("x.csv", "X", ("a", "b", "c"), (("=1+1", "-3.5", "-cmd"), ("@x", "+x", "plain")))
    assert log.csv.decode().splitlines()[1:] == ["'=1+1,-3.5,'-cmd", "'@x,'+x,plain"]


def test_hostile_words_are_shown_as_words(world):
    document = json.loads(json.dumps(world.document))
    document["case"]["title"] = "<script>alert(1)</script>"
    assert "<script>alert" not in qa_page.page(qa.assurance(replace(world, document=document), {}))


@pytest.fixture
def desk(first_case, tmp_path, monkeypatch):
    """A folder with a copy of what appraise wrote, to work in."""
    shutil.copytree(first_case / "out", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(*told):
    done = CliRunner().invoke(app, ["qa", *told], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_command_writes_the_logs_and_reads_signatures_from_the_register(desk, found):
    entry = register.entry_of({
        "kind": "decision", "title": "Assured", "reference": "A 1", "day": "2018-01-31", "by": "A. Ssurer",
        "summary": "Read and signed.", "signs_off": ["Q15", "Q2"]}, "test")
    register.append(desk / "register.sqlite", entry)
    (desk / "tests.xml").write_text('<testsuite errors="0" failures="0" skipped="0" tests="7">', encoding="utf-8")
    told = json.loads(ran(NAME, "--register", "register.sqlite", "--tests", "tests.xml", "--json"))
    by_id = {one["id"]: one for one in told["checks"]}
    assert by_id["Q15"]["signed"] == "A. Ssurer, 2018-01-31 (register entry 1)"
    assert by_id["Q15"]["state"] == by_id["Q2"]["state"] == by_id["Q16"]["state"] == "evidence present"
    assert "1 entries, no link broken" in by_id["Q5"]["evidence"][0]
    assert told["counts"]["checks"] == 89
    written = sorted(path.name for path in (desk / "out" / NAME / "qa").iterdir())
    assert written == sorted(qa_page.files(found))
    log = (desk / "out" / NAME / "qa" / "decisions-log.csv").read_text(encoding="utf-8")
    assert "A 1,Assured,A. Ssurer" in log


def test_without_results_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match="appraise"):
        ran(NAME)


@pytest.mark.long
def test_the_page_holds_no_fault_that_axe_can_find(tmp_path, chromium):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    place = tmp_path / "qa.html"
    told = qa.assurance(World(EMPTY, tmp_path, None), {"H6": "a mayor"}, [("1",) * 10])
    place.write_bytes(qa_page.files(told)["qa.html"])
    page = chromium.new_page()
    page.goto(place.as_uri())
    violations = axe.run(page).response["violations"]
    page.close()
    assert [(v["id"], v["nodes"][0]["html"][:100]) for v in violations] == []

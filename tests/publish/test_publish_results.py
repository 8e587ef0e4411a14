"""results.json keeps its contract: keys, rounding, reasons for what is missing, and the same bytes every time."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from bailiwick.errors import CaseError
from bailiwick.publish.results import SCHEMA, canonical, read, results, validate
from bailiwick.tables import ResultTable

KEYS = {
    "": {"schema", "case", "options", "verdict", "findings", "gates", "conditions", "tables", "checks", "unknowns",
         "claims", "provenance"},
    "case": {"name", "title", "as_of", "digest"},
    "verdict": {"answer", "sentence", "reasons", "caveats", "under_other_rules"},
    "provenance": {"version", "seed", "draws", "inputs"},
}
ITEMS = {
    "options": {"name", "commands", "labels"},
    "findings": {"id", "measure", "unit", "option", "subject", "value", "low", "high", "level", "basis", "changes",
                 "published", "sources", "note"},
    "gates": {"name", "due", "state", "evidence", "criterion_dated"},
    "conditions": {"lever", "setting", "protects", "cost_a_year", "verdict_with", "verdict_without"},
    "checks": {"name", "passed", "text"},
    "unknowns": {"name", "why_it_matters", "holder", "breaks_even_at", "settles"},
    "claims": {"id", "who", "when", "quote", "verdict", "findings"},
}


def test_every_key_of_the_contract_is_there(document):
    for part, wanted in KEYS.items():
        assert wanted <= set(document[part] if part else document)
    for part, wanted in ITEMS.items():
        assert document[part]
        assert all(wanted <= set(item) for item in document[part])
    for table in document["tables"].values():
        assert {"columns", "units", "rows", "finding_ids"} <= set(table)
        assert all(len(row) == len(table["columns"]) == len(table["units"]) for row in table["rows"])
    assert document["schema"] == SCHEMA
    assert document["options"][0]["commands"] == [["T1"], ["T2"], ["T4"], ["T5"]]
    validate(document)


def test_numbers_are_rounded_to_their_measures_decimals_on_the_way_in(document):
    found = {f["id"]: f for f in document["findings"]}
    saving = found["finance.saving_a_year/proposed/scheme"]
    assert (saving["value"], saving["low"], saving["high"]) == (2_140_000, -310_000, 4_460_000)
    assert found["locality.distance_to_headquarters/today/T4"]["value"] == 2.0
    assert found["finance.pause_break_even_chance/pause/scheme"]["value"] == 0.318


def test_what_is_missing_is_null_with_its_reason(document):
    missing = [f for f in document["findings"] if f["value"] is None]
    assert {f["reason"] for f in missing} == {"unknown", "not meaningful here"}
    assert all(f["low"] is None and f["high"] is None for f in missing)
    assert any(f["note"] == "nobody has published it" for f in missing)
    assert all("reason" not in f for f in document["findings"] if f["value"] is not None)


def test_the_same_appraisal_gives_the_same_bytes_and_reads_back_equal(appraisal, measures, tmp_path):
    once, again = (canonical(results(appraisal, measures)) for _ in range(2))
    assert once == again
    assert once.endswith(b"}\n")
    (tmp_path / "results.json").write_bytes(once)
    assert canonical(read(tmp_path / "results.json")) == once


@pytest.mark.parametrize(("content", "said"), [
    (b"", "JSON"), (b"[]", SCHEMA), (b'{"schema": "bailiwick/results/9"}', SCHEMA), (b"\xff\xfe", "JSON"),
    (b'{"schema": "bailiwick/results/1"}', "document of the schema"),
])
def test_other_files_are_refused_with_what_to_do(tmp_path, content, said):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=r"results\.json") as refused:
        read(path)
    assert said in str(refused.value)
    assert "to do:" in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CaseError, match="bailiwick appraise"):
        read(tmp_path / "none.json")


@pytest.mark.parametrize("spoil", [
    lambda d: d["verdict"].update(answer="maybe"),
    lambda d: d["findings"][0].update(value="many"),
    lambda d: d["findings"][0].pop("changes"),
    lambda d: d["gates"][0].update(state="perhaps"),
    lambda d: d["tables"]["budget"].pop("units"),
    lambda d: d["unknowns"][0].update(settles=1.5),
    lambda d: d["case"].update(as_of="yesterday"),
    lambda d: next(f for f in d["findings"] if f["value"] is None).pop("reason"),
])
def test_the_schema_catches_each_broken_promise(document, spoil):
    broken = copy.deepcopy(document)
    spoil(broken)
    with pytest.raises(CaseError):
        validate(broken)


def test_numbers_that_are_none_become_null_never_text(make_appraisal, measures):
    odd = ResultTable("odd", "Odd", ("a", "b"), ("GBP", ""), ((float("nan"), float("inf")), (-0.2, 1 / 3)))
    text = canonical(results(make_appraisal(tables=(odd,)), measures)).decode()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text)["tables"]["odd"]["rows"] == [[None, None], [-0.2, 0.3333]]


def test_thirty_two_areas_and_eight_options_stay_under_five_megabytes(make_appraisal, measures):
    appraisal = make_appraisal()
    one = next(f for f in appraisal.findings if f.id == "locality.distance_to_headquarters/proposed/T2")
    many = tuple(replace(one, id=f"{one.measure}/option-{o}/E090000{a:02}-{m:02}") for o in range(8)
                 for a in range(33) for m in range(31))
    size = len(canonical(results(replace(appraisal, findings=many), measures)))
    assert size <= 5_000_000

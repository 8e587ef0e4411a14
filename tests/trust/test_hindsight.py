"""Forecasts are scored by hand-worked numbers; a table of outcomes that cannot be used is refused line by line."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from bailiwick import hindsight
from bailiwick.casefile_outcomes import outcomes
from bailiwick.errors import CaseError, CaseErrors
from bailiwick.hindsight import Forecast, Outcome
from bailiwick.publish import hindsight_page
from bailiwick.publish.hindsight_lines import held, scored

MEASURES = {"response.immediate_in_target": "Immediate calls on time", "finance.saving_a_year": "Yearly saving"}
AREAS = {"E1": "Northgate", "E2": "Millbrook", "E3": "Eastmoor"}


def outcome(value: float, area: str = "E1", measure: str = "response.immediate_in_target") -> Outcome:
    return Outcome(measure, area, "2020", value, "made up", "proposed", 2)


@pytest.mark.parametrize(("value", "inside", "points"), [
    (85.0, True, 10.0), (80.0, True, 10.0), (90.0, True, 10.0), (92.0, False, 10.0 + 20 * 2.0),
    (70.0, False, 10.0 + 20 * 10.0),
])
def test_the_interval_score_is_the_width_and_twenty_times_the_miss(value, inside, points):
    found = hindsight.score(outcome(value), Forecast("f", 84.0, 80.0, 90.0, 0.9, 88.0))
    assert (found.inside, found.interval_score) == (inside, pytest.approx(points))
    assert found.error == pytest.approx(value - 84.0)
    assert found.nearer == (abs(value - 84) < abs(value - 88))


def test_a_forecast_of_no_change_is_neither_nearer_nor_farther():
    assert hindsight.score(outcome(85.0), Forecast("f", 84.0, 80.0, 90.0, 0.9, 84.0)).nearer is None
    assert hindsight.score(outcome(85.0), Forecast("f", 84.0, 80.0, 90.0, 0.9, None)).nearer is None


def test_the_interval_score_is_proper():
    """On average no range scores better than the true one: the score cannot be bettered by false doubt or certainty."""
    came = np.random.default_rng(2).normal(size=4000)
    told = {half: np.mean([hindsight.score(outcome(v), Forecast("f", 0, -half, half, 0.9, None)).interval_score
                           for v in came]) for half in (1.0, 1.645, 2.5)}
    assert min(told, key=told.get) == 1.645


def test_the_order_of_areas_counts_pairs_and_names_the_worst():
    forecast = {"E1": 90.0, "E2": 80.0, "E3": 70.0}
    came = {"E1": 88.0, "E2": 60.0, "E3": 65.0}
    scores = [hindsight.score(outcome(came[a], a), Forecast(a, forecast[a], 0, 100, 0.9, None)) for a in AREAS]
    (found,) = hindsight.rankings(scores, {"response.immediate_in_target": "higher"})
    assert (found.right, found.pairs, found.areas) == (2, 3, 3)
    assert (found.worst_forecast, found.worst_found) == ("E3", "E2")
    assert not hindsight.rankings(scores[:1], {})


@pytest.mark.parametrize(("inside", "count", "word"), [
    (4, 5, "too few to say"), (27, 30, "as wide as they say"), (15, 30, "too narrow"), (200, 200, "too wide"),
    (0, 12, "too narrow"),
])
def test_calibration_says_no_more_than_the_count_bears(inside, count, word):
    scores = [hindsight.score(outcome(0.0 if i < inside else 9.0), Forecast("f", 0, -1, 1, 0.9, None))
              for i in range(count)]
    found = hindsight.calibration(scores)
    assert (found.inside, found.count, found.word) == (inside, count, word)
    assert found.low <= inside / count <= found.high


@pytest.fixture
def told(tmp_path):
    def written(text: str):
        path = tmp_path / "outcomes.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return outcomes(path, measures=MEASURES, areas=AREAS, options=("proposed", "today"), as_of=date(2018, 1, 31))

    return written


HEAD = "measure,area,period,value,source\n"
GOOD = "response.immediate_in_target,northgate,2020-21,85.5,page 3\n"


def test_areas_are_known_by_code_or_name_and_the_proposal_is_meant(told):
    found = told(HEAD + GOOD + "finance.saving_a_year,scheme,2019,1e6,p\nresponse.immediate_in_target,E2,2019-03,1,p\n")
    assert [(o.area, o.value, o.option, o.line) for o in found] == [
        ("E1", 85.5, "proposed", 2), ("scheme", 1e6, "proposed", 3), ("E2", 1.0, "proposed", 4)]


@pytest.mark.parametrize(("line", "where", "hint"), [
    ("response.immediate_in_targte,E1,2020,1,p", "measure", 'did you mean "response.immediate_in_target"'),
    ("finance.saving_a_year,Northgat,2020,1,p", "area", 'did you mean "northgate"'),
    ("finance.saving_a_year,E1,2020,12%,p", "value", "without commas"),
    ("finance.saving_a_year,E1,2020,nan,p", "value", "a number"),
    ("finance.saving_a_year,E1,2020,,p", "value", "nothing"),
    ("finance.saving_a_year,E1,spring,1,p", "period", "begins with its year"),
    ("finance.saving_a_year,E1,2017,1,p", "period", "could be known"),
    ("finance.saving_a_year,E1,2020,1,", "source", "who published"),
])
def test_a_line_that_cannot_be_used_is_named(told, line, where, hint):
    with pytest.raises(CaseError) as caught:
        told(HEAD + GOOD + line + "\n")
    text = str(caught.value)
    assert f"outcomes.csv, line 3: {where}" in text
    assert hint in text


def test_files_that_are_no_table_are_refused(told, tmp_path):
    for text, said in (("measure,area\n", "no such column"), (HEAD, "no line"), ("", "no such column"),
                       (b"measure\xff", "UTF-8")):
        with pytest.raises(CaseError, match=said):
            told(text)
    with pytest.raises(CaseError, match="can be read"):
        outcomes(tmp_path / "none.csv", measures={}, areas={}, options=("proposed",), as_of=date(2018, 1, 31))
    with pytest.raises(CaseErrors, match="2 problems"):
        told(HEAD + "x,E1,2020,1,p\nx,E1,2020,1,p\n")
    with pytest.raises(CaseError, match="stands on line 2 too"):
        told(HEAD + GOOD + GOOD)


def document() -> dict[str, object]:
    findings = [
        {"id": f"response.immediate_in_target/{option}/{code}", "measure": "response.immediate_in_target", "unit": "%",
         "option": option, "subject": code, "value": value, "low": value - 5, "high": value + 5, "level": 0.9,
         "changes": []}
        for option, worse in (("today", 0.0), ("proposed", 6.0))
        for code, value in (("E1", 90.0 - worse), ("E2", 80.0 - worse), ("E3", 70.0 - worse))
    ]
    return {
        "findings": findings, "tables": {}, "options": [{"name": "today"}, {"name": "proposed"}],
        "measures": {"response.immediate_in_target": {"title": "Immediate calls on time", "unit": "%", "decimals": 1,
                                                      "better": "higher"}},
        "case": {"title": "A merger", "name": "a-merger", "as_of": "2018-01-31", "areas": [
            {"code": code, "name": name} for code, name in AREAS.items()]},
    }


def test_the_answer_tells_each_line_the_order_and_the_calibration():
    found = [outcome(83.0, "E1"), outcome(60.0, "E2"), outcome(64.5, "E3")]
    lines, data = scored(held(document(), found))
    text = "\n".join(lines)
    assert "2 of 3 outcomes lay inside" in text
    assert "OUTSIDE  Immediate calls on time, Millbrook, 2020" in text
    assert "worst forecast for Eastmoor, found in Millbrook" in text
    assert "too few to say" in text
    assert [s["inside"] for s in data["scores"]] == [True, False, True]
    assert data["scores"][1]["interval_score"] == pytest.approx(10 + 20 * 9.0)
    assert data["rankings"][0]["right"] == 2
    assert data["scores"][0]["nearer_than_no_change"] is True


def test_an_outcome_without_a_forecast_is_said_to_have_none():
    lines, data = scored(held(document(), [outcome(1.0, "scheme")]))
    assert "None of these outcomes has a forecast" in lines[1]
    assert any("no forecast" in line for line in lines)
    assert len(data["without_forecast"]) == 1


@pytest.fixture(scope="module")
def page() -> str:
    found = [outcome(83.0, "E1"), outcome(60.0, "E2"), outcome(64.5, "E3"), outcome(1.0, "scheme")]
    return hindsight_page.page(held(document(), found))


def test_the_page_shows_each_forecast_its_outcome_the_order_and_the_calibration(page):
    row = re.search(r'<th scope="row">Immediate calls on time, Millbrook, 2020</th>(.*?)</tr>', page, re.DOTALL)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1])
    assert cells[:5] == ["74%", "69% to 79%", "60%", "✗ Outside", "Nearer than no change"]
    assert cells[5:] == ["190", "made up", "<code>response.immediate_in_target/proposed/E2</code>"]
    assert "2 of 3 outcomes lay inside" in page
    assert "3 of 3" not in page
    assert "Worst forecast for Eastmoor, found in Millbrook" in page
    assert "too few to say" in page
    alt = re.search(r'role="img" aria-label="([^"]+)"', page)[1]
    assert "Millbrook, 2020: Immediate calls on time came below its range" in alt
    assert "https://" not in page.replace("http://www.w3.org", ""), "nothing is fetched"


def test_an_outcome_far_out_is_placed_by_the_range_and_no_range_is_no_picture():
    far = hindsight.score(outcome(100.0), Forecast("f", 84.0, 80.0, 90.0, 0.9, 88.0))
    assert hindsight_page.position(far) == 2.0
    told = document()
    for one in told["findings"]:
        one["low"] = one["high"] = one["value"]
    assert "<svg" not in hindsight_page.page(held(told, [outcome(83.0)]))


def test_the_page_holds_no_fault_that_axe_can_find(page, tmp_path, chromium):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    place = tmp_path / "hindsight.html"
    place.write_text(page, encoding="utf-8")
    tab = chromium.new_page()
    tab.goto(place.as_uri())
    violations = axe.run(tab).response["violations"]
    tab.close()
    assert [(v["id"], v["nodes"][0]["html"][:100]) for v in violations] == []

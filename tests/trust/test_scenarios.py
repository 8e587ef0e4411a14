"""A scenario changes what it names and nothing else; one that cannot be tried is refused where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bailiwick import casefile, scenarios
from bailiwick.assumptions import Scenario
from bailiwick.errors import CaseError

TOWN = Path(__file__).resolve().parents[1] / "casefile" / "town"
CARS = "response.cars_on_duty.today"


def test_values_replace_times_multiply_plus_adds_and_the_rest_stays(first):
    drawn = first.sample(3)
    asked = scenarios.moved(drawn, Scenario("s", "t", "w", (("finance.dip.months", 12.0),), ((CARS, 0.5),),
                                            (("response.calls.growth_a_year", 0.1),)))
    assert asked.value("finance.dip.months") == 12.0
    assert asked.value(CARS) == pytest.approx(0.5 * drawn.value(CARS)), "it may leave the declared range"
    grown = drawn.value("response.calls.growth_a_year") + 0.1
    assert asked.value("response.calls.growth_a_year") == pytest.approx(grown)
    changed = {name for name in drawn.changed if drawn.changed[name] != asked.changed[name]}
    assert changed == {"finance.dip.months", CARS, "response.calls.growth_a_year"}


def test_a_share_stays_between_nought_and_one(first):
    asked = scenarios.moved(first, Scenario("s", "t", "w", (), (("response.cars.missing", 10.0),)))
    assert asked.value("response.cars.missing") == 1.0


def test_the_first_case_asks_what_the_debate_asks(first):
    assert [s.name for s in first.scenarios] == ["transition-fails", "officers-27500", "abstraction", "demand-up-10"]
    from bailiwick.response.workload import force_level

    more = scenarios.moved(first, first.scenarios[-1])
    assert force_level(more, 2018.5) / force_level(first, 2018.5) == pytest.approx(1.1, abs=0.002)
    fewer = scenarios.moved(first, first.scenarios[1])
    assert fewer.value(CARS) / first.value(CARS) == pytest.approx(27_500 / 30_000, abs=1e-4)


def test_a_scenario_of_money_alone_keeps_the_service_that_was_found(first, planted):
    draws = planted(lambda v: 7.0, lambda v: 1.0, sets=4)
    case, failing = draws.case, first.scenarios[0]
    base = draws.judgements
    found = scenarios._judged(case, "proposed", (failing, 2, base[2]))
    assert found.paired is base[2].paired
    assert found.values["finance.service_neutral_saving/proposed/scheme"] == 7.0
    before = scenarios.number_of(case.draw(2), "finance.net_present_value/proposed/scheme")
    assert found.values["finance.net_present_value/proposed/scheme"] < before, "a hard change costs money"


def test_response_is_tried_on_sets_spread_from_the_fewest_points_to_the_most_and_money_on_all(planted):
    draws = planted(lambda v: 7.0, lambda v: v["response.desk.minutes"], sets=20)
    desk = [draws.case.draw(k).value("response.desk.minutes") for k in draws.ks]
    ranks = sorted(sorted(desk).index(desk[i]) for i in scenarios.spread_sets(draws))
    assert ranks == [2, 6, 10, 14, 18]
    assert scenarios.spread_sets(draws, count=99) == tuple(range(20))
    figures = scenarios._money(draws.case, "proposed", draws.ks, Scenario("s", "t", "w", ()))
    told = scenarios.number_of(draws.case.draw(3), "finance.saving_a_year/proposed/scheme")
    assert len(figures) == 20
    assert figures[3]["finance.saving_a_year"] == told


@pytest.fixture
def town(tmp_path):
    folder = Path(shutil.copytree(TOWN, tmp_path / "town"))

    def with_scenario(text: str) -> Path:
        file = folder / "case.toml"
        told = file.read_text(encoding="utf-8")
        file.write_text(told + "\n[[scenarios]]\n" + text, encoding="utf-8")
        return folder

    return with_scenario


HEAD = 'name = "worse"\ntitle = "Worse"\nwhy = "To see"\n'


def test_a_sound_scenario_is_read(town):
    case = casefile.load(town(HEAD + 'times = { "finance.realisation" = 0.5 }\n'))
    assert case.scenarios == (Scenario("worse", "Worse", "To see", (), (("finance.realisation", 0.5),), ()),)


@pytest.mark.parametrize(("told", "key", "hint"), [
    ('times = { "finance.realisatoin" = 0.5 }', "scenarios[1].times.", "did you mean"),
    ('values = { "finance.realisation" = 7 }', "values", "times or plus"),
    ('times = { "finance.realisation" = 0 }', "times", ""),
    ('times = { "finance.realisation" = 11 }', "times", ""),
    ("", "scenarios", "add values"),
    ('values = { "finance.realisation" = 0.7 }\nplus = { "finance.realisation" = 0.1 }', "realisation", "keep it in"),
    ('factor = { "finance.realisation" = 2 }', "factor", ""),
])
def test_a_scenario_that_cannot_be_tried_is_refused(town, told, key, hint):
    with pytest.raises(CaseError) as caught:
        casefile.load(town(HEAD + told + "\n"))
    problems = getattr(caught.value, "problems", (caught.value,))
    text = "\n".join(str(problem) for problem in problems)
    assert "case.toml, line" in text
    assert key.split(".")[0].split("[")[0] in text
    assert hint in text

"""Per commander and per named lead, and the promised ward officers: sums worked by hand."""

from dataclasses import replace

import pytest

from bailiwick.findings import Unavailable
from bailiwick.locality import leadership as lead
from bailiwick.locality import presence
from bailiwick.scheme import Command
from bailiwick.tables import SCHEMAS, Table

BOTH = Command(("N", "S"), "bcu", "Dock")
ALONE = Command(("N",), "borough", "Hill")
ALL = Command(("F", "N", "S"), "bcu")


@pytest.mark.parametrize(("measure", "alone", "both"), [
    (lead.residents_per_commander, 420, 920), (lead.councils_per_commander, 1, 2),
    (lead.area_km2_per_commander, 10.0, 30.0), (lead.wards_per_commander, 2, 5),
    (lead.crimes_per_commander, 100, 200),
])
def test_a_commander_answers_for_the_sum_of_the_areas(town, measure, alone, both):
    assert measure(town, ALONE) == {"N": alone}
    assert measure(town, BOTH) == {"N": both, "S": both}


def test_enough_leads_front_one_area_each(town):
    assert lead.named_leads(town, BOTH) == 3
    assert lead.residents_per_named_lead(town, BOTH) == {"N": 420.0, "S": 500.0}


def test_a_command_of_one_area_needs_no_lead_beside_its_commander(town):
    case = town.assume("posts.lead.today", 0)
    assert lead.residents_per_named_lead(case, ALONE) == {"N": 420.0}


@pytest.mark.parametrize(("leads", "expected"), [(2, 505.0), (1, 1010.0), (0, 1010.0)])
def test_too_few_leads_share_the_command(town, leads, expected):
    case = town.assume("posts.lead.proposed", leads)
    assert lead.residents_per_named_lead(case, ALL) == {"F": expected, "N": expected, "S": expected}


def test_leads_follow_the_models_establishment(town):
    assert lead.named_leads(town, replace(BOTH, model="borough")) == 1
    assert lead.named_leads(town, replace(BOTH, model="bcu-2")) == 4
    post = town.scheme.posts[0]
    change = replace(town, scheme=replace(town.scheme, posts=(replace(post, proposed_as="change"),)))
    assert lead.named_leads(change, BOTH) == 4
    per_area = replace(town, scheme=replace(town.scheme, posts=(replace(post, per="area"),)))
    assert lead.named_leads(per_area, BOTH) == 6


def test_without_a_line_for_leads_merged_areas_do_not_know_theirs(town):
    case = replace(town, scheme=replace(town.scheme, posts=(replace(town.scheme.posts[0], role="misleading"),)))
    assert isinstance(lead.residents_per_named_lead(case, BOTH)["N"], Unavailable)
    assert lead.residents_per_named_lead(case, ALONE) == {"N": 420.0}


@pytest.mark.parametrize(("field", "measure"), [
    ("population", lead.residents_per_commander), ("population", lead.residents_per_named_lead),
    ("wards", lead.wards_per_commander), ("councils", lead.councils_per_commander),
])
def test_one_unknown_area_makes_the_command_unknown(with_areas, field, measure):
    found = measure(with_areas("S", **{field: None}), BOTH)
    assert all(isinstance(value, Unavailable) and value.reason == "unknown" for value in found.values())


def test_ward_officers_are_wards_times_the_floor_whoever_commands(town):
    assert presence.dedicated_ward_officers(town, BOTH) == {"N": 4, "S": 6}
    assert presence.dedicated_ward_officers(town, ALONE) == {"N": 4}
    assert presence.ward_community_support_officers(town, BOTH) == {"N": 2, "S": 3}
    assert presence.residents_per_ward_officer(town, BOTH) == {"N": 105.0, "S": pytest.approx(500 / 6)}


def test_no_floor_or_no_ward_is_no_number(town, with_areas):
    none = town.assume("locality.ward_officers_per_ward", 0)
    assert presence.residents_per_ward_officer(none, ALONE)["N"].reason == "not meaningful here"
    unknown = with_areas("N", wards=None)
    assert presence.dedicated_ward_officers(unknown, ALONE)["N"].reason == "unknown"
    assert presence.residents_per_ward_officer(unknown, ALONE)["N"].reason == "unknown"
    nobody = with_areas("N", population=None)
    assert presence.residents_per_ward_officer(nobody, ALONE)["N"].reason == "unknown"


def test_officers_are_those_of_the_latest_day_and_unknown_where_one_area_has_none(town):
    assert isinstance(lead.officers_per_commander(town, ALONE)["N"], Unavailable)
    counts = (("N", 90.5, "2016-09-30"), ("N", 80.0, "2017-09-30"), ("S", 20.0, "2017-09-30"))
    rows = tuple({"area": area, "officers": number, "reference_period": day, "published": None, "vintage": ""}
                 for area, number, day in counts)
    case = replace(town, tables={**town.tables, "officers": Table(SCHEMAS["officers"], rows, "officers.csv")})
    assert lead.officers_per_commander(case, BOTH) == {"N": 100.0, "S": 100.0}
    assert isinstance(lead.officers_per_commander(case, ALL)["F"], Unavailable)

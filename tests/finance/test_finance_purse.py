"""Who pays, who pays more, and is it unknown where nobody said: precepts, shared bills, VAT and buildings."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import casefile
from bailiwick.finance import TABLES, checks
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import net_present_value
from bailiwick.finance.precepts import levies, merging_forces, precept, precept_equalisation, unknown
from bailiwick.finance.shares import cost_shares, rules, shared_by, with_baseline, yearly_bill
from bailiwick.publish import section_money
from bailiwick.publish.bound import Book
from bailiwick.publish.page import TableView
from bailiwick.scheme import Command, Grouping
from bailiwick.tables import SCHEMAS, Table

TOWN = Path(__file__).parents[1] / "casefile" / "town"
weights = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=8)


def rows(name: str, given: list[dict[str, object]]) -> Table:
    blank = dict.fromkeys(SCHEMAS[name].names)
    return Table(SCHEMAS[name], tuple({**blank, **row} for row in given))


@pytest.fixture
def torn(case, changed):
    """The small merger with area D under another force."""
    areas = tuple(replace(a, force="Other Police", households=50_000) if a.code == "D"
                  else replace(a, households=60_000) for a in case.system.areas)
    return changed(case, system=replace(case.system, areas=areas))


@pytest.fixture
def levied(torn, changed):
    """The same with each area's precept and tax base."""
    told = rows("precepts", [{"area": a, "band_d": 200.0 if a != "D" else 260.0, "tax_base": 40_000.0} for a in "ABCD"])
    return changed(torn, tables={**torn.tables, "precepts": told})


@pytest.fixture
def paying(case, changed):
    """The small merger where each area pays for its own police."""
    told = rows("payers", [
        {"area": "A", "pays": 10e6, "property_value": 4e9, "calls": 10_000},
        {"area": "B", "pays": 20e6, "property_value": 3e9, "calls": 40_000},
        {"area": "C", "pays": 20e6, "property_value": 2e9, "calls": 40_000},
        {"area": "D", "pays": 10e6, "property_value": 1e9, "calls": 10_000}])
    crimes = rows("crimes", [{"area": a, "type": t, "count": n, "reference_period": "2017"}
                             for a, n in zip("ABCDE", (1000, 2000, 3000, 2000, 9000), strict=True)
                             for t in ("theft", "violence")])
    return changed(case, tables={**case.tables, "payers": told, "crimes": crimes})


def test_one_precept_by_hand(levied):
    """(3 x 40,000 x 200 + 40,000 x 260) / 160,000 = 215: three areas pay 15 more, one 45 less."""
    found = precept(levied)
    assert [row[3:6] for row in found.rows] == [(200.0, 215.0, 15.0)] * 3 + [(260.0, 215.0, -45.0)]
    assert [row[7] for row in found.rows] == [600_000.0] * 3 + [-1_800_000.0]
    assert [row[6] for row in found.rows] == [10.0] * 3 + [-36.0], "per household: 600,000 / 60,000, 1,800,000 / 50,000"
    assert [row[8] for row in found.rows] == [2_400_000.0] * 3 + [0.0]
    assert [row[9] for row in found.rows] == [0.0] * 3 + [2_400_000.0]


@given(weights, st.randoms(use_true_random=False))
def test_one_precept_moves_money_and_makes_none(rates, random):
    codes = [str(n) for n in range(len(rates))]
    band = dict(zip(codes, rates, strict=True))
    base = {code: random.uniform(1, 1e5) for code in codes}
    change = precept_equalisation(band, base)
    raised = math.fsum(band[c] * base[c] for c in codes)
    assert math.fsum(change[c] * base[c] for c in codes) == pytest.approx(0, abs=1e-9 * raised)
    assert all((change[c] > 0) == (band[c] < band[c] + change[c]) for c in codes)


def test_without_figures_the_precept_is_unknown_and_not_nil(torn):
    assert levies(torn) == ()
    assert unknown(torn) == ("A", "B", "C", "D")
    table = precept(torn)
    assert {row[3:] for row in table.rows} == {(None,) * 7}
    assert "unknown" in table.note.lower()
    (told,) = checks.precept(torn)
    assert told.passed is None
    assert "unknown" in told.text


def test_one_area_without_figures_leaves_all_unknown(levied, changed):
    told = levied.tables["precepts"]
    short = changed(levied, tables={**levied.tables, "precepts": Table(told.schema, told.rows[1:])})
    assert levies(short) == ()
    assert unknown(short) == ("A", "B", "C", "D")


def test_precepts_are_made_equal_inside_each_command_and_not_across_the_scheme(levied, changed):
    """Two commands of one force and one of two: only the last has one precept in place of two."""
    pairs = tuple(replace(option, grouping=Grouping((Command(("A", "B"), "bcu", "site A"),
                                                     Command(("C", "D"), "bcu", "site C"))))
                  if option.name == "proposed" else option for option in levied.scheme.options)
    paired = changed(levied, scheme=replace(levied.scheme, options=pairs))
    assert [round(levy.change, 2) for levy in levies(paired)] == [0.0, 0.0, 30.0, -30.0]
    told = paired.tables["precepts"]
    without_a = changed(paired, tables={**paired.tables, "precepts": Table(told.schema, told.rows[1:])})
    assert [levy.area for levy in levies(without_a)] == ["C", "D"]
    assert unknown(without_a) == (), "A and B stay with their one force"
    without_d = changed(paired, tables={**paired.tables, "precepts": Table(told.schema, told.rows[:3])})
    assert unknown(without_d) == ("C", "D")


def test_with_figures_the_check_says_what_moves_and_the_ledger_stays_at_nil(levied):
    (told,) = checks.precept(levied)
    assert told.passed
    assert "GBP -45.00 to 15.00" in told.text
    (line,) = [e for e in books(levied).account("proposed").lines if e.item == "precept"]
    assert line.amount == 0
    assert line.transfer
    assert "table of precepts" in line.note


def test_an_area_that_is_a_police_force_sets_its_own_precept(case, changed):
    """In a system of forces every area has the country as its force: E23 and W15 are police force areas."""
    codes = {"A": "E23000035", "B": "W15000001"}
    areas = tuple(replace(a, code=codes.get(a.code, a.code), name=f"Force {a.code}") for a in case.system.areas)
    system = replace(case.system, areas=areas)
    options = tuple(replace(o, grouping=Grouping(tuple(Command(("E23000035", "W15000001"), c.model, c.headquarters)
                                                       for c in o.grouping.commands[:1])))
                    if o.kind == "proposed" else o for o in case.scheme.options)
    forces = changed(case, system=system, scheme=replace(case.scheme, scope=("E23000035", "W15000001"),
                                                         options=options))
    assert merging_forces(forces) == ("Force A", "Force B")
    assert unknown(forces) == ("E23000035", "W15000001")
    assert checks.precept(forces)[0].passed is None


def test_one_force_has_no_table_of_precepts(case):
    assert precept(case).rows == ()


def test_the_bill_is_todays_less_what_is_expected_to_be_saved(paying):
    kept = books(paying)
    saving = kept.account("proposed").saving
    assert saving > 0
    assert yearly_bill(paying, "proposed") == pytest.approx(60e6 - saving * kept.factors.realised)
    assert yearly_bill(paying, "today") == 60e6


def test_nine_ways_of_sharing_the_bill(paying):
    found = {rule.name: rule.shares for rule in rules(paying)}
    assert list(found) == ["property value", "population", "calls", "recorded crime", "baseline and property value",
                           "baseline and population", "baseline and calls", "baseline and recorded crime", "as today"]
    assert found["property value"] == pytest.approx({"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1})
    assert found["population"] == pytest.approx({"A": 0.125, "B": 0.25, "C": 0.375, "D": 0.25})
    assert found["recorded crime"] == pytest.approx({"A": 0.125, "B": 0.25, "C": 0.375, "D": 0.25})
    assert found["baseline and calls"] == pytest.approx({"A": 0.175, "B": 0.325, "C": 0.325, "D": 0.175})
    assert found["as today"] == pytest.approx({"A": 1 / 6, "B": 1 / 3, "C": 1 / 3, "D": 1 / 6})


def test_a_saving_in_all_can_cost_one_area_more(paying):
    """By property value the rich area A pays 40% of a bill of which it pays a sixth today."""
    table = cost_shares(paying)
    worth = {row[1]: row for row in table.rows if row[0] == "property value"}
    bill = yearly_bill(paying, "proposed")
    assert worth["A"][5] == pytest.approx(0.4 * bill, abs=1)
    assert worth["A"][6] > 0 > worth["D"][6]
    assert worth["A"][7] == pytest.approx((0.4 * bill - 10e6) / 100_000, abs=0.01)
    for name in {row[0] for row in table.rows}:
        mine = [row for row in table.rows if row[0] == name]
        assert math.fsum(row[5] for row in mine) == pytest.approx(bill, abs=4)
        assert math.fsum(row[3] for row in mine) == pytest.approx(100, abs=0.03)


def test_a_way_of_sharing_needs_every_areas_figure(paying, changed):
    told = paying.tables["payers"]
    rest = ({**told.rows[0], "calls": None}, *told.rows[1:])
    short = changed(paying, tables={**paying.tables, "payers": Table(told.schema, rest), "crimes": rows("crimes", [])})
    assert [rule.name for rule in rules(short)] == ["property value", "population", "baseline and property value",
                                                    "baseline and population", "as today"]


@given(weights, st.floats(0, 1))
def test_shares_are_shares(given_weights, baseline):
    plain = shared_by({str(n): w for n, w in enumerate(given_weights)})
    mixed = with_baseline(plain, baseline)
    for found in (plain, mixed):
        assert math.fsum(found.values()) == pytest.approx(1)
        assert all(0 <= share <= 1 for share in found.values())
    spread = [max(s.values()) - min(s.values()) for s in (plain, mixed)]
    assert spread[1] == pytest.approx((1 - baseline) * spread[0])
    assert set(shared_by({"a": 0.0, "b": 0.0}).values()) == {0.5}


def test_where_nobody_pays_apart_there_is_nothing_to_share(case):
    assert cost_shares(case).rows == ()


def test_a_body_that_loses_its_vat_status_pays_every_year(case, changed):
    lost = changed(case, {"finance.vat.lost_a_year": 1e6})
    merged, plain = books(lost), books(case)
    first = 313 / 365
    cash = [a - b for a, b in zip(plain.net("proposed", cash=True), merged.net("proposed", cash=True), strict=True)]
    assert cash == pytest.approx([1e6 * first] + [1e6] * 9)
    assert merged.net("proposed") == plain.net("proposed")
    assert merged.net("cuts", cash=True) == plain.net("cuts", cash=True)


def test_a_building_that_is_freed_is_worth_its_use_each_year_sold_or_not(case, changed):
    """Worth 4 million, half of such buildings owned, free from 31 March 2019: 2 million x 3.5% a year, and no sale."""
    uses = [line for line in books(case).account("proposed").lines if line.item == "site.site D.use"]
    assert [line.amount for line in uses] == pytest.approx([2e6 * 0.035 / 365] + [2e6 * 0.035] * 9)
    assert not any(line.counts_in("cash") for line in uses)
    sale = next(line for line in books(case).account("proposed").lines if line.headline == "receipts")
    assert (sale.counts_in("economic"), sale.counts_in("cash")) == (False, True)
    assert checks.building_worth_once(case)[0].passed


def test_the_use_of_a_building_is_its_worth_less_what_is_left_at_the_end(case):
    """Rent at rate r in advance on v: sum of v r d(t) = v (1 - d(T)) (1 + r), d the discount factor."""
    rent = [2e6 * 0.035] * 40
    flat = {"discount": {"standard": [{"from": 0, "to": 1000, "rate": 3.5}]}}
    assert net_present_value(rent, flat) == pytest.approx(2e6 * (1 - 1.035 ** -40) * 1.035)


def test_a_building_that_is_opened_is_kept_from_another_use(case, changed):
    sites = tuple(replace(s, opens=date(2018, 6, 1)) if s.name == "site A" else s for s in case.scheme.sites)
    opened = books(changed(case, scheme=replace(case.scheme, sites=sites)))
    uses = [line for line in opened.account("proposed").lines if line.item == "site.site A.use"]
    assert {line.kind for line in uses} == {"cost"}
    assert uses[1].amount == pytest.approx(2e6 * 0.035)


def shown(case) -> dict[str, str]:
    """The tables of the money section of the report by id, each as its text; only precepts and bills are given."""
    tables = [make(case) for name, make in TABLES if name in ("precept", "cost_shares", "reference_class")]
    document = {"case": {"horizon_years": 10, "areas": [], "scope": []}, "findings": [], "measures": {}, "options": [],
                "tables": {t.name: {"title": t.title, "columns": list(t.columns), "units": list(t.units),
                                    "rows": [list(row) for row in t.rows], "note": t.note} for t in tables}}
    blocks = section_money.money(Book(document)).blocks
    return {b.id: " ".join(cell.striptags() for row in b.body for cell in row)
            for b in blocks if isinstance(b, TableView)}


def test_the_report_shows_who_pays_only_where_the_case_has_the_data(case, levied, paying):
    assert shown(case) == {}
    assert list(shown(levied)) == ["table-precept"]
    assert "−£45" in shown(levied)["table-precept"]
    assert list(shown(paying)) == ["table-cost-shares"]
    assert "property value" in shown(paying)["table-cost-shares"]


def test_the_made_up_town_goes_through_from_its_files(tmp_path):
    """Precepts and bills as CSV beside case.toml, checked at the door, to tables without a gap."""
    folder = Path(shutil.copytree(TOWN, tmp_path / "town"))
    told = {
        "precepts.csv": "area,band_d,tax_base,source,url,reference_period,published,vintage\n" + "".join(
            f"T0{n},{180 + 10 * n},2000,Made up,,2017-18,2017-03-31,as first published\n" for n in (1, 2, 3, 4)),
        "payers.csv": "area,pays,property_value,calls,source,url,reference_period,published,vintage\n" + "".join(
            f"T0{n},{n}000000,{n}00000000,{n}000,Made up,,2017-18,2017-03-31,as first published\n"
            for n in (1, 2, 3, 4)),
    }
    for name, text in told.items():
        (folder / "data" / name).write_text(text, encoding="utf-8")
    package = folder / "datapackage.json"
    package.write_text(package.read_text(encoding="utf-8").replace(
        '"resources": [', '"resources": [' + "".join(
            f'{{"name": "{name[:-4]}", "path": "data/{name}", "publisher": "Made up", "first_published": "per row", '
            '"vintage": "as first published", "licenses": [{"name": "CC0-1.0"}]},' for name in told), 1),
        encoding="utf-8")
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(text.replace(
        "[tables]\n", '[tables]\nprecepts = "data/precepts.csv"\npayers = "data/payers.csv"\n'), encoding="utf-8")
    town = casefile.load(folder)
    tables = {name: make(town) for name, make in TABLES}
    assert [row[3] for row in tables["precept"].rows] == [190.0, 200.0, 210.0, 220.0]
    assert [row[5] for row in tables["precept"].rows] == [15.0, 5.0, -5.0, -15.0]
    assert len({row[0] for row in tables["cost_shares"].rows}) >= 5
    assert all(cell is not None for row in tables["cost_shares"].rows for cell in row)
    payers = folder / "data" / "payers.csv"
    payers.write_text(payers.read_text(encoding="utf-8").replace("2017-03-31", "2018-03-31", 1), encoding="utf-8")
    late = casefile.load(folder)
    assert late.tables["payers"].hidden == 1
    assert cost_shares(late).rows == (), "one area's bill came out after the day of the appraisal"

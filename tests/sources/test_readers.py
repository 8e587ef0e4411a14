"""Does each reader give the facts of a table in its publisher's form, and refuse what looks like it and is not?"""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from bailiwick.errors import SourceError
from bailiwick.sources import (
    fire_brigade,
    home_office,
    met_crime,
    met_workforce,
    mopac,
    ons_lookups,
    ons_population,
    places,
    police_money,
    police_uk_api,
    treasury,
)


def written(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


PAS = ('Date,Survey,Borough,Measure,Proportion,MPS,,,,\n'
       '31/12/2014,PAS,Richmond Upon Thames,"""Good Job"" local","0,56","0,67",,,,\n'
       '31/12/2014,PAS,City of Westminster,Trust MPS,"1","0,67",,,,\n')


def test_survey_csv_with_decimal_commas_inner_quotes_and_renamed_boroughs(tmp_path):
    frame = mopac.read([written(tmp_path, "PAS.csv", PAS)]).frame
    assert frame.values.tolist() == [["E09000027", "Good Job local", date(2014, 12, 31), 0.56, 0.67],
                                     ["E09000033", "Trust MPS", date(2014, 12, 31), 1.0, 0.67]]


def test_survey_workbook_gives_the_same_as_the_csv(tmp_path, books):
    rows = [["Public Attitude Survey"], [], list(mopac.HEADER),
            ["31/12/2014", "PAS", "Richmond Upon Thames", '"Good Job" local', 0.56, 0.67],
            ["31/12/2014", "PAS", "City of Westminster", "Trust MPS", 1, "0,67"], []]
    path = books.xlsx(tmp_path / "PAS_T&Cdashboard_to Q3 23-24.xlsx", {"MPS": [["Date", "Measure"]], "Borough": rows})
    csv = mopac.read([written(tmp_path, "PAS.csv", PAS)])
    tidy = mopac.read([path])
    assert tidy.frame.equals(csv.frame)
    assert tidy.vintage == csv.vintage == "2014-12-31"


@pytest.mark.parametrize(("old", "new", "why"), [
    ("Richmond Upon Thames", "Richmond upon Thame", 'did you mean "Richmond upon Thames"'),
    ('"0,56"', '"56"', "a share from 0 to 1"), ("31/12/2014", "2014", "a date as 31/12/2014"),
    ("Proportion", "Percentage", "no column Proportion"), ('"0,56"', "much", "found|a number"),
])
def test_survey_that_has_changed_is_refused(tmp_path, old, new, why):
    with pytest.raises(SourceError, match=why):
        mopac.read([written(tmp_path, "PAS.csv", PAS.replace(old, new))])


def test_survey_given_twice_with_other_values_is_refused(tmp_path):
    extra = '31/12/2014,PAS,Westminster,Trust MPS,"0,5","0,67",,,,\n'
    with pytest.raises(SourceError, match="twice with other values"):
        mopac.read([written(tmp_path, "PAS.csv", PAS + extra)])


OLD = "MajorText,MinorText,LookUp_BoroughName,202310,202311,202312\nBurglary,Domestic Burglary,Merton,1,2,3\n"
NEW = "majortext,minortext,boroughname,202401,202402\nBURGLARY,DOMESTIC BURGLARY,Merton,4,5\nTHEFT,OTHER,Unknown,6,7\n"


def test_crime_in_both_forms_follows_on(tmp_path):
    tidy = met_crime.read([written(tmp_path, "new.csv", NEW), written(tmp_path, "old.csv", OLD)])
    assert tidy.vintage == "2024-02"
    burglary = tidy.frame[tidy.frame["major"] == "Burglary"]
    assert list(burglary.groupby("month")["count"].sum().items()) == [
        ("2023-10", 1), ("2023-11", 2), ("2023-12", 3), ("2024-01", 4), ("2024-02", 5)]
    assert set(tidy.frame["area"]) == {"E09000024", "unknown"}


@pytest.mark.parametrize(("old", "new", "why"), [
    ("202401,202402", "202403,202404", "parts that follow on one another"),
    ("202401,202402", "202401,202403", "every month once"),
    ("202401,202402", "jan,feb", "no column named as a month"),
    ("Merton", "Mertown", 'did you mean "Merton"'), (",4,5", ",4,x", "a whole number of crimes"),
    (",4,5", ",4,-5", "a whole number of crimes"), (",4,5", ",4.5,5", "a whole number of crimes"),
    ("boroughname", "place", "no column lookup_boroughname"), ("202401", "202312", "every month once|the same numbers"),
])
def test_crime_that_does_not_fit_is_refused(tmp_path, old, new, why):
    with pytest.raises(SourceError, match=why):
        met_crime.read([written(tmp_path, "old.csv", OLD), written(tmp_path, "new.csv", NEW.replace(old, new))])


def test_parts_of_two_vintages_that_overlap_are_refused(tmp_path):
    late = "majortext,minortext,boroughname,202312,202401\nBURGLARY,DOMESTIC BURGLARY,Merton,9,4\n"
    with pytest.raises(SourceError, match=r"9 crimes in 2023-12, 3 in old.csv[\s\S]*two vintages"):
        met_crime.read([written(tmp_path, "old.csv", OLD), written(tmp_path, "late.csv", late)])
    agreed = written(tmp_path, "late.csv", late.replace("9,4", "3,4"))
    same = met_crime.read([written(tmp_path, "old.csv", OLD), agreed])
    assert same.frame["count"].sum() == 10


def test_wards_and_boroughs_are_not_put_together(tmp_path):
    ward = "wardname,wardcode,majortext,minortext,lookup_boroughname,202401\nAbbey,E05000455,THEFT,OTHER,Merton,3\n"
    path = written(tmp_path, "ward.csv", ward)
    assert met_crime.read([path]).frame["area"].tolist() == ["E05000455"]
    with pytest.raises(SourceError, match="one level"):
        met_crime.read([path, written(tmp_path, "old.csv", OLD)])


def workforce(books, path, *, officers, total, heads=None):
    day = date(2018, 9, 30)
    rows = [["Table 1: Police officers1 by police force area, England and Wales"], ["", "As at:"], ["", day],
            ["West Midlands ", 10], *[[name, value] for name, value in officers.items()], ["Total 43 forces", total],
            ["British Transport Police", 9], [], ["1 A note of 2018", 7]]
    extra = {"Table_7": [["Table 7: Police officers by police force area (headcount)"], ["", day], ["Surrey", heads]]}
    return books.ods(path, {"Index": [["Police Workforce"]], "Table_1": rows, **(extra if heads else {})})


def test_workforce_tells_the_region_from_the_force_and_leaves_headcounts_out(tmp_path, books):
    officers = {**dict.fromkeys(places.FORCES, 2.0), "West Midlands": 7.0}
    path = workforce(books, tmp_path / "a.ods", officers=officers, total=91.0, heads=99)
    frame = home_office.read([path]).frame
    assert frame[frame["level"] == "force"]["value"].sum() == 91.0
    assert frame[frame["level"] == "region"]["value"].tolist() == [10.0]
    assert frame[frame["level"] == "other"]["name"].tolist() == ["British Transport Police"]
    assert 99.0 not in set(frame["value"])
    assert 7.0 in set(frame[frame["force"] == "E23000014"]["value"])


def test_workforce_that_does_not_add_up_is_refused(tmp_path, books):
    officers = {**dict.fromkeys(places.FORCES, 2.0)}
    with pytest.raises(SourceError, match=r"add up to 86.00, the table says 100.00"):
        home_office.read([workforce(books, tmp_path / "a.ods", officers=officers, total=100)])
    with pytest.raises(SourceError, match="no table titled Police officers"):
        home_office.read([books.ods(tmp_path / "b.ods", {"Index": [["x"]]})])


def test_restated_figures_are_counted_and_the_later_release_stands(tmp_path, books):
    day, later = date(2018, 3, 31), date(2018, 9, 30)
    title = ["Table 1: Police officers by police force area"]
    first = books.ods(tmp_path / "a.ods", {"T": [title, ["", day], ["Surrey", 5]]})
    second = books.ods(tmp_path / "b.ods", {"T": [title, ["", day, later], ["Surrey", 6, 7]]})
    tidy = home_office.read([second, first])
    assert tidy.frame["value"].tolist() == [6.0, 7.0]
    assert tidy.notes[0].startswith("1 figures were restated")


def test_met_strength_and_the_workforce_report(tmp_path, books):
    text = ("Month,Police Officer Strength,Police Staff Strength,PCSO Strength\n"
            "Jan 2018,30500.5,8900,1400\nFeb 2018,30400,,1390\n")
    tidy = met_workforce.read([written(tmp_path, "Police Force Strength.csv", text)])
    assert tidy.vintage == "2018-02-01"
    assert len(tidy.frame) == 5
    assert set(tidy.frame["kind"]) == {"officers", "staff", "community support officers"}
    rows = [["Table 2.1 Workforce by Basic Command Unit, 31 March 2018"], [],
            ["Unit", "Police officers", "Police staff", "PCSOs"], ["South West", 1000.5, 90, 80],
            ["Central East", 900, 70, 60]]
    report = met_workforce.read([books.xlsx(tmp_path / "report.xlsx", {"2.1": rows})])
    assert report.frame[report.frame["kind"] == "officers"]["value"].tolist() == [900.0, 1000.5]
    assert report.vintage == "2018-03-31"
    with pytest.raises(SourceError, match="a month, and one column each"):
        met_workforce.read([written(tmp_path, "b.csv", "Month,Cats\nJan 2018,4\n")])


def deflators(tmp_path, *rows, title="GDP deflators at market prices", name="GDP_Deflators_Qtrly_March_2018.csv"):
    return written(tmp_path, name, "\n".join([title, "Financial year,2016-17 = 100,per cent change on previous year",
                                             *rows]) + "\n")


def test_deflators_as_csv_and_workbook(tmp_path, books):
    rows = ["2015-16,97.8,0.7", "2016-17,100,2.25", "2017-18,101.8,1.8"]
    tidy = treasury.read([deflators(tmp_path, *rows)])
    assert tidy.vintage == "2018-03"
    assert tidy.frame["year"].tolist() == ["2015-16", "2016-17", "2017-18"]
    cells = [["GDP deflators at market prices"], [], *[[r.split(",")[0], *map(float, r.split(",")[1:])] for r in rows]]
    book = treasury.read([books.xlsx(tmp_path / "GDP_Deflators_Qtrly_March_2018.xlsx", {"Deflators": cells})])
    assert book.frame.equals(tidy.frame)


@pytest.mark.parametrize(("rows", "title", "why"), [
    (["2015-16,97.8,0.7", "2016-17,100,5.0"], "GDP deflators", "columns, or two files, swapped"),
    (["2015-16,97.8,0.7", "2017-18,100,2.2"], "GDP deflators", "every financial year once"),
    (["2015-16,97.8,0.7", "2016-17,100,2.25"], "Consumer prices", "does not call itself GDP deflator"),
    (["2015,97.8,0.7"], "GDP deflators", "no row of a financial year"),
    (["2015-16,50", "2016-17,100"], "GDP deflators", "a plausible deflator"),
])
def test_other_indices_are_refused(tmp_path, rows, title, why):
    with pytest.raises(SourceError, match=why):
        treasury.read([deflators(tmp_path, *rows, title=title)])


def test_grant_precept_and_tax_base(tmp_path, books):
    grant = books.ods(tmp_path / "police-grant-2018-19.ods", {"Table 1": [
        ["Police grant allocations 2018/19, £m"], [], ["Police force area", "Core grant", "Total funding 2018-19"],
        ["Avon & Somerset", 104.5, 160.25], ["Metropolitan Police", 900, 1700], ["Total", 1004.5, 1860.25]]})
    tidy = police_money.read([grant])
    assert tidy.source == "police-grant"
    core = tidy.frame[(tidy.frame["area"] == "E23000036") & (tidy.frame["item"] == "core grant")]
    assert core[["year", "value", "unit"]].values.tolist() == [["2018-19", 104_500_000.0, "GBP"]]
    assert tidy.notes == ("1 rows are of no known body: Total",)
    precept = books.xlsx(tmp_path / "precept.xlsx", {"Police": [
        ["Band D and precept of police authorities, £ thousand"], ["Authority", "Precept 2017-18", "Band D 2017-18"],
        ["Surrey", 110_000, 224.57]]})
    frame = police_money.read([precept]).frame
    assert frame["value"].tolist() == [110_000_000.0, 224.57]
    base = books.ods(tmp_path / "taxbase.ods", {"Data": [
        ["Council tax base 2017-18"], ["Code", "Local authority", "Tax base for council tax"],
        ["E09000032", "Wandsworth", 126_000.5]]})
    assert police_money.read([base]).frame[["area", "value"]].values.tolist() == [["E09000032", 126_000.5]]
    with pytest.raises(SourceError, match="police grant, precepts or council tax bases"):
        police_money.read([books.ods(tmp_path / "x.ods", {"S": [["Something else"]]})])
    with pytest.raises(SourceError, match="no known body"):
        police_money.read([books.ods(tmp_path / "police-grant.ods", {"S": [
            ["Police grant 2018/19"], ["Force", "Grant"], ["Atlantis", 4]]})])


def test_population_of_nomis_and_what_is_no_population(tmp_path):
    text = ("DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,OBS_VALUE\n"
            "2017,Merton,E09000024,206100\n2017,England,E92000001,55619400\n")
    tidy = ons_population.read([written(tmp_path, "nomis_population.csv", text)])
    assert tidy.frame.loc[tidy.frame["area"] == "E09000024", "population"].tolist() == [206_100]
    for old, new, why in ((",206100", ",206100.5", "a whole number"), ("2017,Merton", "mid,Merton", "a year as 2017"),
                          ("E92000001", "E09000024", "twice")):
        with pytest.raises(SourceError, match=why):
            ons_population.read([written(tmp_path, "nomis_population.csv", text.replace(old, new))])
    projected = "Code,Name,Year,Source,Population,Inland_Area _Hectares\nE09000024,Merton,2030,GLA Projections,9,1\n"
    with pytest.raises(SourceError, match="projections only"):
        ons_population.estimates(ons_population.read([written(tmp_path, "density.csv", projected)]))


def test_centroids_and_lookups(tmp_path):
    text = "\ufeffX,Y,FID,LSOA11CD,LSOA11NM\n525000.5,170000,1,E01003377,Merton 001A\n"
    tidy = ons_lookups.read([written(tmp_path, "LSOA_Population_Weighted_Centroids.csv", text)])
    assert (tidy.source, tidy.vintage) == ("centroids", "2011")
    assert tidy.frame["easting"].tolist() == [525_000.5]
    with pytest.raises(SourceError, match="metres of the National Grid"):
        ons_lookups.read([written(tmp_path, "b.csv", text.replace("525000.5,170000", "-0.2,51.4"))])
    two = ("LAD16CD,LAD16NM,CSP16CD,CSP16NM,PFA16CD,PFA16NM\nE07000144,Broadland,E22000219,B,E23000024,Norfolk\n"
           "E07000144,Broadland,E22000219,B,E23000025,Suffolk\n")
    with pytest.raises(SourceError, match="in two forces"):
        ons_lookups.read([written(tmp_path, "c.csv", two)])


FIRE = ",".join(fire_brigade._INCIDENT)
ROW = "1,01 Jan 2009,{hour},Fire,{code},{name},,,524950,169950,{first},Mitcham,"


def test_fire_incidents_of_dwellings_and_of_unknown_boroughs(tmp_path):
    text = FIRE + "\n" + ROW.format(hour=3, code="", name="MERTON", first=300) + "\n"
    frame = fire_brigade.read([written(tmp_path, "LFB Incident data.csv", text)]).frame
    assert frame.loc[0, ["area", "rounded", "first_seconds"]].tolist() == ["E09000024", True, 300.0]
    assert math.isnan(frame.loc[0, "second_seconds"])
    for change, why in (({"hour": 24}, "outside 0 to 23"), ({"first": -3}, "a time below 0"),
                        ({"name": "Atlantis"}, "a London borough")):
        row = ROW.format(**{"hour": 3, "code": "", "name": "Merton", "first": 300, **change})
        with pytest.raises(SourceError, match=why):
            fire_brigade.read([written(tmp_path, "a.csv", FIRE + "\n" + row + "\n")])


CRIME = {"id": 1, "month": "2018-03", "category": "burglary", "outcome_status": None,
         "location": {"latitude": "51.4", "longitude": "-0.2", "street": {"name": "On or near High Street"}}}


def test_answers_of_the_interface(tmp_path):
    path = written(tmp_path, "a.json", json.dumps([CRIME, {**CRIME, "id": 2, "location": None}]))
    again = written(tmp_path, "b.json", json.dumps([CRIME]))
    tidy = police_uk_api.read([path, again])
    assert len(tidy.frame) == 2
    assert tidy.vintage == "2018-03"
    with pytest.raises(SourceError, match="the most the interface gives"):
        police_uk_api.read([written(tmp_path, "c.json", json.dumps([CRIME] * 10_000))])
    for text in ("{}", "[{}]", "no json", "[]"):
        with pytest.raises(SourceError, match="to do"):
            police_uk_api.read([written(tmp_path, "d.json", text)])


def test_neighbourhoods_outlines_and_addresses_of_the_interface(tmp_path):
    there = police_uk_api.neighbourhoods(
        written(tmp_path, "n.json", '[{"id": "E05", "name": "Abbey"}]'), "metropolitan").frame
    assert there.values.tolist() == [["metropolitan", "E05", "Abbey"]]
    points = [{"latitude": "51.4", "longitude": str(-0.2 + n / 100)} for n in range(3)]
    outline = police_uk_api.outline(written(tmp_path, "o.json", json.dumps(points)))
    assert outline[0] == (-0.2, 51.4)
    assert police_uk_api.crimes_address(outline, "2018-03").startswith("https://data.police.uk/api/crimes-street/all-crime?")
    with pytest.raises(SourceError, match="at most 4094"):
        police_uk_api.crimes_address(outline * 200, "2018-03")
    with pytest.raises(SourceError, match="a month as 2018-03"):
        police_uk_api.crimes_address(outline, "March 2018")
    with pytest.raises(SourceError, match="at least three points"):
        police_uk_api.outline(written(tmp_path, "p.json", json.dumps(points[:2])))
    cut = police_uk_api.tiles((0.0, 50.0, 1.0, 51.0), 4)
    assert len(cut) == 16
    assert sum((t[2][0] - t[0][0]) * (t[2][1] - t[0][1]) for t in cut) == pytest.approx(1.0)


@pytest.mark.parametrize(("name", "code"), [
    ("Kingston Upon Thames", "E09000021"), ("LB Merton", "E09000024"), ("Hammersmith & Fulham", "E09000013"),
    ("London Borough of Barnet", "E09000003"), ("Aviation Security (SO18)", "airports"), ("Unknown", "unknown"),
    ("", "unknown"), ("E09000032", "E09000032"), ("Surrey", None)])
def test_boroughs_by_their_many_names(name, code):
    assert places.borough(name) == code


def test_forces_by_their_many_names():
    for name in ("Avon & Somerset", "Avon and Somerset", "Avon and Somerset Constabulary", "Avon & Somerset Police1"):
        assert places.force(name) == "E23000036"
    assert places.force("Metropolitan Police Service") == places.force("Metropolitan Police") == "E23000001"
    assert len(set(places.FORCES.values())) == 43

"""Do the readers give, from the publishers' own files over loopback HTTP, the totals that the publishers state?"""

from __future__ import annotations

import csv
import functools
import http.server
import threading
from pathlib import Path

import pandas as pd
import pytest

from bailiwick.errors import SourceError
from bailiwick.sources import SOURCES, agreement, boundaries, library, met_crime, ons_population, ons_shapes
from bailiwick.sources.fetch import Patience
from bailiwick.sources.reading import together
from bailiwick.sources.store import Store

THERE = {"met-crime", "attitudes", "police-workforce", "population", "projections", "force-areas", "borough-shapes",
         "ward-shapes", "small-area-shapes", "fire-incidents", "fire-mobilisations"}
SOUTH_WEST = ("E09000021", "E09000024", "E09000027", "E09000032")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def mirrored(shared_data, tmp_path_factory):
    """A store filled from the mirror, with what came of each source."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(shared_data)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    store = Store(tmp_path_factory.mktemp("mirror"))
    way = library.Way(f"http://127.0.0.1:{server.server_port}", None, Patience(2, 0.0, 20.0))
    outcomes = {o.source: o for o in library.obtain_all(store, way)}
    server.shutdown()
    server.server_close()
    return store, outcomes


@pytest.fixture(scope="module")
def table(mirrored):
    """Kept tables by source, each read once."""
    load = library.load
    return functools.lru_cache(lambda name: load(name, mirrored[0]))


def cleaned(shared_data: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared_data / name)


def test_everything_the_mirror_holds_is_fetched_and_the_rest_says_what_to_do(mirrored):
    outcomes = mirrored[1]
    assert {name for name, o in outcomes.items() if o.state == "new"} == THERE
    assert set(outcomes) == {source.name for source in SOURCES}
    for name in set(outcomes) - THERE:
        assert f"bailiwick fetch {name} --file PATH" in outcomes[name].reason


def test_every_publishers_file_is_used(mirrored, shared_data):
    kept = {f.name for o in mirrored[1].values() if o.record for f in o.record.files}
    assert kept == {path.name for path in (shared_data / "publisher_format").rglob("*") if path.is_file()}


def test_crimes_by_borough_add_up_to_the_published_years(table):
    frame = table("met-crime").frame
    year = {span: frame[frame["month"].between(*span)] for span in (
        ("2015-04", "2016-03"), ("2016-04", "2017-03"), ("2017-04", "2018-03"), ("2014-01", "2019-12"))}
    sums = [int(part["count"].sum()) for part in year.values()]
    assert sums[:3] == [739_753, 775_854, 828_365]
    boroughs = [int(part.loc[part["area"].str.startswith("E09"), "count"].sum()) for part in year.values()]
    assert boroughs[1:] == [772_520, 824_756, 4_764_203]
    assert sums[3] - boroughs[3] == 19_794
    chosen = year["2016-04", "2017-03"]
    assert int(chosen.loc[chosen["area"].isin(SOUTH_WEST), "count"].sum()) == 60_427
    assert frame["area"].nunique() == 33
    assert not frame.duplicated(["area", "major", "minor", "month"]).any()


def test_crimes_by_borough_equal_the_cleaned_table(table, shared_data):
    wide = cleaned(shared_data, "london/crime_borough_total_monthly_2014_2019.csv")
    frame = table("met-crime").frame
    mine = frame[frame["month"].between("2014-01", "2019-12")].groupby(["area", "month"])["count"].sum()
    theirs = wide.set_index(["gss", "month"])["count"]
    assert (mine.loc[theirs.index] == theirs).all()
    assert len(theirs) == 2_304


def test_burglary_breaks_in_april_2017_and_its_total_does_not(table):
    tidy = table("met-crime")
    assert any("Burglary, 2017-04" in note for note in tidy.notes)
    burglary = tidy.frame[tidy.frame["major"] == "Burglary"]
    monthly = burglary.pivot_table(index="month", columns="minor", values="count", aggfunc="sum").fillna(0)
    before, after = monthly.loc["2016-04":"2017-03"].mean(), monthly.loc["2017-04":"2018-03"].mean()
    assert (after / before - 1).abs().max() > 0.2
    assert abs(after.sum() / before.sum() - 1) < 0.15


def test_survey_has_every_borough_and_quarter_and_the_cleaned_values(table, shared_data):
    frame = table("attitudes").frame
    assert frame.shape == (9_312, 5)
    assert frame["area"].nunique() == 32
    sizes = frame.groupby("measure")["quarter_end"].nunique()
    assert sizes.to_dict() == {**dict.fromkeys(sizes.index, 37), "Trust MPS": 32}
    theirs = cleaned(shared_data, "london/pas_borough_quarterly.csv")
    theirs["quarter_end"] = pd.to_datetime(theirs["date"]).dt.date
    both = frame.merge(theirs.rename(columns={"gss": "area"}), on=["area", "measure", "quarter_end"])
    assert len(both) == 9_312
    assert (both["share"] == both["proportion"]).all()
    assert (both["london"] == both["mps"]).all()


def test_workforce_of_43_forces(table):
    frame = table("police-workforce").frame
    officers = frame[(frame["kind"] == "officers") & (frame["level"] == "force")]
    by_day = officers.groupby(officers["date"].astype(str))["value"].agg(["sum", "size"])
    assert (by_day["size"] == 43).all()
    assert len(by_day) == 11
    assert by_day.loc["2014-09-30", "sum"] == pytest.approx(127_077.36, abs=0.005)
    london = officers[officers["force"] == "E23000001"]
    met = dict(zip(london["date"].astype(str), london["value"], strict=True))
    for day, value in (("2016-09-30", 31_781.87), ("2017-09-30", 30_871.22), ("2018-09-30", 30_136.17)):
        assert met[day] == pytest.approx(value, abs=0.005)
    specials = frame[frame["kind"] == "specials"]
    assert set(specials["unit"]) == {"heads"}
    assert set(frame.loc[frame["kind"] == "officers", "unit"]) == {"full-time equivalents"}


def test_headcounts_of_the_2019_release_are_not_taken_for_full_time_equivalents(table):
    """The release of 2019 has two tables of officers; the headcount is 2% higher (30,940 v 31,556 in London)."""
    frame = table("police-workforce").frame
    london = frame[(frame["force"] == "E23000001") & (frame["kind"] == "officers")]
    assert london[london["date"].astype(str) == "2019-09-30"]["value"].tolist() == [pytest.approx(30_940.23, abs=0.01)]


def test_population_is_the_estimate_and_projections_are_marked(table):
    frame = table("population").frame
    people = frame[(frame["year"] == 2017) & frame["area"].str.startswith("E09")].set_index("area")["population"]
    assert people.sum() == 8_825_001
    assert people[list(SOUTH_WEST)].sum() == 899_598
    other = table("projections")
    later = other.frame[(other.frame["year"] == 2017) & other.frame["area"].str.startswith("E09")]
    assert set(later["kind"]) == {"projection"}
    assert int(later["population"].sum()) - 8_825_001 == 79_005
    assert ons_population.estimates(other).frame["year"].max() == 2010
    assert "projections, not estimates" in other.notes[0]


def test_lookup_has_348_councils_in_43_forces(table):
    frame = table("force-areas").frame
    assert len(frame) == 348
    assert frame["force"].nunique() == 43


@pytest.mark.parametrize(("name", "count", "km2"), [
    ("borough-shapes", 33, 1_573.49), ("ward-shapes", 625, 1_594.69), ("small-area-shapes", 4_835, 1_573.5)])
def test_boundaries_are_whole_and_of_the_right_size(table, name, count, km2):
    frame = table(name).frame
    ons_shapes.check_count(table(name), count)
    assert frame["area"].is_unique
    assert frame["area_km2"].sum() == pytest.approx(km2, abs=0.1)


def test_small_areas_carry_the_census_and_were_mended(table):
    tidy = table("small-area-shapes")
    assert (tidy.frame["residents"].sum(), tidy.frame["households"].sum()) == (8_173_941, 3_266_173)
    assert "8 of 4835 polygons crossed themselves" in tidy.notes[0]
    assert tidy.frame["parent"].nunique() == 33


def test_the_borders_of_the_boroughs_are_the_68_on_land_and_all_14_river_pairs_are_to_review(mirrored, shared_data):
    store = mirrored[0]
    path = next(p for p in store.paths(store.newest("borough-shapes")) if p.suffix == ".shp")
    found = boundaries.read_boundaries(path)
    with (shared_data / "london/borough_adjacency.csv").open(encoding="utf-8") as stream:
        rows = [(tuple(sorted((r["gss_a"], r["gss_b"]))), r["kind"]) for r in csv.DictReader(stream)]
    assert {(b.a, b.b) for b in found.land} == {pair for pair, kind in rows if kind == "land"}
    assert {(b.a, b.b) for b in found.review} >= {pair for pair, kind in rows if kind == "river"}
    assert len(found.review) <= 16


def test_fire_brigade_files_are_read(table):
    incidents, engines = table("fire-incidents"), table("fire-mobilisations")
    assert len(incidents.frame) == len(engines.frame) == 20
    assert incidents.vintage == engines.vintage == "2009-01-01"
    assert incidents.frame["first_seconds"].dropna().between(30, 1_200).all()
    both = engines.frame.dropna(subset=["travel_seconds"])
    assert (both["turnout_seconds"] + both["travel_seconds"] == both["attendance_seconds"]).all()


@pytest.mark.parametrize(("name", "level"), [
    ("crime_ward_wide_2024-02_2026-02", "met-crime-wards"), ("crime_lsoa2021_wide_2024-02_2026-02", "met-crime-lsoas")])
def test_wards_and_small_areas_are_read_and_do_not_join_older_boundaries(table, shared_data, name, level):
    tidy = met_crime.read([shared_data / f"london/{name}.parquet"])
    assert (tidy.source, tidy.vintage) == (level, "2026-02")
    shapes = table("ward-shapes" if "ward" in name else "small-area-shapes")
    with pytest.raises(SourceError, match=r"only [\d.]+% of .* codes are known .*\n  expected: codes and"):
        ons_shapes.joined(set(tidy.frame["area"]), shapes)
    if level == "met-crime-lsoas":
        assert ons_shapes.joined(set(tidy.frame["area"]), shapes, at_least=0.9) == pytest.approx(0.933, abs=0.002)


def wide_csv(long: pd.DataFrame, path: Path, months: slice) -> Path:
    keys = ["major", "minor", "borough"]
    wide = long.pivot_table(index=keys, columns="month", values="count", aggfunc="sum", observed=True, fill_value=0)
    wide = wide.loc[:, months]
    wide.columns = [str(m).replace("-", "") for m in wide.columns]
    wide.reset_index().rename(columns=dict(zip(keys, ("majortext", "minortext", "boroughname"), strict=True))).to_csv(
        path, index=False)
    return path


def test_the_newer_vintage_jumps_in_march_2020_and_never_mixes(table, shared_data, tmp_path):
    long = pd.read_parquet(shared_data / "london/crime_borough_monthly_2026-03.parquet")
    early = wide_csv(long, tmp_path / "MPS Borough Level Crime (Historical).csv", slice("2010-04", "2020-06"))
    tidy = met_crime.read([early])
    assert met_crime.unknown_share(tidy.frame)["2020-03"] == pytest.approx(19.1, abs=0.05)
    assert any("2020-03: 19.1% of crimes have no borough" in note for note in tidy.notes)
    with pytest.raises(SourceError, match="do not belong together"):
        together([tidy, table("met-crime")])


def test_the_built_in_tables_are_the_publishers_figures(mirrored, table, monkeypatch):
    monkeypatch.setattr(library, "load", lambda name, store: table(name))  # read once for all tests of this file
    found = {a.table: a for a in agreement.agreements(mirrored[0])}
    assert sum(a.compared for a in found.values()) > 26_000
    apart = {name for name, a in found.items() if a.differing}
    assert apart <= {"officers-gb-forces"}
    for name, a in found.items():
        assert a.compared > 50, name
        assert ("differ" if a.differing else "all ") in a.sentence()
    if apart:  # heads in place of full-time equivalents, in the release of 2019 only
        assert {row[1] for row in found["officers-gb-forces"].examples} <= {"2019-03-31", "2019-09-30"}


def test_two_swapped_files_are_read_by_what_they_hold(shared_data, tmp_path):
    folder = shared_data / "publisher_format/mps"
    old, new = "MPS Borough Level Crime (Historical).csv", "MPS Borough Level Crime (most recent 24 months).csv"
    (tmp_path / old).write_bytes((folder / new).read_bytes())
    (tmp_path / new).write_bytes((folder / old).read_bytes())
    tidy = met_crime.read([tmp_path / old, tmp_path / new])
    assert int(tidy.frame["count"].sum()) == 10_690_997
    assert sum("the two files are swapped" in note for note in tidy.notes) == 2

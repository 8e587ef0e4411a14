"""Panel files as strangers write them: every shape and spelling gives the same panel, every fault one clear message."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bailiwick.errors import BailiwickError
from bailiwick.evaluation import estimate
from bailiwick.sources.panelfile import PanelRequest, panel_from_file, panels_from_file

UNITS = [f"u{k:02d}" for k in range(9)]
MONTHS = [f"{2015 + k // 12}-{k % 12 + 1:02d}" for k in range(24)]
VALUES = (50 + np.cumsum(np.random.default_rng(1).normal(size=(9, 24)), axis=1)).round(3)


@pytest.fixture
def long():
    return pd.DataFrame({
        "unit": np.repeat(UNITS, 24), "time": MONTHS * 9, "y": VALUES.ravel(),
    })


@pytest.fixture
def wide():
    return pd.DataFrame(VALUES, columns=MONTHS).assign(unit=UNITS)


def read(path, **changes):
    given = {"unit": "unit", "time": "time", "outcome": "y", "treated": "u00", "start": "2016-06"} | changes
    return panel_from_file(path, PanelRequest(**given))


def same(panel):
    assert panel.units == tuple(UNITS)
    assert panel.periods[0] == "2015-01"
    assert panel.y == pytest.approx(VALUES, abs=1e-9)
    assert (panel.pilots[0].start, panel.pilots[0].exposed) == (17, 1.0)


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("plain.csv", lambda f, p: f.to_csv(p, index=False)),
        ("bom.csv", lambda f, p: f.to_csv(p, index=False, encoding="utf-8-sig")),
        ("utf16.csv", lambda f, p: f.to_csv(p, index=False, encoding="utf-16")),
        ("tab.tsv", lambda f, p: f.to_csv(p, index=False, sep="\t")),
        ("continental.csv", lambda f, p: f.to_csv(p, index=False, sep=";", decimal=",")),
        ("pipe.txt", lambda f, p: f.to_csv(p, index=False, sep="|")),
        ("index.csv", lambda f, p: f.to_csv(p)),
        ("stored.parquet", lambda f, p: f.to_parquet(p)),
        ("shuffled.csv", lambda f, p: f.sample(frac=1, random_state=1).to_csv(p, index=False)),
        ("crlf.csv", lambda f, p: f.to_csv(p, index=False, lineterminator="\r\n")),
        ("quoted.csv", lambda f, p: f.to_csv(p, index=False, quoting=csv.QUOTE_ALL)),
        ("loud.csv", lambda f, p: f.rename(columns=str.upper).to_csv(p, index=False)),
        ("noted.csv", lambda f, p: f.assign(note="a, b").to_csv(p, index=False)),
        ("blank.csv", lambda f, p: p.write_text("\n" + f.to_csv(index=False) + "\n\n,,\n")),
    ],
)
def test_one_panel_in_many_files(long, tmp_path, name, save):
    save(long, tmp_path / name)
    same(read(tmp_path / name))


def test_wide_files(wide, tmp_path):
    wide.to_csv(tmp_path / "by_unit.csv", index=False)
    same(read(tmp_path / "by_unit.csv", time="month"))
    wide.assign(region="north").to_csv(tmp_path / "more.csv", index=False)
    same(read(tmp_path / "more.csv", time="month"))
    two = pd.concat([wide.assign(kind="calm"), wide.assign(kind="noise")])
    two.to_csv(tmp_path / "kinds.csv", index=False)
    same(read(tmp_path / "kinds.csv", time="month", outcome="calm"))
    wide.set_index("unit").T.rename_axis("time").to_csv(tmp_path / "by_time.csv")
    same(read(tmp_path / "by_time.csv", unit="borough", outcome="calm"))
    numbered = pd.DataFrame(VALUES, columns=[str(k) for k in range(24)]).assign(unit=UNITS)
    numbered.to_csv(tmp_path / "numbered.csv", index=False)
    assert read(tmp_path / "numbered.csv", time="t", start="17").y == pytest.approx(VALUES)


def test_numbers_with_marks(long, tmp_path):
    marks = (
        (lambda v: f"{v * 1000:,.0f}", 1000), (lambda v: f"£{v * 1000:,.0f}", 1000), (lambda v: f"{v:.3f}%", 1),
    )
    for mark, times in marks:
        long.assign(y=[mark(v) for v in VALUES.ravel()]).to_csv(tmp_path / "marks.csv", index=False)
        assert read(tmp_path / "marks.csv").y == pytest.approx(VALUES * times, abs=1e-6)


def test_units_in_other_words(long, tmp_path):
    long["unit"] = long["unit"].replace({"u00": "Washington, D.C.", "u01": "Québec"})
    long.to_csv(tmp_path / "latin.csv", index=False, encoding="cp1252")
    assert read(tmp_path / "latin.csv", treated="Washington, D.C.").pilots[0].units == ("Washington, D.C.",)
    both = read(tmp_path / "latin.csv", treated='"Washington, D.C.",québec')
    assert both.pilots[0].units == ("Québec", "Washington, D.C.")
    numbered = long.assign(unit=np.repeat(np.arange(9.0), 24))
    numbered.to_csv(tmp_path / "numbers.csv", index=False)
    assert read(tmp_path / "numbers.csv", treated="3").pilots[0].units == ("3.0",)


def test_filters_windows_and_exclusions(long, tmp_path):
    file = tmp_path / "kinds.csv"
    pd.concat([long.assign(kind="a"), long.assign(kind="b", y=0.0)]).to_csv(file, index=False)
    same(read(file, where=(("kind", "a"),)))
    panel = read(file, where=(("kind", "a"),), since="2015-04", until="2016-10", exclude="u08,U07")
    assert (panel.periods[0], panel.periods[-1], len(panel.units)) == ("2015-04", "2016-09", 7)
    gap = long.drop(long.index[(long.unit == "u05") & (long.time == "2015-01")])
    gap.to_csv(tmp_path / "gap.csv", index=False)
    assert read(tmp_path / "gap.csv", since="2015-02").axis.count == 23
    assert len(read(tmp_path / "gap.csv", exclude="u05").units) == 8


def test_groups_phases_and_map(long, tmp_path):
    long.to_csv(tmp_path / "p.csv", index=False)
    (tmp_path / "g.csv").write_text("unit,group\nu00,north\nu01,south\nu02,south\nu03,d1\nu04,d1\nu05,d2\nu06,d2\n")
    (tmp_path / "f.csv").write_text(
        "name,from,to,dose,group\nlaunch,2016-06-01,2016-09-04,0.5,south\nrepair,2016-09-04,,1,south\n"
    )
    (tmp_path / "m.csv").write_text(
        "id,a,b,kind\n1,u00,u01,land\n2,u02,u01,land\n3,u03,u04,river\n4,u03,elsewhere,land\n5,u05,u05,land\n"
    )
    panel = read(
        tmp_path / "p.csv", treated="u00,u01,u02", groups=tmp_path / "g.csv", phases=tmp_path / "f.csv",
        adjacency=tmp_path / "m.csv",
    )
    assert [(p.id, p.units) for p in panel.pilots] == [("north", ("u00",)), ("south", ("u01", "u02"))]
    assert [(p.name, p.first, p.last, p.dose) for p in panel.pilots[1].phases] == [
        ("launch", 17, 20, 0.5), ("repair", 20, 24, 1.0),
    ]
    assert panel.pilots[0].phases == ()
    assert (panel.adjacency, panel.crossings) == (((0, 1), (1, 2)), ((3, 4),))
    assert panel.groups == ((3, 4), (5, 6))
    assert estimate(panel, pilot="south").placebo_sets == ((3, 4), (5, 6))


def broken(frame, **cells):
    out = frame.astype({"y": object})
    for column, value in cells.items():
        out.loc[30, column] = value
    return out


@pytest.mark.parametrize(
    ("make", "changes", "said"),
    [
        (lambda f: broken(f, y="abc"), {}, ["y, line 32", "abc"]),
        (lambda f: broken(f, y="inf"), {}, ["line 32", "finite"]),
        (lambda f: broken(f, y="1_000"), {}, ["1_000"]),
        (lambda f: broken(f, y=""), {}, ["u01, 2015-07", '--exclude "u01"']),
        (lambda f: broken(f, y="N/A"), {"treated": "u01"}, ["treated unit itself has gaps"]),
        (lambda f: f.drop(30), {}, ["u01, 2015-07", '--exclude "u01"']),
        (lambda f: broken(f, time="soon"), {}, ["soon"]),
        (lambda f: broken(f, unit=""), {}, ["unit, line 32", "empty cell"]),
        (lambda f: pd.concat([f, f.iloc[[40]]]), {}, ["u01, 2015-17".replace("17", "05"), "two rows"][1:]),
        (lambda f: pd.concat([f.assign(k="a"), f.assign(k="b")]), {}, ["two rows", '--where "k=a"']),
        (lambda f: f[f.time != "2015-05"], {}, ["nothing for 2015-05"]),
        (lambda f: f[f.unit == "u00"], {}, ["no donor is left"]),
        (lambda f: f[f.unit < "u02"], {}, ["only one donor"]),
        (lambda f: f, {"treated": "u99"}, ["--treated", "u99"]),
        (lambda f: f, {"treated": ""}, ["--treated", "nothing"]),
        (lambda f: f, {"start": "2015-01"}, ["--from", "nothing is left before"]),
        (lambda f: f, {"start": "2017-01"}, ["--from", "nothing is left after"]),
        (lambda f: f, {"start": "never"}, ["--from", "never", "a month such as 2015-01"]),
        (lambda f: f, {"unit": "units"}, ["--unit", 'did you mean "unit"?']),
        (lambda f: f, {"time": "tim"}, ["--time", 'did you mean "time"?']),
        (lambda f: f, {"outcome": "z"}, ["--outcome", "z"]),
        (lambda f: f, {"exclude": "nobody"}, ["--exclude", "nobody"]),
        (lambda f: f, {"where": (("k", "a"),)}, ["--where", "k"]),
        (lambda f: f, {"where": (("unit", "zz"),)}, ["--where unit", "zz"]),
        (lambda f: f, {"since": "2019-01"}, ["--since", "2019-01"]),
        (lambda f: f, {"unit": "time", "time": "unit"}, ["u00"]),
    ],
)
def test_faults_in_the_table_are_named(long, tmp_path, make, changes, said):
    make(long).to_csv(tmp_path / "bad.csv", index=False)
    with pytest.raises(BailiwickError) as caught:
        estimate(read(tmp_path / "bad.csv", **changes))
    for words in said:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"), (b" \n\n", "empty file"), (b"unit,time,y\n", "header without rows"),
        (b"PK\x03\x04" + bytes(40), "Excel"), (b"PAR1xxxx", "Parquet"), (bytes(range(256)) * 9, "not text"),
        (b"unit,time,y\na,2015,1,2\n", "4 cells"), (b'unit,time,y\n"a,2015,1\n', "closed quotes"),
        (b"unit,unit,y\na,2015,1\n", "each column name once"), (b"a\nb\n", "--unit"),
    ],
)
def test_files_that_are_no_table(tmp_path, content, said):
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(BailiwickError) as caught:
        read(tmp_path / "bad.csv")
    assert said in str(caught.value)


def test_paths_that_are_no_file(tmp_path, long):
    long.to_csv(tmp_path / "panel.csv", index=False)
    for path, said in ((tmp_path / "panl.csv", 'did you mean "panel.csv"?'), (tmp_path, "a folder")):
        with pytest.raises(BailiwickError) as caught:
            read(path)
        assert said in str(caught.value)
    (tmp_path / "bad.parquet").write_bytes(b"nonsense")
    with pytest.raises(BailiwickError, match=r"bad\.parquet"):
        read(tmp_path / "bad.parquet")


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("groups", "unit,grp\nu00,a\n", "group"), ("groups", "unit,group\nzz,a\n", "zz"),
        ("groups", "unit,group\nu01,a\n", "nothing for u00"),
        ("groups", "unit,group\nu00,a\nu01,a\n", "u01, which is not treated"),
        ("groups", "unit,group\nu00,a\nu00,b\n", "each unit in one group"), ("phases", "name,from\na,2016-06\n", "to"),
        ("phases", "name,from,to\na,soon,\n", "soon"), ("phases", "name,from,to,dose\na,2016-06,,much\n", "much"),
        ("adjacency", "a,b\nx,y\n", "two columns"),
    ],
)
def test_faults_in_the_tables_beside_it(long, tmp_path, option, text, said):
    long.to_csv(tmp_path / "p.csv", index=False)
    (tmp_path / "side.csv").write_text(text)
    with pytest.raises(BailiwickError) as caught:
        read(tmp_path / "p.csv", **{option: tmp_path / "side.csv"})
    assert said in str(caught.value)


def test_a_published_file_with_decimal_commas_and_stray_columns(shared_data, tmp_path):
    """The survey as its publisher writes it: quoted decimal commas, inner quotes, empty columns at the end."""
    source = shared_data / "publisher_format" / "mopac" / "PAS_Dashboard_Borough.csv"
    head = source.read_text(encoding="utf-8-sig").splitlines()[0]
    names = next(csv.reader(io.StringIO(head)))
    where = (("Measure", "Listen to concerns"), *((("Survey", "PAS"),) if "Survey" in names else ()))
    panel = panel_from_file(source, PanelRequest(
        "Borough", "Date", "Proportion", "Camden,Islington", "2017-04-01", where=where, until="2018-04-01",
    ))
    assert len(panel.units) == 32
    assert (panel.axis.kind, panel.axis.count) == ("quarter", 14)
    assert 0.3 < panel.y.min() < panel.y.max() < 1


def test_a_title_above_the_table_and_utf16_without_its_mark(long, tmp_path):
    (tmp_path / "titled.csv").write_text("Calm, by place\nSource: the council\n\n" + long.to_csv(index=False))
    same(read(tmp_path / "titled.csv"))
    long.to_csv(tmp_path / "bare16.csv", index=False, encoding="utf-16-le")
    same(read(tmp_path / "bare16.csv"))


def test_a_note_under_the_table_is_named_with_its_line(long, tmp_path):
    (tmp_path / "noted.csv").write_text(long.to_csv(index=False) + "\nSource: the council\n")
    with pytest.raises(BailiwickError, match=r"line 219(.|\n)*note under the table"):
        read(tmp_path / "noted.csv")


def test_a_year_and_its_month_in_two_columns(long, tmp_path):
    parts = long.assign(year=long.time.str[:4], month=long.time.str[5:].astype(int)).drop(columns="time")
    parts.to_csv(tmp_path / "parts.csv", index=False)
    same(read(tmp_path / "parts.csv", time="year,month"))
    with pytest.raises(BailiwickError, match='--time "year,month"'):
        read(tmp_path / "parts.csv", time="year", start="2016")
    with pytest.raises(BailiwickError, match="a year and a column named"):
        read(tmp_path / "parts.csv", time="month,year", start="2016")


def test_wide_columns_named_after_the_outcome(wide, tmp_path):
    wide.rename(columns=lambda c: c if c == "unit" else f"calm_{c}").to_csv(tmp_path / "stem.csv", index=False)
    same(read(tmp_path / "stem.csv", time="month", outcome="calm"))


def test_treated_names_with_bare_commas_and_near_twins(long, tmp_path):
    names = {"u00": "Bristol, City of", "u01": "Hull, City of", "u02": "leeds", "u03": "Leeds"}
    long.assign(unit=long.unit.replace(names)).to_csv(tmp_path / "cities.csv", index=False)
    both = ("Bristol, City of", "Hull, City of")
    assert read(tmp_path / "cities.csv", treated="Bristol, City of,Hull,City of").pilots[0].units == both
    assert read(tmp_path / "cities.csv", treated="leeds,Leeds,leeds").pilots[0].units == ("Leeds", "leeds")


def test_several_outcomes_of_one_file(long, tmp_path):
    long.assign(noise=long.y * 2).to_csv(tmp_path / "two.csv", index=False)
    given = PanelRequest("unit", "time", "y,noise", "u00", "2016-06")
    first, second = panels_from_file(tmp_path / "two.csv", given)
    assert (first.outcome, second.outcome) == ("y", "noise")
    assert second.y == pytest.approx(2 * first.y)
    long.assign(**{"calm, at night": long.y}).to_csv(tmp_path / "comma.csv", index=False)
    assert [p.outcome for p in panels_from_file(tmp_path / "comma.csv", replace(given, outcome="calm, at night"))] == [
        "calm, at night"]
    with pytest.raises(BailiwickError, match="noize"):
        panels_from_file(tmp_path / "two.csv", replace(given, outcome="y,noize"))
    with pytest.raises(BailiwickError, match="name of a column"):
        panels_from_file(tmp_path / "two.csv", replace(given, outcome=","))

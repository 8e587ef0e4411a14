"""Plans, their codes and their sums; shapes and words of the map page; a place with forty-three areas."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import CaseError
from bailiwick.publish import maps
from bailiwick.publish.plan_data import embedded, first_measures, known
from bailiwick.publish.plan_map import SCRIPTS, bundled, map_page
from bailiwick.publish.plan_shapes import land
from bailiwick.publish.plan_svg import lettered
from bailiwick.publish.plan_table import UNPLACED, canonical, commands, decoded, encoded, read_table

MEASURE = {"title": "Cost", "unit": "GBP a year", "decimals": 0, "better": "lower", "role": "cost", "combine": "sum",
           "weight": "none"}


def packed(case="sha256:x", areas=("T1", "T2", "T4", "T5"), masks=("1", "2", "4", "8", "3"), **measures):
    told = {"schema": "bailiwick/commands/1", "case": case, "cap": 6, "areas": list(areas), "masks": list(masks),
            "residents": [10, 30, 20, 40, 40], "measures": measures}
    return gzip.compress(json.dumps(told).encode(), mtime=0)


plans = st.lists(st.integers(-1, 11), min_size=1, max_size=43)


@given(plans)
def test_equal_plans_have_one_code_and_codes_give_the_plan_back(numbers):
    plan = canonical(numbers)
    code = encoded(numbers)
    assert len(code) == len(numbers)
    assert decoded(code, len(numbers)) == plan
    assert encoded(plan) == code
    renumbered = [n if n == UNPLACED else 40 - n for n in numbers]
    assert encoded(renumbered) == code
    assert sorted(i for group in commands(plan) for i in group) == [i for i, n in enumerate(numbers) if n != UNPLACED]


@pytest.mark.parametrize("code", ["", "A", "A" * 5, "AB<D", "AB%4", "ABÉD", "AB D"])
def test_a_broken_code_is_refused_in_plain_words(code):
    with pytest.raises(CaseError):
        decoded(code, 4)


def test_sums_means_and_ends_are_those_of_the_commands():
    mean = {**MEASURE, "combine": "mean", "weight": "population", "values": [1.0, 2.0, 3.0, 4.0, 9.0]}
    table = read_table(packed(
        cost={**MEASURE, "values": [1, 2, 4, 8, 100]}, near=mean, far={**mean, "combine": "max"},
        low={**mean, "combine": "min"}, plain={**mean, "weight": "none"},
        gap={**MEASURE, "values": [None, 2, 4, 8, 1]}))
    joined, apart = table.plan([["T1", "T2"]]), table.plan([])
    assert table.value("cost", joined) == 112
    assert table.value("cost", apart) == 15
    assert table.value("near", joined) == pytest.approx((9 * 40 + 3 * 20 + 4 * 40) / 100)
    assert table.value("plain", joined) == pytest.approx((9 * 2 + 3 + 4) / 4)
    assert (table.value("far", joined), table.value("low", joined)) == (9.0, 3.0)
    assert table.value("gap", apart) is None
    assert table.value("gap", joined) == 13
    assert table.value("cost", (0, 0, 1, UNPLACED)) is None
    assert table.value("cost", (0, 1, 0, 2)) is None


BROKEN = {
    "empty": b"", "not gzip": b"not gzip", "no schema": gzip.compress(b"{}", mtime=0),
    "another schema": gzip.compress(b'{"schema": "other"}', mtime=0),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_table_is_refused(broken):
    with pytest.raises(CaseError):
        read_table(broken)


def test_letters_follow_the_first_area_and_single_areas_have_none():
    assert lettered([["T5"], ["T4", "T2"], ["T1", "T6"]]) == {"T1": "A", "T6": "A", "T2": "B", "T4": "B"}


def test_the_data_cannot_end_its_script():
    told = str(embedded({"title": "</script><script>alert(1)</script>&"}))
    assert "<" not in told and "&" not in told
    assert json.loads(told) == {"title": "</script><script>alert(1)</script>&"}


def test_the_modules_are_joined_without_imports_and_every_name_is_their_own():
    script = bundled()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|const|let) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)) > 60
    assert not re.search(r"\beval\b|innerHTML|outerHTML|insertAdjacentHTML|new Function|document\.write", script)
    assert not re.search(r"fetch\(|XMLHttp|WebSocket|localStorage|cookie", script)
    assert len(SCRIPTS) == 12


@pytest.fixture(scope="module")
def town(document):
    """The made-up town with a table of its own."""
    return document, packed(
        document["case"]["digest"], cost={**MEASURE, "values": [1, 2, 4, 8, 2]},
        near={**MEASURE, "title": "Way", "unit": "km", "role": "closeness", "values": [1, 2, 3, 4, 5]},
        people={**MEASURE, "title": "People", "unit": "people", "role": "closeness", "values": [1, 2, 3, 4, 5]})


def test_the_page_of_any_place_is_whole_strict_and_small(town):
    document, table = town
    page = map_page(document, "BW-1", table)
    assert page == map_page(document, "BW-1", table)
    assert len(page) < 1_500_000
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1])
    assert "unsafe" not in policy and "default-src 'none'" in policy and policy.count("sha256-") == 2
    assert not re.search(r'\son\w+="|\sstyle="|src="http|@import|url\(http', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for name in ("London", "Thames", "Wandsworth", "E0900"):
        assert name not in bundled()


def test_a_table_of_another_case_is_refused(town):
    with pytest.raises(CaseError, match=r"commands\.json\.gz"):
        map_page(town[0], "BW-1", packed("sha256:another", cost={**MEASURE, "values": [1] * 5}))


def test_without_a_table_the_page_stands_and_does_not_offer_to_draw(document):
    page = map_page(document)
    assert 'id="draw"' not in page
    assert 'id="packed"' not in page
    assert 'id="see"' in page


def test_first_measures_are_found_where_no_name_is_known(town):
    assert first_measures(read_table(town[1])) == ["cost", "near", "people"]
    assert first_measures(None) == []


def test_a_place_of_forty_three_areas_is_drawn_and_fits_an_address(town):
    from bailiwick.publish.bound import Book

    document = json.loads(json.dumps(town[0]))
    areas = [{**document["case"]["areas"][0], "code": f"F{i:02}", "name": f"Force {chr(65 + i % 26)}{'x' * (i // 26)}",
              "easting": 1000.0 * (i % 7), "northing": 900.0 * (i // 7)} for i in range(43)]
    document["case"]["areas"] += areas
    codes = [a["code"] for a in areas]
    told = packed(document["case"]["digest"], codes, [f"{1 << i:x}" for i in range(43)])
    wide = json.loads(gzip.decompress(told))
    wide["residents"] = [1000] * 43
    wide["measures"] = {"cost": {**MEASURE, "values": [1.0] * 43}}
    told = gzip.compress(json.dumps(wide).encode(), mtime=0)
    table = read_table(told)
    assert len(encoded(table.plan([]))) == 43
    book = Book(document)
    shapes = land(maps.outlines(book))
    assert set(codes) <= set(shapes.paths)
    assert shapes.approximate
    assert known(book, shapes, table)["areas"] == codes
    assert map_page(document, "BW-1", told).count('role="button"') == 43


def test_neighbours_share_one_border_line(town):
    from bailiwick.publish.bound import Book

    shapes = land(maps.outlines(Book(town[0])))
    pairs = {(a, b) for a, b, _ in shapes.borders}
    assert ("T1", "T2") in pairs
    assert ("T1", "") in pairs
    left, top, wide, tall = shapes.view(["T1"])
    assert wide > 0 and tall > 0 and left < shapes.labels["T1"][0] < left + wide and top < shapes.labels["T1"][1]


def test_a_shared_plan_on_the_terminal_is_computed_afresh_whatever_its_size():
    from bailiwick import casefile
    from bailiwick.publish.plan_terminal import plan_comparison

    case = casefile.load("south-west-london-2018")
    areas = sorted(a.code for a in case.system.areas if a.force == "Metropolitan Police")
    pair, seven = ("E09000024", "E09000032"), [a for a in areas if case.system.area(a).name in (
        "Barnet", "Enfield", "Haringey", "Camden", "Brent", "Harrow", "Hillingdon")]
    for group in (pair, seven):
        code = encoded([areas.index(group[0]) if a in group else i for i, a in enumerate(areas)])
        lines = plan_comparison(case, code)
        assert lines[0] == f"{33 - len(group)} commands for 32 areas."
        assert any(line.startswith("Yearly cost of the command's posts: £") for line in lines)
        assert any("cannot tell" in line for line in lines)
    for code in ("A" * 31, "-" * 32, "A" + "B" * 30 + "A"):
        with pytest.raises(CaseError):
            plan_comparison(case, code)

"""On A4: page one of the first case stands alone, an area has two pages; charts and their figures can be taken away."""

from __future__ import annotations

import csv
import io
import json

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def papers(appraised, tmp_path_factory):
    """The report of the first case, and the papers of two of its areas, on disk."""
    from bailiwick.publish import area_report, report

    document, _ = appraised
    folder = tmp_path_factory.mktemp("papers")
    (folder / "report.html").write_text(report(document, "BW-0123456789ab"), encoding="utf-8")
    for code in ("E09000032", "E09000027"):
        (folder / f"{code}.html").write_text(area_report(document, code, "BW-0123456789ab"), encoding="utf-8")
    return folder


def printed(chromium, path):
    from pypdf import PdfReader

    page = chromium.new_page()
    page.goto(path.as_uri())
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    return PdfReader(io.BytesIO(paper))


def test_page_one_of_the_first_case_is_one_a4_with_the_answer_three_boxes_and_the_stop_rule(chromium, papers):
    paper = printed(chromium, papers / "report.html")
    first, second = (" ".join(paper.pages[i].extract_text().split()) for i in range(2))
    for word in ("The answer", "Why", "Before you rely on this", "If you decide", "If you speak for a council",
                 "If you live here", "Stop rule", "When you will know", "BW-0123456789ab"):
        assert word.lower() in first.lower(), word
    assert second.startswith("1 The proposal")
    assert len(paper.pages) <= 60


@pytest.mark.parametrize("code", ["E09000032", "E09000027"])
def test_the_paper_of_an_area_is_two_a4_pages(chromium, papers, code):
    paper = printed(chromium, papers / f"{code}.html")
    assert len(paper.pages) == 2
    said = [" ".join(page.extract_text().split()) for page in paper.pages]
    assert "Questions to ask" in " ".join(said)
    assert "Gates and dates" in said[1]


def test_a_chart_and_its_figures_can_be_taken_away(chromium, papers):
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.goto((papers / "report.html").as_uri())
    links = page.locator("#figure-people .files a")
    assert links.count() == 2
    kept = {}
    for i in range(2):
        with page.expect_download() as caught:
            links.nth(i).click()
        kept[caught.value.suggested_filename] = caught.value.path().read_text(encoding="utf-8")
    page.close()
    assert set(kept) == {"people.csv", "people.svg"}
    assert {row["Area"] for row in csv.DictReader(io.StringIO(kept["people.csv"]))} >= {"Wandsworth", "Merton"}
    assert kept["people.svg"].startswith("<svg ")
    assert "BW-0123456789ab" in kept["people.svg"]


def test_every_chart_of_the_first_case_keeps_its_words_inside_its_frame(chromium, papers):
    for width in (1280, 390):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto((papers / "report.html").as_uri())
        outside = page.evaluate("""() => [...document.querySelectorAll('figure svg')].filter(s => s.checkVisibility())
            .flatMap(s => { const frame = s.getBoundingClientRect();
                return [...s.querySelectorAll('text')].filter(t => { const b = t.getBoundingClientRect();
                    return b.width && (b.left < frame.left - 2 || b.right > frame.right + 2); })
                    .map(t => s.closest('figure').id + ': ' + t.textContent); })""")
        page.close()
        assert outside == []


# -- the map -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sheet(chromium, map_file):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(map_file.as_uri())
    yield page
    page.close()


def looked_for(page, typed):
    page.fill("#find-area", typed)
    page.keyboard.press("Enter")
    return page


def test_an_area_is_found_by_the_name_of_a_ward_but_not_by_a_postcode(sheet, map_file):
    assert "cannot look up a postcode" in looked_for(sheet, "SW18 2PU").locator("#find-wrong").inner_text()
    looked_for(sheet, "Southfields").wait_for_function("location.hash === '#area=E09000032'")
    sheet.goto(map_file.as_uri())
    assert "Which one" in looked_for(sheet, "Village").locator("#find-wrong").inner_text()


def test_a_drawn_plan_has_its_place_among_all_maps_of_the_proposals_areas(sheet, appraised, map_file):
    from bailiwick.publish.plan_table import encoded, read_table

    document, packed = appraised
    table = read_table(packed)
    proposed = next(o for o in document["options"] if o["kind"] == "proposed")
    pilots = [p["areas"] for p in document["pilots"]]
    sheet.goto(map_file.as_uri() + f"#p={encoded(table.plan([*proposed['commands'], *pilots]))}")
    sheet.reload()
    row = sheet.locator("#figures tr", has_text="Residents for each commander").first
    heads = sheet.locator("#figures thead").first.inner_text()
    maps = int(heads.split("Best of ")[1].split(" ")[0])
    assert maps == 13
    assert row.locator("td").last.inner_text() == f"{maps} of {maps}"
    assert row.locator("td").nth(4).inner_text().replace(",", "") == "236623"


def test_screened_response_has_four_states_and_none_without_a_screening(chromium, appraised, tmp_path):
    import gzip

    from bailiwick.publish.plan_map import map_page
    from bailiwick.publish.plan_table import encoded, read_table

    document, packed = appraised
    told = json.loads(gzip.decompress(packed))
    table = read_table(packed)
    pilots = [pilot["areas"] for pilot in document["pilots"]]
    alone = table.plan(pilots)
    apart = [group for group in table.rows if len(group) == 2
             and not any(table.areas[i] in pilot for i in group for pilot in pilots)]
    pairs, unscreened = apart[:4], apart[4]
    words = {"better": "▲ better", "about the same": "● about the same", "worse": "▼ worse",
             "cannot tell": "? cannot tell"}
    states: list[str | None] = [None] * len(told["masks"])
    for group, state in zip(pairs, words, strict=True):
        states[table.rows[group]] = state
    told["screened"] = {"label": "screened", "columns": {"state": states}}
    place = tmp_path / "screened.html"
    place.write_text(map_page(document, "BW-0", gzip.compress(json.dumps(told).encode(), mtime=0)), encoding="utf-8")
    page = chromium.new_page()
    page.goto(place.as_uri() + f"#p={encoded(alone)}")
    page.wait_for_selector("#figures .help")
    for group, said in [*zip(pairs, words.values(), strict=True), (unscreened, words["cannot tell"])]:
        plan = list(alone)
        plan[group[1]] = plan[group[0]]
        page.evaluate("hash => { location.hash = hash; }", f"p={encoded(plan)}")
        page.wait_for_selector(f"#figures .help strong >> text={said}")
        assert "Screened" in page.locator("#figures .help").inner_text()
    page.close()


def test_a_drawn_plan_its_map_and_a_table_can_be_taken_away_by_keyboard(chromium, appraised, map_file):
    from bailiwick.publish.plan_table import encoded, read_table

    table = read_table(appraised[1])
    code = encoded(table.plan([["E09000024", "E09000032"]]))
    page = chromium.new_page(accept_downloads=True)
    page.goto(map_file.as_uri() + f"#p={code}")
    page.wait_for_selector("html[data-ready=yes]", state="attached")

    def kept(selector):
        page.focus(selector)
        with page.expect_download() as caught:
            page.keyboard.press("Enter")
        return caught.value.suggested_filename, caught.value.path().read_text(encoding="utf-8")

    name, text = kept("#take-plan")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (name, len(rows)) == ("south-west-london-2018-plan.csv", 32)
    assert rows["E09000024"]["command"] == rows["E09000032"]["command"] == "A"
    assert rows["E09000032"]["with"] == "Merton" and int(rows["E09000032"]["residents"]) == 316096
    assert {row["plan"] for row in rows.values()} == {code}
    assert rows["E09000003"]["command"] == "on its own"
    name, drawn = kept("#take-map")
    assert drawn.startswith("<svg ") and code in drawn and "BW-0123456789ab" in drawn and ".plan .land" in drawn
    _, text = kept("#take-figures")
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["Your plan"].startswith("£") and float(first["Your plan: value"]) > 1e6
    page.evaluate("location.hash = 'see'")
    page.wait_for_selector("#see .take >> visible=true")
    assert page.locator("#see .take:visible").evaluate_all("buttons => buttons.map(b => b.textContent)") == [
        "Download SVG", "Download CSV"]
    assert page.evaluate("csvOf([['=1+1', '\u22122.5', 'a \"b\", c', null]])") == "'=1+1,-2.5,\"a \"\"b\"\", c\",\r\n"
    page.close()

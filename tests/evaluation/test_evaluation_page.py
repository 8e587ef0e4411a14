"""The page of a study: whole without its style sheet, every chart told in words and figures, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from bailiwick.evaluation import Design
from bailiwick.evaluation.study import Agenda, study
from bailiwick.publish.evaluation_charts import choices, number
from bailiwick.publish.evaluation_page import evaluation_page


class Outline(HTMLParser):
    """Counts what a screen reader relies on."""

    def __init__(self):
        super().__init__()
        self.alts, self.ids, self.headings, self.tables, self.captions, self.figures = [], [], [], 0, 0, 0
        self.links = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("role") == "img":
            self.alts.append(given["aria-label"])
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.figures += tag == "figure"
        self.links += [given[k] for k in ("src", "href") if k in given]


@pytest.fixture(scope="module")
def page(county, county_values):
    y = county_values(0)
    y[[6, 7], 24:] += 30
    panel = county(y=y, pilots=(("mid <b>", ("u06", "u07")), ("south", ("u17", "u18"))))
    found = study(panel, Design(better="higher", margin=4.0), agenda=Agenda(methods=("did", "sc", "sdid")))
    return found, evaluation_page(found)


def test_the_outline(page):
    _, html = page
    outline = Outline()
    outline.feed(html)
    assert outline.headings[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(outline.headings))
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.tables == outline.captions == outline.figures + 2 * 3 + 1
    assert outline.figures == 6 * 3
    assert all(len(alt) >= 20 for alt in outline.alts)
    assert len(outline.alts) == 2 * outline.figures
    assert not [link for link in outline.links if not link.startswith("#")]
    assert "<script" not in html
    assert html.startswith("<!doctype html>")


def test_the_answer_stands_in_the_words(page):
    found, html = page
    for pilot in found.worst_first:
        assert pilot.judgement.verdict.replace("than m", "than 4").capitalize() in html
        assert number(pilot.effect.att, 4) in html
        assert number(pilot.effect.mde) in html
        assert f"floor {pilot.effect.p_floor:.3f}" in html
    for check in found.checks:
        assert check.name.capitalize().replace("'", "&#39;") in html
    assert "exploratory" in html
    assert "mid &lt;b&gt;" in html and "mid <b>" not in html


def test_the_choices_show_what_each_way_of_deciding_gives(page):
    found = page[0].pilots[0].variants
    every, *told = choices(found)
    shares = [s.share for s in found.specifications]
    assert (every.count, every.low, every.high) == (len(shares), min(shares), max(shares))
    for what in {c.what for c in told}:
        assert sum(c.count for c in told if c.what == what) == len(shares)
    sdid = [s.share for s in found.specifications if s.method == "sdid"]
    assert next(c.middle for c in told if c.how == "sdid") == pytest.approx(float(np.median(sdid)))


def test_the_same_page_twice(page):
    found, html = page
    assert evaluation_page(found) == html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-15.605398, "−15.6"), (1234.5, "1,234"), (0.0, "0"), (0.00123, "0.00123"), (None, "–"),
        (float("inf"), "–"), (5.0, "5.00"),
    ],
)
def test_numbers_as_readers_see_them(value, text):
    assert number(value) == text


def test_a_study_with_few_placebos_and_a_short_past_still_makes_a_page(single):
    y = np.cumsum(np.random.default_rng(0).normal(size=(6, 9)), axis=1)
    found = study(single(y, 3), agenda=Agenda(methods=("did", "sc", "sdid")))
    html = evaluation_page(found)
    assert "none at this level" in html
    assert "can never show" in html


@pytest.mark.browser
def test_no_fault_that_a_machine_can_find(page, tmp_path, chromium):
    axe_page = pytest.importorskip("axe_playwright_python.sync_playwright")
    (tmp_path / "page.html").write_text(page[1], encoding="utf-8")
    view = chromium.new_page(viewport={"width": 400, "height": 800})
    view.goto((tmp_path / "page.html").as_uri())
    found = axe_page.Axe().run(view).response["violations"]
    wide = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    view.close()
    assert [v["id"] for v in found] == []
    assert wide <= 0

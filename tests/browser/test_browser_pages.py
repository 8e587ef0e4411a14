"""The pages in a real browser: accessible, offline, on a phone and a desk, by keyboard, and on paper."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("report.html", "map.html", "area.html")
CASE = Path(__file__).resolve().parents[1] / "publish" / "conftest.py"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install -y chromium fonts-dejavu-core"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The three pages of the made-up town, on disk."""
    from bailiwick.publish import area_report, map_page, report
    from bailiwick.publish.results import results

    spec = importlib.util.spec_from_file_location("made_up_town", CASE)
    town = importlib.util.module_from_spec(spec)
    sys.modules["made_up_town"] = town
    spec.loader.exec_module(town)
    document = results(town._appraisal(), town.MEASURES)
    folder = tmp_path_factory.mktemp("pages")
    for name, text in zip(NAMES, (report(document), map_page(document), area_report(document, "T4")), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def tab(chromium):
    """A page of 1280 by 900 that notes every request and every complaint."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


def opened(tab, pages, name, after=""):
    tab.goto((pages / name).as_uri() + after)
    return tab


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation_and_nothing_is_fetched(tab, pages, name):
    from axe_playwright_python.sync_playwright import Axe

    opened(tab, pages, name)
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = Axe().run(tab).response["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found] == []
    assert tab.asked == [(pages / name).as_uri()]
    assert tab.complaints == []


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_tables_scrolls_sideways(tab, pages, name, width):
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, pages, name)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    wide = tab.locator("figure .wide").first
    if wide.count() and name != "map.html":  # its charts stand on pages of their own, tested in test_map_page.py
        assert wide.is_visible() == (width > 640)


def test_the_first_key_press_offers_to_skip_to_the_answer(tab, pages):
    opened(tab, pages, "report.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.locator(".skip").bounding_box()["x"] >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#main"


def test_every_control_of_the_report_can_be_reached_and_opened_by_keyboard(tab, pages):
    opened(tab, pages, "report.html")
    first = tab.locator("details.folded").first
    first.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert first.evaluate("d => d.open")
    assert first.locator("table").is_visible()
    reached = tab.evaluate("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length")
    assert reached > 30


def test_on_paper_page_one_stands_alone_without_the_contents(tab, pages):
    opened(tab, pages, "report.html")
    tab.emulate_media(media="print")
    assert not tab.locator("nav.contents").is_visible()
    assert tab.evaluate("getComputedStyle(document.querySelector('.front')).breakAfter") == "page"
    assert tab.locator("figure .wide").first.is_visible()
    paper = tab.pdf(format="A4", prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 60


def test_on_paper_nothing_is_wider_than_a4(tab, pages):
    opened(tab, pages, "report.html")
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 680, "height": 960})
    assert tab.evaluate("document.querySelector('.front').scrollWidth") <= 680

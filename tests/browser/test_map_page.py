"""The map page as its readers use it: by mouse, by keyboard alone, by the table alone, offline, on two sizes of screen.

1,000 random plans are looked up by the page's own script and by Python, and must agree to the last printed digit.
"""

from __future__ import annotations

import random
import re

import pytest

from bailiwick.publish import words
from bailiwick.publish.plan_table import canonical, commands, encoded, read_table

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
PAGES = ("start", "see", "draw", "compare", "area", "money", "response", "closeness", "pilots", "space", "assumptions",
         "claims", "decisions", "method", "accessibility")
MERTON, WANDSWORTH, SUTTON, BARNET = "E09000024", "E09000032", "E09000029", "E09000003"


def until(page, expression, *, arg=None):
    """Wait until an expression holds; the page's policy forbids the driver's own waiting, which evaluates strings."""
    for _ in range(300):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


class Reader:
    """Somebody with the page open, offline, whose every request, error and dialog is written down."""

    def __init__(self, browser, file, size):
        self.context = browser.new_context(viewport=size, offline=True)
        self.page = self.context.new_page()
        self.address = file.as_uri()
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(said.text))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("request", lambda asked: asked.url.startswith(("file:", "blob:", "about:"))
                     or self.wrong.append(asked.url))

    def go(self, hash_=""):
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#{hash_}")
        self.page.wait_for_selector("html[data-ready=yes]", state="attached")
        return self.page

    def text(self, selector):
        return self.page.locator(selector).inner_text()

    def code(self):
        """The plan in the address, which is written once the map has been redrawn."""
        hash_ = self.page.evaluate("new Promise(told => setTimeout(() => told(location.hash), 0))")
        return re.search(r"#p=(.*)$", hash_)[1]


@pytest.fixture
def reader(chromium, map_file):
    readers = []

    def opened(size):
        readers.append(Reader(chromium, map_file, size))
        return readers[-1]

    yield opened
    for each in readers:
        each.context.close()
        assert each.wrong == []


@pytest.fixture(scope="module")
def table(appraised):
    return read_table(appraised[1])


def area(code):
    return f'g.area[data-code="{code}"]'


def focus_by_tab(page, wanted, most=120):
    """Press Tab until the focused element matches; the way there is the reader's own."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => Boolean(document.activeElement?.matches(wanted))", wanted):
            return
    raise AssertionError(f"{wanted} was not reached by {most} presses of Tab")


# -- every page -------------------------------------------------------------------------------------------------------


ALL_OPEN = """() => { for (const part of document.querySelectorAll("section.page, .view, details")) {
    part.hidden = false; if (part.localName === "details") part.open = true; } }"""


@SIZES
def test_no_page_has_a_fault_that_axe_can_find(reader, size):
    """Each page is opened as a reader opens it; then all are laid out one below the other and looked through once."""
    from axe_playwright_python.sync_playwright import Axe

    here = reader(size)
    page = here.go()
    for name in (*PAGES, f"area={WANDSWORTH}"):
        page.evaluate("name => { location.hash = name; }", name)
        name = name.partition("=")[0]
        until(page, "name => !document.getElementById(name).hidden", arg=name)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
        assert page.locator("section.page:visible").count() == 1
    page.evaluate(ALL_OPEN)
    assert page.locator("section.page:visible").count() == len(PAGES)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def test_at_four_times_the_size_nothing_scrolls_sideways_but_tables(reader):
    here = reader({"width": 320, "height": 256})
    page = here.go()
    for name in PAGES:
        page.evaluate("name => { location.hash = name; }", name)
        until(page, "name => !document.getElementById(name).hidden", arg=name)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_targets_are_large_enough(reader):
    for size in (WIDE, PHONE):
        page = reader(size).go("draw")
        small = page.evaluate("""() => [...document.querySelectorAll('button, select, input, summary, .menu a')]
            .filter(e => e.offsetParent && e.type !== 'radio' && e.type !== 'checkbox')
            .map(e => [e.id || e.textContent, e.getBoundingClientRect().height]).filter(([, h]) => h < 24)""")
        assert small == []


def test_forced_colours_less_motion_and_paper(reader):
    here = reader(WIDE)
    page = here.go("draw")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.locator(area(MERTON)).click()
    assert page.evaluate("getComputedStyle(document.querySelector('#board .land')).transitionDuration") == "0s"
    page.emulate_media(media="print")
    assert page.locator("#equal").is_visible() and page.locator("#board").is_visible()
    assert not page.locator("#picker").is_visible() and not page.locator("nav.menu").is_visible()


def test_without_a_script_everything_that_is_known_can_be_read(chromium, map_file):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(map_file.as_uri())
    for name in ("start", "see", "area", "money", "closeness", "claims", "decisions", "method", "accessibility"):
        assert page.locator(f"#{name} h2").is_visible()
    assert not page.locator("#draw").is_visible()
    context.close()


# -- the whole way: draw, compare, share ------------------------------------------------------------------------------


@SIZES
def test_by_mouse(reader, size):
    here = reader(size)
    page = here.go()
    page.fill("#find-area", "wandsw")
    page.click("text=Show me")
    assert page.url.endswith(f"#area={WANDSWORTH}")
    assert page.locator(f'.one[data-area="{WANDSWORTH}"]').is_visible()
    assert page.locator(f'.one[data-area="{WANDSWORTH}"] .points').first.locator("li").count() == 4
    page.click(".menu >> text=Draw your own")
    page.wait_for_url("**#p=*")
    start = here.code()
    page.click("#zoom")
    for code in (MERTON, WANDSWORTH):
        page.locator(area(code)).click()
        page.locator("#letters label", has_text="D").first.click()
    joined = here.code()
    assert joined != start
    assert "205,029 residents get another commander than today" in here.text("#tally")
    assert "Screened: each command by a short simulation" in here.text("#figures .help")
    page.click("#undo")
    assert here.code() != joined
    page.click("#redo")
    assert here.code() == joined
    page.go_back()
    until(page, "code => location.hash !== '#p=' + code", arg=joined)
    page.go_forward()
    until(page, "code => location.hash === '#p=' + code", arg=joined)
    link = page.input_value("#link")
    assert link.endswith(f"#p={joined}")
    page.click("#to-compare")
    page.wait_for_selector("#compared table")
    assert "Your plan" in here.text("#compared thead")
    assert "change command" in here.text("#compared .lead")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert here.code() == joined
    assert page.locator(area(MERTON)).get_attribute("aria-label").startswith("Merton, command ")


@SIZES
def test_by_keyboard_alone(reader, size):
    here = reader(size)
    page = here.go()
    focus_by_tab(page, '.menu a[href="#draw"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**#p=*")
    start = here.code()
    focus_by_tab(page, area(MERTON))
    page.keyboard.press("Enter")
    assert page.locator(area(MERTON)).get_attribute("aria-pressed") == "true"
    assert here.text("#picked") == "Command for Merton"
    page.keyboard.press("d")
    assert "Merton: command D" in page.locator("#said").text_content()
    assert here.code() == start, "a command of one area is that area on its own"
    for key in ("ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.matches('g.area')")
    focus_by_tab(page, area(WANDSWORTH))
    page.keyboard.press("Space")
    focus_by_tab(page, "#letters input")
    page.keyboard.press("d")
    page.evaluate("0")
    for _ in range(20):
        if page.evaluate("document.activeElement.value") == "3":
            break
        page.keyboard.press("ArrowRight")
    joined = here.code()
    assert joined != start
    assert "command D" in page.locator("#said").text_content()
    page.keyboard.press("Shift+Tab")
    focus_by_tab(page, "#copy")
    page.keyboard.press("Enter")
    focus_by_tab(page, "#to-compare")
    page.keyboard.press("Enter")
    page.wait_for_selector("#compared table")
    assert page.evaluate("document.activeElement.id") == "h-compare"
    assert "Your plan" in here.text("#compared thead")


@SIZES
def test_by_the_table_alone(reader, size, table):
    here = reader(size)
    page = here.go("draw")
    for name in ("Merton", "Wandsworth"):
        page.get_by_label(f"Command for {name}").select_option("E")
    assert here.code() == encoded(table.plan([["E09000002", "E09000016", "E09000026"], ["E09000007", "E09000019"],
                                             [MERTON, WANDSWORTH]]))
    assert page.locator("#equal tr", has_text="Merton").first.inner_text().count("Wandsworth") == 1
    page.get_by_label("Lock Merton").check()
    assert page.get_by_label("Command for Merton").is_disabled()
    assert "locked" in page.locator(area(MERTON)).get_attribute("aria-label")
    page.get_by_label("Lock Merton").uncheck()
    page.click("#to-compare")
    page.wait_for_selector("#compared table")


def test_improve_moves_a_plan_and_says_what_it_trades_away(reader):
    here = reader(WIDE)
    page = here.go("see=proposed")
    page.evaluate("location.hash = 'draw'")
    page.wait_for_url("**#p=*")
    page.select_option("#from", label="Proposed")
    page.click("#begin")
    page.select_option("#weight-0", label="Not at all")
    page.click("#improve >> text=Improve this for me")
    assert re.search(r"[\d,]+ residents change commander", here.text("#improvement .found"))
    assert "Yearly cost" in here.text("#improvement")
    assert "What it trades away" in here.text("#improvement")
    assert "999" not in here.text("#improvement .found")
    before = here.code()
    page.click("text=Use this plan")
    assert here.code() != before
    page.select_option("#weight-1", label="Not at all")
    page.select_option("#weight-2", label="Not at all")
    page.click("#improve >> text=Improve this for me")
    assert "at least one thing" in here.text("#improvement")
    page.check("input[name=reach][value=whole]")
    page.select_option("#weight-0", label="Very much")
    page.click("#improve >> text=Improve this for me")
    page.wait_for_selector("#improvement .found")


def test_unfinished_is_not_failing_and_loose_pieces_are_named(reader):
    here = reader(WIDE)
    page = here.go("draw")
    page.click("#clear")
    assert here.text("#tally") == "Unfinished: 32 areas have no command yet."
    assert "unfinished" in here.text("#figures") and "fail" not in here.text("#draw").lower()
    page.click("#undo")
    for name in ("Barnet", "Sutton"):
        page.get_by_label(f"Command for {name}").select_option("F")
    assert "Command F is not joined up over land: Sutton is cut off from Barnet." in here.text("#problems")
    page.click("text=Show me >> visible=true")
    assert page.evaluate("document.activeElement.dataset.code") == SUTTON
    page.click("#undo")
    for name in ("Barnet", "Enfield", "Haringey", "Camden", "Brent", "Harrow", "Hillingdon", "Ealing"):
        page.get_by_label(f"Command for {name}").select_option("G")
    assert "too large to score here" in here.text("#tally")
    assert "bailiwick compare south-west-london-2018 --plan " in here.text("#problems")


# -- addresses --------------------------------------------------------------------------------------------------------

HOSTILE = (
    "p=<script>alert(1)</script>", "p=", "p=A", "p=" + "A" * 31, "p=" + "A" * 33, "p=" + "A" * 43, "p=" + "é" * 32,
    "p=" + "%" * 32, "p=" + "A" * 31 + "<", "p=__proto__", "c=", "c=A,B", "c=" + ",".join(["A" * 32] * 5),
    "area=E09000001<img src=x onerror=alert(1)>", "area=W99", "see=\"><svg onload=alert(1)>", "constructor",
    "<img src=x onerror=alert(1)>", "p=javascript:alert(1)", "%E0%A4%A", "main",
)


def test_a_broken_or_hostile_address_gives_a_plain_message_and_runs_nothing(reader):
    here = reader(WIDE)
    page = here.go()
    scripts = page.locator("script").count()
    for k, hash_ in enumerate(HOSTILE):
        if k % 4 == 0:
            here.go(hash_)
        else:
            page.evaluate("location.hash = 'money'")
            until(page, "document.getElementById('notice').hidden")
            page.evaluate("hash => { location.hash = hash; }", hash_)
            until(page, "!document.getElementById('notice').hidden")
        said = here.text("#notice")
        assert len(said) > 30, hash_
        assert not re.search(r"[<>%]|alert|proto", said), hash_
        assert page.locator("script").count() == scripts
        assert page.locator("section.page:visible").count() == 1
    page.evaluate("location.hash = 'p=<script>alert(1)</script>'")
    until(page, "!document.getElementById('notice').hidden")
    page.evaluate("location.hash = 'money'")
    until(page, "document.getElementById('notice').hidden")


def test_equal_plans_have_one_address(reader, table):
    here = reader(WIDE)
    other = "".join("ZY"[i % 2] for i in range(32))
    here.go("p=" + other)
    assert here.code() == "AB" * 16


# -- the page's numbers are the table's -------------------------------------------------------------------------------


def random_plan(table, chance):
    """A whole plan whose commands are all in the table, grown by merging pairs of commands at random."""
    numbers = list(range(len(table.areas)))
    for _ in range(chance.randrange(60)):
        a, b = chance.sample(sorted(set(numbers)), 2)
        together = tuple(i for i, n in enumerate(numbers) if n in (a, b))
        if together in table.rows:
            numbers = [a if n == b else n for n in numbers]
    return canonical(numbers)


def test_a_thousand_plans_agree_with_python_to_the_last_printed_digit(reader, table):
    chance = random.Random(20180131)
    plans = [random_plan(table, chance) for _ in range(1000)]
    assert sum(len(commands(plan)) < 26 for plan in plans) > 150
    page = reader(WIDE).go()
    told = page.evaluate("codes => codes.map(code => lookedUp(code))", [encoded(plan) for plan in plans])
    for plan, looked_up in zip(plans, told, strict=True):
        assert looked_up["code"] == encoded(plan)
        for name, measure in table.measures.items():
            value = table.value(name, plan)
            assert looked_up["said"][name] == words.phrase(value, measure["unit"], measure["decimals"]), (name, value)


def test_a_drawn_plan_prints_what_was_looked_up(reader, table):
    page = reader(WIDE).go("p=" + encoded(table.plan([[MERTON, WANDSWORTH]])))
    page.check("#whole-map")
    page.click("text=More measures")
    page.wait_for_selector("#more-measures table")
    assert page.locator("#figures td[data-measure]").count() == len(table.measures)
    for cell in page.locator("#figures td[data-measure]").all():
        name = cell.get_attribute("data-measure")
        measure = table.measures[name]
        value = table.value(name, table.plan([[MERTON, WANDSWORTH]]))
        assert cell.text_content() == words.phrase(value, measure["unit"], measure["decimals"])

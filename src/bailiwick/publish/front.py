"""What must a reader know who reads one page only?  The answer, four figures, why, and what each reader can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book, listed
from bailiwick.publish.results import Json

ANSWERS = {
    "worthwhile": "Worthwhile",
    "worthwhile only if": "Worthwhile only if conditions are met",
    "not worthwhile": "Not worthwhile",
    "cannot be judged": "Cannot be judged on public data",
}
SAVING, FROM_MERGING = "finance.saving_a_year", "finance.saving_from_merging"
ONE_OFF, PRESENT_VALUE = "finance.one_off_cost", "finance.net_present_value"
PAYBACK, EXIT = "finance.payback_years", "finance.exit_cost"
REVERSAL = "finance.pause_break_even_chance"
PEOPLE, DISTANCE = "locality.residents_per_commander", "locality.distance_to_headquarters"
TRAVEL = "locality.travel_time_to_headquarters"


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top: what it is, the figure, and the words under it."""

    label: str
    figure: Markup
    under: Markup


@dataclass(frozen=True, slots=True)
class Course:
    """A line of a reader's box: a bold word, what follows from it, and a list where there are several."""

    word: str
    text: Markup
    items: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """What one kind of reader needs: a title, who it is for, and its lines."""

    id: str
    title: str
    lines: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """Page one."""

    answer: Markup
    tone: str
    sentence: Markup
    tiles: tuple[Tile, ...]
    reasons: tuple[Markup, ...]
    caveats: tuple[Markup, ...]
    other_rules: tuple[Markup, ...]
    boxes: tuple[Box, ...]
    guesses: Markup


def front(book: Book) -> Front:
    """Page one of an appraisal, from its results alone."""
    verdict = cast(Json, book.results["verdict"])
    answer = str(verdict["answer"])
    return Front(
        answer=Markup('<span data-ref="/verdict/answer">{}</span>').format(ANSWERS[answer]),
        tone=answer.replace(" ", "-"),
        sentence=book.at("/verdict/sentence"),
        tiles=tuple(_tiles(book)),
        reasons=_texts(book, "/verdict/reasons"),
        caveats=_texts(book, "/verdict/caveats")[:3],
        other_rules=tuple(
            Markup("{}: <strong>{}</strong>").format(words.human(name), book.at(f"/verdict/under_other_rules/{name}"))
            for name in cast(Json, verdict["under_other_rules"])
        ),
        boxes=(_decider(book, answer), _council(book), _resident(book)),
        guesses=_guesses(book),
    )


def changed_areas(book: Book, measure: str, state: str = "worse", against: str = "today") -> list[Json]:
    """The proposal's findings for the areas whose change by a measure has that state, the biggest change first."""
    proposed = _name(book, "proposed")
    found = [f for code in book.scope if (f := book.finding(measure, proposed, code))]
    return sorted((f for f in found if book.state(f, against) == state), key=lambda f: -abs(_size(f, against)))


def worst_measures(book: Book, most: int = 3) -> list[tuple[str, list[Json]]]:
    """The service and closeness measures under which areas lose by the proposal, those with most losers first."""
    rows = [(name, changed_areas(book, name)) for name, m in book.measures.items()
            if m["role"] in ("service", "closeness")]
    order = {PEOPLE: 0, DISTANCE: 1}
    kept = [row for row in rows if row[1]]
    kept.sort(key=lambda row: (book.measures[row[0]]["role"] != "service", order.get(row[0], 2), -len(row[1])))
    return kept[:most]


def losers(book: Book, measure: str, found: Sequence[Json]) -> Markup:
    """Who loses by a measure, in a sentence with the biggest loss."""
    title = str(book.measures[measure]["title"])
    most = book.area(str(found[0]["subject"]))
    if len(found) == 1:
        return Markup("{}: {} ({})").format(title, most, book.changed(found[0], "today"))
    everywhere = len(found) == len(book.scope)
    names = Markup("everywhere") if everywhere else listed([book.area(str(f["subject"])) for f in found])
    return Markup("{}: {} (most in {}: {})").format(title, names, most, book.changed(found[0], "today"))


def _size(found: Json, against: str) -> float:
    change = next((c for c in cast("list[Json]", found["changes"]) if c["against"] == against), None)
    return float(cast(float, change["value"])) if change and change["value"] is not None else 0.0


def _texts(book: Book, pointer: str) -> tuple[Markup, ...]:
    return tuple(book.at(f"{pointer}/{i}") for i in range(len(cast("list[str]", book.pointed(pointer)))))


def _name(book: Book, kind: str) -> str:
    option = book.of_kind(kind)
    return str(option["name"]) if option else ""


def _tiles(book: Book) -> list[Tile]:
    proposed = _name(book, "proposed")
    saving, merging = book.finding(SAVING, proposed), book.finding(FROM_MERGING, proposed)
    tiles = [
        Tile("Saved each year, once settled", book.said(saving, style="amount"), _range_line(book, saving)),
        Tile("Of it, from merging itself", book.said(merging, style="amount"), _range_line(book, merging)),
        _response_tile(book, proposed),
    ]
    biggest = max(book.scope, key=lambda code: _size_of(book, PEOPLE, code), default="")
    if biggest and book.finding(PEOPLE, proposed, biggest):
        before, after = book.finding(PEOPLE, "today", biggest), book.finding(PEOPLE, proposed, biggest)
        tiles.append(Tile("People for each commander", book.said(after, style="amount"),
                          Markup("today {} in {}").format(book.said(before, style="amount"), book.area(biggest))))
    far = changed_areas(book, DISTANCE)
    if far:
        tiles.append(Tile("Farthest from the commander’s base", book.said(far[0]),
                          Markup("in {}; today {}").format(
                              book.area(str(far[0]["subject"])),
                              book.said(book.finding(DISTANCE, "today", str(far[0]["subject"]))))))
    return tiles


def _size_of(book: Book, measure: str, code: str) -> float:
    found = book.finding(measure, "today", code)
    return float(cast(float, found["value"])) if found and found["value"] is not None else 0.0


def _range_line(book: Book, found: Json | None) -> Markup:
    if found is None or found["value"] is None:
        return Markup("nobody has published it")
    if found["low"] is None or found["low"] == found["high"]:
        return Markup("no range")
    return Markup("likely {} to {}").format(book.said(found, key="low", style="amount"),
                                           book.said(found, key="high", style="amount"))


def _response_tile(book: Book, proposed: str) -> Tile:
    service = [f for f in book.of_room("response") if f["option"] == proposed
               and book.measures.get(str(f["measure"]), {}).get("role") == "service" and f["value"] is not None]
    scheme = next((f for f in service if f["subject"] == "scheme"), service[0] if service else None)
    if scheme is None:
        return Tile("Will help come more slowly?", Markup("Not answered yet"),
                    Markup("so the answer above is held back"))
    measure, subject = str(scheme["measure"]), str(scheme["subject"])
    others = [Markup("{} {}").format(word, book.said(found))
              for word, name in (("today", "today"), ("cuts alone", "cuts"))
              if (found := book.finding(measure, name, subject)) is not None]
    return Tile(str(scheme["title"]), book.said(scheme), Markup("{}; {}").format(
        _range_line(book, scheme), Markup("; ").join(others)))


def _decider(book: Book, answer: str) -> Box:
    proposed = _name(book, "proposed")
    first = {"worthwhile": "go", "worthwhile only if": "redesign", "not worthwhile": "do not go",
             "cannot be judged": "pause"}[answer]
    lines = [
        Course("By the rule", Markup("{}.").format(_advice(first))),
        Course("Go", Markup("Saves {} a year once settled. Costs {} to set up.").format(
            _money(book, SAVING, proposed), _money(book, ONE_OFF, proposed))),
        _redesign(book),
        Course("Pause", _pause(book)),
    ]
    return Box("decide", _whose(book, "decider", "If you decide: the Mayor"), tuple(lines))


def _advice(first: str) -> Markup:
    said = {
        "go": "Go. The service holds and the money is there",
        "redesign": "Go only with the conditions below, each with its price",
        "do not go": "Do not go ahead as proposed",
        "pause": "Pause until the facts that decide are published",
    }
    return escape(said[first])


def _money(book: Book, measure: str, option: str) -> Markup:
    found = book.finding(measure, option)
    return book.said(found, style="amount") + book.likely(found)


def _redesign(book: Book) -> Course:
    conditions = cast("list[Json]", book.results["conditions"])
    kinds = {str(o["name"]): str(o.get("kind", "")) for o in book.options}
    wanted = [i for i, c in enumerate(conditions) if kinds.get(str(c["lever"])) != "pause"][:3]
    if wanted:
        priced = tuple(_priced(book, i, kinds) for i in wanted)
        return Course("Redesign", Markup("Ask for, at the price a year:"), priced)
    redesigned = _name(book, "redesigned")
    if book.finding(SAVING, redesigned) is None:
        return Course("Redesign", Markup("No repair has been priced yet."))
    return Course("Redesign", Markup("{}. It saves {} a year.").format(
        book.option_title(redesigned), _money(book, SAVING, redesigned)))


def _priced(book: Book, i: int, kinds: dict[str, str]) -> Markup:
    lever = str(cast("list[Json]", book.results["conditions"])[i]["lever"])
    what = book.at(f"/conditions/{i}/setting")
    if lever not in kinds:
        what = Markup("{}: {}").format(book.at(f"/conditions/{i}/lever"), what)
    return Markup("{}: {}").format(what, book.at(f"/conditions/{i}/cost_a_year/value", "GBP a year", 0, style="amount"))


def _pause(book: Book) -> Markup:
    pause = book.of_kind("pause")
    if pause is None:
        return Markup("No pause is among the options of this case.")
    chance = book.finding(REVERSAL, str(pause["name"]))
    index = book.options.index(pause)
    months = book.at(f"/options/{index}/delay_months", "months", 0)
    conditions = cast("list[Json]", book.results["conditions"])
    price = next((i for i, c in enumerate(conditions) if c["lever"] == pause["name"]), None)
    cost = Markup("") if price is None else Markup(" It costs {} a year.").format(
        book.at(f"/conditions/{price}/cost_a_year/value", "GBP a year", 0, style="amount"))
    if chance is None or chance["value"] is None:
        return Markup("Wait {} and read the evidence first.{}").format(months, cost)
    return Markup("Wait {} and read the evidence first.{} On money alone that pays only if the chance that the merger "
                  "must be undone is above {}.").format(months, cost, book.said(chance))


def _council(book: Book) -> Box:
    losses = tuple(losers(book, name, found) for name, found in worst_measures(book))
    first = Course("Who loses", Markup(""), losses) if losses else Course(
        "Who loses", Markup("No area is shown to lose by what could be measured."))
    return Box("council", _whose(book, "council", "If you speak for a council"),
               (first, _asks(book), Course("Exit trigger", _trigger(book))))


def _asks(book: Book) -> Course:
    unknowns = cast("list[Json]", book.results["unknowns"])
    wanted = [Markup("{} (held by {})").format(book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/holder"))
              for i in range(min(2, len(unknowns)))]
    if cast(Json, book.results["verdict"])["answer"] == "cannot be judged":
        wanted.insert(0, Markup("How long callers wait in each area, month by month, today and where this was tried"))
    return Course("Ask for", Markup("") if wanted else Markup("The workings behind each figure."), tuple(wanted))


def _trigger(book: Book) -> Markup:
    rules = cast(Json, book.case.get("rules", {}))
    floor = cast(Json, rules.get("safety_floor", {}))
    margins = cast("list[Json]", floor.get("measures", []))
    if not margins:
        return Markup("A written rule, agreed now, that says which result would undo the merger.")
    parts = [Markup("{} points ({})").format(
        book.at(f"/case/rules/safety_floor/measures/{i}/margin", "", 1, style="amount"),
        book.at(f"/case/rules/safety_floor/measures/{i}/title")) for i in range(len(margins))]
    return Markup("A written promise to go back if any area falls behind cuts alone by more than {}.").format(
        listed(parts, "or"))


def _resident(book: Book) -> Box:
    proposed = _name(book, "proposed")
    told = (_dial(book, proposed), _far(book, proposed), _shared(book, proposed))
    lines = [line for line in told if line is not None]
    lines.append(Course("Who answers", _answers(book, proposed)))
    lines.append(Course("When you will know", _when(book)))
    return Box("resident", "If you live here", tuple(lines))


def _dial(book: Book, proposed: str) -> Course | None:
    """How many urgent calls are reached in time, at worst, area by area."""
    measure = next((m for m, told in book.measures.items()
                    if m.startswith("response.") and told.get("role") == "service"), None)
    found = [f for code in book.scope[:8] if measure and (f := book.finding(measure, proposed, code))
             and f["low"] is not None]
    if not measure or not found:
        return None
    items = tuple(Markup("{}: {}; today {}").format(
        book.area(str(f["subject"])), book.said(f, key="low"),
        book.said(book.finding(measure, "today", str(f["subject"])), key="low")) for f in found)
    return Course("If you dial 999", Markup("{}, at worst:").format(str(found[0]["title"])), items)


def _far(book: Book, proposed: str) -> Course | None:
    items = []
    for code in book.scope[:8]:
        found = book.finding(TRAVEL, proposed, code) or book.finding(DISTANCE, proposed, code)
        before = book.finding(str(found["measure"]), "today", code) if found else None
        if found is not None and found["high"] is not None:
            items.append(Markup("{}: {}; today {}").format(book.area(code), book.said(found, key="high"),
                                                          book.said(before, key="high", style="amount")))
    if not items:
        return None
    return Course("How far", Markup("To your commander’s base, at worst:"), tuple(items))


def _shared(book: Book, proposed: str) -> Course | None:
    found = [f for code in book.scope if (f := book.finding(PEOPLE, proposed, code)) and f["value"] is not None]
    if not found:
        return None
    most = max(found, key=lambda f: cast(float, f["value"]))
    before = [f for code in book.scope if (f := book.finding(PEOPLE, "today", code)) and f["value"] is not None]
    if not before:
        return Course("How stretched", Markup("One commander for {}.").format(book.said(most, key="high")))
    least, biggest = (choose(before, key=lambda f: cast(float, f["value"])) for choose in (min, max))
    return Course("How stretched", Markup("One commander for {}. Today it is {} to {}.").format(
        book.said(most, key="high"), book.said(least, style="amount"), book.said(biggest, style="amount")))


def _answers(book: Book, proposed: str) -> Markup:
    question, answer = book.column("accountability", "question"), book.column("accountability", "answer")
    if question is None or answer is None:
        return Markup("Not published.")
    asked = book.rows("accountability", option=proposed)
    seniors = [(i, row) for i, row in asked if "senior" in str(row[question]).lower()]
    known = [(i, row) for i, row in seniors if row[answer]]
    if not known:
        return Markup("Nobody has published who would answer for your area alone.")
    said = {str(row[answer]): i for i, row in reversed(known)}
    return Markup("For your area alone: {}.").format(
        listed([book.cell("accountability", i, answer) for i in sorted(said.values())], "or"))


def _when(book: Book) -> Markup:
    gates = cast("list[Json]", book.results["gates"])
    dated = [i for i, gate in enumerate(gates) if gate["due"] and gate["state"] != "met"
             and str(gate["due"]) >= str(book.case["as_of"])]
    if not dated:
        return Markup("No date has been published.")
    return listed([Markup("{}, {}").format(book.at(f"/gates/{i}/name"), book.day(f"/gates/{i}/due"))
                   for i in dated[:2]]) + Markup(".")


def _whose(book: Book, role: str, otherwise: str) -> str:
    named = cast(Json, book.case.get("roles", {})).get(role)
    return f"{otherwise.split(':')[0]}: {named}" if named else otherwise


def _guesses(book: Book) -> Markup:
    counts = cast(Json, book.results.get("counts", {}))
    if not counts.get("assumptions"):
        return Markup("")
    return Markup("Of {} numbers that can be disputed, {} are guesses that nobody has published.").format(
        book.at("/counts/assumptions", "", 0), book.at("/counts/assumptions_guess", "", 0))

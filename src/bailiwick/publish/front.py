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
    """A line of a reader's box: a bold word and what follows from it."""

    word: str
    text: Markup


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


def changed_areas(book: Book, measure: str, state: str = "worse", *, option: str = "", against: str = "today") -> list[Json]:
    """The findings of a measure for the areas in scope whose change has that state, the biggest change first."""
    proposed = book.of_kind("proposed")
    chosen = option or (str(proposed["name"]) if proposed else "")
    found = [f for code in book.scope if (f := book.finding(measure, chosen, code))]
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
    names = listed([book.area(str(f["subject"])) for f in found])
    if len(found) == 1:
        return Markup("{}: {} ({})").format(_lower(title), names, book.changed(found[0], "today"))
    return Markup("{}: {} (most in {}: {})").format(
        _lower(title), names, book.area(str(found[0]["subject"])), book.changed(found[0], "today"))


def _size(found: Json, against: str) -> float:
    change = next((c for c in cast("list[Json]", found["changes"]) if c["against"] == against), None)
    return float(cast(float, change["value"])) if change and change["value"] is not None else 0.0


def _lower(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _texts(book: Book, pointer: str) -> tuple[Markup, ...]:
    return tuple(book.at(f"{pointer}/{i}") for i in range(len(cast("list[str]", book.pointed(pointer)))))


def _name(book: Book, kind: str) -> str:
    option = book.of_kind(kind)
    return str(option["name"]) if option else ""


def _tiles(book: Book) -> list[Tile]:
    proposed = _name(book, "proposed")
    saving, merging = book.finding(SAVING, proposed), book.finding(FROM_MERGING, proposed)
    tiles = [
        Tile("Saved each year, once settled", book.said(saving), _range_line(book, saving)),
        Tile("Of which the merger itself brings", book.said(merging), _range_line(book, merging)),
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
    return Tile(str(scheme["title"]), book.said(scheme), Markup("against cuts alone: {}").format(
        book.changed(scheme, "cuts")))


def _decider(book: Book, answer: str) -> Box:
    proposed = _name(book, "proposed")
    first = {"worthwhile": "go", "worthwhile only if": "redesign", "not worthwhile": "do not go",
             "cannot be judged": "pause"}[answer]
    lines = [
        Course("By the rule", Markup("{}.").format(_advice(first))),
        Course("Go", Markup("saves {} a year once settled, and costs {} to set up.").format(
            _money(book, SAVING, proposed), _money(book, ONE_OFF, proposed))),
        Course("Redesign", _redesign(book)),
        Course("Pause", _pause(book)),
    ]
    return Box("decide", _whose(book, "decider", "If you decide: the Mayor"), tuple(lines))


def _advice(first: str) -> Markup:
    said = {
        "go": "go. The service holds and the money is there",
        "redesign": "go only with the conditions below, each with its price",
        "do not go": "do not go ahead as proposed",
        "pause": "pause until the facts that decide are published",
    }
    return escape(said[first])


def _money(book: Book, measure: str, option: str) -> Markup:
    found = book.finding(measure, option)
    return book.said(found, style="amount") + book.likely(found)


def _redesign(book: Book) -> Markup:
    conditions = cast("list[Json]", book.results["conditions"])
    if conditions:
        priced = [Markup("{}: {} ({})").format(
            book.at(f"/conditions/{i}/lever"), book.at(f"/conditions/{i}/setting"),
            book.at(f"/conditions/{i}/cost_a_year/value", "GBP a year", 0)) for i in range(min(3, len(conditions)))]
        return Markup("ask for {}.").format(listed(priced))
    redesigned = _name(book, "redesigned")
    if book.finding(SAVING, redesigned) is None:
        return Markup("no repair has been priced yet.")
    return Markup("{}; it saves {} a year.").format(
        _lower(book.option_title(redesigned)), _money(book, SAVING, redesigned))


def _pause(book: Book) -> Markup:
    pause = book.of_kind("pause")
    chance = book.finding(REVERSAL, str(pause["name"])) if pause else None
    if pause is None:
        return Markup("no pause is among the options of this case.")
    index = book.options.index(pause)
    months = book.at(f"/options/{index}/delay_months", "months", 0)
    if chance is None or chance["value"] is None:
        return Markup("waiting {} would let the evidence be read first; its price is {}.").format(
            months, book.said(chance))
    return Markup("waiting {} pays if the chance that the merger must be undone is above {}.").format(
        months, book.said(chance))


def _council(book: Book) -> Box:
    losses = [losers(book, name, found) for name, found in worst_measures(book)]
    lines = [Course("Who loses", Markup("; ").join(losses) + Markup(".") if losses
                    else Markup("no area is shown to lose by what could be measured."))]
    lines.append(Course("Ask for", _asks(book)))
    lines.append(Course("Exit trigger", _trigger(book)))
    return Box("council", _whose(book, "council", "If you speak for a council"), tuple(lines))


def _asks(book: Book) -> Markup:
    unknowns = cast("list[Json]", book.results["unknowns"])
    if not unknowns:
        return Markup("the workings behind each figure.")
    wanted = [Markup("{} (held by {})").format(book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/holder"))
              for i in range(min(2, len(unknowns)))]
    return Markup("the figures that decide: {}.").format(listed(wanted))


def _trigger(book: Book) -> Markup:
    rules = cast(Json, book.case.get("rules", {}))
    floor = cast(Json, rules.get("safety_floor", {}))
    margins = cast("list[Json]", floor.get("measures", []))
    if not margins:
        return Markup("a written rule, agreed now, that says which result would undo the merger.")
    parts = [Markup("{} points of {}").format(
        book.at(f"/case/rules/safety_floor/measures/{i}/margin", "", 1),
        book.at(f"/case/rules/safety_floor/measures/{i}/title")) for i in range(len(margins))]
    return Markup("a written promise to go back if any area falls behind by more than {}.").format(
        listed(parts, "or"))


def _resident(book: Book) -> Box:
    proposed = _name(book, "proposed")
    lines = []
    for code in book.scope[:6]:
        far = book.finding(TRAVEL, proposed, code) or book.finding(DISTANCE, proposed, code)
        people = book.finding(PEOPLE, proposed, code)
        if far is not None and far["high"] is not None:
            lines.append(Course(book.names[code], Markup("at worst {} to the commander’s base; one commander for {}.").format(
                book.said(far, key="high"), book.said(people, key="high"))))
    lines.append(Course("Who answers", _answers(book, proposed)))
    lines.append(Course("When you will know", _when(book)))
    return Box("resident", "If you live here", tuple(lines))


def _answers(book: Book, proposed: str) -> Markup:
    question, answer = book.column("accountability", "question"), book.column("accountability", "answer")
    if question is None or answer is None:
        return Markup("not published.")
    seniors = [(i, row) for i, row in book.rows("accountability", option=proposed) if "senior" in str(row[question]).lower()]
    known = [(i, row) for i, row in seniors if row[answer]]
    if not known:
        return Markup("nobody has published who would answer for your area alone.")
    said = {str(row[answer]): i for i, row in reversed(known)}
    return Markup("for your area alone: {}.").format(
        listed([book.cell("accountability", i, answer) for i in sorted(said.values())], "or"))


def _when(book: Book) -> Markup:
    gates = cast("list[Json]", book.results["gates"])
    dated = [i for i, gate in enumerate(gates) if gate["due"] and gate["state"] != "met"
             and str(gate["due"]) >= str(book.case["as_of"])]
    if not dated:
        return Markup("no date has been published.")
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

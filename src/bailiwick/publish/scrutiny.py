"""What should a committee ask?  Lines of enquiry by the five cases, each with the figure behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book, listed
from bailiwick.publish.front_why import left_said
from bailiwick.publish.headline import (
    EXIT,
    FROM_MERGING,
    NEUTRAL,
    ONE_OFF,
    PAYBACK,
    SAVING,
    changed_areas,
    losers,
    named,
)
from bailiwick.publish.page import NOTHING, headed
from bailiwick.publish.results import Json
from bailiwick.publish.section_method import request

CASES = ("Strategic", "Economic", "Commercial", "Financial", "Management")
_GAP = "finance.share_of_gap"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of enquiry: the case it belongs to, the question, the figure behind it, and what to request."""

    case: str
    question: Markup
    figure: Markup
    ask: Markup = NOTHING


def enquiry(book: Book, code: str | None = None) -> tuple[Line, ...]:
    """The questions a scrutiny committee may put, in the order of the five cases; of one area where one is named."""
    found = (*_strategic(book), *_economic(book, code), *_commercial(book), *_financial(book), *_management(book, code))
    return tuple(line for line in found if line is not None)


def _strategic(book: Book) -> Iterable[Line | None]:
    gates = cast("list[Json]", book.results["gates"])
    if gates:
        yield Line("Strategic", Markup("What result would have shown that the pilots failed, and when was that written "
                                       "down?"),
                   Markup("{}: {} on {}.").format(book.at("/gates/0/name"), book.at("/gates/0/state"),
                                                  book.day("/case/as_of")))
    yield _of(book, "Strategic", "How much of the force’s savings target does this meet? What meets the rest?", _GAP)


def _economic(book: Book, code: str | None) -> Iterable[Line | None]:
    proposed = named(book, "proposed")
    saving, merging = book.finding(SAVING, proposed), book.finding(FROM_MERGING, proposed)
    if saving is not None and merging is not None and merging["value"] is not None:
        yield Line("Economic", Markup("Which posts can go only if the commands merge, and why could the others not go "
                                      "without it?"),
                   Markup("Of {} a year, {} needs the merger{}.").format(
                       book.said(saving, style="amount"), book.said(merging, style="amount"), book.likely(merging)),
                   _first(book, "posts.", "finance."))
    left = left_said(book, book.finding(NEUTRAL, proposed))
    if left:
        yield Line("Economic", Markup("What would it cost to put back the service that is lost, and is anything left?"),
                   left, _first(book, "response."))
    yield from _losses(book, code)
    for table in ("alternatives_nearest", "alternatives_local"):
        if book.table(table) is not None and book.tables[table].get("note"):
            yield Line("Economic", Markup("Which other groupings were weighed, and why was each turned down?"),
                       book.sentence(f"/tables/{table}/note", 0))
            break


def _losses(book: Book, code: str | None) -> Iterable[Line]:
    """What gets worse: one line for service, one for closeness, the measures with most losers first."""
    calls = _first(book, "response.")
    asked = {"service": ("What will be done so that nobody waits longer, by whom and by when?", calls),
             "closeness": ("What will make up for the commander being farther off and more stretched?", NOTHING)}
    for role, (question, ask) in asked.items():
        lost = [(m, found) for m, told in book.measures.items() if told["role"] == role
                and (found := [f for f in changed_areas(book, m) if code is None or f["subject"] == code])]
        lost.sort(key=lambda pair: -len(pair[1]))
        if lost:
            yield Line("Economic", escape(question), Markup("{}.").format(
                Markup("; ").join(losers(book, m, found) for m, found in lost[:3])), ask)


def _commercial(book: Book) -> Iterable[Line | None]:
    proposed = named(book, "proposed")
    building, state = book.column("estate", "building"), book.column("estate", "state")
    rows = [(i, row) for i, row in book.rows("estate", option=proposed) if state is not None and row[state] != "kept"]
    if building is not None and state is not None and rows:
        said = listed([Markup("{} ({})").format(book.cell("estate", i, building), book.cell("estate", i, state))
                       for i, _ in rows[:6]])
        yield Line("Commercial", Markup("Which buildings close or open, when, and who gets what they fetch?"),
                   Markup("{}.").format(said))
    yield Line("Commercial", Markup("Which contracts, computers and vehicles does this depend on, and are they ready?"),
               Markup("Nothing on this is in the case: it has not been published."))


def _financial(book: Book) -> Iterable[Line | None]:
    yield _of(book, "Financial", "Who pays to set it up, out of which budget?", ONE_OFF)
    yield _of(book, "Financial", "In which year has the saving paid that back, and what if half of it comes?", PAYBACK)
    yield _of(book, "Financial", "What would it cost to undo, and who would pay?", EXIT)
    item, amount = book.column("sunk_costs", "item"), book.column("sunk_costs", "amount")
    rows = book.rows("sunk_costs")
    if item is not None and amount is not None and rows:
        last = rows[-1][0]
        yield Line("Financial", Markup("What has been spent already, and on whose decision?"),
                   Markup("{}: {}.").format(book.cell("sunk_costs", last, item), book.cell("sunk_costs", last, amount)))


def _management(book: Book, code: str | None) -> Iterable[Line | None]:
    roles = cast(Json, book.case.get("roles", {}))
    if not any(roles.values()):
        yield Line("Management", Markup("Who answers by name if the saving or the service does not come?"),
                   Markup("No owner is named for any benefit."))
    yield _senior(book, code)
    floor = cast(Json, cast(Json, book.case.get("rules", {})).get("safety_floor", {}))
    at = "/case/rules/safety_floor/measures"
    if floor.get("measures"):
        margins = listed([Markup("{} points ({})").format(
            book.at(f"{at}/{i}/margin", "", 1, style="amount"), book.at(f"{at}/{i}/title"))
            for i in range(len(cast("list[Json]", floor["measures"])))], "or")
        yield Line("Management", Markup("Will you promise in writing to go back if an area falls behind by more than "
                                        "this?"), Markup("Behind cuts alone by {}.").format(margins))
    yield _seen(book, code)


def _senior(book: Book, code: str | None) -> Line | None:
    places = [book.column("accountability", c) for c in ("question", "answer", "holder")]
    rows = book.rows("accountability", option=named(book, "proposed"), **({"area": code} if code else {}))
    if None in places[:2] or not rows:
        return None
    question, answer = cast(int, places[0]), cast(int, places[1])
    missing = [(i, row) for i, row in rows if not row[answer]]
    if not missing:
        return None
    asked = list(dict.fromkeys(str(row[question]) for _, row in missing))
    firsts = [next(i for i, row in missing if row[question] == q) for q in asked]
    return Line("Management", Markup("Who will do these for our area, and how much of their time is ours?"),
                Markup("Not published: {}.").format(listed([book.cell("accountability", i, question) for i in firsts])))


def _seen(book: Book, code: str | None) -> Line | None:
    table = "response_monitoring"
    column = book.column(table, "months_to_see_5_points")
    rows = book.rows(table, **({"area": code} if code else {}))
    known = [(i, cast(float, row[column])) for i, row in rows if column is not None and row[column] is not None]
    if column is None or not known:
        return None
    slowest = max(known, key=lambda pair: pair[1])[0]
    return Line("Management", Markup("Who reads the monthly figures, and how soon would harm be seen?"),
                Markup("{}: {}, for the measure that shows it last.").format(
                    headed(f"/tables/{table}/columns/{column}", words.human("months_to_see_5_points")),
                    book.cell(table, slowest, column)))


def _of(book: Book, case: str, question: str, measure: str) -> Line | None:
    found = book.finding(measure, named(book, "proposed"))
    if found is None:
        return None
    title = book.at(f"/measures/{measure}/title")
    return Line(case, escape(question), Markup("{}: {}.").format(title, book.full(found)),
                _first(book, "finance.", "posts.") if found["value"] is None else Markup(""))


def _first(book: Book, *starts: str) -> Markup:
    """The wording that asks for the first unknown of a kind; empty where there is none."""
    unknowns = cast("list[Json]", book.results["unknowns"])
    return next((request(book, i) for i, u in enumerate(unknowns) if str(u["name"]).startswith(starts)), Markup(""))

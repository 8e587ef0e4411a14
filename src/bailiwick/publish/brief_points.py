"""What does each side say, point by point, and what will the other answer?

A point is made only where its figures are known and go the side's way in its own set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.brief_sets import Figure, Sets
from bailiwick.publish.front import DISTANCE, EXIT, FROM_MERGING, PEOPLE, SAVING, changed_areas
from bailiwick.publish.results import Json

NEUTRAL = "finance.service_neutral_saving"
CONSTABLES = "finance.constables"
PAYBACK = "finance.payback_years"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a case: what is said, what the other side will say, and the figures in it."""

    text: str
    reply: str
    figures: tuple[Figure, ...]


def in_favour(book: Book, sets: Sets) -> tuple[Point, ...]:
    """The points of the case for, money and service first."""
    return tuple(point for maker in (_pays, _own_saving, _safe, _constables, _reversible)
                 for point in maker(book, sets) if point)


def against(book: Book, sets: Sets) -> tuple[Point, ...]:
    """The points of the case against, service first."""
    return tuple(point for maker in (_unsafe, _loses, _could_be_had, _far, _untested)
                 for point in maker(book, sets) if point)


def _pays(book: Book, sets: Sets) -> Iterator[Point]:
    left = sets.money("for", NEUTRAL)
    if left is None or left.value <= 0:
        return
    known, above = len(sets.column(NEUTRAL)), sets.above(NEUTRAL)
    yield Point(
        f"It pays, and it pays after the public has been made whole. Hire every officer needed to bring 999 response "
        f"back to what it is today, and {left.said} is still left{left.range}. Something is left in {above} of "
        f"{known} sets.",
        f"Something is left in {above} of {known} sets, and nothing in {known - above}. A saving that may be a loss "
        "is a hope.", (left,))


def _own_saving(book: Book, sets: Sets) -> Iterator[Point]:
    saving, own = sets.money("for", SAVING), sets.money("for", FROM_MERGING)
    if saving is None or own is None or own.value <= 0:
        return
    yield Point(
        f"The saving is real and it is the merger's own. One command costs {saving.said} less than four{saving.range}; "
        f"{own.said} of that{own.range} cannot be had by any cut that leaves the commands apart, because it comes from "
        "running one headquarters, one control desk and one top team."
        if _merges(book) == (4, 1) else
        f"The saving is real and it is the merger's own: {saving.said}{saving.range}, of which {own.said}{own.range} "
        "cannot be had by any cut that leaves the commands apart.",
        f"Then claim the {own.said}, not the {saving.said}. The rest is a cut, and can be had without merging anybody.",
        (saving, own))


def _safe(book: Book, sets: Sets) -> Iterator[Point]:
    openings = iter(("Nobody is put below the safety line.", "Nor is anybody where the call is less urgent."))
    for measure in sets.floors():
        spare = sets.spare("for", measure)
        if spare is None or spare.value < 0:
            continue
        title, area = _title(book, measure), book.names.get(spare.finding.rsplit("/", 1)[1], "")
        inside, known = sets.above(f"spare.{measure}"), len(sets.column(f"spare.{measure}"))
        opening = next(openings, "The line is kept here too.")
        yield Point(
            f"{opening} {title}: even where the change is hardest, in {area}, the result stays {spare.said} clear of "
            f"it{spare.from_the_line}, measured against the cuts that must otherwise be made.",
            f"The line is kept everywhere in {inside} of {sets.count} sets"
            + (f", and in {sets.count - known} the model finds too few cars to work at all." if known < sets.count else
               "."), (spare,))


def _constables(book: Book, sets: Sets) -> Iterator[Point]:
    found = book.finding(CONSTABLES, sets.option)
    change = _change(found, "cuts")
    if found is None or change is None or change.value <= 0:
        return
    yield Point(
        f"The real choice is not between merging and today; it is between merging and cutting. For the same money, one "
        f"command keeps {change.said} more constables{change.range} than separate commands cut to the same budget.",
        "That holds only if the budget must fall by exactly this much. Whoever sets the budget can decide otherwise.",
        (change,))


def _reversible(book: Book, sets: Sets) -> Iterator[Point]:
    exit_cost, payback = _figure(book, EXIT, sets.option), _figure(book, PAYBACK, sets.option)
    if exit_cost is None or payback is None:
        return
    yield Point(
        f"It is a modest risk. It pays for its own cost within {payback.said}{payback.range}, and could be undone for "
        f"{exit_cost.said}{exit_cost.range}.",
        "Money can undo a reorganisation. It does not bring back the months in which help came late.",
        (payback, exit_cost))


def _unsafe(book: Book, sets: Sets) -> Iterator[Point]:
    openings = iter(("People will wait longer for help.", "The less urgent calls fare no better."))
    for measure in sets.floors():
        spare = sets.spare("against", measure)
        if spare is None or spare.value >= 0:
            continue
        area = book.names.get(spare.finding.rsplit("/", 1)[1], "")
        known = len(sets.column(f"spare.{measure}"))
        below = known - sets.above(f"spare.{measure}")
        stuck = sets.count - known
        more = f" In {words.count(stuck, 'more set')} there are too few cars to work at all." if stuck else ""
        opening = next(openings, "Here too the line is crossed.")
        yield Point(
            f"{opening} {_title(book, measure)}: {area} falls {spare.size} below the safety line{spare.from_the_line}, "
            f"and that is against cuts of the same size, not against today. In {below} of {known} sets somebody falls "
            f"below it.{more}",
            f"In {known - below} of {known} sets nobody does. The figures that decide it are how the desk is staffed, "
            "and that is ours to set.", (spare,))


def _loses(book: Book, sets: Sets) -> Iterator[Point]:
    left, saving = sets.money("against", NEUTRAL), sets.money("against", SAVING)
    if left is None or saving is None or left.value > 0:
        return
    known, above = len(sets.column(NEUTRAL)), sets.above(NEUTRAL)
    yield Point(
        f"The saving is spent before it arrives. On paper {saving.said} is saved{saving.range}; putting response back "
        f"to where it is today costs more than that, and leaves {left.said}{left.range}.",
        f"Money is left over in {above} of {known} sets. This is "
        + ("the worst of them." if left.value <= left.low else "one of the others."), (saving, left))


def _could_be_had(book: Book, sets: Sets) -> Iterator[Point]:
    saving, own = sets.money("against", SAVING), sets.money("against", FROM_MERGING)
    if saving is None or own is None or saving.value <= own.value or own.value < 0:
        return
    rest = words.money(saving.value - own.value)
    yield Point(
        f"Much of the saving needs no merger. Of {saving.said}{saving.range} only {own.said}{own.range} comes from "
        f"merging. The other {rest} a year could be had tomorrow and every borough would keep its own commander."
        if _boroughs(book) else
        f"Much of the saving needs no merger. Of {saving.said}{saving.range} only {own.said}{own.range} comes from "
        f"merging. The other {rest} a year could be had with every commander kept.",
        "Those cuts would fall on constables. Merging falls on supervisors and desks instead.", (saving, own))


def _far(book: Book, sets: Sets) -> Iterator[Point]:
    people, far = changed_areas(book, PEOPLE), changed_areas(book, DISTANCE)
    if not people:
        return
    most = people[0]
    after = _figure(book, PEOPLE, sets.option, str(most["subject"]))
    before = _figure(book, PEOPLE, "today", str(most["subject"]))
    if after is None or before is None:
        return
    figures = [after, before]
    text = (f"The people in charge move out of reach. The commander of {most['area']} answers for {before.said} today "
            f"and would answer for {after.said}")
    if far and (there := _figure(book, DISTANCE, sets.option, str(far[0]["subject"]))) is not None:
        figures.append(there)
        text += f"; from {far[0]['area']} headquarters would be {there.said} away"
    yield Point(text + ". These figures are certain: no assumption is in them.",
                "A named senior officer would stay with each borough. Closeness is weighed, not scored."
                if _boroughs(book) else "A named senior officer would stay with each area.", tuple(figures))


def _untested(book: Book, sets: Sets) -> Iterator[Point]:
    gates = cast("list[Json]", book.results["gates"])
    open_ = [gate for gate in gates if gate["state"] != "met"]
    pauses = [c for c in cast("list[Json]", book.results["conditions"])
              if book.of_kind("pause") and str(c["lever"]) == str(cast(Json, book.of_kind("pause"))["name"])]
    if not open_ or not pauses:
        return
    cost = cast(Json, pauses[0]["cost_a_year"])
    pause = str(pauses[0]["lever"])
    figure = Figure(f"finance.net_present_value/{pause}/scheme", float(cast(float, cost["value"])),
                    float(cast(float, cost["low"])), float(cast(float, cost["high"])), str(cost["unit"]))
    yield Point(
        f"The steps that were to come before the decision are not complete. {len(open_)} of {len(gates)} gates are not "
        f"shown to be met; the first is “{_lower(str(open_[0]['name']))}”. Waiting until they are costs the equivalent "
        f"of {figure.said}{figure.range}.",
        "Waiting is not free: every month of it is a month without the saving.", (figure,))


def _figure(book: Book, measure: str, option: str, subject: str = "scheme") -> Figure | None:
    found = book.finding(measure, option, subject)
    if found is None or found["value"] is None:
        return None
    value, low, high = (float(cast(float, found[key])) for key in ("value", "low", "high"))
    return Figure(str(found["id"]), value, low, high, str(found["unit"]))


def _change(found: Json | None, against_: str) -> Figure | None:
    changes = cast("list[Json]", found["changes"]) if found else []
    for change in changes:
        if found is not None and change["against"] == against_ and change["value"] is not None:
            value, low, high = (float(cast(float, change[key])) for key in ("value", "low", "high"))
            return Figure(str(found["id"]), value, low, high, "")
    return None


def _title(book: Book, measure: str) -> str:
    return str(book.measures[measure]["title"]) if measure in book.measures else measure


def _merges(book: Book) -> tuple[int, int]:
    counts = [len(cast("list[object]", option["commands"])) if (option := book.of_kind(kind)) else 0
              for kind in ("today", "proposed")]
    return counts[0], counts[1]


def _boroughs(book: Book) -> bool:
    return "borough" in str(book.case.get("question", "")) + str(book.case.get("title", ""))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

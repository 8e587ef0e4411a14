"""Why is that the answer?  Money, help, closeness and doubt, in a plain sentence or two each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from markupsafe import Markup

from bailiwick.publish.bound import Book, listed, sentences
from bailiwick.publish.headline import DISTANCE, FROM_MERGING, NEUTRAL, PEOPLE, SAVING, changed_areas, named
from bailiwick.publish.results import Json

MOST = 6
"""Up to how many areas are named in a sentence; more are said to be several."""


def why(book: Book) -> tuple[Markup, ...]:
    """The reasons on page one, in order: money, what is left of it, help, closeness, how sure."""
    found = (_money(book), _left(book), *_help(book), _closeness(book), *_sets(book))
    return tuple(Markup("<strong>{}.</strong> {}").format(word, said) for word, said in found if said)


def saving_said(book: Book, found: Json | None) -> Markup:
    """What a yearly saving comes to, in a sentence that agrees with its sign; a loss is called a loss."""
    if found is None or found["value"] is None:
        return Markup("Nobody has published what it would save.")
    value = cast(float, found["value"])
    if value == 0:
        return Markup("It would save nothing: {} a year.").format(book.said(found, style="amount"))
    if value < 0:
        return Markup("It would not save money: it would cost {} a year more.").format(
            book.said(found, style="size", key="value"))
    return Markup("It would save {} a year once settled.").format(book.said(found, style="amount"))


def share_said(book: Book, whole: Json | None, part: Json | None) -> Markup:
    """How much of a saving needs the merger, in a sentence; empty where there is no saving to share out."""
    if whole is None or part is None or part["value"] is None or whole["value"] is None:
        return Markup("")
    if cast(float, whole["value"]) <= 0:
        return Markup("")
    value = cast(float, part["value"])
    if value <= 0:
        return Markup("None of it needs the merger.")
    if value >= cast(float, whole["value"]):
        return Markup("All of it needs the merger.")
    return Markup("Of that, {} needs the merger. The rest could be saved without it.").format(
        book.said(part, style="amount"))


def left_said(book: Book, found: Json | None) -> Markup:
    """What is left of the saving when lost service is bought back, in a sentence; empty where nobody worked it out."""
    if found is None:
        return Markup("")
    if found["value"] is None:
        return Markup("Nobody can say what is left once lost service is paid for.")
    low, high = (cast(float, found[end] if found[end] is not None else found["value"]) for end in ("low", "high"))
    ends = [book.said(found, key=key, style="amount") for key in (
        ("low", "high") if found["low"] is not None else ("value", "value"))]
    if low > 0:
        return Markup("Once lost service is paid for, money is still left: at least {} a year.").format(ends[0])
    if high <= 0:
        return Markup("Once lost service is paid for, no money is left.")
    return Markup("Paying for lost service could use up the saving. What is left is between {} and {} a year.").format(
        *ends)


def areas_said(book: Book, codes: Sequence[str]) -> Markup:
    """Some areas of the merger in words: all of them, their names, or how they are."""
    if len(codes) == len(book.scope):
        return Markup("every area")
    return listed([book.area(code) for code in codes]) if len(codes) <= MOST else Markup("several areas")


def _money(book: Book) -> tuple[str, Markup]:
    proposed = named(book, "proposed")
    whole, part = book.finding(SAVING, proposed), book.finding(FROM_MERGING, proposed)
    return "Money", sentences((saving_said(book, whole), share_said(book, whole, part)))


def _left(book: Book) -> tuple[str, Markup]:
    return "What is left of it", left_said(book, book.finding(NEUTRAL, named(book, "proposed")))


def _help(book: Book) -> list[tuple[str, Markup]]:
    """The measures of the safety floor, those that end alike in one sentence."""
    floor = cast(Json, cast(Json, book.case.get("rules", {})).get("safety_floor", {}))
    against, ends = str(floor.get("against", "cuts")), dict[Markup, list[Markup]]()
    for i, told in enumerate(cast("list[Json]", floor.get("measures", []))):
        end = _held(book, str(told["measure"]), against)
        if end:
            ends.setdefault(end, []).append(book.at(f"/case/rules/safety_floor/measures/{i}/title"))
    return [("Help", Markup("{}: {}").format(listed(titles), end)) for end, titles in ends.items()]


def _held(book: Book, measure: str, against: str) -> Markup:
    """How an area fares by one measure of service, as the end of a sentence."""
    proposed = named(book, "proposed")
    states: dict[str, list[str]] = {}
    for code in book.scope:
        found = book.finding(measure, proposed, code)
        states.setdefault(book.state(found, against) or "not shown", []).append(code)
    other = {"cuts": "with cuts alone", "today": "today"}.get(against, f"with {against}")
    if states.get("worse"):
        return Markup("fewer in {} than {}.").format(areas_said(book, states["worse"]), other)
    unsure = states.get("not shown", [])
    if unsure:
        return Markup("it could get better or worse in {}. Nobody can show which.").format(areas_said(book, unsure))
    if states.get("better"):
        return Markup("more in {} than {}, and fewer nowhere.").format(areas_said(book, states["better"]), other)
    return Markup("about the same as {} in every area.").format(other)


def _closeness(book: Book) -> tuple[str, Markup]:
    stretched, farther = changed_areas(book, PEOPLE), changed_areas(book, DISTANCE)
    parts = []
    if stretched:
        parts.append(Markup("The commander would serve more people in {}.").format(
            areas_said(book, [str(f["subject"]) for f in _in_order(book, stretched)])))
    if farther:
        parts.append(Markup("The base would be farther from {}.").format(
            areas_said(book, [str(f["subject"]) for f in _in_order(book, farther)])))
    return "Closeness", sentences(parts) or Markup("No area is shown to lose by what could be measured.")


def _in_order(book: Book, found: Sequence[Json]) -> list[Json]:
    place = {code: i for i, code in enumerate(book.scope)}
    return sorted(found, key=lambda f: place.get(str(f["subject"]), len(place)))


def _sets(book: Book) -> list[tuple[str, Markup]]:
    """The reason that counts the sets of assumptions in which the answer holds, where the results give one."""
    reasons = cast("list[str]", cast(Json, book.results["verdict"])["reasons"])
    return [("How sure", book.at(f"/verdict/reasons/{i}")) for i, text in enumerate(reasons)
            if "sets of assumptions" in text][:1]

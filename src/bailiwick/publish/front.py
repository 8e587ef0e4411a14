"""What must a reader know who reads one page only?  The answer, four figures, why, and what each reader can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from markupsafe import Markup

from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.front_boxes import Box, Course, boxes
from bailiwick.publish.front_why import why
from bailiwick.publish.headline import (
    ANSWERS,
    DISTANCE,
    EXIT,
    FROM_MERGING,
    ONE_OFF,
    PAYBACK,
    PEOPLE,
    PRESENT_VALUE,
    REVERSAL,
    SAVING,
    TRAVEL,
    changed_areas,
    losers,
    named,
    worst_measures,
)
from bailiwick.publish.results import Json

__all__ = [
    "ANSWERS", "DISTANCE", "EXIT", "FROM_MERGING", "ONE_OFF", "PAYBACK", "PEOPLE", "PRESENT_VALUE", "REVERSAL",
    "SAVING", "TRAVEL", "Box", "Course", "Front", "Tile", "changed_areas", "front", "losers", "worst_measures",
]
OTHER_RULES = {"veto": "If any area’s loss were a veto", "aggregate": "If only the total counted"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top: what it is, the figure, and the words under it."""

    label: str
    figure: Markup
    under: Markup


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
    checked: Markup


def front(book: Book) -> Front:
    """Page one of an appraisal, from its results alone."""
    verdict = cast(Json, book.results["verdict"])
    answer = str(verdict["answer"])
    return Front(
        answer=Markup('<span data-ref="/verdict/answer">{}</span>').format(ANSWERS[answer]),
        tone=answer.replace(" ", "-"),
        sentence=book.after("/verdict/sentence", f"It {ANSWERS[answer][:1].lower()}{ANSWERS[answer][1:]}: "),
        tiles=tuple(_tiles(book)),
        reasons=why(book),
        caveats=_texts(book, "/verdict/caveats")[:3],
        other_rules=tuple(
            Markup("{}: <strong>{}</strong>").format(
                OTHER_RULES.get(name, words.human(name)), book.at(f"/verdict/under_other_rules/{name}"))
            for name in cast(Json, verdict["under_other_rules"])
        ),
        boxes=boxes(book, answer),
        guesses=_guesses(book),
        checked=_checked(book),
    )


def _texts(book: Book, pointer: str) -> tuple[Markup, ...]:
    return tuple(book.at(f"{pointer}/{i}") for i in range(len(cast("list[str]", book.pointed(pointer)))))


def _tiles(book: Book) -> list[Tile]:
    proposed = named(book, "proposed")
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
        tiles.append(Tile("Farther from the commander’s base", book.said(far[0]),
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
    return Tile(book.at(f"/measures/{measure}/title"), book.said(scheme), Markup("{}; {}").format(
        _range_line(book, scheme), Markup("; ").join(others)))


def _guesses(book: Book) -> Markup:
    counts = cast(Json, book.results.get("counts", {}))
    if not counts.get("assumptions"):
        return Markup("")
    return Markup("Of the {} numbers that were used, {} are guesses. Nobody has published them.").format(
        book.at("/counts/assumptions", "", 0), book.at("/counts/assumptions_guess", "", 0))


def _checked(book: Book) -> Markup:
    counts = cast(Json, book.results.get("counts", {}))
    if not counts.get("checks"):
        return Markup("")
    return Markup("Of {} checks of itself, {} passed and {} failed.").format(
        *(book.at(f"/counts/{key}", "", 0) for key in ("checks", "checks_passed", "checks_failed")))

"""What must the script of the map page know?  Names, measures, the case's own plans, and the words it speaks with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book, listed, plain
from bailiwick.publish.front import DISTANCE, FROM_MERGING, PEOPLE, SAVING
from bailiwick.publish.plan_shapes import Land
from bailiwick.publish.plan_table import SIGNS, PlanTable, encoded
from bailiwick.publish.plan_views import label_of, shown_options
from bailiwick.publish.results import Json

FIRST = ("finance.recurrent_cost", PEOPLE, DISTANCE, "locality.residents_within_30_minutes",
         "locality.councils_per_commander", "locality.dedicated_ward_officers")
WEIGHED = 3


def drawable(table: PlanTable | None) -> bool:
    """Whether plans can be drawn: there is a table and a plan of all its areas fits into an address."""
    return table is not None and len(table.areas) <= len(SIGNS)


def known(book: Book, land: Land, table: PlanTable | None) -> Json:
    """The data of the page: plain values read from the results or the table."""
    return {
        "case": {"name": book.case["name"], "title": plain(str(book.case["title"])), "asOf": book.case["as_of"],
                 "asOfSaid": words.day(str(book.case["as_of"]))},
        "wards": {str(a["code"]): a["wards"] for a in book.areas if a.get("wards")},
        "names": book.names, "scope": list(book.scope), "areas": list(table.areas) if table else [],
        "frame": {"whole": _frame(land, table), "scope": list(land.view(book.scope, 0.2))},
        "options": _options(book, table), "today": _today(book, table),
        "measures": {name: {"smallest": book.measures[name]["smallest_that_matters"],
                            "definition": book.measures[name]["definition"]}
                     for name in (table.measures if table else ()) if name in book.measures},
        "first": first_measures(table),
    }


def first_measures(table: PlanTable | None) -> list[str]:
    """The measures shown first and open to weighing, of those the table holds."""
    if table is None:
        return []
    named = [name for name in FIRST if name in table.measures]
    others = [name for name, told in table.measures.items() if told["role"] != "context" and name not in named]
    return named if len(named) >= WEIGHED else (named + others)[:len(FIRST)]


def embedded(told: object) -> Markup:
    """A value as JSON that can stand inside a script element."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - no angle bracket or ampersand is left in it


def running_pilots(book: Book) -> list[list[str]]:
    """The areas of each pilot that ran on the case's date: they already were one command."""
    as_of = str(book.case["as_of"])
    found = []
    for pilot in cast("list[Json]", book.results.get("pilots", [])):
        phases = cast("list[Json]", pilot["phases"])
        if any(str(p["start"] or "9") <= as_of and (p["end"] is None or str(p["end"]) > as_of) for p in phases):
            found.append([str(code) for code in cast("list[str]", pilot["areas"])])
    return found


def _groups(book: Book, option: Json) -> list[list[str]]:
    mine = cast("list[list[str]]", option["commands"])
    held = {code for group in mine for code in group}
    return [*mine, *(pilot for pilot in running_pilots(book) if not held & set(pilot))]


def _today(book: Book, table: PlanTable | None) -> str:
    today = book.of_kind("today")
    return _code(table, _groups(book, today)) if table and today else ""


def _options(book: Book, table: PlanTable | None) -> list[Json]:
    return [{"name": o["name"], "kind": o.get("kind", o["name"]), "label": label_of(book, o),
             "code": _code(table, _groups(book, o)) if table else "", "help": simulated(book, o)}
            for o in shown_options(book)]


def simulated(book: Book, option: Json) -> Json | None:
    """What the whole simulation of an option shows of response against today: state and words; None without one.

    The state follows the page's rule: worse anywhere is worse; one difference that is not shown leaves it untold.
    """
    name = str(option["name"])
    if option.get("kind", name) == "today":
        return None
    mine = [f for f in book.of_room("response") if f["option"] == name and f["subject"] in book.scope
            and book.measures.get(str(f["measure"]), {}).get("role") == "service"]
    states = {state: sorted({book.names[str(f["subject"])] for f in mine if book.state(f, "today") == state})
              for state in ("worse", "not shown", "better", "same")}
    overall = next((state for state, places in states.items() if places), "")
    if not overall:
        return None
    shown = [f"{state} in {listed([escape(place) for place in states[state]])}" for state in ("worse", "better")
             if states[state]]
    said = "; ".join(shown) or ("no difference is shown in any area" if overall == "not shown" else
                                "about the same in every area")
    return {"state": "cannot tell" if overall == "not shown" else overall, "said": said}


def _code(table: PlanTable, groups: Sequence[Sequence[str]]) -> str:
    return encoded(table.plan(groups)) if drawable(table) else ""


def _frame(land: Land, table: PlanTable | None) -> list[int]:
    return list(land.view(table.areas, 0.02)) if table else list(land.view(()))


def merging(book: Book) -> tuple[Markup, Markup] | None:
    """The proposal's saving and the part of it that needs the merger, bound; None where either is not known."""
    proposed = book.of_kind("proposed")
    name = str(proposed["name"]) if proposed else ""
    saving, part = book.finding(SAVING, name), book.finding(FROM_MERGING, name)
    if saving is None or part is None or saving["value"] is None or part["value"] is None:
        return None
    return book.said(saving), book.said(part)

"""What can each kind of reader do with the answer?  One box each for who decides, who speaks and who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish.bound import Book, listed
from bailiwick.publish.headline import (
    DISTANCE,
    EXIT,
    ONE_OFF,
    PEOPLE,
    REVERSAL,
    SAVING,
    TRAVEL,
    losers,
    named,
    worst_measures,
)
from bailiwick.publish.results import Json

SHOWN = 8
"""How many areas a box lists."""


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


def boxes(book: Book, answer: str) -> tuple[Box, ...]:
    """The boxes of page one: for who decides, for a council, for a resident."""
    return _decider(book, answer), _council(book), _resident(book)


def _decider(book: Book, answer: str) -> Box:
    first = {"worthwhile": "go", "worthwhile only if": "redesign", "not worthwhile": "do not go",
             "cannot be judged": "pause"}[answer]
    lines = [Course("By the rule", Markup("{}.").format(_advice(first))), Course("Go", _go(book)), _redesign(book),
             Course("Pause", _pause(book))]
    return Box("decide", _whose(book, "decider", _deciding(book)), tuple(lines))


def _deciding(book: Book) -> str:
    """For whom the first box is: the owner of the first gate that is a decision, where the case names one."""
    gates = cast("list[Json]", book.results["gates"])
    owner = next((str(g["owner"]) for g in gates if str(g["name"]).startswith("Decision") and g["owner"]), "")
    return f"If you decide: {owner}" if owner else "If you decide"


def _advice(first: str) -> Markup:
    said = {
        "go": "Go. The service holds and the money is there",
        "redesign": "Go only with the conditions below, each with its price",
        "do not go": "Do not go ahead as proposed",
        "pause": "Pause until the facts that decide are published",
    }
    return escape(said[first])


def _go(book: Book) -> Markup:
    proposed = named(book, "proposed")
    saving, undone = book.finding(SAVING, proposed), book.finding(EXIT, proposed)
    value = cast("float | None", saving["value"]) if saving else None
    back = Markup(" To go back would cost {}.").format(book.said(undone, style="amount")) \
        if undone and undone["value"] else Markup("")
    if saving is not None and value is not None and value < 0:
        yearly = Markup("Costs {} more a year.").format(book.said(saving, style="size"))
    else:
        yearly = Markup("Saves {} a year once settled.").format(_money(book, SAVING, proposed))
    return Markup("{} Costs {} to set up.{}").format(yearly, _money(book, ONE_OFF, proposed), back)


def _money(book: Book, measure: str, option: str) -> Markup:
    found = book.finding(measure, option)
    return book.said(found, style="amount") + book.likely(found)


def _redesign(book: Book) -> Course:
    conditions = cast("list[Json]", book.results["conditions"])
    kinds = {str(o["name"]): str(o.get("kind", "")) for o in book.options}
    wanted = [i for i, c in enumerate(conditions) if kinds.get(str(c["lever"])) != "pause"][:3]
    if wanted:
        same = all(conditions[i]["verdict_with"] == conditions[i]["verdict_without"] for i in wanted)
        head = "You could ask for this, at the price a year. It does not settle the answer." if same else \
            "Ask for, at the price a year:"
        return Course("Redesign", escape(head), tuple(_priced(book, i, kinds) for i in wanted))
    redesigned = named(book, "redesigned")
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
    months = book.at(f"/options/{book.options.index(pause)}/delay_months", "months", 0)
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
    return Box("council", _whose(book, "council", "If you speak for a council"), (first, _asks(book), _stop(book)))


def _asks(book: Book) -> Course:
    unknowns = cast("list[Json]", book.results["unknowns"])
    wanted = [Markup("{} (held by {})").format(book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/holder"))
              for i in range(min(2, len(unknowns)))]
    if cast(Json, book.results["verdict"])["answer"] == "cannot be judged":
        wanted.insert(0, Markup("How long callers wait in each area, month by month, today and where this was tried"))
    return Course("Ask for", Markup("") if wanted else Markup("The workings behind each figure."), tuple(wanted))


def _stop(book: Book) -> Course:
    floor = cast(Json, cast(Json, book.case.get("rules", {})).get("safety_floor", {}))
    at = "/case/rules/safety_floor/measures"
    margins = tuple(Markup("{} points: {}").format(
        book.at(f"{at}/{i}/margin", "", 1, style="amount"), book.at(f"{at}/{i}/title"))
        for i in range(len(cast("list[Json]", floor.get("measures", [])))))
    if not margins:
        return Course("Stop rule", Markup("A written rule, agreed now, that says which result would undo the merger."))
    return Course("Stop rule", Markup("Agree in writing, now, to go back if any area falls behind cuts alone by more "
                                      "than:"), margins)


def _resident(book: Book) -> Box:
    proposed = named(book, "proposed")
    told = (_home(book, proposed), _shared(book, proposed))
    lines = [line for line in told if line is not None]
    lines.append(Course("Who answers", _answers(book, proposed)))
    lines.append(Course("When you will know", _when(book)))
    return Box("resident", "If you live here", tuple(lines))


def _home(book: Book, proposed: str) -> Course | None:
    """For each area, at worst: how many urgent calls are reached in time, and how far the commander's base is."""
    service = next((m for m, told in book.measures.items()
                    if m.startswith("response.") and told.get("role") == "service"), "")
    far = next((m for m in (TRAVEL, DISTANCE) if any(book.finding(m, proposed, code) for code in book.scope)), "")
    asked = [(m, key) for m, key in ((service, "low"), (far, "high")) if m]
    items = []
    for code in book.scope[:SHOWN]:
        said = [_at_worst(book, m, key, proposed, code) for m, key in asked]
        if any(said):
            items.append(Markup("{}: {}").format(book.area(code), Markup("; ").join(s for s in said if s)))
    if not items:
        return None
    title = book.at(f"/measures/{service}/title") if service else Markup("")
    reach = Markup("The way to your commander’s base") if not service else Markup(
        "{}, and the way to your commander’s base").format(title)
    return Course("Where you live", Markup("{}, at worst:").format(reach), tuple(items))


def _at_worst(book: Book, measure: str, key: str, proposed: str, code: str) -> Markup | None:
    found, before = book.finding(measure, proposed, code), book.finding(measure, "today", code)
    if found is None or found[key] is None:
        return None
    if before is None or before[key] is None:
        return book.said(found, key=key)
    return Markup("{} (today {})").format(book.said(found, key=key), book.said(before, key=key, style="amount"))


def _shared(book: Book, proposed: str) -> Course | None:
    found = [f for code in book.scope if (f := book.finding(PEOPLE, proposed, code)) and f["value"] is not None]
    if not found:
        return None
    most = max(found, key=lambda f: cast(float, f["value"]))
    before = [f for code in book.scope if (f := book.finding(PEOPLE, "today", code)) and f["value"] is not None]
    if not before:
        return Course("How stretched", Markup("One commander for {}.").format(book.said(most, key="high")))
    least = min(before, key=lambda f: cast(float, f["value"]))
    biggest = max(before, key=lambda f: cast(float, f["value"]))
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
    held = cast(Json, book.case.get("roles", {})).get(role)
    return f"{otherwise.split(':')[0]}: {held}" if held else otherwise

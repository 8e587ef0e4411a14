"""What do response, pilots, other maps, claims and gates show, and what is not answered yet?"""

from __future__ import annotations

from typing import cast

from markupsafe import Markup

from bailiwick.publish import charts, claims_findings, words
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.charts import Datum, drawn
from bailiwick.publish.headline import changed_areas
from bailiwick.publish.page import (
    Block,
    Figure,
    Paragraph,
    Points,
    Section,
    TableView,
    bold,
    link,
    optional,
    sourced,
    tabled,
    view,
)
from bailiwick.publish.results import Json

_OPEN: dict[str, tuple[str, str, Markup]] = {
    "response": (
        "response", "Will help come more slowly?",
        Markup("It would be answered by a simulation of emergency calls, cars and radio channels under each option, "
               "fitted to published arrival figures. Until then no verdict other than <em>cannot be judged</em> is "
               "honest.")),
    "evaluation": (
        "pilots", "Did it work where it was tried?",
        Markup("It would be answered by comparing each pilot with places that did not merge, before and after, with a "
               "test of how often chance alone would give as large a difference.")),
    "alternatives": (
        "alternatives", "Was there a better map?",
        Markup("It would be answered by scoring every joined-up way to group the areas by the same measures, and by "
               "proving which is best under each.")),
}
_STATES = {"met": "✓ Met", "not met": "✗ Not met", "cannot be known": "? Cannot be known"}
_VERDICTS = {"supported": "✓ Supported", "not supported": "✗ Not supported", "cannot be tested": "? Cannot be tested"}


SHORT = 12
"""Rows up to which a table stands open; a longer one is behind its summary line."""


def room(book: Book, name: str) -> Section:
    """The section of a room: its findings and tables, or, where there are none, what would answer the question."""
    id, title, would = _OPEN[name]
    found = book.of_room(name)
    tables = [t for t in book.tables if t.startswith((f"{id}_", f"{name}_", f"{name}."))]
    if not found and not tables:
        lead = Markup("<strong>Not answered yet.</strong> Nothing in this appraisal answers the question.")
        return Section(id, title, lead, (Paragraph(would), *_pilots(book, name)))
    blocks: list[Block] = list(optional(*(_by_area(book, m) for m in _measures(book, name))))
    blocks += optional(*(view(book, t, folded=len(cast("list[object]", book.tables[t]["rows"])) > SHORT)
                         for t in tables))
    if not blocks:
        blocks = [_every(book, found, name)]
    lead = _lead(book, name, found) if found else book.at(f"/tables/{tables[0]}/note")
    return Section(id, title, lead, (*_pilots(book, name), *blocks))


def claims(book: Book) -> Section:
    """Who said what, and is it so."""
    listed_claims = cast("list[Json]", book.results["claims"])
    if not listed_claims:
        return Section("claims", "Claims checked", Markup("This case lists no claims."), ())
    shown = claims_findings.anchors(book)
    body = []
    for i, claim in enumerate(listed_claims):
        quote = link(str(claim.get("url", "")), Markup("“{}”").format(book.at(f"/claims/{i}/quote")))
        body.append([
            Markup("{}, {}").format(book.at(f"/claims/{i}/who"), book.day(f"/claims/{i}/when")),
            quote, Markup('<strong class="tag" data-ref="/claims/{}/verdict">{}</strong>').format(
                i, _VERDICTS[str(claim["verdict"])]),
            (book.at(f"/claims/{i}/text") if claim.get("text") else Markup("")) + claims_findings.links(
                book, claim, shown)])
    lead = Markup("Of {}, {}, {}, and {} cannot be tested on public data.").format(
        book.counted("/counts/claims", "claim", "claims"),
        book.counted("/counts/claims_supported", "is supported", "are supported"),
        book.counted("/counts/claims_not_supported", "is not", "are not"),
        book.at("/counts/claims_cannot_be_tested", "", 0))
    table = tabled("claims-table", "Supporters and opponents, by the same rules",
                   [("Who and when", ""), ("What was said", ""), ("Is it so?", ""), ("Why", "")], body, [False] * 4)
    return Section("claims", "Claims checked", lead, optional(table, claims_findings.table(book, shown)))


def gates(book: Book) -> Section:
    """The steps that must be passed, each with its state on the date of the appraisal and its evidence."""
    steps = cast("list[Json]", book.results["gates"])
    if not steps:
        return Section("gates", "Gates and dates", Markup("This case lists no gates."), ())
    lead = Markup("On {}, {} met out of {}; {}, and {} could not be known.").format(
        book.day("/case/as_of"), book.counted("/counts/gates_met", "gate was", "gates were"),
        book.at("/counts/gates", "", 0), book.counted("/counts/gates_not_met", "was not", "were not"),
        book.at("/counts/gates_cannot_be_known", "", 0))
    return Section("gates", "Gates and dates", lead, (Points(tuple(_gate(book, i) for i in range(len(steps))), True),))


def _gate(book: Book, i: int) -> Markup:
    gate = cast("list[Json]", book.results["gates"])[i]
    due = Markup(", due {}").format(book.day(f"/gates/{i}/due")) if gate["due"] else Markup("")
    dated = (Markup(" Criterion dated {}.").format(book.day(f"/gates/{i}/criterion_dated"))
             if gate["criterion_dated"] else Markup(""))
    said = book.at(f"/gates/{i}/text") if gate.get("text") else Markup("")
    seen = Markup("").join(Markup("<li>{}</li>").format(_evidence(book, i, k))
                           for k in range(len(cast("list[str]", gate["evidence"]))))
    shown = Markup('<details><summary>The evidence</summary><ul>{}</ul></details>').format(seen) if seen else Markup("")
    state = Markup('<strong class="tag {}" data-ref="/gates/{}/state">{}</strong>').format(
        str(gate["state"]).replace(" ", "-"), i, _STATES[str(gate["state"])])
    return Markup('{} <strong>{}</strong>{}. {}{} {}').format(
        state, book.at(f"/gates/{i}/name"), due, said, dated, shown)


def _evidence(book: Book, i: int, k: int) -> Markup:
    text = str(book.pointed(f"/gates/{i}/evidence/{k}"))
    body, _, tail = text.rpartition(" (")
    if body and tail.startswith("http"):
        return link(tail.rstrip(")"), Markup('<span data-ref="/gates/{}/evidence/{}">{}</span>').format(
            i, k, words.tidy(body)))
    return book.at(f"/gates/{i}/evidence/{k}")


def _measures(book: Book, room_name: str) -> list[str]:
    return [m for m in book.measures if m.startswith(room_name + ".")]


def _lead(book: Book, name: str, found: list[Json]) -> Markup:
    proposed = book.of_kind("proposed")
    mine = [f for f in found if proposed and f["option"] == proposed["name"]] or found
    worse = [f for f in mine if book.state(f, "cuts") == "worse" or book.state(f, "today") == "worse"]
    against = "cuts" if worse and book.state(worse[0], "cuts") == "worse" else "today"
    if worse:
        return Markup("{} in {}: {}.").format(
            _title(book, worse[0], name), book.area(str(worse[0]["subject"])), book.changed(worse[0], against))
    valued = next((f for f in sorted(mine, key=lambda f: f["subject"] != "scheme") if f["value"] is not None), None)
    if valued is None:
        return Markup("<strong>Not answered.</strong> {}").format(_why_none(book, mine))
    where = "" if valued["subject"] == "scheme" else Markup(" in {}").format(book.area(str(valued["subject"])))
    return Markup("{}{}, {}: {}.").format(
        _title(book, valued, name), where, book.option_title(str(valued["option"])), book.full(valued))


def _why_none(book: Book, found: list[Json]) -> Markup:
    """Why no figure stands here, in the words of the first finding that gives a reason."""
    told = next((f for f in found if f["note"]), None)
    if told is None:
        return Markup("No figure could be worked out.")
    return Markup("No figure is given: {}.").format(str(told["note"]).split(". ")[0].rstrip("."))


def _by_area(book: Book, measure: str) -> Figure | TableView | None:
    proposed = book.of_kind("proposed")
    if proposed is None:
        return None
    rows: list[Datum] = []
    body = []
    for code in (*book.scope, "scheme"):
        cells = [book.finding(measure, str(o["name"]), code) for o in
                 (book.of_kind("today"), book.of_kind("cuts"), proposed) if o]
        if not any(cells):
            continue
        label = "All together" if code == "scheme" else book.names.get(code, code)
        body.append([Markup("{}").format(label), *(book.full(c) for c in cells), book.changed(cells[-1], "cuts")])
        if code != "scheme" and all(c and c["value"] is not None for c in cells):
            rows.append({"name": label, "before": cast(float, cast(Json, cells[0])["value"]),
                         "after": cast(float, cast(Json, cells[-1])["value"]),
                         **charts.doubted(cast(Json, cells[0]), cast(Json, cells[-1]))})
    heads = [words.human(str(o["kind"])) for o in (book.of_kind("today"), book.of_kind("cuts"), proposed) if o]
    title = book.at(f"/measures/{measure}/title")
    table = tabled(measure.replace(".", "-"), title, [("Area", ""), *((h, "") for h in heads), ("Against cuts", "")],
                   body, [False, *[True] * len(heads), False])
    if len(rows) < 2:
        return table if body else None
    unit = str(book.measures[measure]["unit"])
    headline = _moved(book, measure, title)
    word = "" if unit.startswith("%") or words.is_money(unit) or words.is_share(unit) else words.unit_words(unit, None)
    axis = f"{plain(title)}, {word}" if word else plain(title)
    picture = drawn(measure.replace(".", "-"), charts.dumbbell(rows, axis, unit))
    start = f"; {charts.DOUBT}" if any("after_low" in row for row in rows) else ""
    start += "" if charts.from_nought(rows) else "; the axis does not start at nought"
    return Figure(f"chart-{measure.replace('.', '-')}", headline,
                  Markup("{}; open circle: today, filled circle: proposed{}").format(title, start),
                  picture.wide, picture.narrow,
                  f"{plain(headline)}. A line for each area runs from today’s value to the proposed one.",
                  sourced(book, book.finding(measure, str(proposed["name"]), book.scope[0])), table)


def _title(book: Book, found: Json, otherwise: str) -> Markup:
    """The title of a finding's measure, bound; other words where the measure is not declared."""
    measure = str(found["measure"])
    return book.at(f"/measures/{measure}/title") if measure in book.measures else Markup("{}").format(otherwise)


def _moved(book: Book, measure: str, title: Markup) -> Markup:
    """What a chart of one measure shows against today: the biggest loss or gain, no change, or nothing certain."""
    for state in ("worse", "better"):
        found = changed_areas(book, measure, state)
        if found:
            return Markup("{}: {} than today in {}").format(
                title, book.changed(found[0], "today"), book.area(str(found[0]["subject"])))
    if len(changed_areas(book, measure, "same")) == len(book.scope):
        return Markup("{}: about the same as today in every area").format(title)
    if book.measures[measure]["better"] == "neither":
        unsure = changed_areas(book, measure, "not shown")
        if unsure:
            return Markup("{}: {} than today in {}").format(
                title, book.changed(unsure[0], "today"), book.area(str(unsure[0]["subject"])))
    return Markup("{}: no area is shown to gain or lose against today").format(title)


def _every(book: Book, found: list[Json], name: str) -> TableView:
    body = [[Markup("{}").format(f.get("title", f["measure"])), book.area(str(f["subject"])), book.full(f)]
            for f in found]
    return tabled(f"{name}-all", "Everything found", [("Measure", ""), ("Of", ""), ("Value", "")], body,
                  [False, False, True])


def _pilots(book: Book, name: str) -> tuple[Points, ...]:
    pilots = cast("list[Json]", book.results.get("pilots", []))
    if name != "evaluation" or not pilots:
        return ()
    items = []
    for i, pilot in enumerate(pilots):
        phases = cast("list[Json]", pilot["phases"])
        said = Markup("; ").join(Markup("{} from {}").format(
            book.at(f"/pilots/{i}/phases/{k}/name"), book.day(f"/pilots/{i}/phases/{k}/start"))
            for k in range(len(phases)))
        items.append(bold(Markup("{}:").format(book.at(f"/pilots/{i}/title")), said))
    return (Points(tuple(items)),)

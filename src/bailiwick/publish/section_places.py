"""What is proposed, where, and how far and how stretched are the people in charge?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from markupsafe import Markup

from bailiwick.publish import charts, maps, words
from bailiwick.publish.bound import Book, listed, plain
from bailiwick.publish.charts import Datum, drawn
from bailiwick.publish.front import DISTANCE, PEOPLE, TRAVEL, changed_areas
from bailiwick.publish.headline import by_area, places
from bailiwick.publish.page import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Points,
    Section,
    TableView,
    bold,
    optional,
    sourced,
    tabled,
    view,
)
from bailiwick.publish.results import Json
from bailiwick.publish.section_who import accountability, answers_here, ranked, towns

LEAD = "locality.residents_per_named_lead"


def proposal(book: Book) -> Section:
    """The proposal in plain words, with a map before and after."""
    proposed = book.of_kind("proposed")
    index = book.options.index(proposed) if proposed else 0
    lead = Markup("{} would come under {}, from {}.").format(
        _areas_and_people(book), _one_command(book, index), book.day("/case/effective"))
    blocks: list[Block] = list(optional(_maps(book)))
    labels = cast("dict[str, str]", book.options[index].get("labels", {}))
    models = [
        bold(Markup("{}.").format(book.at(f"/options/{i}/title")), book.at(f"/options/{i}/run_from/0/model_title"))
        for i, option in enumerate(book.options)
        if (run_from := cast("list[Json]", option.get("run_from", []))) and run_from[0].get("model_title")
    ]
    if models:
        blocks += [Heading(Markup("How each option works")), Points(tuple(models))]
    if labels:
        blocks.append(Points(tuple(bold(words.human(k), book.at(f"/options/{index}/labels/{k}")) for k in labels)))
    return Section("proposal", "The proposal", lead, tuple(blocks))


def closeness(book: Book) -> Section:
    """People, land and crime to each commander; distance to headquarters; priorities; who answers."""
    blocks: list[Block] = list(optional(
        Paragraph(Markup("Closeness is never scored and never traded against money. It is set out here so that the "
                         "reader can weigh it.")),
        _people(book), _beside_named_lead(book), _distance(book), *towns(book),
        view(book, "travel_bands", folded=True),
        Heading(Markup("Local priorities")), _priorities(book), view(book, "priorities", folded=True),
        Heading(Markup("Who answers for your area")), accountability(book),
        Heading(Markup("Beside every other map that could be drawn")), *ranked(book), view(book, "ranks", folded=True),
        view(book, "leadership", folded=True), _matrix(book),
    ))
    return Section("closeness", "Closeness and accountability", _closeness_lead(book),
                   tuple(b for b, after in zip(blocks, [*blocks[1:], None], strict=True)
                         if not (isinstance(b, Heading) and isinstance(after, Heading | None))))


def _areas_and_people(book: Book) -> Markup:
    names = listed([book.area(code) for code in book.scope]) if len(book.scope) <= 6 else Markup("{} areas").format(
        book.at("/counts/areas", "", 0))
    if book.pointed("/counts/residents") is None:
        return names
    return Markup("{} ({})").format(names, book.at("/counts/residents", "people", 0))


def _one_command(book: Book, index: int) -> Markup:
    run_from = cast("list[Json]", book.options[index].get("run_from", []))
    if len(run_from) == 1:
        base = run_from[0].get("headquarters")
        at = f"/options/{index}/run_from/0/headquarters"
        return Markup("one commander, run from {}").format(book.at(at)) if base else Markup("one commander")
    return Markup("{} commands").format(book.at(f"/options/{index}/command_count", "", 0))


def _maps(book: Book) -> Figure | None:
    today, proposed = book.of_kind("today"), book.of_kind("proposed")
    if today is None or proposed is None:
        return None
    shapes = maps.outlines(book)
    panels = [
        Markup('<div class="panel"><h4>{}</h4>{}<ul class="legend">{}</ul></div>').format(
            title, maps.command_map(book, shapes, option),
            Markup("").join(Markup("<li>{}</li>").format(line) for line in maps.legend(book, option)))
        for title, option in (("Today", today), ("Proposed", proposed))
    ]
    where = Markup('<div class="panel where"><h4>Where this is</h4>{}</div>').format(maps.locator(book, shapes)) \
        if len(book.areas) > len(book.scope) + 2 else Markup("")
    pair = Markup('<div class="maps">{}{}</div>').format(Markup("").join(panels), where)
    headline = Markup("{} today; {} as proposed").format(
        _commands(book, today), _commands(book, proposed))
    alt = f"Two maps of {words.joined(book.names[c] for c in book.scope)}, before and after: {plain(headline)}. "
    alt += "The list under each map says which area is in which command and where it is run from."
    credit = Markup("Outlines: {}").format(shapes.credit) if shapes.credit else Markup("")
    if shapes.approximate:
        credit = Markup("Outlines are approximate: each area is drawn as the land nearest to its middle.")
    return Figure("map", headline, "Letters, outlines and patterns tell commands apart; a diamond marks a headquarters",
                  pair, Markup(""), alt, _without_figures(credit), None)


def _without_figures(credit: Markup) -> Markup:
    return Markup('<span data-ref="outlines">{}</span>').format(credit)


def _commands(book: Book, option: Json) -> Markup:
    i = book.options.index(option)
    count = cast(int, option.get("command_count", len(cast("list[object]", option["commands"]))))
    return Markup("{} {}").format(
        book.at(f"/options/{i}/command_count", "", 0), "command" if count == 1 else "commands")


def _closeness_lead(book: Book) -> Markup:
    worse = changed_areas(book, PEOPLE)
    if not worse:
        far = changed_areas(book, DISTANCE)
        if far:
            return Markup("The commander’s base would be farther from {}.").format(
                places(book, far))
        return Markup("No area is shown to lose closeness by what could be measured.")
    top = worst_ratio(book, worse)
    code = str(top["subject"])
    return Markup("In {}, one commander would serve {} instead of {}.").format(
        book.area(code), book.said(top), book.said(book.finding(PEOPLE, "today", code), style="amount"))


def worst_ratio(book: Book, found: Sequence[Json]) -> Json:
    """The finding that grew most against today's value."""
    def grown(f: Json) -> float:
        before = book.number(str(f["measure"]), "today", str(f["subject"])) or 0.0
        return cast(float, f["value"]) / before if before else 0.0
    return max(found, key=grown)


def _dumbbell(book: Book, id: str, measure: str, headline: Markup, axis: str) -> Figure | None:
    proposed = book.of_kind("proposed")
    name = str(proposed["name"]) if proposed else ""
    rows: list[Datum] = []
    body = []
    for code in book.scope:
        before, after = book.finding(measure, "today", code), book.finding(measure, name, code)
        if before is None or after is None:
            continue
        body.append([book.area(code), book.short(before), book.short(after), book.changed(after, "today")])
        if before["value"] is not None and after["value"] is not None:
            rows.append({"name": book.names[code], "before": cast(float, before["value"]),
                         "after": cast(float, after["value"]), **charts.doubted(before, after)})
    if not rows:
        return None
    rows.sort(key=lambda r: cast(float, r["before"]) - cast(float, r["after"]))
    unit = str(book.measures[measure]["unit"])
    table = tabled(f"{id}-numbers", Markup("{} by area").format(book.at(f"/measures/{measure}/title")),
                   [("Area", ""), ("Today", ""), ("Proposed", ""), ("Change", "")], body, [False, True, True, False])
    picture = drawn(id, charts.dumbbell(rows, axis, unit))
    doubt = f"; {charts.DOUBT}" if any("after_low" in row for row in rows) else ""
    return Figure(id, headline, f"{axis}; open circle: today, filled circle: proposed{doubt}", picture.wide,
                  picture.narrow,
                  f"{plain(headline)}. A line for each area runs from today’s value to the proposed one.",
                  sourced(book, book.finding(measure, name, book.scope[0])), table)


def _people(book: Book) -> Figure | None:
    worse = changed_areas(book, PEOPLE)
    if worse:
        top = worst_ratio(book, worse)
        headline = Markup("{} for each commander in {}, against {} today").format(
            book.said(top), book.area(str(top["subject"])),
            book.said(book.finding(PEOPLE, "today", str(top["subject"])), style="amount"))
    else:
        headline = Markup("No area’s commander serves more people than today")
    return _dumbbell(book, "people", PEOPLE, headline, "people for each commander")


def _beside_named_lead(book: Book) -> Paragraph | None:
    proposed = book.of_kind("proposed")
    rows = [f for code in book.scope if proposed and (f := book.finding(LEAD, str(proposed["name"]), code))]
    if not rows:
        return None
    said = by_area(book, rows)
    return Paragraph(Markup("A fair reading puts the named borough lead beside the commander. Each named lead would "
                            "serve {}.").format(said))


def _distance(book: Book) -> Figure | None:
    far = changed_areas(book, DISTANCE)
    if far:
        headline = Markup("{}: {} from the commander’s base").format(
            book.area(str(far[0]["subject"])), book.changed(far[0], "today"))
    else:
        headline = Markup("No area is shown to be farther from its commander’s base")
    return _dumbbell(book, "distance", DISTANCE if DISTANCE in book.measures else TRAVEL, headline,
                     "km to the commander’s base, average resident")


def _priorities(book: Book) -> Paragraph | None:
    shared = [m for m in book.measures if "top_five" in m]
    proposed = book.of_kind("proposed")
    if not shared or proposed is None:
        return None
    rows = [f for code in book.scope if (f := book.finding(shared[0], str(proposed["name"]), code))]
    if not rows:
        return None
    said = by_area(book, rows, "amount")
    return Paragraph(Markup("Of each area’s five biggest crime problems, this many are among the command’s five "
                            "biggest: {}.").format(said))


def _matrix(book: Book) -> TableView | None:
    proposed = book.of_kind("proposed")
    names = [n for n, m in book.measures.items()
             if m["role"] in ("closeness", "context") and n not in (PEOPLE, DISTANCE)]
    if proposed is None or not names:
        return None
    body = []
    for name in names:
        for code in book.scope:
            before, after = book.finding(name, "today", code), book.finding(name, str(proposed["name"]), code)
            if after is not None:
                body.append([Markup("{}: {}").format(book.at(f"/measures/{name}/title"), book.area(code)),
                             book.short(before), book.short(after), book.changed(after, "today")])
    view_ = tabled("closeness-all", "Every closeness measure by area",
                   [("Measure and area", ""), ("Today", ""), ("Proposed", ""), ("Change", "")], body,
                   [False, True, True, False])
    return TableView(view_.id, view_.caption, view_.head, view_.body, view_.numeric, folded=True)


def one_area(book: Book, code: str) -> Section:
    """What changes for one area: four plain sentences, then every figure found for it, before and after."""
    proposed = book.of_kind("proposed")
    name = str(proposed["name"]) if proposed else ""
    said = [
        _before_after(book, PEOPLE, name, code, Markup("One commander would serve {after}; today {before}.")),
        _before_after(book, DISTANCE, name, code,
                      Markup("The commander’s base would be {after} from the average resident; today {before}.")),
        _before_after(book, "locality.dedicated_ward_officers", name, code,
                      Markup("Officers kept for your wards alone: {after}; today {before}.")),
    ]
    slower = next((f for f in book.of_room("response") if f["option"] == name and f["subject"] == code), None)
    said.append(Markup("Whether help would come more slowly is not answered yet.") if slower is None else
                Markup("{}: {}; against cuts alone: {}.").format(
                    book.at(f"/measures/{slower['measure']}/title"), book.full(slower), book.changed(slower, "cuts")))
    body = []
    for measure, told in book.measures.items():
        before, after = book.finding(measure, "today", code), book.finding(measure, name, code)
        if after is not None and told["role"] != "cost":
            body.append([book.at(f"/measures/{measure}/title"), book.full(before), book.full(after),
                         book.changed(after, "today")])
    table = tabled(f"area-{code}", Markup("{} before and after").format(book.names[code]),
                   [("Measure", ""), ("Today", ""), ("Proposed", ""), ("Change", "")], body, [False, True, True, False])
    return Section(f"area-{code}-section", book.names[code], Markup("What changes for {}").format(book.names[code]), (
        Points(tuple(s for s in said if s)), *((table,) if body else ()), *answers_here(book, code)))


def _before_after(book: Book, measure: str, option: str, code: str, template: Markup) -> Markup | None:
    before, after = book.finding(measure, "today", code), book.finding(measure, option, code)
    if before is None or after is None:
        return None
    if book.state(after, "today") == "same" or before["value"] == after["value"]:
        return Markup("{}: {}, as today.").format(book.at(f"/measures/{measure}/title"), book.said(after))
    people = book.measures[measure]["unit"] == "people"
    return template.format(before=book.said(before, style="amount" if people else "phrase"), after=book.said(after))

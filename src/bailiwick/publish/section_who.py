"""Who answers for an area, which town would be the nearest headquarters, and where does the command rank?"""

from __future__ import annotations

from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish.bound import Book, listed, plain
from bailiwick.publish.page import Block, Paragraph, TableView, optional, tabled, view

_TABLE = "accountability"


def accountability(book: Book) -> TableView | None:
    """The answers before and after, question by question; areas with the same answers share a row."""
    asked = _asked(book)
    if asked is None:
        return view(book, _TABLE)
    body = []
    for areas in asked.values():
        groups: dict[tuple[str, ...], list[str]] = {}
        for code, cells in areas.items():
            groups.setdefault(tuple(plain(cell) for cell in cells[1:]), []).append(code)
        for codes in groups.values():
            first = areas[codes[0]]
            whose = "" if len(groups) == 1 else Markup('<br><span class="small">{}</span>').format(
                listed([book.area(code) for code in codes]))
            body.append([Markup("{}{}").format(first[0], whose), *first[1:]])
    return tabled("accountability-view", "Who answers, before and after; one row where all areas have the same answer",
                  [("Question", ""), ("Today", ""), ("Proposed", "")], body, [False, False, False])


def answers_here(book: Book, code: str) -> tuple[TableView, ...]:
    """The same for one area; nothing where the results hold no such table."""
    asked = _asked(book)
    body = [areas[code] for areas in (asked or {}).values() if code in areas]
    if not body:
        return ()
    return (tabled(f"answers-{code}", Markup("Who answers for {}").format(book.names[code]),
                   [("Question", ""), ("Today", ""), ("Proposed", "")], body, [False, False, False]),)


def towns(book: Book) -> tuple[Block, ...]:
    """Travel to the commander with each town as headquarters: a sentence with the best, and a table of minutes."""
    name = "headquarters_choice"
    places = [book.column(name, c) for c in ("headquarters", "area", "minutes", "residents_over_30_minutes")]
    if None in places or book.table(name) is None:
        return optional(view(book, name))
    town, area, minutes, over = (cast(int, p) for p in places)
    rows = book.rows(name)
    bases = list(dict.fromkeys(str(row[town]) for _, row in rows))
    subjects = list(dict.fromkeys(str(row[area]) for _, row in rows))
    at = {(str(row[town]), str(row[area])): i for i, row in rows}
    body = [[book.area(s) if s in book.names else escape("All areas together"),
             *(book.cell(name, at[base, s], minutes) if (base, s) in at else Markup("") for base in bases)]
            for s in subjects]
    table = tabled("towns", "Minutes to the commander for the average resident, with each town as headquarters",
                   [("Area", ""), *((base, "minutes") for base in bases)], body, [False, *[True] * len(bases)])
    return optional(_best_town(book, (town, area, over)), table,
                    view(book, name, folded=True, caption=Markup("The same with residents over half an hour away")))


def _best_town(book: Book, places: tuple[int, int, int]) -> Paragraph | None:
    name = "headquarters_choice"
    town, area, over = places
    flag = book.column(name, "proposed")
    whole = [(i, row) for i, row in book.rows(name) if row[area] not in book.names and row[over] is not None]
    mine = next(((i, row) for i, row in whole if flag is not None and row[flag] is True), None)
    if mine is None or len(whole) < 2:
        return None
    best = min(whole, key=lambda found: cast(float, found[1][over]))
    if best[1][town] == mine[1][town]:
        return Paragraph(Markup("With {} as headquarters {} live more than half an hour away: fewer than with any "
                                "other town.").format(book.cell(name, mine[0], town), _people(book, mine[0], over)))
    return Paragraph(Markup("With {} as headquarters, {} live more than half an hour from the commander. With {} "
                            "it would be {}.").format(book.cell(name, mine[0], town), _people(book, mine[0], over),
                                                   book.cell(name, best[0], town), _people(book, best[0], over)))


def _people(book: Book, row: int, column: int) -> Markup:
    return book.cell("headquarters_choice", row, column, style="phrase")


def ranked(book: Book) -> tuple[Block, ...]:
    """Where the proposal's command ranks among those of as many areas, or among all: a sentence and a short table."""
    proposed = book.of_kind("proposed")
    name = "ranks"
    measure, value = book.column(name, "measure"), book.column(name, "value")
    rank = book.column(name, "rank_among_same_size", "rank")
    of = book.column(name, "of_same_size", "of")
    rows = [i for i, _ in book.rows(name, option=proposed["name"])] if proposed else []
    if measure is None or value is None or rank is None or of is None or not rows:
        return ()
    alike = "of as many areas " if book.column(name, "of_same_size") is not None else ""
    lead = Paragraph(Markup("Among the {} joined-up commands {}that could be drawn on this map, the proposal’s is "
                            "number {} by {}, counting from the biggest or the farthest.").format(
        book.cell(name, rows[0], of), alike, book.cell(name, rows[0], rank), _titled(book, rows[0], measure)))
    body = [[_titled(book, i, measure), book.cell(name, i, value, style="phrase"), book.cell(name, i, rank),
             book.cell(name, i, of)] for i in rows]
    return (lead, tabled("ranks-short", "Where the proposal’s command stands", [
        ("Measure", ""), ("Value", ""), ("Rank", ""), ("Out of", "")], body, [False, True, True, True]))


def _titled(book: Book, row: int, column: int) -> Markup:
    told = str(cast("list[list[object]]", book.tables["ranks"]["rows"])[row][column])
    return Markup('<span data-ref="/tables/ranks/rows/{}/{}">{}</span>').format(
        row, column, told.replace("_", " ").replace(", headquarters ", " at "))


def _asked(book: Book) -> dict[str, dict[str, list[Markup]]] | None:
    places = [book.column(_TABLE, name) for name in ("area", "option", "question", "answer")]
    if None in places or book.table(_TABLE) is None:
        return None
    area, option, question, answer = (cast(int, p) for p in places)
    holder = book.column(_TABLE, "holder")
    at: dict[str, dict[str, dict[str, int]]] = {}
    for i, row in book.rows(_TABLE):
        at.setdefault(str(row[question]), {}).setdefault(str(row[area]), {})[str(row[option])] = i
    shown = [str(o["name"]) for o in (book.of_kind("today"), book.of_kind("proposed")) if o is not None]
    return {
        asked: {code: [book.cell(_TABLE, next(iter(found.values())), question),
                       *(_answer(book, found.get(name), answer, holder) for name in shown)]
                for code, found in areas.items()}
        for asked, areas in at.items()
    }


def _answer(book: Book, row: int | None, answer: int, holder: int | None) -> Markup:
    if row is None:
        return Markup('<span class="missing">not asked</span>')
    held = cast("list[list[object]]", book.tables[_TABLE]["rows"])[row]
    if held[answer]:
        return book.cell(_TABLE, row, answer)
    if holder is not None and held[holder]:
        return Markup('<span class="missing">not published</span>; ask: {}').format(book.cell(_TABLE, row, holder))
    return Markup('<span class="missing">not published</span>')

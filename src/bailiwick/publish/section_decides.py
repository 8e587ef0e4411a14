"""What decides, would it turn, have the ranges settled, and what follows if it comes so?"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import cast

import altair as alt
from markupsafe import Markup, escape

from bailiwick.publish import charts, convergence_chart, words
from bailiwick.publish.bound import Book, cell_decimals, plain
from bailiwick.publish.charts import DARK, NARROW, NAVY, Datum, drawn
from bailiwick.publish.page import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Section,
    TableView,
    headed,
    optional,
    tabled,
    view,
)

Told = dict[str, object]
PICTURED = "finance.net_present_value"
_WRAPPED = 34
_WRAPPED_NARROW = 20
_FEW = 5
_FEWEST = 3
"""Bars below which a table says it better."""


def section(book: Book) -> Section:
    """What moves each headline and where it turns, in how little the two cases differ, scenarios, and convergence."""
    if book.table("what_decides") is None and book.table("convergence") is None:
        return Section("decides", "What decides", Markup("Nothing in this case has a range, so nothing is open."), ())
    blocks: list[Block] = list(optional(
        *_tornadoes(book), _switching(book), _told(book, "what_decides"),
        Heading(Markup("Where the case for and the case against part")), _told(book, "contrast"), _parting(book),
        Heading(Markup("What one figure would settle")), _told(book, "learning"),
        Heading(Markup("What follows if it comes so")), _scenarios(book), _told(book, "scenarios"),
        Heading(Markup("Have the ranges settled?")), _told(book, "convergence"), *convergence_chart.figures(book),
        view(book, "convergence", drop=("headline",), folded=True),
    ))
    return Section("decides", "What decides", _lead(book), tuple(_without_bare_headings(blocks)))


def _lead(book: Book) -> Markup:
    rows = _rows(book, "contrast")
    if rows:
        return Markup("The strongest case for and the strongest case against, both true to what was published, part "
                      "over {}: {}.").format(
            "one figure" if len(rows) == 1 else "a few figures" if len(rows) <= _FEW else "many figures, these first",
            Markup("; ").join(_named(book, "contrast", i, row) for i, row in rows[:_FEW]))
    turning = [(i, row) for i, row in _rows(book, "what_decides") if row["turns_at"] is not None]
    if turning:
        i, row = turning[0]
        return Markup("What decides most is {}.").format(_named(book, "what_decides", i, row))
    return Markup("No single assumption, anywhere in its range, turns a headline.")


def _rows(book: Book, name: str) -> list[tuple[int, Told]]:
    if name not in book.tables:
        return []
    columns = cast("list[str]", book.tables[name]["columns"])
    return [(i, dict(zip(columns, row, strict=True))) for i, row in book.rows(name)]


def _named(book: Book, name: str, i: int, row: Told) -> Markup:
    place = cast("list[str]", book.tables[name]["columns"]).index("title")
    title = str(row["title"])
    said = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    return Markup('<span data-ref="/tables/{}/rows/{}/{}">{}</span>').format(name, i, place, said)


def _told(book: Book, name: str) -> Paragraph | None:
    if book.table(name) is None or not book.tables[name].get("note"):
        return None
    return Paragraph(book.at(f"/tables/{name}/note"))


def _tornadoes(book: Book) -> list[Figure]:
    """One chart for the present value, and one for each headline that something could turn and several things move."""
    rows = _rows(book, "what_decides")
    turned = {str(row["headline"]) for _, row in rows if row["turns_at"] is not None}
    keys = Counter(str(row["headline"]) for _, row in rows)
    several = [key for key, count in keys.items() if count >= _FEWEST]
    chosen = [key for key in several if key == PICTURED or key in turned][:3] or several[:1]
    return [_tornado(book, key, [(i, row) for i, row in rows if row["headline"] == key]) for key in chosen]


def _tornado(book: Book, key: str, rows: Sequence[tuple[int, Told]]) -> Figure:
    unit = str(rows[0][1]["headline_unit"])
    data: list[Datum] = []
    for _, row in rows:
        ends = [cast(float, row[end]) for end in ("at_from", "at_to")]
        data.append({"name": "|".join(textwrap.wrap(str(row["title"]), _WRAPPED)), "low": min(ends), "high": max(ends)})
    crossing = [row for _, row in rows if cast(float, row["at_from"]) * cast(float, row["at_to"]) < 0]
    place = rows[0][0]
    first = _named(book, "what_decides", place, rows[0][1])
    headline = Markup("{}: moved most by {}; {}").format(
        book.at(f"/tables/what_decides/rows/{place}/1"), first,
        "some of these alone would turn it" if crossing else "none of these alone turns it")
    id_ = "decides-" + key.replace(".", "-").replace("_", "-")
    picture = drawn(id_, _spec(data, unit))
    low, high = (charts.reading(cast(float, data[0][end]), unit) for end in ("low", "high"))
    return Figure(
        id_, headline, "The headline at the two ends of each assumption's range",
        picture.wide, picture.narrow,
        f"{plain(headline)}. A bar for each of {len(data)} assumptions; the longest runs from {low} to {high}.",
        Markup("Source: the accepted sets and the assumptions of this appraisal."), _ends_table(book, id_, rows, unit))


def _spec(rows: Sequence[Datum], unit: str) -> charts.Spec:
    def spec(width: int) -> alt.TopLevelMixin:
        most = _WRAPPED if width > NARROW else _WRAPPED_NARROW
        order = ["|".join(textwrap.wrap(str(row["name"]).replace("|", " "), most, max_lines=3, placeholder=" …"))
                 for row in rows]
        listed = [{**row, "name": name} for row, name in zip(rows, order, strict=True)]
        tall = max(name.count("|") for name in order) + 1
        axis = alt.Axis(labelExpr="split(datum.label, '|')", labelLineHeight=15,
                        labelLimit=240 if width > NARROW else 150)
        shared = alt.Chart(alt.InlineData(values=listed)).encode(y=alt.Y("name:N", sort=order, title=None, axis=axis))
        scale = alt.X("low:Q", title=None, axis=alt.Axis(labelExpr=charts.axis_labels(unit),
                                                         tickCount=5 if width > NARROW else 3))
        nought = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=DARK, strokeWidth=1.5).encode(x="at:Q")
        bars = shared.mark_bar(height=14, color=NAVY, opacity=0.85).encode(x=scale, x2="high:Q")
        return alt.layer(bars, nought).properties(
            height=alt.Step(max(46, 23 * tall)), width=width,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))

    return spec


def _ends_table(book: Book, id_: str, rows: Sequence[tuple[int, Told]], unit: str) -> TableView:
    body = []
    for i, row in rows:
        own = str(row["unit"])
        body.append([
            book.at(f"/tables/what_decides/rows/{i}/4"),
            Markup("{} to {}").format(_cell(book, i, 9, own), _cell(book, i, 10, own)),
            _cell(book, i, 11, unit), _cell(book, i, 12, unit), _turns(book, i, row),
            book.at(f"/tables/what_decides/rows/{i}/15")])
    return tabled(f"{id_}-table", "The figures of this chart",
                  [("Assumption", ""), ("Its range", ""), ("At the first end", ""), ("At the other end", ""),
                   ("It turns at", ""), ("How it was found", "")], body, [False, False, True, True, True, False])


def _cell(book: Book, row: int, column: int, unit: str) -> Markup:
    pointer = f"/tables/what_decides/rows/{row}/{column}"
    return book.at(pointer, unit, cell_decimals(book.pointed(pointer), unit), style="cell")


def _turns(book: Book, i: int, row: Told) -> Markup:
    return escape("nowhere in its range") if row["turns_at"] is None else _cell(book, i, 14, str(row["unit"]))


def _switching(book: Book) -> TableView | None:
    """Every assumption that alone would turn a headline, with the value at which it does."""
    rows = [(i, row) for i, row in _rows(book, "what_decides") if row["turns_at"] is not None]
    if not rows:
        return None
    body = [[book.at(f"/tables/what_decides/rows/{i}/1"), book.at(f"/tables/what_decides/rows/{i}/4"),
             _cell(book, i, 8, str(row["unit"])), _turns(book, i, row), book.at(f"/tables/what_decides/rows/{i}/7"),
             book.at(f"/tables/what_decides/rows/{i}/15")] for i, row in rows]
    return tabled("decides-switching", "Where one figure alone would turn a headline",
                  [("Headline", ""), ("Assumption", ""), ("We used", ""), ("It turns at", ""), ("Who knows", ""),
                   ("How it was found", "")], body, [False, False, True, True, False, False])


def _parting(book: Book) -> TableView | None:
    rows = _rows(book, "contrast")
    if not rows:
        return None
    body = [[book.cell("contrast", i, 1), book.cell("contrast", i, 7), book.cell("contrast", i, 8),
             Markup("{} to {}").format(book.cell("contrast", i, 5), book.cell("contrast", i, 6)),
             book.cell("contrast", i, 2), book.cell("contrast", i, 4)] for i, _ in rows]
    return tabled("decides-parting", "What the two cases must disagree about",
                  [("Assumption", ""), ("In the case for", ""), ("In the case against", ""), ("It may lie from", ""),
                   ("Unit", ""), ("Who knows", "")], body, [False, True, True, False, False, False])


def _scenarios(book: Book) -> TableView | None:
    rows = _rows(book, "scenarios")
    if not rows:
        return None
    columns = cast("list[str]", book.tables["scenarios"]["columns"])
    heads = [c for c in columns if f"{c}_low" in columns and c != "finance.saving_a_year"]
    body = []
    for i, _ in rows:
        cells = [_scenario_cell(book, i, columns, c) for c in heads]
        body.append([book.cell("scenarios", i, 1), *cells,
                     Markup("{} of {}").format(book.cell("scenarios", i, 4), book.cell("scenarios", i, 3)),
                     book.at(f"/tables/scenarios/rows/{i}/{columns.index('verdict')}")])
    return tabled("decides-scenarios", "Each scenario beside the case as assumed",
                   [("Scenario", ""), *((_head(book, columns, c), "") for c in heads), ("Sets that meet the rule", ""),
                    ("By the rule", "")], body, [False, *[True] * len(heads), False, False])


def _head(book: Book, columns: Sequence[str], key: str) -> str:
    measure = key.removeprefix("spare.")
    title = str(book.measures.get(measure, {}).get("title", words.human(measure)))
    said = f"Points to spare: {title[:1].lower()}{title[1:]}" if key.startswith("spare.") else title
    return headed(f"/tables/scenarios/columns/{columns.index(key)}", said)


def _scenario_cell(book: Book, row: int, columns: Sequence[str], key: str) -> Markup:
    places = [columns.index(name) for name in (key, f"{key}_low", f"{key}_high")]
    value, low, high = (book.cell("scenarios", row, place) for place in places)
    if book.pointed(f"/tables/scenarios/rows/{row}/{places[0]}") is None:
        return value
    return Markup('{} <span class="range">({} to {})</span>').format(value, low, high)


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    return [b for i, b in enumerate(blocks) if not isinstance(b, Heading)
            or (i + 1 < len(blocks) and not isinstance(blocks[i + 1], Heading))]

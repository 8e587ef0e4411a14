"""Was there a better map?  Every way to command these areas, the nearest better one and its price, the whole force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import altair as alt
from markupsafe import Markup

from bailiwick.publish import charts, section_evidence
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.charts import DARK, NAVY, ORANGE, PLUM, TEAL, WIDE, Datum, drawn
from bailiwick.publish.page import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Section,
    TableView,
    optional,
    tabled,
    view,
)

LOCAL, NEAREST, TRADEOFF = "alternatives_local", "alternatives_nearest", "alternatives_tradeoff"
_SHORT = ("map", "residents_who_change_commander", "saving_a_year", "saving_at_equal_service", "largest_command",
          "distance_mean", "distance_worst_area", "immediate_in_target", "significant_in_target")
_WHOLE_FORCE = ("alternatives_asked", "alternatives_standing", "alternatives_maps", "alternatives_sensitivity",
                "alternatives_best", "alternatives_rank", "alternatives_nulls")
_DETAIL = ("alternatives_pairs", "alternatives_beaten")
_KINDS = ("Today", "Cuts alone", "Proposed", "Redesigned", "Nearest better map", "Other maps")
_INKS = (NAVY, ORANGE, PLUM, "#A285D1", TEAL, "#8A9197")
_SHAPES = ("circle", "triangle-up", "square", "diamond", "cross", "circle")


def better_map(book: Book) -> Section:
    """The local choice set first, on one page; then the maps people asked for and the whole force."""
    if book.table(TRADEOFF) is None or book.table(NEAREST) is None:
        return section_evidence.room(book, "alternatives")
    blocks: list[Block] = list(optional(
        _trade_off(book), _nearest(book), _short(book),
        Paragraph(_note(book, LOCAL)), view(book, LOCAL, folded=True),
        *(view(book, name, folded=True) for name in _DETAIL),
        Heading(Markup("The whole force")), *(_of_force(book, name) for name in _WHOLE_FORCE),
    ))
    if isinstance(blocks[-1], Heading):
        blocks.pop()
    return Section("alternatives", "Was there a better map?", _lead(book), tuple(blocks))


def _of_force(book: Book, name: str) -> TableView | None:
    return view(book, name, drop=("url", "who"), folded=len(_rows(book, name)) > section_evidence.SHORT)


def _rows(book: Book, name: str) -> list[Sequence[object]]:
    table = book.table(name)
    return [] if table is None else cast("list[Sequence[object]]", table["rows"])


def _cell(book: Book, name: str, row: int, column: str, *, style: str = "cell") -> Markup:
    return book.cell(name, row, cast(int, book.column(name, column)), style=style)


def _value(book: Book, name: str, row: int, column: str) -> object:
    return _rows(book, name)[row][cast(int, book.column(name, column))]


def _note(book: Book, name: str) -> Markup:
    return book.at(f"/tables/{name}/note")


def _closest(book: Book) -> int | None:
    """The row of the nearest better map on closeness; None where no map is better."""
    found = [i for i in range(len(_rows(book, NEAREST)))
             if _value(book, NEAREST, i, "residents_with_another_commander") is not None]
    return found[0] if found else None


def _lead(book: Book) -> Markup:
    near = _closest(book)
    if near is None:
        return Markup("No other map compared here is shown to be better than the proposal on closeness or response.")
    change = cast(float, _value(book, NEAREST, near, "saving_a_year_change"))
    saves = Markup("saves {} less").format(_cell(book, NEAREST, near, "saving_a_year_change", style="size")) \
        if change < 0 else Markup("saves no less")
    return Markup("The nearest map that keeps the police closer is {}: it {} and gives {} another commander than the "
                  "proposal would.").format(
        _cell(book, NEAREST, near, "map"), saves,
        _cell(book, NEAREST, near, "residents_with_another_commander", style="phrase"))


def _nearest(book: Book) -> TableView:
    head = [("Better on", ""), ("Nearest map", ""), ("Other commander", "people"), ("Saving", "£ a year"),
            ("Saving at equal service", "£ a year"), ("Distance, mean", "km"), ("Immediate calls", "points"),
            ("Significant calls", "points"), ("Holds in", "sets")]
    columns = ("criteria", "map", "residents_with_another_commander", "saving_a_year_change",
               "saving_at_equal_service_change", "distance_mean_change")
    body = []
    for i in range(len(_rows(book, NEAREST))):
        named = _value(book, NEAREST, i, "residents_with_another_commander") is not None
        sets = Markup("{} of {}").format(_cell(book, NEAREST, i, "sets_better"), _cell(book, NEAREST, i, "sets"))
        if not named:
            blank = [Markup("–")] * 6
            body.append([_cell(book, NEAREST, i, "criteria"), _cell(book, NEAREST, i, "map"), *blank, sets])
            continue
        body.append([*(_cell(book, NEAREST, i, c) for c in columns), _again(book, i, "immediate"),
                     _again(book, i, "significant"), sets])
    table = tabled("nearest-better-map", "The nearest better map to the proposal, and what it trades away", head, body,
                   [False, False, *[True] * 7])
    return TableView(table.id, table.caption, table.head, table.body, table.numeric, note=_note(book, NEAREST))


def _again(book: Book, row: int, grade: str) -> Markup:
    if _value(book, NEAREST, row, f"{grade}_again") is None:
        return _cell(book, NEAREST, row, f"{grade}_in_target_change")
    return Markup('{} <span class="range">({} to {})</span>').format(
        *(_cell(book, NEAREST, row, f"{grade}_{end}") for end in ("again", "again_low", "again_high")))


def _short(book: Book) -> TableView | None:
    kinds = cast(int, book.column(LOCAL, "kind"))
    own = [i for i, row in enumerate(_rows(book, LOCAL)) if "joins" not in str(row[kinds])]
    columns = cast("list[str]", book.tables[LOCAL]["columns"])
    kept = {*_SHORT, *(f"{c}_{end}" for c in _SHORT for end in ("low", "high"))}
    found = view(book, LOCAL, rows=own, drop=tuple(c for c in columns if c not in kept))
    if found is None:
        return None
    return TableView("every-way", found.caption, found.head, found.body, found.numeric)


# ---------------------------------------------------------------------------------------------------------------
# The trade-off as a picture.


def _trade_off(book: Book) -> Figure | None:
    rows = [(i, row) for i, row in enumerate(_rows(book, TRADEOFF))
            if _value(book, TRADEOFF, i, "saving_a_year") is not None
            and _value(book, TRADEOFF, i, "distance_mean") is not None]
    if len(rows) < 3:
        return None
    near = _closest(book)
    named = None if near is None else _value(book, NEAREST, near, "map")
    data = [_point(book, i, named) for i, _ in rows]
    headline = _headline(book)
    picture = drawn("trade-off", trade_off(data))
    body = [[_cell(book, TRADEOFF, i, "map"), Markup("{}").format(_sort(book, i, named)),
             *(_cell(book, TRADEOFF, i, c) for c in
               ("saving_a_year", "saving_at_equal_service", "distance_mean", "on_frontier_saving_distance"))]
            for i, _ in rows]
    table = tabled("trade-off-numbers", "Money against closeness",
                   [("Map or option", ""), ("Sign", ""), ("Saving", "£ a year"),
                    ("Saving at equal service", "£ a year"), ("Distance to the commander, mean", "km"),
                    ("On the line", "")], body,
                   [False, False, True, True, True, False])
    words = ("Each sign is one map or option; further right saves more, lower is closer. The line joins the maps that "
             "no other map beats on both.")
    return Figure("trade-off", headline, "Yearly saving of posts against the mean distance to the commander’s base",
                  picture.wide, picture.narrow, f"{plain(headline)}. {words}", _note(book, TRADEOFF), table)


def _headline(book: Book) -> Markup:
    is_ = cast(int, book.column(TRADEOFF, "is"))
    at = {str(row[is_]): i for i, row in enumerate(_rows(book, TRADEOFF)) if row[is_]}
    if not {"today", "proposed"} <= set(at):
        return Markup("What each map saves and how far it moves the commander away")
    said = Markup("The proposal saves {} and puts the commander {} away instead of {}").format(
        _cell(book, TRADEOFF, at["proposed"], "saving_a_year", style="phrase"),
        _cell(book, TRADEOFF, at["proposed"], "distance_mean", style="phrase"),
        _cell(book, TRADEOFF, at["today"], "distance_mean", style="phrase"))
    return said if "cuts" not in at else said + Markup("; cuts alone save {} and move no one").format(
        _cell(book, TRADEOFF, at["cuts"], "saving_a_year", style="phrase"))


def _sort(book: Book, row: int, named: object) -> str:
    """The sign that a map or an option has on the chart."""
    kind, is_ = _value(book, TRADEOFF, row, "kind"), _value(book, TRADEOFF, row, "is")
    told: Mapping[object, str] = {"today": "Today", "proposed": "Proposed"}
    if kind in ("cuts", "redesigned"):
        return "Cuts alone" if kind == "cuts" else "Redesigned"
    if is_ in told:
        return told[is_]
    return "Nearest better map" if _value(book, TRADEOFF, row, "map") == named else "Other maps"


def _point(book: Book, row: int, named: object) -> Datum:
    return {"name": str(_value(book, TRADEOFF, row, "map")), "sort": _sort(book, row, named),
            "x": cast(float, _value(book, TRADEOFF, row, "saving_a_year")),
            "y": cast(float, _value(book, TRADEOFF, row, "distance_mean")),
            "line": str(_value(book, TRADEOFF, row, "on_frontier_saving_distance"))}


def trade_off(rows: Sequence[Datum]) -> charts.Spec:
    """A chart of points with a line through those not beaten: keys name, sort, x in pounds, y in km, line (yes, no)."""
    listed = [dict(r) for r in rows]
    kinds = [k for k in _KINDS if any(r["sort"] == k for r in listed)]
    inks, shapes = ([values[_KINDS.index(k)] for k in kinds] for values in (_INKS, _SHAPES))

    def spec(width: int) -> alt.TopLevelMixin:
        money = ("(datum.value < 0 ? '−' : '') + '£' + format(abs(datum.value)/1e6, '.1~f') + 'm'")
        across = alt.X("x:Q", title="saves a year (posts)", scale=alt.Scale(zero=True, nice=True, padding=12),
                       axis=alt.Axis(labelExpr=money, tickCount=6 if width == WIDE else 3))
        up = alt.Y("y:Q", title="km to the commander, mean", scale=alt.Scale(zero=True, nice=True),
                   axis=alt.Axis(tickCount=5, grid=True))
        key = alt.Legend(orient="top", title=None, columns=3 if width == WIDE else 2, labelLimit=200, symbolSize=120)
        shared = alt.Chart(alt.InlineData(values=listed)).encode(x=across, y=up)
        line = shared.transform_filter(alt.FieldEqualPredicate(field="line", equal="yes")).mark_line(
            color=DARK, strokeWidth=1.5, strokeDash=[4, 3])
        dots = shared.mark_point(filled=True, size=150, opacity=1, stroke="white", strokeWidth=0.8).encode(
            color=alt.Color("sort:N", scale=alt.Scale(domain=kinds, range=inks), legend=key),
            shape=alt.Shape("sort:N", scale=alt.Scale(domain=kinds, range=shapes), legend=key))
        return alt.layer(line, dots).properties(
            height=320, width=width, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))

    return spec

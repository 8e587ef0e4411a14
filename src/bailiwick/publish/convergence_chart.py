"""Have the ranges settled?  A chart of each headline's range as more accepted sets are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import altair as alt
from markupsafe import Markup, escape

from bailiwick.publish import charts, words
from bailiwick.publish.bound import Book, cell_decimals, plain
from bailiwick.publish.page import Figure, TableView, tabled

STILL = 0.1
"""A range has settled when no end moved by more than this share of its width over the last two fifths of the sets."""

_LINES = 2
_INKS = (charts.NAVY, charts.ORANGE)
_DASHES = ([1, 0], [6, 3])
_GROUPS = (("money", "GBP a year", "Money a year"), ("points", "points", "Points to spare above the safety floor"))

Told = dict[str, object]


def figures(book: Book) -> tuple[Figure, ...]:
    """One chart for the headlines of yearly money and one for the points to spare; none with fewer than three steps."""
    if book.table("convergence") is None:
        return ()
    columns = cast("list[str]", book.tables["convergence"]["columns"])
    rows = [(i, dict(zip(columns, row, strict=True))) for i, row in book.rows("convergence")]
    made = (_figure(book, name, title, [(i, row) for i, row in rows if str(row["unit"]).startswith(unit)])
            for name, unit, title in _GROUPS)
    return tuple(figure for figure in made if figure is not None)


def _figure(book: Book, name: str, title: str, rows: Sequence[tuple[int, Told]]) -> Figure | None:
    known = [(i, row) for i, row in rows if row["low"] is not None]
    keys = list(dict.fromkeys(str(row["headline"]) for _, row in known))
    by_key = {key: [(i, row) for i, row in known if row["headline"] == key] for key in keys}
    shown = [key for key in keys if len(by_key[key]) > 2]
    shown = shown if len(shown) <= _LINES else [shown[0], shown[-1]]
    if not shown:
        return None
    names = {key: _short(str(by_key[key][0][1]["title"])) for key in shown}
    unit = str(by_key[shown[0]][0][1]["unit"])
    data: list[charts.Datum] = [
        {"at": _number(row["sets"]), "name": names[key], "value": _number(row["median"]), "low": _number(row["low"]),
         "high": _number(row["high"])} for key in shown for _, row in by_key[key]]
    moving = [key for key in shown if moves([row for _, row in by_key[key]])]
    first = by_key[(moving or shown)[0]][0][0]
    headline = Markup("{}: the range {}").format(
        book.at(f"/tables/convergence/rows/{first}/1"),
        "still moves as sets are added" if moving else "has settled" if len(shown) == 1 else
        "has settled, and so have the others here")
    picture = charts.drawn(f"convergence-{name}", _spec(data, title, unit, list(names.values())))
    last = by_key[(moving or shown)[0]][-1][1]
    ends = " to ".join(charts.reading(_number(last[end]), unit) for end in ("low", "high"))
    return Figure(
        f"convergence-{name}", headline,
        f"{title}: the middle of the accepted sets and the range that holds nine in ten, by how many sets are counted",
        picture.wide, picture.narrow,
        f"{plain(headline)}. {words.count(len(shown), 'line')} with bands over the number of accepted sets; with all "
        f"of them the range is {ends}.",
        Markup("Source: the accepted sets of this appraisal, in the order in which they were found."),
        _table(book, name, [pair for key in shown for pair in by_key[key]], unit))


def _spec(rows: Sequence[charts.Datum], axis: str, unit: str, names: Sequence[str]) -> charts.Spec:
    """A line for the middle of each headline and a band with edges for its range, over the number of sets."""
    listed = [dict(row) for row in rows]
    steps = sorted({cast(float, row["at"]) for row in listed})
    ink = alt.Scale(domain=list(names), range=list(_INKS[:len(names)]))
    dash = alt.Scale(domain=list(names), range=[list(d) for d in _DASHES[:len(names)]])

    def spec(width: int) -> alt.TopLevelMixin:
        key = alt.Legend(orient="top", direction="horizontal" if width == charts.WIDE else "vertical", labelLimit=300,
                         symbolStrokeWidth=3, symbolType="stroke", symbolOpacity=1, title=None)
        color = alt.Color("name:N", scale=ink, legend=key)
        shared = alt.Chart(alt.InlineData(values=listed)).encode(
            x=alt.X("at:Q", title="Accepted sets counted", axis=alt.Axis(values=steps, format="d"),
                    scale=alt.Scale(zero=False, padding=12)))
        across = alt.Axis(labelExpr=charts.axis_labels(unit), tickCount=6)
        band = shared.mark_area(opacity=0.14).encode(
            y=alt.Y("low:Q", title=axis, axis=across), y2="high:Q", color=color)
        edges = [shared.mark_line(strokeWidth=1).encode(
            y=f"{end}:Q", color=color, strokeDash=alt.StrokeDash("name:N", scale=dash, legend=None))
            for end in ("low", "high")]
        middle = shared.mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=45)).encode(
            y="value:Q", color=color, strokeDash=alt.StrokeDash("name:N", scale=dash, legend=key))
        nought = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=charts.DARK).encode(y="zero:Q")
        return alt.layer(band, *edges, nought, middle).properties(
            height=280, width=width, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))

    return spec


def moves(rows: Sequence[Told]) -> bool:
    """Whether an end of a range moved by more than a tenth of its width over the last two fifths of the sets."""
    before, last = rows[max(0, len(rows) - 3)], rows[-1]
    low, high = _number(last["low"]), _number(last["high"])
    moved = max(abs(_number(before["low"]) - low), abs(_number(before["high"]) - high))
    return high > low and moved / (high - low) > STILL


def _table(book: Book, name: str, rows: Sequence[tuple[int, Told]], unit: str) -> TableView:
    body = [[book.at(f"/tables/convergence/rows/{i}/1"), book.at(f"/tables/convergence/rows/{i}/3", "", 0),
             *(_cell(book, i, column, unit) for column in (5, 6, 7))] for i, _ in rows]
    return tabled(f"convergence-{name}-table", "The figures of this chart",
                  [("Headline", ""), ("Sets counted", ""), ("Middle", ""), ("Low end", ""), ("High end", "")], body,
                  [False, True, True, True, True])


def _cell(book: Book, row: int, column: int, unit: str) -> Markup:
    pointer = f"/tables/convergence/rows/{row}/{column}"
    value = book.pointed(pointer)
    return escape("none") if value is None else book.at(pointer, unit, cell_decimals(value, unit), style="cell")


def _short(title: str) -> str:
    """A headline's name beside its line: from the colon to the comma, where it has them."""
    said = title.rpartition(": ")[2].partition(",")[0]
    return said[:1].upper() + said[1:]


def _number(value: object) -> float:
    return float(cast(float, value))

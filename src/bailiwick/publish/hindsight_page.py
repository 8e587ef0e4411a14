"""What does a reader see of a forecast held against what came?  One accessible page that needs nothing else to open."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

import altair as alt
from markupsafe import Markup, escape

from bailiwick.hindsight import Score
from bailiwick.publish import charts, words
from bailiwick.publish.hindsight_lines import NEARER, Held, by_measure, phrases
from bailiwick.publish.page import Figure, TableView, tabled
from bailiwick.publish.report import rendered

SHOWN = 40
"""Outcomes drawn at most: those farthest out first."""

_EDGE = (-1.0, 2.0)
_WRAPPED = 24


def page(against: Held) -> str:
    """The page: the sentence, the chart, every forecast with its outcome, the order of areas, calibration."""
    views = [view for view in (_forecasts(against), _orders(against), _counts(against), _without(against)) if view.body]
    return rendered("hindsight.html.j2", against=against, figure=_figure(against), views=views,
                    title=str(against.book.case["title"]), case=str(against.book.case["name"]),
                    day=words.day(str(against.book.case["as_of"])))


def _forecasts(against: Held) -> TableView:
    body = []
    for s in against.scores:
        forecast, likely, came = phrases(against, s)
        body.append([_named(against, s), *(escape(text) for text in (
            forecast, likely, came, "✓ Inside" if s.inside else "✗ Outside", NEARER[s.nearer].capitalize(),
            words.trimmed(s.interval_score, 2), s.outcome.source)),
            Markup("<code>{}</code>").format(s.forecast.finding)])
    head = [("Figure", ""), ("Forecast", ""), ("Range", ""), ("Came", ""), ("Inside?", ""), ("Against no change", ""),
            ("Interval score", ""), ("Source of what came", ""), ("Finding", "")]
    view = tabled("hindsight-forecasts", "Each forecast and what came", head, body,
                  [False, True, True, True, False, False, True, False, False])
    return replace(view, note=escape(
        "Interval score: the width of the range, and for an outcome outside it a penalty that grows with the distance; "
        "lower is better."))


def _orders(against: Held) -> TableView:
    body = [[escape(f"{against.title(r.measure)}, {r.period}"), escape(str(r.areas)), escape(f"{r.right} of {r.pairs}"),
             escape(against.worst(r)[:1].upper() + against.worst(r)[1:])] for r in against.ranked]
    head = [("Figure", ""), ("Areas", ""), ("Pairs in the right order", ""), ("The area that came off worst", "")]
    return tabled("hindsight-orders", "Was the order of areas right?", head, body, [False, True, True, False])


def _counts(against: Held) -> TableView:
    body = [[escape(against.title(measure)), escape(f"{inside} of {count}")]
            for measure, inside, count in by_measure(against)]
    if len(body) > 1:
        body.append([escape("All together"), escape(f"{against.overall.inside} of {against.overall.count}")])
    view = tabled("hindsight-calibration", "Were the ranges as wide as they say?",
                  [("Figure", ""), ("Outcomes inside the range", "")], body, [False, True])
    return replace(view, note=escape(
        f"{against.calibrated} The interval of that share is exact where outcomes are separate; areas that are "
        "neighbours are not quite, so read it as the least doubt there is."))


def _without(against: Held) -> TableView:
    body = [[escape(f"{against.title(o.measure)}, {against.place(o.area)}, {o.period}"), escape(o.source)]
            for o in against.without]
    return tabled("hindsight-without", "Outcomes without a forecast", [("Figure", ""), ("Source of what came", "")],
                  body, [False, False])


def _named(against: Held, s: Score) -> Markup:
    return escape(f"{against.title(s.outcome.measure)}, {against.place(s.outcome.area)}, {s.outcome.period}")


def _figure(against: Held) -> Figure | None:
    """Where each outcome fell in its range; None where no forecast has a range of any width."""
    placed = sorted(((position(s), s) for s in against.scores if s.forecast.high > s.forecast.low),
                    key=lambda pair: (-abs(pair[0] - 0.5), pair[1].outcome.line))[:SHOWN]
    if not placed:
        return None
    rows: list[charts.Datum] = [
        {"name": "|".join(textwrap.wrap(_label(against, s), _WRAPPED)), "value": min(max(at, _EDGE[0]), _EDGE[1]),
         "low": 0.0, "high": 1.0, "focus": "no" if s.inside else "yes"} for at, s in placed]
    drawing = charts.drawn("hindsight-places", _spec(rows))
    return Figure(
        "hindsight-places", escape(against.sentence),
        "Each outcome's place in its forecast's range: at 0% it equals the low end, at 100% the high end. Crosses lie "
        "outside. What lies farther out than a whole range is drawn at the edge.",
        drawing.wide, drawing.narrow, _said(against, placed),
        escape("Source: the stored results, and the sources that the table below names for what came."), None)


def _spec(rows: Sequence[charts.Datum]) -> charts.Spec:
    listed = [dict(row) for row in rows]
    order = [str(row["name"]) for row in rows]
    lines = max(name.count("|") for name in order) + 1

    def spec(width: int) -> alt.TopLevelMixin:
        tint = alt.Color("focus:N", legend=None,
                         scale=alt.Scale(domain=["yes", "no"], range=[charts.ORANGE, charts.NAVY]))
        shape = alt.Shape("focus:N", legend=None, scale=alt.Scale(domain=["yes", "no"], range=["cross", "circle"]))
        names = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')"))
        across = alt.X("value:Q", title="Place in the range of the forecast", axis=alt.Axis(
            labelExpr=charts.axis_labels("share"), tickCount=4 if width == charts.NARROW else 8))
        shared = alt.Chart(alt.InlineData(values=listed)).encode(y=names)
        bars = shared.mark_rule(strokeWidth=9, color=charts.BACK).encode(x="low:Q", x2="high:Q")
        dots = shared.mark_point(size=120, filled=True, opacity=1).encode(x=across, color=tint, shape=shape)
        fit = alt.AutoSizeParams(type="fit-x", contains="padding")
        return alt.layer(bars, dots).properties(height=alt.Step(16 + 16 * lines), width=width, autosize=fit)

    return spec


def position(s: Score) -> float:
    """Where an outcome lies in its range: 0 at the low end, 1 at the high end, beyond them outside."""
    return (s.outcome.value - s.forecast.low) / (s.forecast.high - s.forecast.low)


def _label(against: Held, s: Score) -> str:
    mark = "" if s.inside else "✗ "
    return f"{mark}{against.place(s.outcome.area)}, {s.outcome.period}: {against.title(s.outcome.measure)}"


def _said(against: Held, placed: Sequence[tuple[float, Score]]) -> str:
    outside = [f"{_label(against, s)[2:]} came {'above' if at > 1 else 'below'} its range" for at, s in placed
               if not s.inside]
    said = f"Chart of {words.count(len(placed), 'outcome')} against the ranges forecast. {against.sentence}"
    return f"{said} {'; '.join(outside[:5])}." if outside else said

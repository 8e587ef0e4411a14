"""Which picture shows a finding?  Each chart is drawn twice, wide and narrow, as SVG with the same bytes every time.

Charts read the results and nothing else; the words around them (headline, units, source, alt text) are theirs too, so
that a chart never travels without its finding.  A chart whose figures are missing is None.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import altair as alt
import vl_convert
from markupsafe import Markup

from bailiwick.publish import words
from bailiwick.publish.bound import Book, cell_decimals
from bailiwick.publish.results import Json

NAVY, TEAL, PLUM, ORANGE, DARK, LILAC = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
BACK = "#BFBFBF"
WIDE, NARROW = 700, 330
Datum = Mapping[str, str | float | None]
Spec = Callable[[int], alt.TopLevelMixin]
_FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"
_IDS = re.compile(r'(id="|url\(#|href="#)([A-Za-z_][\w-]*)')
_STYLES = re.compile(r' style="[^"]*"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart at two widths."""

    wide: Markup
    narrow: Markup


def drawn(name: str, spec: Spec) -> Drawing:
    """The SVG of a chart at the widths of a page and of a telephone; ids start with the chart's name."""
    return Drawing(_svg(f"{name}-w", spec(WIDE), WIDE), _svg(f"{name}-n", spec(NARROW), NARROW))


def dumbbell(rows: Sequence[Datum], axis: str, unit: str) -> Spec:
    """A chart of one line per row from `before` to `after`: keys name, before, after.

    Rows may hold `before_low`, `before_high`, `after_low` and `after_high` (see `doubted`): thin lines above and below.
    The axis starts at nought unless all values lie far from it and close together, where nothing would be seen.
    """
    listed = [dict(r) for r in rows]
    order = [str(r["name"]) for r in listed]
    zero = from_nought(rows)

    def spec(width: int) -> alt.TopLevelMixin:
        shared = alt.Chart(alt.InlineData(values=listed)).encode(y=alt.Y("name:N", sort=order, title=None))
        line = shared.mark_rule(color=BACK, strokeWidth=4).encode(
            x=_axis("before", axis, unit, width, zero=zero), x2="after:Q")
        dots = [
            shared.mark_point(size=150, filled=filled, color=NAVY, fill=NAVY if filled else "white", strokeWidth=2.5,
                              opacity=1).encode(x=_axis(key, axis, unit, width, zero=zero))
            for key, filled in (("before", False), ("after", True))
        ]
        doubts = [
            shared.mark_rule(color=NAVY if key == "after" else "#6F777B", strokeWidth=1.6, yOffset=shift).encode(
                x=_axis(f"{key}_low", axis, unit, width, zero=zero), x2=f"{key}_high:Q")
            for key, shift in (("before", -11), ("after", 11)) if any(f"{key}_low" in row for row in listed)
        ]
        return alt.layer(*doubts, line, *dots).properties(height=alt.Step(44), **_fit(width))

    return spec


def doubted(before: Json, after: Json) -> dict[str, float]:
    """The ends of the likely ranges of two findings as keys of a row of `dumbbell`; none where either has no range."""
    ends = {f"{key}_{end}": found[end] for key, found in (("before", before), ("after", after))
            for end in ("low", "high")}
    told = all(isinstance(value, int | float) for value in ends.values()) and any(
        found["low"] != found["high"] for found in (before, after))
    return {key: float(cast(float, value)) for key, value in ends.items()} if told else {}


DOUBT = "thin lines: likely ranges, today above, proposed below"


def ranges(rows: Sequence[Datum], axis: str, unit: str) -> Spec:
    """A chart of one dot and its likely range per row: keys name, value, low, high, focus (yes or no)."""
    listed = [dict(r) for r in rows]
    order = [str(r["name"]) for r in listed]
    tint = alt.Color("focus:N", legend=None, scale=alt.Scale(domain=["yes", "no"], range=[NAVY, "#6F777B"]))

    def spec(width: int) -> alt.TopLevelMixin:
        shared = alt.Chart(alt.InlineData(values=listed)).encode(y=alt.Y("name:N", sort=order, title=None), color=tint)
        nought = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=DARK, strokeWidth=1.2).encode(x="at:Q")
        bars = shared.mark_rule(strokeWidth=5, opacity=0.45).encode(x=_axis("low", axis, unit, width), x2="high:Q")
        dots = shared.mark_point(size=130, filled=True, opacity=1).encode(x=_axis("value", axis, unit, width))
        return alt.layer(nought, bars, dots).properties(height=alt.Step(44), **_fit(width))

    return spec


def waterfall(rows: Sequence[Datum], axis: str) -> Spec:
    """A chart of steps of money that add up to the last: keys name, start, end, kind (saves, costs or total), label."""
    listed = [dict(r) for r in rows]
    order = [str(r["name"]) for r in listed]
    tint = alt.Color("kind:N", title=None, scale=alt.Scale(domain=["saves", "costs", "in all"],
                                                           range=[TEAL, ORANGE, NAVY]),
                     legend=alt.Legend(orient="top", direction="horizontal"))

    def spec(width: int) -> alt.TopLevelMixin:
        shared = alt.Chart(alt.InlineData(values=listed)).encode(y=alt.Y("name:N", sort=order, title=None))
        across = alt.X("start:Q", title=axis, axis=alt.Axis(labelExpr=axis_labels("GBP"), tickCount=_ticks(width)),
                       scale=alt.Scale(zero=True, nice=True, padding=46))
        steps = shared.mark_bar(height=20).encode(x=across, x2="end:Q", color=tint)
        text = shared.mark_text(align="left", dx=6, fontSize=13 if width == WIDE else 11, color=DARK).encode(
            x=alt.X("right:Q"), text="label:N")
        nought = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=DARK, strokeWidth=1.2).encode(x="at:Q")
        return alt.layer(steps, nought, text).properties(height=alt.Step(32), **_fit(width))

    return spec


def lines(rows: Sequence[Datum], axis: str, unit: str, *, names: Sequence[str], zero: bool = False) -> Spec:
    """A chart of at most four lines over time with their bands: keys at, name, value, low, high."""
    if len(names) > 4:
        raise ValueError(f"{len(names)} lines: a chart holds four at most")
    listed = [dict(r) for r in rows]
    ink = alt.Scale(domain=list(names), range=[NAVY, ORANGE, TEAL, PLUM][:len(names)])
    dash = alt.Scale(domain=list(names), range=[[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]][:len(names)])

    def spec(width: int) -> alt.TopLevelMixin:
        across = alt.X("at:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8))
        key = alt.Legend(orient="top", direction="horizontal" if width == WIDE else "vertical", labelLimit=300,
                         symbolStrokeWidth=3, symbolType="stroke", title=None)
        shared = alt.Chart(alt.InlineData(values=listed)).encode(x=across)
        bands = [
            shared.transform_filter(alt.FieldEqualPredicate(field="name", equal=name))
            .mark_area(opacity=0.16, color=color).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
            for name, color in zip(names, (NAVY, ORANGE, TEAL, PLUM), strict=False)
        ]
        line = shared.mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=45) if len(listed) < 12 else False).encode(
            y=alt.Y("value:Q", title=axis, axis=alt.Axis(labelExpr=axis_labels(unit), tickCount=6),
                    scale=alt.Scale(zero=zero)),
            color=alt.Color("name:N", scale=ink, legend=key),
            strokeDash=alt.StrokeDash("name:N", scale=dash, legend=key))
        nought = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=DARK).encode(y="at:Q")
        room = {"left": 5, "right": 26, "top": 5, "bottom": 5}
        return alt.layer(*bands, *((nought,) if zero else ()), line).properties(
            height=280, padding=room, **_fit(width))

    return spec


def bars(rows: Sequence[Datum], axis: str, unit: str, *, names: Sequence[str]) -> Spec:
    """A chart of grouped bars, at most four to a group: keys group, name, value."""
    if len(names) > 4:
        raise ValueError(f"{len(names)} bars to a group: a chart holds four at most")
    listed = [dict(r) for r in rows]
    order = list(dict.fromkeys(str(r["group"]) for r in listed))
    ink = alt.Scale(domain=list(names), range=[BACK, TEAL, NAVY, PLUM][-len(names):] if len(names) < 3 else
                    [BACK, TEAL, NAVY, PLUM][:len(names)])

    def spec(width: int) -> alt.TopLevelMixin:
        shared = alt.Chart(alt.InlineData(values=listed)).mark_bar().encode(
            y=alt.Y("group:N", sort=order, title=None),
            yOffset=alt.YOffset("name:N", sort=list(names)),
            x=_axis("value", axis, unit, width),
            color=alt.Color("name:N", scale=ink, sort=list(names),
                            legend=alt.Legend(orient="top", title=None, labelLimit=300,
                                              direction="horizontal" if width == WIDE else "vertical")),
            stroke=alt.value(DARK), strokeWidth=alt.value(0.6),
        )
        return alt.layer(shared).properties(height=alt.Step(13), **_fit(width))

    return spec


def gauge(low: float, high: float, value: float, turns: float | None) -> Markup:
    """A small bar of a declared range with the value used and the value at which the answer turns."""
    width, reach = 150.0, max(high - low, 1e-12)

    def at(x: float) -> float:
        return 5 + (width - 10) * min(max((x - low) / reach, 0.0), 1.0)

    parts = [Markup('<rect x="5" y="9" width="{}" height="6" fill="{}"/>').format(width - 10, BACK),
             Markup('<circle cx="{:.1f}" cy="12" r="5" fill="{}"/>').format(at(value), NAVY)]
    if turns is not None:
        parts.append(Markup('<path d="M{0:.1f},2v20" stroke="#B3400A" stroke-width="3"/>').format(at(turns)))
    return Markup('<svg class="gauge" viewBox="0 0 150 24" width="150" height="24" aria-hidden="true" '
                  'focusable="false">{}</svg>').format(Markup("").join(parts))


def points(book: Book, table: str, at: int, *, name: str = "", value: int, option: str | None = None) -> list[Datum]:
    """The rows of a results table as the data of a line: value against `at`, with low and high where there are any."""
    columns = cast("list[str]", book.tables[table]["columns"])
    ends = [columns.index(f"{columns[value]}_{e}") if f"{columns[value]}_{e}" in columns else value
            for e in ("low", "high")]
    rows = book.rows(table, option=option) if option is not None else book.rows(table)
    return [{"at": str(row[at]), "name": name, "value": cast(float, row[value]), "low": cast(float, row[ends[0]]),
             "high": cast(float, row[ends[1]])} for _, row in rows if row[value] is not None]


def reading(value: float, unit: str) -> str:
    """A number as it stands in alt text."""
    return words.phrase(value, unit, cell_decimals(value, unit))


def from_nought(rows: Sequence[Datum]) -> bool:
    """Whether a chart of `before` and `after` starts at nought: unless all lie in the upper half, close together."""
    values = [float(cast(float, row[key])) for row in rows for key in ("before", "after") if row[key] is not None]
    return not values or min(values) <= 0.5 * max(values)


def _axis(key: str, title: str, unit: str, width: int, *, zero: bool = True) -> alt.X:
    said = [title] if width == WIDE else textwrap.wrap(title, 30)
    return alt.X(f"{key}:Q", title=said, scale=alt.Scale(zero=zero, nice=True, padding=0 if zero else 12),
                 axis=alt.Axis(labelExpr=axis_labels(unit), tickCount=5))


def axis_labels(unit: str) -> str:
    """The expression by which a chart's axis writes numbers of that unit."""
    if words.is_money(unit):
        return ("(datum.value < 0 ? '−' : '') + '£' + (abs(datum.value) >= 1e9 ? format(abs(datum.value)/1e9, '.2~f')"
                " + 'bn' : abs(datum.value) >= 1e6 ? format(abs(datum.value)/1e6, '.1~f') + 'm' : "
                "abs(datum.value) >= 1e3 ? format(abs(datum.value)/1e3, ',.0f') + 'k' : "
                "format(abs(datum.value), ',.0f'))")
    if words.is_share(unit):
        return "format(datum.value * 100, '.0~f') + '%'"
    if unit == "%" or unit.startswith("% "):
        return "format(datum.value, ',.4~f') + '%'"
    return "replace(format(datum.value, ',.4~f'), '-', '−')"


def _ticks(width: int) -> int:
    return 6 if width == WIDE else 3


def _fit(width: int) -> dict[str, object]:
    return {"width": width, "autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}


def _svg(name: str, chart: alt.TopLevelMixin, width: int) -> Markup:
    told = cast("dict[str, object]", chart.to_dict(validate=False))
    told["config"] = _config(width)
    told["background"] = "transparent"
    return _rendered(name, json.dumps(told, sort_keys=True))


@lru_cache(maxsize=256)
def _rendered(name: str, spec: str) -> Markup:
    text = vl_convert.vegalite_to_svg(json.loads(spec))
    text = _STYLES.sub("", _IDS.sub(lambda m: f"{m[1]}{name}-{m[2]}", text))
    text = text.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(text)  # noqa: S704 - drawn by vl-convert, which escapes the labels


def _config(width: int) -> dict[str, object]:
    size = 14 if width == WIDE else 12
    text = {"labelFontSize": size, "titleFontSize": size, "labelColor": DARK, "titleColor": DARK,
            "titleFontWeight": "normal", "labelLimit": 210 if width == WIDE else 140}
    return {
        "font": _FONT, "view": {"stroke": None},
        "axis": {**text, "gridColor": "#E1E4E6", "domainColor": "#8A9197", "tickColor": "#8A9197", "labelPadding": 6,
                 "titlePadding": 10},
        "axisY": {"grid": False, "domain": False, "ticks": False},
        "axisX": {"grid": True},
        "legend": {"labelFontSize": size, "titleFontSize": size, "labelColor": DARK, "symbolSize": 140},
    }

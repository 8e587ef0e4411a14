"""Which pictures show what a pilot did? Each is a drawing with its headline, its alt text and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from bailiwick.evaluation.effect import Effect
from bailiwick.evaluation.panel import Floats
from bailiwick.evaluation.power import power_at
from bailiwick.evaluation.robustness import Multiverse
from bailiwick.publish.charts import BACK, DARK, NAVY, ORANGE, PLUM, TEAL, Datum, Drawing, drawn

MOST_LINES = 120
MOST_ROWS = 200
METHOD_COLOURS = {"sdid": NAVY, "dsc": TEAL, "sc": PLUM, "did": ORANGE}
Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
Spec = Callable[[int], alt.TopLevelMixin]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with the sentence it proves, the alt text that says the same, and its table (head, rows)."""

    id: str
    headline: str
    alt: str
    drawing: Drawing
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def number(value: float | None, figures: int = 3) -> str:
    """A number as a reader sees it, with a true minus; a dash where there is none."""
    if value is None or not np.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 10**figures:
        text = f"{round(value):,d}"
    elif size == 0:
        text = "0"
    else:
        decimals = max(0, figures - 1 - int(np.floor(np.log10(size))))
        text = f"{value:.{min(decimals, 8)}f}"
    return text.replace("-", "−")


def event_study(effect: Effect, name: str) -> Figure:
    """The gap between the treated and their comparison in every period, over the gaps of all placebos."""
    labels, gap = effect.periods, effect.gap
    low, high = np.quantile(effect.draws, 0.05, axis=0), np.quantile(effect.draws, 0.95, axis=0)
    outside = int(((gap < low) | (gap > high))[effect.before :].sum())
    after = len(labels) - effect.before
    headline = f"In {outside} of {after} periods after the start the gap lies outside nine tenths of the placebos"
    start = labels[effect.before]
    alt_text = (
        f"Line chart of the gap to the comparison, {labels[0]} to {labels[-1]}, over {effect.placebo_n} placebo gaps. "
        f"After {start} it averages {number(effect.att)}; {outside} of {after} periods lie outside the middle 90%."
    )
    rows = tuple(
        (label, number(float(gap[t])), number(float(low[t])), number(float(high[t]))) for t, label in enumerate(labels)
    )
    return Figure(
        f"{name}-event", headline, alt_text, drawn(f"{name}-event", _event_spec(effect, low, high)),
        ("Period", "Gap", "Placebos, 5% point", "Placebos, 95% point"), rows,
        f"Grey: placebos. The line marks {start}, the first treated period.",
    )


def _event_spec(effect: Effect, low: Floats, high: Floats) -> Spec:
    labels = effect.periods
    own = [{"t": t, "period": p, "gap": float(v)} for t, (p, v) in enumerate(zip(labels, effect.gap, strict=True))]
    band = [{"t": t, "low": float(a), "high": float(b)} for t, (a, b) in enumerate(zip(low, high, strict=True))]
    cloud = _placebo_lines(effect) if effect.placebo_n <= MOST_LINES else None

    def _spec(width: int) -> alt.TopLevelMixin:
        x = _time_axis(labels, width)
        layers: list[alt.Chart] = []
        if cloud is not None:
            thin = alt.Chart(cloud).mark_line(color=BACK, strokeWidth=0.7, opacity=0.6)
            layers.append(thin.encode(x=x, y=_y("gap", effect), detail="set:N"))
        else:
            layers.append(_data(band).mark_area(color=BACK, opacity=0.5).encode(x=x, y=_y("low", effect), y2="high:Q"))
        layers.append(_data([{"at": 0}]).mark_rule(color=DARK, strokeWidth=1).encode(y="at:Q"))
        layers.append(_data([{"t": effect.before - 0.5}]).mark_rule(color=DARK, strokeDash=[4, 3]).encode(x="t:Q"))
        layers.append(_data(own).mark_line(color=NAVY, strokeWidth=2.5).encode(x=x, y=_y("gap", effect)))
        return _sized(alt.layer(*layers), width, 300)

    return _spec


def observed_and_synthetic(effect: Effect, name: str) -> Figure:
    """The treated beside their comparison, level by level."""
    labels = effect.periods
    last = len(labels) - 1
    own, other = number(float(effect.observed[last])), number(float(effect.synthetic[last]))
    headline = f"At the end the treated stand at {own}, their comparison at {other}"
    rows = tuple(
        (p, number(float(a)), number(float(b)))
        for p, a, b in zip(labels, effect.observed, effect.synthetic, strict=True)
    )
    data = [
        {"t": t, "value": float(v), "who": who}
        for who, series in (("treated", effect.observed), ("comparison", effect.synthetic))
        for t, v in enumerate(series)
    ]

    def _spec(width: int) -> alt.TopLevelMixin:
        pair = ["treated", "comparison"]
        colour = alt.Color("who:N", legend=_ABOVE, scale=alt.Scale(domain=pair, range=[NAVY, ORANGE]))
        dash = alt.StrokeDash("who:N", legend=None, scale=alt.Scale(domain=pair, range=[[1, 0], [6, 3]]))
        title = effect.unit or effect.outcome
        y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=_MINUS))
        line = _data(data).mark_line(strokeWidth=2.5)
        base = line.encode(x=_time_axis(labels, width), y=y, color=colour, strokeDash=dash)
        rule = _data([{"t": effect.before - 0.5}]).mark_rule(color=DARK, strokeDash=[4, 3]).encode(x="t:Q")
        return _sized(alt.layer(base, rule), width, 280)

    return Figure(
        f"{name}-levels", headline, f"Two lines from {labels[0]} to {labels[-1]}: {headline[0].lower()}{headline[1:]}.",
        drawn(f"{name}-levels", _spec), ("Period", "Treated", "Comparison"), rows,
        "The comparison is the weighted donors, moved by their weighted distance before the start.",
    )


def donor_weights(effect: Effect, name: str) -> Figure | None:
    """The donors that make up the comparison; None where all count alike."""
    if effect.method == "did":
        return None
    shown = effect.weights[:15]
    most = f"{shown[0][0]} most ({shown[0][1]:.0%})"
    headline = f"{len(effect.weights)} of {len(effect.donors)} donors make up the comparison, {most}"
    data: list[Datum] = [{"name": unit, "weight": weight} for unit, weight in shown]
    order = [unit for unit, _ in shown]

    def _spec(width: int) -> alt.TopLevelMixin:
        chart = _data(data).mark_bar(color=NAVY).encode(
            y=alt.Y("name:N", sort=order, title=None),
            x=alt.X("weight:Q", title="weight", axis=alt.Axis(format="%", tickCount=5)),
        )
        return _sized(chart, width, alt.Step(24))

    return Figure(
        f"{name}-weights", headline, f"Bar chart of donor weights: {headline}.", drawn(f"{name}-weights", _spec),
        ("Donor", "Weight"), tuple((unit, f"{weight:.4f}") for unit, weight in effect.weights),
    )


def in_time(effect: Effect, name: str) -> Figure | None:
    """The effects at starts that never were; None where the past is too short."""
    if not effect.in_time:
        return None
    loud = sum(f.p <= effect.alpha for f in effect.in_time)
    headline = f"At {loud} of {len(effect.in_time)} starts that never were, the same method finds an effect"
    rows = [(f.start, f.att, f.p, "never was") for f in effect.in_time]
    rows.append((effect.periods[effect.before], effect.att, effect.placebo_p, "real"))
    data: list[Datum] = [{"start": s, "effect": v, "kind": kind} for s, v, _, kind in rows]
    order = [s for s, _, _, _ in rows]

    def _spec(width: int) -> alt.TopLevelMixin:
        kinds = alt.Scale(domain=["never was", "real"], range=["#6F777B", NAVY])
        colour = alt.Color("kind:N", legend=_ABOVE, scale=kinds)
        dots = _data(data).mark_point(size=140, filled=True, opacity=1).encode(
            y=alt.Y("start:N", sort=order, title="start"), x=_x("effect", effect), color=colour
        )
        return _sized(alt.layer(_data([{"at": 0}]).mark_rule(color=DARK).encode(x="at:Q"), dots), width, alt.Step(34))

    return Figure(
        f"{name}-in-time", headline,
        f"Dot chart: {headline[0].lower()}{headline[1:]}; the real start gives {number(effect.att)}.",
        drawn(f"{name}-in-time", _spec), ("Start", "Effect", "p", "Start"),
        tuple((s, number(v), f"{p:.3f}", kind) for s, v, p, kind in rows),
    )


def specification_curve(found: Multiverse, name: str) -> Figure:
    """The effects under all declared choices, smallest first."""
    rows = found.specifications
    headline = (
        f"{found.same_sign:.0%} of {len(rows)} specifications have the headline's sign; "
        f"they run from {number(found.low)}% to {number(found.high)}%"
    )
    every = max(1, len(rows) // 400)
    shown = list(enumerate(rows))[::every]
    data: list[Datum] = [{"rank": k + 1, "share": r.share, "method": r.method} for k, r in shown]
    used = [m for m in METHOD_COLOURS if any(r.method == m for r in rows)]

    def _spec(width: int) -> alt.TopLevelMixin:
        tints = alt.Scale(domain=used, range=[METHOD_COLOURS[m] for m in used])
        colour = alt.Color("method:N", legend=_ABOVE, scale=tints)
        shape = alt.Shape("method:N", legend=None, scale=alt.Scale(domain=used))
        dots = _data(data).mark_point(size=22, filled=True, opacity=0.9).encode(
            x=alt.X("rank:Q", title="specification, smallest effect first"), color=colour, shape=shape,
            y=alt.Y("share:Q", title="effect, % of the level before", axis=alt.Axis(labelExpr=_MINUS)),
        )
        return _sized(alt.layer(_data([{"at": 0}]).mark_rule(color=DARK).encode(y="at:Q"), dots), width, 260)

    stride = 1 if len(rows) <= MOST_ROWS else len(rows) // MOST_ROWS + 1
    listed = rows[::stride]
    note = "" if stride == 1 else f"The table shows one specification in {stride}; the JSON has all."
    return Figure(
        f"{name}-choices", headline, f"Curve of effects by specification: {headline}.", drawn(f"{name}-choices", _spec),
        ("Method", "Window from", "Start", "Periods after", "Donors", "Scale", "Effect, %"),
        tuple((r.method, r.since, r.start, str(r.after), r.donors, r.scale, number(r.share)) for r in listed), note,
    )


def detectable(effect: Effect, name: str) -> Figure | None:
    """The chance of seeing an effect of each size, and the size seen four times in five; None where nothing can be."""
    if effect.mde is None:
        return None
    sizes = np.linspace(0, 1.5 * effect.mde, 31)
    draws = effect.placebo_effects
    curve = [(s, min(power_at(sign * s, draws, alpha=effect.alpha) for sign in (1, -1))) for s in map(float, sizes)]
    seen = f"A change of {number(effect.mde)} or more would be seen {effect.power:.0%} of the time"
    headline = f"{seen}; the estimate is {number(effect.att)}"
    data: list[Datum] = [{"size": s, "power": p} for s, p in curve]

    def _spec(width: int) -> alt.TopLevelMixin:
        line = _data(data).mark_line(color=NAVY, strokeWidth=2.5).encode(
            x=alt.X("size:Q", title=f"size of change {effect.unit}".strip()),
            y=alt.Y("power:Q", title="chance of being seen", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
        )
        marks = _data([{"x": effect.mde}]).mark_rule(color=ORANGE, strokeWidth=2).encode(x="x:Q")
        own = _data([{"x": abs(effect.att)}]).mark_rule(color=DARK, strokeDash=[4, 3]).encode(x="x:Q")
        return _sized(alt.layer(line, marks, own), width, 220)

    return Figure(
        f"{name}-power", headline, f"Rising curve: {headline[0].lower()}{headline[1:]}.", drawn(f"{name}-power", _spec),
        ("Size of change", "Chance of being seen"), tuple((number(s), f"{p:.0%}") for s, p in curve),
        "Solid upright line: the detectable effect. Dashed: the size of the estimate. The worse of both signs.",
    )


def _placebo_lines(effect: Effect) -> alt.InlineData:
    """The gaps of all placebos as one text: thousands of rows as objects would take seconds to be validated."""
    rows = [f"{t},{v:.6g},{k}" for k, row in enumerate(effect.draws) for t, v in enumerate(row)]
    return alt.InlineData(values="\n".join(["t,gap,set", *rows]), format=alt.CsvDataFormat(type="csv"))


_ABOVE = alt.Legend(title=None, orient="top")
_MINUS = "replace(format(datum.value, ',.4~f'), '-', '−')"


def _data(rows: Sequence[Datum] | Sequence[dict[str, object]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[dict(r) for r in rows]))


def _time_axis(labels: tuple[str, ...], width: int) -> alt.X:
    most = 8 if width > 500 else 4
    step = max(1, -(-len(labels) // most))
    ticks = list(range(0, len(labels), step))
    names = "[" + ",".join(f"'{label}'" for label in labels) + "][datum.value]"
    return alt.X("t:Q", title=None, scale=alt.Scale(domain=[0, len(labels) - 1], nice=False),
                 axis=alt.Axis(values=ticks, labelExpr=names, labelOverlap=True))


def _y(key: str, effect: Effect) -> alt.Y:
    return alt.Y(f"{key}:Q", title=f"gap {effect.unit}".strip(), axis=alt.Axis(labelExpr=_MINUS))


def _x(key: str, effect: Effect) -> alt.X:
    return alt.X(f"{key}:Q", title=f"effect {effect.unit}".strip(), axis=alt.Axis(labelExpr=_MINUS))


def _sized(chart: alt.Chart | alt.LayerChart | alt.FacetChart, width: int, height: int | alt.Step) -> alt.TopLevelMixin:
    return chart.properties(width=width, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))

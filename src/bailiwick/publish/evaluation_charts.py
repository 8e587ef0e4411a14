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
from bailiwick.publish.charts import BACK, DARK, NAVY, ORANGE, Datum, Drawing, drawn

MOST_LINES = 120
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


def chance(p: float) -> str:
    """A p as a reader sees it, never as nothing.

    >>> chance(0.0196), chance(0.0002)
    ('0.020', '0.0002')
    """
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1g}"


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
        f"Grey: placebos. The dashed line marks {start}, the first treated period." + _phase_note(effect),
    )


def _event_spec(effect: Effect, low: Floats, high: Floats) -> Spec:
    labels = effect.periods
    own = [{"t": t, "period": p, "gap": float(v)} for t, (p, v) in enumerate(zip(labels, effect.gap, strict=True))]
    band = [{"t": t, "low": float(a), "high": float(b)} for t, (a, b) in enumerate(zip(low, high, strict=True))]
    later = [{"t": t - 0.5} for t in _phase_starts(effect)]
    cloud = _placebo_lines(effect) if effect.placebo_n <= MOST_LINES else None

    def _spec(width: int) -> alt.TopLevelMixin:
        x = _time_axis(labels, width)
        layers: list[alt.Chart] = []
        if cloud is not None:
            thin = alt.Chart(cloud).mark_line(color=BACK, strokeWidth=0.8, opacity=0.85)
            layers.append(thin.encode(x=x, y=_y("gap", effect), detail="set:N"))
        else:
            layers.append(_data(band).mark_area(color=BACK, opacity=0.5).encode(x=x, y=_y("low", effect), y2="high:Q"))
        layers.append(_data([{"at": 0}]).mark_rule(color=DARK, strokeWidth=1).encode(y="at:Q"))
        layers.append(_data([{"t": effect.before - 0.5}]).mark_rule(color=DARK, strokeDash=[4, 3]).encode(x="t:Q"))
        if later:
            layers.append(_data(later).mark_rule(color=DARK, strokeDash=[1, 3]).encode(x="t:Q"))
        layers.append(_data(own).mark_line(color=NAVY, strokeWidth=2.5).encode(x=x, y=_y("gap", effect)))
        return _sized(alt.layer(*layers), width, 300)

    return _spec


def _phase_starts(effect: Effect) -> list[int]:
    """Positions at which a later phase begins."""
    return sorted({effect.periods.index(p.first) for p in effect.by_phase} - {effect.before})


def _phase_note(effect: Effect) -> str:
    later = [effect.periods[t] for t in _phase_starts(effect)]
    return f" Dotted: a new phase from {', '.join(later)}." if later else ""


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
        tuple((s, number(v), chance(p), kind) for s, v, p, kind in rows),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of deciding one thing, and the effects of all specifications that decide it so, in per cent."""

    what: str
    how: str
    count: int
    low: float
    quarter: float
    middle: float
    three_quarters: float
    high: float


def choices(found: Multiverse) -> tuple[Choice, ...]:
    """All specifications, then every choice made in more than one way, with the spread of the effects under each."""
    rows = found.specifications
    ways = {
        "method": [r.method for r in rows], "from": [r.since for r in rows], "start": [r.start for r in rows],
        "periods after": [f"{r.after:,}" for r in rows], "donors": [r.donors for r in rows],
        "scale": [r.scale for r in rows], "left out before": [str(r.anticipation) for r in rows],
    }
    shares = np.array([r.share for r in rows])
    out = [_spread("all specifications", "", shares)]
    for what, taken in ways.items():
        for how in sorted(set(taken), key=lambda way: (len(way), way)) if len(set(taken)) > 1 else ():
            out.append(_spread(what, how, shares[[way == how for way in taken]]))
    return tuple(out)


def _spread(what: str, how: str, shares: Floats) -> Choice:
    return Choice(what, how, len(shares), *(float(v) for v in np.quantile(shares, (0, 0.25, 0.5, 0.75, 1))))


def specification_ranges(found: Multiverse, name: str) -> Figure:
    """The spread of the effects under all declared choices, one line for each way of making each of them."""
    told = choices(found)
    headline = (
        f"{found.same_sign:.0%} of {len(found.specifications)} specifications have the headline's sign; "
        f"they run from {number(found.low)}% to {number(found.high)}%"
    )
    middles = {c.what: [d.middle for d in told if d.what == c.what] for c in told[1:]}
    most = max(middles, key=lambda what: max(middles[what]) - min(middles[what]), default="")
    moves = f" What moves the effect most is the {most}." if most else ""
    return Figure(
        f"{name}-choices", headline, f"Range chart of effects by choice: {headline}.{moves}",
        drawn(f"{name}-choices", _ranges_spec(told)),
        ("Choice", "Specifications", "Smallest, %", "Lower quarter, %", "Middle, %", "Upper quarter, %", "Largest, %"),
        tuple(
            (_choice(c), str(c.count), *(number(v) for v in (c.low, c.quarter, c.middle, c.three_quarters, c.high)))
            for c in told
        ),
        f"Thin: all effects. Thick: the middle half. Orange: the middle one.{moves}",
    )


def _ranges_spec(told: Sequence[Choice]) -> Spec:
    data: list[Datum] = [
        {"choice": _choice(c), "low": c.low, "a": c.quarter, "m": c.middle, "b": c.three_quarters, "high": c.high}
        for c in told
    ]
    order = [_choice(c) for c in told]

    def _spec(width: int) -> alt.TopLevelMixin:
        y = alt.Y("choice:N", sort=order, title=None, axis=alt.Axis(labelLimit=max(170, width // 3)))
        axis = alt.Axis(labelExpr=_MINUS, tickCount=8 if width > 500 else 4)
        x = alt.X("low:Q", title="effect, % of the level before", axis=axis)
        base = _data(data)
        layers = (
            _data([{"at": 0}]).mark_rule(color=DARK).encode(x="at:Q"),
            base.mark_rule(color=BACK, strokeWidth=2).encode(y=y, x=x, x2="high:Q"),
            base.mark_rule(color=NAVY, strokeWidth=7).encode(y=y, x="a:Q", x2="b:Q"),
            base.mark_tick(color=ORANGE, thickness=4, size=16, opacity=1).encode(y=y, x="m:Q"),
        )
        return _sized(alt.layer(*layers), width, alt.Step(22))

    return _spec


def _choice(choice: Choice) -> str:
    return f"{choice.what}: {choice.how}" if choice.how else "all specifications"


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
            x=alt.X("size:Q", title=f"size of change, {effect.unit or effect.outcome}"),
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
    return alt.Y(f"{key}:Q", title=f"gap, {effect.unit or effect.outcome}", axis=alt.Axis(labelExpr=_MINUS))


def _x(key: str, effect: Effect) -> alt.X:
    return alt.X(f"{key}:Q", title=f"effect, {effect.unit or effect.outcome}", axis=alt.Axis(labelExpr=_MINUS))


def _sized(chart: alt.Chart | alt.LayerChart | alt.FacetChart, width: int, height: int | alt.Step) -> alt.TopLevelMixin:
    return chart.properties(width=width, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))

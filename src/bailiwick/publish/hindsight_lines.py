"""How do the forecasts of an appraisal stand against what came, in words and in numbers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from bailiwick import hindsight
from bailiwick.hindsight import Calibration, Forecast, Outcome, Ranking, Score
from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.results import Json

Answer = tuple[list[str], object]


@dataclass(frozen=True, slots=True)
class Held:
    """Stored results held against what came: scores, outcomes without a forecast, the order of areas, calibration."""

    book: Book
    scores: tuple[Score, ...]
    without: tuple[Outcome, ...]
    ranked: tuple[Ranking, ...]
    overall: Calibration

    @property
    def sentence(self) -> str:
        """How many outcomes lay inside their ranges."""
        if not self.scores:
            return "None of these outcomes has a forecast to be held against."
        inside = sum(s.inside for s in self.scores)
        return f"{inside} of {words.count(len(self.scores), 'outcome')} lay inside the forecast's range."

    @property
    def calibrated(self) -> str:
        """The share inside, its interval, and what may be said of the ranges."""
        c = self.overall
        return (f"{c.inside} of {c.count} inside ({c.low:.0%} to {c.high:.0%}), where ranges promise {c.level:.0%}: "
                f"{c.word}.")

    def title(self, measure: str) -> str:
        """A measure as its reader knows it."""
        return str(self.book.measures[measure]["title"])

    def place(self, area: str) -> str:
        """An area by name."""
        return self.book.names.get(area, "all areas together")

    def worst(self, r: Ranking) -> str:
        """Whether the area that came off worst was the one forecast to."""
        names = [self.book.names.get(code, code) for code in (r.worst_forecast, r.worst_found)]
        return f"worst as forecast: {names[0]}" if names[0] == names[1] else \
            f"worst forecast for {names[0]}, found in {names[1]}"


def held(document: Json, found: Sequence[Outcome]) -> Held:
    """Each outcome held against the forecast of stored results."""
    book = Book(document)
    told = [(outcome, _forecast(book, outcome)) for outcome in found]
    scores = tuple(hindsight.score(outcome, forecast) for outcome, forecast in told if forecast is not None)
    better = {name: str(measure["better"]) for name, measure in book.measures.items()}
    return Held(book, scores, tuple(outcome for outcome, forecast in told if forecast is None),
                hindsight.rankings(scores, better), hindsight.calibration(scores))


def scored(against: Held) -> Answer:
    """Each outcome with its forecast, inside the range or not, the order of areas, and calibration over all."""
    book, scores = against.book, against.scores
    heading = f"{book.case['title']}: what was forecast on {words.day(str(book.case['as_of']))}, and what came"
    lines = [heading, against.sentence, "", *(line for s in scores for line in _line(against, s)),
             *(f"no forecast  {against.title(o.measure)}, {against.place(o.area)}, {o.period}"
               for o in against.without),
             *_ranked(against), *_calibrated(against)]
    data = {
        "as_of": book.case["as_of"], "scores": [_plain(s) for s in scores],
        "without_forecast": [asdict(outcome) for outcome in against.without],
        "rankings": [asdict(r) for r in against.ranked],
        "calibration": {**asdict(against.overall), "word": against.overall.word},
    }
    return lines, data


NEARER = {True: "nearer than no change", False: "no nearer than no change", None: "forecast no change"}


def _forecast(book: Book, outcome: Outcome) -> Forecast | None:
    finding = book.finding(outcome.measure, outcome.option, outcome.area)
    if finding is None or finding["value"] is None or finding["low"] is None:
        return None
    value, low, high, level = (float(cast(float, finding[key])) for key in ("value", "low", "high", "level"))
    return Forecast(str(finding["id"]), value, low, high, level, book.number(outcome.measure, "today", outcome.area))


def phrases(against: Held, s: Score) -> tuple[str, str, str]:
    """The forecast, its range and what came, in words with their unit."""
    unit, decimals = str(against.book.measures[s.outcome.measure]["unit"]), against.book.decimals(s.outcome.measure)
    decimals = max(0, decimals)
    return (words.phrase(s.forecast.value, unit, decimals),
            words.span(s.forecast.low, s.forecast.high, unit, decimals) or "no range",
            words.phrase(s.outcome.value, unit, decimals))


def _line(against: Held, s: Score) -> Iterator[str]:
    mark = "inside " if s.inside else "OUTSIDE"
    yield f"{mark}  {against.title(s.outcome.measure)}, {against.place(s.outcome.area)}, {s.outcome.period}"
    forecast, likely, came = phrases(against, s)
    yield (f"         forecast {forecast} ({likely}); came {came}; {NEARER[s.nearer]}; interval score "
           f"{words.trimmed(s.interval_score, 2)}")
    yield f"         [{s.forecast.finding}]  source: {s.outcome.source}"


def _ranked(against: Held) -> Iterator[str]:
    if against.ranked:
        yield ""
        yield "Order of areas"
    for r in against.ranked:
        yield (f"  {against.title(r.measure)}, {r.period}: {r.right} of {words.count(r.pairs, 'pair')} in the right "
               f"order; {against.worst(r)}")


def _calibrated(against: Held) -> Iterator[str]:
    if not against.scores:
        return
    yield ""
    yield f"Calibration: {against.calibrated}"
    for measure, inside, count in by_measure(against):
        yield f"  {against.title(measure)}: {inside} of {count} inside"


def by_measure(against: Held) -> Iterator[tuple[str, int, int]]:
    """Each measure with how many of its outcomes lay inside, of how many."""
    for measure in dict.fromkeys(s.outcome.measure for s in against.scores):
        mine = [s for s in against.scores if s.outcome.measure == measure]
        yield measure, sum(s.inside for s in mine), len(mine)


def _plain(s: Score) -> Json:
    return {**asdict(s.outcome), "forecast": asdict(s.forecast), "inside": s.inside,
            "interval_score": round(s.interval_score, 6), "error": round(s.error, 6), "nearer_than_no_change": s.nearer}

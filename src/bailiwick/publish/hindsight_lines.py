"""How do the forecasts of an appraisal stand against what came, in words and in numbers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import cast

from bailiwick import hindsight
from bailiwick.hindsight import Calibration, Forecast, Outcome, Ranking, Score
from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.results import Json

Answer = tuple[list[str], object]


def scored(document: Json, found: Sequence[Outcome]) -> Answer:
    """Each outcome with its forecast, inside the range or not, the order of areas, and calibration over all."""
    book = Book(document)
    scores, without = [], []
    for outcome in found:
        forecast = _forecast(book, outcome)
        if forecast is None:
            without.append(outcome)
        else:
            scores.append(hindsight.score(outcome, forecast))
    better = {name: str(measure["better"]) for name, measure in book.measures.items()}
    ranked = hindsight.rankings(scores, better)
    overall = hindsight.calibration(scores)
    lines = [*_heading(book, scores), "", *(line for s in scores for line in _line(book, s)),
             *_without(book, without), *_ranked(book, ranked), *_calibrated(book, scores, overall)]
    data = {
        "as_of": book.case["as_of"], "scores": [_plain(s) for s in scores],
        "without_forecast": [asdict(outcome) for outcome in without], "rankings": [asdict(r) for r in ranked],
        "calibration": {**asdict(overall), "word": overall.word},
    }
    return lines, data


def _forecast(book: Book, outcome: Outcome) -> Forecast | None:
    finding = book.finding(outcome.measure, outcome.option, outcome.area)
    if finding is None or finding["value"] is None or finding["low"] is None:
        return None
    value, low, high, level = (float(cast(float, finding[key])) for key in ("value", "low", "high", "level"))
    return Forecast(str(finding["id"]), value, low, high, level, book.number(outcome.measure, "today", outcome.area))


def _heading(book: Book, scores: Sequence[Score]) -> Iterator[str]:
    yield f"{book.case['title']}: what was forecast on {words.day(str(book.case['as_of']))}, and what came"
    inside = sum(s.inside for s in scores)
    if scores:
        yield f"{inside} of {words.count(len(scores), 'outcome')} lay inside the forecast's range."
    else:
        yield "None of these outcomes has a forecast to be held against."


def _line(book: Book, s: Score) -> Iterator[str]:
    told, unit, decimals = _measure(book, s.outcome.measure)
    where = book.names.get(s.outcome.area, "all areas together")
    mark = "inside " if s.inside else "OUTSIDE"
    yield f"{mark}  {told}, {where}, {s.outcome.period}"
    nearer = {True: "nearer than no change", False: "no nearer than no change", None: "forecast no change"}[s.nearer]
    yield (f"         forecast {words.phrase(s.forecast.value, unit, decimals)} "
           f"({words.span(s.forecast.low, s.forecast.high, unit, decimals) or 'no range'}); came "
           f"{words.phrase(s.outcome.value, unit, decimals)}; {nearer}; interval score "
           f"{words.trimmed(s.interval_score, 2)}")
    yield f"         [{s.forecast.finding}]  source: {s.outcome.source}"


def _without(book: Book, without: Sequence[Outcome]) -> Iterator[str]:
    for outcome in without:
        told, _, _ = _measure(book, outcome.measure)
        yield f"no forecast  {told}, {book.names.get(outcome.area, 'all areas together')}, {outcome.period}"


def _ranked(book: Book, ranked: Sequence[Ranking]) -> Iterator[str]:
    if ranked:
        yield ""
        yield "Order of areas"
    for r in ranked:
        told, _, _ = _measure(book, r.measure)
        names = [book.names.get(code, code) for code in (r.worst_forecast, r.worst_found)]
        worst = f"worst as forecast: {names[0]}" if names[0] == names[1] else \
            f"worst forecast for {names[0]}, found in {names[1]}"
        yield f"  {told}, {r.period}: {r.right} of {words.count(r.pairs, 'pair')} in the right order; {worst}"


def _calibrated(book: Book, scores: Sequence[Score], overall: Calibration) -> Iterator[str]:
    if not scores:
        return
    yield ""
    yield (f"Calibration: {overall.inside} of {overall.count} inside ({overall.low:.0%} to {overall.high:.0%}), where "
           f"ranges promise {overall.level:.0%}: {overall.word}.")
    for measure in dict.fromkeys(s.outcome.measure for s in scores):
        mine = [s for s in scores if s.outcome.measure == measure]
        yield f"  {_measure(book, measure)[0]}: {sum(s.inside for s in mine)} of {len(mine)} inside"


def _measure(book: Book, name: str) -> tuple[str, str, int]:
    measure = book.measures[name]
    return str(measure["title"]), str(measure["unit"]), max(0, book.decimals(name))


def _plain(s: Score) -> Json:
    return {**asdict(s.outcome), "forecast": asdict(s.forecast), "inside": s.inside,
            "interval_score": round(s.interval_score, 6), "error": round(s.error, 6), "nearer_than_no_change": s.nearer}

"""Which eight assumptions matter most, what are their ranges, and how are others tried?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup

from bailiwick.publish import words
from bailiwick.publish.bound import Book, cell_decimals
from bailiwick.publish.results import Json

TOP = 8
_IMPACT = {"red": "moves the saving much", "amber": "moves the saving somewhat", "green": "moves the saving little"}


@dataclass(frozen=True, slots=True)
class Input:
    """One assumption: its name, what it is, the value used with its range, what it does, and bounds of a slider."""

    name: str
    title: Markup
    why: Markup
    holder: Markup
    used: Markup
    effect: Markup
    unit: str
    value: float
    low: float
    high: float
    step: float


def inputs(book: Book) -> tuple[Input, ...]:
    """The assumptions that move the answer most, as the results order them, at most eight."""
    found = cast("list[Json]", book.results["unknowns"])
    kept = [i for i, u in enumerate(found) if _numbers(u) is not None][:TOP]
    return tuple(_input(book, found[i], i) for i in kept)


def _numbers(unknown: Json) -> tuple[float, float, float] | None:
    told = [unknown.get(key) for key in ("value", "low", "high")]
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in told):
        return None
    value, low, high = (float(cast(float, v)) for v in told)
    return (value, low, high) if low < high else None


def _input(book: Book, unknown: Json, i: int) -> Input:
    value, low, high = cast("tuple[float, float, float]", _numbers(unknown))
    unit = str(unknown.get("unit", ""))

    def said(key: str, *, bare: bool = False) -> Markup:
        return book.at(f"/unknowns/{i}/{key}", unit, cell_decimals(unknown[key], unit),
                       style="amount" if bare else "phrase")

    used = Markup('{} <span class="range">(from {} to {})</span>').format(
        said("value"), said("low", bare=True), said("high", bare=True))
    return Input(str(unknown["name"]), book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/why_it_matters"),
                 book.at(f"/unknowns/{i}/holder"), used, _effect(book, unknown, said), unit, value, low, high,
                 _step(low, high))


def _effect(book: Book, unknown: Json, said: Callable[[str], Markup]) -> Markup:
    turns = Markup("No value in its range turns the saving from merging into a loss")
    if unknown.get("breaks_even_at") is not None:
        turns = Markup("The saving from merging turns into a loss at {}").format(
            said("breaks_even_at"))
    name, impact = book.column("assumptions", "name"), book.column("assumptions", "impact")
    row = next(iter(book.rows("assumptions", name=unknown["name"])), None) if name is not None else None
    if row is None or impact is None or row[1][impact] not in _IMPACT:
        return turns + Markup(".")
    return Markup('{}; within its range it <span data-ref="/tables/assumptions/rows/{}/{}">{}</span>.').format(
        turns, row[0], impact, _IMPACT[str(row[1][impact])])


def _step(low: float, high: float) -> float:
    """A step of the slider: one, two or five of a power of ten, about fifty to the range.

    >>> _step(0, 1), _step(-6, 6), _step(900, 2100)
    (0.02, 0.2, 20.0)
    """
    size = (high - low) / 50
    power = 1.0
    while power > size:
        power /= 10
    while power * 10 <= size:
        power *= 10
    nearest = max(k for k in (1, 2, 5) if k * power <= size * 1.0000001)
    return words.rounded(nearest * power, 9)
